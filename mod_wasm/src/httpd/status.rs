//! mod_status.h: a part of /server-status, and the parent's monitor, which tells now and then what wasn't told one by one.

use super::bindings::*;
use super::guard::guard;
use super::pool::Pool;
use super::request::Request;
use crate::process;
use crate::status::{self, Form};
use std::ffi::c_int;
use std::ptr::null;

/// Registers both.
///
/// # Safety
/// To be called where httpd has hooks registered.
pub(super) unsafe fn register() {
    // SAFETY: the caller's promise. The optional hook's functions are called as mod_status.h declares them, and APR keeps
    // only their addresses.
    unsafe {
        let status: unsafe extern "C" fn(*mut request_rec, c_int) -> c_int = status;
        let status = std::mem::transmute::<
            unsafe extern "C" fn(*mut request_rec, c_int) -> c_int,
            unsafe extern "C" fn(),
        >(status);
        apr_optional_hook_add(c"status_hook".as_ptr(), Some(status), null(), null(), APR_HOOK_MIDDLE as c_int);
        ap_hook_monitor(Some(monitor), null(), null(), APR_HOOK_MIDDLE as c_int);
    }
}

/// What hasn't been told when the configuration ends is told then. To be called when the logs are open.
pub(super) fn tell_at_end(pool: Pool<'_>) {
    let parent = std::process::id();
    pool.at_end(move || {
        if std::process::id() == parent {
            process::tell_news(true);
        }
    });
}

unsafe extern "C" fn status(r: *mut request_rec, flags: c_int) -> c_int {
    guard(DECLINED, || {
        let flags = flags as u32;
        let form = match flags {
            _ if flags & AP_STATUS_SHORT != 0 => Form::Auto,
            _ if flags & AP_STATUS_NOTABLE != 0 => Form::NoTable,
            _ => Form::Html,
        };
        // SAFETY: httpd gives a request that lives during the callback.
        let Some(r) = (unsafe { Request::from_raw(r) }) else { return DECLINED };
        r.write(status::page(form).as_bytes());
        OK as c_int
    })
}

/// Runs in the parent every ten seconds or so (mpm_common.c:ap_wait_or_timeout).
unsafe extern "C" fn monitor(_pool: *mut apr_pool_t, _server: *mut server_rec) -> c_int {
    guard(DECLINED, || {
        process::tell_news(false);
        OK as c_int
    })
}
