//! The engines: how wasmtime is configured, once per process, and what it had to do without.

use super::cache::Cache;
use super::module::{Artifact, LoadError};
use super::ticker::Pulse;
use crate::httpd::{artifact, pages, signals};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use wasmtime::{Config, Enabled, Engine, OptLevel, PoolingAllocationConfig};

/// Address space of one linear memory: with 4 GiB and a guard, compiled code needs no bounds checks.
const RESERVATION: u64 = 4 << 30;
/// Unmapped bytes after a linear memory.
const GUARD: u64 = 32 << 20;
/// Address space for everything but the pool, below which memories are not reserved at full size.
const ROOM: u64 = 64 << 30;
/// Stack that host functions need besides the guest's own, in bytes.
const HOST_STACK: usize = 96 << 10;
/// Stack that httpd may have used up when it calls a guest, in bytes.
const HTTPD_STACK: usize = 96 << 10;

/// What the server's configuration says about the runtime.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where compiled code is kept from one start to the next.
    pub cache_dir: Option<PathBuf>,
    /// Most bytes of native stack that guest code may use in one call.
    pub max_wasm_stack: usize,
    /// Instances for which room is reserved beforehand; 0 for none.
    pub pool_instances: u32,
    /// Most bytes of linear memory of a pooled instance.
    pub pool_memory: usize,
    /// The grain of time limits.
    pub epoch: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            cache_dir: None,
            max_wasm_stack: 256 << 10,
            pool_instances: 100,
            pool_memory: 64 << 20,
            epoch: Duration::from_millis(10),
        }
    }
}

/// Something to log: the runtime works, but not as configured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Notice {
    /// RLIMIT_AS leaves no room for the pool.
    #[error(
        "address space limit of {limit} bytes is too small for a pool of instances ({needed} bytes): instances are made on demand"
    )]
    NoRoomForPool {
        /// RLIMIT_AS.
        limit: u64,
        /// What the pool and the rest need.
        needed: u64,
    },
    /// RLIMIT_AS leaves no room for full-size reservations.
    #[error(
        "address space limit of {limit} bytes: guest memories are reserved small and checked at each access, which is slower"
    )]
    SmallMemories {
        /// RLIMIT_AS.
        limit: u64,
    },
    /// The operating system refused the pool.
    #[error("no pool of instances: {0}")]
    NoPool(String),
    /// A module cannot live in the pool.
    #[error("instances are made on demand, not pooled: {0}")]
    NotPooled(String),
    /// The cache of compiled code isn't used.
    #[error("compiled code is not cached: {0}")]
    NoCache(String),
    /// A cached file was not used.
    #[error("cached code {path} is not used: {why}", path = .path.display())]
    BadCacheFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

/// wasmtime could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("WebAssembly runtime: {0}")]
pub struct RuntimeError(String);

/// The engines of this process. Made once, in the parent; clones share it, and it survives fork.
#[derive(Clone)]
pub struct Runtime {
    inner: Arc<Inner>,
}

struct Inner {
    /// The first makes instances on demand; the second, if any, from the pool.
    engines: Vec<Engine>,
    /// Of the configuration that was read last.
    cache: RwLock<Option<Arc<Cache>>>,
    settings: Settings,
    pulse: Arc<Pulse>,
}

impl Runtime {
    /// Makes the engines; starts no thread and leaves the process's signal handlers as they were.
    ///
    /// # Errors
    /// When the settings make no sense to wasmtime.
    pub fn new(settings: &Settings) -> Result<(Runtime, Vec<Notice>), RuntimeError> {
        let mut notices = Vec::new();
        let limit = artifact::address_space();
        let small = limit.is_some_and(|limit| limit < ROOM);
        let mut config = config(settings, small);
        let mut engines = vec![engine(&config).map_err(|e| RuntimeError(format!("{e:#}")))?];
        if let Some(limit) = limit.filter(|_| small) {
            notices.push(Notice::SmallMemories { limit });
        }
        if settings.pool_instances > 0 {
            let needed = u64::from(settings.pool_instances) * (RESERVATION + GUARD) + ROOM;
            match limit {
                Some(limit) if limit < needed => {
                    notices.push(Notice::NoRoomForPool { limit, needed });
                }
                _ => match pooled(&mut config, settings) {
                    Ok(pooled) => engines.push(pooled),
                    Err(error) => notices.push(Notice::NoPool(format!("{error:#}"))),
                },
            }
        }
        let inner = Inner { engines, cache: RwLock::default(), settings: settings.clone(), pulse: Arc::default() };
        let runtime = Runtime { inner: Arc::new(inner) };
        notices.extend(runtime.keep_code_in(settings.cache_dir.as_deref()));
        Ok((runtime, notices))
    }

    /// Keeps compiled code in this folder from now on, or nowhere; what there is to say where it can't be.
    pub fn keep_code_in(&self, dir: Option<&Path>) -> Option<Notice> {
        let (cache, notice) = match dir.map(Cache::open) {
            None => (None, None),
            Some(Ok(cache)) => (Some(Arc::new(cache)), None),
            Some(Err(why)) => (None, Some(Notice::NoCache(why))),
        };
        *self.inner.cache.write().unwrap_or_else(PoisonError::into_inner) = cache;
        notice
    }

    /// Lets time pass: advances the epoch of every engine. Async-signal-safe.
    pub fn tick(&self) {
        for engine in &self.inner.engines {
            engine.increment_epoch();
        }
    }

    /// Begins to serve, in a child: puts wasmtime's signal handlers in place for good and starts the ticker.
    /// Call it in child_init, after the MPM installed httpd's handlers and before it starts threads.
    ///
    /// # Errors
    /// When the operating system refuses the ticker's thread: without it no time limit holds.
    pub fn in_child(&self) -> std::io::Result<()> {
        signals::in_child();
        if self.pooled() {
            pages::find_map();
        }
        self.start_ticker()
    }

    /// Starts the thread that ticks, once per process; no thread survives fork, so call it in each child.
    ///
    /// # Errors
    /// When the operating system refuses the thread: without it no time limit holds.
    pub(super) fn start_ticker(&self) -> std::io::Result<()> {
        let runtime = self.clone();
        // httpd's main thread waits for SIGTERM and friends; this thread must not take them from it.
        signals::with_signals_blocked(|| {
            std::thread::Builder::new().name("wasm-ticker".to_owned()).stack_size(64 << 10).spawn(move || {
                let every = runtime.inner.settings.epoch;
                runtime.inner.pulse.run(every, || runtime.tick());
            })
        })?;
        Ok(())
    }

    /// Makes guests callable in the parent, where httpd's signal handlers are in place and no ticker runs, until
    /// the guard is dropped. Does nothing in a child.
    pub fn in_parent(&self) -> signals::InParent {
        signals::InParent::enter(self)
    }

    /// Reads, classifies and compiles a module, or takes its compiled code from the cache.
    ///
    /// # Errors
    /// When the file cannot be read or is no module that this server can run.
    pub fn load(&self, path: &Path) -> Result<Artifact, LoadError> {
        Artifact::load(self, path, self.engines(), false)
    }

    /// As [`Runtime::load`], for a module of which instances are to begin anew where they can ([`super::Place::Anew`]).
    ///
    /// # Errors
    /// As there.
    pub fn load_open(&self, path: &Path) -> Result<Artifact, LoadError> {
        Artifact::load(self, path, self.engines(), true)
    }

    /// As [`Runtime::load`], for a module whose instances all live long, and so never in the pool.
    ///
    /// # Errors
    /// As there.
    pub fn load_kept(&self, path: &Path) -> Result<Artifact, LoadError> {
        Artifact::load(self, path, self.engines().get(..1).unwrap_or_default(), false)
    }

    /// A linker without any import.
    pub fn linker<T: 'static>(&self) -> Linker<T> {
        Linker { each: self.inner.engines.iter().map(wasmtime::Linker::new).collect() }
    }

    /// Whether a thread with a stack of this many bytes can call guests: what a guest may use must leave room
    /// for the host. httpd's ThreadStackSize, or RLIMIT_STACK where that is unset.
    pub fn fits(&self, thread_stack: usize) -> bool {
        thread_stack >= self.stack_needed()
    }

    /// The smallest stack of a thread that calls guests, in bytes.
    pub fn stack_needed(&self) -> usize {
        self.stack_of_call() + HTTPD_STACK
    }

    /// The stack that must be left where a guest is called, in bytes.
    pub fn stack_of_call(&self) -> usize {
        self.inner.settings.max_wasm_stack + HOST_STACK
    }

    /// The grain of time limits.
    pub fn epoch(&self) -> Duration {
        self.inner.settings.epoch
    }

    /// Whether instances can be pooled.
    pub fn pooled(&self) -> bool {
        self.inner.engines.len() > 1
    }

    pub(super) fn engines(&self) -> &[Engine] {
        &self.inner.engines
    }

    pub(super) fn cache(&self) -> Option<Arc<Cache>> {
        self.inner.cache.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says that a guest goes on after a host function waited for others, so that its time is watched again.
    pub fn goes_on(&self) {
        self.pulse().beat();
    }

    pub(super) fn pulse(&self) -> &Arc<Pulse> {
        &self.inner.pulse
    }

    pub(super) fn pool_memory(&self) -> usize {
        self.inner.settings.pool_memory
    }
}

/// A set of imports, defined alike for every engine of a [`Runtime`].
pub struct Linker<T: 'static> {
    each: Vec<wasmtime::Linker<T>>,
}

impl<T: 'static> Linker<T> {
    /// Defines imports: `define` is called for each engine's linker.
    ///
    /// # Errors
    /// The first that `define` gave.
    pub fn define(
        &mut self,
        define: impl Fn(&mut wasmtime::Linker<T>) -> wasmtime::Result<()>,
    ) -> wasmtime::Result<()> {
        self.each.iter_mut().try_for_each(define)
    }

    pub(super) fn each(&self) -> &[wasmtime::Linker<T>] {
        &self.each
    }
}

impl<T: 'static> Clone for Linker<T> {
    fn clone(&self) -> Self {
        Linker { each: self.each.clone() }
    }
}

/// What both engines share; it must be the same for both, so that one compiled artifact serves both.
fn config(settings: &Settings, small: bool) -> Config {
    let mut config = Config::new();
    config
        .cranelift_opt_level(OptLevel::Speed)
        .epoch_interruption(true)
        .max_wasm_stack(settings.max_wasm_stack)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .wasm_backtrace_max_frames(NonZeroUsize::new(16))
        .wasm_backtrace_details(wasmtime::WasmBacktraceDetails::Disable)
        // Backtraces follow frame pointers; nothing unwinds through guest code.
        .native_unwind_info(false);
    // Compilation starts no threads, since wasmtime's feature `parallel-compilation` is off: in the parent they would
    // not survive fork, and compiling at a graceful restart would wait for them for ever.
    if small {
        config.memory_reservation(0).memory_reservation_for_growth(1 << 20).memory_guard_size(64 << 10);
    } else {
        config.memory_reservation(RESERVATION).memory_guard_size(GUARD);
    }
    config
}

fn engine(config: &Config) -> wasmtime::Result<Engine> {
    signals::remember(|| Engine::new(config))
}

/// Makes the engine whose instances come from a pool.
fn pooled(config: &mut Config, settings: &Settings) -> wasmtime::Result<Engine> {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(settings.pool_instances)
        .total_memories(settings.pool_instances)
        .total_tables(settings.pool_instances)
        .max_memory_size(settings.pool_memory)
        // Linux 6.7 can tell which pages a guest has written; to copy only these is the fastest way to a clean slot.
        .linear_memory_keep_resident(256 << 10)
        .table_keep_resident(64 << 10)
        .pagemap_scan(Enabled::Yes);
    config.allocation_strategy(pool.clone());
    engine(config).or_else(|_| {
        // Elsewhere all that is kept would be wiped each time, which takes longer than to give the pages back.
        pool.linear_memory_keep_resident(0).table_keep_resident(0).pagemap_scan(Enabled::No);
        config.allocation_strategy(pool);
        engine(config)
    })
}
