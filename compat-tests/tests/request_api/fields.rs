//! Every field is read; those that can be written are, with good and bad values; tables.

use super::ground::status;
use super::{ask, call, ground, header, text};
use compat_tests::client::Connection;
use compat_tests::server::Server;
use host_api::fields::{FIELDS, Kind};

fn number(name: &str) -> usize {
    FIELDS.iter().position(|field| field.name == name).unwrap_or_else(|| panic!("no field {name}"))
}

fn read(server: &Server, name: &str) -> String {
    let kind = if FIELDS[number(name)].kind == Kind::Text { "text" } else { "number" };
    call(server, &format!("{kind};{}", number(name)))
}

#[test]
fn fields_say_what_httpd_says() {
    let own = "LoadModule authn_core_module modules/mod_authn_core.so\nServerAdmin admin@example.org\nLimitRequestBody 12345\nLimitXMLRequestBody 54321\nKeepAliveTimeout 7\n\
               <VirtualHost *>\nServerName localhost\nServerAlias one.example *.two.example\nServerPath /path\n\
               <Location /api>\nAuthName \"a realm\"\nAuthType Basic\n</Location>\n\
               <Directory />\nOptions Indexes ExecCGI\nAllowOverride FileInfo Limit\n</Directory>\n</VirtualHost>\n";
    let ground = ground("", own);
    let server = ground.start();
    for (name, expected) in [
        ("AUTH_NAME", "a realm"),
        ("AUTH_TYPE", "Basic"),
        ("OPTIONS", "Indexes   ExecCGI  "),
        ("ALLOWOVERRIDES", "Limit  FileInfo  "),
        ("ALLOW_OVERRIDES", "5"),
        ("CONTENT_LANGUAGES", "NONE"),
        ("VLIST_VALIDATOR", "NONE"),
        ("PARSED_URI_PATH", "/api"),
        ("PARSED_URI_FRAGMENT", "NONE"),
        ("PARSED_URI_PORT", "0"),
        ("CONN_PROTOCOL", "http/1.1"),
        ("SERVER_PATH", "/path"),
        ("SERVER_NAMES", "one.example *.two.example"),
        ("SERVER_IS_VIRTUAL", "1"),
        ("SERVER_TIMEOUT", "20000000"),
        ("SERVER_KEEP_ALIVE", "1"),
        ("SERVER_KEEP_ALIVE_MAX", "0"),
        ("SERVER_KEEP_ALIVE_TIMEOUT", "7000000"),
        ("LIMIT_REQ_BODY", "12345"),
        ("LIMIT_XML_BODY", "54321"),
        ("LIMIT_REQ_FIELDS", "100"),
        ("LIMIT_REQ_FIELDSIZE", "8190"),
        ("METHOD_NUMBER", "0"),
        ("SENT_BODYCT", "0"),
        ("CHUNKED", "0"),
        ("KEPT_BODY", "-1"),
        ("NO_CACHE", "0"),
        ("NO_LOCAL_COPY", "0"),
        ("CONN_ABORTED", "0"),
        ("CONN_OUTGOING", "0"),
        ("CONN_SECONDARY", "0"),
        ("CONN_KEEPALIVE", "0"),
        ("SOME_AUTH_REQUIRED", "1"),
    ] {
        assert_eq!(read(&server, name), expected, "{name}");
    }
    assert_eq!(read(&server, "LOCAL_PORT"), server.address().port().to_string());
    assert!(read(&server, "PARSED_URI_QUERY").starts_with("text;"));
    assert!(read(&server, "SERVER_BUILT").starts_with("20"), "{}", read(&server, "SERVER_BUILT"));
    assert!(read(&server, "SERVER_DEFN_NAME").ends_with(".conf"));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64;
    let started: i64 = read(&server, "STARTED").parse().unwrap();
    assert!((now - 120..=now).contains(&started), "{started}");
    let ports = [read(&server, "CLIENT_PORT"), read(&server, "REMOTE_PORT")];
    assert!(ports.iter().all(|port| port.parse::<u16>().is_ok_and(|port| port > 1_000)), "{ports:?}");
}

#[test]
fn fields_are_written() {
    let ground = ground("", "");
    let server = ground.start();
    let set = |name: &str, value: &str| call(&server, &format!("set;{};{value}", number(name)));
    assert_eq!(set("METHOD", "M-SEARCH"), "0 M-SEARCH");
    assert_eq!(set("CONTENT_LANGUAGES", "en,%20de%20,,fr"), "0 en,de,fr");
    assert_eq!(set("STATUS_LINE", "200%20Fine"), "0 200 Fine");
    assert_eq!(call(&server, &format!("unset;{}", number("CONTENT_LANGUAGES"))), "0 NONE");
    let set = |name: &str, value: &str| call(&server, &format!("set-number;{};{value}", number(name)));
    assert_eq!(set("ALLOWED", "5"), "0 5");
    assert_eq!(set("NO_CACHE", "1"), "0 1");
    assert_eq!(set("NO_LOCAL_COPY", "1"), "0 1");
    assert_eq!(set("MTIME", "1000000"), "0 1000000");
    for proxyreq in 0..3 {
        assert_eq!(set("PROXYREQ", &proxyreq.to_string()), format!("0 {proxyreq}"));
    }
    let sent = ask(&server, "GET", &format!("set;{};x-test", number("CONTENT_ENCODING")), "", b"");
    assert_eq!(header(&sent, "Content-Encoding"), "x-test");
    let sent = ask(&server, "GET", &format!("set;{};en,de", number("CONTENT_LANGUAGES")), "", b"");
    assert_eq!(header(&sent, "Content-Language"), "en,de");
    let sent = ask(&server, "GET", &format!("set;{};200%20Fine", number("STATUS_LINE")), "", b"");
    assert_eq!(sent.head.status_line, b"HTTP/1.1 200 Fine");
}

#[test]
fn what_a_field_cannot_hold_is_refused() {
    let ground = ground("", "");
    let server = ground.start();
    for (name, value) in [
        ("METHOD", ""),
        ("METHOD", "A%20B"),
        ("METHOD", "GET%0d%0aX:%20y"),
        ("STATUS_LINE", "200%20OK%0d%0aX-Split:%20y"),
        ("THE_REQUEST", "x"),
        ("SERVER_NAMES", "x"),
    ] {
        let answer = call(&server, &format!("set;{};{value}", number(name)));
        assert!(answer.starts_with("-3 "), "{name} {value}: {answer}");
    }
    assert!(call(&server, &format!("unset;{}", number("METHOD"))).starts_with("-3 GET"));
    assert!(call(&server, "set;9999;x").starts_with("-3 "));
    for (name, value) in [
        ("NO_CACHE", "2"),
        ("MTIME", "-1"),
        ("CLENGTH", "-1"),
        ("PROXYREQ", "4"),
        ("STATUS", "99"),
        ("CONN_ID", "1"),
        ("REMAINING", "1"),
    ] {
        let answer = call(&server, &format!("set-number;{};{value}", number(name)));
        assert!(answer.starts_with("-3 "), "{name} {value}: {answer}");
    }
    // httpd itself stops what can't be sent, and never sends a part of it.
    for split in
        ["header;X-A;a%0d%0aX-Split:%20yes", "header;X-A%0d%0aX-Split;yes", "type;text/plain%0d%0aX-Split:%20yes"]
    {
        let answer = ask(&server, "GET", split, "", b"");
        assert_eq!(status(&answer), 500, "{split}: {}", answer.render());
        assert_eq!(header(&answer, "X-Split"), "");
    }
    assert_eq!(
        text(&ask(&server, "GET", &format!("set;{};a%0d%0aX-Split:%20y", number("USER")), "", b"")),
        "0 a\\r\\nX-Split: y"
    );
}

#[test]
fn tables_hold_several_values_and_trailers() {
    let ground = ground("", "");
    let server = ground.start();
    assert_eq!(
        call(&server, "tables"),
        "Name=first, more;name=second;other=line\\r\\nbreak; 2 other=line\\r\\nbreak; -3"
    );
    let body = b"5\r\nhello\r\n0\r\nX-Sum: 5\r\nX-Sum: 6\r\n\r\n";
    let answer = ask(&server, "POST", "trailers", "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n", body);
    assert_eq!(text(&answer), "5 X-Sum=5, 6;");
}

#[test]
fn a_connection_has_notes_and_a_request_its_kin() {
    let ground = ground("", "");
    let server = ground.start();
    let mut connection = Connection::open(server.address()).unwrap();
    for count in 0..5 {
        let answer = super::ground::get(&mut connection, "/api?connection");
        assert_eq!(text(&answer), format!("{count} {count}"));
    }
    assert_eq!(call(&server, "connection"), "0 0");
    assert!(call(&server, "kin").starts_with("false false None"));
    assert_eq!(call(&server, "visits"), "Some(1)");
    assert_eq!(call(&server, "redirect;/api?visits"), "Some(2)");
}

#[test]
fn document_root_and_context_are_the_request_s_own() {
    let ground = ground("", "");
    let server = ground.start();
    assert_eq!(call(&server, "prefix;/p;/tmp/root"), "(true, true) /p /tmp/root /tmp/root");
    assert_ne!(read(&server, "DOCUMENT_ROOT"), "/tmp/root");
    assert_eq!(call(&server, "url;/a?b"), "http://localhost/a?b");
}
