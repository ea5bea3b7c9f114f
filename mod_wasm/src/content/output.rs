//! Where a program's standard output goes: to the client as it comes, in CGI mode after its head has been read. And its
//! standard error: to the error log, line by line.

use super::program::Program;
use crate::host::number::{field, table};
use crate::httpd::Request;
use crate::httpd::log::{Mark, rerror};
use crate::httpd::own::module_index;
use crate::wasi::first_line;

const OK: i32 = 0;
const NOT_MODIFIED: i32 = 304;
const MOVED_TEMPORARILY: i32 = 302;
const ERR: u32 = 3;

/// Most bytes of a head that are gathered before it is taken as it is.
const LONGEST_HEAD: usize = 1 << 20;
/// Most bytes of a line for the error log.
const LONGEST_LINE: usize = 4 << 10;
/// Most lines that one run may write to the error log.
const MOST_LINES: u32 = 1_000;

/// Why a program is ended before it ends itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Nobody is there any more to hear the answer.
    ClientGone,
    /// The request is answered with this status.
    Status(i32),
}

/// What is done with what the program writes.
enum State {
    /// A CGI program's head is gathered.
    Head(Vec<u8>),
    /// It is sent.
    Body,
    /// It is not wanted: the head says enough.
    Ignored(Answer),
}

/// What answers in place of a program's output.
#[derive(Clone)]
enum Answer {
    /// An answer of this status.
    Status(i32),
    /// What another URL of this server gives.
    Redirect(Vec<u8>),
}

/// A program's standard output.
pub(super) struct Output {
    state: State,
    /// Whether something was handed to httpd since it was last told to send all it has.
    unsent: bool,
    /// Whether something of the answer was handed to httpd.
    wrote: bool,
}

impl Output {
    pub(super) fn new(cgi: bool) -> Output {
        Output { state: if cgi { State::Head(Vec::new()) } else { State::Body }, unsent: false, wrote: false }
    }

    /// Takes what the program writes.
    pub(super) fn write(&mut self, r: Request<'_>, data: &[u8]) -> Result<(), End> {
        match &mut self.state {
            State::Ignored(_) => Ok(()),
            State::Body => self.send(r, data),
            State::Head(head) if head.is_empty() => match end_of_head(data, 0) {
                Some(end) => {
                    let (head, body) = data.split_at(end);
                    self.take_head(r, head)?;
                    self.write(r, body)
                }
                None => {
                    head.extend_from_slice(data);
                    Ok(())
                }
            },
            State::Head(head) => {
                // The last line may have ended in the middle.
                let from = memchr::memrchr(b'\n', head).map_or(0, |end| end + 1);
                head.extend_from_slice(data);
                let end = end_of_head(head, from).or_else(|| (head.len() > LONGEST_HEAD).then_some(head.len()));
                let Some(end) = end else { return Ok(()) };
                let head = std::mem::take(head);
                let (head, body) = head.split_at(end);
                self.take_head(r, head)?;
                self.write(r, body)
            }
        }
    }

    /// What was written goes to the client before the program waits.
    pub(super) fn flush(&mut self, r: Request<'_>) -> Result<(), End> {
        if !std::mem::take(&mut self.unsent) || r.flush() { Ok(()) } else { Err(End::ClientGone) }
    }

    /// The program has ended well; the handler's answer.
    pub(super) fn finish(mut self, r: Request<'_>) -> i32 {
        if let State::Head(head) = &mut self.state {
            let head = std::mem::take(head);
            if let Err(end) = self.take_head(r, &head) {
                return match end {
                    End::Status(status) => status,
                    End::ClientGone => OK,
                };
            }
        }
        match self.state {
            State::Ignored(Answer::Status(status)) => status,
            State::Ignored(Answer::Redirect(location)) => {
                r.redirect_to(&location);
                OK
            }
            _ => OK,
        }
    }

    /// Whether something of the answer was handed to httpd, or decided by the head.
    pub(super) fn has_begun(&self) -> bool {
        self.wrote || !matches!(&self.state, State::Body | State::Head(_))
    }

    fn send(&mut self, r: Request<'_>, data: &[u8]) -> Result<(), End> {
        if data.is_empty() {
            return Ok(());
        }
        self.unsent = true;
        self.wrote = true;
        if r.write(data) { Ok(()) } else { Err(End::ClientGone) }
    }

    /// Reads a CGI program's head, as cgi_common.h:cgi_handle_response.
    fn take_head(&mut self, r: Request<'_>, head: &[u8]) -> Result<(), End> {
        let status = r.scan_script_header(head, module_index());
        self.state = match status {
            OK => {
                let location = r.table(table::HEADERS_OUT).and_then(|headers| headers.get(b"Location").ok().flatten());
                match location.filter(|_| r.number(field::STATUS) == Ok(200)) {
                    None => State::Body,
                    Some(path) if path.starts_with(b"/") => State::Ignored(Answer::Redirect(path.to_vec())),
                    Some(_) => State::Ignored(Answer::Status(MOVED_TEMPORARILY)),
                }
            }
            // Not an error to httpd, whose caches ask for it.
            NOT_MODIFIED => {
                let _ = r.set_number(field::STATUS, NOT_MODIFIED.into());
                State::Ignored(Answer::Status(OK))
            }
            status => return Err(End::Status(status)),
        };
        Ok(())
    }
}

/// Where the head ends, behind its empty line, looked for from the start of a line; as httpd reads it, which drops every
/// carriage return and takes a NUL for a line's end (util_script.c:getsfunc_BRIGADE).
fn end_of_head(data: &[u8], mut from: usize) -> Option<usize> {
    while let Some(rest) = data.get(from..).filter(|rest| !rest.is_empty()) {
        let end = memchr::memchr(b'\n', rest)?;
        let first = rest.iter().take(end).find(|byte| **byte != b'\r');
        from += end + 1;
        if first.is_none_or(|byte| *byte == 0) {
            return Some(from);
        }
    }
    None
}

/// A program's standard error.
#[derive(Default)]
pub(super) struct Errors {
    line: Vec<u8>,
    lines: u32,
}

impl Errors {
    /// Takes what the program writes.
    pub(super) fn write(&mut self, r: Request<'_>, program: &Program, mut data: &[u8]) {
        while let Some((line, rest)) = first_line(data) {
            self.add(line);
            self.end_line(r, program);
            data = rest;
        }
        self.add(data);
    }

    /// The program has ended.
    pub(super) fn finish(&mut self, r: Request<'_>, program: &Program) {
        if !self.line.is_empty() {
            self.end_line(r, program);
        }
    }

    fn add(&mut self, part: &[u8]) {
        let room = LONGEST_LINE.saturating_sub(self.line.len());
        self.line.extend_from_slice(part.get(..room).unwrap_or(part));
    }

    fn end_line(&mut self, r: Request<'_>, program: &Program) {
        let line = std::mem::take(&mut self.line);
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        if line.is_empty() {
            return;
        }
        self.lines = self.lines.saturating_add(1);
        let text = match self.lines {
            ..=MOST_LINES => line,
            lines if lines == MOST_LINES + 1 => b"(more lines are left out)",
            _ => return,
        };
        if !program.counters.may_log(text.len()) {
            return;
        }
        let mark = Mark { file: file!().as_bytes(), line: line!(), module_index: module_index() };
        rerror(mark, ERR, 0, r, &[b"mod_wasm: ", program.name().as_bytes(), b": ", text].concat());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_ends_with_an_empty_line() {
        for (data, end) in [
            (&b"A: b\n\nbody"[..], Some(6)),
            (b"A: b\r\n\r\nbody", Some(8)),
            (b"A: b\r\n\r\r\nbody", Some(9)),
            (b"\nbody", Some(1)),
            (b"A: b\n\0garbage\nbody", Some(14)),
            (b"A: b\nC: d\n", None),
            (b"A: b\n\r", None),
            (b"", None),
        ] {
            assert_eq!(end_of_head(data, 0), end, "{data:?}");
        }
        assert_eq!(end_of_head(b"A: b\nC: d\n\nx", 5), Some(11));
    }
}
