//! The configuration that is being read, or was just read, by this thread: its pool and the server in question.

use super::bindings::*;
use super::pool::Pool;
use std::cell::Cell;
use std::ffi::CStr;
use std::marker::PhantomData;

/// What httpd gives to a directive's function, or to a callback after the configuration has been read.
#[derive(Clone, Copy)]
pub(crate) struct Configuring<'c> {
    pool: *mut apr_pool_t,
    server: *mut server_rec,
    lives: PhantomData<&'c ()>,
}

thread_local! {
    static NOW: Cell<Option<Configuring<'static>>> = const { Cell::new(None) };
}

/// Lends the configuration to guests during `call`.
///
/// # Safety
/// The pool and the server live during `call` and are this thread's.
pub(super) unsafe fn during<R>(pool: *mut apr_pool_t, server: *mut server_rec, call: impl FnOnce() -> R) -> R {
    struct Before(Option<Configuring<'static>>);
    impl Drop for Before {
        fn drop(&mut self) {
            NOW.set(self.0);
        }
    }
    let _before = Before(NOW.replace(Some(Configuring { pool, server, lives: PhantomData })));
    call()
}

/// Calls `with` with the configuration, if one is lent now.
pub(crate) fn with<R>(with: impl FnOnce(Configuring<'_>) -> R) -> Option<R> {
    NOW.get().map(with)
}

impl<'c> Configuring<'c> {
    /// What lives as long as the configuration.
    pub(crate) fn pool(self) -> Pool<'c> {
        // SAFETY: `during` lent it and is still running.
        unsafe { Pool::from_raw(self.pool) }
    }

    pub(super) fn server_raw(self) -> *mut server_rec {
        self.server
    }

    /// An optional function that a module offers (APR_RETRIEVE_OPTIONAL_FN).
    pub(super) fn optional_function(name: &CStr) -> Option<unsafe extern "C" fn()> {
        // SAFETY: httpd's list of them is written while modules are loaded, by the thread that reads configurations.
        unsafe { apr_dynamic_fn_retrieve(name.as_ptr()) }
    }
}
