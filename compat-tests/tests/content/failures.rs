//! Programs that fail: the request is answered with 500 or its connection closed, the log says why, the child lives.
use crate::ground::{Ground, get, log_with, status, text};
use compat_tests::memcheck::patience;
use compat_tests::process::private_kilobytes;
use compat_tests::server::Server;
use std::time::{Duration, Instant};

fn ground(lines: &str) -> Ground {
    Ground::new(&format!(
        "<Location /q>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmEnableCGI On\nWasmArg query\n{lines}\n</Location>\n\
         <Location /hello>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmArg hello\n</Location>\n"
    ))
}

/// Asks for what fails, then for what doesn't, of the same children.
fn fails(server: &Server, query: &str, why: &str) {
    let (mark, children) = (server.mark(), server.children());
    let answer = get(server, &format!("/q?{query}"));
    assert_eq!(status(&answer), 500, "{query}: {}", answer.render());
    assert!(String::from_utf8_lossy(&answer.body).contains("Internal Server Error"), "{}", answer.render());
    log_with(server, mark, why);
    for _ in 0..8 {
        assert_eq!(text(&get(server, "/hello")), "Hello, world!\n", "after {query}");
    }
    // prefork may have made others meanwhile.
    let now = server.children();
    assert!(children.iter().all(|child| now.contains(child)), "{query}: {children:?}, then {now:?}");
}

#[test]
fn each_failure_is_a_500_and_a_line_and_the_child_lives() {
    let time = patience(Duration::from_millis(300)).as_millis();
    let ground = ground(&format!("WasmTimeLimit {time}ms\nWasmMemoryLimit 32M"));
    let late = format!("program.wasm failed: time limit of {time} ms exceeded");
    let server = ground.start();
    get(&server, "/hello");
    fails(&server, "exit+1", "program.wasm failed: guest exited with status 1");
    fails(&server, "exit+255", "program.wasm failed: guest exited with status 255");
    fails(&server, "panic", "program.wasm failed: wasm trap: wasm `unreachable` instruction executed");
    fails(&server, "panic", "program.wasm: as it was told to");
    fails(&server, "loop", &late);
    fails(&server, "sleep+50000", &late);
    fails(&server, "memory", "program.wasm failed: memory limit of 33554432 bytes reached");
    fails(&server, "memory+40", "program.wasm failed: memory limit of 33554432 bytes reached");
    fails(&server, "deep", "program.wasm failed: wasm trap: out of bounds memory access");
    fails(&server, "read+/etc/passwd", "program.wasm: program: ");
}

#[test]
fn exit_0_is_no_failure() {
    let ground = ground("");
    let server = ground.start();
    let mark = server.mark();
    assert_eq!(text(&get(&server, "/q?exit+0")), "");
    assert_eq!(text(&get(&server, "/q?write-and-exit+100000+0")).len(), 100_000);
    let log = server.log_since(mark).unwrap();
    assert!(!log.contains("error"), "{log}");
}

#[test]
fn an_answer_that_has_begun_is_broken_off() {
    let ground = ground("");
    let server = ground.start();
    let mark = server.mark();
    let answer = get(&server, "/q?write-and-exit+100000+3");
    assert!(answer.truncated, "{}", answer.head.code().unwrap_or(0));
    log_with(&server, mark, "program.wasm failed: guest exited with status 3");
    // What is still here when it fails becomes a 500, without what the program said.
    let answer = get(&server, "/q?write-and-exit+100+3");
    assert_eq!(status(&answer), 500);
    assert!(!String::from_utf8_lossy(&answer.body).contains("yyy"), "{}", answer.render());
    assert_eq!(text(&get(&server, "/hello")), "Hello, world!\n");
}

#[test]
fn an_endless_loop_ends_when_its_time_is_up_and_no_later() {
    let ground = ground("WasmTimeLimit 200ms");
    let server = ground.start();
    get(&server, "/hello");
    let began = Instant::now();
    assert_eq!(status(&get(&server, "/q?loop")), 500);
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(190) && took < patience(Duration::from_secs(3)), "{took:?}");
    // Many at once stop nobody: each thread is free again afterwards.
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| assert_eq!(status(&get(&server, "/q?loop")), 500));
        }
    });
    assert_eq!(text(&get(&server, "/hello")), "Hello, world!\n");
}

#[test]
fn memory_of_failed_programs_returns() {
    let ground = ground("WasmMemoryLimit 200M\nWasmTimeLimit 10s");
    let server = ground.start();
    let used = || -> u64 { server.children().iter().map(|pid| private_kilobytes(*pid)).sum() };
    for _ in 0..8 {
        assert_eq!(status(&get(&server, "/q?memory")), 500);
    }
    let first = used();
    for _ in 0..16 {
        assert_eq!(status(&get(&server, "/q?memory")), 500);
    }
    let then = used();
    assert!(then < first + (60 << 10), "{first} KiB, then {then} KiB");
}

#[test]
fn a_program_s_complaints_are_logged_line_by_line_and_within_bounds() {
    let ground = ground("WasmTimeLimit 10s");
    let server = ground.start();
    let mark = server.mark();
    assert_eq!(text(&get(&server, "/q?complain+3")), "");
    let log = log_with(&server, mark, "mod_wasm: program.wasm: complaint 2");
    assert!(
        log.lines()
            .filter(|line| line.contains("[wasm:error]") && line.contains("mod_wasm: program.wasm: complaint "))
            .count()
            == 3,
        "{log}"
    );
    let mark = server.mark();
    get(&server, "/q?complain-oddly");
    let log = log_with(&server, mark, "mod_wasm: program.wasm: no end");
    assert!(log.contains("mod_wasm: program.wasm: first half, \\x1b[31msecond half"), "{log}");
    let mark = server.mark();
    get(&server, "/q?complain+20000");
    let log = log_with(&server, mark, "(more lines are left out)");
    assert_eq!(log.matches("complaint ").count(), 1_000);
}

#[test]
fn a_failure_may_be_passed_over() {
    let ground = ground("WasmOnTrap decline");
    ground.file("htdocs/q", b"the file itself\n");
    let server = ground.start();
    assert_eq!(text(&get(&server, "/q?panic")), "the file itself\n");
    // Not once it has written something.
    assert_eq!(status(&get(&server, "/q?write-and-exit+10+1")), 500);
}
