//! Named pipes, sockets and devices in a guest's directories: to open one may mean to wait for others, for ever, in a
//! system call that no time limit ends. It tells them from files and directories; what is done then it doesn't know.

use std::pin::pin;
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::p1::types::{Fd, Filetype, Lookupflags};
use wasmtime_wasi::p1::wasi_snapshot_preview1::WasiSnapshotPreview1;
use wasmtime_wasi::runtime::poll_noop;
use wiggle::{GuestMemory, GuestPtr};

/// A path as a WASI function gets it: the number of a directory, flags, and where the name is in the guest's memory.
pub(super) struct Place {
    pub(super) fd: i32,
    pub(super) flags: i32,
    pub(super) path: i32,
    pub(super) length: i32,
}

/// Whether the path leads to what is neither a file nor a directory. `false` where it leads nowhere, or can't be asked
/// about: the function that it is for says so itself.
pub(super) fn is_special(wasi: &mut WasiP1Ctx, memory: &mut GuestMemory<'_>, place: &Place) -> bool {
    let Ok(flags) = Lookupflags::try_from(place.flags) else { return false };
    let path = GuestPtr::new((place.path as u32, place.length as u32));
    match poll_noop(pin!(wasi.path_filestat_get(memory, Fd::from(place.fd), flags, path))) {
        Some(Ok(found)) => {
            !matches!(found.filetype, Filetype::RegularFile | Filetype::Directory | Filetype::SymbolicLink)
        }
        Some(Err(_)) | None => false,
    }
}
