//! Expressions at which httpd's own scanner ends the process. Knows the states of util_expr_scan.l, which has no rule for a
//! quote in a function's argument, nor for a backslash at the end of a string: there flex says "scanner jammed" and exits.

/// Where the scanner is.
#[derive(Clone, Copy)]
enum State {
    Initial,
    /// In a string, up to its quote; to the end where the whole expression is one.
    Str(Option<u8>),
    /// In the name of a variable or function: `%{name`.
    Var,
    /// In a function's argument: `%{name:argument`.
    Vararg,
    Regex(u8),
}

/// Whether the scanner would jam. `is_string` stands for AP_EXPR_FLAG_STRING_RESULT.
pub(super) fn jams(text: &[u8], is_string: bool) -> bool {
    let mut state = if is_string { State::Str(None) } else { State::Initial };
    let (mut outer, mut rest) = (Vec::new(), text);
    while let [byte, after @ ..] = rest {
        let opens = *byte == b'%' && after.first() == Some(&b'{');
        rest = after;
        match (state, *byte) {
            (State::Initial | State::Str(_) | State::Vararg, b'%') if opens => {
                outer.push(state);
                state = State::Var;
                rest = without(after, 1);
            }
            (State::Initial, quote @ (b'"' | b'\'')) => state = State::Str(Some(quote)),
            (State::Initial, b'/') => state = State::Regex(b'/'),
            (State::Initial, b'm') if delimiter(after).is_some() => {
                state = delimiter(after).map_or(state, State::Regex);
                rest = without(after, 1);
            }
            (State::Initial, b'-') if after.first().is_some_and(|next| next.is_ascii_alphabetic() || *next == b'_') => {
                rest = without_name(after)
            }
            (State::Initial, b'a'..=b'z' | b'A'..=b'Z') => rest = without_name(after),
            (State::Str(_) | State::Vararg, b'\\') if after.is_empty() => return true,
            (State::Str(_) | State::Vararg, b'\\') => rest = without(after, 1),
            (State::Str(Some(quote)), byte) if byte == quote => state = State::Initial,
            (State::Vararg, b'"' | b'\'') => return true,
            (State::Var | State::Vararg, b'}') => state = outer.pop().unwrap_or(State::Initial),
            (State::Var, b':') => state = State::Vararg,
            (State::Regex(delimiter), byte) if byte == delimiter => {
                state = State::Initial;
                rest = after.strip_prefix(b"i").unwrap_or(after);
            }
            _ => {}
        }
    }
    false
}

fn without(text: &[u8], bytes: usize) -> &[u8] {
    text.get(bytes..).unwrap_or_default()
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn without_name(text: &[u8]) -> &[u8] {
    without(text, text.iter().take_while(|byte| is_name(**byte)).count())
}

/// What encloses a pattern behind an `m`, unless a longer name begins there.
fn delimiter(after: &[u8]) -> Option<u8> {
    let (delimiter, next) = after.split_first()?;
    let is_long = *delimiter == b'_' && next.first().is_some_and(|next| is_name(*next));
    (b"/#$%^,;:_?|-!.'\"".contains(delimiter) && !is_long).then_some(*delimiter)
}

#[cfg(test)]
mod tests {
    use super::jams;

    #[test]
    fn what_httpd_2_4_exits_at() {
        for text in ["%{tolower:a'b}", "a\\", "\\\\\\", "%{req:a\\", "x%{req:%{a:\"}}"] {
            assert!(jams(text.as_bytes(), true), "{text}");
        }
        for text in [
            "'a' == 'b\\",
            "%{HTTP_HOST} == 'a\\",
            "%{req:a\\",
            "%{req:it's} == 'a'",
            "m'x' 'b\\",
            "am'x\\",
            "5m'x' == 'b\\",
        ] {
            assert!(jams(text.as_bytes(), false), "{text}");
        }
    }

    #[test]
    fn what_it_takes_or_refuses() {
        for text in ["it's \"a\"", "a\\\\", "%{req:a\\'b}", "%{req:a$}", "%{req:%{a:b}}'"] {
            assert!(!jams(text.as_bytes(), true), "{text}");
        }
        for text in [
            "tolower('a'b') == 'c'",
            "%{HTTP_HOST} =~ /a\\",
            "true \\",
            "%{HTTP_HOST} =~ m'a'i && 'x' == \"y'z\"",
            "-f '/a' && m_x == 'b'",
        ] {
            assert!(!jams(text.as_bytes(), false), "{text}");
        }
    }
}
