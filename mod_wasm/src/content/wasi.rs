//! WASI preview 1 for programs that answer requests. Standard input and output, arguments, environment, clocks and exit
//! are the request's and are done here, in bytes and without a copy; files and the rest are wasmtime-wasi's.

use super::poll;
use super::run::Run;
use super::strings::Strings;
use crate::process;
use crate::runtime::{Exit, ticks};
use std::pin::pin;
use std::time::{Duration, Instant};
use wasmtime::{AsContextMut, Caller, Linker, Result, Trap};
use wasmtime_wasi::p1::wasi_snapshot_preview1 as files;
use wasmtime_wasi::p1::wasi_snapshot_preview1::WasiSnapshotPreview1;
use wasmtime_wasi::runtime::poll_noop;
use wiggle::GuestMemory;

const MODULE: &str = "wasi_snapshot_preview1";
/// Most buffers of one read or write.
const MOST_BUFFERS: u32 = 1_024;
/// A wait that is shorter is not told from work.
const SHORT: Duration = Duration::from_millis(1);

/// Numbers of errors (wasi_snapshot_preview1's errno).
pub(super) mod errno {
    pub(in super::super) const SUCCESS: i32 = 0;
    pub(in super::super) const BADF: i32 = 8;
    pub(in super::super) const INVAL: i32 = 28;
}

/// Why a program was ended; what is to be done then, `Run` knows.
#[derive(Debug, thiserror::Error)]
#[error("the program is ended")]
struct Ended;

/// The program's memory and what the host knows of its run, side by side.
#[inline]
pub(super) fn parts<'c>(caller: &'c mut Caller<'_, Run>) -> (&'c mut [u8], &'c mut Run) {
    match caller.data().memory {
        Some(memory) => memory.data_and_store_mut(caller),
        None => (&mut [], caller.data_mut()),
    }
}

/// The error that ends the program.
pub(super) fn ended(run: &mut Run, end: super::output::End) -> wasmtime::Error {
    run.end = Some(end);
    Ended.into()
}

/// After a wait: the program has what is left of its time.
pub(super) fn goes_on(caller: &mut Caller<'_, Run>) {
    if let Some(runtime) = process::existing_runtime() {
        let left = caller.data().time_left();
        caller.as_context_mut().set_epoch_deadline(ticks(left, runtime.epoch()));
        runtime.goes_on();
    }
}

/// Does what may have to wait for the client, whose time is not the program's.
fn waiting<R>(caller: &mut Caller<'_, Run>, wait: impl FnOnce(&mut [u8], &mut Run) -> R) -> R {
    let before = Instant::now();
    let (memory, run) = parts(caller);
    let result = wait(memory, run);
    let waited = before.elapsed();
    if waited > SHORT {
        run.waited += waited;
        goes_on(caller);
    }
    result
}

/// Does a function of wasmtime-wasi. It never has to wait for another thread, since the context allows it to block.
macro_rules! file_function {
    ($caller:ident, $name:ident($($argument:expr),*)) => {{
        let fuel = $caller.as_context_mut().hostcall_fuel();
        let (memory, run) = parts(&mut $caller);
        let wasi = run.wasi();
        wasi.set_hostcall_fuel(fuel);
        let mut memory = GuestMemory::Unshared(memory);
        poll_noop(pin!(files::$name(wasi, &mut memory, $($argument),*)))
            .unwrap_or_else(|| Err(wasmtime::Error::msg(concat!(stringify!($name), " would have to wait"))))
    }};
}

/// Defines functions of wasmtime-wasi that its own linking would run in an executor.
macro_rules! file_functions {
    ($linker:ident: $($name:ident($($argument:ident: $type:ty),*);)*) => {
        $($linker.func_wrap(MODULE, stringify!($name), |mut caller: Caller<'_, Run>, $($argument: $type),*| -> Result<i32> {
            file_function!(caller, $name($($argument),*))
        })?;)*
    };
}

/// Defines all that a program may import.
pub(super) fn link(linker: &mut Linker<Run>) -> Result<()> {
    wasmtime_wasi::p1::add_to_linker_sync(linker, Run::wasi)?;
    linker.allow_shadowing(true);
    file_functions! { linker:
        fd_advise(fd: i32, offset: i64, length: i64, advice: i32);
        fd_datasync(fd: i32);
        fd_fdstat_get(fd: i32, to: i32);
        fd_filestat_get(fd: i32, to: i32);
        fd_filestat_set_size(fd: i32, size: i64);
        fd_filestat_set_times(fd: i32, accessed: i64, modified: i64, flags: i32);
        fd_pread(fd: i32, buffers: i32, count: i32, offset: i64, to: i32);
        fd_pwrite(fd: i32, buffers: i32, count: i32, offset: i64, to: i32);
        fd_readdir(fd: i32, to: i32, length: i32, cookie: i64, used: i32);
        fd_seek(fd: i32, offset: i64, whence: i32, to: i32);
        fd_sync(fd: i32);
        path_create_directory(fd: i32, path: i32, length: i32);
        path_filestat_get(fd: i32, flags: i32, path: i32, length: i32, to: i32);
        path_filestat_set_times(fd: i32, flags: i32, path: i32, length: i32, accessed: i64, modified: i64, which: i32);
        path_link(from: i32, flags: i32, path: i32, length: i32, fd: i32, new: i32, new_length: i32);
        path_open(fd: i32, flags: i32, path: i32, length: i32, how: i32, rights: i64, inheriting: i64, fdflags: i32, to: i32);
        path_readlink(fd: i32, path: i32, length: i32, to: i32, room: i32, used: i32);
        path_remove_directory(fd: i32, path: i32, length: i32);
        path_rename(fd: i32, path: i32, length: i32, new_fd: i32, new: i32, new_length: i32);
        path_symlink(target: i32, target_length: i32, fd: i32, path: i32, length: i32);
        path_unlink_file(fd: i32, path: i32, length: i32);
    }
    linker
        .func_wrap(MODULE, "fd_read", fd_read)?
        .func_wrap(MODULE, "fd_write", fd_write)?
        .func_wrap(MODULE, "fd_close", |mut caller: Caller<'_, Run>, fd: i32| {
            caller.data_mut().standard.close(fd);
            file_function!(caller, fd_close(fd))
        })?
        .func_wrap(MODULE, "fd_renumber", |mut caller: Caller<'_, Run>, from: i32, to: i32| {
            let result = file_function!(caller, fd_renumber(from, to));
            if matches!(result, Ok(errno::SUCCESS)) {
                caller.data_mut().standard.renumber(from, to);
            }
            result
        })?
        .func_wrap(MODULE, "poll_oneoff", poll::poll_oneoff)?
        .func_wrap(MODULE, "proc_exit", |status: i32| -> Result<()> { Err(Exit(status).into()) })?
        .func_wrap(MODULE, "clock_time_get", |mut caller: Caller<'_, Run>, id: u32, _precision: u64, to: u32| {
            let Some(now) = poll::clock(id) else { return Ok(errno::BADF) };
            put(parts(&mut caller).0, to, &now.to_le_bytes())
        })?
        .func_wrap(MODULE, "args_sizes_get", |mut caller: Caller<'_, Run>, count: u32, length: u32| {
            let (memory, run) = parts(&mut caller);
            sizes(memory, run.arguments(), count, length)
        })?
        .func_wrap(MODULE, "args_get", |mut caller: Caller<'_, Run>, starts: u32, bytes: u32| {
            let (memory, run) = parts(&mut caller);
            give(memory, run.arguments(), starts, bytes)
        })?
        .func_wrap(MODULE, "environ_sizes_get", |mut caller: Caller<'_, Run>, count: u32, length: u32| {
            let (memory, run) = parts(&mut caller);
            sizes(memory, run.environment(), count, length)
        })?
        .func_wrap(MODULE, "environ_get", |mut caller: Caller<'_, Run>, starts: u32, bytes: u32| {
            let (memory, run) = parts(&mut caller);
            give(memory, run.environment(), starts, bytes)
        })?;
    Ok(())
}

/// Which numbers the standard streams have: a program may close them and move them.
pub(super) struct Standard([Option<i32>; 3]);

/// One of the standard streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    Input,
    Output,
    Error,
}

impl Default for Standard {
    fn default() -> Self {
        Standard([Some(0), Some(1), Some(2)])
    }
}

impl Standard {
    fn stream(&self, fd: i32) -> Option<Stream> {
        let at = self.0.iter().position(|number| *number == Some(fd))?;
        [Stream::Input, Stream::Output, Stream::Error].get(at).copied()
    }

    fn close(&mut self, fd: i32) {
        self.0.iter_mut().filter(|number| **number == Some(fd)).for_each(|number| *number = None);
    }

    fn renumber(&mut self, from: i32, to: i32) {
        if from != to {
            self.close(to);
            self.0.iter_mut().filter(|number| **number == Some(from)).for_each(|number| *number = Some(to));
        }
    }
}

/// The buffer of a number in a list of them: its address and its length.
fn buffer(memory: &[u8], list: u32, number: u32) -> Result<(usize, usize)> {
    let at = list as usize + number as usize * 8;
    let pair: [u8; 8] = memory.get(at..at + 8).and_then(|pair| pair.try_into().ok()).ok_or(Trap::MemoryOutOfBounds)?;
    let word = |at: usize| u32::from_le_bytes(std::array::from_fn(|i| pair[at + i])) as usize;
    Ok((word(0), word(4)))
}

fn put(memory: &mut [u8], address: u32, bytes: &[u8]) -> Result<i32> {
    let at = address as usize;
    memory.get_mut(at..at + bytes.len()).ok_or(Trap::MemoryOutOfBounds)?.copy_from_slice(bytes);
    Ok(errno::SUCCESS)
}

fn fd_write(mut caller: Caller<'_, Run>, fd: i32, buffers: u32, count: u32, written: u32) -> Result<i32> {
    let stream = match caller.data().standard.stream(fd) {
        Some(Stream::Input) => return Ok(errno::BADF),
        Some(stream) => stream,
        None => return file_function!(caller, fd_write(fd, buffers as i32, count as i32, written as i32)),
    };
    waiting(&mut caller, |memory, run| {
        let mut length = 0_usize;
        for number in 0..count.min(MOST_BUFFERS) {
            let (start, size) = buffer(memory, buffers, number)?;
            let data = memory.get(start..start + size).ok_or(Trap::MemoryOutOfBounds)?;
            let Some(r) = run.lent.request() else { return Ok(errno::BADF) };
            match stream {
                Stream::Error => run.errors.write(r, &run.program, data),
                _ => {
                    if let Err(end) = run.output.write(r, data) {
                        return Err(ended(run, end));
                    }
                }
            }
            length += size;
        }
        put(memory, written, &(length as u32).to_le_bytes())
    })
}

fn fd_read(mut caller: Caller<'_, Run>, fd: i32, buffers: u32, count: u32, read: u32) -> Result<i32> {
    match caller.data().standard.stream(fd) {
        Some(Stream::Input) => {}
        Some(_) => return Ok(errno::BADF),
        None => return file_function!(caller, fd_read(fd, buffers as i32, count as i32, read as i32)),
    }
    waiting(&mut caller, |memory, run| {
        for number in 0..count.min(MOST_BUFFERS) {
            let (start, size) = buffer(memory, buffers, number)?;
            let to = memory.get_mut(start..start + size).ok_or(Trap::MemoryOutOfBounds)?;
            if to.is_empty() {
                continue;
            }
            if run.lent.body_may_wait()
                && let Some(r) = run.lent.request()
                && let Err(end) = run.output.flush(r)
            {
                return Err(ended(run, end));
            }
            return match run.lent.read_body(to) {
                Ok(length) => put(memory, read, &(length as u32).to_le_bytes()),
                Err(status) => Err(ended(run, super::output::End::Status(status))),
            };
        }
        put(memory, read, &0_u32.to_le_bytes())
    })
}

fn sizes(memory: &mut [u8], strings: &Strings, count: u32, length: u32) -> Result<i32> {
    put(memory, count, &strings.count().to_le_bytes())?;
    put(memory, length, &(strings.bytes().len() as u32).to_le_bytes())
}

fn give(memory: &mut [u8], strings: &Strings, starts: u32, bytes: u32) -> Result<i32> {
    for (number, start) in strings.starts().enumerate() {
        let address = bytes.wrapping_add(start as u32);
        let at = starts as usize + number * 4;
        memory.get_mut(at..at + 4).ok_or(Trap::MemoryOutOfBounds)?.copy_from_slice(&address.to_le_bytes());
    }
    put(memory, bytes, strings.bytes())
}
