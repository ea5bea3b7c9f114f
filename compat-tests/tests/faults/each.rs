//! Every failure in every place: the answer, one line in the log, others undisturbed, the same child, its memory, and each
//! failure counted.
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;

use compat_tests::answer::Answer;
use compat_tests::client::Connection;
use compat_tests::errorlog::crashes;
use compat_tests::server::Server;
use host_api::hooks::Shape;

use crate::ground::{Bystander, Ground, header, lines_with, log_with, private_kilobytes, status, wait};
use crate::guest::{FAILURES, LIMITS, failing};
use crate::{mpm, status as counted};

/// Where guests fail, and what becomes of the request.
struct Place {
    /// Of the module and of its queries.
    name: String,
    /// What the log calls it.
    said: String,
    ends: Ends,
}

/// How a request ends whose guest failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// With 500 in place of the page.
    Error,
    /// As if nothing had happened, since the answer is out.
    Served,
    /// As the error that it was.
    NotFound,
    /// With 401, since somebody else says what credentials are asked for.
    Unauthorized,
    /// With 500 where credentials are asked for.
    Authenticating,
    /// With a part of the page, and an end that can't be taken for the page's.
    CutOff,
    /// With 500 in place of the answer to what was posted.
    Posted,
}

/// The guests, one for each place, and the lines that load them.
fn places(ground: &Ground) -> (Vec<Place>, String) {
    let (mut places, mut own) = (Vec::new(), String::new());
    let mut add = |name: &str, wat: &str, said: String, ends: Ends, values: &[(&str, &str)]| {
        own += &ground.module_with(name, &failing(name, wat, values), LIMITS);
        places.push(Place { name: name.to_owned(), said, ends });
    };
    let hooks = host_api::hooks::HOOKS.iter().filter(|hook| !matches!(hook.shape, Shape::Config | Shape::Server));
    for hook in hooks.map(|hook| hook.name) {
        let ends = match hook {
            "log_transaction" => Ends::Served,
            // What is logged of a request that fails is what an id is for.
            "insert_error_filter" | "generate_log_id" => Ends::NotFound,
            "note_auth_failure" => Ends::Unauthorized,
            "check_user_id" | "auth_checker" => Ends::Authenticating,
            _ => Ends::Error,
        };
        add(hook, "hook", format!("ap_hook_{hook}"), ends, &[("HOOK", hook)]);
    }
    add("written", "handler", "ap_hook_handler".into(), Ends::Error, &[]);
    for (name, event, chunk, ends) in [
        ("out_start", "0", "0", Ends::Error),
        ("out_data", "1", "0", Ends::Error),
        ("out_later", "1", "3", Ends::CutOff),
        ("out_end", "3", "0", Ends::Error),
    ] {
        add(name, "output_filter", format!("filter {name}"), ends, &[("EVENT", event), ("CHUNK", chunk)]);
    }
    for (name, event) in [("in_start", "0"), ("in_data", "1"), ("in_end", "3")] {
        add(name, "input_filter", format!("filter {name}"), Ends::Posted, &[("EVENT", event)]);
    }
    (places, own)
}

/// Something that asks for credentials, something that reads a body, mod_status, and a body in more chunks than one.
fn surroundings(ground: &Ground) -> String {
    let root = ground.root.path().display();
    ground.file("users", b"a:{SHA}6dcfXufJLW3J6S/9rRe4vUlBj5g=\n");
    ground.file("htdocs/members/plain", b"for members\n");
    ground.file("cgi/read.sh", b"#!/bin/sh\necho 'Content-Type: text/plain'\necho\ncat\n");
    std::fs::set_permissions(ground.path("cgi/read.sh"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut own = counted::CONFIG.to_owned();
    for module in ["auth_basic", "authn_core", "authn_file", "authz_user", "alias", "cgi"] {
        own += &format!("LoadModule {module}_module modules/mod_{module}.so\n");
    }
    own += &format!("ScriptAlias /cgi \"{root}/cgi\"\n");
    own += &format!("<Location /members>\nAuthType Basic\nAuthName here\nAuthBasicProvider file\nAuthUserFile \"{root}/users\"\nRequire valid-user\n</Location>\n");
    own += &format!("<Location /others>\nAuthType Basic\nAuthName here\nAuthBasicProvider file\nAuthUserFile \"{root}/users\"\nRequire user b\n</Location>\n");
    // So that requests have ids in the log.
    own += "ErrorLogFormat \"[%t] [%-m:%l] [pid %P] {%L} %M\"\n";
    own + "EnableMMAP Off\nEnableSendfile Off\n"
}

/// Asks so that a guest fails in a place.
fn ask(server: &Server, place: &Place, failure: &str) -> Answer {
    let query = format!("{}.{failure}", place.name);
    let request = match place.ends {
        // A name without a type, since mod_mime would end the hook that looks for one.
        Ends::Error | Ends::Served => format!("GET /plain?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        Ends::NotFound => format!("GET /none?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        Ends::Unauthorized => {
            format!("GET /others/plain?{query} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic YTpi\r\n\r\n")
        }
        Ends::Authenticating => {
            format!("GET /members/plain?{query} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic YTpi\r\n\r\n")
        }
        Ends::CutOff => format!("GET /long.txt?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        Ends::Posted => {
            format!("POST /cgi/read.sh?{query} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\nthe body")
        }
    };
    let mut connection = Connection::open(server.address()).unwrap();
    connection.send(request.as_bytes()).unwrap();
    connection.receive(false).unwrap_or_else(|e| panic!("{query}: {e:#}"))
}

fn ends_as_documented(place: &Place, failure: &str, answer: &Answer) {
    let told = || format!("{}.{failure}: {}", place.name, answer.render());
    match place.ends {
        Ends::Error | Ends::Authenticating | Ends::Posted => {
            assert_eq!(status(answer), 500, "{}", told());
            assert!(String::from_utf8_lossy(&answer.body).contains("Internal Server Error"), "{}", told());
        }
        Ends::Served => assert_eq!((status(answer), &answer.body[..]), (200, crate::ground::INDEX.as_bytes()), "{}", told()),
        Ends::NotFound => assert_eq!(status(answer), 404, "{}", told()),
        Ends::Unauthorized => {
            assert_eq!((status(answer), header(answer, "WWW-Authenticate").as_deref()), (401, Some("Basic realm=\"here\"")), "{}", told());
        }
        Ends::CutOff => assert!(status(answer) == 500 || answer.truncated, "{}.{failure}: a part passes for the whole", place.name),
    }
}

#[test]
fn every_failure_in_every_place() {
    let ground = Ground::new(mpm());
    let (places, modules) = places(&ground);
    ground.configure(&(modules + &surroundings(&ground)));
    let server = ground.start();
    let children = server.children();
    let bystanders = [Bystander::at(&server), Bystander::at(&server)];
    let mut memory = Vec::new();
    for round in 0..3 {
        for place in &places {
            for failure in FAILURES {
                let mark = server.mark();
                let answer = ask(&server, place, failure.name);
                ends_as_documented(place, failure.name, &answer);
                // Later ones are bounded, which `reports.rs` is about.
                if round == 0 {
                    // One that ends itself has no frames to show.
                    let frames = if failure.counter == "Exits" { "" } else { ".wasm)" };
                    let words = [&*format!("{}_module failed in {}: ", place.name, place.said), failure.said, frames];
                    let log = log_with(&server, mark, &words);
                    assert_eq!(lines_with(&log, &words).len(), 1, "not one line with {words:?} in\n{log}");
                }
            }
        }
        memory.push(children.iter().map(|pid| private_kilobytes(*pid)).sum::<u64>());
    }
    for bystander in bystanders {
        assert!(bystander.done() > 100);
    }
    let log = ground.site.error_log_text();
    assert_eq!(crashes(&log), Vec::<&str>::new());
    assert!(!log.contains("panicked at"), "{log}");
    for child in &children {
        assert!(server.children().contains(child), "child {child} is gone:\n{log}");
    }
    assert!(memory[2] < memory[0] + 4_000 * children.len() as u64, "the children grow (kilobytes after each round): {memory:?}");
    every_failure_is_counted(&server, &places);
    server.stop().unwrap();
}

/// Three rounds of each failure in each place stand on /server-status, by kind.
fn every_failure_is_counted(server: &Server, places: &[Place]) {
    let mut expected: BTreeMap<&str, u64> = BTreeMap::new();
    for failure in FAILURES {
        *expected.entry(failure.counter).or_default() += 3;
    }
    // A failure after the answer, while it is logged, may be counted a moment later.
    wait(10, "the last failure is counted", || {
        let last = &counted::modules(server)["log_transaction_module"];
        expected.iter().all(|(kind, count)| last[*kind] == *count)
    });
    let modules = counted::modules(server);
    for place in places {
        let numbers = &modules[&format!("{}_module", place.name)];
        let failed: BTreeMap<&str, u64> = expected.keys().map(|kind| (*kind, numbers[*kind])).collect();
        assert_eq!(failed, expected, "{}", place.name);
        let all: u64 = expected.values().sum();
        assert!(numbers["Calls"] >= all && numbers["Instances"] >= all, "{}: {numbers:?}", place.name);
    }
}
