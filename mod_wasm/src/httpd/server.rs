//! scoreboard.h and http_core.h: facts about the server as a whole.

use super::bindings::*;
use super::bytes::with_cstr;
use std::mem::MaybeUninit;

/// The load of 1, 5 and 15 minutes (ap_get_loadavg).
pub(crate) fn loadavg() -> [f64; 3] {
    let mut load = MaybeUninit::<ap_loadavg_t>::zeroed();
    // SAFETY: a valid place; all-zero is a valid value.
    let load = unsafe {
        ap_get_loadavg(load.as_mut_ptr());
        load.assume_init()
    };
    [load.loadavg.into(), load.loadavg5.into(), load.loadavg15.into()]
}

/// Idle and busy workers in percent (ap_get_sload).
pub(crate) fn sload() -> (i32, i32) {
    let mut load = MaybeUninit::<ap_sload_t>::zeroed();
    // SAFETY: a valid place; all-zero is a valid value.
    let load = unsafe {
        ap_get_sload(load.as_mut_ptr());
        load.assume_init()
    };
    (load.idle, load.busy)
}

/// Microseconds since 1970 (apr_time_now).
pub(crate) fn time_now() -> i64 {
    // SAFETY: takes nothing.
    unsafe { apr_time_now() }
}

/// Whether -D or Define gave the name (ap_exists_config_define).
pub(crate) fn exists_config_define(name: &[u8]) -> Option<bool> {
    // SAFETY: the list of definitions is written while the configuration is read only.
    with_cstr(name, |name| unsafe { ap_exists_config_define(name.as_ptr()) != 0 })
}

/// Whether a module of this source name is loaded (ap_find_linked_module).
pub(crate) fn has_module(name: &[u8]) -> bool {
    // SAFETY: the list of modules is written while the configuration is read only.
    with_cstr(name, |name| unsafe { !ap_find_linked_module(name.as_ptr()).is_null() }).unwrap_or(false)
}
