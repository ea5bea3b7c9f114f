//! sys/stat.h: what the system knows of a file. Knows nothing of how APR or a guest sees it.

use super::bytes::with_cstr;
use std::ffi::CStr;
use std::fs::File;
use std::io::Error;
use std::mem::MaybeUninit;
use std::os::fd::AsRawFd;

/// What a path leads to, or where `link` is set what it is itself; the error is an errno.
pub(crate) fn stat(path: &[u8], link: bool) -> Result<libc::stat, i32> {
    with_cstr(path, |path| stat_cstr(path, link)).unwrap_or(Err(libc::EINVAL))
}

/// As [`stat`], of a path that is a C string already.
#[inline]
pub(super) fn stat_cstr(path: &CStr, link: bool) -> Result<libc::stat, i32> {
    let mut found = MaybeUninit::uninit();
    let (path, place) = (path.as_ptr(), found.as_mut_ptr());
    // SAFETY: the path ends with a NUL, and `found` is a place for one `stat`.
    let answer = unsafe { if link { libc::lstat(path, place) } else { libc::stat(path, place) } };
    // SAFETY: the functions fill it where they answer 0.
    filled(answer, || unsafe { found.assume_init() })
}

/// What an open file is; the error is an errno.
pub(crate) fn fstat(file: &File) -> Result<libc::stat, i32> {
    let mut found = MaybeUninit::uninit();
    // SAFETY: the file is open, and `found` is a place for one `stat`.
    let answer = unsafe { libc::fstat(file.as_raw_fd(), found.as_mut_ptr()) };
    // SAFETY: as in `stat_cstr`.
    filled(answer, || unsafe { found.assume_init() })
}

fn filled(answer: i32, found: impl FnOnce() -> libc::stat) -> Result<libc::stat, i32> {
    if answer == 0 { Ok(found()) } else { Err(Error::last_os_error().raw_os_error().unwrap_or(0)) }
}
