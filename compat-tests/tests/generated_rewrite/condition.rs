//! Random `RewriteCond` lines that httpd accepts; it knows their grammar, not the rules they stand before.
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// One condition.
pub fn condition() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => (tested(), pattern(), flags()).prop_map(|(tested, pattern, flags)| line(&tested, &pattern, &flags)),
        2 => (tested(), comparison(STRINGS), flags()).prop_map(|(tested, pattern, flags)| line(&tested, &pattern, &flags)),
        1 => (tested(), comparison(NUMBERS), flags()).prop_map(|(tested, pattern, flags)| line(&tested, &pattern, &flags)),
        2 => (select(NAMES), select(FILE_TESTS), flags())
            .prop_map(|(tested, pattern, flags)| line(tested, pattern, &flags)),
        1 => (select(LOOKED_UP), select(LOOK_UPS), flags())
            .prop_map(|(tested, pattern, flags)| line(tested, pattern, &flags)),
        1 => (select(EXPRESSIONS), flags()).prop_map(|(expr, flags)| line("expr", expr, &flags)),
    ]
}

fn line(tested: &str, pattern: &str, flags: &[&str]) -> String {
    let quoted = |word: &str| match word {
        "" => "\"\"".to_owned(),
        word if word.contains([' ', '\\']) && !word.starts_with('"') => format!("\"{word}\""),
        word => word.to_owned(),
    };
    let mut line = format!("RewriteCond {} {}", quoted(tested), quoted(pattern));
    if !flags.is_empty() {
        line.push_str(&format!(" [{}]", flags.join(",")));
    }
    line
}

/// NC also where nothing is compared: httpd warns of that, in .htaccess with each request.
fn flags() -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![3 => Just(Vec::new()), 2 => subsequence(&["NC", "OR", "NV", "ornext", "nocase", "novary"][..], 0..=2)]
}

/// Text with variables, back-references and maps in it.
fn tested() -> impl Strategy<Value = String> {
    vec(prop_oneof![5 => variable().prop_map(str::to_owned), 1 => select(PIECES).prop_map(str::to_owned)], 1..3)
        .prop_map(|pieces| pieces.concat())
}

/// A variable whose value is the same on both servers.
pub fn variable() -> impl Strategy<Value = &'static str> {
    select(VARIABLES)
}

const VARIABLES: &[&str] = &[
    "%{REQUEST_URI}",
    "%{REQUEST_URI}",
    "%{QUERY_STRING}",
    "%{QUERY_STRING}",
    "%{REQUEST_FILENAME}",
    "%{SCRIPT_FILENAME}",
    "%{PATH_INFO}",
    "%{THE_REQUEST}",
    "%{REQUEST_METHOD}",
    "%{HTTP_HOST}",
    "%{HTTP_USER_AGENT}",
    "%{HTTP_REFERER}",
    "%{HTTP_COOKIE}",
    "%{HTTP_ACCEPT}",
    "%{HTTP_FORWARDED}",
    "%{HTTP_PROXY_CONNECTION}",
    "%{HTTP:X-In}",
    "%{HTTP:x-in}",
    "%{HTTP:Host}",
    "%{ENV:A}",
    "%{ENV:B}",
    "%{ENV:REDIRECT_A}",
    "%{ENV:SCRIPT_URL}",
    "%{ENV:SCRIPT_URI}",
    "%{ENV:REDIRECT_STATUS}",
    "%{SSL:HTTPS}",
    "%{HTTPS}",
    "%{REQUEST_SCHEME}",
    "%{IS_SUBREQ}",
    "%{SERVER_NAME}",
    "%{SERVER_PROTOCOL}",
    "%{SERVER_ADDR}",
    "%{SERVER_ADMIN}",
    "%{SERVER_SOFTWARE}",
    "%{DOCUMENT_ROOT}",
    "%{CONTEXT_PREFIX}",
    "%{CONTEXT_DOCUMENT_ROOT}",
    "%{REMOTE_ADDR}",
    "%{REMOTE_HOST}",
    "%{REMOTE_USER}",
    "%{AUTH_TYPE}",
    "%{CONN_REMOTE_ADDR}",
    "%{IPV6}",
    "%{SCRIPT_USER}",
    "%{SCRIPT_GROUP}",
    "%{API_VERSION}",
    "%{NOSUCH}",
    "%{}",
    "%{LA-U:REQUEST_FILENAME}",
    "%{LA-U:PATH_INFO}",
    "%{LA-U:ENV:A}",
    "%{LA-F:REQUEST_FILENAME}",
    "%{LA-F:REQUEST_URI}",
    "%{request_uri}",
    "%{Http_Host}",
    "%{env:A}",
];

const PIECES: &[&str] = &[
    "$1",
    "$0",
    "$2",
    "%1",
    "%0",
    "%2",
    "a",
    "/",
    "::",
    "${m:$1|none}",
    "${up:$1}",
    "${low:%1}",
    "${no:x|$1}",
    "=",
    "1",
];

const NAMES: &[&str] = &[
    "%{REQUEST_FILENAME}",
    "%{DOCUMENT_ROOT}%{REQUEST_URI}",
    "%{DOCUMENT_ROOT}/$1",
    "%{DOCUMENT_ROOT}/hello.txt",
    "%{DOCUMENT_ROOT}/$1.txt",
    "%{DOCUMENT_ROOT}/dir",
    "%{REQUEST_URI}",
    "%{HTTP:X-In}",
    "$1",
];

const FILE_TESTS: &[&str] = &["-f", "!-f", "-d", "!-d", "-s", "!-s", "-l", "-L", "!-h", "-x", "!-x"];

const LOOKED_UP: &[&str] = &["%{REQUEST_URI}", "/hello.txt", "/nothing", "/dir/", "%{DOCUMENT_ROOT}/hello.txt", "/a"];

const LOOK_UPS: &[&str] = &["-U", "!-U", "-F", "!-F"];

/// Each that can be true ends with a match: native httpd reads memory that nobody set when an
/// expression is true without one and a back-reference follows.
const EXPRESSIONS: &[&str] = &[
    "\"%{REQUEST_URI} =~ /(t)(x)?/\"",
    "\"%{HTTP:X-In} =~ m#^(.*)$#\"",
    "\"%{QUERY_STRING} =~ /(\\w)=(\\w)/i\"",
    "\"! %{REQUEST_URI} =~ /dir/ && %{REQUEST_METHOD} =~ /(GET|HEAD)/\"",
    "false",
    "\"!%{HTTP_HOST} =~ /^g1/\"",
    "\"!-z %{QUERY_STRING}\"",
    "\"!%{REQUEST_METHOD} == 'POST'\"",
];

/// A regular expression, of rules as of conditions.
pub fn pattern() -> impl Strategy<Value = String> {
    let made = vec(select(ATOMS), 1..5).prop_map(|atoms| atoms.concat());
    let regex = prop_oneof![3 => select(REGEXES).prop_map(str::to_owned), 2 => made];
    (prop_oneof![4 => Just(""), 1 => Just("!")], regex).prop_map(|(not, regex)| format!("{not}{regex}"))
}

const REGEXES: &[&str] = &[
    "^",
    "^$",
    ".",
    ".*",
    "(.*)",
    "(.+)",
    "^(.*)$",
    "^/?(.*)$",
    "^/?([^/]+)/(.*)$",
    "^/?([^/]*)$",
    "(.)(.)",
    "^/?a$",
    "^/?b",
    "^/?c/(\\d+)(?:/(\\w+))?",
    "\\.txt$",
    "^/?(hello|page)\\.(\\w+)$",
    "show",
    "^/?show\\.shtml",
    "dir",
    "^/?dir/?$",
    "(?i)HELLO",
    "^/?(x)?(y)?(.*)$",
    "a|b",
    "[^a-z]",
    "\\s",
    "\\?",
    "[\\x80-\\xff]",
    "(%)",
    "^http",
    "^g\\d*$",
    "1",
    "^/?(?!show|hello)(.+)$",
    "//",
    "(\\w+)=(\\w+)",
    "^(?:.*&)?id=(\\d+)",
];

const ATOMS: &[&str] = &[
    "^", "^/?", "a", "b", "c", "x", "/", ".", ".*", "(.)", "(.*)", "([^/]*)", "(a|b)?", "\\w+", "\\.", "txt", "[a-z]",
    "\\d", "(\\d*)", "$", "(x)?",
];

const STRINGS: &[&str] = &["=", "<", ">", "<=", ">=", "!=", "!<", "!>="];

const NUMBERS: &[&str] = &["-lt", "-le", "-eq", "-ne", "-gt", "-ge", "!-eq", "!-ne", "!-gt"];

/// A comparison of strings or numbers.
fn comparison(operators: &'static [&'static str]) -> impl Strategy<Value = String> {
    let value =
        select(&["a", "/a", "1", "10", "", "GET", "on", "off", "none", "/hello.txt", "\"\"", "abc", "-5", "Z"][..]);
    (select(operators), value).prop_map(|(operator, value)| format!("{operator}{value}"))
}
