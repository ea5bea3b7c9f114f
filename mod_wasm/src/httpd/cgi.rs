//! util_script.h: the environment of a CGI program, and the head of its answer. What a program is, it doesn't know.

use super::bindings::*;
use super::bytes::bytes;
use super::filter::insert_tail;
use super::request::Request;
use crate::host::number::table;
use std::ffi::c_char;

/// The variable by which an administrator lets a program's Content-Length stand (AP_TRUST_CGILIKE_CL_ENVVAR).
const TRUSTED_LENGTH: &[u8] = b"ap_trust_cgilike_cl";

impl<'r> Request<'r> {
    /// Calls `each` with the variables that a CGI program gets, as `NAME=value` (ap_add_common_vars, ap_add_cgi_vars,
    /// ap_create_environment).
    pub(crate) fn each_cgi_variable(self, mut each: impl FnMut(&'r [u8])) {
        // SAFETY: the request is this thread's. The list ends with NULL, and its strings are in the request's pool.
        unsafe {
            ap_add_common_vars(self.raw());
            ap_add_cgi_vars(self.raw());
            let mut at: *mut *mut c_char = ap_create_environment(self.rec().pool, self.rec().subprocess_env);
            while let Some(variable) = bytes(*at) {
                each(variable);
                at = at.add(1);
            }
        }
    }

    /// Takes the head of a CGI answer (ap_scan_script_header_err_brigade_ex), which logs what is wrong with it; OK or a
    /// status that takes the answer's place.
    pub(crate) fn scan_script_header(self, head: &[u8], module_index: i32) -> i32 {
        // SAFETY: the request is this thread's. The bucket that leads to `head` is gone before this returns.
        let status = unsafe {
            let list = (*self.rec().connection).bucket_alloc;
            let brigade = apr_brigade_create(self.rec().pool, list);
            insert_tail(brigade, apr_bucket_immortal_create(head.as_ptr().cast(), head.len() as apr_size_t, list));
            // The buffer, of the size that httpd expects, lets it log a bad line.
            let mut line = [0; HUGE_STRING_LEN as usize];
            let status = ap_scan_script_header_err_brigade_ex(self.raw(), brigade, line.as_mut_ptr(), module_index);
            apr_brigade_destroy(brigade);
            status
        };
        // As mod_cgi does it (cgi_common.h:cgi_handle_response): how long the answer is and how it is framed, httpd knows.
        let trusted = self.table(table::SUBPROCESS_ENV).is_some_and(|env| matches!(env.get(TRUSTED_LENGTH), Ok(Some(_))));
        if let Some(headers) = self.table(table::HEADERS_OUT) {
            // Neither name holds a NUL.
            if !trusted {
                let _ = headers.unset(b"Content-Length");
            }
            let _ = headers.unset(b"Transfer-Encoding");
        }
        status
    }

    /// Whether this request's URL names what can't be found below the file, and that isn't allowed (AcceptPathInfo Off).
    pub(crate) fn rejects_path_info(self) -> bool {
        let rec = self.rec();
        // SAFETY: path_info is NULL or a string that lives as long as the request.
        rec.used_path_info == AP_REQ_REJECT_PATH_INFO as i32 && unsafe { bytes(rec.path_info) }.is_some_and(|rest| !rest.is_empty())
    }

    /// Has the request answered as a GET of another URL of this server (ap_internal_redirect_handler).
    pub(crate) fn redirect_to(self, location: &[u8]) {
        let Some(location) = self.pool().strdup(location) else { return };
        // SAFETY: the request is this thread's; the strings are static or in its pool.
        unsafe {
            (*self.raw()).method = c"GET".as_ptr();
            (*self.raw()).method_number = M_GET as i32;
            apr_table_unset(self.rec().headers_in, c"Content-Length".as_ptr());
            ap_internal_redirect_handler(location, self.raw());
        }
    }
}
