//! Values that were looked up, kept until what they were looked up in changes.

use std::cell::RefCell;
use std::collections::HashMap;

/// Values that are kept; past them all are forgotten, since a client may ask for what it likes.
const MOST: usize = 16_384;

/// Values by key, of one time (mod_rewrite.c:cachedmap). An empty value is kept for a key without one.
#[derive(Default)]
pub struct Cache(RefCell<Entries>);

#[derive(Default)]
struct Entries {
    mtime: i64,
    values: HashMap<Box<[u8]>, Box<[u8]>>,
}

impl Cache {
    /// The value of a key, if it was looked up at this time.
    pub fn get(&self, mtime: i64, key: &[u8]) -> Option<Vec<u8>> {
        let entries = self.0.borrow();
        if entries.mtime != mtime {
            return None;
        }
        entries.values.get(key).map(|value| value.to_vec())
    }

    /// Keeps a value, and forgets those of another time.
    pub fn set(&self, mtime: i64, key: &[u8], value: &[u8]) {
        let mut entries = self.0.borrow_mut();
        if entries.mtime != mtime || entries.values.len() >= MOST {
            entries.mtime = mtime;
            entries.values.clear();
        }
        entries.values.insert(key.into(), value.into());
    }
}
