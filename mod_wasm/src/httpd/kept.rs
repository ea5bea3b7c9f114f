//! http_config.h: what mod_wasm keeps with a request or a connection, at its place in their configuration vectors.

use super::bindings::*;
use super::entry::wasm_module;
use super::pool::Pool;
use super::request::Request;
use crate::scope::Shelf;
use std::cell::{Cell, RefCell};
use std::ffi::c_void;

/// Most bytes that the pools of a request may take for guests.
const MOST_TAKEN: usize = 64 << 20;
/// Most bytes that guests may put into the notes of one connection.
const MOST_NOTED: usize = 1 << 20;

/// Most filters that guests may add to one request. One that is gone counts too: a filter that adds itself again when the
/// body ends would be called for ever.
const MOST_FILTERS: u32 = 100;

/// What is kept, for the thread that serves the request or the connection now.
#[derive(Default)]
struct Kept {
    failed: Cell<bool>,
    handled: Cell<bool>,
    taken: Cell<usize>,
    shelf: RefCell<Shelf>,
    /// Bytes that guests had put into a connection's notes.
    noted: Cell<usize>,
    /// Filters that guests added to a request.
    filters: Cell<u32>,
}

/// Stands in a request's place when handlers have been asked for it and there is nothing else to keep; only its address
/// counts.
static HANDLED: u8 = 0;

fn handled() -> *mut Kept {
    (&raw const HANDLED).cast_mut().cast()
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
        let is_handled = place.get() == handled();
        if place.get().is_null() || is_handled {
            place.set(Pool::from_raw(pool).keep(Kept { handled: is_handled.into(), ..Kept::default() }));
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

    /// Notes that handlers are asked now. Whether [`Request::fail`] was called.
    pub(super) fn begin_handling(self) -> bool {
        // SAFETY: a request's own vector.
        let place = unsafe { place(self.rec().request_config) };
        if place.get().is_null() || place.get() == handled() {
            place.set(handled());
            return false;
        }
        // SAFETY: neither of the two above, so `kept` has put it there.
        unsafe { &*place.get() }.handled.set(true);
        // SAFETY: as above.
        unsafe { &*place.get() }.failed.get()
    }

    /// Whether handlers have been asked for it. They read r->handler without a check (config.c:ap_invoke_handler sees to
    /// it that there is one).
    pub(super) fn is_handled(self) -> bool {
        // SAFETY: a request's own vector; what isn't NULL or the mark is what `kept` has put there.
        unsafe {
            let kept = place(self.rec().request_config).get();
            kept == handled() || kept.as_ref().is_some_and(|kept| kept.handled.get())
        }
    }

    /// Counts bytes that pools took for guests, for the request that the client sent with all that came of it: a pool
    /// gives nothing back before its request ends. `false` where that is more than they may take.
    pub(super) fn takes(self, bytes: usize) -> bool {
        let mut first = self.raw();
        // SAFETY: r->main and r->prev live longer than r, each with a vector and a pool.
        unsafe {
            while let Some(before) = [(*first).main, (*first).prev].into_iter().find(|before| !before.is_null()) {
                first = before;
            }
            let taken = &kept((*first).request_config, (*first).pool).taken;
            taken.set(taken.get().saturating_add(bytes));
            taken.get() <= MOST_TAKEN
        }
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

    /// Whether a guest may add another filter to the request.
    pub(super) fn may_add_filter(self) -> bool {
        // SAFETY: a request's own vector and pool.
        let filters = unsafe { &kept(self.rec().request_config, self.rec().pool).filters };
        filters.set(filters.get().saturating_add(1));
        filters.get() <= MOST_FILTERS
    }

    /// Whether so many bytes more may be put into the connection's notes, whose memory is freed with the connection only,
    /// be they taken out again or not.
    pub(super) fn may_note(self, bytes: usize) -> bool {
        // SAFETY: as in `shelf_of_connection`.
        let kept = unsafe {
            let connection = self.rec().connection;
            kept((*connection).conn_config.cast(), (*connection).pool)
        };
        let noted = kept.noted.get().saturating_add(bytes);
        if noted <= MOST_NOTED {
            kept.noted.set(noted);
        }
        noted <= MOST_NOTED
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
