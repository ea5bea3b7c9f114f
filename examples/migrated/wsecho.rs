//! A websocket that answers everything in capitals until it hears "bye". Needs `WasmApi +websocket`.

use apache_module::error::Error;
use apache_module::websocket::{Message, WebSocket};
use apache_module::{Request, Status};

apache_module::script! {
    functions: { handle; }
}

fn handle(r: &Request) -> Status {
    let Ok(socket) = r.ws_upgrade() else { return Status(400) };
    let name = r.args().unwrap_or_else(|| b"stranger".to_vec());
    // What fails is the client's going away.
    let _ = talk(&socket, &name);
    Status::DONE
}

fn talk(socket: &WebSocket, name: &[u8]) -> Result<(), Error> {
    socket.write([b"hello, ", name].concat())?;
    while let Some(Message::Text(line) | Message::Binary(line)) = socket.read(1 << 20)? {
        if line == b"bye" {
            socket.write("bye")?;
            break;
        }
        socket.write(line.to_ascii_uppercase())?;
    }
    socket.close(1000, "")
}
