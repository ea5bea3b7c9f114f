//! What the Rust SDK computes by itself, against what httpd's functions of the same names do.

use apache_module::directive::getword_conf;
use apache_module::matching::Regex;
use fake_host::FakeHost;
use proptest::collection::vec;
use proptest::prelude::*;

fn words(line: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = line;
    let mut words = Vec::new();
    while !rest.is_empty() {
        words.push(getword_conf(&mut rest));
    }
    words
}

#[test]
fn words_of_a_configuration_line() {
    for (line, expected) in [
        ("", &[][..]),
        ("   ", &[""]),
        ("a  b\t c ", &["a", "b", "c"]),
        (r#""a b"'c d'e"#, &["a b", "c d", "e"]),
        (r#"a"b c"d"#, &[r#"a"b"#, r#"c"d"#]),
        (r#""a\"b\'c\\d\e""#, &[r#"a"b\'c\d\e"#]),
        (r"'a\'b\q'", &[r"a'b\q"]),
        (r"a\\b\c\ d", &[r"a\b\c\", "d"]),
        (r#""open \"#, &[r"open \"]),
        (r#""""#, &[""]),
        ("\"", &[""]),
        ("\x0ba\x0cb", &["a", "b"]),
    ] {
        let expected: Vec<_> = expected.iter().map(|word| word.as_bytes().to_vec()).collect();
        assert_eq!(words(line.as_bytes()), expected, "{line}");
    }
}

fn pregsub(pattern: &str, subject: &str, input: &str) -> Option<String> {
    FakeHost::install();
    let regex = Regex::compile(pattern.as_bytes(), 0).expect("compiles");
    let replaced = regex.matches(subject.as_bytes()).expect("matches").pregsub(input.as_bytes(), subject.as_bytes());
    replaced.map(|bytes| String::from_utf8(bytes).expect("text"))
}

#[test]
fn back_references() {
    for (input, expected) in
        [("$0", "bcd"), ("<$1$2$3>", "<bd>"), ("$9$10", "b0"), ("$", "$"), ("$x&", "$x&"), (r"\$1\\\x\", r"$1\x\")]
    {
        assert_eq!(pregsub("(b)c(d)(e)?", "abcd", input).as_deref(), Some(expected), "{input}");
    }
}

#[test]
fn back_references_have_a_limit() {
    let input = "$0".repeat(8);
    assert_eq!(pregsub(".*", &"x".repeat(8191), &input).map(|text| text.len()), Some(65_528));
    assert_eq!(pregsub(".*", &"x".repeat(8192), &input), None);
}

proptest! {
    /// A word that is quoted with its quotes and backslashes escaped is that word.
    #[test]
    fn a_quoted_word_is_read_back(word in vec(1..=u8::MAX, 0..20), rest in "[a-z]{0,5}") {
        let mut line = vec![b'"'];
        for byte in &word {
            if matches!(byte, b'"' | b'\\') {
                line.push(b'\\');
            }
            line.push(*byte);
        }
        line.extend(b"\" ");
        line.extend(rest.as_bytes());
        let mut left = &line[..];
        prop_assert_eq!(getword_conf(&mut left), word);
        prop_assert_eq!(left, rest.as_bytes());
    }

    #[test]
    fn any_line_ends(line in vec(any::<u8>(), 0..60)) {
        prop_assert!(words(&line).len() <= line.len());
    }
}
