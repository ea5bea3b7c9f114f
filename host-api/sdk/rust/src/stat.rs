//! What is known of a file without reading it (apr_finfo_t).

use crate::ffi::{self, constant};

/// A file as apr_stat sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finfo {
    /// `APR_REG`, `APR_DIR`, `APR_LNK` and so on.
    pub filetype: u32,
    /// Permission bits as `APR_UEXECUTE`.
    pub protection: u32,
    /// Bytes.
    pub size: i64,
    /// Last change, microseconds since 1970.
    pub mtime: i64,
}

impl Finfo {
    /// Whether anybody may execute it, as the `-x` of RewriteCond asks.
    pub fn is_executable(&self) -> bool {
        self.protection & (constant::APR_UEXECUTE | constant::APR_GEXECUTE | constant::APR_WEXECUTE) != 0
    }
}

/// What a path leads to (apr_stat); the error is APR's status, for the log.
pub fn stat(path: &[u8]) -> Result<Finfo, i32> {
    finfo(path, 0)
}

/// What a path is, without following a link that it is itself (apr_stat with APR_FINFO_LINK).
pub fn lstat(path: &[u8]) -> Result<Finfo, i32> {
    finfo(path, 1)
}

/// Whether httpd would look at a path at all (ap_stat_check).
pub fn stat_check(path: &[u8]) -> bool {
    ffi::ap_stat_check(path) == 0
}

/// The home of a user of this machine (apr_uid_homepath_get).
pub fn uid_homepath(user: &[u8]) -> Option<Vec<u8>> {
    ffi::read(|buffer| ffi::apr_uid_homepath_get(user, buffer)).ok().flatten()
}

fn finfo(path: &[u8], link: u32) -> Result<Finfo, i32> {
    let mut raw = [0u8; 24];
    if ffi::apr_stat(path, link, &mut raw) != raw.len() as i32 {
        return Err(ffi::error_status());
    }
    let [a, b, c, d, e, f, g, h, rest @ ..] = raw;
    let [size, mtime] = [0, 1].map(|at| rest.as_chunks::<8>().0.get(at).map_or(0, |bytes| i64::from_le_bytes(*bytes)));
    Ok(Finfo { filetype: u32::from_le_bytes([a, b, c, d]), protection: u32::from_le_bytes([e, f, g, h]), size, mtime })
}
