//! Format strings, expressions and conditions.

use super::{Section, entries};
use apache_module::ffi::table::SUBPROCESS_ENV;
use apache_module::{APLOG_ERR, field};

fn value(text: &str) -> String {
    let section = Section::of(&[&format!("Header set X '{text}'")])
        .with(SUBPROCESS_ENV, &[("NAME", "value"), ("LINES", "a\r\nb"), ("EMPTY", "")]);
    {
        let mut state = section.host.state_mut();
        state.numbers.insert(field::REQUEST_TIME, 1_000_000);
        state.now = 1_000_250;
        state.loadavg = [0.5, 1.25, 10.0];
        state.sload = [75, 25];
        state.ssl.insert(b"SSL_PROTOCOL".to_vec(), b"TLSv1.3".to_vec());
        state.ssl.insert(b"EMPTY".to_vec(), Vec::new());
    }
    section.answer().remove(0).1
}

#[test]
fn specifiers() {
    for (text, expected) in [
        ("", ""),
        ("plain", "plain"),
        ("100%", "100%"),
        ("a%%b%%", "a%b%"),
        ("%t", "t=1000000"),
        ("%D", "D=250"),
        ("<%t %D>", "<t=1000000 D=250>"),
        ("%{NAME}e", "value"),
        ("%{name}e", "value"),
        ("%{EMPTY}e.", "."),
        ("%{NONE}e", "(null)"),
        ("%e", "(null)"),
        ("%{LINES}e", "a  b"),
        ("%{NAME}}}e", "value"),
        ("%{SSL_PROTOCOL}s", "TLSv1.3"),
        ("%{EMPTY}s", "(null)"),
        ("%{NONE}s", "(null)"),
        ("%l", "l=0.50/1.25/10.00"),
        ("%i%{ignored}b", "i=75b=25"),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

/// Each `\\` of the value stands as four in the directive, whose quoting takes two for one.
#[test]
fn escapes_of_literal_text() {
    for (text, expected) in
        [(r"a\tb\rc\nd", "a\tb\rc\nd"), (r"\q\\", r"\q\"), (r"\\\\t", r"\t"), (r"\%t", r"\t=1000000"), (r"\%%", r"\%")]
    {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn expressions_as_values() {
    let section = Section::of(&["Header set X 'expr=<%{NAME}>'", "Header set Y 'expr=fail no reason'"]);
    section.host.state_mut().log_level = APLOG_ERR;
    let section = section.with(SUBPROCESS_ENV, &[("NAME", "value")]);
    assert_eq!(section.answer(), entries(&[("X", "<value>"), ("Y", "")]));
    assert_eq!(section.log(), ["AH02557: Can't evaluate value expression: no reason"]);
}

#[test]
fn conditions() {
    let section = Section::of(&[
        "Header set A 1 env=THERE",
        "Header set B 1 env=!THERE",
        "Header set C 1 env=MISSING",
        "Header set D 1 env=!MISSING",
        "Header set E 1 expr=true",
        "Header set F 1 expr=false",
        "Header set G 1 'expr=fail a reason'",
        "Header set H 1 early",
    ]);
    section.host.state_mut().log_level = APLOG_ERR;
    let section = section.with(SUBPROCESS_ENV, &[("there", "")]);
    assert_eq!(section.answer(), entries(&[("A", "1"), ("D", "1"), ("E", "1"), ("G", "1")]));
    assert_eq!(section.log(), ["AH01501: Failed to evaluate expression (a reason) - ignoring"]);
}

#[test]
fn a_failure_is_not_put_together_where_its_level_is_not_logged() {
    let section = Section::of(&["Header set X 1 'expr=fail a reason'"]);
    assert_eq!(section.answer(), entries(&[("X", "1")]));
    assert_eq!(section.log(), [""; 0]);
}

#[test]
fn early_entries_edit_all_tables() {
    let section = Section::of(&[
        "RequestHeader set A 1 early",
        "RequestHeader set B 1",
        "Header always set C 1 early",
        "Header set D 1 early",
        "Header set E 1 env=V",
    ]);
    assert_eq!(section.config.early(&section.request()), Ok(()));
    let host = &section.host;
    let tables = [0, 1, 2].map(|table| host.table(table));
    assert_eq!(tables, [entries(&[("A", "1")]), entries(&[("D", "1")]), entries(&[("C", "1")])]);
}
