//! Group `stat`: what is known of a file without reading it.

use super::{Code, Host, Reply, RequestFunctions, StatFunctions};
use crate::httpd::{stat, text};

/// Bytes of an apr_finfo_t.
const FINFO: usize = 68;

/// apr_filetype_e.
fn filetype(mode: u32) -> u32 {
    match mode & libc::S_IFMT {
        libc::S_IFREG => 1,
        libc::S_IFDIR => 2,
        libc::S_IFCHR => 3,
        libc::S_IFBLK => 4,
        libc::S_IFIFO => 5,
        libc::S_IFLNK => 6,
        libc::S_IFSOCK => 7,
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

/// apr_finfo_t, as apr_stat answers it, in place of what `to` holds.
pub(super) fn write_finfo(found: &libc::stat, to: &mut Vec<u8>) {
    to.clear();
    to.reserve(FINFO);
    let times = [
        (found.st_mtime, found.st_mtime_nsec),
        (found.st_atime, found.st_atime_nsec),
        (found.st_ctime, found.st_ctime_nsec),
    ];
    to.extend(filetype(found.st_mode).to_le_bytes());
    to.extend(protection(found.st_mode).to_le_bytes());
    to.extend(found.st_size.to_le_bytes());
    to.extend(times.map(|(seconds, nanoseconds)| time(seconds, nanoseconds).to_le_bytes()).as_flattened());
    to.extend(found.st_ino.to_le_bytes());
    to.extend(found.st_dev.to_le_bytes());
    to.extend(u32::try_from(found.st_nlink).unwrap_or(u32::MAX).to_le_bytes());
    to.extend(found.st_uid.to_le_bytes());
    to.extend(found.st_gid.to_le_bytes());
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
        match stat::stat(name, link == 1) {
            Ok(found) => {
                write_finfo(&found, &mut self.answer);
                Ok(&self.answer)
            }
            Err(status) => self.fail_with(status, b"there is nothing that httpd can see"),
        }
    }

    fn ap_core_translate_unless(&mut self, r: u32, edits: &[u8], path: &[u8], uri: &[u8]) -> Reply<i64> {
        if path.contains(&0) {
            return Err(Code::BAD_VALUE);
        }
        self.write_many(r, edits)?;
        match stat::stat(path, false) {
            Ok(_) => Err(Code::NONE),
            Err(_) => self.ap_core_translate(r, uri),
        }
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
