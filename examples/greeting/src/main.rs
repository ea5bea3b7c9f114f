//! A form and its answer: a CGI program as for any server, which reads its environment and its standard input, and keeps a
//! book of its guests in a file.

use std::fmt::Write;
use std::io::{Read, Result};
use std::{env, fs, io};

/// As the configuration maps it.
const BOOK: &str = "/book/guests.txt";

fn main() -> Result<()> {
    let mut body = String::new();
    if env::var("REQUEST_METHOD").as_deref() == Ok("POST") {
        io::stdin().read_to_string(&mut body)?;
        if let Some(name) = field(&body, "name").filter(|name| !name.is_empty()) {
            let guests = fs::read_to_string(BOOK).unwrap_or_default() + &name.replace(['\r', '\n'], " ") + "\n";
            fs::write(BOOK, guests)?;
        }
        // So that a reload doesn't send the form again.
        let here = env::var("SCRIPT_NAME").unwrap_or_default();
        print!("Status: 303 See Other\nLocation: {here}\n\n");
        return Ok(());
    }
    let greeting = env::var("GREETING").unwrap_or_else(|_| "Hello".to_owned());
    let guests = fs::read_to_string(BOOK).unwrap_or_default();
    let mut page =
        "Content-Type: text/html; charset=utf-8\n\n<form method=\"post\"><input name=\"name\"></form>\n".to_owned();
    for guest in guests.lines() {
        let _ = writeln!(page, "<p>{greeting}, {}!</p>", escape(guest));
    }
    print!("{page}");
    Ok(())
}

/// The value of a form's field, decoded.
fn field(body: &str, name: &str) -> Option<String> {
    let value = body.split('&').find_map(|pair| pair.split_once('=').filter(|(other, _)| *other == name))?.1;
    let (mut bytes, mut rest) = (Vec::new(), value.as_bytes());
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        (rest, _) = match (first, hex) {
            (b'%', Some(byte)) => (&after[2..], bytes.push(byte)),
            (b'+', _) => (after, bytes.push(b' ')),
            (byte, _) => (after, bytes.push(*byte)),
        };
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
