//! What there is once per process: the runtime, made in the parent, and whether requests are being served.

use crate::httpd::log::{Mark, error, perror};
use crate::httpd::{Pool, stack};
use crate::runtime::{Notice, Runtime, Settings};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};

static RUNTIME: OnceLock<Runtime> = OnceLock::new();
/// `WasmCacheDir`, where it was given: `Some(None)` is `none`.
static CACHE_DIR: Mutex<Option<Option<PathBuf>>> = Mutex::new(None);
static SERVING: AtomicBool = AtomicBool::new(false);

/// Instances of scopes that end with a call or a request that a child can hold at a time without making room for each.
/// One more than that is made on demand. ThreadsPerChild isn't known yet when the first guest is loaded, and what is
/// reserved is addresses, not memory.
const POOLED: u32 = 256;

const WARNING: u32 = 4;
const NOTICE: u32 = 5;
const DEBUG: u32 = 7;
const CRIT: u32 = 2;

/// A path of httpd.
pub(crate) fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// Takes `WasmCacheDir`, which counts if it comes before the first module.
pub(crate) fn set_cache_dir(dir: Option<PathBuf>) {
    *CACHE_DIR.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(dir);
}

/// The runtime, made at the first call. It stays over restarts, and so does its cache.
///
/// # Errors
/// A text for the administrator.
pub(crate) fn runtime(default_cache: Option<PathBuf>, pool: Pool<'_>) -> Result<&'static Runtime, String> {
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let dir = CACHE_DIR.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    let settings = Settings { cache_dir: dir.unwrap_or(default_cache), pool_instances: POOLED, ..Settings::default() };
    let (runtime, notices) = Runtime::new(&settings).map_err(|error| error.to_string())?;
    tell(pool, &notices);
    Ok(RUNTIME.get_or_init(|| runtime))
}

/// Makes the runtime if no guest needed it yet; 500, which stops the start, where that fails.
pub(crate) fn prepare(default_cache: Option<PathBuf>, pool: Pool<'_>) -> Option<i32> {
    let why = runtime(default_cache, pool).err()?;
    perror(mark(line!()), CRIT, pool, format!("mod_wasm: {why}").as_bytes());
    Some(500)
}

/// The runtime, if a module was ever loaded.
pub(crate) fn existing_runtime() -> Option<&'static Runtime> {
    RUNTIME.get()
}

/// Logs what the runtime has to say.
pub(crate) fn tell(pool: Pool<'_>, notices: &[Notice]) {
    for notice in notices {
        let level = if matches!(notice, Notice::BadCacheFile { .. } | Notice::NoCache(_)) { WARNING } else { NOTICE };
        perror(mark(line!()), level, pool, format!("mod_wasm: {notice}").as_bytes());
    }
}

/// Logs at debug level while the configuration is read.
pub(crate) fn debug(pool: Pool<'_>, text: &str) {
    perror(mark(line!()), DEBUG, pool, text.as_bytes());
}

/// Whether requests are being served: true in children, false while the configuration is read.
#[inline]
pub(crate) fn serving() -> bool {
    SERVING.load(Ordering::Relaxed)
}

/// Checks ThreadStackSize against what guests may use; 0 stands for not set. OK, or 500 which stops the start.
pub(crate) fn check_stack(pool: Pool<'_>, stack: usize) -> i32 {
    let (what, stack) = if stack == 0 { ("the stack limit (ulimit -s) of", stack::usual()) } else { ("ThreadStackSize", stack) };
    match RUNTIME.get() {
        Some(runtime) if !runtime.fits(stack) => {
            let text = format!(
                "mod_wasm: {what} {stack} is too small for guests: they need at least {} bytes",
                runtime.stack_needed()
            );
            perror(mark(line!()), CRIT, pool, text.as_bytes());
            500
        }
        _ => 0,
    }
}

/// A child begins to serve.
pub(crate) fn child_init() {
    SERVING.store(true, Ordering::Relaxed);
    let Some(runtime) = RUNTIME.get() else { return };
    if let Err(why) = runtime.in_child() {
        let text = format!("mod_wasm: no thread for time limits, none will hold: {why}");
        error(mark(line!()), CRIT, 0, None, text.as_bytes());
    }
}

fn mark(line: u32) -> Mark<'static> {
    Mark { file: file!().as_bytes(), line, module_index: crate::httpd::log::NO_MODULE }
}
