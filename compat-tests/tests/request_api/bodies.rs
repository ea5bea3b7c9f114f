//! Bodies by pieces and whole, by length and in chunks, past their limits; forms.

use super::ground::{fetch, lines_with, status};
use super::{ask, call, ground, post, text};
use compat_tests::client::Connection;
use std::io::{Read, Write};
use std::time::Duration;

const FORM: &str = "application/x-www-form-urlencoded";

fn chunked(body: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    for part in body.chunks(1_000) {
        all.extend(format!("{:x}\r\n", part.len()).into_bytes());
        all.extend_from_slice(part);
        all.extend_from_slice(b"\r\n");
    }
    all.extend_from_slice(b"0\r\n\r\n");
    all
}

fn md5(body: &[u8]) -> String {
    use std::io::Write;
    let mut sum = std::process::Command::new("md5sum")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    sum.stdin.take().unwrap().write_all(body).unwrap();
    String::from_utf8(sum.wait_with_output().unwrap().stdout).unwrap().split(' ').next().unwrap().to_string()
}

#[test]
fn a_body_is_read_by_pieces_and_whole() {
    let ground = ground("WasmTimeLimit 10s", "");
    let server = ground.start();
    for length in [0, 1, 10, 8_192, 300_000] {
        let body: Vec<u8> = (0..length).map(|i: usize| (i * 7 % 256) as u8).collect();
        let sum = md5(&body);
        for size in [1_000, 65_536, 20 << 20] {
            let expected = format!("{} {length} true 0 {sum}", length > 0);
            assert_eq!(text(&post(&server, &format!("pieces;{size}"), "x/y", &body)), expected);
            let answer =
                ask(&server, "POST", &format!("pieces;{size}"), "Transfer-Encoding: chunked\r\n", &chunked(&body));
            assert_eq!(text(&answer), expected);
        }
        assert_eq!(text(&post(&server, "body;300000", "x/y", &body)), format!("{length} {sum}"));
    }
    assert_eq!(status(&post(&server, "body;9", "x/y", b"0123456789")), 413);
    assert_eq!(text(&post(&server, "reader", "x/y", b"a body")), "6 a body");
    assert_eq!(text(&post(&server, "discard", "x/y", b"a body")), "discarded");
    assert_eq!(call(&server, "pieces;10"), "false 0 true 0 d41d8cd98f00b204e9800998ecf8427e");
    assert_eq!(call(&server, "form-codes"), "[-3, -2, -2] -2");
}

#[test]
fn a_body_streams_both_ways() {
    let ground = ground("WasmTimeLimit 10s", "");
    let server = ground.start();
    // What the client sends comes back before it goes on.
    let mut connection = Connection::open(server.address()).unwrap();
    connection.send(b"POST /api?echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
    connection.send(b"5\r\nfirst\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    connection.send(b"6\r\nsecond\r\n0\r\n\r\n").unwrap();
    let answer = connection.receive(false).unwrap();
    assert_eq!(answer.body, b"firstsecondend\n");
    assert_eq!(answer.chunks.first(), Some(&5), "{:?}", answer.chunks);
}

#[test]
fn a_body_goes_into_a_file() {
    let ground = ground("WasmTimeLimit 10s", "");
    let folder = ground.path("up");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    let server = ground.start();
    let file = folder.join("saved");
    let body = vec![b'x'; 200_000];
    assert_eq!(text(&post(&server, &format!("save;{};1000000", file.display()), "x/y", &body)), "200000");
    assert!(std::fs::read(&file).unwrap() == body);
    assert_eq!(status(&post(&server, &format!("save;{};10", file.display()), "x/y", &body)), 413);
    assert_eq!(status(&post(&server, "save;/nowhere/saved;10", "x/y", b"x")), 500);
}

#[test]
fn a_slow_client_does_not_use_up_the_guest_s_time() {
    let ground = ground("WasmTimeLimit 200ms", "");
    let server = ground.start();
    let mut connection = Connection::open(server.address()).unwrap();
    connection.send(b"POST /api?pieces;100 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n").unwrap();
    for byte in [b"a", b"b", b"c", b"d"] {
        std::thread::sleep(Duration::from_millis(150));
        connection.send(byte).unwrap();
    }
    let answer = connection.receive(false).unwrap();
    assert_eq!(text(&answer), "true 4 true 0 e2fc714c4727ee9395f324cd2e7f331f");
}

#[test]
fn a_client_that_reads_slowly_does_not_use_up_the_guest_s_time() {
    let ground = ground("WasmTimeLimit 200ms", "");
    let server = ground.start();
    let mut stream = std::net::TcpStream::connect(server.address()).unwrap();
    stream.write_all(b"GET /api?megabytes;24 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut said = vec![0; 1 << 20];
    for _ in 0..3 {
        std::thread::sleep(Duration::from_millis(250));
        stream.read_exact(&mut said).unwrap();
    }
    stream.read_to_end(&mut said).unwrap();
    assert!(said.ends_with(b"\r\n0\r\n\r\n"), "the answer was broken off");
    assert!(said.len() > 22 << 20, "{}", said.len());
}

#[test]
fn the_client_is_told_to_go_on() {
    let ground = ground("", "");
    let server = ground.start();
    let mut connection = Connection::open(server.address()).unwrap();
    connection
        .send(b"POST /api?body;100 HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        .unwrap();
    std::thread::sleep(Duration::from_millis(100));
    connection.send(b"ok").unwrap();
    let answer = connection.receive(false).unwrap();
    assert_eq!(answer.informational.len(), 1);
    assert_eq!(answer.informational[0].code(), Some(100));
    assert!(text(&answer).starts_with("2 "));
}

#[test]
fn bodies_past_their_limit_and_broken_ones_are_answered_once() {
    let ground = ground("", "LimitRequestBody 1000\n");
    let server = ground.start();
    let long = vec![b'a'; 1_001];
    for how in ["pieces;100", "body;5000", "reader", "form;10;5000"] {
        assert_eq!(status(&post(&server, how, FORM, &long)), 413, "{how}");
        let headers = format!("Content-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n");
        let answer = ask(&server, "POST", how, &headers, &chunked(&long));
        assert_eq!(status(&answer), 413, "{how} {}", answer.render());
        // One answer, and nothing of the body taken for a request.
        let mut connection = Connection::open(server.address()).unwrap();
        let head = format!("POST /api?{how} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
        connection.send(&[head.as_bytes(), b"zzz\r\nGET /plain HTTP/1.1\r\nHost: localhost\r\n\r\n"].concat()).unwrap();
        assert_eq!(status(&connection.receive(false).unwrap()), 400, "{how}");
        assert!(connection.closed_by_server(Duration::from_secs(5)).unwrap());
    }
    // A client that goes away in the middle.
    let mut connection = Connection::open(server.address()).unwrap();
    connection.send(b"POST /api?body;500 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf").unwrap();
    drop(connection);
    assert_eq!(fetch(&server, "/plain").body, b"All is well.\n");
    assert_eq!(lines_with(&server.site().error_log_text(), &["exit signal"]), Vec::<&str>::new());
}

#[test]
fn query_strings_are_taken_apart() {
    let ground = ground("", "");
    let server = ground.start();
    assert_eq!(
        call(&server, "args;&a=1&b=x%20y+z&a=2&empty=&alone&%26=%3D"),
        "args;=1|a=2|b=x y+z|empty=|alone=1|&==|"
    );
}

#[test]
fn urlencoded_forms() {
    let ground = ground("", "");
    let server = ground.start();
    let form = |body: &[u8]| text(&post(&server, "form;10;100", FORM, body));
    assert_eq!(form(b"a=1&b=x+y%26%00z&a=2&empty="), "a[-,-]=1|b[-,-]=x y&\\x00z|a[-,-]=2|empty[-,-]=|");
    assert_eq!(form(b""), "");
    assert_eq!(text(&post(&server, "form;10;100", &format!("{FORM}; charset=utf-8"), b"a=1")), "a[-,-]=1|");
    assert_eq!(text(&post(&server, "form;10;100", "text/plain", b"a=1")), "no form");
    assert_eq!(call(&server, "form;10;100"), "no form");
    assert_eq!(status(&post(&server, "form;2;100", FORM, b"a=1&b=2&c=3")), 413);
    assert_eq!(status(&post(&server, "form;10;3", FORM, b"a=12345")), 413);
}

#[test]
fn multipart_forms() {
    let ground = ground("", "");
    let server = ground.start();
    let kind = "multipart/form-data; boundary=XX";
    let body = b"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\ntwo\r\n--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x \\\"y\\\".bin\"\r\nContent-Type: application/octet-stream\r\n\r\n\x00\xff\r\n--XX--\r\n";
    let expected = "a[-,-]=one\\r\\ntwo|file[x \\\"y\\\".bin,application/octet-stream]=\\x00\\xff|";
    assert_eq!(text(&post(&server, "form;10;1000", kind, body)), expected);
    assert_eq!(text(&post(&server, "form;10;1000", "multipart/form-data; boundary=\"XX\"", body)), expected);
    let headers = format!("Content-Type: {kind}\r\nTransfer-Encoding: chunked\r\n");
    assert_eq!(text(&ask(&server, "POST", "form;10;1000", &headers, &chunked(body))), expected);
    assert_eq!(status(&post(&server, "form;1;1000", kind, body)), 413);
    assert_eq!(status(&post(&server, "form;10;20", kind, body)), 413);
    for broken in [
        &b""[..],
        b"--XX",
        b"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end",
        &body[..body.len() - 10],
    ] {
        assert_eq!(status(&post(&server, "form;10;1000", kind, broken)), 400, "{broken:?}");
    }
    assert_eq!(text(&post(&server, "form;10;1000", "multipart/form-data", body)), "no form");
    // A large file, by way of curl if it is here.
    let large = ground.file("htdocs/large.bin", &vec![b'x'; 3 << 20]);
    let url = format!("http://{}/api?form;10;5000000", server.address());
    if let Ok(sent) = std::process::Command::new("curl")
        .args(["-s", "-F", &format!("up=@{}", large.display()), "-F", "n=1", &url])
        .output()
    {
        let sent = String::from_utf8_lossy(&sent.stdout);
        assert!(
            sent.starts_with("up[large.bin,application/octet-stream]=xxx") && sent.ends_with("x|n[-,-]=1|\n"),
            "{} bytes",
            sent.len()
        );
    }
}
