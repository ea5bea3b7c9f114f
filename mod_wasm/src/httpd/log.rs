//! http_log.h: the error log. The level is checked first, and the format is always a literal `%s`.

use super::bindings::*;
use super::bytes::with_cstr;
use super::pool::Pool;
use super::request::Request;
use std::ffi::{CStr, c_int};

/// Where in the source a message comes from, and of which module.
#[derive(Clone, Copy)]
pub(crate) struct Mark<'a> {
    /// Source file.
    pub(crate) file: &'a [u8],
    /// Line in it.
    pub(crate) line: u32,
    /// Index of the module whose LogLevel counts.
    pub(crate) module_index: i32,
}

/// APLOG_NO_MODULE.
pub(crate) const NO_MODULE: i32 = APLOG_NO_MODULE;

const FORMAT: &CStr = c"%s";

/// Whether LogLevel lets a line about a request through (APLOG_R_IS_LEVEL).
pub(crate) fn is_wanted(mark: Mark<'_>, level: u32, r: Request<'_>) -> bool {
    r.log_level(mark.module_index) >= (level & APLOG_LEVELMASK) as i64
}

/// The same for a line about its server, or about the main server where there is no request.
pub(crate) fn is_wanted_of_server(mark: Mark<'_>, level: u32, r: Option<Request<'_>>) -> bool {
    let server = server(r);
    // SAFETY: the server lives as long as the configuration.
    server.is_null()
        || unsafe { ap_get_server_module_loglevel(server, mark.module_index) } >= (level & APLOG_LEVELMASK) as i32
}

fn server(r: Option<Request<'_>>) -> *mut server_rec {
    // SAFETY: httpd sets ap_server_conf before it starts threads, and changes it only between configurations.
    r.map_or(unsafe { ap_server_conf }, Request::server_raw)
}

/// Logs about a request (ap_log_rerror).
pub(crate) fn rerror(mark: Mark<'_>, level: u32, status: i32, r: Request<'_>, message: &[u8]) {
    if !is_wanted(mark, level, r) {
        return;
    }
    with_texts(mark, message, |file, message| {
        // SAFETY: the request lives; the format takes the one string that follows it.
        unsafe {
            ap_log_rerror_(
                file.as_ptr(),
                mark.line as c_int,
                mark.module_index,
                level as c_int,
                status,
                r.raw(),
                FORMAT.as_ptr(),
                message.as_ptr(),
            );
        }
    });
}

/// Logs about a request's server (ap_log_error), or about the main server where there is no request.
pub(crate) fn error(mark: Mark<'_>, level: u32, status: i32, r: Option<Request<'_>>, message: &[u8]) {
    if !is_wanted_of_server(mark, level, r) {
        return;
    }
    let server = server(r);
    with_texts(mark, message, |file, message| {
        // SAFETY: NULL as server is allowed; the format takes the one string that follows it.
        unsafe {
            ap_log_error_(
                file.as_ptr(),
                mark.line as c_int,
                mark.module_index,
                level as c_int,
                status,
                server,
                FORMAT.as_ptr(),
                message.as_ptr(),
            );
        }
    });
}

/// Logs while the configuration is read (ap_log_perror).
pub(crate) fn perror(mark: Mark<'_>, level: u32, pool: Pool<'_>, message: &[u8]) {
    with_texts(mark, message, |file, message| {
        // SAFETY: the pool lives; the format takes the one string that follows it.
        unsafe {
            ap_log_perror_(
                file.as_ptr(),
                mark.line as c_int,
                mark.module_index,
                level as c_int,
                0,
                pool.raw(),
                FORMAT.as_ptr(),
                message.as_ptr(),
            );
        }
    });
}

/// The texts as C strings; a message is cut at a NUL rather than lost.
fn with_texts(mark: Mark<'_>, message: &[u8], log: impl FnOnce(&CStr, &CStr)) {
    let cut = |text: &[u8]| text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
    let file = mark.file.get(..cut(mark.file)).unwrap_or_default();
    let message = message.get(..cut(message)).unwrap_or_default();
    with_cstr(file, |file| with_cstr(message, |message| log(file, message)));
}
