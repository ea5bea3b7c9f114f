//! What holds for any bytes: no parser panics, and `merge` knows what it has merged.

use super::Section;
use crate::token::has_token;
use crate::value::Value;
use apache_module::ffi::table::HEADERS_OUT;
use proptest::collection::vec;
use proptest::prelude::*;

/// Lines that come near to being directives.
fn nearly_a_directive() -> impl Strategy<Value = Vec<u8>> {
    let words = prop_oneof![
        prop::sample::select(vec![
            "always",
            "onsuccess",
            "set",
            "add",
            "append",
            "merge",
            "unset",
            "echo",
            "edit",
            "edit*",
            "note",
            "setifempty",
            "early",
            "env=V",
            "env=!V",
            "expr=true",
            "X-A",
            "X:",
            "%t",
            "%{",
            "%{V}e",
            "%",
            "'a b'",
            "\"a",
            "(",
            "(.)",
            "$1",
            "x*",
            "\\",
            "\\\\",
            "",
            "^",
        ])
        .prop_map(|word| word.as_bytes().to_vec()),
        vec(1..=u8::MAX, 0..6),
    ];
    vec(words, 0..7).prop_map(|words| words.join(&b' '))
}

proptest! {
    #[test]
    fn no_directive_panics(args in nearly_a_directive(), of_request: bool, value in vec(1..=u8::MAX, 0..20)) {
        let mut section = Section::of(&[]);
        let name: &[u8] = if of_request { b"RequestHeader " } else { b"Header " };
        if section.add(&[name, &args].concat()).is_ok() {
            section.host.state_mut().tables.entry(HEADERS_OUT).or_default().add(b"X-A", &value);
            section.answer();
            section.request_headers();
            prop_assert!(section.config.early(&section.request()).is_ok());
        }
    }

    #[test]
    fn no_value_panics(text in vec(1..=u8::MAX, 0..40)) {
        Section::of(&[]);
        let _ = Value::parse(&text);
    }

    #[test]
    fn text_without_specials_is_itself(text in "[^%\\\\]*") {
        prop_assume!(!text.starts_with("expr="));
        let value = Value::parse(text.as_bytes()).expect("valid");
        prop_assert_eq!(value.constant(), Some(text.as_bytes()));
    }

    #[test]
    fn any_bytes_have_an_answer(list in vec(any::<u8>(), 0..40), token in vec(any::<u8>(), 0..10)) {
        has_token(&list, &token);
    }

    /// A word without quotes and commas is found after it was merged, wherever it stands.
    #[test]
    fn what_was_merged_is_found(words in vec("[a-z=;]{1,5}", 1..6), quoted in "[a-z,]{0,5}") {
        let list = words.join(", ");
        for word in &words {
            prop_assert!(has_token(list.as_bytes(), word.as_bytes()));
            let behind_quotes = format!("\"{quoted}\", {word}");
            prop_assert!(has_token(behind_quotes.as_bytes(), word.as_bytes()));
            let all_quoted = format!("\"{list}\"");
            prop_assert!(!has_token(all_quoted.as_bytes(), word.as_bytes()));
        }
    }

    /// A second merge of the same value changes nothing.
    #[test]
    fn merging_twice_is_merging_once(present in "[a-z, ]{0,12}", value in "[a-z]{1,4}") {
        let line = format!("Header merge X {value}");
        let once = Section::of(&[&line]).with(HEADERS_OUT, &[("X", &present)]);
        let twice = once.answer();
        prop_assert_eq!(once.answer(), twice);
    }
}

#[test]
fn words_of_a_list() {
    for (list, token, expected) in [
        ("a,b", "b", true),
        ("a,\t b", "b", true),
        ("a ,b", "a", false),
        ("a ,b", "a ", true),
        ("a b", "a", false),
        ("A", "a", false),
        ("\"a\"", "a", false),
        ("\"a\"", "\"a\"", true),
        ("\"a,b\",c", "c", true),
        ("\"a,b\",c", "b\"", false),
        ("\"a,b", "\"a,b", true),
        ("a;q=\"x,y\"", "a;q=\"x,y\"", true),
        ("", "", false),
        (",a", "", true),
        ("a,", "", false),
        ("a, ", "", true),
    ] {
        assert_eq!(has_token(list.as_bytes(), token.as_bytes()), expected, "{token:?} in {list:?}");
    }
}
