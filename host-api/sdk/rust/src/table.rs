//! apr_table_t: a request's headers, notes and environment. Names are compared without case, order is kept.

use crate::{Request, ffi};
use std::marker::PhantomData;

/// One table of one request, which it can't outlive:
///
/// ```compile_fail,E0515
/// fn ahead(r: &apache_module::Request) -> Option<apache_module::Table<'_>> {
///     let sub = r.sub_req_lookup_uri(b"/other")?;
///     Some(sub.headers_out()) // the subrequest is destroyed here
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table<'r> {
    request: u32,
    table: u32,
    lives: PhantomData<&'r Request>,
}

impl<'r> Table<'r> {
    /// The table of this number of a request.
    pub(crate) fn of(r: &'r Request, table: u32) -> Table<'r> {
        Table { request: r.handle(), table, lives: PhantomData }
    }

    /// The first value of a name (apr_table_get).
    pub fn get(&self, name: impl AsRef<[u8]>) -> Option<Vec<u8>> {
        let name = name.as_ref();
        ffi::read(|buffer| ffi::apr_table_get(self.request, self.table, name, buffer)).ok().flatten()
    }

    /// Whether a name has a value.
    pub fn has(&self, name: impl AsRef<[u8]>) -> bool {
        ffi::apr_table_get(self.request, self.table, name.as_ref(), &mut []) >= 0
    }

    /// Every value of a name, in order.
    pub fn get_all(&self, name: impl AsRef<[u8]>) -> Vec<Vec<u8>> {
        self.entries_of(name).into_iter().map(|(_, value)| value).collect()
    }

    /// Every entry of a name in order, with the name as it is spelled there (apr_table_do).
    pub fn entries_of(&self, name: impl AsRef<[u8]>) -> Vec<(Vec<u8>, Vec<u8>)> {
        let name = name.as_ref();
        pairs(
            ffi::read(|buffer| ffi::apr_table_do(self.request, self.table, name, buffer))
                .ok()
                .flatten()
                .unwrap_or_default(),
        )
    }

    /// Every entry, in order.
    pub fn entries(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        pairs(
            ffi::read(|buffer| ffi::apr_table_elts(self.request, self.table, buffer))
                .ok()
                .flatten()
                .unwrap_or_default(),
        )
    }

    /// Replaces every value of a name by one (apr_table_set).
    pub fn set(&self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        ffi::apr_table_set(self.request, self.table, name.as_ref(), value.as_ref());
    }

    /// Adds an entry (apr_table_add).
    pub fn add(&self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        ffi::apr_table_add(self.request, self.table, name.as_ref(), value.as_ref());
    }

    /// Appends to the first value of a name, after a comma (apr_table_merge).
    pub fn merge(&self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        ffi::apr_table_merge(self.request, self.table, name.as_ref(), value.as_ref());
    }

    /// Removes every value of a name (apr_table_unset).
    pub fn unset(&self, name: impl AsRef<[u8]>) {
        ffi::apr_table_unset(self.request, self.table, name.as_ref());
    }

    /// Does prepared edits in one call.
    pub fn apply(&self, edits: Edits) {
        ffi::ap_table_apply(self.request, self.table, edits.0);
    }
}

/// A list of edits whose strings are known beforehand, kept by the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edits(u32);

/// One edit of a prepared list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit<'a> {
    /// As [`Table::set`].
    Set(&'a [u8], &'a [u8]),
    /// As [`Table::add`].
    Add(&'a [u8], &'a [u8]),
    /// As [`Table::merge`].
    Merge(&'a [u8], &'a [u8]),
    /// As [`Table::unset`].
    Unset(&'a [u8]),
}

impl Edits {
    /// Prepares a list; `None` where a string holds a NUL.
    pub fn prepare(edits: &[Edit<'_>]) -> Option<Edits> {
        let mut list = Vec::new();
        for edit in edits {
            let (action, name, value): (u8, &[u8], &[u8]) = match edit {
                Edit::Set(name, value) => (b's', name, value),
                Edit::Add(name, value) => (b'a', name, value),
                Edit::Merge(name, value) => (b'm', name, value),
                Edit::Unset(name) => (b'u', name, b""),
            };
            list.push(action);
            for text in [name, value] {
                list.extend_from_slice(text);
                list.push(0);
            }
        }
        u32::try_from(ffi::ap_table_prepare(&list)).ok().map(Edits)
    }
}

/// The strings of an answer in which a NUL ends each.
pub(crate) fn strings(mut all: Vec<u8>) -> Vec<Vec<u8>> {
    if all.pop().is_none() {
        return Vec::new();
    }
    all.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect()
}

/// Names and values from strings that each end with a NUL.
pub(crate) fn pairs(all: Vec<u8>) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut strings = all.split(|byte| *byte == 0);
    let pair = || Some((strings.next()?.to_vec(), strings.next()?.to_vec()));
    std::iter::from_fn(pair).collect()
}
