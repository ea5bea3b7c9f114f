//! Random `Header` and `RequestHeader` directives that httpd accepts, and lines that it may not; it
//! knows the directives' grammar, not where they stand.
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;

/// A valid directive, as a line of a config.
pub fn directive() -> impl Strategy<Value = String> {
    prop_oneof![3 => response(), 1 => request()]
}

/// A line that begins with a directive's name and goes on with words in any order.
pub fn word_soup() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => select(WORDS).prop_map(str::to_owned),
        1 => value().prop_map(|value| quoted(&value)),
        1 => vec(select(LETTERS), 1..8).prop_map(|letters| letters.concat()),
    ];
    let name = select(&["Header", "Header", "RequestHeader"][..]);
    let blank = select(&[" ", " ", " ", "  ", "\t", ""][..]);
    // Mostly an action first: else most lines would fail at their first word.
    let begin = prop_oneof![4 => select(BEGINNINGS), 1 => Just("")];
    (name, begin, vec((blank, word), 0..6)).prop_map(|(name, begin, words)| {
        let mut line = format!("{name} {begin}");
        for (blank, word) in words {
            line.push_str(blank);
            line.push_str(&word);
        }
        line
    })
}

const BEGINNINGS: &[&str] = &[
    "set X-A",
    "add X-A",
    "append X-A:",
    "merge x-a",
    "setifempty X-B",
    "unset X-A",
    "echo ^X",
    "note X-A",
    "edit X-A",
    "edit X-A a",
    "edit X-A \\w+ b",
    "always set X-A",
    "onsuccess add X-A",
    "always edit X-A a \"$1 %{V}e\"",
    "set X-A a",
    "unset X-A env=V",
    "set \"X-A\" \"%{V}e\"",
    "always echo",
    "add",
];

const WORDS: &[&str] = &[
    "set",
    "add",
    "append",
    "merge",
    "setifempty",
    "unset",
    "echo",
    "note",
    "edit",
    "SET",
    "Edit",
    "always",
    "onsuccess",
    "ALWAYS",
    "early",
    "Early",
    "env=V",
    "env=!V",
    "env=",
    "env=!",
    "ENV=V",
    "expr=true",
    "expr=%{V",
    "expr=",
    "EXPR=false",
    "X-A",
    "X-B:",
    "X-A:x",
    "a",
    "b",
    "a*b",
    "(",
    "[a-z]+",
    "\"a b\"",
    "'a b'",
    "\"\"",
    "%s",
    "%%",
    "%",
    "%q",
    "%{V}e",
    "%{V}q",
    "%{V",
    "\"expr=%{REQUEST_URI}\"",
    "$1",
    "\\",
    "\\\\",
    "\"",
    "'",
    "#",
    "Content-Type",
    "text/html",
    "replace",
    "x",
];

const LETTERS: &[&str] = &["a", "X", "\"", "'", "\\", "%", "{", "}", "=", ":", "s", "e", "(", ",", "é", "$"];

fn response() -> impl Strategy<Value = String> {
    let table = select(&["", "", "", "always ", "always ", "onsuccess "][..]);
    let name = prop_oneof![
        8 => select(&["X-A", "X-A", "X-B", "X-C", "x-a", "X-A:"][..]),
        3 => select(&["Vary", "Set-Cookie", "Cache-Control", "ETag", "Content-Language", "Last-Modified"][..]),
        1 => Just("Content-Type"),
    ];
    (table, prop_oneof![12 => rest(name.boxed()), 1 => echo(), 1 => note(), 1 => measured()])
        .prop_map(|(table, rest)| format!("Header {table}{rest}"))
}

fn request() -> impl Strategy<Value = String> {
    let name = select(
        &["X-In", "X-In", "X-A", "x-b", "Accept-Encoding", "User-Agent", "Content-Type", "Range", "If-None-Match"][..],
    );
    rest(name.boxed()).prop_map(|rest| format!("RequestHeader {rest}"))
}

/// Action, name, value and condition, for the actions that both directives have.
fn rest(name: BoxedStrategy<&'static str>) -> BoxedStrategy<String> {
    let with_value = (
        select(&["set", "set", "add", "add", "append", "merge", "merge", "setifempty", "SET"][..]),
        name.clone(),
        prop_oneof![5 => value(), 2 => token(), 1 => expression()],
        condition(),
    )
        .prop_map(|(action, name, value, condition)| format!("{action} {name} {}{condition}", quoted(&value)));
    let unset = (name.clone(), condition()).prop_map(|(name, condition)| format!("unset {name}{condition}"));
    let edit = (name.clone(), select(PATTERNS), replacement(), condition()).prop_map(
        |(name, pattern, replacement, condition)| {
            format!("edit {name} {} {}{condition}", quoted(pattern), quoted(&replacement))
        },
    );
    let edit_all =
        (name, select(NEVER_EMPTY), replacement(), condition()).prop_map(|(name, pattern, replacement, condition)| {
            format!("edit* {name} {} {}{condition}", quoted(pattern), quoted(&replacement))
        });
    prop_oneof![8 => with_value, 2 => unset, 3 => edit, 2 => edit_all].boxed()
}

fn echo() -> BoxedStrategy<String> {
    let pattern = select(&["^X-", "X-In", "(?i)^x-a$", "^Accept", "^User-Agent$", "^(X-A|X-In)$", "Nothing"][..]);
    (pattern, condition()).prop_map(|(pattern, condition)| format!("echo {pattern}{condition}")).boxed()
}

fn note() -> BoxedStrategy<String> {
    let name = select(&["X-A", "X-B", "ETag", "X-None"][..]);
    let kept = select(&["n1", "n2", "n-%{V}e"][..]);
    (name, kept, condition()).prop_map(|(name, kept, condition)| format!("note {name} {kept}{condition}")).boxed()
}

/// What changes from request to request, in a header that nothing else reads or edits.
fn measured() -> BoxedStrategy<String> {
    let action = select(&["set", "add", "append"][..]);
    let value = select(&["%t", "a %t %% %D", "[%l]", "%i %b", "%{x}t", "%D"][..]);
    (action, value, condition())
        .prop_map(|(action, value, condition)| format!("{action} X-Measured \"{value}\"{condition}"))
        .boxed()
}

fn condition() -> BoxedStrategy<String> {
    let condition = select(
        &[
            "early",
            "env=V",
            "env=!V",
            "env=SEEN",
            "env=!SEEN",
            "env=NONE",
            "env=!NONE",
            "\"expr=%{REQUEST_METHOD} == 'GET'\"",
            "\"expr=%{QUERY_STRING} =~ /a/\"",
            "\"expr=-n %{HTTP:X-In}\"",
            "\"expr=%{REQUEST_STATUS} -ge 400\"",
            "\"expr=%{resp:X-A} == 'one'\"",
            "\"expr=false\"",
            "'expr=%{REQUEST_URI} =~ m#\\.txt$#'",
        ][..],
    );
    weighted(0.35, condition)
        .prop_map(|condition| condition.map_or(String::new(), |condition| format!(" {condition}")))
        .boxed()
}

/// A format string, before quoting.
fn value() -> BoxedStrategy<String> {
    let part = prop_oneof![
        10 => select(&["one", "two", "three", "a", "b1", "-", " ", ", ", ",", ";", "=", "/", ":", "x y"][..]),
        4 => select(&["%%", "%{V}e", "%{NONE}e", "%{SEEN}e", "%{H}e", "%s", "%{HTTPS}s"][..]),
        3 => select(&["\\t", "\\q", "\\\\", "\\", "\"", "'", "$1", "&", "{V}e", "é", "#"][..]),
    ];
    prop_oneof![30 => vec(part, 0..5).prop_map(|parts| parts.concat()), 1 => Just("a\\nb".to_owned())].boxed()
}

/// What lists are made of.
fn token() -> BoxedStrategy<String> {
    let token = select(
        &["one", "two", "One", "\"one\"", "one, two", "a=\"x, y\"", "no-cache", "max-age=0", "one ", "", "two,one"][..],
    );
    token.prop_map(str::to_owned).boxed()
}

/// A value that is a string expression.
fn expression() -> BoxedStrategy<String> {
    let expression = select(
        &[
            "expr=%{REQUEST_URI}",
            "expr=%{REQUEST_METHOD} %{QUERY_STRING}",
            "expr=[%{HTTP:X-In}]",
            "expr=%{resp:X-A}-%{resp:X-B}",
            "expr=%{env:V}%{reqenv:NONE}",
            "expr=%{note:n1}|%{note:n2}|%{note:n-v}",
            "expr=%{base64:%{HTTP:X-In}}",
            "expr=%{escape:%{HTTP:X-A}}",
            "expr=%{toupper:%{HTTP_HOST}}",
            "expr=plain text",
            "expr=",
            "expr=%{CONTENT_TYPE}",
            "expr=%{REQUEST_STATUS}",
        ][..],
    );
    expression.prop_map(str::to_owned).boxed()
}

/// The second argument of an edit.
fn replacement() -> BoxedStrategy<String> {
    let part = prop_oneof![
        4 => select(&["X", "y", "-", " ", ",", ""][..]),
        3 => select(&["$0", "$1", "$2", "$9", "[$1]", "\\$1", "$", "&", "\\\\", "\\&"][..]),
        1 => select(&["%%", "%{V}e", "%{H}e", "%{NONE}e"][..]),
    ];
    prop_oneof![8 => vec(part, 0..4).prop_map(|parts| parts.concat()), 1 => expression()].boxed()
}

const PATTERNS: &[&str] = &[
    "one",
    "o",
    "^",
    "$",
    "^$",
    ".*",
    "^(.*)$",
    "(.)(.)",
    "[ab]",
    "\\d+",
    "a*",
    "(?i)ONE",
    "(one|two)",
    "\\s*,\\s*",
    "(?<=o)n",
    "n(?!e)",
    "(x)?o",
    "\\bt",
    "[^a-z]",
    "(?:a|b)1",
    "\"",
    "\\.",
    "%",
    "charset",
    "text/(\\w+)",
    "max-age=(\\d+)",
];

/// Patterns for `edit*`, none of which can match nothing: that natively ends the child process.
const NEVER_EMPTY: &[&str] = &[
    "one",
    "o",
    "[ab]",
    "\\d",
    ".",
    "\\w+",
    "(\\w)(\\w)",
    "(?i)E",
    "^o",
    "e$",
    ",\\s*",
    "(?<=o)n",
    "o(?=n)",
    "[^a-z]+",
    "(one|two)",
];

/// A word as httpd's ap_getword_conf reads it back.
fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
}
