//! What WASI's standard streams are for a program: the request's body, its answer, the error log. In bytes and without a
//! copy; what the time of waiting for the client is, and how a program sleeps.

use super::output::End;
use super::run::Run;
use crate::process;
use crate::runtime::ticks;
use crate::wasi::{self, MODULE, MOST_BUFFERS, Stream, Wasi, buffer, errno, parts, put, sizes};
use std::time::{Duration, Instant};
use wasmtime::{AsContextMut, Caller, Linker, Result, Trap};

/// A wait that is shorter is not told from work.
const SHORT: Duration = Duration::from_millis(1);

/// Why a program was ended; what is to be done then, `Run` knows.
#[derive(Debug, thiserror::Error)]
#[error("the program is ended")]
struct Ended;

/// The error that ends the program.
fn ended(run: &mut Run, end: End) -> wasmtime::Error {
    run.end = Some(end);
    Ended.into()
}

/// After a wait: the program has what is left of its time.
fn goes_on(caller: &mut Caller<'_, Run>) {
    if let Some(runtime) = process::existing_runtime() {
        let left = caller.data().time_left();
        caller.as_context_mut().set_epoch_deadline(ticks(left, runtime.epoch()));
        runtime.goes_on();
    }
}

/// Does what may have to wait for the client or for httpd, whose time is not the program's.
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

/// Defines all that a program may import.
pub(super) fn link(linker: &mut Linker<Run>) -> Result<()> {
    wasi::link(linker)?;
    linker.func_wrap(MODULE, "fd_read", fd_read)?.func_wrap(MODULE, "fd_write", fd_write)?;
    // With the first question httpd puts it together, for which it may look for files or for the client's name.
    linker.func_wrap(MODULE, "environ_sizes_get", |mut caller: Caller<'_, Run>, count: u32, length: u32| {
        waiting(&mut caller, |memory, run| sizes(memory, run.environment(), count, length))
    })?;
    Ok(())
}

/// A program sleeps, which counts as its own time. What it has written goes out before.
pub(super) fn sleep(caller: &mut Caller<'_, Run>, time: Duration) -> Result<()> {
    let run = caller.data_mut();
    if let Some(r) = run.lent.request()
        && let Err(end) = run.output.flush(r)
    {
        return Err(ended(run, end));
    }
    let left = run.time_left();
    std::thread::sleep(time.min(left));
    if time >= left {
        return Err(Trap::Interrupt.into());
    }
    goes_on(caller);
    Ok(())
}

fn fd_write(mut caller: Caller<'_, Run>, fd: i32, buffers: u32, count: u32, written: u32) -> Result<i32> {
    let stream = match caller.data_mut().standard().stream(fd) {
        Some(Stream::Input) => return Ok(errno::BADF),
        Some(stream) => stream,
        None => return wasi::write_file(&mut caller, fd, buffers, count, written),
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
    match caller.data_mut().standard().stream(fd) {
        Some(Stream::Input) => {}
        Some(_) => return Ok(errno::BADF),
        None => return wasi::read_file(&mut caller, fd, buffers, count, read),
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
                Err(status) => Err(ended(run, End::Status(status))),
            };
        }
        put(memory, read, &0_u32.to_le_bytes())
    })
}
