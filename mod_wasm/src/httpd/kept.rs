//! http_config.h: what mod_wasm keeps with a request or a connection, at its place in their configuration vectors.

use super::bindings::*;
use super::entry::wasm_module;
use super::pool::Pool;
use super::request::Request;
use crate::scope::Shelf;
use std::cell::{Cell, RefCell};
use std::ffi::c_void;

/// What is kept, for the thread that serves the request or the connection now.
#[derive(Default)]
struct Kept {
    failed: Cell<bool>,
    shelf: RefCell<Shelf>,
}

/// Our place in a vector.
///
/// # Safety
/// `vector` is the request_config or conn_config of a request or connection that httpd shows to modules.
unsafe fn place<'v>(vector: *mut ap_conf_vector_t) -> &'v Cell<*mut Kept> {
    // SAFETY: the caller's promise: such a vector is an array with a place for each module; the index is set before any
    // request is served.
    unsafe { &*vector.cast::<Cell<*mut Kept>>().add((&raw const wasm_module.module_index).read() as usize) }
}

/// What is kept there, made in the pool at the first use.
///
/// # Safety
/// As [`place`]; the pool is that of the request or the connection.
unsafe fn kept<'v>(vector: *mut ap_conf_vector_t, pool: *mut apr_pool_t) -> &'v Kept {
    // SAFETY: the caller's promise; only this function fills our place.
    unsafe {
        let place = place(vector);
        if place.get().is_null() {
            place.set(Pool::from_raw(pool).keep(Kept::default()));
        }
        &*place.get()
    }
}

impl Request<'_> {
    /// Has the request answered with 500 when its content would be made: the hook that failed can't say so itself.
    pub(crate) fn fail(self) {
        // SAFETY: a request's own vector and pool.
        unsafe { kept(self.rec().request_config, self.rec().pool).failed.set(true) };
    }

    /// Whether [`Request::fail`] was called.
    pub(super) fn has_failed(self) -> bool {
        // SAFETY: as in `fail`.
        unsafe { place(self.rec().request_config).get().as_ref() }.is_some_and(|kept| kept.failed.get())
    }

    /// Instances that live as long as the request that the client sent, or as a subrequest. Not to be nested.
    pub(crate) fn shelf_of_request<R>(self, with: impl FnOnce(&mut Shelf) -> R) -> R {
        let mut first = self.raw();
        // SAFETY: what a request was redirected from lives as long, in the same pool.
        unsafe {
            while !(*first).prev.is_null() {
                first = (*first).prev;
            }
            with(&mut kept((*first).request_config, (*first).pool).shelf.borrow_mut())
        }
    }

    /// Instances that live as long as the connection. Not to be nested.
    pub(crate) fn shelf_of_connection<R>(self, with: impl FnOnce(&mut Shelf) -> R) -> R {
        // SAFETY: a request's connection lives longer, and is served by this thread now.
        unsafe {
            let connection = self.rec().connection;
            with(&mut kept((*connection).conn_config.cast(), (*connection).pool).shelf.borrow_mut())
        }
    }
}

const _: () = assert!(size_of::<Cell<*mut Kept>>() == size_of::<*mut c_void>());
