//! Absolute URIs: which schemes are known, and how such a URI is escaped for a redirect; pure functions on bytes.

use crate::escape::escape_uri;

/// A known scheme, with what separates it from the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Bytes up to the authority or the rest.
    pub length: usize,
    /// Whether a query string makes sense behind it.
    pub has_query: bool,
}

/// The schemes, in lower case, and whether they take a query string.
static SCHEMES: [(&[u8], bool); 17] = [
    (b"http://", true),
    (b"https://", true),
    (b"ajp://", true),
    (b"balancer://", true),
    (b"ftp://", false),
    (b"fcgi://", true),
    (b"gopher://", false),
    (b"h2://", true),
    (b"h2c://", true),
    (b"ldap://", false),
    (b"mailto:", true),
    (b"news:", false),
    (b"nntp://", false),
    (b"scgi://", true),
    (b"ws://", true),
    (b"wss://", true),
    (b"unix:", true),
];

/// The scheme of a URI; `None` where it is relative, of another scheme, or of five bytes or fewer
/// (mod_rewrite.c:is_absolute_uri).
pub fn is_absolute_uri(uri: &[u8]) -> Option<Scheme> {
    if uri.first() == Some(&b'/') || uri.len() <= 5 {
        return None;
    }
    let starts = |name: &[u8]| uri.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let (name, has_query) = SCHEMES.iter().copied().find(|(name, _)| starts(name))?;
    let length = if name == b"unix:" && uri.get(5..7) == Some(b"//") { 7 } else { name.len() };
    Some(Scheme { length, has_query })
}

/// A URI with what follows its host, or its scheme where it has none, escaped (mod_rewrite.c:escape_absolute_uri).
pub fn escape_absolute_uri(uri: &[u8], scheme: Scheme) -> Vec<u8> {
    let Some((start, mut rest)) = uri.split_at_checked(scheme.length) else { return uri.to_vec() };
    if start.last() == Some(&b'/') {
        // Behind the host, and the slash after it.
        rest = match rest.iter().position(|byte| *byte == b'/') {
            Some(slash) if slash + 1 < rest.len() => rest.get(slash + 1..).unwrap_or_default(),
            _ => return uri.to_vec(),
        };
    }
    let mut out = uri.get(..uri.len() - rest.len()).unwrap_or_default().to_vec();
    // Of an ldap URI the parts are escaped one by one (RFC 2255); after the fourth question mark all is one part.
    let parts = if out.last() == Some(&b'/') && starts_with_ldap(uri) { 5 } else { 1 };
    for (number, part) in rest.splitn(parts, |byte| *byte == b'?').enumerate() {
        if number > 0 {
            out.push(b'?');
        }
        out.extend(escape_uri(part));
    }
    out
}

fn starts_with_ldap(uri: &[u8]) -> bool {
    uri.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"ldap"))
}
