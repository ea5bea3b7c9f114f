//! apr_tables.h: tables of strings. Strings that are written are copied into the table's pool.

use super::bindings::*;
use super::bytes::{bytes, with_cstr};
use super::pool::Pool;
use std::ffi::{CStr, c_char, c_int, c_void};

/// A table of a structure that lives during `'p`.
#[derive(Clone, Copy)]
pub(crate) struct Table<'p> {
    raw: *mut apr_table_t,
    pool: Pool<'p>,
}

/// A string holds a NUL and so can't be one of C.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HoldsNul;

impl<'p> Table<'p> {
    /// # Safety
    /// `raw` is NULL or a table whose strings live at least as long as `pool`, in which new ones are put.
    pub(super) unsafe fn from_raw(raw: *mut apr_table_t, pool: Pool<'p>) -> Option<Self> {
        (!raw.is_null()).then_some(Table { raw, pool })
    }

    pub(super) fn raw(self) -> *mut apr_table_t {
        self.raw
    }

    /// The first value of a name (apr_table_get).
    pub(crate) fn get(self, name: &[u8]) -> Result<Option<&'p [u8]>, HoldsNul> {
        // SAFETY: the table lives; its strings live as long as the pool and are not changed in place.
        with_cstr(name, |name| unsafe { bytes(apr_table_get(self.raw, name.as_ptr())) }).ok_or(HoldsNul)
    }

    /// The same, of a name that is a C string already.
    pub(crate) fn get_c(self, name: &CStr) -> Option<&'p [u8]> {
        // SAFETY: as in `get`.
        unsafe { bytes(apr_table_get(self.raw, name.as_ptr())) }
    }

    /// Calls `each` with the value of every entry of a name, or with every entry, in order.
    pub(crate) fn each(self, name: Option<&[u8]>, mut each: impl FnMut(&'p [u8], &'p [u8])) -> Result<(), HoldsNul> {
        let mut each: &mut dyn FnMut(&'p [u8], &'p [u8]) = &mut each;
        let data: *mut c_void = (&raw mut each).cast();
        match name {
            // SAFETY: `visit` is called during the call only, with `data`; the variable arguments end with NULL.
            None => unsafe { apr_table_do(Some(visit), data, self.raw, std::ptr::null::<c_char>()) },
            // SAFETY: as above.
            Some(name) => with_cstr(name, |name| unsafe {
                apr_table_do(Some(visit), data, self.raw, name.as_ptr(), std::ptr::null::<c_char>())
            })
            .ok_or(HoldsNul)?,
        };
        Ok(())
    }

    /// Replaces every value of a name by one (apr_table_set).
    pub(crate) fn set(self, name: &[u8], value: &[u8]) -> Result<(), HoldsNul> {
        let (name, value) = self.copies(name, value)?;
        // SAFETY: both strings are in the pool.
        unsafe { apr_table_setn(self.raw, name, value) };
        Ok(())
    }

    /// Adds an entry (apr_table_add).
    pub(crate) fn add(self, name: &[u8], value: &[u8]) -> Result<(), HoldsNul> {
        let (name, value) = self.copies(name, value)?;
        // SAFETY: both strings are in the pool.
        unsafe { apr_table_addn(self.raw, name, value) };
        Ok(())
    }

    /// Appends to the first value of a name, after a comma (apr_table_merge).
    pub(crate) fn merge(self, name: &[u8], value: &[u8]) -> Result<(), HoldsNul> {
        let (name, value) = self.copies(name, value)?;
        // SAFETY: both strings are in the pool.
        unsafe { apr_table_mergen(self.raw, name, value) };
        Ok(())
    }

    /// Removes every value of a name (apr_table_unset).
    pub(crate) fn unset(self, name: &[u8]) -> Result<(), HoldsNul> {
        // SAFETY: the table lives.
        with_cstr(name, |name| unsafe { apr_table_unset(self.raw, name.as_ptr()) }).ok_or(HoldsNul)
    }

    /// Removes everything (apr_table_clear).
    pub(crate) fn clear(self) {
        // SAFETY: the table lives.
        unsafe { apr_table_clear(self.raw) };
    }

    fn copies(self, name: &[u8], value: &[u8]) -> Result<(*mut c_char, *mut c_char), HoldsNul> {
        self.pool.strdup(name).zip(self.pool.strdup(value)).ok_or(HoldsNul)
    }
}

unsafe extern "C" fn visit(data: *mut c_void, name: *const c_char, value: *const c_char) -> c_int {
    // SAFETY: `each` passed the address of its closure, and waits for this call; the strings are the table's.
    let (each, name, value) = unsafe { (&mut *data.cast::<&mut dyn FnMut(&[u8], &[u8])>(), bytes(name), bytes(value)) };
    super::guard::guard(0, || {
        each(name.unwrap_or_default(), value.unwrap_or_default());
        1
    })
}
