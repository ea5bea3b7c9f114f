//! http_core.h, http_config.h and ap_mpm.h: facts about the server as a whole.

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

/// Sets the time of a file's last change, in microseconds (apr_file_mtime_set); 0 or APR's status.
pub(crate) fn file_mtime_set(path: &[u8], mtime: i64) -> i32 {
    let set = |pool: Pool<'_>| {
        // SAFETY: the pool lives.
        with_cstr(path, |path| unsafe { apr_file_mtime_set(path.as_ptr(), mtime, pool.raw()) })
    };
    with_own_pool(set).flatten().unwrap_or(libc::EINVAL)
}

/// Whether a module of this source name is loaded (ap_find_linked_module).
pub(crate) fn has_module(name: &[u8]) -> bool {
    // SAFETY: the list of modules is written while the configuration is read only.
    with_cstr(name, |name| unsafe { !ap_find_linked_module(name.as_ptr()).is_null() }).unwrap_or(false)
}

/// What the MPM says to a question (ap_mpm_query); `None` where it doesn't know it.
pub(crate) fn mpm_query(query: i32) -> Option<i32> {
    let mut result = 0;
    // SAFETY: a valid place; MPMs answer with a status to questions that they don't know.
    let status = unsafe { ap_mpm_query(query, &mut result) };
    (status == 0 && result >= 0).then_some(result)
}

/// The server's state by number (ap_state_query); `None` for another.
pub(crate) fn state_query(query: i32) -> Option<i32> {
    // SAFETY: takes a number, and says AP_SQ_NOT_SUPPORTED, which is negative, to those that it doesn't know.
    Some(unsafe { ap_state_query(query) }).filter(|state| *state >= 0)
}

/// Source names of all modules, in the order in which httpd knows them (http_config.h:ap_loaded_modules).
pub(crate) fn loaded_modules() -> Vec<&'static [u8]> {
    let mut names = Vec::new();
    // SAFETY: the list ends with NULL and is changed while the configuration is read only; names live as long as their
    // modules.
    unsafe {
        let mut place = ap_loaded_modules;
        while let Some(module) = place.as_ref().and_then(|module| module.as_ref()) {
            names.extend(bytes(module.name));
            place = place.add(1);
        }
    }
    names
}

/// Names and help lines of a module's directives, by its source name; `None` where it isn't loaded or has none
/// (http_config.h:command_rec).
pub(crate) fn commands(module: &[u8]) -> Option<Vec<(&'static [u8], &'static [u8])>> {
    // SAFETY: as in `directive_owner`.
    with_cstr(module, |name| unsafe {
        let mut row = ap_find_linked_module(name.as_ptr()).as_ref()?.cmds;
        let mut rows = Vec::new();
        while let Some(command) = row.as_ref()
            && let Some(name) = bytes(command.name)
        {
            rows.push((name, bytes(command.errmsg).unwrap_or_default()));
            row = row.add(1);
        }
        (!rows.is_empty()).then_some(rows)
    })
    .flatten()
}

/// Executable, ServerRoot, file of the scoreboard, MPM: what httpd has of them.
pub(crate) fn info() -> [(&'static str, Option<&'static [u8]>); 4] {
    // SAFETY: set while the configuration is read, and not changed while requests are served.
    unsafe {
        [
            ("server_executable", bytes(ap_server_argv0)),
            ("server_root", bytes(ap_server_root)),
            ("scoreboard_fname", bytes(ap_scoreboard_fname)),
            ("server_mpm", bytes(ap_show_mpm())),
        ]
    }
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
