//! A request as a person writes it into a case, and the bytes that it stands for; it sends nothing.
use anyhow::{Result, bail};

/// The bytes of one request and what is needed to read its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Exactly what is sent.
    pub bytes: Vec<u8>,
    /// The request is a HEAD: its answer has no body.
    pub head: bool,
    /// To be sent on the connection of the request before it.
    pub same_connection: bool,
}

impl Request {
    /// A request from its lines: the request line, headers, and after an empty line the body.
    ///
    /// A request line without a protocol gets `HTTP/1.1`, and then `Host: localhost` and (with a
    /// body) `Content-Length` unless they are given or the body is chunked. Body lines are joined
    /// by CRLF. `\xNN` stands for a byte.
    pub fn from_lines(lines: &[&[u8]], same_connection: bool) -> Result<Request> {
        let lines: Vec<Vec<u8>> = lines.iter().map(|line| unescape(line)).collect();
        let Some((first, rest)) = lines.split_first() else {
            bail!("a request without a request line");
        };
        let end = rest.iter().position(Vec::is_empty).unwrap_or(rest.len());
        let (headers, body) = rest.split_at(end);
        let body = body.get(1..).unwrap_or_default().join(&b"\r\n"[..]);
        let short = !first.windows(6).any(|window| window == b" HTTP/");
        let mut bytes = first.clone();
        if short {
            bytes.extend_from_slice(b" HTTP/1.1");
        }
        bytes.extend_from_slice(b"\r\n");
        let given = |name: &[u8]| {
            headers.iter().any(|line| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
        };
        if short && !given(b"Host:") {
            bytes.extend_from_slice(b"Host: localhost\r\n");
        }
        for header in headers {
            bytes.extend_from_slice(header);
            bytes.extend_from_slice(b"\r\n");
        }
        if short && !body.is_empty() && !given(b"Content-Length:") && !given(b"Transfer-Encoding:") {
            bytes.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&body);
        Ok(Request { bytes, head: first.starts_with(b"HEAD "), same_connection })
    }

    /// A plain GET of `path` from `host`.
    pub fn get(host: &str, path: &str) -> Request {
        Request {
            bytes: format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes(),
            head: false,
            same_connection: false,
        }
    }
}

/// Replaces `\xNN` by its byte; everything else stays as it is.
fn unescape(line: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some((&first, tail)) = rest.split_first() {
        let byte = rest
            .strip_prefix(b"\\x")
            .and_then(|hex| std::str::from_utf8(hex.get(..2)?).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match byte {
            Some(byte) => {
                bytes.push(byte);
                rest = &rest[4..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_form_is_completed() {
        let request = Request::from_lines(&[b"POST /a", b"X: \\x80", b"", b"a=1"], false).unwrap();
        let wanted: &[u8] = b"POST /a HTTP/1.1\r\nHost: localhost\r\nX: \x80\r\nContent-Length: 3\r\n\r\na=1";
        assert_eq!(request.bytes, wanted);
    }

    #[test]
    fn the_long_form_is_sent_as_it_stands() {
        let request = Request::from_lines(&[b"HEAD / HTTP/1.0"], false).unwrap();
        assert_eq!(request.bytes, b"HEAD / HTTP/1.0\r\n\r\n");
        assert!(request.head);
    }
}
