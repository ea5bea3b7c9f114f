//! Group `text`: httpd's own escaping, digests, times, random numbers.

use super::{Code, Host, Reply, TextFunctions};
use crate::httpd::text::{Escape, time_exp, unescape_urlencoded};
use crate::httpd::{digest, server};

/// A text with its escapes takes at most so many times its length, itself included (ap_escape_html2's `&quot;`).
const LARGEST_FACTOR: usize = 7;

impl Host {
    fn escaped(&mut self, escape: Escape, text: &[u8]) -> Reply<&[u8]> {
        let mut answer = std::mem::take(&mut self.answer);
        answer.clear();
        // Longer texts have a pool of their own, that the request's doesn't fill.
        let done =
            escape.apply(self.lent.request_for_little(text.len().saturating_mul(LARGEST_FACTOR)), text, &mut answer);
        self.answer = answer;
        if done { Ok(&self.answer) } else { Err(Code::BAD_VALUE) }
    }

    fn answer(&mut self, answer: Option<Vec<u8>>) -> Reply<&[u8]> {
        self.answer = answer.ok_or(Code::BAD_VALUE)?;
        Ok(&self.answer)
    }

    fn taken_apart(&mut self, time: i64, local: bool) -> Reply<&[u8]> {
        self.answer = time_exp(time, local).iter().flat_map(|part| part.to_le_bytes()).collect();
        Ok(&self.answer)
    }
}

impl TextFunctions for Host {
    fn ap_os_escape_path(&mut self, path: &[u8], partial: u32) -> Reply<&[u8]> {
        self.escaped(Escape::OsPath(partial != 0), path)
    }

    fn ap_escape_path_segment(&mut self, segment: &[u8]) -> Reply<&[u8]> {
        self.escaped(Escape::PathSegment, segment)
    }

    fn ap_escape_urlencoded(&mut self, text: &[u8]) -> Reply<&[u8]> {
        self.escaped(Escape::Urlencoded, text)
    }

    fn ap_escape_html2(&mut self, text: &[u8], toasc: u32) -> Reply<&[u8]> {
        self.escaped(Escape::Html(toasc != 0), text)
    }

    fn ap_unescape_url(&mut self, url: &[u8]) -> Reply<&[u8]> {
        self.escaped(Escape::UnescapeUrl, url)
    }

    fn ap_unescape_urlencoded(&mut self, text: &[u8]) -> Reply<&[u8]> {
        match unescape_urlencoded(text) {
            Ok(plain) => self.answer(Some(plain)),
            Err(0) => Err(Code::BAD_VALUE),
            Err(status) => self.fail_with(status, b"an escape is bad, or one of a NUL"),
        }
    }

    fn ap_escape_logitem(&mut self, text: &[u8]) -> Reply<&[u8]> {
        self.escaped(Escape::Logitem, text)
    }

    fn ap_strcmp_match(&mut self, text: &[u8], pattern: &[u8], icase: u32) -> Reply<i64> {
        Ok(matches(text, pattern, icase != 0).into())
    }

    fn apr_base64_encode(&mut self, data: &[u8]) -> Reply<&[u8]> {
        self.answer(digest::base64_encode(data))
    }

    fn apr_base64_decode(&mut self, text: &[u8]) -> Reply<&[u8]> {
        self.answer(digest::base64_decode(text))
    }

    fn ap_md5_binary(&mut self, data: &[u8]) -> Reply<&[u8]> {
        self.answer(Some(digest::md5(data)))
    }

    fn apr_sha1(&mut self, data: &[u8]) -> Reply<&[u8]> {
        self.answer(Some(digest::sha1(data)))
    }

    fn apr_date_parse_rfc(&mut self, text: &[u8]) -> Reply<i64> {
        digest::date_parse_rfc(text).ok_or(Code::NONE)
    }

    fn apr_rfc822_date(&mut self, time: i64) -> Reply<&[u8]> {
        self.answer(digest::rfc822_date(time))
    }

    fn apr_time_exp_lt(&mut self, time: i64) -> Reply<&[u8]> {
        self.taken_apart(time, true)
    }

    fn apr_time_exp_gmt(&mut self, time: i64) -> Reply<&[u8]> {
        self.taken_apart(time, false)
    }

    fn ap_random_pick(&mut self, min: u32, max: u32) -> Reply<i64> {
        if min > max {
            return Err(Code::BAD_VALUE);
        }
        Ok(server::random_pick(min, max).into())
    }
}

/// Whether a text matches a pattern of ? and * (util.c:ap_strcmp_match). httpd's own function takes for ever where a
/// pattern has many stars; this one goes back to the last star only, which is enough.
fn matches(text: &[u8], pattern: &[u8], icase: bool) -> bool {
    let same = |a: u8, b: u8| if icase { a.eq_ignore_ascii_case(&b) } else { a == b };
    let (mut at, mut next) = (0, 0);
    // After the last star: where the pattern goes on, and the text that it has not taken yet.
    let mut star = None;
    loop {
        match (text.get(at), pattern.get(next)) {
            (_, Some(b'*')) => {
                next += 1;
                star = Some((next, at));
            }
            (Some(byte), Some(wanted)) if *wanted == b'?' || same(*byte, *wanted) => {
                at += 1;
                next += 1;
            }
            (None, None) => return true,
            (None, _) => return false,
            _ => match star {
                Some((after, taken)) => {
                    star = Some((after, taken + 1));
                    (at, next) = (taken + 1, after);
                }
                None => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_with_stars() {
        for (text, pattern, expected) in [
            ("", "", true),
            ("", "*", true),
            ("", "?", false),
            ("abc", "a*c", true),
            ("abc", "a?c", true),
            ("abc", "*b*", true),
            ("abc", "*b", false),
            ("abab", "*ab", true),
            ("aab", "*ab", true),
            ("abc", "abcd", false),
            ("abcd", "abc", false),
            ("a*c", "a**c", true),
            ("abc", "ABC", false),
        ] {
            assert_eq!(matches(text.as_bytes(), pattern.as_bytes(), false), expected, "{text} {pattern}");
        }
        assert!(matches(b"abC", b"AB*", true));
        let long = [b'a'; 5_000];
        assert!(!matches(&long, &[b"a*".repeat(200), b"b".to_vec()].concat(), false));
    }
}
