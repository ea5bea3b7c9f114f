//! apr_thread_proc.h: a program that answers each line with a line, started by the parent, asked by its children, which
//! share its pipes. Who may start which, host/map.rs knows.

use super::bindings::*;
use super::configuring::Configuring;
use super::guard::guard;
use super::log;
use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr::{NonNull, null, null_mut};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Longest answer in bytes.
const LONGEST: usize = 1 << 20;

/// A program with its arguments, and where to reach it once it runs.
pub(crate) struct Program {
    argv: Vec<CString>,
    user: Option<CString>,
    group: Option<CString>,
    running: OnceLock<Running>,
}

/// The server's ends of the pipes, and what the children tell each other about them.
struct Running {
    to: c_int,
    from: c_int,
    shared: NonNull<Shared>,
}

// SAFETY: two numbers, and memory that is only used through atomics.
unsafe impl Send for Running {}
// SAFETY: as above.
unsafe impl Sync for Running {}

/// In memory that all children share.
#[derive(Default)]
struct Shared {
    /// Lines whose answers didn't come in time, or not whole: so many ends of answers are still to come, for nobody.
    late: AtomicU32,
    /// 1 where part of a line was sent: what follows would be taken for the rest of it.
    torn: AtomicU32,
}

/// Why a program gave no answer.
pub(crate) enum NoAnswer {
    /// It was never started.
    NotRunning,
    /// It took too long, or did so before and can't be asked any more.
    TooLong,
    /// It answered more than a line may have.
    TooMuch,
}

impl Program {
    /// Takes a command line apart (apr_tokenize_to_argv), the program below ServerRoot. The error is a text.
    pub(crate) fn new(
        command: &[u8],
        user: &[u8],
        group: &[u8],
        now: Configuring<'_>,
    ) -> Result<Program, &'static str> {
        let pool = now.pool();
        let command = pool.strdup(command).ok_or("the command line holds a NUL")?;
        let mut words: *mut *mut c_char = null_mut();
        // SAFETY: the pool lives; on success the words end with NULL and are in the pool.
        let mut argv: Vec<CString> = unsafe {
            if apr_tokenize_to_argv(command, &mut words, pool.raw()) != 0 {
                return Err("the command line can't be taken apart");
            }
            (0..)
                .map(|at| *words.add(at))
                .take_while(|word| !word.is_null())
                .map(|word| CStr::from_ptr(word).into())
                .collect()
        };
        let first = argv.first_mut().ok_or("the command line is empty")?;
        let path = pool.server_root_relative(first.to_bytes()).ok_or("bad path")?;
        *first = CString::new(path).map_err(|_| "bad path")?;
        let name = |name: &[u8]| match name {
            b"" => Ok(None),
            name => CString::new(name).map(Some).map_err(|_| "a name holds a NUL"),
        };
        Ok(Program { argv, user: name(user)?, group: name(group)?, running: OnceLock::new() })
    }

    /// The program's path.
    pub(crate) fn path(&self) -> &[u8] {
        self.argv.first().map_or(b"", |path| path.to_bytes())
    }

    /// Starts it, until the configuration ends; nothing to do where it runs. The error is APR's status.
    pub(crate) fn start(&self, now: Configuring<'_>) -> Result<(), i32> {
        if self.running.get().is_some() {
            return Ok(());
        }
        let pool = now.pool().raw();
        let mut argv: Vec<*const c_char> = self.argv.iter().map(|word| word.as_ptr()).collect();
        argv.push(null());
        let folder = apr_parent(self.path());
        let mut attributes = null_mut();
        // SAFETY: the pool lives as long as the configuration, and with it what APR makes in it; the strings live until
        // the process has been made; the callback is of the right type.
        unsafe {
            let process = apr_palloc(pool, size_of::<apr_proc_t>()).cast::<apr_proc_t>();
            process.write(std::mem::zeroed());
            done(apr_procattr_create(&mut attributes, pool))?;
            done(apr_procattr_io_set(attributes, APR_FULL_BLOCK as i32, APR_FULL_BLOCK as i32, APR_NO_PIPE as i32))?;
            done(apr_procattr_dir_set(attributes, folder.as_ptr()))?;
            if let Some(user) = &self.user {
                done(apr_procattr_user_set(attributes, user.as_ptr(), c"".as_ptr()))?;
            }
            if let Some(group) = &self.group {
                done(apr_procattr_group_set(attributes, group.as_ptr()))?;
            }
            done(apr_procattr_cmdtype_set(attributes, apr_cmdtype_e_APR_PROGRAM))?;
            done(apr_procattr_child_errfn_set(attributes, Some(not_started)))?;
            done(apr_procattr_error_check_set(attributes, 1))?;
            let program = argv.first().copied().unwrap_or(null());
            done(apr_proc_create(process, program, argv.as_ptr(), null(), attributes, pool))?;
            apr_pool_note_subprocess(pool, process, apr_kill_conditions_e_APR_KILL_AFTER_TIMEOUT);
            let (mut to, mut from) = (-1, -1);
            done(apr_os_file_get(&mut to, (*process).in_))?;
            done(apr_os_file_get(&mut from, (*process).out))?;
            for fd in [to, from] {
                let flags = libc::fcntl(fd, libc::F_GETFL);
                if flags < 0 || libc::fcntl(fd, libc::F_SETFL, flags | libc::O_NONBLOCK) < 0 {
                    return Err(errno());
                }
            }
            let _ = self.running.set(Running { to, from, shared: shared()? });
        }
        Ok(())
    }

    /// Sends a line and gives the line that comes back, which may take so long; what came until the program ended,
    /// where it did. The caller holds the lock of all who ask.
    pub(crate) fn ask(&self, line: &[u8], until: Instant) -> Result<Vec<u8>, NoAnswer> {
        let running = self.running.get().ok_or(NoAnswer::NotRunning)?;
        // SAFETY: mapped by `shared`, unmapped by `drop`.
        let shared = unsafe { running.shared.as_ref() };
        if shared.torn.load(Ordering::Relaxed) != 0 {
            return Err(NoAnswer::TooLong);
        }
        while shared.late.load(Ordering::Relaxed) > 0 {
            // Only the answer of an earlier line; an end comes again.
            running.read_line(until)?;
            shared.late.fetch_sub(1, Ordering::Relaxed);
        }
        let mut rest = [line, b"\n"].concat();
        while !rest.is_empty() {
            // SAFETY: the bytes are readable; a pipe whose reader has gone is an error, since httpd ignores SIGPIPE.
            let sent = unsafe { libc::write(running.to, rest.as_ptr().cast(), rest.len()) };
            match usize::try_from(sent) {
                Ok(sent) => drop(rest.drain(..sent.min(rest.len()))),
                Err(_) if !again() => break,
                Err(_) => {
                    if !ready(running.to, libc::POLLOUT, until) {
                        shared.torn.store(u32::from(rest.len() <= line.len()), Ordering::Relaxed);
                        return Err(NoAnswer::TooLong);
                    }
                }
            }
        }
        let answer = running.read_line(until);
        // What is left of a long answer isn't the next one's either.
        if answer.is_err() {
            shared.late.fetch_add(1, Ordering::Relaxed);
        }
        answer
    }
}

impl Running {
    /// Reads up to the end of a line, byte by byte: what follows belongs to the next who asks.
    fn read_line(&self, until: Instant) -> Result<Vec<u8>, NoAnswer> {
        let mut line = Vec::new();
        loop {
            let mut byte = 0u8;
            // SAFETY: room for one byte.
            match unsafe { libc::read(self.from, (&raw mut byte).cast(), 1) } {
                1 if byte == b'\n' => return Ok(line),
                1 if line.len() >= LONGEST => return Err(NoAnswer::TooMuch),
                1 => line.push(byte),
                0 => return Ok(line),
                _ if !again() => return Ok(line),
                _ if ready(self.from, libc::POLLIN, until) => {}
                _ => return Err(NoAnswer::TooLong),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // SAFETY: mapped by `shared`. The pipes are APR's to close.
        unsafe { libc::munmap(self.shared.as_ptr().cast(), size_of::<Shared>()) };
    }
}

/// Whether a read or write is to be tried again.
fn again() -> bool {
    matches!(errno(), libc::EAGAIN | libc::EINTR)
}

fn errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

/// Waits until something can be read or written; `false` where the time is over.
fn ready(fd: c_int, events: i16, until: Instant) -> bool {
    let left = until.saturating_duration_since(Instant::now());
    if left == Duration::ZERO {
        return false;
    }
    let mut wait = libc::pollfd { fd, events, revents: 0 };
    let milliseconds = i32::try_from(left.as_millis()).unwrap_or(i32::MAX).max(1);
    // SAFETY: one valid structure. What it says is found out by the next read or write.
    unsafe { libc::poll(&mut wait, 1, milliseconds) };
    true
}

/// Memory for all children.
fn shared() -> Result<NonNull<Shared>, i32> {
    let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED | libc::MAP_ANONYMOUS);
    // SAFETY: a new mapping; all-zero is a valid `Shared`.
    let address = unsafe { libc::mmap(null_mut(), size_of::<Shared>(), protection, flags, -1, 0) };
    if address == libc::MAP_FAILED { Err(errno()) } else { NonNull::new(address.cast()).ok_or(libc::ENOMEM) }
}

/// The folder of a path, with its slash (ap_make_dirstr_parent).
fn apr_parent(path: &[u8]) -> CString {
    let end = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    path.get(..end).and_then(|folder| CString::new(folder).ok()).unwrap_or_default()
}

fn done(status: apr_status_t) -> Result<(), i32> {
    if status == 0 { Ok(()) } else { Err(status) }
}

/// Runs in the new process, where the program can't be started.
unsafe extern "C" fn not_started(_pool: *mut apr_pool_t, status: apr_status_t, text: *const c_char) {
    guard((), || {
        // SAFETY: APR's text.
        let text = unsafe { super::bytes::bytes(text) }.unwrap_or_default();
        let mark = log::Mark { file: file!().as_bytes(), line: line!(), module_index: log::NO_MODULE };
        log::error(mark, APLOG_ERR, status, None, text);
    });
}
