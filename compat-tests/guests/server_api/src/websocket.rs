//! Group `websocket`: `?ws;what` begins a conversation.

use crate::failed;
use apache_module::websocket::{Frame, Message, Opcode, WebSocket};
use apache_module::{Error, Request, Status, ffi};

pub fn call(r: &Request, what: &[u8]) -> Status {
    r.headers_out().set("Sec-WebSocket-Protocol", "test");
    match what {
        b"bad-header" => r.headers_out().set("X-Bad", "a\rb"),
        b"late" => r.write("too late"),
        _ => {}
    }
    let socket = match r.ws_upgrade() {
        Ok(socket) => socket,
        Err(why) => {
            r.set_content_type(Some(b"text/plain"));
            r.headers_out().unset("X-Bad");
            r.write(format!("{}\n", failed(why)));
            return Status::OK;
        }
    };
    match talk(&socket, what) {
        Ok(()) => Status::OK,
        Err(why) => {
            // The client may still be there.
            let _ = socket.write(failed(why));
            Status::INTERNAL_SERVER_ERROR
        }
    }
}

fn talk(socket: &WebSocket, what: &[u8]) -> Result<(), Error> {
    match what {
        // Every message comes back; `bye` ends it.
        b"echo" => {
            while let Some(message) = socket.read(9 << 20)? {
                match message {
                    Message::Text(text) if text == b"bye" => return socket.close(4000, "as you say"),
                    Message::Text(text) => socket.write(text)?,
                    Message::Binary(data) => socket.write_binary(data)?,
                }
            }
            Ok(())
        }
        // Frame by frame, each told.
        b"frames" => {
            while let Some(Frame { opcode, fin, data }) = socket.read_frame()? {
                if opcode != Opcode::Close {
                    socket.write(format!("{opcode:?} {fin} {}", data.len()))?;
                }
            }
            Ok(())
        }
        b"ping" => {
            let answered = socket.ping("are you there")?;
            let kept = socket.peek();
            let first = socket.read(100)?;
            socket.write(format!("{answered} {kept} {first:?} {}", socket.peek()))?;
            socket.close(1000, "")
        }
        b"parts" => {
            socket.write_frame(Opcode::Text, false, b"one ")?;
            socket.write_frame(Opcode::Continuation, false, b"two ")?;
            socket.write_frame(Opcode::Continuation, true, b"three")?;
            socket.write_raw(b"\x82\x03raw")
        }
        b"wrong" => {
            let long = [b'x'; 126];
            let answers = [
                ffi::ap_websocket_write(0, 257, b"x"),
                ffi::ap_websocket_write(99, 257, b"x"),
                ffi::ap_websocket_write(u32::MAX, 257, b"x"),
                ffi::ap_websocket_write_raw(0, b"x"),
                ffi::ap_websocket_close(0, 1000, b""),
                ffi::ap_websocket_peek(0) as i32,
                ffi::ap_websocket_read(0) as i32,
                ffi::ap_websocket_ping(0, b"") as i32,
                ffi::ap_dbd_open(b"", b"") as i32,
            ];
            let odd = [
                ffi::ap_websocket_write(1, 3 | 256, b""),
                ffi::ap_websocket_write(1, 8 | 256, b""),
                ffi::ap_websocket_write(1, 9, b""),
                ffi::ap_websocket_write(1, u32::MAX, b""),
                ffi::ap_websocket_write(1, 9 | 256, &long),
                ffi::ap_websocket_ping(1, &long) as i32,
                ffi::ap_websocket_close(1, 1005, b""),
                ffi::ap_websocket_close(1, 0, b"why"),
                ffi::ap_websocket_close(1, 1000, &long),
                ffi::ap_websocket_upgrade(0) as i32,
                ffi::ap_websocket_upgrade(7) as i32,
                ffi::apr_file_close(1),
                ffi::apr_dbd_close(1),
            ];
            socket.write(format!("{answers:?} {odd:?}"))
        }
        b"closed" => {
            socket.close(1000, "done")?;
            let after = (socket.write("x"), socket.read_frame(), socket.ping("x"), socket.peek());
            assert_eq!(after, (Err(Error::Failed(0, b"the client has gone".to_vec())), Ok(None), Ok(false), false));
            Ok(())
        }
        b"trap" => {
            socket.write("about to fail")?;
            std::process::abort()
        }
        b"loop" => {
            socket.read(100)?;
            loop {
                std::hint::black_box(socket);
            }
        }
        // Talks on, whether anybody is there or not.
        b"talker" => loop {
            let _ = (socket.write_raw(b""), socket.write("x"), socket.ping("x"), socket.read(100));
        },
        // Nothing is read in time, and then something.
        b"patient" => {
            let first = socket.read(100).map_err(failed);
            socket.write(format!("{first:?}"))?;
            let second = socket.read(100)?;
            socket.write(format!("{second:?}"))
        }
        _ => socket.close(4004, "no such conversation"),
    }
}
