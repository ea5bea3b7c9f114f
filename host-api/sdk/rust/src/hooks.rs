//! What some hooks are given beside their request, or give beside their status.

use crate::ffi;

/// In quick_handler: whether a subrequest only looks the URL up, which is not to be answered then.
pub fn is_lookup() -> bool {
    ffi::ap_hook_number() == 1
}

/// In note_auth_failure: the type of authentication that the client is asked for.
pub fn auth_type() -> Option<Vec<u8>> {
    ffi::read(ffi::ap_hook_text).ok().flatten()
}

/// In generate_log_id: the id of the request; `false` where it isn't printable.
pub fn set_log_id(id: impl AsRef<[u8]>) -> bool {
    ffi::ap_hook_set_text(id.as_ref()) == 0
}
