//! A module whose handler does what the query string says, `function;argument;…`, and prints the answer. It knows the
//! host API, and not what its answers should be.

mod database;
mod files;
mod server;
mod shared;
mod websocket;

use apache_module::{Error, Request, Status, field};

apache_module::module! {
    name: "mod_server_api.c",
    hooks: { handler(MIDDLE): handler; },
}

fn handler(r: &Request) -> Status {
    if r.handler().as_deref() != Some(b"server-api") {
        return Status::DECLINED;
    }
    let args = r.text(field::ARGS).unwrap_or_default();
    let words: Vec<_> = args.split(|byte| *byte == b';').map(unescaped).collect();
    let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
    let Some((function, arguments)) = words.split_first() else { return Status::DECLINED };
    if *function == b"ws" {
        return websocket::call(r, arguments.first().copied().unwrap_or_default());
    }
    r.set_content_type(Some(b"text/plain"));
    let answer = server::call(r, function, arguments)
        .or_else(|| files::call(function, arguments))
        .or_else(|| shared::call(function, arguments))
        .or_else(|| database::call(function, arguments));
    r.write(answer.unwrap_or_else(|| "no such function".to_string()) + "\n");
    Status::OK
}

/// A word without its escapes, of which every byte may be one.
fn unescaped(word: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = word;
    while let [first, after @ ..] = rest {
        let escaped = after.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match escaped.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

/// Bytes as text that can be read back.
fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

/// The same of each.
fn all_shown(all: &[Vec<u8>]) -> String {
    all.iter().map(|one| shown(one)).collect::<Vec<_>>().join(" ")
}

/// What an error says, with the code of its kind.
fn failed(error: Error) -> String {
    format!("{error:?}: {error}")
}

/// `done`, or the error.
fn done(result: Result<(), Error>) -> String {
    result.map_or_else(failed, |()| "done".to_string())
}

/// The number that a word says, 0 where it says none.
fn number(word: &[u8]) -> i64 {
    String::from_utf8_lossy(word).parse().unwrap_or(0)
}
