//! `edit` and `edit*`: what they match, what stands in the replacement, and where they stop.

use super::{Section, entries};
use apache_module::ffi::table::{HEADERS_IN, HEADERS_OUT, SUBPROCESS_ENV};

fn edited(action: &str, regex: &str, replacement: &str, value: &str) -> String {
    let section = Section::of(&[&format!("Header {action} X '{regex}' '{replacement}'")])
        .with(HEADERS_OUT, &[("X", value)])
        .with(SUBPROCESS_ENV, &[("EV", "a$1b")]);
    section.answer().remove(0).1
}

#[test]
fn the_first_match_or_every_match() {
    for (action, regex, replacement, value, expected) in [
        ("edit", "o", "0", "foo", "f0o"),
        ("edit*", "o", "0", "foo", "f00"),
        ("edit", "z", "0", "foo", "foo"),
        ("edit*", "z", "0", "foo", "foo"),
        ("edit", "^", "bar", "foo", "barfoo"),
        ("edit", "(b)(c)?", "[$0$1$2$9]", "abd", "a[bb]d"),
        ("edit*", "(.)(.)", "$2$1", "abcde", "badce"),
        ("edit", "b", "$", "abc", "a$c"),
        ("edit", "b", r"<\$1\$&>", "abc", "a<$1$&>c"),
        ("edit", "b", r"\x", "abc", "axc"),
        ("edit", "(b)", "%{EV}e", "abc", "aabbc"),
        ("edit", "b", "", "abc", "ac"),
        // Each rest is a value of its own.
        ("edit*", "^a", "b", "aaac", "bbbc"),
        ("edit*", "(?<=a)b", "x", "abb", "axb"),
        ("edit*", "(?<=a)", "-", "abab", "a-ba-b"),
    ] {
        assert_eq!(edited(action, regex, replacement, value), expected, "{action} {regex} {replacement} {value}");
    }
}

/// differs: edit-star-empty-match
#[test]
fn an_empty_match_is_replaced_once_where_native_crashes() {
    for (regex, value, expected) in [
        ("^", "foo", "Rfoo"),
        ("$", "foo", "fooR"),
        ("", "foo", "Rfoo"),
        ("", "", "R"),
        ("x*", "abxx", "Rabxx"),
        ("x*", "xxab", "RRab"),
        ("x*", "xx", "RR"),
        (r"\b", " ab", " Rab"),
    ] {
        assert_eq!(edited("edit*", regex, "R", value), expected, "{regex} on {value}");
    }
}

#[test]
fn each_line_is_edited_and_goes_to_the_end_under_its_own_name() {
    let section =
        Section::of(&["Header edit x b B"]).with(HEADERS_OUT, &[("X", "b"), ("Y", "b"), ("x", "c"), ("Z", "z")]);
    assert_eq!(section.answer(), entries(&[("Y", "b"), ("Z", "z"), ("X", "B"), ("x", "c")]));
}

/// The limit of ap_pregsub is 65,536 bytes for one replacement: one byte less passes.
#[test]
fn a_replacement_that_is_too_long_ends_the_list() {
    for (length, y) in [(65_535, Some("1")), (65_536, None)] {
        let lines = ["RequestHeader edit X a$ %{LONG}e", "RequestHeader set Y 1"];
        let section = Section::of(&lines)
            .with(HEADERS_IN, &[("X", "ba"), ("x", "c")])
            .with(SUBPROCESS_ENV, &[("LONG", &"x".repeat(length))]);
        let headers = section.request_headers();
        let found = headers.iter().find(|(name, _)| name == "Y").map(|(_, value)| value.as_str());
        assert_eq!(found, y, "{length}");
        if y.is_none() {
            assert_eq!(headers, entries(&[("X", "ba"), ("x", "c")]));
        }
    }
}

#[test]
fn early_reports_a_replacement_that_is_too_long() {
    let section = Section::of(&["RequestHeader edit X (.*) $1$1$1$1$1$1$1$1$1 early", "Header set Y 1 early"])
        .with(HEADERS_IN, &[("X", &"x".repeat(8000))]);
    assert_eq!(section.config.early(&section.request()), Err(crate::fixup::TooLong));
    assert_eq!(section.host.table(HEADERS_OUT), []);
}
