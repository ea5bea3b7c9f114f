//! Guests that fail: what is told of it, what bounds them, and that the process goes on.

use super::*;

#[test]
fn traps_are_told_with_their_frames() {
    let runtime = child(&Settings::default());
    let cases = [
        ("(memory 1) (func $inner (result i32) (i32.load (i32.const 65536)))", "out of bounds memory access"),
        ("(func $inner (result i32) unreachable)", "`unreachable` instruction executed"),
        ("(func $inner (result i32) (i32.div_s (i32.const 1) (i32.const 0)))", "integer divide by zero"),
        ("(func $inner (result i32) (i32.div_s (i32.const 0x80000000) (i32.const -1)))", "integer overflow"),
        ("(func $inner (result i32) (i32.trunc_f32_s (f32.const nan)))", "invalid conversion to integer"),
        ("(func $inner (result i32) (i32.add (call $inner) (i32.const 1)))", "call stack exhausted"),
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
        assert!(line.starts_with("wasm trap: ") && line.contains(what), "{line}");
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
    assert!(!line.chars().any(char::is_control) && !line.contains('\u{202e}'), "{line}");
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
    let failure = run(&runtime, r#"(module (func $spin (export "run") (result i32) (loop (br 0)) unreachable))"#);
    let took = began.elapsed();
    let line = failure.unwrap_err().to_string();
    assert!(line.starts_with("time limit of 100 ms exceeded at 0: spin (guest.wasm)"), "{line}");
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
    let guest = link(&runtime, "(module (func $start (loop (br 0))) (start $start))");
    for place in [Place::Kept, Place::Fresh] {
        let failure = guest.instantiate(State::default(), &LIMITS, place).err().unwrap();
        assert!(matches!(failure, Failure::TimeLimit { .. }), "{failure}");
    }
}

#[test]
fn the_ticker_sleeps_without_calls_and_wakes_with_them() {
    let settings = Settings { epoch: Duration::from_millis(1), ..Settings::default() };
    let runtime = child(&settings);
    runtime.start_ticker().unwrap();
    let spin = r#"(module (func (export "run") (result i32) (loop (br 0)) unreachable))"#;
    for _ in 0..2 {
        assert!(matches!(run(&runtime, spin), Err(Failure::TimeLimit { .. })));
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
    assert!(line.starts_with("memory limit of 1048576 bytes reached, then wasm trap: "), "{line}");
    assert!(line.contains(" at 0: alloc (guest.wasm)"), "{line}");
    let small = r#"(module (memory 1) (func (export "run") (result i32) (memory.grow (i32.const 15))))"#;
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
    let failure = run(&runtime, &import("exit", "(call $host (i32.const 3))", "(param i32)")).unwrap_err();
    assert!(matches!(failure, Failure::Exit(3)), "{failure}");

    let guest = link(&runtime, &import("panic", "(call $host)", ""));
    let mut instance = guest.instantiate(State::default(), &LIMITS, Place::Kept).unwrap();
    let func = instance.func::<(), i32>("run").unwrap();
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| instance.call(&func, ())));
    assert!(panic.is_err());
    assert!(instance.poisoned());
}
