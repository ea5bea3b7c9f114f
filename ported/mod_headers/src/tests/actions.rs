//! What each action does to tables, content type and notes.

use super::{Section, entries};
use apache_module::ffi::table::{ERR_HEADERS_OUT, HEADERS_IN, HEADERS_OUT, NOTES};
use apache_module::field::CONTENT_TYPE;

const TWO_LINES: &[(&str, &str)] = &[("x", "1"), ("Y", "y"), ("X", "2")];

#[test]
fn simple_actions() {
    for (line, expected) in [
        ("Header set X new", &[("X", "new"), ("Y", "y")][..]),
        ("Header add X new", &[("x", "1"), ("Y", "y"), ("X", "2"), ("X", "new")]),
        ("Header append X new", &[("x", "1, new"), ("Y", "y"), ("X", "2")]),
        ("Header append Z new", &[("x", "1"), ("Y", "y"), ("X", "2"), ("Z", "new")]),
        ("Header unset X", &[("Y", "y")]),
        ("Header setifempty X new", TWO_LINES),
        ("Header setifempty Z new", &[("x", "1"), ("Y", "y"), ("X", "2"), ("Z", "new")]),
        ("Header merge X 1", TWO_LINES),
        ("Header merge X 2", &[("x", "1, 2"), ("Y", "y"), ("X", "2")]),
        ("Header merge Z 1", &[("x", "1"), ("Y", "y"), ("X", "2"), ("Z", "1")]),
    ] {
        assert_eq!(Section::of(&[line]).with(HEADERS_OUT, TWO_LINES).answer(), entries(expected), "{line}");
        // The same with a value that is only known at the request, so that the host cannot do it alone.
        let line = format!("{line} expr=true");
        assert_eq!(Section::of(&[&line]).with(HEADERS_OUT, TWO_LINES).answer(), entries(expected), "{line}");
    }
}

#[test]
fn request_headers() {
    let lines = ["RequestHeader set A 1", "RequestHeader merge x 9", "RequestHeader unset Y"];
    let section = Section::of(&lines).with(HEADERS_IN, TWO_LINES);
    assert_eq!(section.request_headers(), entries(&[("x", "1, 9"), ("X", "2"), ("A", "1")]));
}

#[test]
fn both_tables_of_the_answer() {
    let section = Section::of(&["Header always set X 1", "Header set X 2"]);
    assert_eq!(section.answer(), entries(&[("X", "2")]));
    assert_eq!(section.errors(), entries(&[("X", "1")]));
}

#[test]
fn echo_copies_request_headers_to_the_answer_whatever_the_table() {
    let section = Section::of(&["Header always echo ^X-", "Header echo Y$"])
        .with(HEADERS_IN, &[("X-A", "1"), ("x-b", "2"), ("Y", "3"), ("X-A", "4"), ("y", "5")]);
    assert_eq!(section.answer(), entries(&[("X-A", "1"), ("X-A", "4"), ("Y", "3")]));
    assert_eq!(section.errors(), []);
}

#[test]
fn note_keeps_the_first_value() {
    let section = Section::of(&["Header note X first", "Header always note X none", "Header note X 'expr=made'"])
        .with(HEADERS_OUT, TWO_LINES)
        .with(NOTES, &[("none", "old")]);
    section.answer();
    assert_eq!(section.host.table(NOTES), entries(&[("first", "1"), ("made", "1")]));
}

fn content_type(line: &str, present: Option<&str>) -> (Option<String>, bool) {
    let section = Section::of(&[line]);
    if let Some(present) = present {
        section.host.state_mut().texts.insert(CONTENT_TYPE, present.into());
    }
    let headers = &[("Content-Type", "old/table")];
    let section = section.with(HEADERS_OUT, headers).with(HEADERS_IN, headers).with(ERR_HEADERS_OUT, headers);
    section.request_headers();
    section.answer();
    let state = section.host.state();
    let text = state.texts.get(&CONTENT_TYPE).map(|text| String::from_utf8_lossy(text).into_owned());
    (text, state.content_type_is_trusted)
}

#[test]
fn the_answers_content_type_follows_its_header() {
    for (line, expected, trusted) in [
        ("Header set content-type new/one", Some("new/one"), false),
        ("Header always set Content-Type new/%D", Some("new/D=0"), false),
        ("Header setifempty Content-Type new/one", Some("text/html"), false),
        ("Header unset Content-Type", None, false),
        ("Header edit Content-Type html plain", Some("text/plain"), true),
        ("Header always edit* Content-Type t T", Some("TexT/hTml"), true),
        ("Header add Content-Type new/one", Some("text/html"), false),
        ("Header append Content-Type new/one", Some("text/html"), false),
        ("RequestHeader set Content-Type new/one", Some("text/html"), false),
        ("RequestHeader unset Content-Type", Some("text/html"), false),
        ("RequestHeader edit Content-Type html plain", Some("text/html"), false),
    ] {
        assert_eq!(content_type(line, Some("text/html")), (expected.map(str::to_string), trusted), "{line}");
    }
    assert_eq!(content_type("Header edit Content-Type '' x", None), (None, false));
}

#[test]
fn setifempty_of_an_absent_content_type() {
    let section = Section::of(&["Header setifempty Content-Type new/one"]);
    assert_eq!(section.answer(), entries(&[("Content-Type", "new/one")]));
    assert_eq!(section.host.state().texts.get(&CONTENT_TYPE), Some(&b"new/one".to_vec()));
}
