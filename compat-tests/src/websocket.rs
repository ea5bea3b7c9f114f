//! A websocket conversation as a case writes it: it knows how the messages are told, and leaves the protocol to
//! tungstenite. The request line is `WEBSOCKET /path`; each line of the body is what the client does next.
//!
//! `text hello`, `binary \x00`, `ping x` and `close` send; `read` waits for a message and writes it down.
use std::fmt::Write;
use std::net::{SocketAddr, TcpStream};

use anyhow::{Context, Result, bail};
use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

use crate::answer::printable;
use crate::client::usual_patience;
use crate::request::Request;

/// Whether a request is the beginning of a conversation.
pub fn asked(request: &Request) -> bool {
    request.bytes.starts_with(b"WEBSOCKET ")
}

/// Holds the conversation; what was said, one line a message.
pub fn converse(server: SocketAddr, request: &Request) -> Result<String> {
    let text = String::from_utf8_lossy(&request.bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let path = head.split(' ').nth(1).unwrap_or("/");
    let stream = TcpStream::connect_timeout(&server, usual_patience())?;
    stream.set_read_timeout(Some(usual_patience()))?;
    let url = format!("ws://localhost:{}{path}", server.port()).into_client_request()?;
    let (mut socket, answer) = match tungstenite::client(url, stream) {
        Ok(opened) => opened,
        Err(error) => return Ok(format!("(refused: {error})\n")),
    };
    let mut said = format!("{}\n", answer.status());
    for line in body.split("\r\n").filter(|line| !line.is_empty()) {
        step(&mut socket, line, &mut said).with_context(|| format!("{said}{line}"))?;
    }
    Ok(said)
}

fn step(socket: &mut WebSocket<TcpStream>, line: &str, said: &mut String) -> Result<()> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let message = match word {
        "text" => Message::text(rest),
        "binary" => Message::binary(rest.as_bytes().to_vec()),
        "ping" => Message::Ping(rest.as_bytes().to_vec().into()),
        "close" => Message::Close(None),
        "read" => {
            match socket.read() {
                Ok(message) => tell(&message, said),
                // How a connection ends, by a reset or not, is a matter of timing.
                Err(_) => said.push_str("< (closed)\n"),
            }
            return Ok(());
        }
        _ => bail!("text, binary, ping, close or read is meant"),
    };
    writeln!(said, "> {line}")?;
    socket.send(message)?;
    Ok(())
}

fn tell(message: &Message, said: &mut String) {
    let kind = match message {
        Message::Text(_) => "text",
        Message::Binary(_) => "binary",
        Message::Ping(_) => "ping",
        Message::Pong(_) => "pong",
        Message::Close(_) => "close",
        Message::Frame(_) => "frame",
    };
    let _ = writeln!(said, "< {kind} {}", printable(&message.clone().into_data()));
}
