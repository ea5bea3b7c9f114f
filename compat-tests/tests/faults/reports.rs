//! A module that keeps failing, or keeps talking, doesn't fill the log: what is told, and that nothing is lost to the count.
use compat_tests::server::Server;

use crate::ground::{Ground, assemble, fetch, lines_with, status, wait};
use crate::{mpm, status as counted};

/// What the lines with `words` say was held back, added up.
fn held_back(log: &str, words: &[&str]) -> u64 {
    let number = |line: &&str| line.split_whitespace().find_map(|word| word.parse::<u64>().ok());
    lines_with(log, words)
        .iter()
        .map(|line| line.split_once("mod_wasm: ").map_or(0, |(_, said)| number(&said).unwrap()))
        .sum()
}

/// How often a module has failed, as the log tells it.
fn told(server: &Server, module: &str) -> u64 {
    let log = server.log_since(0).unwrap();
    let lines = lines_with(&log, &[&format!("{module} failed in ")]).len() as u64;
    lines + held_back(&log, &[&format!("{module} failed "), "more times"])
}

#[test]
fn a_module_that_keeps_failing_is_told_in_few_lines_and_none_is_lost() {
    let ground = Ground::new(mpm());
    let traps = |name: &str| assemble("hook", "unreachable", &[("NAME", name), ("TRIGGER", name), ("HOOK", "fixups")]);
    let own = ground.module("trap", &traps("trap")) + &ground.module("other", &traps("other"));
    ground.configure(&(own + counted::CONFIG));
    let server = ground.start();
    let began = std::time::Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..150).for_each(|_| assert_eq!(status(&fetch(&server, "/index.html?trap")), 500)));
        }
    });
    let intervals = began.elapsed().as_secs() / 10 + 2;
    let log = server.log_since(0).unwrap();
    let lines = lines_with(&log, &["trap_module failed in "]).len() as u64;
    assert!((20..=20 * intervals).contains(&lines), "{lines} lines in {intervals} intervals");
    // Another module's failures are told.
    assert_eq!(status(&fetch(&server, "/index.html?other")), 500);
    assert_eq!(told(&server, "other_module"), 1);
    assert_eq!(counted::number(&server, "trap_module", "Traps"), 600);
    assert_eq!(counted::number(&server, "trap_module", "NotReported"), 600 - lines);
    // The parent tells the rest when the interval is over.
    wait(40, "all failures are told", || told(&server, "trap_module") == 600);
    // At the end of a configuration what is left is told at once, and the counters go on.
    (0..50).for_each(|_| assert_eq!(status(&fetch(&server, "/index.html?trap")), 500));
    server.graceful().unwrap();
    wait(5, "all failures are told", || told(&server, "trap_module") == 650);
    assert_eq!(counted::number(&server, "trap_module", "Traps"), 650);
    server.stop().unwrap();
}

#[test]
fn a_module_that_floods_the_log_is_cut_short_and_the_rest_is_counted() {
    const LINES: u64 = 30_000;
    let ground = Ground::new(mpm());
    let flood = |name: &str, level: u32| {
        assemble(
            "flood",
            "never",
            &[("NAME", name), ("TRIGGER", name), ("LEVEL", &level.to_string()), ("LINES", &LINES.to_string())],
        )
    };
    let own = ground.module_with("flood", &flood("flood", 3), "WasmTimeLimit 1min")
        + &ground.module_with("asked", &flood("asked", 7), "WasmTimeLimit 1min");
    ground.configure(&(own + counted::CONFIG + "LogLevel asked:debug\n"));
    let server = ground.start();
    let began = std::time::Instant::now();
    assert_eq!(status(&fetch(&server, "/index.html?flood")), 200);
    let intervals = began.elapsed().as_secs() / 10 + 2;
    let lines = |module: &str| {
        lines_with(&server.log_since(0).unwrap(), &[&format!("[{module}:"), "a line of many"]).len() as u64
    };
    let written = lines("flood");
    assert!((10_000..=10_000 * intervals).contains(&written), "{written} lines in {intervals} intervals");
    assert_eq!(counted::number(&server, "flood_module", "DroppedLines"), LINES - written);
    wait(40, "it is told how many were dropped", || {
        held_back(&server.log_since(0).unwrap(), &["flood_module had ", "more lines to log"]) == LINES - written
    });
    // Who asks for debug gets all of it.
    assert_eq!(status(&fetch(&server, "/index.html?asked")), 200);
    assert_eq!(lines("asked"), LINES);
    server.stop().unwrap();
}

#[test]
fn server_status_shows_guests_in_each_of_its_forms() {
    let ground = Ground::new(mpm());
    let wasm = assemble("hook", "out_of_bounds", &[("NAME", "trap"), ("TRIGGER", "trap"), ("HOOK", "fixups")]);
    ground.configure(&(ground.module("trap", &wasm) + counted::CONFIG));
    let server = ground.start();
    assert_eq!(status(&fetch(&server, "/index.html?trap")), 500);
    let page = |query: &str| String::from_utf8(fetch(&server, &format!("/server-status{query}")).body).unwrap();
    let html = page("");
    assert!(
        html.contains("<h2>WebAssembly</h2>")
            && html.contains("<tr><td>trap_module</td>")
            && html.contains("<th>Traps</th>"),
        "{html}"
    );
    assert!(page("?notable").contains("<p><b>trap_module</b>: Calls "));
    assert!(page("?auto").contains("\nWasmModule[0]Name: trap_module\n"));
    server.stop().unwrap();
}
