//! Escaping and unescaping of URLs and of back-references; pure functions on bytes.

use std::borrow::Cow;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Appends `%xx`.
fn push_escaped(out: &mut Vec<u8>, byte: u8) {
    let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or(b'0');
    out.extend([b'%', digit(byte >> 4), digit(byte & 0xf)]);
}

/// What a URL path may hold as it is (T_OS_ESCAPE_PATH, the others).
fn is_plain_in_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"$-_.+!*'(),:;@&=/~".contains(&byte)
}

/// ap_escape_uri, that is ap_os_escape_path of a part.
pub fn escape_uri(path: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len() + 16);
    for byte in path {
        if is_plain_in_path(*byte) { out.push(*byte) } else { push_escaped(&mut out, *byte) }
    }
    out
}

/// ap_unescape_url, whatever it thinks of the result. A `%00` ends the text, as in C.
pub fn unescape_url(url: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(url.len());
    let mut rest = url;
    while let [byte, after @ ..] = rest {
        rest = after;
        let digits = after.split_at_checked(2).and_then(|(digits, after)| {
            let [high, low] = <[u8; 2]>::try_from(digits).ok()?.map(|digit| (digit as char).to_digit(16));
            Some((high? * 16 + low?, after))
        });
        match digits {
            Some((0, _)) if *byte == b'%' => break,
            Some((decoded, after)) if *byte == b'%' => {
                out.push(decoded as u8);
                rest = after;
            }
            _ => out.push(*byte),
        }
    }
    out
}

/// How a back-reference is escaped: the flags B, BNE, BNP and BCTLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackrefEscape {
    /// Only these bytes (`B=`).
    pub only: Option<Vec<u8>>,
    /// Never these (`BNE=`).
    pub except: Option<Vec<u8>>,
    /// A blank becomes `%20` and not `+` (`BNP`).
    pub no_plus: bool,
    /// Control characters and blanks (`BCTLS`).
    pub controls: bool,
}

impl BackrefEscape {
    /// The text of a back-reference as it is inserted (mod_rewrite.c:escape_backref).
    pub fn escape<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        if text.iter().all(|byte| !self.covers(*byte) || is_word(*byte)) {
            return Cow::Borrowed(text);
        }
        let mut out = Vec::with_capacity(text.len() + 16);
        for byte in text {
            match *byte {
                byte if !self.covers(byte) || is_word(byte) => out.push(byte),
                b' ' if !self.no_plus => out.push(b'+'),
                byte => push_escaped(&mut out, byte),
            }
        }
        Cow::Owned(out)
    }

    fn covers(&self, byte: u8) -> bool {
        let of_kind = if self.controls { !is_visible(byte) } else { self.only.is_none() };
        let listed = |list: &Option<Vec<u8>>| list.as_ref().is_some_and(|list| list.contains(&byte));
        (of_kind || listed(&self.only)) && !listed(&self.except)
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Neither a control character nor a blank (T_VCHAR_OBSTEXT).
pub fn is_visible(byte: u8) -> bool {
    !byte.is_ascii_control() && byte != b' '
}
