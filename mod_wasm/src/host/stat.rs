//! Group `stat`: what is known of a file without reading it.

use super::{Code, Host, Reply, StatFunctions};
use crate::httpd::text;
use std::ffi::OsStr;
use std::fs::{self, FileType, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::Path;

/// apr_filetype_e.
fn filetype(kind: FileType) -> u32 {
    match kind {
        kind if kind.is_file() => 1,
        kind if kind.is_dir() => 2,
        kind if kind.is_char_device() => 3,
        kind if kind.is_block_device() => 4,
        kind if kind.is_fifo() => 5,
        kind if kind.is_symlink() => 6,
        kind if kind.is_socket() => 7,
        _ => 127,
    }
}

/// apr_fileperms_t: the digits of a mode become hexadecimal ones.
fn protection(mode: u32) -> u32 {
    (mode & 0o700) << 2 | (mode & 0o070) << 1 | (mode & 0o007)
}

/// The mode of an apr_fileperms_t, without setuid and the like.
pub(super) fn permissions(protection: u32) -> u32 {
    (protection & 0x700) >> 2 | (protection & 0x070) >> 1 | (protection & 0x007)
}

/// apr_time_t, in microseconds.
fn time(seconds: i64, nanoseconds: i64) -> i64 {
    seconds.saturating_mul(1_000_000).saturating_add(nanoseconds / 1_000)
}

/// apr_finfo_t, as apr_stat answers it, in place of what `answer` holds.
pub(super) fn write_finfo(found: &Metadata, answer: &mut Vec<u8>) {
    answer.clear();
    answer.extend_from_slice(&filetype(found.file_type()).to_le_bytes());
    answer.extend_from_slice(&protection(found.permissions().mode()).to_le_bytes());
    let times = [(found.mtime(), found.mtime_nsec()), (found.atime(), found.atime_nsec()), (found.ctime(), found.ctime_nsec())];
    let [mtime, atime, ctime] = times.map(|(seconds, nanoseconds)| time(seconds, nanoseconds) as u64);
    for number in [found.size(), mtime, atime, ctime, found.ino(), found.dev()] {
        answer.extend_from_slice(&number.to_le_bytes());
    }
    for number in [u32::try_from(found.nlink()).unwrap_or(u32::MAX), found.uid(), found.gid()] {
        answer.extend_from_slice(&number.to_le_bytes());
    }
}

impl StatFunctions for Host {
    fn ap_stat_check(&mut self, path: &[u8]) -> Reply<()> {
        match text::stat_check(self.lent.request(), path) {
            Ok(()) => Ok(()),
            Err(status) => self.fail_with(status, b"httpd does not look at this path"),
        }
    }

    fn apr_stat(&mut self, name: &[u8], link: u32) -> Reply<&[u8]> {
        if name.contains(&0) || link > 1 {
            return Err(Code::BAD_VALUE);
        }
        let path = Path::new(OsStr::from_bytes(name));
        let found = if link == 1 { fs::symlink_metadata(path) } else { fs::metadata(path) };
        let found = match found {
            Ok(found) => found,
            Err(why) => return self.fail_with(why.raw_os_error().unwrap_or(0), b"there is nothing that httpd can see"),
        };
        write_finfo(&found, &mut self.answer);
        Ok(&self.answer)
    }

    fn apr_uid_homepath_get(&mut self, user: &[u8]) -> Reply<&[u8]> {
        match text::homepath(user) {
            Ok(home) => {
                self.answer = home;
                Ok(&self.answer)
            }
            Err(status) => self.fail_with(status, b"no such user"),
        }
    }
}
