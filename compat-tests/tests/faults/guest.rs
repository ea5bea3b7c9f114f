//! Guests made of a template: every failure in one place of httpd's life. Knows wat, and no server.
use std::time::Duration;

use compat_tests::memcheck::patience;
use regex::Regex;

use crate::ground::{binary, text};

/// What can go wrong.
pub struct Failure {
    /// A file of `guests/fail/`.
    pub name: &'static str,
    /// What the log says of it, with [`limits`] as they usually are.
    pub usual: &'static str,
    /// The name of its counter on /server-status.
    pub counter: &'static str,
}

const fn failure(name: &'static str, usual: &'static str, counter: &'static str) -> Failure {
    Failure { name, usual, counter }
}

impl Failure {
    /// What the log says of it.
    pub fn said(&self) -> String {
        self.usual.replace("50 ms", &format!("{} ms", time().as_millis()))
    }
}

/// Limits of the guests, which the failures meet.
pub fn limits() -> String {
    format!("WasmTimeLimit {}ms\nWasmMemoryLimit 2M", time().as_millis())
}

fn time() -> Duration {
    patience(Duration::from_millis(50))
}

/// All of them.
pub const FAILURES: &[Failure] = &[
    failure("unreachable", "wasm trap: wasm `unreachable` instruction executed", "Traps"),
    failure("out_of_bounds", "wasm trap: out of bounds memory access", "Traps"),
    failure("division_by_zero", "wasm trap: integer divide by zero", "Traps"),
    failure("integer_overflow", "wasm trap: integer overflow", "Traps"),
    failure("conversion", "wasm trap: invalid conversion to integer", "Traps"),
    failure("null_call", "wasm trap: uninitialized element", "Traps"),
    failure("wrong_call", "wasm trap: indirect call type mismatch", "Traps"),
    failure("wild_pointer", "wasm trap: out of bounds memory access", "Traps"),
    failure("stack_overflow", "wasm trap: call stack exhausted", "StackLimits"),
    failure("endless_loop", "time limit of 50 ms exceeded", "TimeLimits"),
    failure("memory_used", "memory limit of 2097152 bytes reached, then wasm trap: wasm `unreachable`", "MemoryLimits"),
    failure("proc_exit", "guest exited with status 3", "Exits"),
    failure("panic", "wasm trap: wasm `unreachable` instruction executed", "Traps"),
    failure("table", "table limit of 20000 elements reached, then wasm trap: wasm `unreachable`", "TableLimits"),
];

/// A guest that fails in a place, a file of `guests/faults/`, when the query string is `<name>.<failure>`.
pub fn failing(name: &str, place: &str, values: &[(&str, &str)]) -> Vec<u8> {
    let (mut queries, mut maybe) = (String::new(), String::new());
    for (i, failure) in FAILURES.iter().enumerate() {
        let (fail, at) = (failure.name, 2048 + 128 * i);
        queries += &format!("(data (i32.const {at}) \"{name}.{fail}\\00\")\n");
        maybe += &format!("(if (call $is (i32.const {at})) (then (call $fail_{fail})))\n");
    }
    let fails: String = FAILURES.iter().map(fail).collect();
    let mut wat = text("place/frame").replace("@FAIL@", "").replace("@BODY@", &text("faults/each"));
    wat = with_wasi(&wat.replace("@PLACE@", &text(&format!("faults/{place}"))));
    for (from, to) in [("QUERIES", &*queries), ("FAILS", &fails), ("MAYBE", &maybe), ("NAME", name), ("TRIGGER", "no")]
    {
        wat = wat.replace(&format!("@{from}@"), to);
    }
    for (from, to) in values {
        wat = wat.replace(&format!("@{from}@"), to);
    }
    binary(&wat)
}

/// What a program can't fail by: it calls no function of httpd.
pub const NO_PROGRAM_S: &str = "wild_pointer";

/// The argument that has [`failing_program`] fail in a way.
pub fn letter(failure: &Failure) -> char {
    ('a'..).zip(FAILURES).find(|(_, other)| other.name == failure.name).expect("one of them").0
}

/// A program that fails as its first argument says, when it has written so many times 64 KB.
pub fn failing_program(pages: u32) -> Vec<u8> {
    let failures = || FAILURES.iter().filter(|failure| failure.name != NO_PROGRAM_S);
    let maybe = |failure: &Failure| {
        format!(
            "(if (i32.eq (local.get $letter) (i32.const {})) (then (call $fail_{})))\n",
            letter(failure) as u32,
            failure.name
        )
    };
    let wat = text("faults/program").replace("@PAGES@", &pages.to_string());
    let wat = wat.replace("@FAILS@", &failures().map(fail).collect::<String>());
    binary(&wat.replace("@MAYBE@", &failures().map(maybe).collect::<String>()))
}

/// The function `$fail_…` of a failure.
fn fail(failure: &Failure) -> String {
    renamed(&text(&format!("fail/{}", failure.name)), failure.name)
}

/// A guest that fails in one way, of a body such as those of `guests/faults/` and `guests/place/`.
pub fn failing_so(name: &str, body: &str, failure: &Failure, values: &[(&str, &str)]) -> Vec<u8> {
    let mut wat =
        text("place/frame").replace("@FAIL@", &text(&format!("fail/{}", failure.name))).replace("@BODY@", body);
    wat = with_wasi(&wat);
    for (from, to) in [("NAME", name), ("TRIGGER", "no")].iter().chain(values) {
        wat = wat.replace(&format!("@{from}@"), to);
    }
    binary(&wat)
}

/// The text with imports of WASI, which stand before anything else.
fn with_wasi(wat: &str) -> String {
    let imports = "(import \"wasi_snapshot_preview1\" \"proc_exit\" (func $proc_exit (param i32)))
  (import \"wasi_snapshot_preview1\" \"fd_write\" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import \"wasi_snapshot_preview1\" \"path_open\" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (memory (export";
    wat.replacen("(memory (export", imports, 1)
}

/// The text with what it defines named after the failure, so that several stand side by side.
fn renamed(wat: &str, fail: &str) -> String {
    let defined = Regex::new(r"\((?:func|type|table) \$(\w+)").unwrap();
    let mut renamed = wat.to_owned();
    for found in defined.captures_iter(wat) {
        let name = Regex::new(&format!(r"\${}\b", &found[1])).unwrap();
        renamed = name.replace_all(&renamed, format!("$${}_{fail}", &found[1])).into_owned();
    }
    renamed
}
