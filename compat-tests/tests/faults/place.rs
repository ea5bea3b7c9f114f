//! A place where guests fail: what is asked for, how that has to end, and what must hold meanwhile and afterwards. It knows no
//! guest; which places there are is in `each.rs` and `scripts.rs`.
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;

use compat_tests::answer::Answer;
use compat_tests::client::Connection;
use compat_tests::errorlog::crashes;
use compat_tests::server::Server;

use crate::ground::{Bystander, Ground, Held, header, lines_with, log_with, private_kilobytes, status, wait};
use crate::guest::Failure;
use crate::status as counted;

/// Where guests fail, and what becomes of the request.
pub struct Place {
    /// Of the guest and of its queries.
    pub name: String,
    /// What its failures are counted as: a module, or a file.
    pub guest: String,
    /// What the log says before the failure.
    pub said: String,
    /// The path that is asked for, if it isn't the usual one of `ends`; `@FAILURE@` in it is the failure's name.
    pub target: Option<String>,
    pub ends: Ends,
}

/// How a request ends whose guest failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ends {
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

/// Something that asks for credentials, something that reads a body, mod_status, a program to wait in, and a body in more
/// chunks than one.
pub fn surroundings(ground: &Ground) -> String {
    let root = ground.root.path().display();
    ground.file("users", b"a:{SHA}6dcfXufJLW3J6S/9rRe4vUlBj5g=\n");
    ground.file("htdocs/members/plain", b"for members\n");
    ground.file("cgi/read.sh", b"#!/bin/sh\necho 'Content-Type: text/plain'\necho\ncat\n");
    std::fs::set_permissions(ground.path("cgi/read.sh"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut own = counted::CONFIG.to_owned() + &Held::config(ground);
    for module in ["auth_basic", "authn_core", "authn_file", "authz_user", "alias", "cgi"] {
        own += &format!("LoadModule {module}_module modules/mod_{module}.so\n");
    }
    own += &format!("ScriptAlias /cgi \"{root}/cgi\"\n");
    own += &format!(
        "<Location /members>\nAuthType Basic\nAuthName here\nAuthBasicProvider file\nAuthUserFile \"{root}/users\"\nRequire valid-user\n</Location>\n"
    );
    own += &format!(
        "<Location /others>\nAuthType Basic\nAuthName here\nAuthBasicProvider file\nAuthUserFile \"{root}/users\"\nRequire user b\n</Location>\n"
    );
    // So that requests have ids in the log.
    own += "ErrorLogFormat \"[%t] [%-m:%l] [pid %P] {%L} %M\"\n";
    // What httpd's own threads keep is no guest's.
    own + "EnableMMAP Off\nEnableSendfile Off\nMaxMemFree 64\n"
}

/// Asks so that a guest fails in a place.
fn ask(server: &Server, place: &Place, failure: &str) -> Answer {
    let query = format!("{}.{failure}", place.name);
    let credentials = "Authorization: Basic YTpi\r\n";
    let (method, target, headers, body) = match place.ends {
        // A name without a type, since mod_mime would end the hook that looks for one.
        Ends::Error | Ends::Served => ("GET", "/plain", "", ""),
        Ends::NotFound => ("GET", "/none", "", ""),
        Ends::Unauthorized => ("GET", "/others/plain", credentials, ""),
        Ends::Authenticating => ("GET", "/members/plain", credentials, ""),
        Ends::CutOff => ("GET", "/long.txt", "", ""),
        Ends::Posted => ("POST", "/cgi/read.sh", "Content-Length: 8\r\n", "the body"),
    };
    let target = place.target.as_deref().unwrap_or(target).replace("@FAILURE@", failure);
    let mut connection = Connection::open(server.address()).unwrap();
    let request = format!("{method} {target}?{query} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n{body}");
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
        Ends::Served => {
            assert_eq!((status(answer), &answer.body[..]), (200, crate::ground::INDEX.as_bytes()), "{}", told())
        }
        Ends::NotFound => assert_eq!(status(answer), 404, "{}", told()),
        Ends::Unauthorized => {
            assert_eq!(
                (status(answer), header(answer, "WWW-Authenticate").as_deref()),
                (401, Some("Basic realm=\"here\"")),
                "{}",
                told()
            );
        }
        Ends::CutOff => {
            assert!(status(answer) == 500 || answer.truncated, "{}.{failure}: a part passes for the whole", place.name)
        }
    }
}

/// Has each guest fail in each way, so many times, while others are served. In the end that takes no more memory than before.
pub fn fails_everywhere(ground: &Ground, server: &Server, places: &[Place], failures: &[&Failure], rounds: usize) {
    let children = server.children();
    let bystanders = [Bystander::at(server), Bystander::at(server)];
    let mut memory = Vec::new();
    for round in 0..rounds {
        for place in places {
            // In the midst of its work while all of these fail; with threads it is in the child in which they do.
            let held = Held::at(server);
            for failure in failures {
                let mark = server.mark();
                let answer = ask(server, place, failure.name);
                ends_as_documented(place, failure.name, &answer);
                // Later ones are bounded, which `reports.rs` is about.
                if round == 0 {
                    // One that ends itself has no frames to show.
                    let frames = if failure.counter == "Exits" { "" } else { ".wasm)" };
                    let words = [&*place.said, &failure.said(), frames];
                    let log = log_with(server, mark, &words);
                    assert_eq!(lines_with(&log, &words).len(), 1, "not one line with {words:?} in\n{log}");
                }
            }
            held.done();
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
    println!("kilobytes of {} children after each round: {memory:?}", children.len());
    let before = memory[..rounds / 2].iter().max().unwrap();
    let after = memory[rounds * 3 / 4..].iter().min().unwrap();
    assert!(
        *after < before + GROWTH * children.len() as u64,
        "the children grow (kilobytes after each round): {memory:?}"
    );
    every_failure_is_counted(server, places, failures, rounds);
}

/// By how many kilobytes a child may be larger in the last quarter of the rounds than in the first half, in each of which
/// `memory_used` takes 1,000 in each place; how many instances wait for later varies.
const GROWTH: u64 = 4_000;

/// All rounds of each failure in each place stand on /server-status, by kind.
fn every_failure_is_counted(server: &Server, places: &[Place], failures: &[&Failure], rounds: usize) {
    let mut expected: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for place in places {
        for failure in failures {
            *expected.entry(&place.guest).or_default().entry(failure.counter).or_default() += rounds as u64;
        }
    }
    for (guest, expected) in &expected {
        let failed = |numbers: &BTreeMap<String, u64>| -> BTreeMap<&str, u64> {
            expected.keys().map(|kind| (*kind, numbers[*kind])).collect()
        };
        // A failure after the answer, while it is logged, may be counted a moment later.
        wait(10, "the last failure is counted", || failed(&counted::modules(server)[*guest]) == *expected);
        let numbers = &counted::modules(server)[*guest];
        let all: u64 = expected.values().sum();
        assert!(numbers["Calls"] >= all && numbers["Instances"] >= all, "{guest}: {numbers:?}");
    }
}
