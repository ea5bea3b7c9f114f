//! Group `file`: directories and files, with the rights of those who serve requests. Open files are closed when the call
//! ends.

use super::stat::{permissions, write_finfo};
use super::{Code, FileFunctions, Host, Reply};
use crate::httpd::{server, stat};
use crate::process;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt};
use std::path::PathBuf;

/// APR_FOPEN_*.
const READ: u32 = 0x01;
const WRITE: u32 = 0x02;
const CREATE: u32 = 0x04;
const APPEND: u32 = 0x08;
const TRUNCATE: u32 = 0x10;
const EXCL: u32 = 0x40;
/// APR_FPROT_OS_DEFAULT: anything for a directory, and no execution for a file (apr's open.c:apr_file_open).
const OS_DEFAULT: u32 = 0x0fff;
const KNOWN: u32 = READ | WRITE | CREATE | APPEND | TRUNCATE | EXCL;

/// Most bytes that one read gives.
const MOST_READ: u32 = 1 << 20;

/// A file that a guest has opened.
struct Open {
    file: File,
    appends: bool,
}

/// A file that was given to httpd to be sent: it takes the place of one that is open.
struct Sending;

impl Host {
    /// A path, for those who serve requests: before that httpd may have the rights of its administrator.
    fn path(&self, path: &[u8]) -> Reply<PathBuf> {
        if !process::serving() {
            return Err(Code::NOT_NOW);
        }
        if path.contains(&0) { Err(Code::BAD_VALUE) } else { Ok(process::path(path)) }
    }

    /// Fails with APR's status, which is that of the system.
    pub(super) fn io<T>(&mut self, result: io::Result<T>) -> Reply<T> {
        result.or_else(|why| self.fail_with(why.raw_os_error().unwrap_or(0), why.kind().to_string().as_bytes()))
    }

    fn open_file(&mut self, handle: u32) -> Reply<&mut Open> {
        self.lent.opened.get(handle).ok_or(Code::BAD_HANDLE)
    }
}

/// Whether a file is the memory of a process, or what the kernel has to say of one, opened to be written: the server's own
/// would be open to who serves requests unless httpd was started as root.
fn is_of_process(file: &File, writes: bool) -> io::Result<bool> {
    let Ok(proc) = fs::metadata("/proc/self") else { return Ok(false) };
    if file.metadata()?.dev() != proc.dev() {
        return Ok(false);
    }
    let name = fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd()))?;
    Ok(writes || name.file_name().is_some_and(|name| name == "mem"))
}

fn make(path: &PathBuf, mode: u32, recursive: bool) -> io::Result<()> {
    DirBuilder::new().recursive(recursive).mode(permissions(mode)).create(path)
}

fn read_at(file: &File, offset: u64, part: &mut Vec<u8>) -> io::Result<()> {
    let mut length = 0;
    while let Some(rest) = part.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, offset + length as u64) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(why) if why.kind() == ErrorKind::Interrupted => {}
            Err(why) => return Err(why),
        }
    }
    part.truncate(length);
    Ok(())
}

impl FileFunctions for Host {
    fn apr_dir_read(&mut self, path: &[u8]) -> Reply<&[u8]> {
        let path = self.path(path)?;
        let names =
            fs::read_dir(path).and_then(|entries| entries.map(|entry| Ok(entry?.file_name().into_vec())).collect());
        let names: Vec<Vec<u8>> = self.io(names)?;
        self.texts([b".".to_vec(), b"..".to_vec()].into_iter().chain(names))
    }

    fn apr_dir_make(&mut self, path: &[u8], mode: u32) -> Reply<()> {
        let path = self.path(path)?;
        self.io(make(&path, mode, false))
    }

    fn apr_dir_make_recursive(&mut self, path: &[u8], mode: u32) -> Reply<()> {
        let path = self.path(path)?;
        self.io(make(&path, mode, true))
    }

    fn apr_dir_remove(&mut self, path: &[u8]) -> Reply<()> {
        let path = self.path(path)?;
        self.io(fs::remove_dir(path))
    }

    fn apr_file_mtime_set(&mut self, path: &[u8], mtime: i64) -> Reply<()> {
        self.path(path)?;
        match server::file_mtime_set(path, mtime) {
            0 => Ok(()),
            status => self.fail_with(status, b"the time can't be set"),
        }
    }

    fn apr_file_remove(&mut self, path: &[u8]) -> Reply<()> {
        let path = self.path(path)?;
        self.io(fs::remove_file(path))
    }

    fn apr_file_rename(&mut self, from: &[u8], to: &[u8]) -> Reply<()> {
        let (from, to) = (self.path(from)?, self.path(to)?);
        self.io(fs::rename(from, to))
    }

    fn apr_file_open(&mut self, path: &[u8], flags: u32, mode: u32) -> Reply<i64> {
        let path = self.path(path)?;
        if flags & !KNOWN != 0 || flags & (READ | WRITE) == 0 {
            return Err(Code::BAD_VALUE);
        }
        if self.lent.request().is_none() {
            return Err(Code::NOT_NOW);
        }
        if self.lent.opened.is_full() {
            return Err(Code::LIMIT);
        }
        let has = |flag: u32| flags & flag != 0;
        let mode = if mode == OS_DEFAULT { 0o666 } else { permissions(mode) };
        let mut options = OpenOptions::new();
        options.read(has(READ)).write(has(WRITE) && !has(APPEND)).append(has(WRITE) && has(APPEND));
        options.truncate(has(TRUNCATE)).create(has(CREATE)).create_new(has(CREATE) && has(EXCL)).mode(mode);
        // Opening a pipe that nobody writes to would wait for ever.
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
        let opened = options.open(path).and_then(|file| {
            if is_of_process(&file, has(WRITE))? { Err(io::Error::from_raw_os_error(libc::EACCES)) } else { Ok(file) }
        });
        let file = self.io(opened)?;
        let open = Open { file, appends: has(WRITE) && has(APPEND) };
        self.lent.opened.add(0, open).map(i64::from).ok_or(Code::LIMIT)
    }

    fn apr_file_read_full(&mut self, file: u32, offset: i64, count: u32) -> Reply<&[u8]> {
        let mut part = std::mem::take(&mut self.answer);
        let open = self.open_file(file)?;
        let offset = u64::try_from(offset).map_err(|_| Code::BAD_VALUE)?;
        part.clear();
        part.resize(count.min(MOST_READ) as usize, 0);
        let read = read_at(&open.file, offset, &mut part);
        self.io(read)?;
        self.answer = part;
        Ok(&self.answer)
    }

    fn apr_file_write_full(&mut self, file: u32, offset: i64, data: &[u8]) -> Reply<()> {
        let open = self.open_file(file)?;
        let written = match open.appends {
            true => io::Write::write_all(&mut open.file, data),
            false => open.file.write_all_at(data, u64::try_from(offset).map_err(|_| Code::BAD_VALUE)?),
        };
        self.io(written)
    }

    fn apr_file_info_get(&mut self, file: u32) -> Reply<&[u8]> {
        let found = stat::fstat(&self.open_file(file)?.file).map_err(io::Error::from_raw_os_error);
        let found = self.io(found)?;
        write_finfo(&found, &mut self.answer);
        Ok(&self.answer)
    }

    fn apr_file_trunc(&mut self, file: u32, size: i64) -> Reply<()> {
        let open = self.open_file(file)?;
        let cut = open.file.set_len(u64::try_from(size).map_err(|_| Code::BAD_VALUE)?);
        self.io(cut)
    }

    fn ap_send_fd(&mut self, r: u32, path: &[u8], offset: i64, length: i64) -> Reply<i64> {
        self.path(path)?;
        if offset < 0 || length < -1 {
            return Err(Code::BAD_VALUE);
        }
        if self.lent.opened.is_full() {
            return Err(Code::LIMIT);
        }
        match self.answering(r)?.send_file(path, offset, Some(length).filter(|length| *length >= 0)) {
            Ok(sent) => {
                self.wrote = true;
                // httpd may still be sending it, and closes it with the request.
                self.lent.opened.add(0, Sending);
                Ok(sent)
            }
            Err(status) => self.fail_with(status, b"the file can't be sent"),
        }
    }

    fn apr_file_close(&mut self, file: u32) -> Reply<()> {
        if self.lent.opened.close::<Open>(file) { Ok(()) } else { Err(Code::BAD_HANDLE) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_of_a_process_is_no_file_for_guests() {
        let open = |path: &str, writes| {
            is_of_process(&OpenOptions::new().read(true).write(writes).open(path).unwrap(), writes).unwrap()
        };
        assert!(open("/proc/self/mem", false) && open("/proc/self/mem", true) && open("/proc/self/comm", true));
        assert!(!open("/proc/self/comm", false) && !open("/dev/null", true) && !open("/etc/passwd", false));
    }
}
