//! Files and directories, with the rights of httpd's user, while requests are served. Group `file`, which
//! `WasmApi +file` allows. What is open is closed at the latest when the present call ends.

use crate::Request;
use crate::error::{Error, bytes, done, handle};
use crate::ffi::{self, constant};
use crate::stat::Finfo;
use crate::table::strings;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// Permissions of APR: the digits of a mode, in hexadecimal. This one leaves them to the umask.
pub const APR_FPROT_OS_DEFAULT: u32 = 0x0fff;

/// The names in a directory, `.` and `..` first (apr_dir_read; r:get_direntries in mod_lua).
pub fn get_direntries(path: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    bytes(|buffer| ffi::apr_dir_read(path, buffer)).map(strings)
}

/// Makes a directory (apr_dir_make).
pub fn mkdir(path: &[u8], permissions: u32) -> Result<(), Error> {
    done(ffi::apr_dir_make(path, permissions))
}

/// Makes a directory and those above it (apr_dir_make_recursive; r:mkrdir in mod_lua).
pub fn mkrdir(path: &[u8], permissions: u32) -> Result<(), Error> {
    done(ffi::apr_dir_make_recursive(path, permissions))
}

/// Removes an empty directory (apr_dir_remove).
pub fn rmdir(path: &[u8]) -> Result<(), Error> {
    done(ffi::apr_dir_remove(path))
}

/// Sets the time of a file's last change, in microseconds since 1970; `None` is now (apr_file_mtime_set).
pub fn touch(path: &[u8], mtime: Option<i64>) -> Result<(), Error> {
    done(ffi::apr_file_mtime_set(path, mtime.unwrap_or_else(ffi::apr_time_now)))
}

/// Removes a file (apr_file_remove).
pub fn remove(path: &[u8]) -> Result<(), Error> {
    done(ffi::apr_file_remove(path))
}

/// Gives a file another name (apr_file_rename).
pub fn rename(from: &[u8], to: &[u8]) -> Result<(), Error> {
    done(ffi::apr_file_rename(from, to))
}

/// The whole of a file.
pub fn read(path: &[u8]) -> Result<Vec<u8>, Error> {
    let file = File::open(path, constant::APR_FOPEN_READ)?;
    let mut all = Vec::new();
    loop {
        let part = file.read_at(all.len() as i64, PART)?;
        if part.is_empty() {
            return Ok(all);
        }
        all.extend_from_slice(&part);
    }
}

/// Makes a file of these bytes, in place of what it held.
pub fn write(path: &[u8], data: impl AsRef<[u8]>) -> Result<(), Error> {
    let flags = constant::APR_FOPEN_WRITE | constant::APR_FOPEN_CREATE | constant::APR_FOPEN_TRUNCATE;
    File::open(path, flags)?.write_at(0, data.as_ref())
}

/// Writes bytes at the end of a file, which is made where there is none.
pub fn append(path: &[u8], data: impl AsRef<[u8]>) -> Result<(), Error> {
    let flags = constant::APR_FOPEN_WRITE | constant::APR_FOPEN_CREATE | constant::APR_FOPEN_APPEND;
    File::open(path, flags)?.write_at(0, data.as_ref())
}

/// Sends a file as part of the answer's body: how many bytes (ap_send_fd; r:sendfile in mod_lua).
pub fn send(r: &Request, path: &[u8]) -> Result<u64, Error> {
    let sent = ffi::ap_send_fd(r.handle(), path, 0, -1);
    u64::try_from(sent).map_err(|_| Error::of(sent))
}

/// Bytes that are read at once.
const PART: u32 = 65_536;

/// An open file, with the place where it is read and written next.
#[derive(Debug)]
pub struct File {
    handle: u32,
    position: i64,
}

impl File {
    /// Opens a file by flags `APR_FOPEN_*`; one that is made gets the usual permissions (apr_file_open).
    pub fn open(path: &[u8], flags: u32) -> Result<File, Error> {
        File::open_with(path, flags, APR_FPROT_OS_DEFAULT)
    }

    /// The same with permissions for a file that is made.
    pub fn open_with(path: &[u8], flags: u32, permissions: u32) -> Result<File, Error> {
        handle(ffi::apr_file_open(path, flags, permissions)).map(|handle| File { handle, position: 0 })
    }

    /// Bytes from an offset on, at most so many and 1 MB; none at the end.
    pub fn read_at(&self, offset: i64, count: u32) -> Result<Vec<u8>, Error> {
        bytes(|buffer| ffi::apr_file_read_full(self.handle, offset, count, buffer))
    }

    /// Writes bytes at an offset, or at the end where it was opened for that.
    pub fn write_at(&self, offset: i64, data: &[u8]) -> Result<(), Error> {
        done(ffi::apr_file_write_full(self.handle, offset, data))
    }

    /// Type, size, times and so on (apr_file_info_get).
    pub fn info(&self) -> Result<Finfo, Error> {
        Finfo::read(|buffer| ffi::apr_file_info_get(self.handle, buffer))
    }

    /// Sets the size (apr_file_trunc).
    pub fn set_size(&self, size: i64) -> Result<(), Error> {
        done(ffi::apr_file_trunc(self.handle, size))
    }
}

impl Drop for File {
    fn drop(&mut self) {
        ffi::apr_file_close(self.handle);
    }
}

impl Read for File {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(PART as usize);
        let room = buffer.get_mut(..count).unwrap_or_default();
        let length = ffi::apr_file_read_full(self.handle, self.position, count as u32, room);
        let length = usize::try_from(length).map_err(|_| io::Error::other(Error::of(length.into())))?;
        self.position += length as i64;
        Ok(length)
    }
}

impl Write for File {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.write_at(self.position, data).map_err(io::Error::other)?;
        self.position += data.len() as i64;
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for File {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => i64::try_from(at).ok(),
            SeekFrom::Current(by) => self.position.checked_add(by),
            SeekFrom::End(by) => self.info().map_err(io::Error::other)?.size.checked_add(by),
        };
        let at = at.filter(|at| *at >= 0).ok_or(io::ErrorKind::InvalidInput)?;
        self.position = at;
        Ok(at as u64)
    }
}
