//! Edits of tables whose strings are known beforehand: C strings kept by us, put into tables without a copy.

use super::bindings::*;
use super::pool::OwnPool;
use super::table::Table;
use std::collections::HashMap;
use std::ffi::c_char;
use std::sync::{Mutex, PoisonError};

/// A prepared list of edits.
pub(crate) struct Edits {
    list: Vec<(Action, *const c_char, *const c_char)>,
    /// Holds the strings. They are put into requests' tables, so the list must outlive every request that used it.
    _strings: OwnPool,
}

// SAFETY: the strings are written by `parse` only and then only read.
unsafe impl Send for Edits {}
// SAFETY: as above.
unsafe impl Sync for Edits {}

/// All that was ever prepared in this process, by the guests' lists.
static PREPARED: Mutex<Option<HashMap<Vec<u8>, &'static Edits>>> = Mutex::new(None);

/// The edits of a list, which live for ever; `None` where more than `most` bytes are prepared already, and
/// `Some(None)` where the list is none. The lock is taken when configurations are merged, not by requests.
pub(crate) fn prepared(list: &[u8], most: usize, parse: impl FnOnce() -> Option<Edits>) -> Option<Option<&'static Edits>> {
    let mut prepared = PREPARED.lock().unwrap_or_else(PoisonError::into_inner);
    let prepared = prepared.get_or_insert_default();
    if let Some(edits) = prepared.get(list) {
        return Some(Some(edits));
    }
    let size: usize = prepared.keys().map(Vec::len).sum();
    if size + list.len() > most {
        return None;
    }
    let Some(edits) = parse() else { return Some(None) };
    let edits: &'static Edits = Box::leak(Box::new(edits));
    prepared.insert(list.to_vec(), edits);
    Some(Some(edits))
}

#[derive(Clone, Copy)]
enum Action {
    Set,
    Add,
    Merge,
    Unset,
}

impl Edits {
    /// Reads a guest's list: for each edit its letter, the name, NUL, the value, NUL. `None` where it isn't such a list.
    pub(crate) fn parse(mut list: &[u8]) -> Option<Edits> {
        let strings = OwnPool::new()?;
        let mut edits = Vec::new();
        while let Some((letter, rest)) = list.split_first() {
            let action = match letter {
                b's' => Action::Set,
                b'a' => Action::Add,
                b'm' => Action::Merge,
                b'u' => Action::Unset,
                _ => return None,
            };
            let mut parts = rest.splitn(3, |byte| *byte == 0);
            let (name, value) = (parts.next()?, parts.next()?);
            list = parts.next()?;
            edits.push((action, strings.pool().strdup(name)?.cast_const(), strings.pool().strdup(value)?.cast_const()));
        }
        Some(Edits { list: edits, _strings: strings })
    }

    /// Does the edits in order. `'static`, since requests keep the strings: only [`prepared`] edits can be applied.
    pub(crate) fn apply(&'static self, table: Table<'_>) {
        for (action, name, value) in &self.list {
            // SAFETY: the table lives, and the strings live for ever.
            unsafe {
                match action {
                    Action::Set => apr_table_setn(table.raw(), *name, *value),
                    Action::Add => apr_table_addn(table.raw(), *name, *value),
                    Action::Merge => apr_table_mergen(table.raw(), *name, *value),
                    Action::Unset => apr_table_unset(table.raw(), *name),
                }
            }
        }
    }
}
