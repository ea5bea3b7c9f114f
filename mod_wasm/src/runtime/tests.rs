//! Tests of the runtime: real modules, compiled and run; those that change the process run in a fork of it.

use super::failure::Exit;
use super::module::Artifact;
use super::*;
use crate::httpd::signals;
use crate::httpd::signals::tests::{Ended, alone, fork};
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

mod cache;
mod failures;
mod files;
mod instances;
mod renewal;

pub(crate) use instances::slots_forget;

/// A directory that is gone when the test is.
pub(crate) struct Dir(PathBuf);

impl Dir {
    pub(crate) fn new() -> Dir {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("mod_wasm-runtime-{}-{number}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).unwrap();
        Dir(dir)
    }

    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[derive(Default)]
pub(crate) struct State {
    bounds: Bounds,
    memory: Option<wasmtime::Memory>,
}

impl Data for State {
    fn bounds(&mut self) -> &mut Bounds {
        &mut self.bounds
    }

    fn set_memory(&mut self, memory: wasmtime::Memory) {
        self.memory = Some(memory);
    }
}

pub(crate) const LIMITS: Limits = Limits { memory: 1 << 20, time: Duration::from_millis(100), table_elements: 100 };

const CACHED: &str =
    r#"(module (memory 1) (data (i32.const 0) "image") (func (export "run") (result i32) (i32.const 5)))"#;

/// A runtime of which guests can be called in every thread, as in a child of httpd.
fn child(settings: &Settings) -> Runtime {
    let (runtime, notices) = Runtime::new(settings).unwrap();
    assert_eq!(notices, []);
    signals::in_child();
    runtime
}

pub(crate) fn load(runtime: &Runtime, wat: &str) -> Result<Artifact, LoadError> {
    let dir = Dir::new();
    runtime.load(&dir.file("guest.wasm", wat::parse_str(wat).unwrap()))
}

pub(crate) fn link(runtime: &Runtime, wat: &str) -> Guest<State> {
    let mut linker = runtime.linker();
    linker
        .define(|linker| {
            linker
                .func_wrap("host", "fail", || -> wasmtime::Result<()> { Err(wasmtime::Error::msg("outer\ncause")) })?;
            linker.func_wrap("host", "exit", |status: i32| -> wasmtime::Result<()> { Err(Exit(status).into()) })?;
            linker.func_wrap("host", "pardon", |mut caller: wasmtime::Caller<'_, State>, microseconds: u32| {
                caller.data_mut().bounds().pardon(Duration::from_micros(microseconds.into()));
            })?;
            linker.func_wrap("host", "sleep", |mut caller: wasmtime::Caller<'_, State>, milliseconds: u32| {
                let time = Duration::from_millis(milliseconds.into());
                std::thread::sleep(time);
                caller.data_mut().bounds().pardon(time);
            })?;
            linker.func_wrap("host", "panic", || -> () { panic!("host") })?;
            linker.func_wrap("host", "crash", signals::tests::crash)?;
            Ok(())
        })
        .unwrap();
    Guest::link(&load(runtime, wat).unwrap(), &linker).unwrap()
}

/// Instantiates and calls export `run`.
fn run(runtime: &Runtime, wat: &str) -> Result<i32, Failure> {
    let mut instance = link(runtime, wat).instantiate(State::default(), &LIMITS, Place::Kept)?;
    let func = instance.func::<(), i32>("run").unwrap();
    let result = instance.call(&func, ());
    assert_eq!(instance.poisoned(), result.is_err());
    if result.is_err() {
        assert!(matches!(instance.call(&func, ()), Err(Failure::Poisoned)));
    }
    result
}
