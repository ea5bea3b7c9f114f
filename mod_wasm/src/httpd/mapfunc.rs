//! mod_rewrite.h: the functions that native modules register by the optional function ap_register_rewrite_mapfunc, which
//! a guest may have us offer in its place.

use super::bindings::*;
use super::bytes::bytes;
use super::guard::guard;
use super::pool::Pool;
use super::request::Request;
use std::collections::HashMap;
use std::ffi::c_char;
use std::sync::{Mutex, PoisonError};

/// rewrite_mapfunc_t.
type Raw = unsafe extern "C" fn(*mut request_rec, *mut c_char) -> *mut c_char;

/// A registered function.
#[derive(Clone, Copy)]
pub(crate) struct MapFunction(Raw);

/// By name, until the configuration ends.
static REGISTERED: Mutex<Option<HashMap<Vec<u8>, MapFunction>>> = Mutex::new(None);

fn registered<R>(with: impl FnOnce(&mut HashMap<Vec<u8>, MapFunction>) -> R) -> R {
    with(REGISTERED.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default())
}

/// Offers the optional function until the pool of the configuration is cleared.
pub(super) fn offer(pool: Pool<'_>) {
    pool.at_end(|| registered(HashMap::clear));
    // SAFETY: httpd's way of offering a function; who asks for it by this name calls it with this type.
    unsafe {
        let function =
            std::mem::transmute::<unsafe extern "C" fn(*mut c_char, Option<Raw>), unsafe extern "C" fn()>(register);
        apr_dynamic_fn_register(c"ap_register_rewrite_mapfunc".as_ptr(), Some(function));
    }
}

unsafe extern "C" fn register(name: *mut c_char, function: Option<Raw>) {
    guard((), || {
        // SAFETY: a module gives a C string and a function of this type that stays as long as the configuration.
        if let (Some(name), Some(function)) = (unsafe { bytes(name) }, function) {
            registered(|all| all.insert(name.to_vec(), MapFunction(function)));
        }
    });
}

impl MapFunction {
    /// The function of a name.
    pub(crate) fn find(name: &[u8]) -> Option<MapFunction> {
        registered(|all| all.get(name).copied())
    }

    /// What it answers, `None` for NULL; the key is cut at a NUL.
    pub(crate) fn call<'r>(self, r: Request<'r>, key: &[u8]) -> Option<&'r [u8]> {
        let key = r.pool().strdup_cut(key);
        // SAFETY: a function of a loaded module, which may change the key; what it answers lives as the request does.
        unsafe { bytes((self.0)(r.raw(), key)) }
    }
}
