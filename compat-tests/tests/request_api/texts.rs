//! Escapes, digests, dates, patterns; compared with what other programs say.

use super::{call, ground};
use std::time::{Duration, Instant};

#[test]
fn escapes_and_digests() {
    let ground = ground("", "");
    let server = ground.start();
    for (what, expected) in [
        ("unescape;a%2541+b", "aA b"),
        ("unescape;a%252", "NONE"),
        ("unescape;a%252f", "a/"),
        ("unescape;a%2500", "NONE"),
        ("unescape-status;a%25zz", "-5 400"),
        ("unescape-status;a%2500", "-5 404"),
        ("logitem;a%0a%22b%5c%01", "a\\\\n\\\\\\\"b\\\\\\\\\\\\x01"),
        ("match;/a/b.html;/a/*.html", "true true"),
        ("match;ABC;a?c", "false true"),
        ("match;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", "false false"),
        ("base64;hello%ff", "aGVsbG//"),
        ("base64;", ""),
        ("plain;aGVsbG8A/w==", "hello\\x00\\xff"),
        ("plain;aGVs!bG8", "hel"),
        ("plain;", ""),
        ("md5;", "d41d8cd98f00b204e9800998ecf8427e"),
        ("md5;abc", "900150983cd24fb0d6963f7d28e17f72"),
        ("sha1;abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("date;Sun,%2006%20Nov%201994%2008:49:37%20GMT", "Some(784111777000000)"),
        ("date;Sun%20Nov%20%206%2008:49:37%201994", "Some(784111777000000)"),
        ("date;Sunday,%2006-Nov-94%2008:49:37%20GMT", "Some(784111777000000)"),
        ("date;soon", "None"),
        ("date;", "None"),
        ("rfc822;784111777000000", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("nul", "[-3, -3, -3, -1] YQBi 70350f6027bce3713f6b76473084309b"),
    ] {
        assert_eq!(call(&server, what), expected, "{what}");
    }
}

#[test]
fn sleep_counts_and_ends() {
    let ground = ground("WasmTimeLimit 300ms", "");
    let server = ground.start();
    let slept: i64 = call(&server, "sleep;50000").parse().unwrap();
    assert!((50_000..250_000).contains(&slept), "{slept}");
    let begin = Instant::now();
    assert_eq!(super::fetch(&server, "/api?sleep-twice;3600000000").head.code(), Some(500));
    assert!(begin.elapsed() < Duration::from_secs(5));
    assert_eq!(call(&server, "md5;abc"), "900150983cd24fb0d6963f7d28e17f72");
}
