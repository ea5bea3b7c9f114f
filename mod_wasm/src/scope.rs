//! Where instances wait between calls, by scope (WasmScope). Knows no guest, and serves extensions and scripts alike.

use crate::httpd::{Request, cpu};
use crate::settings::Scope;
use std::any::Any;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// Most instances of one owner that wait with a thread, a request or a connection. One serves at a time, and others only
/// where calls are within one another.
const MOST_WITH_ONE: usize = 4;

/// Most instances of one owner that wait in a rack where WasmScope doesn't say how many.
static ROOM: AtomicUsize = AtomicUsize::new(usize::MAX);

/// A child has so many threads: as many instances wait as may be called at a time, which is twice that, since mod_http2
/// has threads of its own and calls may be within one another. What a moment needed beyond it isn't kept for ever.
pub(crate) fn child_has(threads: usize) {
    ROOM.store((2 * threads).max(8).div_ceil(processors()), Ordering::Relaxed);
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, |count| count.get())
}

/// Has an instance wait in a thread's list, unless enough do.
pub(crate) fn keep<G>(idle: &mut Vec<Box<G>>, guest: Box<G>) {
    if idle.len() < MOST_WITH_ONE {
        idle.push(guest);
    }
}

/// Instances that wait with a request or a connection, by the number of their owner.
#[derive(Default)]
pub(crate) struct Shelf(Vec<(u64, Box<dyn Any + Send>)>);

impl Shelf {
    fn take<G: 'static>(&mut self, owner: u64) -> Option<Box<G>> {
        let at = self.0.iter().position(|(of, _)| *of == owner)?;
        self.0.swap_remove(at).1.downcast().ok()
    }

    fn put<G: Send + 'static>(&mut self, owner: u64, guest: Box<G>) {
        if self.0.iter().filter(|(of, _)| *of == owner).count() < MOST_WITH_ONE {
            self.0.push((owner, guest));
        }
    }
}

/// Instances of one owner that all threads of a child share: a rack for each processor, so that a call finds the
/// instance whose memory its processor's caches still hold, and waits for no thread on another one.
pub(crate) struct Shared<G> {
    racks: Box<[Rack<G>]>,
    begun: AtomicBool,
    closed: AtomicBool,
}

/// Instances that served a call on one processor last, the latest at the end. On cache lines of its own.
#[repr(align(128))]
struct Rack<G>(Mutex<Vec<Box<G>>>);

impl<G> Default for Shared<G> {
    fn default() -> Self {
        let racks = (0..processors()).map(|_| Rack(Mutex::default())).collect();
        Shared { racks, begun: AtomicBool::new(false), closed: AtomicBool::new(false) }
    }
}

impl<G> Shared<G> {
    /// The one that waited shortest at this rack, else at another.
    #[inline]
    fn take(&self, here: usize) -> Option<Box<G>> {
        self.racks[here].try_lock().and_then(|mut rack| rack.pop()).or_else(|| self.take_elsewhere(here))
    }

    #[cold]
    fn take_elsewhere(&self, here: usize) -> Option<Box<G>> {
        self.from(here).find_map(|at| self.racks[at].try_lock()?.pop())
    }

    /// Has one wait at this rack, unless `max` do, or for [`usize::MAX`] as many as a child's threads may call.
    #[inline]
    pub(crate) fn put(&self, here: usize, guest: Box<G>, max: usize) {
        if max == usize::MAX
            && let Some(mut rack) = self.racks[here].try_lock()
            && rack.len() < ROOM.load(Ordering::Relaxed)
            && !self.closed.load(Ordering::Relaxed)
        {
            return rack.push(guest);
        }
        self.put_elsewhere(guest, max, here);
    }

    /// Each rack has its share of the room.
    #[cold]
    fn put_elsewhere(&self, guest: Box<G>, max: usize, here: usize) {
        let room = |at: usize| match max {
            usize::MAX => ROOM.load(Ordering::Relaxed),
            _ => max / self.racks.len() + usize::from(at < max % self.racks.len()),
        };
        let mut free = self.from(here).filter_map(|at| Some((room(at), self.racks[at].try_lock()?)));
        if let Some((_, mut rack)) = free.find(|(room, rack)| rack.len() < *room)
            && !self.closed.load(Ordering::Relaxed)
        {
            rack.push(guest);
        }
    }

    /// Nobody asks for them any more: drops those that wait, and has none wait from now on.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        for rack in &self.racks {
            // Who puts one there meanwhile has the lock before, or sees that this is closed.
            let waiting = std::mem::take(&mut *rack.0.lock().unwrap_or_else(PoisonError::into_inner));
            drop(waiting);
        }
    }

    /// Whether nobody is to ask for them any more.
    #[inline]
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// The rack of this processor.
    #[inline]
    pub(crate) fn here(&self) -> usize {
        let processor = cpu::current();
        if processor < self.racks.len() { processor } else { processor % self.racks.len() }
    }

    /// All racks, from one on.
    fn from(&self, here: usize) -> impl Iterator<Item = usize> {
        (here..self.racks.len()).chain(0..here)
    }
}

impl<G> Rack<G> {
    /// The instances, unless another thread is at them, which takes a few instructions.
    #[inline]
    fn try_lock(&self) -> Option<MutexGuard<'_, Vec<Box<G>>>> {
        match self.0.try_lock() {
            Ok(rack) => Some(rack),
            Err(TryLockError::Poisoned(rack)) => Some(rack.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

/// Where the instances of one owner wait.
pub(crate) struct Home<'h, G> {
    /// How long they live.
    pub(crate) scope: Scope,
    /// Unlike that of any other owner in this process.
    pub(crate) owner: u64,
    /// What they are called for; without a request they are the thread's.
    pub(crate) r: Option<Request<'h>>,
    /// Those of the server's scope.
    pub(crate) shared: &'h Shared<G>,
    /// The rack of the processor that the call began on.
    pub(crate) here: usize,
}

impl<G: Send + 'static> Home<'_, G> {
    /// Takes one that waits, by `thread` if the thread is where it waits.
    #[inline]
    pub(crate) fn take(&self, thread: impl FnOnce() -> Option<Box<G>>) -> Option<Box<G>> {
        match (self.scope, self.r) {
            (Scope::Thread, _) | (_, None) => thread(),
            (Scope::Request, Some(r)) => r.shelf_of_request(|shelf| shelf.take(self.owner)),
            (Scope::Conn, Some(r)) => r.shelf_of_connection(|shelf| shelf.take(self.owner)),
            // Of those that waited and begin anew, where the guest lets them.
            (Scope::Once | Scope::Server { .. }, _) => self.shared.take(self.here),
        }
    }

    /// How many are to be made at once, now that none waits.
    pub(crate) fn to_make(&self) -> usize {
        match self.scope {
            Scope::Server { min, .. } if self.r.is_some() && !self.shared.begun.swap(true, Ordering::Relaxed) => min,
            _ => 1,
        }
    }

    /// Has one wait, by `thread` if the thread is where it does; drops one that nobody will ask for.
    #[inline]
    pub(crate) fn put(&self, guest: Box<G>, thread: impl FnOnce(Box<G>)) {
        match (self.scope, self.r) {
            (Scope::Thread, _) | (_, None) => thread(guest),
            (Scope::Once, _) => {}
            (Scope::Request, Some(r)) => r.shelf_of_request(|shelf| shelf.put(self.owner, guest)),
            (Scope::Conn, Some(r)) => r.shelf_of_connection(|shelf| shelf.put(self.owner, guest)),
            (Scope::Server { max, .. }, _) => self.shared.put(self.here, guest, max),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn what_is_closed_keeps_nothing() {
        let (shared, thing) = (Shared::default(), Arc::new(()));
        shared.put(0, Box::new(thing.clone()), 100);
        assert_eq!(Arc::strong_count(&thing), 2);
        shared.close();
        assert_eq!(Arc::strong_count(&thing), 1);
        shared.put(0, Box::new(thing.clone()), 100);
        assert!(Arc::strong_count(&thing) == 1 && shared.take(0).is_none());
    }

    #[test]
    fn what_a_moment_needed_is_not_kept_for_ever() {
        let (mut idle, mut shelf, thing) = (Vec::new(), Shelf::default(), Arc::new(()));
        for _ in 0..100 {
            keep(&mut idle, Box::new(thing.clone()));
            shelf.put(1, Box::new(thing.clone()));
            shelf.put(2, Box::new(thing.clone()));
        }
        assert_eq!(Arc::strong_count(&thing), 1 + 3 * MOST_WITH_ONE);
        drop((idle, shelf));
        let shared = Shared::default();
        for max in [1, 5] {
            (0..100).for_each(|_| shared.put(0, Box::new(thing.clone()), max));
            assert_eq!(Arc::strong_count(&thing), 1 + max);
        }
        // Other tests of this process ask for no more than they put themselves.
        child_has(20);
        (0..1_000).for_each(|_| shared.put(0, Box::new(thing.clone()), usize::MAX));
        let kept = Arc::strong_count(&thing) - 1;
        assert!((40..40 + processors()).contains(&kept), "{kept}");
    }
}
