//! WebSockets with a real client (tungstenite), and with one that breaks the protocol.

use super::{ALL, call, ground};
use crate::ground::{Ground, fetch, lines_with, log_with, wait};
use compat_tests::client::Connection;
use compat_tests::errorlog::crashes;
use compat_tests::memcheck::patience;
use compat_tests::server::{Server, free_port};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tungstenite::client::IntoClientRequest;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::{Message, WebSocket};

/// A conversation of the guest, and the head that it began with.
fn converse_with_head(server: &Server, what: &str) -> (WebSocket<TcpStream>, tungstenite::handshake::client::Response) {
    let stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut request =
        format!("ws://localhost:{}/api?ws;{what}", server.address().port()).into_client_request().unwrap();
    request.headers_mut().insert("Sec-WebSocket-Protocol", "test".parse().unwrap());
    tungstenite::client(request, stream).unwrap_or_else(|why| panic!("{what}: {why}"))
}

fn converse(server: &Server, what: &str) -> WebSocket<TcpStream> {
    converse_with_head(server, what).0
}

/// The text that comes next.
fn text(socket: &mut WebSocket<TcpStream>) -> String {
    match socket.read() {
        Ok(Message::Text(text)) => text.to_string(),
        other => panic!("{other:?}"),
    }
}

/// The status and reason with which the server ends it.
fn closed(socket: &mut WebSocket<TcpStream>) -> Option<(u16, String)> {
    match socket.read() {
        Ok(Message::Close(frame)) => frame.map(|frame| (frame.code.into(), frame.reason.to_string())),
        other => panic!("{other:?}"),
    }
}

/// The head of a request for a WebSocket.
fn asking(what: &str) -> String {
    format!(
        "GET /api?ws;{what} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

#[test]
fn messages_come_back() {
    let ground = ground(
        ALL,
        "LoadModule reqtimeout_module modules/mod_reqtimeout.so\nRequestReadTimeout header=5 body=1,MinRate=500\n",
    );
    let server = ground.start();
    let (mut socket, head) = converse_with_head(&server, "echo");
    assert_eq!(head.status(), 101);
    assert_eq!(head.headers()["sec-websocket-protocol"], "test");
    for length in [0, 1, 125, 126, 65_535, 65_536, 3_000_000, 8 << 20] {
        let data: Vec<u8> = (0..length).map(|n| n as u8).collect();
        socket.send(Message::binary(data.clone())).unwrap();
        assert_eq!(socket.read().unwrap(), Message::binary(data), "{length}");
    }
    socket.send(Message::text("größer")).unwrap();
    assert_eq!(text(&mut socket), "größer");
    // Longer than the time limit of a call, and than mod_reqtimeout gives to a body.
    std::thread::sleep(Duration::from_millis(2_500));
    for n in 0..500 {
        socket.send(Message::text(n.to_string())).unwrap();
        assert_eq!(text(&mut socket), n.to_string());
    }
    socket.send(Message::Ping(b"ping".to_vec().into())).unwrap();
    assert_eq!(socket.read().unwrap(), Message::Pong(b"ping".to_vec().into()));
    socket.send(Message::text("bye")).unwrap();
    assert_eq!(closed(&mut socket), Some((4000, "as you say".to_string())));
    assert!(socket.read().is_err());
    wait(10, "the request is logged as switched", || {
        ground.served().iter().any(|(_, line)| line == "101 GET /api?ws;echo")
    });
}

#[test]
fn frames_are_told_and_made() {
    let server = ground(ALL, "").start();
    let mut socket = converse(&server, "parts");
    assert_eq!(text(&mut socket), "one two three");
    assert_eq!(socket.read().unwrap(), Message::binary(b"raw".to_vec()));
    assert_eq!(closed(&mut socket), Some((1000, String::new())));

    // A text in two parts with a ping between them, with masks that change nothing.
    let frames = b"\x01\x82\0\0\0\0ab\x89\x81\0\0\0\0p\x80\x81\0\0\0\0c\x88\x80\0\0\0\0";
    let all = everything(&server, "frames", frames);
    let (head, frames) = all.split_at(all.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4);
    let head = String::from_utf8_lossy(head);
    assert!(head.starts_with("HTTP/1.1 101 Switching Protocols\r\nDate: "), "{head}");
    assert_eq!(lines_with(&head, &["Upgrade: websocket"]).len(), 1, "{head}");
    assert_eq!(lines_with(&head, &["Connection: Upgrade"]).len(), 1, "{head}");
    // The answer to the key in RFC 6455.
    assert_eq!(lines_with(&head, &["Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="]).len(), 1, "{head}");
    assert_eq!(head.lines().filter(|line| !line.is_empty()).count(), 7, "{head}");
    assert_eq!(
        frames,
        b"\x81\x0cText false 2\x8a\x01p\x81\x13Continuation true 1\x88\x00",
        "{}",
        frames.escape_ascii()
    );
}

/// All that comes for a request and frames after it, until the server closes.
fn everything(server: &Server, what: &str, frames: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(&[asking(what).as_bytes(), frames].concat()).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    all
}

#[test]
fn a_pong_is_waited_for() {
    let server = ground(ALL, "").start();
    let mut socket = converse(&server, "ping");
    // What is sent before the pong is kept.
    socket.send(Message::text("before")).unwrap();
    assert_eq!(socket.read().unwrap(), Message::Ping(b"are you there".to_vec().into()));
    socket.flush().unwrap();
    assert_eq!(text(&mut socket), "true true Some(Text([98, 101, 102, 111, 114, 101])) false");
    assert_eq!(closed(&mut socket), Some((1000, String::new())));
}

#[test]
fn who_breaks_the_protocol_is_told() {
    let ground = ground(ALL, "");
    let server = ground.start();
    let broken: [(&[u8], u16); 6] = [
        (b"\x81\x02hi", 1002),
        (b"\xf1\x80\0\0\0\0", 1002),
        (b"\x80\x80\0\0\0\0", 1002),
        (b"\x83\x80\0\0\0\0", 1002),
        (b"\x89\xfe\x01\0\0\0\0\0", 1002),
        (b"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 1009),
    ];
    for (frame, status) in broken {
        let all = everything(&server, "echo", frame);
        assert!(all.ends_with(&[&[0x88, 2][..], &status.to_be_bytes()].concat()), "{}", all.escape_ascii());
    }
    // Who goes in the middle of a frame leaves nothing behind.
    for part in [&b""[..], b"\x81", b"\x81\xfe\x10", b"\x82\xff\0\0\0\0\0\x7f\xff\xff\0\0\0\0part"] {
        let mut connection = Connection::open(server.address()).unwrap();
        connection.send(asking("echo").as_bytes()).unwrap();
        connection.send(part).unwrap();
        drop(connection);
    }
    assert_eq!(call(&server, "exists_config_define;X"), "false");
    assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new());
}

#[test]
fn who_asks_for_no_websocket_gets_none() {
    let server = ground(ALL, "").start();
    let all = asking("echo");
    let without =
        |line: &str| all.lines().filter(|other| *other != line).map(|line| format!("{line}\r\n")).collect::<String>();
    let requests = [
        all.replace("GET ", "POST ").replace("Host: localhost\r\n", "Host: localhost\r\nContent-Length: 2\r\n") + "ab",
        all.replace("Host: localhost\r\n", "Host: localhost\r\nContent-Length: 2\r\n") + "ab",
        all.replace("HTTP/1.1", "HTTP/1.0"),
        all.replace("Version: 13", "Version: 8"),
        all.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"),
        without("Upgrade: websocket"),
        without("Connection: keep-alive, Upgrade"),
        without("Sec-WebSocket-Version: 13"),
        without("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    for request in requests {
        let mut connection = Connection::open(server.address()).unwrap();
        connection.send(request.as_bytes()).unwrap();
        let answer = connection.receive(false).unwrap();
        assert_eq!(String::from_utf8_lossy(&answer.body), "None: nothing is there\n", "{request}");
    }
    let answer = |what: &str| {
        let mut connection = Connection::open(server.address()).unwrap();
        connection.send(asking(what).as_bytes()).unwrap();
        let answer = connection.receive(false).unwrap();
        String::from_utf8_lossy(&answer.body).into_owned()
    };
    assert!(answer("bad-header").contains("a header of the answer is none"), "{}", answer("bad-header"));
    assert!(answer("late").starts_with("too lateNotNow: "), "{}", answer("late"));
}

#[test]
fn wrong_handles_and_values_are_codes() {
    let server = ground(ALL, "").start();
    let mut socket = converse(&server, "wrong");
    let expected = "[-2, -2, -2, -2, -2, -2, -2, -2, -3] [-3, -3, -3, -3, -3, -3, -3, -3, -3, -4, -2, -2, -2]";
    assert_eq!(text(&mut socket), expected);
    let mut socket = converse(&server, "closed");
    assert_eq!(closed(&mut socket), Some((1000, "done".to_string())));
    let _ = socket.flush();
    assert!(socket.read().is_err());
}

#[test]
fn a_guest_that_fails_ends_the_conversation_only() {
    let ground: Ground = ground(&format!("{ALL}\nWasmTimeLimit 300ms"), "");
    let server = ground.start();
    let mark = server.mark();
    let mut socket = converse(&server, "trap");
    assert_eq!(text(&mut socket), "about to fail");
    // Nothing of an error page comes.
    assert!(matches!(socket.read(), Ok(Message::Close(_)) | Err(_)));
    let mut socket = converse(&server, "loop");
    // Waiting leaves the guest no more time than the limit.
    std::thread::sleep(Duration::from_secs(4));
    socket.send(Message::text("go")).unwrap();
    let began = Instant::now();
    assert!(matches!(socket.read(), Ok(Message::Close(_)) | Err(_)));
    assert!(began.elapsed() < patience(Duration::from_secs(3)), "{:?}", began.elapsed());
    let log = log_with(&server, mark, &["failed in ap_hook_handler", "300"]);
    assert_eq!(lines_with(&log, &["failed in ap_hook_handler"]).len(), 2, "{log}");
    assert_eq!(crate::ground::status(&fetch(&server, "/quiet.txt")), 200);
}

#[test]
fn a_guest_that_talks_on_when_nobody_is_there_comes_to_its_end() {
    let ground: Ground = ground(&format!("{ALL}\nWasmTimeLimit 300ms"), "");
    let server = ground.start();
    let mark = server.mark();
    let mut socket = converse(&server, "talker");
    assert_eq!(text(&mut socket), "x");
    drop(socket);
    let log = log_with(&server, mark, &["failed in ap_hook_handler", "300"]);
    assert_eq!(lines_with(&log, &["failed in ap_hook_handler", "300"]).len(), 1, "{log}");
    assert_eq!(crate::ground::status(&fetch(&server, "/quiet.txt")), 200);
}

#[test]
fn silence_lasts_as_long_as_timeout_says() {
    let server = ground(ALL, "Timeout 2\n").start();
    let mut socket = converse(&server, "patient");
    let began = Instant::now();
    let first = text(&mut socket);
    assert!(first.starts_with("Err(\"Failed(70007, "), "{first}");
    assert!((2..6).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    socket.send(Message::text("here")).unwrap();
    assert_eq!(text(&mut socket), "Some(Text([104, 101, 114, 101]))");
    assert_eq!(
        socket.read().unwrap(),
        Message::Close(Some(tungstenite::protocol::CloseFrame { code: CloseCode::Normal, reason: "".into() }))
    );
}

#[test]
fn the_same_goes_through_tls() {
    let ground = ground(ALL, "");
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "1",
            "-subj",
            "/CN=localhost",
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
        ])
        .current_dir(ground.root.path())
        .output()
        .expect("scripts/setup installs openssl");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let port = free_port().unwrap();
    let own = std::fs::read_to_string(ground.path("own.conf")).unwrap();
    let tls = format!(
        "LoadModule ssl_module modules/mod_ssl.so\nListen 127.0.0.1:{port}\n<VirtualHost *:{port}>\nSSLEngine on\n\
         SSLCertificateFile cert.pem\nSSLCertificateKeyFile key.pem\n</VirtualHost>\n"
    );
    ground.file("own.conf", (own + &tls).as_bytes());
    let _server = ground.start();
    let mut client = Command::new("openssl")
        .args(["s_client", "-quiet", "-ign_eof", "-connect", &format!("127.0.0.1:{port}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut says = client.stdin.take().unwrap();
    says.write_all(asking("ping").as_bytes()).unwrap();
    // A text before the pong, and the pong, with masks that change nothing.
    says.write_all(b"\x81\x82\0\0\0\0hi\x8a\x8d\0\0\0\0are you there").unwrap();
    let mut all = Vec::new();
    client.stdout.take().unwrap().read_to_end(&mut all).unwrap();
    client.wait().unwrap();
    let said = b"true true Some(Text([104, 105])) false";
    let end = [&b"\x89\x0dare you there\x81"[..], &[said.len() as u8], said, b"\x88\x02\x03\xe8"].concat();
    assert!(all.starts_with(b"HTTP/1.1 101 ") && all.ends_with(&end), "{}", all.escape_ascii());
}
