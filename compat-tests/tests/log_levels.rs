//! The 16 levels of the error log, for the lines of a module: each level lets through what it should, as httpd's core, a
//! module's own level, a section and a virtual host say.
#![allow(missing_docs, reason = "tests")]

#[path = "hazards/ground.rs"]
#[allow(dead_code, reason = "shared with hazards.rs")]
mod ground;

use compat_tests::client::Connection;
use compat_tests::server::{Mpm, Server};
use ground::{Ground, fetch};
use std::collections::BTreeMap;

const LEVELS: [&str; 16] = [
    "emerg", "alert", "crit", "error", "warn", "notice", "info", "debug", "trace1", "trace2", "trace3", "trace4",
    "trace5", "trace6", "trace7", "trace8",
];
/// What the guest says at each level: about the request twice, about the server once.
const SAYS: [&str; 3] = ["asked first", "about the request", "about the server"];

fn ground(own: &str) -> Ground {
    let ground = Ground::new(Mpm::from_env().unwrap());
    let wasm = std::fs::read(ground.dist("levels.wasm")).expect("scripts/build makes it");
    ground.configure(&(ground.module_with("levels", &wasm, "") + own));
    ground
}

/// How often each thing was said at each level since `mark`, in a server's log.
fn said(server: &Server, mark: u64) -> BTreeMap<(&'static str, &'static str), usize> {
    let log = server.log_since(mark).unwrap();
    let mut said = BTreeMap::new();
    for line in log.lines().filter(|line| SAYS.iter().any(|text| line.ends_with(text))) {
        let level = LEVELS.iter().find(|level| line.contains(&format!(" [levels:{level}] ")));
        let level = level.unwrap_or_else(|| panic!("no level of mod_levels: {line}"));
        let text = SAYS.iter().find(|text| line.ends_with(**text)).unwrap();
        *said.entry((*text, *level)).or_default() += 1;
    }
    said
}

/// That a request was told of up to one level, and its server up to another.
fn check(server: &Server, path: &str, host: &str, request: &str, of_server: &str) {
    let mark = server.mark();
    if host == "localhost" {
        fetch(server, path);
    } else {
        let mut connection = Connection::open(server.address()).unwrap();
        connection.send(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).unwrap();
        connection.receive(false).unwrap();
    }
    let said = said(server, mark);
    let place = |level: &str| LEVELS.iter().position(|known| *known == level).unwrap();
    for (at, level) in LEVELS.iter().enumerate() {
        for text in SAYS {
            let most = place(if text == "about the server" { of_server } else { request });
            let expected = usize::from(at <= most);
            assert_eq!(said.get(&(text, *level)).copied().unwrap_or(0), expected, "{host}{path}: {text} at {level}");
        }
    }
}

#[test]
fn a_section_s_level_holds_for_its_requests() {
    let sections = LEVELS.map(|level| format!("<Location /{level}>\nLogLevel levels:{level}\n</Location>\n")).concat();
    let plain = LEVELS.map(|level| format!("<Location /all-{level}>\nLogLevel {level}\n</Location>\n")).concat();
    let ground = ground(&format!("LogLevel warn levels:info\n{sections}{plain}"));
    let server = ground.start();
    check(&server, "/index.html", "localhost", "info", "info");
    for level in LEVELS {
        check(&server, &format!("/{level}"), "localhost", level, "info");
        // One for all modules takes those of single modules back (config.c:ap_merge_log_config).
        check(&server, &format!("/all-{level}"), "localhost", level, "info");
    }
    server.stop().unwrap();
}

#[test]
fn a_host_s_level_and_a_folder_s_hold() {
    let host =
        |name: &str, level: &str| format!("<VirtualHost *>\nServerName {name}\nLogLevel {level}\n</VirtualHost>\n");
    let hosts = host("localhost", "notice")
        + &host("own", "crit levels:trace3")
        + &host("long", "crit mod_levels.c:debug levels_module:trace1");
    let ground = ground(&format!(
        "LogLevel error\n{hosts}<DirectoryMatch \"/htdocs/loud\">\nLogLevel levels:trace8\n</DirectoryMatch>\n<Files quiet.txt>\nLogLevel levels:alert\n</Files>\n"
    ));
    ground.file("htdocs/loud/index.html", b"loud\n");
    let server = ground.start();
    check(&server, "/index.html", "localhost", "notice", "notice");
    check(&server, "/index.html", "own", "trace3", "trace3");
    check(&server, "/index.html", "long", "trace1", "trace1");
    check(&server, "/loud/index.html", "own", "trace8", "trace3");
    check(&server, "/quiet.txt", "own", "alert", "trace3");
    server.stop().unwrap();
}

#[test]
fn a_wrong_level_is_refused_in_httpd_s_words() {
    let said = ground("LogLevel levels:loud\n").refusal();
    assert!(said.contains("levels:loud") && said.contains("own.conf"), "{said}");
    let said = ground("LogLevel leveling:debug\n").refusal();
    assert!(said.contains("Cannot find module leveling"), "{said}");
}
