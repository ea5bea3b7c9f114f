//! Cookies, validators, error texts, interim answers.

use super::ground::{fetch, status};
use super::{ask, call, ground, header, text};

#[test]
fn cookies_are_read() {
    let ground = ground("", "");
    let server = ground.start();
    let read = |name: &str, cookies: &str| text(&ask(&server, "GET", &format!("cookie;{name}"), cookies, b""));
    assert_eq!(read("b", "Cookie: a=1; b=x%20y; c=3\r\n"), "x%20y");
    assert_eq!(read("b", "Cookie: a=1\r\nCookie: b=2\r\n"), "2");
    assert_eq!(read("bb", "Cookie: b=1\r\n"), "NONE");
    assert_eq!(read("b", ""), "NONE");
    assert_eq!(text(&ask(&server, "GET", "cookie-codes", "Cookie: twice=1; twice=2\r\n", b"")), "[-3, -3, -5]");
}

#[test]
fn cookies_are_set() {
    let ground = ground("", "");
    let server = ground.start();
    let set = |call: &str| header(&ask(&server, "GET", call, "", b""), "Set-Cookie");
    assert_eq!(set("set-cookie;a;b;0"), "a=b;     Path=/;");
    assert_eq!(
        set("set-cookie;a%3b;x%20%0d%0ay%3d;86400"),
        "a%3b=x+%0d%0ay%3d;  Expires=Fri, 02 Jan 1970 00:00:00 GMT;   Path=/;"
    );
    assert_eq!(
        set("set-cookie-all;a;b;/p;example.org"),
        "a=b; Secure; Expires=Fri, 02 Jan 1970 00:00:00 GMT; HttpOnly; Domain=example.org; Path=/p; SameSite=Lax; Partitioned;"
    );
    for bad in [
        "set-cookie-all;a;b;/p%0d%0aX-Split:y;d",
        "set-cookie-all;a;b;/p;d%3bx",
        "set-cookie-all;;b;/p;d",
        "set-cookie;a;b;-1",
    ] {
        let answer = ask(&server, "GET", bad, "", b"");
        assert_eq!((text(&answer), header(&answer, "Set-Cookie")), ("false".into(), String::new()), "{bad}");
    }
}

#[test]
fn error_texts_are_the_request_s_own() {
    let ground = ground("", "");
    let server = ground.start();
    let answer = fetch(&server, "/api?custom;403;Go%20away");
    assert_eq!((status(&answer), answer.body.as_slice()), (403, &b"Go away"[..]));
    let answer = fetch(&server, "/api?custom;404;/plain");
    assert_eq!((status(&answer), answer.body.as_slice()), (404, &b"All is well.\n"[..]));
    let answer = fetch(&server, "/api?custom;403;http://example.org/x");
    assert_eq!((status(&answer), header(&answer, "Location")), (302, "http://example.org/x".into()));
    let answer = fetch(&server, "/api?custom;403;http://example.org/x%0d%0aX-Split:y");
    assert_eq!(header(&answer, "X-Split"), "");
}

#[test]
fn interim_answers() {
    let ground = ground("", "");
    let server = ground.start();
    let answer = fetch(&server, "/api?interim;103;Link;%3C/style.css%3E");
    assert_eq!(text(&answer), "true 200 true");
    assert_eq!(answer.informational.len(), 1);
    assert_eq!(answer.informational[0].code(), Some(103));
    assert_eq!(answer.informational[0].values("Link").collect::<Vec<_>>(), [b"</style.css>"]);
    assert_eq!(header(&answer, "Link"), "");
    for bad in [
        "interim;103;Link;a%0d%0aX-Split:y",
        "interim;103;Link%0d%0aX;y",
        "interim;103;A%20B;y",
        "interim;200;Link;y",
        "interim;101;Link;y",
    ] {
        let answer = fetch(&server, &format!("/api?{bad}"));
        assert_eq!((text(&answer), answer.informational.len()), ("false 200 true".into(), 0), "{bad}");
    }
    assert_eq!(text(&fetch(&server, "/api?interim-late")), "begun\nfalse");
    assert_eq!(call(&server, "interim-line"), "-3 false");
}

#[test]
fn validators_and_conditions() {
    let ground = ground("", "<Location /api>\nFileETag None\n</Location>\n");
    let server = ground.start();
    assert_eq!(call(&server, "etag;0"), "NONE");
    let own = super::ground("", "");
    let file = std::fs::File::open(own.file("htdocs/api", b"a file")).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(86_400)).unwrap();
    let server = own.start();
    assert!(call(&server, "etag;0").starts_with("\\\""), "{}", call(&server, "etag;0"));
    assert!(call(&server, "etag;1").starts_with("W/\\\""), "{}", call(&server, "etag;1"));
    let time = "784111777000000";
    let fresh = fetch(&server, &format!("/api?conditions;{time}"));
    assert_eq!(
        (text(&fresh), header(&fresh, "Last-Modified")),
        ("fresh".into(), "Sun, 06 Nov 1994 08:49:37 GMT".into())
    );
    assert_eq!(header(&fresh, "Accept-Ranges"), "bytes");
    let asked =
        ask(&server, "GET", &format!("conditions;{time}"), "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n", b"");
    assert_eq!(status(&asked), 304);
    let asked = ask(
        &server,
        "GET",
        &format!("conditions;{time}"),
        "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n",
        b"",
    );
    assert_eq!(status(&asked), 412);
}

#[test]
fn connection_length_and_methods() {
    let ground = ground("", "");
    let server = ground.start();
    assert_eq!(call(&server, "keepalive"), "true NONE");
    assert_eq!(text(&ask(&server, "GET", "keepalive", "Connection: close\r\n", b"")), "false close");
    assert_eq!(header(&fetch(&server, "/api?length;10"), "Content-Length"), "10");
    let answer = fetch(&server, "/api?allow;1;PUT%20PATCH");
    let mut allowed: Vec<_> = header(&answer, "Allow").split(',').map(str::to_owned).collect();
    allowed.sort();
    assert_eq!((status(&answer), allowed), (405, vec!["PATCH".to_owned(), "PUT".into(), "TRACE".into()]));
    assert_eq!(text(&fetch(&server, "/api?allow;1;GET%0d%0aX-Split:y")), "refused");
}
