//! Group `websocket`: the connection of the request being served as a WebSocket. Waiting for the client is not the
//! guest's time, and each frame begins its time anew.

use super::frames::{Ended, Frame, Socket, Stream};
use super::{Code, Host, Reply, WebsocketFunctions};
use crate::host::number::{field, table};
use crate::httpd::Request;
use crate::httpd::wire::{Wire, sha1_base64};
use std::time::Instant;

/// What RFC 6455 adds to a key.
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// The bit of the number that says that a frame ends a message.
const FIN: u32 = 256;

impl Stream for Wire {
    fn read(&mut self, place: &mut [u8]) -> Result<usize, i32> {
        Wire::read(self, place)
    }

    fn peek(&mut self) -> bool {
        Wire::peek(self)
    }

    fn write(&mut self, head: &[u8], data: &[u8]) -> bool {
        Wire::write(self, head, data)
    }
}

/// What a request's key is answered with; `None` where it asks for no WebSocket as RFC 6455 has it (section 4.2.1).
fn accepted(r: Request<'_>) -> Option<Vec<u8>> {
    let headers = r.table(table::HEADERS_IN)?;
    let header = |name: &[u8]| headers.get(name).ok().flatten();
    let number = |field| r.number(field).unwrap_or(0);
    let is_get = r.text(field::METHOD).ok().flatten() == Some(b"GET") && number(field::HEADER_ONLY) == 0;
    // A body would be taken for frames; other protocols than HTTP/1 have other ways.
    let is_plain = (1001..2000).contains(&number(field::PROTO_NUM))
        && header(b"Transfer-Encoding").is_none()
        && header(b"Content-Length").is_none_or(|length| length == b"0");
    let asks = r.has_token(header(b"Upgrade")?, c"websocket")
        && r.has_token(header(b"Connection")?, c"upgrade")
        && header(b"Sec-WebSocket-Version")? == b"13";
    let key = header(b"Sec-WebSocket-Key")?;
    let is_key = key.len() == 24 && key.ends_with(b"==");
    (is_get && is_plain && asks && is_key).then(|| sha1_base64(&[key, GUID].concat()))
}

/// The head of the answer, with what headers the guest has set; `None` where one would break it.
fn head(r: Request<'_>, accept: &[u8]) -> Option<Vec<u8>> {
    const OURS: [&[u8]; 8] = [
        b"Connection",
        b"Upgrade",
        b"Sec-WebSocket-Accept",
        b"Date",
        b"Server",
        b"Content-Length",
        b"Content-Type",
        b"Transfer-Encoding",
    ];
    let (date, server) = r.date_and_server();
    let mut head = b"HTTP/1.1 101 Switching Protocols\r\n".to_vec();
    let mut add = |name: &[u8], value: &[u8]| head.extend([name, b": ", value, b"\r\n"].concat());
    add(b"Date", &date);
    add(b"Server", &server);
    add(b"Upgrade", b"websocket");
    add(b"Connection", b"Upgrade");
    add(b"Sec-WebSocket-Accept", accept);
    let mut is_sound = true;
    for number in [table::ERR_HEADERS_OUT, table::HEADERS_OUT] {
        let each = |name: &[u8], value: &[u8]| {
            if OURS.iter().any(|ours| ours.eq_ignore_ascii_case(name)) {
                return;
            }
            let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
            is_sound &= !name.is_empty() && name.iter().all(is_token);
            is_sound &= value.iter().all(|byte| *byte == b'\t' || !byte.is_ascii_control());
            add(name, value);
        };
        r.table(number)?.each(None, each).ok()?;
    }
    head.extend_from_slice(b"\r\n");
    is_sound.then_some(head)
}

impl Host {
    fn websocket(&mut self, handle: u32) -> Reply<&mut Socket<Wire>> {
        self.lent.opened.get(handle).ok_or(Code::BAD_HANDLE)
    }

    /// Says why nothing was read.
    fn ended<T>(&mut self, why: Ended) -> Reply<T> {
        match why {
            Ended::Gone => Err(Code::NONE),
            Ended::Quiet(status) => self.fail_with(status, b"nothing came in time"),
            Ended::Broken(text) => self.fail(text.as_bytes()),
        }
    }
}

impl WebsocketFunctions for Host {
    fn ap_websocket_upgrade(&mut self, r: u32) -> Reply<i64> {
        self.not_in_filter()?;
        let request = self.request(r)?;
        if r != 0 || self.wrote || request.is_sub_req() || request.has_begun() {
            return Err(Code::NOT_NOW);
        }
        let accept = accepted(request).ok_or(Code::NONE)?;
        if self.lent.opened.is_full() {
            return Err(Code::LIMIT);
        }
        let Some(head) = head(request, &accept) else {
            return self.fail(b"a header of the answer is none");
        };
        request.switch_protocols();
        let Some(wire) = Wire::take(request, &head) else {
            return self.fail(b"the client has gone");
        };
        self.lent.opened.add(0, Socket::new(wire)).map(i64::from).ok_or(Code::LIMIT)
    }

    fn ap_websocket_read(&mut self, socket: u32) -> Reply<i64> {
        let begin = Instant::now();
        let read = self.websocket(socket)?.read();
        self.conversed(begin, read.is_ok());
        match read {
            Ok(Frame { opcode, fin, data }) => {
                self.answer = data;
                Ok(i64::from(u32::from(opcode) | if fin { FIN } else { 0 }))
            }
            Err(why) => self.ended(why),
        }
    }

    fn ap_websocket_write(&mut self, socket: u32, opcode: u32, data: &[u8]) -> Reply<()> {
        let (fin, opcode) = (opcode & FIN != 0, u8::try_from(opcode & !FIN).map_err(|_| Code::BAD_VALUE)?);
        if !Socket::<Wire>::may_write(opcode, fin, data.len()) {
            return Err(Code::BAD_VALUE);
        }
        let begin = Instant::now();
        let sent = self.websocket(socket)?.write(opcode, fin, data);
        self.conversed(begin, sent);
        self.went_out(sent)
    }

    fn ap_websocket_write_raw(&mut self, socket: u32, data: &[u8]) -> Reply<()> {
        let begin = Instant::now();
        let sent = self.websocket(socket)?.write_raw(data);
        // Nothing at all is always taken, and must not be a way to go on for ever.
        self.conversed(begin, sent && !data.is_empty());
        self.went_out(sent)
    }

    fn ap_websocket_peek(&mut self, socket: u32) -> Reply<i64> {
        Ok(self.websocket(socket)?.peek().into())
    }

    fn ap_websocket_ping(&mut self, socket: u32, data: &[u8]) -> Reply<i64> {
        if !Socket::<Wire>::may_write(9, true, data.len()) {
            return Err(Code::BAD_VALUE);
        }
        let begin = Instant::now();
        let answered = self.websocket(socket)?.ping(data);
        self.conversed(begin, answered == Ok(true));
        match answered {
            Ok(answered) => Ok(answered.into()),
            Err(why) => self.ended(why),
        }
    }

    fn ap_websocket_close(&mut self, socket: u32, status: u32, reason: &[u8]) -> Reply<()> {
        if !Socket::<Wire>::may_close(status, reason) {
            return Err(Code::BAD_VALUE);
        }
        let begin = Instant::now();
        self.websocket(socket)?.close(status, reason);
        self.conversed(begin, false);
        Ok(())
    }
}
