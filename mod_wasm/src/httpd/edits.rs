//! Edits of tables whose strings are known beforehand: C strings kept by us, put into tables without a copy.

use super::bindings::*;
use super::request::{Refused, Request};
use super::table::Table;
use crate::host::number::table::CONN_NOTES;
use std::collections::HashMap;
use std::ffi::{CStr, CString};
use std::sync::{Mutex, PoisonError};

/// Most edits of one list: each looks through its table, and nothing interrupts the host.
const MOST_EDITS: usize = 4_096;
/// What an entry of a table takes, with the room that tables have beforehand.
const ENTRY: usize = 2 * size_of::<apr_table_entry_t>();

/// A prepared list of edits. Its strings are put into requests' tables, so they live for ever.
pub(crate) struct Edits(Vec<Edit<'static>>);

type Edit<'l> = (Action, &'l CStr, &'l CStr);

/// A prepared list of edits of several tables of a request. Its strings live for ever too.
pub(crate) struct RequestEdits(Vec<RequestEdit>);

enum RequestEdit {
    /// In the table of a number.
    Text(u32, Edit<'static>),
    /// In the table of a number, a name that is set to the texts of fields.
    Fields(u32, &'static CStr, Box<[u8]>),
}

/// One edit to be prepared: `s`, `a`, `m`, `x` or `j`, the number of a table, a name, and a value or numbers of fields.
pub(crate) type Unprepared<'l> = (u8, u32, &'l [u8], &'l [u8]);

/// All that was ever prepared in this process, by the guests' lists, and the bytes that it takes.
static PREPARED: Mutex<Option<Prepared>> = Mutex::new(None);

#[derive(Default)]
struct Prepared {
    lists: HashMap<&'static [u8], &'static Edits>,
    of_requests: HashMap<&'static [u8], &'static RequestEdits>,
    size: usize,
}

/// As [`prepared`], of edits of a request that a list of a guest came to.
pub(crate) fn prepared_of_request(
    list: &[u8],
    edits: &[Unprepared<'_>],
    most: usize,
) -> Option<Option<&'static RequestEdits>> {
    let mut prepared = PREPARED.lock().unwrap_or_else(PoisonError::into_inner);
    let prepared = prepared.get_or_insert_default();
    if let Some(edits) = prepared.of_requests.get(list) {
        return Some(Some(edits));
    }
    // The list itself, its strings, each with a NUL.
    let size = 2 * list.len()
        + edits.len() * (size_of::<RequestEdit>() + 2)
        + size_of::<(&[u8], &RequestEdits, RequestEdits)>();
    if prepared.size + size > most || edits.len() > MOST_EDITS {
        return None;
    }
    let Some(edits) = edits.iter().map(prepare).collect::<Option<Vec<_>>>() else { return Some(None) };
    let edits: &'static RequestEdits = Box::leak(Box::new(RequestEdits(edits)));
    prepared.size += size;
    prepared.of_requests.insert(Box::leak(list.into()), edits);
    Some(Some(edits))
}

/// `None` where it is none, or a string holds a NUL.
fn prepare((letter, table, name, value): &Unprepared<'_>) -> Option<RequestEdit> {
    let action = match letter {
        b's' => Action::Set,
        b'a' => Action::Add,
        b'm' => Action::Merge,
        b'x' => Action::Unset,
        b'j' => {
            let name = CString::new(*name).ok()?;
            return Some(RequestEdit::Fields(*table, Box::leak(name.into_boxed_c_str()), (*value).into()));
        }
        _ => return None,
    };
    let (name, value) = (CString::new(*name).ok()?, CString::new(*value).ok()?);
    let leak = |string: CString| -> &'static CStr { Box::leak(string.into_boxed_c_str()) };
    Some(RequestEdit::Text(*table, (action, leak(name), leak(value))))
}

/// The edits of a list, which live for ever; `None` where more than `most` bytes are taken already, and `Some(None)` where
/// the list is none. The lock is taken when configurations are merged, not by requests.
pub(crate) fn prepared(list: &[u8], most: usize) -> Option<Option<&'static Edits>> {
    let mut prepared = PREPARED.lock().unwrap_or_else(PoisonError::into_inner);
    let prepared = prepared.get_or_insert_default();
    if let Some(edits) = prepared.lists.get(list) {
        return Some(Some(edits));
    }
    let Some(count) = read(list).map(|edits| edits.len()) else { return Some(None) };
    let size = list.len() + count * size_of::<Edit<'_>>() + size_of::<(&[u8], &Edits, Edits)>();
    if prepared.size + size > most || count > MOST_EDITS {
        return None;
    }
    let list: &'static [u8] = Box::leak(list.into());
    let edits: &'static Edits = Box::leak(Box::new(Edits(read(list)?)));
    prepared.size += size;
    prepared.lists.insert(list, edits);
    Some(Some(edits))
}

#[derive(Clone, Copy)]
enum Action {
    Set,
    Add,
    Merge,
    Unset,
}

/// Reads a guest's list: for each edit its letter, the name, NUL, the value, NUL. `None` where it isn't such a list.
fn read(mut list: &[u8]) -> Option<Vec<Edit<'_>>> {
    let mut edits = Vec::new();
    while let Some((letter, rest)) = list.split_first() {
        let action = match letter {
            b's' => Action::Set,
            b'a' => Action::Add,
            b'm' => Action::Merge,
            b'u' => Action::Unset,
            _ => return None,
        };
        let name = CStr::from_bytes_until_nul(rest).ok()?;
        let rest = rest.get(name.count_bytes() + 1..)?;
        let value = CStr::from_bytes_until_nul(rest).ok()?;
        list = rest.get(value.count_bytes() + 1..)?;
        edits.push((action, name, value));
    }
    Some(edits)
}

impl Edits {
    /// Does the edits in order, of a table by its number, and gives the bytes that the table's pool took for them. `'static`,
    /// since requests keep the strings: only [`prepared`] edits can be applied.
    pub(crate) fn apply(&'static self, r: Request<'_>, table: u32) -> Result<usize, Refused> {
        if table == CONN_NOTES {
            return self.0.iter().map(|edit| apply_to(edit, r, table)).sum();
        }
        let table = r.table(table).ok_or(Refused::Field)?;
        Ok(self.0.iter().map(|edit| apply(edit, table)).sum())
    }
}

impl RequestEdits {
    /// Does the edits in order, up to the first that can't be done, and gives the bytes that the request's pool took for
    /// them. `joined` is a place where texts are put together.
    pub(crate) fn apply(&'static self, r: Request<'_>, joined: &mut Vec<u8>) -> Result<usize, Refused> {
        let mut taken = 0;
        for edit in &self.0 {
            taken += match edit {
                RequestEdit::Text(table, edit) => apply_to(edit, r, *table)?,
                RequestEdit::Fields(table, name, fields) => {
                    let value = r.joined(fields, joined)?;
                    // The value is the request's, but for a table that lives longer.
                    if *table == CONN_NOTES {
                        return Err(Refused::Field);
                    }
                    let table = r.table(*table).ok_or(Refused::Field)?;
                    // SAFETY: the table lives, the name for ever, and the value is a C string in the request's pool.
                    unsafe {
                        apr_table_setn(table.raw(), name.as_ptr(), value);
                        CStr::from_ptr(value).count_bytes()
                    }
                }
            };
        }
        Ok(taken)
    }
}

/// Does one edit of a table by its number, and gives the bytes that the table's pool took for it.
#[inline]
fn apply_to(edit: &Edit<'static>, r: Request<'_>, table: u32) -> Result<usize, Refused> {
    let (_, name, value) = edit;
    let before = match table {
        // What is appended to is copied.
        CONN_NOTES => r.table(table).and_then(|notes| notes.get_c(name)).map_or(0, <[u8]>::len),
        _ => 0,
    };
    Ok(apply(edit, r.table_for(table, before + value.count_bytes())?))
}

/// Does an edit, and gives the bytes that the table's pool took for it.
#[inline]
fn apply((action, text, value): &Edit<'static>, table: Table<'_>) -> usize {
    let (name, value) = (text.as_ptr(), value.as_ptr());
    // SAFETY: the table lives, and the strings live for ever.
    unsafe {
        match action {
            Action::Set => apr_table_setn(table.raw(), name, value),
            Action::Add => {
                apr_table_addn(table.raw(), name, value);
                return ENTRY;
            }
            Action::Merge => {
                apr_table_mergen(table.raw(), name, value);
                return table.get_c(text).map_or(0, <[u8]>::len);
            }
            Action::Unset => apr_table_unset(table.raw(), name),
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lists_are_read() {
        assert_eq!(read(b"").map(|edits| edits.len()), Some(0));
        assert_eq!(read(b"sA\0b\0uC\0\0").map(|edits| edits.len()), Some(2));
        for bad in [&b"s"[..], b"sA", b"sA\0", b"sA\0b", b"xA\0b\0", b"sA\0b\0u", b"\0\0\0"] {
            assert!(read(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn a_list_is_kept_once_and_counted() {
        let most = 1 << 20;
        let first = prepared(b"sA-list-kept-once\0b\0", most).unwrap().unwrap();
        let again = prepared(b"sA-list-kept-once\0b\0", most).unwrap().unwrap();
        assert!(std::ptr::eq(first, again));
        assert!(prepared(b"sAnother-that-finds-no-room\0b\0", 10).is_none());
        assert!(prepared(b"no list", most).unwrap().is_none());
    }
}
