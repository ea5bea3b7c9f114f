//! scoreboard.h and http_core.h: facts about the server as a whole.

use super::bindings::*;
use super::bytes::{bytes, with_cstr};
use super::pool::{OwnPool, Pool};
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

/// Idle and busy workers in percent (ap_get_sload); `None` where there is no scoreboard yet.
pub(crate) fn sload() -> Option<(i32, i32)> {
    let mut load = MaybeUninit::<ap_sload_t>::zeroed();
    // SAFETY: a valid place; all-zero is a valid value. ap_get_sload looks into the scoreboard without a check.
    let load = unsafe {
        if ap_exists_scoreboard_image() == 0 {
            return None;
        }
        ap_get_sload(load.as_mut_ptr());
        load.assume_init()
    };
    Some((load.idle, load.busy))
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

/// Calls `with` with a pool that is gone afterwards.
pub(crate) fn with_own_pool<R>(with: impl FnOnce(Pool<'_>) -> R) -> Option<R> {
    OwnPool::new().map(|own| with(own.pool()))
}

/// Whether a module of this source name is loaded (ap_find_linked_module).
pub(crate) fn has_module(name: &[u8]) -> bool {
    // SAFETY: the list of modules is written while the configuration is read only.
    with_cstr(name, |name| unsafe { !ap_find_linked_module(name.as_ptr()).is_null() }).unwrap_or(false)
}

/// The place of an HTTP status in httpd's list; `None` where httpd doesn't know it and so takes it for 500
/// (ap_index_of_response).
pub(crate) fn index_of_response(status: i32) -> Option<i32> {
    const UNKNOWN: i32 = HTTP_INTERNAL_SERVER_ERROR as i32;
    // SAFETY: takes a number.
    let [index, unknown] = [status, UNKNOWN].map(|status| unsafe { ap_index_of_response(status) });
    (status == UNKNOWN || index != unknown).then_some(index)
}

/// A random number from `min` to `max` (ap_random_pick).
pub(crate) fn random_pick(min: u32, max: u32) -> u32 {
    // SAFETY: takes two numbers, the first not larger than the second.
    unsafe { ap_random_pick(min, max) }
}

/// Source name of the module that has a directive of this name (http_config.h:command_rec).
pub(crate) fn directive_owner(name: &[u8]) -> Option<Vec<u8>> {
    // SAFETY: the list of modules and their tables, which end with a row without a name, are changed while the
    // configuration is read only, by this thread.
    unsafe {
        let mut module = ap_top_module;
        while let Some(each) = module.as_ref() {
            let mut row = each.cmds;
            while let Some(own) = row.as_ref().and_then(|row| bytes(row.name)) {
                if own.eq_ignore_ascii_case(name) {
                    return Some(bytes(each.name).unwrap_or_default().to_vec());
                }
                row = row.add(1);
            }
            module = each.next;
        }
    }
    None
}
