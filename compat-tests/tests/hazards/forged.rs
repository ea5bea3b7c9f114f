//! Every host function, called with garbage in every phase: handles that nobody gave, pointers into nothing, numbers out of
//! range. The guests are made from host-api's table, so that a new function is attacked from its first day.
use std::collections::BTreeMap;

use compat_tests::client::Connection;
use compat_tests::errorlog::crashes;
use host_api::fields::FIELDS;
use host_api::import_module;
use host_api::table::{FUNCTIONS, Function, GROUPS, Returns, Type};

use crate::ground::{Ground, INDEX, binary, fetch, lines_with, status};
use crate::{mpm, status as counted};

/// Values for one call: for handles and numbers, for 64 bits, for address and length of bytes, for buffer and capacity.
struct Garbage {
    number: i32,
    long: i64,
    bytes: (i32, i32),
    buffer: (i32, i32),
}

/// At 1024 there are 16 bytes of nonsense, at 2048 `Content-Type`, and the memory ends at 65536.
const GARBAGE: &[Garbage] = &[
    Garbage { number: 0, long: 0, bytes: (0, 0), buffer: (0, 0) },
    Garbage { number: -1, long: -1, bytes: (-1, -1), buffer: (-1, -1) },
    Garbage { number: i32::MAX, long: i64::MAX, bytes: (65_530, 100), buffer: (65_530, 100) },
    Garbage { number: 12_345, long: i64::MIN, bytes: (1024, 16), buffer: (4096, 8) },
    Garbage { number: 1, long: 1, bytes: (2048, 12), buffer: (65_532, -1) },
    // The first handle, and what may well be the right kind of bytes.
    Garbage { number: 0, long: 7, bytes: (2048, 12), buffer: (4096, 4096) },
    Garbage { number: 2, long: 500, bytes: (1024, 16), buffer: (-16, 64) },
    // All of the memory at once.
    Garbage { number: 3, long: 100, bytes: (0, 65_536), buffer: (0, 65_536) },
];

fn call(function: &Function, garbage: &Garbage) -> String {
    let mut code = format!("(drop (call ${}", function.name);
    let pair = |(address, length): (i32, i32)| format!(" (i32.const {address}) (i32.const {length})");
    for (_, kind) in function.parameters {
        code += &match kind {
            Type::Bytes => pair(garbage.bytes),
            Type::I64 => format!(" (i64.const {})", garbage.long),
            // Half of the cases are about the request that is really there.
            Type::Request if garbage.bytes.0 == 2048 => " (i32.const 0)".to_owned(),
            Type::Request | Type::Table | Type::Handle | Type::U32 | Type::I32 => {
                format!(" (i32.const {})", garbage.number)
            }
        };
    }
    if function.returns == Returns::Bytes {
        code += &pair(garbage.buffer);
    }
    code + "))"
}

fn import(function: &Function) -> String {
    let mut parameters = String::new();
    for (_, kind) in function.parameters {
        parameters += match kind {
            Type::Bytes => " i32 i32",
            Type::I64 => " i64",
            _ => " i32",
        };
    }
    let result = if function.returns == Returns::Number { "i64" } else { "i32" };
    if function.returns == Returns::Bytes {
        parameters += " i32 i32";
    }
    let (module, name) = (import_module(function.group), function.name);
    format!("(import \"{module}\" \"{name}\" (func ${name} (param{parameters}) (result {result})))\n")
}

/// A guest that does one of `cases` in a hook: the one whose number follows `letter` in the query string. `load` is done
/// while it describes itself.
fn machine(name: &str, hook: &str, letter: char, cases: &[String], load: &str) -> Vec<u8> {
    let mut wat = String::from("(module\n");
    FUNCTIONS.iter().for_each(|function| wat += &import(function));
    for (i, case) in cases.iter().enumerate() {
        wat += &format!("(func $case_{i} {case})\n");
    }
    let count = cases.len();
    let all: String = (0..count).map(|i| format!(" $case_{i}")).collect();
    wat += &format!(
        r#"(memory (export "memory") 1)
        (data (i32.const 16) "mod_{name}.c")
        (data (i32.const 1024) "s\00\ff\0d\0a\1b[3\80%n(((a\00b")
        (data (i32.const 2048) "Content-Type")
        (type $case (func))
        (table funcref (elem{all}))
        (func (export "apache_abi_version_1"))
        (func (export "apache_module")
            {load}
            (drop (call $ap_module_name (i32.const 16) (i32.const {length}))))
        (func (export "ap_create_config") (param i32) (result i32) (i32.const 0))
        (func (export "ap_directive") (param i32 i32 i32) (result i32) (i32.const 0))
        (func (export "ap_output_filter") (param i32 i32 i32 i32 i32) (result i32) (i32.const 0))
        (func (export "ap_input_filter") (param i32 i32 i32 i32 i32) (result i32) (i32.const 0))
        (func (export "ap_hook_{hook}") (param i32) (result i32) (local $i i32) (local $n i32) (local $length i32)
            (local.set $length (call $ap_request_field (i32.const 0) (i32.const 8) (i32.const 256) (i32.const 64)))
            (if (i32.lt_s (local.get $length) (i32.const 2)) (then (return (i32.const -1))))
            (if (i32.ne (i32.load8_u (i32.const 256)) (i32.const {letter})) (then (return (i32.const -1))))
            (loop $next
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (local.set $n (i32.add (i32.mul (local.get $n) (i32.const 10))
                    (i32.sub (i32.load8_u (i32.add (i32.const 256) (local.get $i))) (i32.const 48))))
                (br_if $next (i32.lt_u (i32.add (local.get $i) (i32.const 1)) (local.get $length))))
            (call_indirect (type $case) (local.get $n))
            (i32.const -1)))"#,
        length = name.len() + 6,
        letter = letter as u32,
    );
    binary(&wat)
}

fn settings() -> String {
    let groups: String = GROUPS.iter().map(|group| format!(" +{}", group.name)).collect();
    format!("WasmApi{groups}\nWasmTimeLimit 500ms")
}

/// Does every case in every one of these hooks, and in the first module what `load` says; no answer matters, but the children
/// must live and others be served. How often each module trapped.
fn attack(hooks: &[&str], cases: &[String], load: &str) -> BTreeMap<String, u64> {
    let ground = Ground::new(mpm());
    let mut own = String::new();
    for (hook, letter) in hooks.iter().zip('A'..) {
        // What one module has declared no other can.
        let load = if letter == 'A' { load } else { "" };
        own += &ground.module_with(hook, &machine(hook, hook, letter, cases, load), &settings());
    }
    // mod_status is also one of the handlers that read r->handler without a check.
    ground.configure(&(own + counted::CONFIG));
    let server = ground.start();
    let children = server.children();
    for letter in ('A'..).take(hooks.len()) {
        for number in 0..cases.len() {
            let mut connection = Connection::open(server.address()).unwrap();
            let request =
                format!("GET /index.html?{letter}{number} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            connection.send(request.as_bytes()).unwrap();
            // Some write garbage into the answer, or end it: all the same.
            let _ = connection.receive(false);
        }
        let answer = fetch(&server, "/index.html");
        assert_eq!((status(&answer), answer.body.as_slice()), (200, INDEX.as_bytes()));
    }
    let log = ground.site.error_log_text();
    assert_eq!(crashes(&log), Vec::<&str>::new());
    assert!(!log.contains("panicked at"), "{:?}", lines_with(&log, &["panicked at"]));
    for child in children {
        assert!(server.children().contains(&child), "child {child} is gone");
    }
    let traps = counted::modules(&server).into_iter().map(|(module, numbers)| (module, numbers["Traps"])).collect();
    server.stop().unwrap();
    traps
}

#[test]
fn every_function_survives_garbage_in_every_phase() {
    let cases: Vec<String> = FUNCTIONS.iter().flat_map(|f| GARBAGE.iter().map(|g| call(f, g))).collect();
    // While the module describes itself, all that doesn't trap.
    let tame = GARBAGE.iter().filter(|g| (0..=2048).contains(&g.bytes.0) && (0..=4096).contains(&g.buffer.0));
    let load: String = tame.flat_map(|g| FUNCTIONS.iter().map(move |f| call(f, g))).collect();
    let traps = attack(&["fixups", "handler", "log_transaction"], &cases, &load);
    // Every function that takes bytes refuses both kinds of wild pointer, in every phase.
    let take_bytes = FUNCTIONS.iter().filter(|f| f.parameters.iter().any(|(_, kind)| *kind == Type::Bytes)).count();
    for hook in ["fixups", "handler", "log_transaction"] {
        let refused = traps[&format!("{hook}_module")];
        assert!(refused >= 2 * take_bytes as u64, "only {refused} of {} in {hook}", 2 * take_bytes);
    }
}

#[test]
fn any_field_may_be_anything_in_any_hook() {
    let mut cases = Vec::new();
    for field in 0..=FIELDS.len() {
        let r = format!("(i32.const 0) (i32.const {field})");
        cases.push(format!("(drop (call $ap_request_unset_field {r}))"));
        for (address, length) in [(2048, 12), (2048, 0), (1025, 0), (4096, 1), (1029, 2), (2048, 4000)] {
            cases.push(format!("(drop (call $ap_request_set_field {r} (i32.const {address}) (i32.const {length})))"));
        }
        for number in ["-1", "0", "99", "999", "2147483647", "9223372036854775807"] {
            cases.push(format!("(drop (call $ap_request_set_number {r} (i64.const {number})))"));
        }
    }
    let hooks = [
        "post_read_request",
        "translate_name",
        "map_to_storage",
        "type_checker",
        "fixups",
        "insert_filter",
        "handler",
        "log_transaction",
    ];
    attack(&hooks, &cases, "");
}

/// A guest that parses and evaluates each of these as an expression, and matches each of `patterns` against the subject
/// after it, when it is asked for by number.
fn matcher(expressions: &[String], patterns: &[(String, String)]) -> (Vec<u8>, usize) {
    let quoted = |text: &str| -> String { text.bytes().map(|byte| format!("\\{byte:02x}")).collect() };
    let (mut data, mut cases, mut at) = (String::new(), String::new(), 4096);
    let mut put = |text: &str| {
        data += &format!("(data (i32.const {at}) \"{}\")\n", quoted(text));
        at += text.len() + 1;
        (at - text.len() - 1, text.len())
    };
    for (i, expression) in expressions.iter().enumerate() {
        let (address, length) = put(expression);
        cases += &format!(
            "(func $case_{i} (local $handle i64)
                (local.set $handle (call $ap_expr_parse (i32.const {address}) (i32.const {length}) (i32.const 0)))
                (if (i64.ge_s (local.get $handle) (i64.const 0))
                    (then (drop (call $ap_expr_exec (i32.const 0) (i32.wrap_i64 (local.get $handle)))))))\n"
        );
    }
    for (i, (pattern, subject)) in patterns.iter().enumerate() {
        let ((pattern, pattern_length), (subject, length)) = (put(pattern), put(subject));
        cases += &format!(
            "(func $case_{} (local $handle i64)
                (local.set $handle (call $ap_regcomp (i32.const {pattern}) (i32.const {pattern_length}) (i32.const 0)))
                (if (i64.ge_s (local.get $handle) (i64.const 0))
                    (then (drop (call $ap_regexec (i32.wrap_i64 (local.get $handle)) (i32.const {subject}) (i32.const {length})
                        (i32.const 1) (i32.const 0) (i32.const 1024) (i32.const 64))))))\n",
            expressions.len() + i
        );
    }
    let count = expressions.len() + patterns.len();
    let all: String = (0..count).map(|i| format!(" $case_{i}")).collect();
    let names = ["ap_module_name", "ap_request_field", "ap_expr_parse", "ap_expr_exec", "ap_regcomp", "ap_regexec"];
    let imports: String = FUNCTIONS.iter().filter(|f| names.contains(&f.name)).map(import).collect();
    let pages = at / 65_536 + 1;
    let wat = format!(
        r#"(module {imports} {cases}
        (memory (export "memory") {pages}) {data}
        (data (i32.const 16) "mod_matcher.c")
        (type $case (func))
        (table funcref (elem{all}))
        (func (export "apache_abi_version_1"))
        (func (export "apache_module") (drop (call $ap_module_name (i32.const 16) (i32.const 13))))
        (func (export "ap_hook_fixups") (param i32) (result i32)
            (if (i32.eq (call $ap_request_field (i32.const 0) (i32.const 8) (i32.const 256) (i32.const 64)) (i32.const 2))
                (then (call_indirect (type $case) (i32.add
                    (i32.mul (i32.sub (i32.load8_u (i32.const 256)) (i32.const 48)) (i32.const 10))
                    (i32.sub (i32.load8_u (i32.const 257)) (i32.const 48))))))
            (i32.const -1)))"#
    );
    (binary(&wat), count)
}

#[test]
fn expressions_and_patterns_made_to_break_httpd_do_not() {
    let nested = |open: &str, middle: &str, close: &str, times: usize| {
        format!("{}{middle}{}", open.repeat(times), close.repeat(times))
    };
    let mut expressions = Vec::new();
    for times in [100, 1_900, 3_300, 60_000] {
        expressions.push(nested("(", "1", ")", times));
        expressions.push(nested("!", "1", "", times));
        expressions.push(nested("tolower(", "'a'", ")", times) + " == 'a'");
        expressions.push(nested("1 && ", "1", "", times));
        expressions.push(nested("1 || ", "0", "", times));
        expressions.push(format!("'{}' == 'a'", "%{REQUEST_URI}".repeat(times)));
        expressions.push(format!("{}'a' == 'a'", "'a' . ".repeat(times)));
        expressions.push(format!("'a' in {{ {}'b' }}", "'a', ".repeat(times)));
        expressions.push(nested("%{tolower:", "a", "}", times) + " == 'a'");
    }
    let patterns = [
        ("(a*)*b".to_owned(), "a".repeat(40)),
        ("^(a|a)*$".to_owned(), "a".repeat(40) + "b"),
        ("(?:.|\\n)*x".to_owned(), "a".repeat(200_000)),
        (nested("(", "a", ")", 240), "a".to_owned()),
        (nested("(", "a", ")", 30_000), "a".to_owned()),
        ("(?R)?a".to_owned(), "a".repeat(10_000)),
        ("^(?:(?=(a+))\\1)+$".to_owned(), "a".repeat(5_000)),
    ];
    let ground = Ground::new(mpm());
    let (wasm, count) = matcher(&expressions, &patterns);
    ground.configure(&format!(
        "<IfModule !mpm_prefork_module>\nThreadStackSize 524288\n</IfModule>\n{}",
        ground.module_with("matcher", &wasm, "WasmMemoryLimit 64M")
    ));
    let server = ground.start();
    let children = server.children();
    for number in 0..count {
        let answer = fetch(&server, &format!("/index.html?{number:02}"));
        assert!(matches!(status(&answer), 200 | 500), "{number}: {}", answer.render());
        assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new(), "{number}");
    }
    for child in children {
        assert!(server.children().contains(&child), "child {child} is gone");
    }
    server.stop().unwrap();
}
