//! Whether what came back on a connection is exactly one well-formed HTTP/1.1 answer; knows the bytes, not who sent them.

/// What was asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// A HEAD request, whose answer has no body.
    pub head: bool,
    /// A request with a body. Who takes its framing out of `headers_in` before httpd has read the body has the body read
    /// as another request (http_filters.c:ap_http_filter looks at the table when it is first called), in native modules too.
    pub body: bool,
}

/// What is wrong with the bytes of a connection, if anything; `Ok(false)` for an answer that breaks off.
pub fn one_answer(mut bytes: &[u8], asked: Asked) -> Result<bool, String> {
    loop {
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            return if bytes.is_empty() || bytes.starts_with(b"HTTP/1.1 ") {
                Ok(false)
            } else {
                Err("no head".to_string())
            };
        };
        let (lines, rest) = (&bytes[..end], &bytes[end + 4..]);
        let (code, framing) = parse_head(lines)?;
        bytes = rest;
        if (100..200).contains(&code) {
            if bytes.is_empty() {
                return Ok(true);
            }
            continue;
        }
        let bodyless = asked.head || matches!(code, 204 | 304);
        return match framing {
            _ if bodyless && asked.body && bytes.starts_with(REFUSED) => one_answer(bytes, Asked::default()),
            _ if bodyless && !bytes.is_empty() => Err(format!("{} bytes after an answer without a body", bytes.len())),
            _ if bodyless => Ok(true),
            Framing::Length(length)
                if asked.body && bytes.get(length..).is_some_and(|more| more.starts_with(REFUSED)) =>
            {
                one_answer(&bytes[length..], Asked::default())
            }
            Framing::Length(length) if bytes.len() > length => Err(format!("{} bytes too many", bytes.len() - length)),
            Framing::Length(length) => Ok(bytes.len() == length),
            Framing::Chunked => chunks(bytes, asked),
            Framing::Close => Ok(true),
        };
    }
}

/// How an answer to a body that was read as a request begins.
const REFUSED: &[u8] = b"HTTP/1.1 400 Bad Request\r\n";

enum Framing {
    Length(usize),
    Chunked,
    Close,
}

fn parse_head(lines: &[u8]) -> Result<(u16, Framing), String> {
    let mut lines = lines.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let shown = |line: &[u8]| line.escape_ascii().to_string();
    let status_line = lines.next().unwrap_or_default();
    let code =
        status_line.strip_prefix(b"HTTP/1.1 ").and_then(|rest| std::str::from_utf8(rest.get(..3)?).ok()?.parse().ok());
    let code = code.ok_or_else(|| format!("status line {}", shown(status_line)))?;
    let bad = |byte: &u8| matches!(byte, 0..=8 | 10..=31 | 127);
    if status_line.iter().any(bad) {
        return Err(format!("status line {}", shown(status_line)));
    }
    let mut framing = Framing::Close;
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':').ok_or_else(|| format!("no header: {}", shown(line)))?;
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        let token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
        if name.is_empty() || !name.iter().all(token) || value.iter().any(bad) {
            return Err(format!("header {}", shown(line)));
        }
        if name.eq_ignore_ascii_case(b"X-Split") {
            return Err("a header was put in by a line feed".to_string());
        }
        if name.eq_ignore_ascii_case(b"Transfer-Encoding") {
            framing = Framing::Chunked;
        } else if name.eq_ignore_ascii_case(b"Content-Length") {
            let length = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
            framing = Framing::Length(length.ok_or_else(|| format!("header {}", shown(line)))?);
        }
    }
    Ok((code, framing))
}

fn chunks(mut bytes: &[u8], asked: Asked) -> Result<bool, String> {
    loop {
        let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") else { return Ok(false) };
        let size = std::str::from_utf8(&bytes[..end]).ok().and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
        let size = size.ok_or_else(|| format!("chunk size {}", bytes[..end].escape_ascii()))?;
        bytes = &bytes[end + 2..];
        if size == 0 {
            return match bytes {
                b"\r\n" => Ok(true),
                b"" | b"\r" => Ok(false),
                [b'\r', b'\n', more @ ..] if asked.body && more.starts_with(REFUSED) => {
                    one_answer(more, Asked::default())
                }
                _ => Err(format!("{} bytes after the last chunk", bytes.len())),
            };
        }
        match bytes.get(size..size + 2) {
            Some(b"\r\n") => bytes = &bytes[size + 2..],
            Some(_) => return Err("a chunk without its end".to_string()),
            None => return Ok(false),
        }
    }
}

#[test]
fn what_is_no_single_answer_is_found() {
    let ok = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab";
    assert_eq!(one_answer(ok, Asked::default()), Ok(true));
    assert_eq!(one_answer(&ok[..ok.len() - 1], Asked::default()), Ok(false));
    assert_eq!(
        one_answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", Asked::default()),
        Ok(true)
    );
    assert_eq!(
        one_answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", Asked::default()),
        Ok(false)
    );
    let refused = b"HTTP/1.1 304 Not Modified\r\n\r\nHTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(one_answer(refused, Asked { body: true, ..Asked::default() }), Ok(true));
    assert!(one_answer(refused, Asked::default()).is_err());
    for wrong in [
        &b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab"[..],
        b"HTTP/1.1 200 OK\r\nX-Split: yes\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\nab",
        b"HTTP/1.1 200 a\rb\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        b"nonsense\r\n\r\n",
    ] {
        assert!(one_answer(wrong, Asked::default()).is_err(), "{}", wrong.escape_ascii());
    }
}
