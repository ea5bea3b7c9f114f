//! What the instances of an extension share within a process: values by key, without order or age.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Most bytes of keys and values; past them all are forgotten, since a client may make a module ask for what it likes.
const MOST: usize = 64 << 20;
/// What an entry takes beside its bytes, roughly.
const ENTRY: usize = 96;

/// Values by key.
#[derive(Default)]
pub(crate) struct Store(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    values: HashMap<Box<[u8]>, Box<[u8]>>,
    size: usize,
}

impl Store {
    /// Appends the value of a key to `to`; whether there is one.
    pub(crate) fn get(&self, key: &[u8], to: &mut Vec<u8>) -> bool {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let value = kept.values.get(key);
        to.extend_from_slice(value.map_or(&[], |value| value));
        value.is_some()
    }

    /// Keeps a value under a key; `false` where it is too long.
    pub(crate) fn set(&self, key: &[u8], value: &[u8]) -> bool {
        self.update(key, |_| Some(value.to_vec()))
    }

    /// Forgets what is kept under a key.
    pub(crate) fn unset(&self, key: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = kept.values.remove(key) {
            kept.size -= size(key, &value);
        }
    }

    /// Keeps what `with` makes of the value of a key, if it makes anything of it, and nobody comes in between; `false` where
    /// that is too long.
    pub(crate) fn update(&self, key: &[u8], with: impl FnOnce(Option<&[u8]>) -> Option<Vec<u8>>) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = kept.values.get(key).map(|value| &**value);
        let taken = before.map_or(0, |value| size(key, value));
        let Some(value) = with(before) else { return true };
        if size(key, &value) > MOST {
            return false;
        }
        kept.size = kept.size - taken + size(key, &value);
        if kept.size > MOST {
            *kept = Kept { size: size(key, &value), ..Kept::default() };
        }
        kept.values.insert(key.into(), value.into());
        true
    }
}

/// What an entry takes.
fn size(key: &[u8], value: &[u8]) -> usize {
    key.len() + value.len() + ENTRY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_kept_until_there_are_too_many() {
        let store = Store::default();
        let mut value = Vec::new();
        assert!(!store.get(b"key", &mut value));
        assert!(store.set(b"key", b"value"));
        assert!(store.get(b"key", &mut value) && value == b"value");
        assert!(!store.set(b"other", &vec![0; MOST]) && store.get(b"key", &mut value));
        assert!(store.set(b"other", &vec![0; MOST - ENTRY - b"other".len()]));
        assert!(!store.get(b"key", &mut value) && store.0.lock().unwrap().size == MOST);
    }

    #[test]
    fn a_value_that_takes_the_place_of_another_takes_no_more_room() {
        let store = Store::default();
        assert!(store.set(b"first", b"value"));
        assert!((0..10).all(|_| store.set(b"large", &vec![0; MOST / 4])));
        let mut value = Vec::new();
        assert!(store.get(b"first", &mut value) && value == b"value");
        store.unset(b"large");
        store.unset(b"first");
        store.unset(b"nothing");
        assert_eq!(store.0.lock().unwrap().size, 0);
    }

    #[test]
    fn an_update_sees_what_is_there() {
        let store = Store::default();
        store.update(b"key", |before| before.map(<[u8]>::to_vec));
        assert!(!store.get(b"key", &mut Vec::new()));
        store.update(b"key", |before| Some([before.unwrap_or(b"none"), b"!"].concat()));
        store.update(b"key", |before| Some([before.unwrap_or(b"none"), b"!"].concat()));
        let mut value = Vec::new();
        assert!(store.get(b"key", &mut value) && value == b"none!!");
    }
}
