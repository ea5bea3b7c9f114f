//! The host API of a request, called by a guest on a real httpd: fields, bodies, forms, cookies, digests, passwords, what
//! decides how an answer is sent, each with bad input too. httpd's own tools are the judge where there are any.
#![allow(missing_docs, reason = "tests")]

#[path = "request_api/answers.rs"]
mod answers;
#[path = "request_api/bodies.rs"]
mod bodies;
#[path = "request_api/credentials.rs"]
mod credentials;
#[path = "request_api/fields.rs"]
mod fields;
#[path = "hazards/ground.rs"]
#[allow(dead_code, reason = "shared with hazards.rs")]
mod ground;
#[path = "request_api/texts.rs"]
mod texts;

use compat_tests::answer::Answer;
use compat_tests::client::Connection;
use compat_tests::server::{Mpm, Server};
use ground::{Ground, fetch, status};

/// A place for a server, its guest loaded with `settings`; `/api` is its handler.
fn ground(settings: &str, own: &str) -> Ground {
    let ground = Ground::new(Mpm::from_env().unwrap());
    let guest = std::fs::read(ground.dist("request_api.wasm")).expect("scripts/build makes it");
    let module = ground.module_with("request_api", &guest, &format!("WasmApi +file\n{settings}"));
    ground.configure(&format!("{module}<Location /api>\nSetHandler request-api\n</Location>\n{own}"));
    ground
}

/// What the handler prints for a call.
fn call(server: &Server, call: &str) -> String {
    let answer = fetch(server, &format!("/api?{call}"));
    assert_eq!(status(&answer), 200, "{call}: {}", answer.render());
    text(&answer)
}

/// A body without its last line end.
fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).trim_end_matches('\n').to_string()
}

/// The answer to a request with headers (each with its line end) and a body.
fn ask(server: &Server, method: &str, call: &str, headers: &str, body: &[u8]) -> Answer {
    let mut connection = Connection::open(server.address()).unwrap();
    let head = format!("{method} /api?{call} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
    connection.send(&[head.as_bytes(), body].concat()).unwrap();
    connection.receive(method == "HEAD").unwrap()
}

/// The answer to a body of known length.
fn post(server: &Server, call: &str, content_type: &str, body: &[u8]) -> Answer {
    ask(server, "POST", call, &format!("Content-Type: {content_type}\r\nContent-Length: {}\r\n", body.len()), body)
}

/// A header of an answer, empty where there is none.
fn header(answer: &Answer, name: &str) -> String {
    answer.head.values(name).map(|value| String::from_utf8_lossy(value).into_owned()).collect::<Vec<_>>().join(" | ")
}
