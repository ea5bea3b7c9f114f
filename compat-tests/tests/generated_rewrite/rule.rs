//! Random `RewriteRule` lines with the conditions before them, and the other directives of mod_rewrite;
//! it knows their grammar, not where they stand.
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::condition::{condition, pattern, variable};

/// A rule with its conditions, one line each.
pub fn rule() -> impl Strategy<Value = Vec<String>> {
    let conditions = prop_oneof![3 => vec(condition(), 0..1), 3 => vec(condition(), 1..4)];
    (conditions, pattern(), target(), flags()).prop_map(|(mut lines, pattern, (target, proxied), mut flags)| {
        if proxied {
            flags.push("P".to_owned());
        }
        let mut line = format!("RewriteRule {} {}", quoted(&pattern), quoted(&target));
        if !flags.is_empty() {
            line.push_str(&format!(" {}", quoted(&format!("[{}]", flags.join(",")))));
        }
        lines.push(line);
        lines
    })
}

/// `RewriteOptions` lines.
pub fn options() -> impl Strategy<Value = Vec<String>> {
    let named = subsequence(OPTIONS, 1..3).prop_map(|options| vec![format!("RewriteOptions {}", options.join(" "))]);
    prop_oneof![3 => Just(Vec::new()), 2 => named]
}

const OPTIONS: &[&str] = &[
    "Inherit",
    "InheritBefore",
    "InheritDown",
    "InheritDownBefore",
    "IgnoreInherit",
    "AllowNoSlash",
    "AllowAnyURI",
    "MergeBase",
    "IgnoreContextInfo",
    "LegacyPrefixDocRoot",
    "UnsafePrefixStat",
];

fn quoted(word: &str) -> String {
    match word {
        "" => "\"\"".to_owned(),
        word if word.contains([' ', '\\']) => format!("\"{word}\""),
        word => word.to_owned(),
    }
}

/// A substitution, and whether it must be proxied. Only the backend is ever proxied to, since any other
/// name would have to be looked up.
fn target() -> impl Strategy<Value = (String, bool)> {
    let text = || vec(piece(), 0..4).prop_map(|pieces| pieces.concat());
    let query = || prop_oneof![3 => Just(String::new()), 2 => text().prop_map(|text| format!("?q={text}")), 1 => Just("?".to_owned())];
    prop_oneof![
        4 => Just(("-".to_owned(), false)),
        5 => (select(PATHS), query()).prop_map(|(path, query)| (format!("{path}{query}"), false)),
        4 => (select(BEGINNINGS), text(), query())
            .prop_map(|(begin, text, query)| (format!("{begin}{text}{query}"), false)),
        1 => (select(SCHEMES), text()).prop_map(|(scheme, text)| (format!("{scheme}{text}"), false)),
        1 => (text(), query())
            .prop_map(|(text, query)| (format!("http://127.0.0.1:${{ECHO_PORT}}/p/{text}{query}"), true)),
    ]
    .prop_filter("a path that grows with each round takes long to end", |(target, _)| target.len() < 120)
}

const PATHS: &[&str] = &[
    "/show.shtml",
    "/show.shtml",
    "/hello.txt",
    "/page.html",
    "/dir/file.txt",
    "/dir/",
    "/dir",
    "/a",
    "/b",
    "/c/1",
    "a",
    "b",
    "hello.txt",
    "dir/file.txt",
    "show.shtml/info",
    "/nothing",
    "/alias/other.txt",
    "/",
    "/show.shtml/x",
    "/../a",
    "//hello.txt",
];

const BEGINNINGS: &[&str] =
    &["", "/", "/", "/dir/", "/show.shtml/", "x", "/a", "//", "%{DOCUMENT_ROOT}/", "%{REQUEST_URI}", "/c/"];

const SCHEMES: &[&str] = &[
    "http://h.example/",
    "https://h.example/",
    "HTTP://H.example:8080/",
    "ftp://h.example/",
    "ldap://h.example/a?b?",
    "mailto:a@h.example",
    "news:a",
    "ws://h.example/",
    "unix:/a|http://b/",
    "gemini://h.example/",
    "http://g:${PORT}/",
    "http:",
    "fcgi://h.example/",
    "balancer://h.example/",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => select(PIECES).prop_map(str::to_owned),
        1 => variable().prop_map(str::to_owned),
    ]
}

const PIECES: &[&str] = &[
    "$1",
    "$1",
    "$2",
    "$0",
    "%1",
    "%2",
    "a",
    "b",
    "/",
    ".txt",
    "?",
    "&",
    "=",
    "#",
    "x y",
    "\\$1",
    "\\%20",
    "%",
    "$",
    "\\",
    "${m:$1}",
    "${m:a|d}",
    "${m:$1|$2}",
    "${up:$1}",
    "${low:$1}",
    "${esc:$1}",
    "${un:$1}",
    "${rnd:a}",
    "${no:$1|none}",
    "é",
];

fn flags() -> impl Strategy<Value = Vec<String>> {
    let one = prop_oneof![
        12 => select(FLAGS).prop_map(str::to_owned),
        4 => (select(&["A", "B", "C", "%1", "A"][..]), vec(piece(), 0..3))
            .prop_map(|(name, value)| format!("E={name}:{}", value.concat().replace(',', ""))),
    ];
    prop_oneof![2 => Just(Vec::new()), 5 => vec(one, 1..4)]
}

const FLAGS: &[&str] = &[
    "L",
    "L",
    "L",
    "last",
    "END",
    "R",
    "R",
    "R=301",
    "R=302",
    "redirect=307",
    "R=permanent",
    "R=seeother",
    "R=404",
    "R=503",
    "R=200",
    "F",
    "G",
    "NC",
    "nocase",
    "NE",
    "NE",
    "noescape",
    "NS",
    "nosubreq",
    "N=3",
    "next=5",
    "S=1",
    "S=2",
    "skip=1",
    "C",
    "C",
    "chain",
    "QSA",
    "QSA",
    "qsappend",
    "QSD",
    "QSL",
    "PT",
    "passthrough",
    "B",
    "B",
    "B=/& ?",
    "BNP",
    "B,BNP",
    "BCTLS",
    "BNE=/",
    "B,BNE=/=",
    "DPI",
    "discardpath",
    "UnsafeAllow3F",
    "UnsafeAllow3F",
    "UnsafePrefixStat",
    "UNC",
    "E=!A",
    "E=!B",
    "E=A",
    "CO=n:$1:a.example",
    "CO=m:v:a.example:0:/:secure:httponly:lax",
    "CO=;s;%1;a.example",
    "CO=x",
    "T=text/x-made",
    "T=text/$1",
    "H=nosuch",
    "H=default-handler",
    "type=text/plain",
    "F=1",
];
