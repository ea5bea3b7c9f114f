//! What needs no host: words, flags, escapes, schemes, numbers, expansions.

use crate::argline::parse_arg_line;
use crate::atoi::{atoi, atol};
use crate::escape::{BackrefEscape, escape_uri, unescape_url};
use crate::expansion::Expansion;
use crate::flagfield::parse_flag_field;
use crate::pattern::{Comparison, PatternType, find_operator};
use crate::prefix::{Prefix, Verdict};
use crate::scheme::{escape_absolute_uri, is_absolute_uri};
use crate::text::position;
use crate::txtmap::entry;
use crate::variable::Variable;
use fake_host::FakeHost;
use proptest::collection::vec;
use proptest::prelude::*;

fn words(line: &str) -> Option<(String, String, Option<String>)> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    parse_arg_line(line.as_bytes()).map(|words| (text(words.first), text(words.second), words.third.map(text)))
}

#[test]
fn words_of_a_line() {
    let three = |a: &str, b: &str, c: Option<&str>| Some((a.to_owned(), b.to_owned(), c.map(str::to_owned)));
    assert_eq!(words("a b"), three("a", "b", None));
    assert_eq!(words("  a   b  [L] rest"), three("a", "b", Some("[L]")));
    assert_eq!(words("a"), None);
    assert_eq!(words("'a b"), None);
    assert_eq!(words("\"a b\" 'c d' \"[L, R]\""), three("a b", "c d", Some("[L, R]")));
    assert_eq!(words(r"a\ b c\ d"), three(r"a\ b", r"c\ d", None));
    assert_eq!(words("\"a\"b c"), three("a", "b", Some("c")));
    assert_eq!(words("\"a\""), three("a", "", None));
    assert_eq!(words("a \"b"), three("a", "b", None));
}

fn flags(field: &str) -> Result<Vec<(String, String)>, String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut all = Vec::new();
    parse_flag_field(field.as_bytes(), |key, value| {
        all.push((text(key), text(value)));
        Ok(())
    })
    .map_err(|why| text(&why))?;
    Ok(all)
}

#[test]
fn flags_of_a_field() {
    let pairs = |list: &[(&str, &str)]| Ok(list.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect());
    assert_eq!(flags("[L]"), pairs(&[("L", "")]));
    assert_eq!(flags("[ L , R=301 ,E=a:b=c ]"), pairs(&[("L", ""), ("R", "301"), ("E", "a:b=c")]));
    assert_eq!(flags("[]"), pairs(&[("", "")]));
    assert_eq!(flags("[L,,R]"), pairs(&[("L", ""), ("", ""), ("R", "")]));
    assert_eq!(flags("[L, ,R=1]"), pairs(&[("L", ""), (",R", "1,"), ("R", "1")]));
    for bad in ["", "[", "]", "L", "[L", "L]"] {
        assert_eq!(flags(bad), Err("bad flag delimiters".into()), "{bad}");
    }
}

#[test]
fn numbers_as_in_c() {
    for (text, number) in
        [("", 0), ("12", 12), (" +7x", 7), ("-3", -3), ("x1", 0), ("99999999999999999999", -1), ("4294967297", 1)]
    {
        assert_eq!(atoi(text.as_bytes()), number, "{text}");
    }
    assert_eq!(atol(b"-99999999999999999999"), i64::MIN);
}

#[test]
fn schemes() {
    for (uri, length) in [
        ("http://a/b", Some(7)),
        ("HTTPS://a", Some(8)),
        ("ldap://a", Some(7)),
        ("mailto:a", Some(7)),
        ("unix:/a|b", Some(5)),
        ("unix://a", Some(7)),
        ("news:", None),
        ("news:a", Some(5)),
        ("ws://", None),
        ("ws://a", Some(5)),
        ("/http://", None),
        ("httpx://a", None),
        ("h2c://a", Some(6)),
        ("file:///a", None),
    ] {
        assert_eq!(is_absolute_uri(uri.as_bytes()).map(|scheme| scheme.length), length, "{uri}");
    }
}

#[test]
fn absolute_uris_are_escaped_behind_the_host() {
    for (uri, escaped) in [
        ("http://a b/c d?e", "http://a b/c%20d%3fe"),
        ("http://a b", "http://a b"),
        ("http://a b/", "http://a b/"),
        ("mailto:a b", "mailto:a%20b"),
        ("ldap://h/d n?a?b?c?e f?g", "ldap://h/d%20n?a?b?c?e%20f%3fg"),
    ] {
        let scheme = is_absolute_uri(uri.as_bytes()).expect(uri);
        assert_eq!(String::from_utf8_lossy(&escape_absolute_uri(uri.as_bytes(), scheme)), escaped);
    }
}

#[test]
fn escapes() {
    assert_eq!(escape_uri(b"/a b%\xe9?"), b"/a%20b%25%e9%3f");
    assert_eq!(unescape_url(b"%41%2f%zz%4"), b"A/%zz%4");
    assert_eq!(unescape_url(b"a%00b"), b"a");
    let escape = |escape: BackrefEscape, text: &[u8]| String::from_utf8_lossy(&escape.escape(text)).into_owned();
    let all = BackrefEscape::default;
    assert_eq!(escape(all(), b"a b&c_/"), "a+b%26c_%2f");
    assert_eq!(escape(BackrefEscape { no_plus: true, ..all() }, b"a b"), "a%20b");
    assert_eq!(escape(BackrefEscape { only: Some(b"&".to_vec()), ..all() }, b"a b&c"), "a b%26c");
    assert_eq!(escape(BackrefEscape { except: Some(b"/".to_vec()), ..all() }, b"a/b&"), "a/b%26");
    assert_eq!(escape(BackrefEscape { controls: true, ..all() }, b"a b\x01&"), "a+b%01&");
}

#[test]
fn operators_of_patterns() {
    use Comparison::*;
    let of = |pattern: &'static str| {
        let asked = find_operator(pattern.as_bytes());
        (asked.of, String::from_utf8_lossy(asked.operand).into_owned(), asked.inverted)
    };
    let text = |comparison, operand: &str| (PatternType::Text(comparison), operand.to_owned(), false);
    assert_eq!(of("="), (PatternType::Regex, "=".into(), false));
    assert_eq!(of("=\"\""), text(Equal, ""));
    assert_eq!(of("=\"\"x"), text(Equal, "\"\"x"));
    assert_eq!(of(">=a"), text(GreaterOrEqual, "a"));
    assert_eq!(of("<a"), text(Less, "a"));
    assert_eq!(of("-lt"), (PatternType::Regex, "-lt".into(), false));
    assert_eq!(of("-lt5"), (PatternType::Number(Less), "5".into(), false));
    assert_eq!(of("-ne5"), (PatternType::Number(Equal), "5".into(), true));
    assert_eq!(of("-fx"), (PatternType::Regex, "-fx".into(), false));
    assert_eq!(of("-U"), (PatternType::LookupUrl, "-U".into(), false));
}

#[test]
fn lines_of_a_text_map() {
    let of = |line: &'static [u8]| entry(line);
    assert_eq!(of(b"key value more\n"), Some((&b"key"[..], &b"value"[..])));
    assert_eq!(of(b"key \t value"), Some((&b"key"[..], &b"value"[..])));
    for none in [&b""[..], b"\n", b"# c d\n", b" key value\n", b"key\n", b"key", b"key \n", b"ke\0y value\n"] {
        assert_eq!(entry(none), None, "{none:?}");
    }
}

#[test]
fn what_patterns_require() {
    let text = |pattern: &str| {
        let prefix = Prefix::of(pattern.as_bytes());
        (0..4).take_while(|length| prefix.verdict(&b"abcd"[..*length]) == Verdict::No).count()
    };
    for (pattern, length) in [
        ("^abc", 3),
        ("^abc?", 2),
        ("^ab*c", 1),
        ("^ab+c", 2),
        ("^ab{0}", 1),
        ("^a|b", 0),
        ("^ab(c|d)", 2),
        ("abc", 0),
        ("^a[|]b", 0),
        ("(?x)^abc", 0),
        ("^ab(?#()|x", 0),
        ("^\\Qa|b", 0),
        ("^(?i)abc", 0),
        ("^abc\\|d", 4),
    ] {
        assert_eq!(text(pattern), length, "{pattern}");
    }
    assert_eq!(Prefix::of(b"^a\\.b$").verdict(b"a.b"), Verdict::Yes);
    assert_eq!(Prefix::of(b"^a\\.b$").verdict(b"A.B"), Verdict::Try);
    assert_eq!(Prefix::of(b"^a\\.b$").verdict(b"a.c"), Verdict::No);
}

#[test]
fn names_of_variables() {
    assert_eq!(Variable::parse(b"http_host"), Variable::Header(b"Host".to_vec()));
    assert_eq!(Variable::parse(b"HTTP:X-y"), Variable::Header(b"X-y".to_vec()));
    assert_eq!(Variable::parse(b"env:Path"), Variable::Env(b"Path".to_vec()));
    for unknown in ["", "IP", "ENV:", "HTTP:", "NO_SUCH_NAME", "XYZ:a", "LA-X:a"] {
        assert_eq!(Variable::parse(unknown.as_bytes()), Variable::Unknown, "{unknown}");
    }
}

proptest! {
    #[test]
    fn a_byte_is_found_where_it_stands_first(text in vec(0u8..4, 0..40), high in any::<bool>(), wanted in 0u8..4) {
        let byte = |byte: u8| if high { byte | 0xfc } else { byte };
        let text: Vec<u8> = text.into_iter().map(byte).collect();
        prop_assert_eq!(position(&text, byte(wanted)), text.iter().position(|other| *other == byte(wanted)));
    }

    #[test]
    fn nothing_panics(text in vec(any::<u8>(), 0..40)) {
        parse_arg_line(&text);
        let _ = parse_flag_field(&text, |_, _| Ok(()));
        Expansion::parse(&text);
        Variable::parse(&text);
        find_operator(&text);
        entry(&text);
        if let Some(scheme) = is_absolute_uri(&text) {
            escape_absolute_uri(&text, scheme);
        }
    }

    #[test]
    fn a_verdict_is_that_of_the_pattern(
        pieces in vec(prop::sample::select(vec![
            "^", "a", "b", "B", "/", ".", "\\.", "\\/", "*", "+", "?", "{2}", "(", ")", "|", "[ab]", "[", "]", "$", "\\Q", "\\E",
            "(?i)", "(?x)", "(?#", "#", "\\b", "-", " ", "\\", "(?:", "(?!",
        ]), 0..8),
        subject in "[abAB/. -]{0,6}",
        icase: bool,
    ) {
        let pattern = ["^", &pieces.concat()].concat();
        let _host = FakeHost::install();
        let flags = if icase { apache_module::REG_ICASE } else { 0 };
        if let Some(regex) = apache_module::Regex::compile(pattern.as_bytes(), flags) {
            let matched = regex.matches(subject.as_bytes());
            match Prefix::of(pattern.as_bytes()).verdict(subject.as_bytes()) {
                Verdict::No => prop_assert!(matched.is_none()),
                Verdict::Yes => prop_assert_eq!(matched.map(|m| m.whole()), Some((0, subject.len()))),
                Verdict::Try => {}
            }
        }
    }

    #[test]
    fn a_text_without_specials_is_itself(text in "[^\\\\$%]*") {
        let parsed = Expansion::parse(text.as_bytes());
        prop_assert_eq!(parsed.constant(), Some(text.as_bytes()));
    }

    #[test]
    fn what_is_escaped_is_unescaped_to_itself(text in vec(1..=u8::MAX, 0..40)) {
        prop_assert_eq!(unescape_url(&escape_uri(&text)), text);
    }
}
