//! What a program reads and writes, as it comes: bodies of any length in little memory, slow clients, clients that go.
use crate::ground::{Ground, ask, get, header, log_with, post, status, text};
use compat_tests::client::Connection;
use compat_tests::process::peak_kilobytes;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

fn ground(lines: &str) -> Ground {
    let section = |path: &str, word: &str| {
        format!(
            "<Location {path}>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmEnableCGI On\nWasmArg {word}\n</Location>\n"
        )
    };
    Ground::new(
        &[
            section("/echo", "echo"),
            section("/count", "count"),
            section("/q", "query"),
            section("/hello", "hello"),
            lines.to_owned(),
        ]
        .concat(),
    )
}

#[test]
fn a_body_is_the_program_s_input() {
    let ground =
        ground("<Location /plain>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmArg echo\n</Location>\n");
    let server = ground.start();
    assert_eq!(text(&post(&server, "/echo", "a=b&c=d")), "a=b&c=d");
    assert_eq!(text(&post(&server, "/echo", "")), "");
    assert_eq!(text(&get(&server, "/echo")), "");
    assert_eq!(text(&post(&server, "/plain", "outside of CGI mode too")), "outside of CGI mode too");
    let chunked = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n7;x=y\r\n second\r\n0\r\nTrailer: t\r\n\r\n";
    assert_eq!(text(&ask(&server, chunked)), "first second");
}

#[test]
fn a_body_that_is_not_read_does_not_disturb_the_next_request() {
    let ground = ground("");
    let server = ground.start();
    let mut connection = Connection::open(server.address()).unwrap();
    for length in [10, 100_000, 1_000_000] {
        let body = "z".repeat(length);
        connection
            .send(
                format!("POST /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{body}").as_bytes(),
            )
            .unwrap();
        assert_eq!(text(&connection.receive(false).unwrap()), "Hello, world!\n");
        connection.send(b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        assert_eq!(text(&connection.receive(false).unwrap()), "Hello, world!\n");
    }
}

#[test]
fn a_program_is_waited_for_with_100_continue() {
    let ground = ground("");
    let server = ground.start();
    let mut connection = Connection::open(server.address()).unwrap();
    connection
        .send(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        .unwrap();
    std::thread::sleep(Duration::from_millis(200));
    connection.send(b"later").unwrap();
    let answer = connection.receive(false).unwrap();
    assert_eq!(text(&answer), "later");
    assert_eq!(answer.informational.len(), 1);
}

#[test]
fn a_hundred_megabytes_pass_in_little_memory() {
    let ground = ground("");
    let server = ground.start();
    // Once, so that what every request needs is there.
    post(&server, "/count", "x");
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .write_all(
            b"POST /count HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        )
        .unwrap();
    let (block, mut sum) = ([7_u8; 1 << 16], 0_u64);
    const BLOCKS: u64 = 1_600;
    for _ in 0..BLOCKS {
        stream.write_all(format!("{:x}\r\n", block.len()).as_bytes()).unwrap();
        stream.write_all(&block).unwrap();
        stream.write_all(b"\r\n").unwrap();
        sum = block.iter().fold(sum, |sum, byte| sum.wrapping_mul(31).wrapping_add((*byte).into()));
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    assert!(said.ends_with(&format!("{} {sum}\n", BLOCKS * block.len() as u64)), "{said}");
    let answer = get(&server, "/q?bytes+100000000");
    assert_eq!(answer.body.len(), 100_000_000);
    let peak = server.children().iter().map(|pid| peak_kilobytes(*pid)).max().unwrap_or(0);
    assert!(peak < 96 << 10, "a child used {peak} KiB");
}

#[test]
fn a_body_larger_than_its_limit_is_refused() {
    let ground = ground("<Location /echo>\nLimitRequestBody 1000\n</Location>\n");
    let server = ground.start();
    assert_eq!(text(&post(&server, "/echo", &"y".repeat(1000))).len(), 1000);
    assert_eq!(status(&post(&server, "/echo", &"y".repeat(1001))), 413);
    let mut chunked = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..4 {
        chunked.extend_from_slice(format!("1f4\r\n{}\r\n", "y".repeat(500)).as_bytes());
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    let answer = ask(&server, &chunked);
    // A part of it was echoed before the limit was met.
    assert!(status(&answer) == 413 || answer.truncated, "{}", answer.render());
    assert_eq!(text(&post(&server, "/echo", "well")), "well");
}

#[test]
fn a_broken_body_ends_the_program() {
    let ground = ground("");
    let server = ground.start();
    let answer =
        ask(&server, b"POST /count HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n");
    assert_eq!(status(&answer), 400, "{}", answer.render());
    // One that ends in the middle.
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(b"POST /count HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf").unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut said = Vec::new();
    stream.read_to_end(&mut said).unwrap();
    assert!(!String::from_utf8_lossy(&said).contains("200 OK"), "{}", String::from_utf8_lossy(&said));
    assert_eq!(text(&post(&server, "/count", "ab")), format!("2 {}\n", 97 * 31 + 98));
}

#[test]
fn a_head_request_has_the_same_head() {
    let ground = ground("");
    let server = ground.start();
    let (get, head) = (get(&server, "/hello"), ask(&server, b"HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    assert!(head.body.is_empty());
    for name in ["Content-Type", "Content-Length"] {
        assert_eq!(header(&get, name), header(&head, name), "{name}");
    }
}

#[test]
fn what_is_written_goes_out_while_the_program_waits() {
    let ground = ground("");
    let server = ground.start();
    let began = Instant::now();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(b"GET /q?slowly+3+250 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let (mut said, mut arrived) = (String::new(), Vec::new());
    let mut part = [0; 4_096];
    loop {
        match stream.read(&mut part).unwrap() {
            0 => break,
            length => said.push_str(&String::from_utf8_lossy(&part[..length])),
        }
        let lines = said.split_once("\r\n\r\n").map_or(0, |(_, body)| body.matches("line").count());
        while arrived.len() < lines.min(3) {
            arrived.push(began.elapsed());
        }
    }
    assert_eq!(arrived.len(), 3, "{said}");
    // All at once they would come at the end, 500 ms after the first is written.
    assert!(arrived[2] - arrived[0] >= Duration::from_millis(250), "{arrived:?}");
}

#[test]
fn a_slow_client_costs_the_program_no_time() {
    let ground = ground(
        "<Location /slow>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmEnableCGI On\nWasmArg echo\nWasmTimeLimit 300ms\n</Location>\n",
    );
    let server = ground.start();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .write_all(b"POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\n\r\n")
        .unwrap();
    for byte in b"abcde" {
        std::thread::sleep(Duration::from_millis(200));
        stream.write_all(&[*byte]).unwrap();
    }
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    let body: String = said.split_once("\r\n\r\n").unwrap().1.chars().filter(|c| ('a'..='e').contains(c)).collect();
    assert_eq!(body, "abcde");
}

#[test]
fn a_client_that_goes_ends_the_program() {
    let ground = ground("LogLevel wasm:debug\n<Location /q>\nWasmTimeLimit 20s\n</Location>\n");
    let server = ground.start();
    let mark = server.mark();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(b"GET /q?bytes+4000000000 HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut part = [0; 4_096];
    stream.read_exact(&mut part).unwrap();
    drop(stream);
    let log = log_with(&server, mark, "program.wasm is ended: the client has gone");
    assert!(!log.contains("failed"), "{log}");
    assert_eq!(text(&get(&server, "/hello")), "Hello, world!\n");
}
