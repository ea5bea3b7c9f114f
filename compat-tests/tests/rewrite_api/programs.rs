//! Programs: asked line by line under a lock, dead, slow, silent; started once and ended with the configuration.

use super::ground::{fetch, lines_with, log_with, status, wait};
use super::{Ground, call, ground};
use compat_tests::server::{Mpm, Server};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

/// A server with a script as map `prg`, and arguments for it.
fn with_program(script: &str, settings: &str, own: &str) -> Ground {
    let ground = ground(settings, &format!("ApiMap prg \"prg:maps/program with arguments\"\n{own}"));
    write_program(&ground, script);
    ground
}

fn write_program(ground: &Ground, script: &str) {
    let path = ground.file("maps/program", format!("#!/bin/sh\n{script}").as_bytes());
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
}

/// Answers each line with it, the process and what it knows of itself.
const ECHO: &str = "while read -r line; do echo \"$line $1 $2 $(id -un) $(basename $PWD)\"; done\n";

fn programs(ground: &Ground) -> Vec<String> {
    let path = ground.path("maps/program").display().to_string();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if String::from_utf8_lossy(&command).contains(&path) {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

#[test]
fn a_program_answers_lines() {
    let ground =
        with_program(ECHO, "", "ApiMap other \"prg:maps/program a b\" www-data:www-data\nMutex file:run rewrite-map\n");
    let server = ground.start();
    assert_eq!(call(&server, "get;prg;hello%20there"), "hello there with arguments root maps");
    assert_eq!(call(&server, "get;other;hello"), "hello a b www-data maps");
    assert_eq!(call(&server, "get;prg;"), " with arguments root maps");
    assert_eq!(call(&server, "get;prg;a%0Ab"), "failed 0 ");
    let long = "x".repeat(4_000);
    assert_eq!(call(&server, &format!("get;prg;{long}")), format!("{long} with arguments root maps"));
    // It was started by the parent, and nobody else may.
    assert_eq!(call(&server, "start;prg"), "Err(Failed(0, []))");
    assert_eq!(programs(&ground).len(), 2);
}

#[test]
fn many_ask_at_once_and_each_gets_its_own_answer() {
    let ground = with_program(ECHO, "WasmTimeLimit 20s", "");
    let server = ground.start();
    std::thread::scope(|scope| {
        for asker in 0..8 {
            let server = &server;
            scope.spawn(move || {
                for number in 0..25 {
                    let asked = format!("{asker}-{number}");
                    assert_eq!(call(server, &format!("get;prg;{asked}")), format!("{asked} with arguments root maps"));
                }
            });
        }
    });
}

#[test]
fn a_program_ends_with_the_configuration() {
    let ground = with_program(ECHO, "", "");
    let server = ground.start();
    wait(20, "the program runs", || programs(&ground).len() == 1);
    let first = programs(&ground);
    server.graceful().unwrap();
    wait(20, "the old program is gone and a new one runs", || {
        let now = programs(&ground);
        now.len() == 1 && now != first
    });
    assert_eq!(call(&server, "get;prg;again"), "again with arguments root maps");
    server.stop().unwrap();
    wait(20, "no program is left", || programs(&ground).is_empty());
}

#[test]
fn a_program_that_dies_answers_with_what_it_said() {
    let ground = with_program("read -r line; echo \"first $line\"; read -r line; printf half\n", "", "");
    let server = ground.start();
    assert_eq!(call(&server, "get;prg;a"), "first a");
    assert_eq!(call(&server, "get;prg;b"), "half");
    for _ in 0..10 {
        assert_eq!(call(&server, "get;prg;c"), "");
    }
}

fn asks_in(server: &Server, longest: Duration, what: &str) -> String {
    let begin = Instant::now();
    let answer = call(server, what);
    assert!(begin.elapsed() < longest, "{what} took {:?}", begin.elapsed());
    answer
}

#[test]
fn a_program_that_never_answers_costs_the_time_limit() {
    let ground = with_program("while read -r line; do :; done\n", "WasmTimeLimit 300ms", "");
    let server = ground.start();
    let mark = server.mark();
    assert_eq!(asks_in(&server, Duration::from_secs(3), "get;prg;a"), "TimeLimit");
    let log = log_with(&server, mark, &["did not answer within the time limit of 300 ms"]);
    assert_eq!(lines_with(&log, &["mod_rewrite_api.c", "/maps/program", "client 127.0.0.1"]).len(), 1, "{log}");
    // Those who wait for the lock meanwhile don't wait longer.
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(asks_in(&server, Duration::from_secs(3), "get;prg;b"), "TimeLimit"));
        }
    });
    assert_eq!(call(&server, "order"), "first last ");
}

/// mod_rewrite itself: natively this request would wait for ever (docs/differences.md, programs-that-never-answer).
#[test]
fn a_rule_goes_on_without_a_program_that_never_answers() {
    let ground = Ground::new(Mpm::from_env().unwrap());
    let port = std::fs::read(ground.dist("mod_rewrite.wasm")).expect("scripts/build makes it");
    let module = ground.module_with("rewrite", &port, "WasmTimeLimit 1s");
    let rules = "RewriteEngine on\nRewriteMap m prg:maps/program\nRewriteRule ^/ask/(.*)$ /${m:$1|index.html}\n";
    ground.configure(&format!("{module}{rules}"));
    write_program(&ground, "while read -r line; do case $line in never) ;; *) echo \"$line.txt\";; esac; done\n");
    let server = ground.start();
    assert_eq!(fetch(&server, "/ask/quiet").body, b"quiet\n");
    let mark = server.mark();
    let begin = Instant::now();
    let answer = fetch(&server, "/ask/never");
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    assert_eq!((status(&answer), answer.body), (200, super::ground::INDEX.into()));
    let log = log_with(&server, mark, &["program did not answer within the time limit of 1000 ms"]);
    assert_eq!(lines_with(&log, &["mod_rewrite.c", "/maps/program", "client 127.0.0.1"]).len(), 1, "{log}");
    assert_eq!(fetch(&server, "/quiet.txt").body, b"quiet\n");
}

#[test]
fn waiting_for_a_program_is_not_the_guests_time() {
    let ground = with_program("while read -r line; do sleep 0.4; echo \"$line\"; done\n", "WasmTimeLimit 600ms", "");
    let server = ground.start();
    assert_eq!(call(&server, "twice;prg;a"), "a a");
    assert_eq!(status(&fetch(&server, "/api?loop")), 500);
}

#[test]
fn a_late_answer_is_nobody_elses() {
    let slow = "while read -r line; do case $line in slow) sleep 1;; esac; echo \"about $line\"; done\n";
    let ground = with_program(slow, "WasmTimeLimit 300ms", "");
    let server = ground.start();
    assert_eq!(call(&server, "get;prg;quick"), "about quick");
    assert_eq!(call(&server, "get;prg;slow"), "TimeLimit");
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(call(&server, "get;prg;next"), "about next");
}

#[test]
fn a_program_that_does_not_read_is_given_up() {
    let ground = with_program("exec sleep 60\n", "WasmTimeLimit 100ms", "LimitRequestLine 65536\n");
    let server = ground.start();
    let long = "x".repeat(40_000);
    for _ in 0..4 {
        assert_eq!(asks_in(&server, Duration::from_secs(3), &format!("get;prg;{long}")), "TimeLimit");
    }
}

#[test]
fn an_answer_without_end_is_cut_off() {
    let ground = with_program("while read -r line; do yes | tr -d '\\n'; done\n", "WasmTimeLimit 20s", "");
    let server = ground.start();
    let mark = server.mark();
    assert_eq!(call(&server, "get;prg;a"), "TimeLimit");
    log_with(&server, mark, &["answered more than a line may have"]);
}

#[test]
fn what_is_left_of_a_long_answer_is_nobody_elses() {
    let long = "while read -r line; do case $line in long) head -c 2500000 /dev/zero | tr '\\0' x; echo;; *) echo \"about $line\";; esac; done\n";
    let ground = with_program(long, "WasmTimeLimit 20s", "");
    let server = ground.start();
    let mark = server.mark();
    assert_eq!(call(&server, "get;prg;long"), "TimeLimit");
    log_with(&server, mark, &["answered more than a line may have"]);
    // Of what is left each asker takes no more than a line may have, and nobody's answer is a part of it.
    let answers: Vec<_> = (0..3).map(|_| call(&server, "get;prg;next")).collect();
    assert_eq!(answers.last().map(String::as_str), Some("about next"));
    assert!(answers.iter().all(|answer| answer == "TimeLimit" || answer == "about next"), "{answers:?}");
}

#[test]
fn a_program_that_cannot_start_keeps_the_server_from_starting() {
    let ground = ground("", "ApiMap prg prg:maps/missing\n");
    let started = Server::start(&ground.site).map(drop);
    assert!(format!("{:#}", started.unwrap_err()).contains("Configuration Failed"));
    let ground = super::ground("", "ApiMap prg \"badmutex:/bin/cat\"\n");
    assert!(ground.refusal().contains("refused: NotNamed"));
}

#[test]
fn the_mutex_obeys_its_directive() {
    let ground = with_program(ECHO, "", "Mutex file:nowhere rewrite-map\n");
    let refused = Server::start(&ground.site).map(drop).unwrap_err();
    assert!(format!("{refused:#}").contains("nowhere"), "{refused:#}");
    // Without a program no mutex is made.
    let ground = super::ground("", "Mutex file:nowhere rewrite-map\n");
    let outcome = ground.site.config_test().unwrap();
    assert!(outcome.code != Some(0) && outcome.stderr.contains("nowhere") || outcome.code == Some(0), "{outcome:?}");
    let ground = super::ground("", "Mutex sem no-such-mutex\n");
    assert!(ground.refusal().contains("no-such-mutex"));
    assert_eq!(status(&fetch(&with_program(ECHO, "", "Mutex pthread rewrite-map\n").start(), "/api?get;prg;x")), 200);
}
