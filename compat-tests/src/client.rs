//! Raw HTTP/1.x over a socket: knows how an answer is framed, and keeps what ordinary clients lose
//! (header order, header case, odd bytes); it doesn't know what an answer should say.
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::answer::{Answer, Framing, Head, Header};
use crate::memcheck::patience;

/// How long one read or write may take before the exchange counts as failed.
const PATIENCE: Duration = Duration::from_secs(15);

/// The same as it is here and now: longer under valgrind.
pub fn usual_patience() -> Duration {
    patience(PATIENCE)
}

/// One connection to a server, on which several requests may be sent.
pub struct Connection {
    stream: TcpStream,
    /// Bytes received and not yet consumed.
    pending: Vec<u8>,
}

impl Connection {
    /// Connects to `address`; reads and writes give up after [`usual_patience`].
    pub fn open(address: SocketAddr) -> Result<Connection> {
        Connection::open_with(address, usual_patience())
    }

    /// Connects to `address` with a time limit of your own for each read and write.
    pub fn open_with(address: SocketAddr, patience: Duration) -> Result<Connection> {
        let stream = TcpStream::connect_timeout(&address, patience).with_context(|| format!("connect to {address}"))?;
        stream.set_read_timeout(Some(patience))?;
        stream.set_write_timeout(Some(patience))?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, pending: Vec::new() })
    }

    /// Sends exactly these bytes.
    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.write_all(bytes).context("send the request")
    }

    /// Reads one answer, with the 1xx answers before it.
    ///
    /// `head` says that the request was a HEAD, whose answer has no body whatever its headers say.
    pub fn receive(&mut self, head: bool) -> Result<Answer> {
        let mut informational = Vec::new();
        let mut last = self.read_head()?;
        while last.code().is_some_and(|code| (100..200).contains(&code) && code != 101) {
            informational.push(last);
            last = self.read_head()?;
        }
        let mut answer = Answer::without_body(informational, last);
        let bodyless = head || matches!(answer.head.code(), Some(101 | 204 | 304));
        if bodyless {
            return Ok(answer);
        }
        if answer.head.has_token("Transfer-Encoding", "chunked") {
            answer.framing = Framing::Chunked;
            self.read_chunked(&mut answer)?;
        } else if let Some(length) = answer.head.content_length() {
            answer.framing = Framing::Length(length);
            while self.pending.len() < length && self.fill()? {}
            answer.truncated = self.pending.len() < length;
            let end = length.min(self.pending.len());
            answer.raw_body = self.pending.drain(..end).collect();
            answer.body = answer.raw_body.clone();
        } else {
            answer.framing = Framing::Close;
            while self.fill()? {}
            answer.raw_body = std::mem::take(&mut self.pending);
            answer.body = answer.raw_body.clone();
        }
        Ok(answer)
    }

    /// Whether the server closes the connection (within `patience`) instead of waiting for more.
    pub fn closed_by_server(&mut self, patience: Duration) -> Result<bool> {
        self.stream.set_read_timeout(Some(patience))?;
        let mut byte = [0];
        let closed = self.pending.is_empty() && matches!(self.stream.peek(&mut byte), Ok(0));
        self.stream.set_read_timeout(Some(usual_patience()))?;
        Ok(closed)
    }

    /// Reads more bytes; false at the end of the stream.
    fn fill(&mut self) -> Result<bool> {
        let mut chunk = [0; 16 * 1024];
        let got = match self.stream.read(&mut chunk) {
            Ok(got) => got,
            Err(e) if e.kind() == std::io::ErrorKind::ConnectionReset => 0,
            Err(e) => return Err(e).context("read the answer"),
        };
        self.pending.extend_from_slice(&chunk[..got]);
        Ok(got > 0)
    }

    /// Takes one line, without its CRLF or LF.
    fn read_line(&mut self) -> Result<Option<Vec<u8>>> {
        loop {
            if let Some(end) = self.pending.iter().position(|&b| b == b'\n') {
                let mut line: Vec<u8> = self.pending.drain(..=end).collect();
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(Some(line));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    fn read_head(&mut self) -> Result<Head> {
        let Some(status_line) = self.read_line()? else {
            bail!("the connection was closed without an answer");
        };
        if !status_line.starts_with(b"HTTP/") {
            // HTTP/0.9, or bytes that are no HTTP at all: everything is body.
            let mut body = status_line;
            body.push(b'\n');
            self.pending.splice(0..0, body);
            return Ok(Head { status_line: Vec::new(), headers: Vec::new() });
        }
        let headers = self.read_headers()?;
        Ok(Head { status_line, headers })
    }

    fn read_headers(&mut self) -> Result<Vec<Header>> {
        let mut headers = Vec::new();
        loop {
            let Some(line) = self.read_line()? else {
                bail!("the connection was closed within the headers");
            };
            if line.is_empty() {
                return Ok(headers);
            }
            headers.push(Header::parse(&line));
        }
    }

    fn read_chunked(&mut self, answer: &mut Answer) -> Result<()> {
        loop {
            let Some(size_line) = self.read_line()? else {
                answer.truncated = true;
                return Ok(());
            };
            answer.raw_body.extend_from_slice(&size_line);
            answer.raw_body.extend_from_slice(b"\r\n");
            let digits = size_line.split(|&b| b == b';').next().unwrap_or_default();
            let size = std::str::from_utf8(digits).ok().and_then(|hex| usize::from_str_radix(hex.trim(), 16).ok());
            let Some(size) = size else {
                bail!("no chunk size: {}", String::from_utf8_lossy(&size_line));
            };
            if size == 0 {
                answer.trailers = self.read_headers()?;
                return Ok(());
            }
            while self.pending.len() < size + 2 {
                if !self.fill()? {
                    answer.truncated = true;
                    answer.body.append(&mut self.pending);
                    return Ok(());
                }
            }
            answer.chunks.push(size);
            answer.body.extend_from_slice(&self.pending[..size]);
            answer.raw_body.extend(self.pending.drain(..size + 2));
        }
    }
}
