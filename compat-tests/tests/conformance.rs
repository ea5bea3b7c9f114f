//! Both SDKs do the same: one guest in Rust and one in C call every function of the host API on a real httpd, and both
//! print what is expected. A function of the table without a call fails the test.
#![allow(missing_docs, reason = "tests")]

#[path = "conformance/calls.rs"]
mod calls;
#[path = "conformance/cases.rs"]
mod cases;
#[path = "hazards/ground.rs"]
#[allow(dead_code, reason = "shared with hazards.rs")]
mod ground;

use calls::{encoded, numbers_for_names};
use cases::{CASES, Case, DIRECTIVES};
use compat_tests::errorlog::crashes;
use compat_tests::server::{Mpm, Server};
use ground::{Ground, fetch, lines_with, status};
use host_api::table::{FUNCTIONS, GROUPS};
use regex::Regex;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

/// The guests, by their file in dist/.
const GUESTS: [&str; 2] = ["conformance", "conformance_c"];

/// A server with one guest, all that the cases ask for around it.
fn ground(guest: &str) -> Ground {
    let ground = Ground::new(Mpm::from_env().unwrap());
    let wasm = std::fs::read(ground.dist(&format!("{guest}.wasm"))).expect("scripts/build makes it");
    let groups: String = GROUPS.iter().map(|group| format!(" +{}", group.name)).collect();
    let module = ground.module_with("conformance", &wasm, &format!("WasmApi{groups}"));
    let root = ground.root.path().display().to_string();
    let directives: String = DIRECTIVES
        .iter()
        .map(|(name, calls, words)| {
            let calls: Vec<_> = calls.iter().map(|(call, _)| encoded(&numbers_for_names(call))).collect();
            format!("ConformanceCalls {name} \"{}\" {words}\n", calls.join("&"))
        })
        .collect();
    let own = format!("{}{module}{}{directives}", cases::BEFORE, cases::AFTER).replace("ROOT", &root);
    ground.configure(&own);
    for (name, text) in cases::FILES {
        ground.file(name, text.as_bytes());
    }
    for (program, arguments) in cases::PROGRAMS {
        let done = Command::new(program).args(*arguments).current_dir(ground.root.path()).output();
        let done = done.unwrap_or_else(|why| panic!("{program}: {why}"));
        assert!(done.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
    std::fs::set_permissions(ground.path("maps/program"), PermissionsExt::from_mode(0o755)).unwrap();
    ground
}

/// The lines that a guest prints for a case.
fn answers(server: &Server, case: &Case, root: &str) -> Vec<String> {
    let calls: Vec<_> =
        case.calls.iter().map(|(call, _)| encoded(&numbers_for_names(&call.replace("ROOT", root)))).collect();
    let answer = fetch(server, &format!("{}?{}:{}", case.url, case.phase, calls.join("&")));
    assert_eq!(status(&answer), 200, "{case:?}: {}", answer.render());
    String::from_utf8_lossy(&answer.body).lines().map(str::to_string).collect()
}

/// `~` begins a pattern for the whole line.
fn is_as_expected(line: &str, expected: &str, root: &str) -> bool {
    match expected.strip_prefix('~') {
        Some(pattern) => Regex::new(&format!("^(?:{})$", pattern.replace("ROOT", root)))
            .expect("a pattern of cases.rs")
            .is_match(line),
        None => line == expected.replace("ROOT", root),
    }
}

fn check(calls: &[(&str, &str)], lines: &[String], root: &str, guest: &str) {
    for (at, (call, expected)) in calls.iter().enumerate() {
        let line = lines.get(at).map_or("(nothing)", String::as_str);
        assert!(
            is_as_expected(line, expected, root),
            "{guest}: {call}\n  printed  {line}\n  expected {expected}\n{lines:#?}"
        );
    }
    assert!(lines.len() >= calls.len(), "{guest}: {lines:?}");
}

#[test]
fn both_guests_answer_every_call_as_expected() {
    for guest in GUESTS {
        let ground = ground(guest);
        let root = ground.root.path().display().to_string();
        let server = ground.start();
        for case in CASES {
            check(case.calls, &answers(&server, case, &root), &root, guest);
        }
        for (name, calls, _) in DIRECTIVES {
            let lines: Vec<_> = match *name {
                "post_config" => {
                    let log = ground.site.error_log_text();
                    let line = lines_with(&log, &["post_config: "]).pop().unwrap_or_default().to_string();
                    let (_, text) = line.split_once("post_config: ").unwrap_or_default();
                    text.split("\\\\x0a").filter(|line| !line.is_empty()).map(str::to_string).collect()
                }
                name => {
                    let answer = fetch(&server, &format!("/calls?directive:{name}"));
                    String::from_utf8_lossy(&answer.body).lines().map(str::to_string).collect()
                }
            };
            check(calls, &lines, &root, guest);
        }
        let log = ground.site.error_log_text();
        assert_eq!(crashes(&log), Vec::<&str>::new());
        server.stop().unwrap();
    }
}

#[test]
fn a_directive_fails_with_the_guest_s_text() {
    for guest in GUESTS {
        let ground = ground(guest);
        let own = std::fs::read_to_string(ground.path("own.conf")).unwrap();
        ground.file("own.conf", (own + "ConformanceCalls wrong \"ap_escape_path_segment;so/it/is\"\n").as_bytes());
        // What the calls printed, by ap_directive_error.
        assert!(ground.refusal().contains("\"so%2fit%2fis\""), "{}", ground.refusal());
    }
}

/// What a description says can be seen from outside; the functions themselves are refused when it is over.
#[test]
fn the_description_reaches_httpd() {
    for guest in GUESTS {
        let ground = ground(guest);
        let said =
            |argument: &str| ground.site.run(&[argument]).map(|outcome| outcome.stdout + &outcome.stderr).unwrap();
        assert!(said("-M").contains(" conformance_module (shared)"));
        let directives = said("-L");
        let (_, listed) =
            directives.split_once("ConformanceCalls (mod_conformance.c)").expect("-L lists the directive");
        assert!(listed.contains("a name, calls, and what they open"), "{listed}");
    }
}

#[test]
fn every_function_of_the_table_is_called() {
    let calls = CASES.iter().flat_map(|case| case.calls).chain(DIRECTIVES.iter().flat_map(|(_, calls, _)| *calls));
    let called: Vec<&str> = calls.map(|(call, _)| call.split(';').next().unwrap_or_default()).collect();
    let elsewhere = ["ap_directive_error"];
    let missing: Vec<_> =
        FUNCTIONS.iter().map(|f| f.name).filter(|name| !called.contains(name) && !elsewhere.contains(name)).collect();
    assert!(missing.is_empty(), "no call in conformance/cases.rs for {missing:?}");
    let unknown: Vec<_> = called.iter().filter(|name| !FUNCTIONS.iter().any(|f| f.name == **name)).collect();
    assert!(unknown.is_empty(), "calls of functions that there are not: {unknown:?}");
    println!("{} functions, {} calls", FUNCTIONS.len(), called.len());
}
