//! What two servers may differ in without differing, and how a true difference is shown; it doesn't
//! know where the texts come from.
use std::sync::OnceLock;

use regex::Regex;
use similar::{ChangeTag, TextDiff};

/// The values that change from run to run, each with the narrowest pattern that finds it.
pub struct Volatile(Vec<(Regex, &'static str)>);

/// Pattern and replacement. Ports are chosen above 9999 and the scratch directories' names have one
/// length, so that Content-Length stays the same.
const VOLATILE: &[(&str, &str)] = &[
    (r"\bt=\d{16}", "t=<time>"),
    (r"\bD=\d+", "D=<duration>"),
    (r"\bl=\d+\.\d\d/\d+\.\d\d/\d+\.\d\d", "l=<load>"),
    (r"(?m)(^|[\[ ])i=-?\d{1,3}($|[\], ])", "${1}i=<idle>$2"),
    (r"(?m)(^|[\[ ])b=-?\d{1,3}($|[\], ])", "${1}b=<busy>$2"),
    (r"\bexpires=(\w{3}, \d\d-\w{3}-\d{4}) \d\d:\d\d:\d\d GMT", "expires=$1 <time> GMT"),
    (r"/tmp/httpd-[A-Za-z0-9]{6}", "<root>"),
    (r"\btmp/httpd-[A-Za-z0-9]{6}", "<root without its slash>"),
    (r"\b(127\.0\.0\.1|localhost|[a-z.]*example(?:\.org)?):[1-6]\d{4}\b", "$1:<port>"),
    (r"\bport [1-6]\d{4}\b", "port <port>"),
    (r"\*:[1-6]\d{4}\b", "*:<port>"),
];

impl Volatile {
    /// The patterns, compiled once.
    pub fn get() -> &'static Volatile {
        static PATTERNS: OnceLock<Volatile> = OnceLock::new();
        PATTERNS.get_or_init(|| Volatile::compile(VOLATILE))
    }

    /// A list of your own, for other kinds of text.
    pub fn compile(patterns: &[(&str, &'static str)]) -> Volatile {
        let compile = |pattern: &str| Regex::new(pattern).expect("a pattern of this file");
        Volatile(patterns.iter().map(|(pattern, with)| (compile(pattern), *with)).collect())
    }

    /// The text with every volatile value replaced by its name.
    pub fn replace(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (pattern, with) in &self.0 {
            if let std::borrow::Cow::Owned(new) = pattern.replace_all(&text, *with) {
                text = new;
            }
        }
        text
    }
}

/// A unified-style diff of two normalised texts (`-` native, `+` Wasm); `None` if they are equal.
pub fn diff(native: &str, wasm: &str) -> Option<String> {
    if native == wasm {
        return None;
    }
    let diff = TextDiff::from_lines(native, wasm);
    let mut shown = String::from("--- native\n+++ wasm\n");
    for change in diff.iter_all_changes() {
        shown.push(match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => ' ',
        });
        shown.push_str(change.value());
        if !change.value().ends_with('\n') {
            shown.push('\n');
        }
    }
    Some(shown)
}
