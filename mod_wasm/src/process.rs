//! What there is once per process: the runtime, made in the parent, and whether requests are being served.

use crate::httpd::log::{Mark, error, perror};
use crate::httpd::{Pool, stack};
use crate::runtime::{Notice, Runtime, Settings};
use crate::{counters, scope, status};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

static RUNTIME: OnceLock<Runtime> = OnceLock::new();
static CACHE_DIR: Mutex<CacheDir> = Mutex::new(CacheDir { given: None, in_use: None });
static SERVING: AtomicBool = AtomicBool::new(false);

/// Instances of scopes that end with a call or a request that a child can hold at a time without making room for each.
/// One more than that is made on demand. ThreadsPerChild isn't known yet when the first guest is loaded, and what is
/// reserved is addresses, not memory.
pub(crate) const POOLED: u32 = 256;

/// Where compiled code is kept, as the configuration says that is being read; `None` is nowhere.
struct CacheDir {
    /// `WasmCacheDir`, where it was given.
    given: Option<Option<PathBuf>>,
    /// What is in use since the first module was loaded.
    in_use: Option<Option<PathBuf>>,
}

const ERR: u32 = 3;
const WARNING: u32 = 4;
const NOTICE: u32 = 5;
const DEBUG: u32 = 7;
const CRIT: u32 = 2;

/// A path of httpd.
pub(crate) fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(bytes))
}

fn cache_dir() -> MutexGuard<'static, CacheDir> {
    CACHE_DIR.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A configuration is about to be read: what an earlier one said of the cache is forgotten.
pub(crate) fn begin_configuration() {
    counters::share();
    *cache_dir() = CacheDir { given: None, in_use: None };
}

/// Takes `WasmCacheDir`.
///
/// # Errors
/// A text, where a module has been loaded already, so that it would be without effect.
pub(crate) fn set_cache_dir(dir: Option<PathBuf>) -> Result<(), String> {
    let mut cache_dir = cache_dir();
    match &cache_dir.in_use {
        Some(in_use) if *in_use != dir => {
            Err("WasmCacheDir has to stand before the first WebAssembly module that is loaded".into())
        }
        _ => {
            cache_dir.given = Some(dir);
            Ok(())
        }
    }
}

/// The runtime, made at the first call. It stays over restarts; its cache is that of the present configuration.
///
/// # Errors
/// A text for the administrator.
pub(crate) fn runtime(default_cache: Option<PathBuf>, pool: Pool<'_>) -> Result<&'static Runtime, String> {
    let mut cache_dir = cache_dir();
    let first = cache_dir.in_use.is_none();
    let dir = cache_dir.given.clone().unwrap_or(default_cache);
    let dir = cache_dir.in_use.get_or_insert(dir).clone();
    if let Some(runtime) = RUNTIME.get() {
        if first && let Some(notice) = runtime.keep_code_in(dir.as_deref()) {
            tell(pool, &[notice]);
        }
        return Ok(runtime);
    }
    let settings = Settings { cache_dir: dir, pool_instances: POOLED, ..Settings::default() };
    let (runtime, notices) = Runtime::new(&settings).map_err(|error| error.to_string())?;
    tell(pool, &notices);
    Ok(RUNTIME.get_or_init(|| runtime))
}

/// Makes the runtime if no guest needed it yet; 500, which stops the start, where that fails.
pub(crate) fn prepare(default_cache: Option<PathBuf>, pool: Pool<'_>) -> Option<i32> {
    let why = runtime(default_cache, pool).err()?;
    refuse(pool, &why);
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

/// Says why the server doesn't start.
pub(crate) fn refuse(pool: Pool<'_>, why: &str) {
    perror(mark(line!()), CRIT, pool, format!("mod_wasm: {why}").as_bytes());
}

/// Logs a warning while the configuration is read.
pub(crate) fn warn(pool: Pool<'_>, text: &str) {
    perror(mark(line!()), WARNING, pool, format!("mod_wasm: {text}").as_bytes());
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
    let (what, stack) =
        if stack == 0 { ("the stack limit (ulimit -s) of", stack::usual()) } else { ("ThreadStackSize", stack) };
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

/// Logs how much was not logged one by one; with `now` also of the interval that isn't over yet.
pub(crate) fn tell_news(now: bool) {
    for (is_error, line) in status::news(now) {
        error(mark(line!()), if is_error { ERR } else { WARNING }, 0, None, line.as_bytes());
    }
}

/// A child with so many threads begins to serve.
pub(crate) fn child_init(threads: usize) {
    scope::child_has(threads);
    SERVING.store(true, Ordering::Relaxed);
    let Some(runtime) = RUNTIME.get() else { return };
    if let Err(why) = runtime.in_child() {
        let text = format!("mod_wasm: no thread for time limits, none will hold: {why}");
        error(mark(line!()), CRIT, 0, None, text.as_bytes());
    }
}

fn mark(line: u32) -> Mark<'static> {
    Mark { file: file!().as_bytes(), line, module_index: crate::httpd::own::module_index() }
}
