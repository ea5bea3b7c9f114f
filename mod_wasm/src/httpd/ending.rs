//! http_filters.c and http_protocol.h: how far an answer has come, and how one ends that can't be finished. Knows no guest.

use super::bindings::*;
use super::brigade::insert_tail;
use super::request::Request;
use std::ffi::c_int;
use std::ptr::null;

/// Puts into a brigade what ends an answer with an error. Before its head was sent it becomes a 500
/// (http_filters.c:ap_http_header_filter); after that there is only the sign of a broken gateway, at which the connection
/// is closed without the last chunk, so that nobody takes a part for the whole (chunk_filter.c:ap_http_chunk_filter).
///
/// # Safety
/// `r` is a request, `brigade` is one of its connection.
pub(super) unsafe fn put_error(r: *mut request_rec, brigade: *mut apr_bucket_brigade) {
    // SAFETY: the caller's promise; a subrequest's answer is a part of its main request's.
    unsafe {
        let mut main = r;
        while !(*main).main.is_null() {
            main = (*main).main;
        }
        let status = if (*main).sent_bodyct == 0 { HTTP_INTERNAL_SERVER_ERROR } else { HTTP_BAD_GATEWAY };
        let list = (*(*r).connection).bucket_alloc;
        insert_tail(brigade, ap_bucket_error_create(status as c_int, null(), (*r).pool, list));
        insert_tail(brigade, apr_bucket_eos_create(list));
    }
}

impl Request<'_> {
    /// Whether the head of this request's answer has been sent; no for a subrequest, whose answer has no head.
    pub(crate) fn has_begun(self) -> bool {
        // SAFETY: the request is this thread's.
        unsafe { (*self.raw()).main.is_null() && (*self.raw()).sent_bodyct != 0 }
    }

    /// Whether the answer has come to its end, be it that of the request that this one was redirected to.
    pub(crate) fn is_over(self) -> bool {
        let mut r = self.raw();
        // SAFETY: the request is this thread's, and those that it was redirected to live as long as it does.
        unsafe {
            while !(*r).next.is_null() {
                r = (*r).next;
            }
            (*r).eos_sent != 0
        }
    }

    /// Ends the answer with an error, as [`put_error`] says, and gives what a hook answers then.
    pub(crate) fn break_off(self) -> c_int {
        // SAFETY: the request is this thread's, with its chain of filters.
        unsafe {
            let r = self.raw();
            let brigade = apr_brigade_create((*r).pool, (*(*r).connection).bucket_alloc);
            (*(*r).connection).keepalive = ap_conn_keepalive_e_AP_CONN_CLOSE;
            put_error(r, brigade);
            ap_pass_brigade((*r).output_filters, brigade);
        }
        AP_FILTER_ERROR
    }

    /// Sends what waits and then counts the client as gone, so that nothing follows an answer that is over; gives what a
    /// hook answers then.
    pub(crate) fn hang_up(self) -> c_int {
        // SAFETY: the request is this thread's, and its connection's filters live.
        unsafe {
            let c = (*self.raw()).connection;
            let brigade = apr_brigade_create((*self.raw()).pool, (*c).bucket_alloc);
            insert_tail(brigade, apr_bucket_flush_create((*c).bucket_alloc));
            ap_pass_brigade((*c).output_filters, brigade);
            (*c).keepalive = ap_conn_keepalive_e_AP_CONN_CLOSE;
            (*c).aborted = 1;
        }
        AP_FILTER_ERROR
    }
}
