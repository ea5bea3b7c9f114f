//! The words of a directive, and what is said where they are wrong.

use super::{Section, entries, error};
use apache_module::Merge;
use apache_module::hook::{FIXUPS, INSERT_ERROR_FILTER, INSERT_FILTER, POST_READ_REQUEST};

#[test]
fn errors_are_the_native_ones() {
    let unknown = "first argument must be 'add', 'set', 'setifempty', 'append', 'merge', 'unset', 'echo', 'note', \
                   'edit', or 'edit*'.";
    for (line, text) in [
        ("Header", unknown),
        ("Header always", unknown),
        ("RequestHeader always set X y", unknown),
        ("RequestHeader onsuccess set X y", unknown),
        ("Header put X y", unknown),
        ("Header set", "Header requires three arguments"),
        ("Header set X", "Header requires three arguments"),
        ("RequestHeader set X", "Header requires three arguments"),
        ("Header set X a b c", "Too many arguments to directive"),
        ("Header set X a early c", "Too many arguments to directive"),
        ("Header set X a b", "Unknown parameter: b"),
        ("Header set X a early c d", "Header has too many arguments"),
        ("RequestHeader edit X a b early c", "RequestHeader has too many arguments"),
        ("Header unset X early early", "header unset takes two arguments"),
        ("Header unset X value", "Unknown parameter: value"),
        ("Header unset X a b c", "Too many arguments to directive"),
        ("Header echo X early early", "Header echo takes two arguments"),
        ("RequestHeader echo X early early", "Header echo takes two arguments"),
        ("RequestHeader echo X", "Header echo only valid on Header directives"),
        ("Header echo (", "Header echo regex could not be compiled"),
        ("Header edit X", "Header edit requires a match and a substitution"),
        ("Header edit X a", "Header edit requires a match and a substitution"),
        ("Header edit* X (", "Header edit requires a match and a substitution"),
        ("Header edit* X ( b", "Header edit regex could not be compiled"),
        ("Header edit X a b c", "Unknown parameter: c"),
        ("RequestHeader note X y", "RequestHeader does not support the 'note' action"),
        ("Header set X a env=", "error: missing environment variable name. envclause should be in the form env=envar "),
        (
            "Header set X a ENV=!",
            "error: missing environment variable name. envclause should be in the form env=envar ",
        ),
        ("Header set X a expr=syntax", "Can't parse envclause/expression: syntax error near 'syntax'"),
        ("Header set X expr=syntax", "Can't parse value expression : syntax error near 'syntax'"),
        ("Header set X %Q expr=syntax", "Can't parse envclause/expression: syntax error near 'syntax'"),
        ("Header set X %Q", "Unrecognized header format %Q"),
        ("Header edit X a %Q", "Unrecognized header format %Q"),
        ("Header set X %{open", "Unrecognized header format %"),
        ("Header set X %{a}", "Unrecognized header format %"),
    ] {
        assert_eq!(error(line), text, "{line}");
    }
}

#[test]
fn bytes_of_an_error_are_kept() {
    assert_eq!(Section::of(&[]).add(b"Header set X %\xff"), Err(b"Unrecognized header format %\xff".to_vec()));
    assert_eq!(Section::of(&[]).add(b"Header unset X \xe9"), Err(b"Unknown parameter: \xe9".to_vec()));
}

#[test]
fn words_are_case_insensitive() {
    let section = Section::of(&["Header ALWAYS SeT X a", "Header OnSuccess ADD Y b ENV=V", "Header Unset Z EXPR=true"]);
    assert_eq!(section.answer(), []);
    assert_eq!(section.errors(), entries(&[("X", "a")]));
}

#[test]
fn a_value_with_expr_in_capitals_is_text() {
    assert_eq!(Section::of(&["Header set X EXPR=true"]).answer(), entries(&[("X", "EXPR=true")]));
}

#[test]
fn a_name_ends_at_its_colon() {
    assert_eq!(
        Section::of(&["Header set X-A: a", "Header set X:B:C b"]).answer(),
        entries(&[("X-A", "a"), ("X", "b")])
    );
}

#[test]
fn quotes_and_backslashes() {
    let section = Section::of(&[r#"Header set A "a \"b\" \\ c""#, r"Header set 'B' 'it\'s'", r"Header set C a\\b\c"]);
    assert_eq!(section.answer(), entries(&[("A", r#"a "b" \ c"#), ("B", "it's"), ("C", r"a\b\c")]));
}

#[test]
fn inner_sections_are_added_to_outer_ones() {
    let outer = Section::of(&["Header set X outer", "Header add Y 1"]).config;
    let inner = Section::of(&["Header add Y 2", "Header set X inner"]).config;
    let host = fake_host::FakeHost::install();
    let section = Section { host, config: outer.merge(&inner) };
    assert_eq!(section.answer(), entries(&[("X", "inner"), ("Y", "1"), ("Y", "2")]));
}

#[test]
fn only_hooks_with_something_to_do_are_asked_for() {
    for (lines, hooks) in [
        (&[][..], 0),
        (&["RequestHeader set X y"], FIXUPS),
        (&["RequestHeader set X y early"], POST_READ_REQUEST),
        (&["Header set X y"], INSERT_FILTER),
        (&["Header set X y early"], INSERT_FILTER | POST_READ_REQUEST),
        (&["Header always set X y env=V"], INSERT_FILTER | INSERT_ERROR_FILTER),
        (&["RequestHeader unset X early", "RequestHeader unset Y"], POST_READ_REQUEST | FIXUPS),
    ] {
        assert_eq!(Section::of(lines).config.hooks(), hooks, "{lines:?}");
    }
}
