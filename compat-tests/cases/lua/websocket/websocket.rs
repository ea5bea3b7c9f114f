//! Websockets: what comes is sent back.

use apache_module::error::Error;
use apache_module::websocket::WebSocket;
use apache_module::{Request, Status};

apache_module::exports! {
    functions: { websocket_echo; websocket_ping; }
}

fn websocket_echo(r: &Request) -> Status {
    //: r:wsupgrade
    let Ok(socket) = r.ws_upgrade() else {
        r.write("a websocket is meant\n");
        return Status::OK;
    };

    // What fails here is the client's going away.
    let _ = echo(&socket);
    Status::DONE
}

fn echo(socket: &WebSocket) -> Result<(), Error> {
    //: r:wswrite
    socket.write("welcome")?;

    //: r:wsread
    while let Some(frame) = socket.read_frame()? {
        if frame.data == b"bye" {
            break;
        }
        let last = if frame.fin { "true" } else { "false" };
        socket.write([b"you said ", &frame.data[..], b" ", last.as_bytes()].concat())?;
    }

    //: r:wsclose
    socket.close(1000, "")
}

fn websocket_ping(r: &Request) -> Status {
    let Ok(socket) = r.ws_upgrade() else { return Status(400) };
    let _ = ping(&socket);
    Status::DONE
}

fn ping(socket: &WebSocket) -> Result<(), Error> {
    //: r:wsping
    let answered = socket.ping("")?;
    socket.write(format!("ping {answered}"))?;
    socket.read_frame()?;

    //: r:wspeek
    let waiting = socket.peek();
    socket.write(format!("waiting {waiting}"))?;
    socket.close(1000, "")
}
