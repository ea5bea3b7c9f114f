//! What the runtime needs of the operating system and can't have safely: trusting compiled code, and the process's limits.

use wasmtime::{Engine, Module};

/// Loads code that this very server compiled: `code` must come from [`Engine::precompile_module`], either just now or
/// by way of the cache, which takes only files that nobody but the server's user could have written, whole.
///
/// # Errors
/// When the code was made for other settings or another version of wasmtime, or this engine can't hold the module.
pub(crate) fn deserialize(engine: &Engine, code: &[u8]) -> wasmtime::Result<Module> {
    // SAFETY: wasmtime requires that the bytes are its own output, which it doesn't verify. Both callers hold that:
    // `module::compile` passes what it has just compiled; `cache::get` passes what `cache::put` wrote, after having
    // checked the owner and the mode of the file and all its parent directories, and a SHA-256 over the bytes. They
    // are copied, so that later changes of the file change nothing. wasmtime checks its version and settings itself.
    unsafe { Module::deserialize(engine, code) }
}

/// The effective user of this process.
pub(crate) fn effective_user() -> u32 {
    // SAFETY: reads one number; can't fail.
    unsafe { libc::geteuid() }
}

/// RLIMIT_AS in bytes, unless it is unlimited.
pub(crate) fn address_space() -> Option<u64> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is a valid place for one `rlimit`.
    let rc = unsafe { libc::getrlimit(libc::RLIMIT_AS, &mut limit) };
    (rc == 0 && limit.rlim_cur != libc::RLIM_INFINITY).then_some(limit.rlim_cur)
}
