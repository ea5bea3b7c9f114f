//! Files that are looked at, escaping, times, patterns, expressions, facts.

use super::{call, ground, output};
use std::os::unix::fs::{PermissionsExt, symlink};

#[test]
fn stat_says_what_the_system_says() {
    let ground = ground("", "");
    let file = ground.file("htdocs/script", b"#!/bin/sh\n");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o710)).unwrap();
    symlink(&file, ground.path("htdocs/link")).unwrap();
    let server = ground.start();
    let root = ground.root.path().display().to_string();
    assert_eq!(call(&server, &format!("stat;{root}/htdocs/plain")), "Ok((1, 13, false))");
    assert_eq!(call(&server, &format!("stat;{root}/htdocs/script")), "Ok((1, 10, true))");
    assert_eq!(call(&server, &format!("stat;{root}/htdocs/link")), "Ok((1, 10, true))");
    assert_eq!(call(&server, &format!("lstat;{root}/htdocs/link")), "Ok(6)");
    assert!(call(&server, &format!("stat;{root}/htdocs")).starts_with("Ok((2, "));
    assert_eq!(call(&server, "stat;/dev/null"), "Ok((3, 0, false))");
    assert_eq!(call(&server, "stat;/missing"), "Err(2)");
    assert_eq!(call(&server, "lstat;/etc/passwd/x"), "Err(20)");
    assert_eq!(call(&server, "check;//host/share"), "true");
    assert_eq!(call(&server, "home;root"), "/root");
    assert_eq!(call(&server, "home;nobody-of-that-name"), "NONE");
    let seconds = output("stat", &["-c", "%Y", "htdocs/plain"], ground.root.path());
    assert!(call(&server, &format!("mtime;{root}/htdocs/plain")).starts_with(&format!("Ok({seconds}")));
}

#[test]
fn texts_are_escaped_as_httpd_does() {
    let ground = ground("", "");
    let server = ground.start();
    let cases = [
        ("uri", "a%20b:c/d%3f%25", "a%20b:c/d%3f%25"),
        ("path", "a:b", "./a:b"),
        ("segment", "a/b%20c", "a%2fb%20c"),
        ("form", "a%20b/c%26", "a+b%2fc%26"),
        ("html", "%3Ca%20b%3D%22c%22%3E%26", "&lt;a b=&quot;c&quot;&gt;&amp;"),
        ("unescape", "%2541%2520%25zz", "A %zz"),
        ("uri", &"%20".repeat(2_000), &"%20".repeat(2_000)),
    ];
    for (how, what, expected) in cases {
        assert_eq!(call(&server, &format!("escape;{how};{what}")), expected, "{how} {what}");
    }
}

#[test]
fn times_are_taken_apart() {
    let ground = ground("", "");
    let server = ground.start();
    let expected = "TimeExp { usec: 7, sec: 1, min: 2, hour: 3, mday: 29, mon: 1, year: 124, wday: 4, yday: 59, isdst: 0, gmtoff: 0 }";
    assert_eq!(call(&server, "gmt;1709175721000007"), expected);
    let hour = output("date", &["-d", "@1709175721", "+%H"], ground.root.path());
    assert!(call(&server, "local;1709175721000007").contains(&format!("hour: {}", hour.parse::<u32>().unwrap())));
    for _ in 0..20 {
        let picked: u32 = call(&server, "random;3;5").parse().unwrap();
        assert!((3..=5).contains(&picked));
    }
}

#[test]
fn a_list_of_patterns_is_tried_in_one_call() {
    let ground = ground("", "");
    let server = ground.start();
    let found = call(&server, "list;/a/b;^/x;^/a/(.*)$;!^/a;!^/x;b$");
    assert_eq!(found, r#"1 [Some("/a/b"), Some("b")] 3 [None, None] 4 [Some("b"), None] "#);
    assert_eq!(call(&server, "list;/a/b;^/x;!^/a"), "");
    assert_eq!(call(&server, "list;/a/b;("), "NONE");
    assert_eq!(call(&server, "list;x"), "");
}

#[test]
fn expressions_know_the_match_before_and_tell_theirs() {
    let ground = ground("", "");
    let server = ground.start();
    let case = |expr: &str, expected: &str| assert_eq!(call(&server, expr), expected, "{expr}");
    case(
        "expr;%25{REQUEST_URI} =~ m%23^/(a.*)%23".replace(' ', "%20").as_str(),
        r#"true Some([Some("/api"), Some("api")]) vary NONE"#,
    );
    case("expr;%25{REQUEST_URI}%20=~%20/nothing/", "false None vary NONE");
    case("expr;true", "true None vary NONE");
    case("expr;'$1'%20==%20'b';a(.);xabx", "true None vary NONE");
    case("expr;'$1'%20==%20'c';a(.);xabx", "false None vary NONE");
    case("expr;'$9'%20==%20'';a(.);xabx", "true None vary NONE");
    case("expr;%25{HTTP:X-A}%20==%20''", "true None vary X-A");
    assert!(call(&server, "expr;1%20==").contains("syntax error"));
    // What .htaccess files may not do, a request may not either.
    assert!(
        call(&server, "expr;file('/etc/passwd')%20==%20''").contains("not available in restricted"),
        "{}",
        call(&server, "expr;file('/etc/passwd')%20==%20''")
    );
}

#[test]
fn facts_about_the_server() {
    let ground = ground("", "");
    let server = ground.start();
    assert_eq!(call(&server, "module;mod_rewrite_api.c"), "true");
    assert_eq!(call(&server, "module;mod_proxy.c"), "false");
    assert_eq!(call(&server, "env;LC_ALL"), "C");
    assert_eq!(call(&server, "env;NO_SUCH_VARIABLE"), "NONE");
    assert_eq!(call(&server, "env;A%3DB"), "NONE");
    for (status, known) in [(200, true), (418, false), (500, true), (404, true), (999, false), (0, false)] {
        assert_eq!(call(&server, &format!("status;{status}")), known.to_string(), "{status}");
    }
    let root = ground.root.path().display().to_string();
    assert_eq!(call(&server, "root;maps/a.txt"), format!("{root}/maps/a.txt"));
    assert_eq!(call(&server, "root;/maps/a.txt"), "/maps/a.txt");
}
