//! WASI preview 1 for every kind of guest. Arguments, environment, clocks and exit are done here, files and the rest by
//! wasmtime-wasi, without its executor. What is read and written by way of the standard streams is for who links it.

mod given;
mod poll;
mod special;
mod streams;
mod strings;

pub(crate) use given::{Directory, Given};
pub(crate) use streams::{Standard, Stream, first_line};
pub(crate) use strings::Strings;

use crate::runtime::{Data, Exit};
use special::{Place, is_special};
use std::pin::pin;
use std::time::Duration;
use wasmtime::{AsContextMut, Caller, Linker, Memory, Result, Trap};
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::p1::wasi_snapshot_preview1 as files;
use wasmtime_wasi::p1::wasi_snapshot_preview1::WasiSnapshotPreview1;
use wasmtime_wasi::runtime::poll_noop;
use wiggle::GuestMemory;

/// The import module.
pub(crate) const MODULE: &str = "wasi_snapshot_preview1";
/// Most buffers of one read or write.
pub(crate) const MOST_BUFFERS: u32 = 1_024;

/// Numbers of errors (wasi_snapshot_preview1's errno).
pub(crate) mod errno {
    pub(crate) const SUCCESS: i32 = 0;
    pub(crate) const BADF: i32 = 8;
    pub(crate) const INVAL: i32 = 28;
    pub(crate) const MFILE: i32 = 33;
    pub(crate) const NXIO: i32 = 60;
}

/// Data of an instance that uses WASI.
pub(crate) trait Wasi: Data + Send + Sized {
    /// The guest's memory, once it is known.
    fn memory(&self) -> Option<Memory>;

    /// wasmtime-wasi's part, made when it is first needed.
    fn context(&mut self) -> &mut WasiP1Ctx;

    /// Its standard streams.
    fn standard(&mut self) -> &mut Standard;

    /// Its arguments.
    fn arguments(&self) -> &Strings;

    /// Its environment.
    fn environment(&self) -> &Strings;

    /// Waits as long as the guest wants to.
    ///
    /// # Errors
    /// Where that is longer than it may.
    fn sleep(caller: &mut Caller<'_, Self>, time: Duration) -> Result<()>;
}

/// The guest's memory and the host's data, side by side.
#[inline]
pub(crate) fn parts<'c, T: Wasi>(caller: &'c mut Caller<'_, T>) -> (&'c mut [u8], &'c mut T) {
    match caller.data().memory() {
        Some(memory) => memory.data_and_store_mut(caller),
        None => crate::runtime::parts_at_start(caller),
    }
}

/// Does a function of wasmtime-wasi. It never has to wait for another thread, since the context allows it to block. With a
/// place it is one that opens a file there, which is done only if it has not to wait for others.
macro_rules! file_function {
    ($caller:expr, $name:ident($($argument:expr),*) $(, $place:expr)?) => {{
        let caller: &mut Caller<'_, T> = $caller;
        let fuel = caller.as_context_mut().hostcall_fuel();
        let (memory, data) = parts(caller);
        let context = data.context();
        context.set_hostcall_fuel(fuel);
        let mut memory = GuestMemory::Unshared(memory);
        $(if is_special(context, &mut memory, &$place) {
            return Ok(errno::NXIO);
        })?
        poll_noop(pin!(files::$name(context, &mut memory, $($argument),*)))
            .unwrap_or_else(|| Err(wasmtime::Error::msg(concat!(stringify!($name), " would have to wait"))))
    }};
}

/// Defines functions of wasmtime-wasi that its own linking would run in an executor.
macro_rules! file_functions {
    ($linker:ident: $($name:ident($($argument:ident: $type:ty),*);)*) => {
        $($linker.func_wrap(MODULE, stringify!($name), |mut caller: Caller<'_, T>, $($argument: $type),*| -> Result<i32> {
            file_function!(&mut caller, $name($($argument),*))
        })?;)*
    };
}

/// Defines all that a guest may import but `fd_read` and `fd_write`.
pub(crate) fn link<T: Wasi>(linker: &mut Linker<T>) -> Result<()> {
    wasmtime_wasi::p1::add_to_linker_sync(linker, T::context)?;
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
        path_link(from: i32, flags: i32, path: i32, length: i32, fd: i32, new: i32, new_length: i32);
        path_readlink(fd: i32, path: i32, length: i32, to: i32, room: i32, used: i32);
        path_remove_directory(fd: i32, path: i32, length: i32);
        path_rename(fd: i32, path: i32, length: i32, new_fd: i32, new: i32, new_length: i32);
        path_symlink(target: i32, target_length: i32, fd: i32, path: i32, length: i32);
        path_unlink_file(fd: i32, path: i32, length: i32);
    }
    linker
        .func_wrap(MODULE, "path_open", path_open::<T>)?
        .func_wrap(MODULE, "path_filestat_set_times", path_filestat_set_times::<T>)?
        .func_wrap(MODULE, "fd_close", |mut caller: Caller<'_, T>, fd: i32| {
            let result = file_function!(&mut caller, fd_close(fd));
            if matches!(result, Ok(errno::SUCCESS)) {
                caller.data_mut().standard().close(fd);
            }
            result
        })?
        .func_wrap(MODULE, "fd_renumber", |mut caller: Caller<'_, T>, from: i32, to: i32| {
            let result = file_function!(&mut caller, fd_renumber(from, to));
            if matches!(result, Ok(errno::SUCCESS)) {
                caller.data_mut().standard().renumber(from, to);
            }
            result
        })?
        .func_wrap(MODULE, "poll_oneoff", poll::poll_oneoff::<T>)?
        .func_wrap(MODULE, "proc_exit", |status: i32| -> Result<()> { Err(Exit(status).into()) })?
        .func_wrap(MODULE, "clock_time_get", |mut caller: Caller<'_, T>, id: u32, _precision: u64, to: u32| {
            let Some(now) = poll::clock(id) else { return Ok(errno::BADF) };
            put(parts(&mut caller).0, to, &now.to_le_bytes())
        })?
        .func_wrap(MODULE, "args_sizes_get", |mut caller: Caller<'_, T>, count: u32, length: u32| {
            let (memory, data) = parts(&mut caller);
            sizes(memory, data.arguments(), count, length)
        })?
        .func_wrap(MODULE, "args_get", |mut caller: Caller<'_, T>, starts: u32, bytes: u32| {
            let (memory, data) = parts(&mut caller);
            give(memory, data.arguments(), starts, bytes)
        })?
        .func_wrap(MODULE, "environ_sizes_get", |mut caller: Caller<'_, T>, count: u32, length: u32| {
            let (memory, data) = parts(&mut caller);
            sizes(memory, data.environment(), count, length)
        })?
        .func_wrap(MODULE, "environ_get", |mut caller: Caller<'_, T>, starts: u32, bytes: u32| {
            let (memory, data) = parts(&mut caller);
            give(memory, data.environment(), starts, bytes)
        })?;
    Ok(())
}

#[allow(clippy::too_many_arguments, reason = "WASI's")]
fn path_open<T: Wasi>(
    mut caller: Caller<'_, T>,
    fd: i32,
    flags: i32,
    path: i32,
    length: i32,
    how: i32,
    rights: i64,
    inheriting: i64,
    fdflags: i32,
    to: i32,
) -> Result<i32> {
    // What a guest never closes would be missed by the whole process.
    if !caller.data_mut().standard().may_open() {
        return Ok(errno::MFILE);
    }
    let result = file_function!(
        &mut caller,
        path_open(fd, flags, path, length, how, rights, inheriting, fdflags, to),
        Place { fd, flags, path, length }
    );
    if matches!(result, Ok(errno::SUCCESS)) {
        caller.data_mut().standard().opened();
    }
    result
}

/// It opens the file to set its times.
#[allow(clippy::too_many_arguments, reason = "WASI's")]
fn path_filestat_set_times<T: Wasi>(
    mut caller: Caller<'_, T>,
    fd: i32,
    flags: i32,
    path: i32,
    length: i32,
    accessed: i64,
    modified: i64,
    which: i32,
) -> Result<i32> {
    let place = Place { fd, flags, path, length };
    file_function!(&mut caller, path_filestat_set_times(fd, flags, path, length, accessed, modified, which), place)
}

/// `fd_read` of a file.
pub(crate) fn read_file<T: Wasi>(
    caller: &mut Caller<'_, T>,
    fd: i32,
    buffers: u32,
    count: u32,
    read: u32,
) -> Result<i32> {
    file_function!(caller, fd_read(fd, buffers as i32, count as i32, read as i32))
}

/// `fd_write` to a file.
pub(crate) fn write_file<T: Wasi>(
    caller: &mut Caller<'_, T>,
    fd: i32,
    buffers: u32,
    count: u32,
    written: u32,
) -> Result<i32> {
    file_function!(caller, fd_write(fd, buffers as i32, count as i32, written as i32))
}

/// The buffer of a number in the list of a read or write: its address and its length.
///
/// # Errors
/// The trap of an access out of bounds.
pub(crate) fn buffer(memory: &[u8], list: u32, number: u32) -> Result<(usize, usize)> {
    let at = list as usize + number as usize * 8;
    let pair: [u8; 8] = memory.get(at..at + 8).and_then(|pair| pair.try_into().ok()).ok_or(Trap::MemoryOutOfBounds)?;
    let word = |at: usize| u32::from_le_bytes(std::array::from_fn(|i| pair[at + i])) as usize;
    Ok((word(0), word(4)))
}

/// Writes bytes at an address; SUCCESS.
///
/// # Errors
/// The trap of an access out of bounds.
pub(crate) fn put(memory: &mut [u8], address: u32, bytes: &[u8]) -> Result<i32> {
    let at = address as usize;
    memory.get_mut(at..at + bytes.len()).ok_or(Trap::MemoryOutOfBounds)?.copy_from_slice(bytes);
    Ok(errno::SUCCESS)
}

/// What `environ_sizes_get` and `args_sizes_get` tell; SUCCESS.
///
/// # Errors
/// The trap of an access out of bounds.
pub(crate) fn sizes(memory: &mut [u8], strings: &Strings, count: u32, length: u32) -> Result<i32> {
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
