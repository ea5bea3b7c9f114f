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

/// A directory that is gone when the test is.
pub(crate) struct Dir(PathBuf);

impl Dir {
    pub(crate) fn new() -> Dir {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let dir =
            std::env::temp_dir().join(format!("mod_wasm-runtime-{}-{number}", std::process::id()));
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

pub(crate) const LIMITS: Limits = Limits {
    memory: 1 << 20,
    time: Duration::from_millis(100),
    table_elements: 100,
};

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
            linker.func_wrap("host", "fail", || -> wasmtime::Result<()> {
                Err(wasmtime::Error::msg("outer\ncause"))
            })?;
            linker.func_wrap("host", "exit", |status: i32| -> wasmtime::Result<()> {
                Err(Exit(status).into())
            })?;
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

#[test]
fn traps_are_told_with_their_frames() {
    let runtime = child(&Settings::default());
    let cases = [
        (
            "(memory 1) (func $inner (result i32) (i32.load (i32.const 65536)))",
            "out of bounds memory access",
        ),
        (
            "(func $inner (result i32) unreachable)",
            "`unreachable` instruction executed",
        ),
        (
            "(func $inner (result i32) (i32.div_s (i32.const 1) (i32.const 0)))",
            "integer divide by zero",
        ),
        (
            "(func $inner (result i32) (i32.div_s (i32.const 0x80000000) (i32.const -1)))",
            "integer overflow",
        ),
        (
            "(func $inner (result i32) (i32.trunc_f32_s (f32.const nan)))",
            "invalid conversion to integer",
        ),
        (
            "(func $inner (result i32) (i32.add (call $inner) (i32.const 1)))",
            "call stack exhausted",
        ),
        (
            "(table 1 funcref) (func $inner (result i32) (call_indirect (result i32) (i32.const 1)))",
            "undefined element",
        ),
        (
            "(table 1 funcref) (func $inner (result i32) (call_indirect (result i32) (i32.const 0)))",
            "uninitialized element",
        ),
        (
            "(table funcref (elem $f)) (func $f) (func $inner (result i32) (call_indirect (result i32) (i32.const 0)))",
            "indirect call type mismatch",
        ),
    ];
    for (body, what) in cases {
        let wat = format!(
            "(module {body} (func $outer (export \"run\") (result i32) (i32.add (call $inner) (i32.const 1))))"
        );
        let failure = run(&runtime, &wat).unwrap_err();
        let line = failure.to_string();
        assert!(matches!(failure, Failure::Trap { .. } | Failure::Stack { .. }), "{line}");
        assert!(
            line.starts_with("wasm trap: ") && line.contains(what),
            "{line}"
        );
        assert!(line.contains(" at 0: inner (guest.wasm) <- 1: "), "{line}");
        assert!(line.len() <= 1_500 && !line.contains('\n'), "{line}");
    }
}

#[test]
fn functions_are_demangled_and_hostile_names_are_plain() {
    let runtime = child(&Settings::default());
    let rust = r#"(module (func $_ZN5hello5world17h0123456789abcdefE (export "run") (result i32) unreachable))"#;
    let line = run(&runtime, rust).unwrap_err().to_string();
    assert!(line.contains("0: hello::world"), "{line}");

    let hostile = format!(
        "(module $\"a!b\" (func $f (@name \"x\\0a[error] fake\\1b[31m\\u{{202e}}{}\") (export \"run\") (result i32) unreachable))",
        "y".repeat(100_000)
    );
    let line = run(&runtime, &hostile).unwrap_err().to_string();
    assert!(line.len() <= 1_500, "{}", line.len());
    assert!(
        !line.chars().any(char::is_control) && !line.contains('\u{202e}'),
        "{line}"
    );
    assert!(line.contains("x?[error] fake?[31m?y"), "{line}");

    let short = r#"(module (func $h (export "run") (result i32) unreachable))"#;
    let line = run(&runtime, short).unwrap_err().to_string();
    assert!(line.contains("0: h (guest.wasm)"), "{line}");

    let nameless = r#"(module (func (export "run") (result i32) unreachable))"#;
    let line = run(&runtime, nameless).unwrap_err().to_string();
    assert!(line.contains("0: <wasm function 0> (guest.wasm)"), "{line}");
}

#[test]
fn an_endless_loop_meets_its_limit() {
    let runtime = child(&Settings::default());
    runtime.start_ticker().unwrap();
    let began = Instant::now();
    let failure = run(
        &runtime,
        r#"(module (func $spin (export "run") (result i32) (loop (br 0)) unreachable))"#,
    );
    let took = began.elapsed();
    let line = failure.unwrap_err().to_string();
    assert!(
        line.starts_with("time limit of 100 ms exceeded at 0: spin (guest.wasm)"),
        "{line}"
    );
    assert!(took >= LIMITS.time && took < LIMITS.time * 5, "{took:?}");
}

#[test]
fn waiting_is_not_the_guest_s_time_and_no_way_to_go_on_for_ever() {
    let runtime = child(&Settings::default());
    runtime.start_ticker().unwrap();
    let waits = r#"(module (import "host" "sleep" (func $sleep (param i32)))
        (func (export "run") (result i32) (local $times i32)
            (loop
                (call $sleep (i32.const 30))
                (br_if 0 (i32.lt_u (local.tee $times (i32.add (local.get $times) (i32.const 1))) (i32.const 10))))
            i32.const 7))"#;
    assert_eq!(run(&runtime, waits).unwrap(), 7);
    // A microsecond each time that a counter has come round.
    let moments = r#"(module (import "host" "pardon" (func $pardon (param i32)))
        (func (export "run") (result i32) (local $count i32)
            (loop
                (local.set $count (i32.and (i32.add (local.get $count) (i32.const 1)) (i32.const 0xffff)))
                (if (i32.eqz (local.get $count)) (then (call $pardon (i32.const 1))))
                (br 0))
            unreachable))"#;
    assert!(matches!(run(&runtime, moments), Err(Failure::TimeLimit { .. })));
}

#[test]
fn a_start_function_is_bounded_too() {
    let runtime = child(&Settings::default());
    runtime.start_ticker().unwrap();
    let guest = link(
        &runtime,
        "(module (func $start (loop (br 0))) (start $start))",
    );
    for place in [Place::Kept, Place::Fresh] {
        let failure = guest
            .instantiate(State::default(), &LIMITS, place)
            .err()
            .unwrap();
        assert!(matches!(failure, Failure::TimeLimit { .. }), "{failure}");
    }
}

#[test]
fn the_ticker_sleeps_without_calls_and_wakes_with_them() {
    let settings = Settings {
        epoch: Duration::from_millis(1),
        ..Settings::default()
    };
    let runtime = child(&settings);
    runtime.start_ticker().unwrap();
    let spin = r#"(module (func (export "run") (result i32) (loop (br 0)) unreachable))"#;
    for _ in 0..2 {
        assert!(matches!(
            run(&runtime, spin),
            Err(Failure::TimeLimit { .. })
        ));
        let began = Instant::now();
        while !runtime.pulse().asleep() {
            assert!(began.elapsed() < Duration::from_secs(10));
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn a_refused_growth_is_told_as_the_memory_limit() {
    let runtime = child(&Settings::default());
    let grow = |then: &str| {
        format!(
            "(module (memory 1) (func $alloc (export \"run\") (result i32)
               (local i32) (local.set 0 (memory.grow (i32.const 16)))
               (if (i32.eq (local.get 0) (i32.const -1)) (then {then})) (local.get 0)))"
        )
    };
    assert_eq!(run(&runtime, &grow("")).unwrap(), -1);
    let line = run(&runtime, &grow("unreachable")).unwrap_err().to_string();
    assert!(
        line.starts_with("memory limit of 1048576 bytes reached, then wasm trap: "),
        "{line}"
    );
    assert!(line.contains(" at 0: alloc (guest.wasm)"), "{line}");
    let small =
        r#"(module (memory 1) (func (export "run") (result i32) (memory.grow (i32.const 15))))"#;
    assert_eq!(run(&runtime, small).unwrap(), 1);
    let large = r#"(module (memory 17) (func (export "run") (result i32) (i32.const 0)))"#;
    let failure = run(&runtime, large).unwrap_err();
    assert!(matches!(failure, Failure::MemoryLimit { .. }), "{failure}");
    let table = r#"(module (table 1 funcref) (func (export "run") (result i32)
        (table.grow (ref.null func) (i32.const 100))))"#;
    assert_eq!(run(&runtime, table).unwrap(), -1);
}

#[test]
fn host_functions_fail_exit_and_panic() {
    let runtime = child(&Settings::default());
    let import = |name: &str, call: &str, ty: &str| {
        format!(
            "(module (import \"host\" \"{name}\" (func $host {ty})) (func $run (export \"run\") (result i32) {call} (i32.const 0)))"
        )
    };
    let failure = run(&runtime, &import("fail", "(call $host)", "")).unwrap_err();
    assert!(matches!(failure, Failure::Host { .. }));
    assert_eq!(failure.to_string(), "outer?cause at 0: run (guest.wasm)");
    let failure = run(
        &runtime,
        &import("exit", "(call $host (i32.const 3))", "(param i32)"),
    )
    .unwrap_err();
    assert!(matches!(failure, Failure::Exit(3)), "{failure}");

    let guest = link(&runtime, &import("panic", "(call $host)", ""));
    let mut instance = guest
        .instantiate(State::default(), &LIMITS, Place::Kept)
        .unwrap();
    let func = instance.func::<(), i32>("run").unwrap();
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| instance.call(&func, ())));
    assert!(panic.is_err());
    assert!(instance.poisoned());
}

#[test]
fn instances_see_their_memory_and_are_initialized() {
    let runtime = child(&Settings::default());
    let guest = link(
        &runtime,
        r#"(module (memory (export "memory") 1)
             (func (export "_initialize") (i32.store (i32.const 8) (i32.const 7)))
             (func (export "run") (result i32) (i32.load (i32.const 8))))"#,
    );
    let mut instance = guest
        .instantiate(State::default(), &LIMITS, Place::Kept)
        .unwrap();
    assert!(instance.has("run") && !instance.has("memory") && !instance.has("walk"));
    assert!(
        instance.func::<i32, i32>("run").is_none(),
        "of another type"
    );
    let memory = instance.data().memory.unwrap();
    assert_eq!(memory.data(&instance.store)[8], 7);
}

/// Instances find the module's memory however their slots were left; also more of them than there are slots.
pub(crate) fn slots_forget(runtime: &Runtime) {
    let guest = link(
        runtime,
        r#"(module (memory (export "memory") 1) (data (i32.const 0) "image")
             (func (export "run") (result i32)
               (i32.load (i32.const 40000)) (i32.store (i32.const 40000) (i32.const 1))
               (i32.store8 (i32.const 0) (i32.const 0))))"#,
    );
    for _ in 0..10 {
        let mut alive: Vec<_> = (0..5)
            .map(|_| {
                guest
                    .instantiate(State::default(), &LIMITS, Place::Fresh)
                    .unwrap()
            })
            .collect();
        for instance in &mut alive {
            let memory = instance.data().memory.unwrap();
            assert_eq!(&memory.data(&instance.store)[..5], b"image");
            let func = instance.func::<(), i32>("run").unwrap();
            assert_eq!(instance.call(&func, ()).unwrap(), 0);
            assert_eq!(instance.call(&func, ()).unwrap(), 1);
        }
    }
}

#[test]
fn a_full_pool_falls_back_and_a_slot_forgets() {
    let settings = Settings {
        pool_instances: 2,
        pool_memory: 1 << 20,
        ..Settings::default()
    };
    let runtime = child(&settings);
    assert!(runtime.pooled());
    slots_forget(&runtime);
    // Larger than a slot: on demand, where it can grow.
    let limits = Limits {
        memory: 2 << 20,
        ..LIMITS
    };
    let grow = link(
        &runtime,
        r#"(module (memory 1) (func (export "run") (result i32) (memory.grow (i32.const 30))))"#,
    );
    let mut instance = grow
        .instantiate(State::default(), &limits, Place::Fresh)
        .unwrap();
    let func = instance.func::<(), i32>("run").unwrap();
    assert_eq!(instance.call(&func, ()).unwrap(), 1);
}

#[test]
fn a_module_too_large_for_the_pool_is_made_on_demand() {
    let settings = Settings {
        pool_instances: 2,
        pool_memory: 1 << 16,
        ..Settings::default()
    };
    let runtime = child(&settings);
    let wat = r#"(module (memory 2) (func (export "run") (result i32) (i32.const 5)))"#;
    let artifact = load(&runtime, wat).unwrap();
    assert!(
        matches!(artifact.notices.as_slice(), [Notice::NotPooled(_)]),
        "{:?}",
        artifact.notices
    );
    assert_eq!(run(&runtime, wat).unwrap(), 5);
}

#[test]
fn modules_are_classified() {
    let runtime = child(&Settings::default());
    let kind = |exports: &[&str]| {
        let exports: String = exports
            .iter()
            .map(|name| format!("(func (export \"{name}\"))"))
            .collect();
        load(&runtime, &format!("(module {exports})")).map(|artifact| artifact.kind)
    };
    assert_eq!(
        kind(&["apache_abi_version_1"]).unwrap(),
        Kind::Extension { abi_version: 1 }
    );
    assert_eq!(
        kind(&["apache_abi_version_2", "apache_abi_version_1"]).unwrap(),
        Kind::Extension { abi_version: 1 }
    );
    assert_eq!(kind(&["proxy_abi_version_0_2_1"]).unwrap(), Kind::ProxyWasm);
    assert_eq!(kind(&["_start"]).unwrap(), Kind::Command);
    assert_eq!(kind(&["run"]).unwrap(), Kind::Plain);
    let error = kind(&["apache_abi_version_2"]).unwrap_err();
    assert!(matches!(&error, LoadError::AbiVersion { found } if found == "2"));
    assert!(
        error.to_string().contains("version 2 of the ABI"),
        "{error}"
    );

    let artifact = load(
        &runtime,
        r#"(module (import "apache" "log" (func)) (memory (export "memory") 1))"#,
    )
    .unwrap();
    assert_eq!(artifact.exports, ["memory"]);
    assert_eq!(artifact.hash.len(), 64);
}

#[test]
fn what_is_no_module_is_told_apart() {
    let runtime = child(&Settings::default());
    let dir = Dir::new();
    let module =
        wat::parse_str(r#"(module (func (export "run") (result i32) (i32.const 5)))"#).unwrap();
    let precompiled = runtime.engines()[0].precompile_module(&module).unwrap();
    let mut invalid = module.clone();
    let last = invalid.len() - 3;
    invalid[last] = 0xff;
    let cases: [(&[u8], &str); 11] = [
        (b"", "empty file, not a WebAssembly module"),
        (
            b"\0as",
            "truncated WebAssembly module: ends within its header",
        ),
        (
            b"\0asm\x01\0",
            "truncated WebAssembly module: ends within its header",
        ),
        (
            &module[..module.len() - 4],
            "truncated WebAssembly module: ",
        ),
        (
            b"\0asm\x0d\0\x01\0",
            "a WebAssembly component, not a core module",
        ),
        (
            b"\0asm\x02\0\0\0",
            "a WebAssembly module of an unknown binary version",
        ),
        (
            b";; hello\n  (module)",
            "WebAssembly text, not a binary module",
        ),
        (b"\x7fELF\x02\x01\x01", "not a WebAssembly module"),
        (
            &precompiled,
            "code precompiled by wasmtime, not a WebAssembly module",
        ),
        (&invalid, "invalid WebAssembly module: "),
        (b"<html>", "not a WebAssembly module"),
    ];
    for (bytes, told) in cases {
        let error = runtime
            .load(&dir.file("guest.wasm", bytes))
            .err()
            .unwrap()
            .to_string();
        assert!(error.starts_with(told), "{error} instead of {told}");
    }
    let error = runtime.load(&dir.0.join("missing.wasm")).err().unwrap();
    assert!(matches!(error, LoadError::Read(_)), "{error}");
    let error = runtime.load(Path::new("/dev/zero")).err().unwrap();
    assert!(matches!(error, LoadError::NotAFile), "{error}");
    let large = dir.file("large.wasm", b"\0asm\x01\0\0\0");
    fs::File::options()
        .write(true)
        .open(&large)
        .unwrap()
        .set_len((64 << 20) + 1)
        .unwrap();
    assert!(matches!(runtime.load(&large), Err(LoadError::TooLarge)));
}

#[test]
fn an_unknown_import_is_named() {
    let runtime = child(&Settings::default());
    let guest = |import: &str| {
        let artifact = load(&runtime, &format!("(module {import})")).unwrap();
        let mut linker = runtime.linker::<State>();
        linker
            .define(|linker| linker.func_wrap("host", "known", || ()).map(|_| ()))
            .unwrap();
        Guest::link(&artifact, &linker).err()
    };
    assert!(guest(r#"(import "host" "known" (func))"#).is_none());
    let error = guest("(import \"wasi_snapshot_preview1\" \"fd_\\0awrite\" (func))").unwrap();
    assert!(
        matches!(&error, LoadError::Import { module, .. } if module == "wasi_snapshot_preview1")
    );
    assert_eq!(
        error.to_string(),
        "unknown import wasi_snapshot_preview1::fd_?write"
    );
    let error = guest(r#"(import "host" "known" (func (param i32)))"#).unwrap();
    assert!(matches!(error, LoadError::Link(_)), "{error}");
}

const CACHED: &str = r#"(module (memory 1) (data (i32.const 0) "image") (func (export "run") (result i32) (i32.const 5)))"#;

/// Loads from a cache in `dir` and runs: whether the code was cached, and the notices.
fn cached(dir: &Path) -> (bool, Vec<Notice>) {
    let settings = Settings {
        cache_dir: Some(dir.to_owned()),
        pool_instances: 1,
        ..Settings::default()
    };
    let (runtime, mut notices) = Runtime::new(&settings).unwrap();
    signals::in_child();
    let artifact = load(&runtime, CACHED).unwrap();
    let guest = Guest::link(&artifact, &runtime.linker::<State>()).unwrap();
    for place in [Place::Kept, Place::Fresh] {
        let mut instance = guest.instantiate(State::default(), &LIMITS, place).unwrap();
        let func = instance.func::<(), i32>("run").unwrap();
        assert_eq!(instance.call(&func, ()).unwrap(), 5);
    }
    notices.extend(artifact.notices);
    (artifact.cached, notices)
}

fn only_file(dir: &Path) -> PathBuf {
    let mut files = fs::read_dir(dir).unwrap();
    let file = files.next().unwrap().unwrap().path();
    assert!(files.next().is_none());
    file
}

#[test]
fn the_cache_is_used_once_it_is_filled() {
    let dir = Dir::new();
    let cache = dir.0.join("cache");
    assert_eq!(cached(&cache), (false, vec![]));
    assert_eq!(cached(&cache), (true, vec![]));
    assert_eq!(
        fs::metadata(&cache).unwrap().permissions().mode() & 0o777,
        0o700
    );
    assert_eq!(
        fs::metadata(only_file(&cache))
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o600
    );
}

#[test]
fn damaged_code_is_compiled_anew() {
    let dir = Dir::new();
    cached(&dir.0);
    let file = only_file(&dir.0);
    let whole = fs::read(&file).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for (bytes, told) in [
        (&whole[..whole.len() - 1], "damaged"),
        (&whole[..10], "truncated"),
        (b"", "truncated"),
        (&flipped, "damaged"),
    ] {
        fs::write(&file, bytes).unwrap();
        let (hit, notices) = cached(&dir.0);
        assert!(!hit);
        assert!(
            matches!(notices.as_slice(), [Notice::BadCacheFile { why, .. }] if why == told),
            "{notices:?}"
        );
        assert_eq!(
            cached(&dir.0),
            (true, vec![]),
            "the damaged file was replaced"
        );
    }
}

#[test]
fn code_that_others_may_have_written_is_not_used() {
    let dir = Dir::new();
    cached(&dir.0);
    let file = only_file(&dir.0);
    let mode =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();

    mode(&file, 0o620);
    let (hit, notices) = cached(&dir.0);
    assert!(
        !hit && notices[0]
            .to_string()
            .contains("is writable by others than its owner"),
        "{notices:?}"
    );
    assert_eq!(cached(&dir.0), (true, vec![]), "the file was replaced");

    for bad in [0o777, 0o1777, 0o720] {
        mode(&dir.0, bad);
        let (hit, notices) = cached(&dir.0);
        assert!(
            !hit && matches!(notices.as_slice(), [Notice::NoCache(_)]),
            "{notices:?}"
        );
    }
    mode(&dir.0, 0o700);
    assert_eq!(cached(&dir.0), (true, vec![]));

    // A directory above in which others could put another one in its place.
    let inner = dir.0.join("inner");
    cached(&inner);
    mode(&dir.0, 0o777);
    let (hit, notices) = cached(&inner);
    assert!(
        !hit && matches!(notices.as_slice(), [Notice::NoCache(_)]),
        "{notices:?}"
    );
    mode(&dir.0, 0o700);

    let link = dir.0.join("link");
    symlink("/nowhere", &link).unwrap();
    let (_, notices) = cached(&link);
    assert!(
        matches!(notices.as_slice(), [Notice::NoCache(_)]),
        "{notices:?}"
    );

    // Only root can give files away.
    if chown(&file, Some(65_534), None).is_ok() {
        let (hit, notices) = cached(&dir.0);
        assert!(
            !hit && notices[0].to_string().contains("belongs to another user"),
            "{notices:?}"
        );
        chown(&dir.0, Some(65_534), None).unwrap();
        let (hit, notices) = cached(&dir.0);
        assert!(
            !hit && matches!(notices.as_slice(), [Notice::NoCache(_)]),
            "{notices:?}"
        );
    }
}

#[test]
fn settings_are_part_of_the_key() {
    let dir = Dir::new();
    cached(&dir.0);
    let settings = Settings {
        cache_dir: Some(dir.0.clone()),
        ..Settings::default()
    };
    let artifact = load(&child(&settings), CACHED).unwrap();
    assert!(artifact.cached, "the pool doesn't change the code");
    let artifact = load(&child(&settings), &CACHED.replace('5', "6")).unwrap();
    assert!(!artifact.cached);
}

#[test]
fn little_address_space_is_enough() {
    alone(|| {
        let settings = Settings {
            pool_instances: 100,
            ..Settings::default()
        };
        let _ = child(&settings);
        let ended = fork(|| {
            signals::tests::limit_address_space(100 << 30);
            let (runtime, notices) = Runtime::new(&settings).unwrap();
            assert!(
                matches!(notices.as_slice(), [Notice::NoRoomForPool { .. }]),
                "{notices:?}"
            );
            assert!(!runtime.pooled());

            signals::tests::limit_address_space(1 << 30);
            let (runtime, notices) = Runtime::new(&settings).unwrap();
            assert!(
                matches!(
                    notices.as_slice(),
                    [Notice::SmallMemories { .. }, Notice::NoRoomForPool { .. }]
                ),
                "{notices:?}"
            );
            assert_eq!(run(&runtime, CACHED).unwrap(), 5);
            let oob = r#"(module (memory 1) (func (export "run") (result i32) (i32.load (i32.const 65536))))"#;
            assert!(matches!(run(&runtime, oob), Err(Failure::Trap { .. })));
            let guest = link(
                &runtime,
                r#"(module (memory 1) (func (export "run") (result i32) (memory.grow (i32.const 15))))"#,
            );
            let many: Vec<_> = (0..200)
                .map(|_| {
                    guest
                        .instantiate(State::default(), &LIMITS, Place::Fresh)
                        .unwrap()
                })
                .map(|mut instance| {
                    let func = instance.func::<(), i32>("run").unwrap();
                    assert_eq!(instance.call(&func, ()).unwrap(), 1);
                    instance
                })
                .collect();
            assert_eq!(many.len(), 200);
        });
        assert_eq!(ended, Ended::Exit(0));
    });
}

#[test]
fn nonsense_settings_are_an_error() {
    let settings = Settings {
        max_wasm_stack: 0,
        ..Settings::default()
    };
    assert!(Runtime::new(&settings).is_err());
}
