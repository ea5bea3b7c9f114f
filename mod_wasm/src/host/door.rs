//! The core-module door: turns what a guest passes into arguments and results into what it gets. Every address is
//! checked here, once.

use super::{Code, Reply};
use crate::httpd::bytes::copy;
use wasmtime::{Caller, Memory, Result, Trap};

/// Data of an instance, with the guest's memory.
pub trait Door: 'static {
    /// The memory that the guest exports; `None` before it is known or where it has none.
    fn memory(&self) -> Option<Memory>;
}

/// The guest's memory and the host's data, to be used side by side.
#[inline]
pub(super) fn parts<'c, T: Door>(caller: &'c mut Caller<'_, T>) -> (&'c mut [u8], &'c mut T) {
    match caller.data().memory() {
        Some(memory) => memory.data_and_store_mut(caller),
        None => crate::runtime::parts_at_start(caller),
    }
}

/// The bytes at an address.
///
/// # Errors
/// The trap of an access out of bounds.
#[inline]
pub(super) fn bytes(memory: &[u8], address: u32, length: u32) -> Result<&[u8]> {
    let start = address as usize;
    let end = start + length as usize;
    memory.get(start..end).ok_or_else(|| Trap::MemoryOutOfBounds.into())
}

/// 0 or the code.
#[inline]
pub(super) fn nothing(reply: Reply<()>) -> i32 {
    match reply {
        Ok(()) => 0,
        Err(Code(code)) => code,
    }
}

/// The number or the code.
#[inline]
pub(super) fn number(reply: Reply<i64>) -> i64 {
    match reply {
        Ok(number) => number,
        Err(Code(code)) => code.into(),
    }
}

/// Writes bytes if all of them fit, and answers with their length or the code.
///
/// # Errors
/// The trap of an access out of bounds.
#[inline]
pub(super) fn fill(memory: &mut [u8], address: u32, capacity: u32, reply: Reply<&[u8]>) -> Result<i32> {
    let bytes = match reply {
        Ok(bytes) => bytes,
        Err(Code(code)) => return Ok(code),
    };
    let Ok(length) = i32::try_from(bytes.len()) else { return Ok(Code::LIMIT.0) };
    if bytes.len() <= capacity as usize {
        let start = address as usize;
        let place = memory.get_mut(start..start + bytes.len()).ok_or(Trap::MemoryOutOfBounds)?;
        copy(place, bytes);
    }
    Ok(length)
}
