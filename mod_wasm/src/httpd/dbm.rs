//! apr_dbm.h: DBM files, read a value at a time.

use super::bindings::*;
use super::bytes::bytes;
use super::pool::Pool;
use std::ffi::CString;
use std::ptr::{null, null_mut};

/// A DBM file of a type that APR knows. It is opened for each look-up, as what others wrote counts at once.
pub(crate) struct Dbm {
    kind: CString,
    path: CString,
}

impl Dbm {
    /// The file of a type; `None` where a text holds a NUL.
    pub(crate) fn new(kind: &[u8], path: &[u8]) -> Option<Dbm> {
        Some(Dbm { kind: CString::new(kind).ok()?, path: CString::new(path).ok()? })
    }

    /// The names of the files, one or two (apr_dbm_get_usednames_ex); the error is APR's status.
    pub(crate) fn used_names(&self, pool: Pool<'_>) -> Result<Vec<Vec<u8>>, i32> {
        let (mut first, mut second) = (null(), null());
        // SAFETY: the pool lives; the names are in it.
        unsafe {
            let (kind, path) = (self.kind.as_ptr(), self.path.as_ptr());
            match apr_dbm_get_usednames_ex(pool.raw(), kind, path, &mut first, &mut second) {
                0 => Ok([bytes(first), bytes(second)].into_iter().flatten().map(<[u8]>::to_vec).collect()),
                status => Err(status),
            }
        }
    }

    /// The value of a key (apr_dbm_fetch); the error is APR's status where the file can't be opened. The pool must be
    /// one below httpd's own, in which APR keeps its drivers.
    pub(crate) fn fetch(&self, key: &[u8], pool: Pool<'_>) -> Result<Option<Vec<u8>>, i32> {
        let fetch = |pool: Pool<'_>| {
            let mut dbm = null_mut();
            let key = pool.strdup_cut(key);
            // SAFETY: the pool lives until the file has been closed; the key is in it, and the value is copied before.
            unsafe {
                let (kind, path) = (self.kind.as_ptr(), self.path.as_ptr());
                let status =
                    apr_dbm_open_ex(&mut dbm, kind, path, APR_DBM_READONLY as i32, APR_OS_DEFAULT as i32, pool.raw());
                if status != 0 {
                    return Err(status);
                }
                let key = apr_datum_t { dptr: key, dsize: bytes(key).map_or(0, <[u8]>::len) as _ };
                let mut value = apr_datum_t { dptr: null_mut(), dsize: 0 };
                let found = apr_dbm_fetch(dbm, key, &mut value) == 0 && !value.dptr.is_null();
                let value =
                    found.then(|| std::slice::from_raw_parts(value.dptr.cast::<u8>(), value.dsize as usize).to_vec());
                apr_dbm_close(dbm);
                Ok(value)
            }
        };
        pool.with_sub_pool(fetch).unwrap_or(Err(libc::ENOMEM))
    }
}
