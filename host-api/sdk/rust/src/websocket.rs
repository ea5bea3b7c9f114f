//! The connection of the request as a WebSocket (RFC 6455). Group `websocket`, which `WasmApi +websocket` allows. It ends
//! with the present call at the latest.

use crate::error::{Error, done, handle};
use crate::{Request, ffi};

/// The bit that says that a frame ends a message.
const FIN: u32 = 256;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opcode {
    /// The next part of a message.
    Continuation = 0,
    /// A text, or its first part.
    Text = 1,
    /// Bytes, or their first part.
    Binary = 2,
    /// The client says goodbye: a status of 16 bits (big endian) and a reason, or nothing.
    Close = 8,
}

/// One frame, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What it is.
    pub opcode: Opcode,
    /// Whether it ends its message.
    pub fin: bool,
    /// What it holds; that a text is UTF-8 is for the reader to see.
    pub data: Vec<u8>,
}

/// A whole message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A text.
    Text(Vec<u8>),
    /// Bytes.
    Binary(Vec<u8>),
}

/// A WebSocket.
#[derive(Debug)]
pub struct WebSocket(u32);

impl Request {
    /// Answers 101 with the headers set so far and takes the connection over (r:wsupgrade in mod_lua).
    ///
    /// # Errors
    /// [`Error::None`] where the request doesn't ask for a WebSocket.
    pub fn ws_upgrade(&self) -> Result<WebSocket, Error> {
        handle(ffi::ap_websocket_upgrade(self.handle())).map(WebSocket)
    }
}

impl WebSocket {
    /// Waits for the next frame; `None` once the client has gone or closed. Pings are answered (r:wsread in mod_lua).
    ///
    /// # Errors
    /// [`Error::Failed`] with a status where Timeout went by, after which reading may be tried again; with none where the
    /// client broke the protocol.
    pub fn read_frame(&self) -> Result<Option<Frame>, Error> {
        let number = match ffi::ap_websocket_read(self.0) {
            answer @ 0.. => answer as u32,
            answer => return if Error::of(answer) == Error::None { Ok(None) } else { Err(Error::of(answer)) },
        };
        let opcode = match number & !FIN {
            0 => Opcode::Continuation,
            1 => Opcode::Text,
            2 => Opcode::Binary,
            _ => Opcode::Close,
        };
        Ok(Some(Frame { opcode, fin: number & FIN != 0, data: ffi::answer() }))
    }

    /// Waits for a whole message of at most so many bytes; `None` once the client has gone or closed.
    ///
    /// # Errors
    /// As [`WebSocket::read_frame`], and [`Error::Limit`] for a message that is longer, after closing with 1009.
    pub fn read(&self, most: usize) -> Result<Option<Message>, Error> {
        let (mut is_text, mut all) = (false, Vec::new());
        while let Some(frame) = self.read_frame()? {
            match frame.opcode {
                Opcode::Close => return Ok(None),
                Opcode::Text => is_text = true,
                Opcode::Binary | Opcode::Continuation => {}
            }
            if all.len() + frame.data.len() > most {
                self.close(1009, "")?;
                return Err(Error::Limit);
            }
            all.extend_from_slice(&frame.data);
            if frame.fin {
                return Ok(Some(if is_text { Message::Text(all) } else { Message::Binary(all) }));
            }
        }
        Ok(None)
    }

    /// Sends a text (r:wswrite in mod_lua).
    pub fn write(&self, text: impl AsRef<[u8]>) -> Result<(), Error> {
        self.write_frame(Opcode::Text, true, text.as_ref())
    }

    /// Sends bytes.
    pub fn write_binary(&self, data: impl AsRef<[u8]>) -> Result<(), Error> {
        self.write_frame(Opcode::Binary, true, data.as_ref())
    }

    /// Sends a frame, which may be a part of a message.
    pub fn write_frame(&self, opcode: Opcode, fin: bool, data: &[u8]) -> Result<(), Error> {
        done(ffi::ap_websocket_write(self.0, opcode as u32 | if fin { FIN } else { 0 }, data))
    }

    /// Sends bytes that are frames already (r:wswrite(s, true) in mod_lua).
    pub fn write_raw(&self, frames: &[u8]) -> Result<(), Error> {
        done(ffi::ap_websocket_write_raw(self.0, frames))
    }

    /// Whether something from the client can be read at once (r:wspeek in mod_lua).
    pub fn peek(&self) -> bool {
        ffi::ap_websocket_peek(self.0) == 1
    }

    /// Sends a ping and waits for its pong; `false` where the client has gone (r:wsping in mod_lua).
    pub fn ping(&self, data: impl AsRef<[u8]>) -> Result<bool, Error> {
        match ffi::ap_websocket_ping(self.0, data.as_ref()) {
            answer @ 0.. => Ok(answer == 1),
            answer => Err(Error::of(answer)),
        }
    }

    /// Says goodbye, with a status of RFC 6455, or 0 and no reason (r:wsclose in mod_lua).
    pub fn close(&self, status: u32, reason: &str) -> Result<(), Error> {
        done(ffi::ap_websocket_close(self.0, status, reason.as_bytes()))
    }
}
