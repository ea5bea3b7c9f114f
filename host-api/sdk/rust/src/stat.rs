//! What is known of a file without reading it (apr_finfo_t).

use crate::error::{Error, done};
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
    /// Last time it was read, microseconds since 1970.
    pub atime: i64,
    /// Last change of the file or of what is known of it, microseconds since 1970.
    pub ctime: i64,
    /// Its number on its device.
    pub inode: u64,
    /// The number of its device.
    pub device: u64,
    /// How many names it has.
    pub nlink: u32,
    /// Its user's number.
    pub user: u32,
    /// Its group's number.
    pub group: u32,
}

/// Bytes that the host answers with.
const FINFO: usize = 68;

impl Finfo {
    pub(crate) fn read(import: impl FnOnce(&mut [u8]) -> i32) -> Result<Finfo, Error> {
        let mut raw = [0; FINFO];
        done(import(&mut raw)).map(|()| Finfo::of(&raw))
    }

    fn of(raw: &[u8]) -> Finfo {
        let word = |at: usize| raw.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes);
        let long = |at: usize| u64::from(word(at)) | u64::from(word(at + 4)) << 32;
        let [size, mtime, atime, ctime] = [8, 16, 24, 32].map(|at| long(at) as i64);
        let [inode, device] = [40, 48].map(long);
        let [filetype, protection, nlink, user, group] = [0, 4, 56, 60, 64].map(word);
        Finfo { filetype, protection, size, mtime, atime, ctime, inode, device, nlink, user, group }
    }

    /// Whether anybody may execute it, as the `-x` of RewriteCond asks.
    pub fn is_executable(&self) -> bool {
        self.protection & (constant::APR_UEXECUTE | constant::APR_GEXECUTE | constant::APR_WEXECUTE) != 0
    }
}

/// What a path leads to (apr_stat); the error is APR's status, for the log.
pub fn stat(path: &[u8]) -> Result<Finfo, i32> {
    Finfo::read(|buffer| ffi::apr_stat(path, 0, buffer)).map_err(|_| ffi::error_status())
}

/// Whether a path leads to anything.
pub fn exists(path: &[u8]) -> bool {
    ffi::apr_stat(path, 0, &mut []) >= 0
}

/// What a path is, without following a link that it is itself (apr_stat with APR_FINFO_LINK).
pub fn lstat(path: &[u8]) -> Result<Finfo, i32> {
    Finfo::read(|buffer| ffi::apr_stat(path, 1, buffer)).map_err(|_| ffi::error_status())
}

/// What a path leads to, or without `follow` what it is even if that is a link; `None` where there is nothing.
pub fn find(path: &[u8], follow: bool) -> Option<Finfo> {
    let mut raw = [0; FINFO];
    (ffi::apr_stat(path, u32::from(!follow), &mut raw) >= 0).then(|| Finfo::of(&raw))
}

/// Whether httpd would look at a path at all (ap_stat_check).
pub fn stat_check(path: &[u8]) -> bool {
    ffi::ap_stat_check(path) == 0
}

/// The home of a user of this machine (apr_uid_homepath_get).
pub fn uid_homepath(user: &[u8]) -> Option<Vec<u8>> {
    ffi::read(|buffer| ffi::apr_uid_homepath_get(user, buffer)).ok().flatten()
}
