//! What a guest has opened during one call (files, connections to databases and what came from them), by handle; closed
//! when the call ends. It knows nothing of what these things are.

use std::any::Any;

/// Most things that one call may have open.
const MOST: usize = 256;

/// Things by handle, in the order in which they were opened, so that each comes after the one that it came from.
#[derive(Default)]
pub(crate) struct Opened {
    things: Vec<Thing>,
    /// How many were opened before; handles are never given twice, until 32 bits are used up.
    given: u32,
}

struct Thing {
    handle: u32,
    /// The handle that it came from, 0 for none.
    from: u32,
    what: Box<dyn Any + Send>,
}

impl Opened {
    /// Whether there is no room for another thing.
    pub(crate) fn is_full(&self) -> bool {
        self.things.len() >= MOST
    }

    /// A handle for a thing that came from that of another handle, or from none (0).
    pub(crate) fn add(&mut self, from: u32, what: impl Any + Send) -> Option<u32> {
        if self.is_full() {
            return None;
        }
        self.given = self.given.checked_add(1).unwrap_or(1);
        self.things.push(Thing { handle: self.given, from, what: Box::new(what) });
        Some(self.given)
    }

    /// The thing of a handle, if it is of this type.
    pub(crate) fn get<T: Any>(&mut self, handle: u32) -> Option<&mut T> {
        self.things.iter_mut().find(|thing| thing.handle == handle)?.what.downcast_mut()
    }

    /// The handle that the thing of a handle came from.
    pub(crate) fn origin(&self, handle: u32) -> Option<u32> {
        self.things.iter().find(|thing| thing.handle == handle).map(|thing| thing.from)
    }

    /// Closes a thing if it is of this type, after all that came from it; whether it was.
    pub(crate) fn close<T: Any>(&mut self, handle: u32) -> bool {
        if self.get::<T>(handle).is_none() {
            return false;
        }
        let mut gone = vec![handle];
        for thing in &self.things {
            if gone.contains(&thing.from) {
                gone.push(thing.handle);
            }
        }
        while let Some(last) = self.things.iter().rposition(|thing| gone.contains(&thing.handle)) {
            self.things.remove(last);
        }
        true
    }

    /// Closes everything, the last first.
    pub(crate) fn close_all(&mut self) {
        while self.things.pop().is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    struct Noted(&'static str, Arc<Mutex<Vec<&'static str>>>);
    impl Drop for Noted {
        fn drop(&mut self) {
            self.1.lock().unwrap().push(self.0);
        }
    }

    #[test]
    fn what_came_from_a_thing_is_closed_before_it() {
        let closed = Arc::default();
        let mut opened = Opened::default();
        let noted = |name| Noted(name, Arc::clone(&closed));
        let first = opened.add(0, noted("first")).unwrap();
        let other = opened.add(0, noted("other")).unwrap();
        let inner = opened.add(first, noted("inner")).unwrap();
        opened.add(inner, noted("innermost")).unwrap();
        assert_eq!(opened.origin(inner), Some(first));
        assert!(opened.get::<u32>(first).is_none() && !opened.close::<u32>(first));
        assert!(opened.close::<Noted>(first) && !opened.close::<Noted>(inner));
        assert_eq!(*closed.lock().unwrap(), ["innermost", "inner", "first"]);
        opened.add(other, noted("last")).unwrap();
        opened.close_all();
        assert_eq!(closed.lock().unwrap()[3..], ["last", "other"]);
        assert!(opened.get::<Noted>(other).is_none());
    }

    #[test]
    fn there_is_an_end_to_it() {
        let mut opened = Opened::default();
        assert!((0..MOST).all(|_| opened.add(0, ()).is_some()));
        assert!(opened.is_full() && opened.add(0, ()).is_none());
    }
}
