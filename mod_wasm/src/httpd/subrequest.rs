//! http_request.h: subrequests and internal redirects. Whose they are and how long they live, lend.rs knows.

use super::bindings::*;
use super::bytes::with_cstr;
use super::request::Request;
use std::ptr::null_mut;

/// What a subrequest is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// A URL.
    Uri,
    /// A file.
    File,
}

impl<'r> Request<'r> {
    /// A subrequest, looked up as far as the fixups (ap_sub_req_lookup_uri, ap_sub_req_lookup_file); `None` where the
    /// text holds a NUL. Where it is to be run, its output passes through the filters of this request.
    pub(crate) fn sub_req(self, lookup: Lookup, text: &[u8], run: bool) -> Option<Request<'r>> {
        let filters = if run { self.rec().output_filters } else { null_mut() };
        // SAFETY: the request is this thread's, and lives at least as long as what is made from it in a pool below its
        // own; httpd copies the text.
        unsafe {
            let made = with_cstr(text, |text| match lookup {
                Lookup::Uri => ap_sub_req_lookup_uri(text.as_ptr(), self.raw(), filters),
                Lookup::File => ap_sub_req_lookup_file(text.as_ptr(), self.raw(), filters),
            })?;
            Request::from_raw(made)
        }
    }

    /// Whether it is a subrequest.
    pub(crate) fn is_sub_req(self) -> bool {
        !self.rec().main.is_null()
    }

    /// Sends the content of a subrequest (ap_run_sub_req); its status.
    pub(crate) fn run_sub_req(self) -> i32 {
        // SAFETY: the request is this thread's.
        unsafe { ap_run_sub_req(self.raw()) }
    }

    /// # Safety
    /// `raw` is a subrequest that is destroyed now and never used again.
    pub(super) unsafe fn destroy(raw: *mut request_rec) {
        // SAFETY: the caller's promise.
        unsafe { ap_destroy_sub_req(raw) };
    }

    /// Has the request answered as one for another URL (ap_internal_redirect).
    pub(crate) fn internal_redirect(self, uri: &[u8]) {
        let Some(uri) = self.pool().strdup(uri) else { return };
        // SAFETY: the request is this thread's, the URL in its pool.
        unsafe { ap_internal_redirect(uri, self.raw()) };
    }
}
