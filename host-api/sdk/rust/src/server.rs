//! Facts about the server: load, workers, SSL variables, modules, environment, the time.

use crate::{Request, ffi};

/// The load of 1, 5 and 15 minutes (ap_get_loadavg).
pub fn loadavg() -> [f64; 3] {
    let mut raw = [0u8; 24];
    ffi::ap_get_loadavg(&mut raw);
    let mut load = [0.0; 3];
    for (value, bytes) in load.iter_mut().zip(raw.as_chunks::<8>().0) {
        *value = f64::from_le_bytes(*bytes);
    }
    load
}

/// Idle and busy workers in percent (ap_get_sload).
pub fn sload() -> (i32, i32) {
    let mut raw = [0u8; 8];
    ffi::ap_get_sload(&mut raw);
    let [idle, busy] = [0, 1].map(|at| raw.as_chunks::<4>().0.get(at).map_or(0, |bytes| i32::from_le_bytes(*bytes)));
    (idle, busy)
}

/// An SSL variable; `None` without mod_ssl or where it is empty (ap_ssl_var_lookup).
pub fn ssl_var(r: &Request, name: &[u8]) -> Option<Vec<u8>> {
    ffi::read(|buffer| ffi::ap_ssl_var_lookup(r.handle(), name, buffer)).ok().flatten()
}

/// Microseconds since 1970 (apr_time_now).
pub fn time_now() -> i64 {
    ffi::apr_time_now()
}

/// Waits, at most for the time that a call of this module may take, against which it counts (apr_sleep).
pub fn sleep(microseconds: i64) {
    ffi::apr_sleep(microseconds);
}

/// The bytes that this module keeps under a key for all its instances in the process; see [`crate::ivm`] for values.
pub fn ivm_get(key: &[u8]) -> Option<Vec<u8>> {
    ffi::read(|buffer| ffi::ap_ivm_get(key, buffer)).ok().flatten()
}

/// Keeps a value under a key for all of this module's instances in the process; past a limit everything is forgotten.
pub fn ivm_set(key: &[u8], value: &[u8]) {
    ffi::ap_ivm_set(key, value);
}

/// Whether a module is loaded, by its source name `mod_proxy.c` (ap_find_linked_module).
pub fn has_module(name: &[u8]) -> bool {
    ffi::ap_find_linked_module(name) == 1
}

/// Whether httpd knows an HTTP status (ap_index_of_response).
pub fn knows_status(status: u32) -> bool {
    ffi::ap_index_of_response(status) >= 0
}

/// A variable of the environment that httpd was started with.
pub fn env(name: &[u8]) -> Option<Vec<u8>> {
    ffi::read(|buffer| ffi::apr_env_get(name, buffer)).ok().flatten()
}

/// A path below ServerRoot, or the path itself where it is absolute; `None` where it is none.
pub fn server_root_relative(path: &[u8]) -> Option<Vec<u8>> {
    ffi::read(|buffer| ffi::ap_server_root_relative(path, buffer)).ok().flatten()
}

/// What the MPM says to a question `AP_MPMQ_*`; `None` where it doesn't know it (ap_mpm_query).
pub fn mpm_query(query: u32) -> Option<i64> {
    Some(ffi::ap_mpm_query(query)).filter(|answer| *answer >= 0)
}

/// The server's state, by `AP_SQ_*`; `None` for another number (ap_state_query).
pub fn state_query(query: u32) -> Option<i64> {
    Some(ffi::ap_state_query(query)).filter(|answer| *answer >= 0)
}

/// Whether -D or Define gave a name (ap_exists_config_define).
pub fn exists_config_define(name: &[u8]) -> bool {
    ffi::ap_exists_config_define(name) == 1
}

/// A path below DefaultRuntimeDir, or the path itself where it is absolute; `None` where it is none.
pub fn runtime_dir_relative(path: &[u8]) -> Option<Vec<u8>> {
    ffi::read(|buffer| ffi::ap_runtime_dir_relative(path, buffer)).ok().flatten()
}
