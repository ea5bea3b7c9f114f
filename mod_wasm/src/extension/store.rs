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

    /// Keeps a value under a key.
    pub(crate) fn set(&self, key: &[u8], value: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.size += key.len() + value.len() + ENTRY;
        if kept.size > MOST {
            *kept = Kept::default();
            kept.size = key.len() + value.len() + ENTRY;
        }
        kept.values.insert(key.into(), value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_kept_until_there_are_too_many() {
        let store = Store::default();
        let mut value = Vec::new();
        assert!(!store.get(b"key", &mut value));
        store.set(b"key", b"value");
        assert!(store.get(b"key", &mut value) && value == b"value");
        store.set(b"other", &vec![0; MOST]);
        assert!(!store.get(b"key", &mut value));
    }
}
