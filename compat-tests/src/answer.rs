//! What a server answered, byte for byte, and how that is written down for a person and for a diff;
//! it doesn't know which server answered.
use std::fmt::Write;

/// One header line as it was sent: name and value apart, case and order kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The name as sent; empty if the line has no colon.
    pub name: Vec<u8>,
    /// The value without the blanks around it, or the whole line if it has no colon.
    pub value: Vec<u8>,
}

impl Header {
    /// Splits a header line at its first colon.
    pub fn parse(line: &[u8]) -> Header {
        match line.iter().position(|&b| b == b':') {
            Some(colon) => Header { name: line[..colon].to_vec(), value: line[colon + 1..].trim_ascii().to_vec() },
            None => Header { name: Vec::new(), value: line.to_vec() },
        }
    }
}

/// A status line and its headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// As sent, without the line end; empty for an answer without a head (HTTP/0.9).
    pub status_line: Vec<u8>,
    /// In the order they were sent.
    pub headers: Vec<Header>,
}

impl Head {
    /// The status code, if the status line has one.
    pub fn code(&self) -> Option<u16> {
        let word = self.status_line.split(|&b| b == b' ').nth(1)?;
        std::str::from_utf8(word).ok()?.parse().ok()
    }

    /// All values of a header, by name without regard to case.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.headers
            .iter()
            .filter(move |header| header.name.eq_ignore_ascii_case(name.as_bytes()))
            .map(|header| header.value.as_slice())
    }

    /// Whether a comma-separated header holds `token`, without regard to case.
    pub fn has_token(&self, name: &str, token: &str) -> bool {
        self.values(name)
            .flat_map(|value| value.split(|&b| b == b','))
            .any(|word| word.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
    }

    /// The value of Content-Length in bytes.
    pub fn content_length(&self) -> Option<usize> {
        std::str::from_utf8(self.values("Content-Length").next()?).ok()?.parse().ok()
    }
}

/// How the end of a body was marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// No body: HEAD, 1xx, 204, 304.
    None,
    /// By Content-Length, in bytes.
    Length(usize),
    /// By chunks.
    Chunked,
    /// By closing the connection.
    Close,
}

/// One whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The 1xx answers that came first.
    pub informational: Vec<Head>,
    /// Status line and headers of the final answer.
    pub head: Head,
    /// How the body ended.
    pub framing: Framing,
    /// The body as it came over the wire, chunk sizes included.
    pub raw_body: Vec<u8>,
    /// The body without its transfer coding.
    pub body: Vec<u8>,
    /// The sizes of the chunks in bytes, the last (0) left out.
    pub chunks: Vec<usize>,
    /// Headers after the last chunk.
    pub trailers: Vec<Header>,
    /// The connection ended before the body did.
    pub truncated: bool,
}

impl Answer {
    /// An answer whose body is still to be read, or that has none.
    pub fn without_body(informational: Vec<Head>, head: Head) -> Answer {
        Answer {
            informational,
            head,
            framing: Framing::None,
            raw_body: Vec::new(),
            body: Vec::new(),
            chunks: Vec::new(),
            trailers: Vec::new(),
            truncated: false,
        }
    }

    /// The answer as text: one line per line, odd bytes as `\xNN`, what can't be compared between
    /// two servers replaced by [`stable`].
    pub fn render(&self) -> String {
        let mut text = String::new();
        for head in self.informational.iter().chain([&self.head]) {
            render_head(&mut text, head);
        }
        match self.framing {
            Framing::None => text.push_str("(no body)\n"),
            Framing::Length(_) | Framing::Close | Framing::Chunked if self.body.is_empty() => {
                let _ = writeln!(text, "(empty body{})", self.framing_words());
            }
            _ => {
                let _ = writeln!(text, "(body{})", self.framing_words());
                text.push_str(&stable(&printable(&self.body)));
                if !text.ends_with('\n') {
                    text.push('\n');
                }
            }
        }
        for trailer in &self.trailers {
            let _ = writeln!(text, "(trailer) {}", render_header(trailer));
        }
        if self.truncated {
            text.push_str("(truncated)\n");
        }
        text
    }

    fn framing_words(&self) -> &'static str {
        match self.framing {
            Framing::None | Framing::Length(_) => "",
            Framing::Chunked => ", chunked",
            Framing::Close => ", ended by close",
        }
    }
}

fn render_head(text: &mut String, head: &Head) {
    let _ = writeln!(text, "{}", printable_line(&head.status_line));
    for header in &head.headers {
        let _ = writeln!(text, "{}", render_header(header));
    }
}

fn render_header(header: &Header) -> String {
    let name = printable_line(&header.name);
    if name.eq_ignore_ascii_case("Date") {
        return format!("{name}: <date>");
    }
    let value = stable(&printable_line(&header.value));
    if name.eq_ignore_ascii_case("Allow") {
        return format!("{name}: {}", in_order(&value));
    }
    format!("{name}: {value}")
}

/// The methods of an Allow header, sorted: httpd lists them in the order of a hash that is seeded
/// anew in each process (http_protocol.c:make_allow).
fn in_order(methods: &str) -> String {
    let mut methods: Vec<&str> = methods.split(',').collect();
    methods.sort_unstable();
    methods.join(",")
}

/// From how many equal bytes on they are written as their number.
const LONG_RUN: usize = 200;

/// Bytes as text: line feeds and printable ASCII stay, all else becomes `\xNN`, and a long run of
/// one byte `(a × 8000)`.
pub fn printable(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for run in bytes.chunk_by(|a, b| a == b) {
        let Some(&b) = run.first() else { continue };
        let shown = match b {
            b'\n' | b' '..=b'~' => char::from(b).to_string(),
            _ => format!("\\x{b:02x}"),
        };
        if run.len() < LONG_RUN {
            text.extend(std::iter::repeat_n(shown, run.len()));
        } else {
            let _ = write!(text, "({shown} × {})", run.len());
        }
    }
    text
}

fn printable_line(bytes: &[u8]) -> String {
    printable(bytes).replace('\n', "\\x0a")
}

/// Replaces what differs between two runs of one server: the values that mod_headers' `%t`, `%D`,
/// `%l`, `%i` and `%b` print, the ports, and the scratch directory's name.
pub fn stable(text: &str) -> String {
    crate::difference::Volatile::get().replace(text)
}
