//! CGI mode, with httpd's own CGI as the judge: the same output, by a shell script and by a program, has to become the same
//! answer and the same lines in the log; and both are told the same.
use crate::ground::{Ground, ask, get, log_with, status, text};
use compat_tests::answer::{Answer, printable};
use compat_tests::server::Server;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

/// What a CGI program may write, by name.
const OUTPUTS: &[(&str, &[u8])] = &[
    ("plain", b"Content-Type: text/plain\n\nbody\n"),
    ("crlf", b"Content-Type: text/plain\r\n\r\nbody\r\n"),
    ("no-type", b"X-Own: 1\n\nbody"),
    ("head-only", b"Content-Type: text/plain\n\n"),
    ("empty-line-first", b"\nContent-Type: text/plain\n\nbody"),
    ("status", b"Status: 404 Nothing here\nContent-Type: text/plain\n\nown page\n"),
    ("status-number", b"Status: 418\n\nteapot"),
    ("status-201", b"Status: 201 Created\nLocation: /made\nContent-Type: text/plain\n\nmade\n"),
    ("status-304", b"Status: 304 Not Modified\nETag: \"x\"\n\n"),
    ("status-302", b"Status: 302 Found\nLocation: http://localhost/there\nContent-Type: text/html\n\nown words\n"),
    ("status-500", b"Status: 500 Mine\nContent-Type: text/plain\n\nmy own error\n"),
    ("location", b"Location: http://localhost/there\n\nnobody reads this\n"),
    ("local", b"Location: /index.html\nContent-Type: text/plain\n\nnobody reads this\n"),
    ("local-query", b"Location: /index.html?a=b\n\n"),
    ("local-missing", b"Location: /not/there\n\n"),
    ("cookies", b"Set-Cookie: a=1\nSet-Cookie: b=2\nContent-Type: text/plain\n\nx"),
    ("repeated", b"X-List: 1\nX-List: 2\nContent-Type: text/plain\n\nx"),
    ("length-is-wrong", b"Content-Length: 2\nContent-Type: text/plain\n\nfour"),
    ("transfer-encoding", b"Transfer-Encoding: chunked\nContent-Type: text/plain\n\nfour"),
    ("spaces", b"Content-Type:   Text/Plain;Charset=UTF-8   \nX-Space:    y  \n\nx"),
    ("case", b"content-type: text/plain\nx-LOWER: y\n\nx"),
    ("bytes", b"Content-Type: application/octet-stream\nX-Byte: \xfc\n\n\x00\x01\xff\n\n"),
    ("modified", b"Last-Modified: Mon, 02 Jan 2023 03:04:05 GMT\nETag: \"e\"\nContent-Type: text/plain\n\nx"),
    ("nothing", b""),
    ("no-head", b"just words\nand more\n"),
    ("no-end", b"Content-Type: text/plain\n"),
    ("cut-name", b"Content-Type: text/plain\nX-Cut"),
    ("no-colon", b"Content-Type: text/plain\nthis is no header\n\nbody\n"),
    ("status-odd", b"Status: abc\nContent-Type: text/plain\n\nbody\n"),
    ("folded", b"Content-Type: text/plain\nX-Fold: a\n b\n\nbody\n"),
];

/// Both servers' answers to the same request: `/n/name` is httpd's own CGI, `/w/name` the program.
fn ground(outputs: &[(&str, &[u8])]) -> Ground {
    let mut own = "Alias /n %ROOT%/scripts\nAlias /w %ROOT%/scripts\n<Location /n>\nSetHandler cgi-script\nOptions +ExecCGI\n</Location>\n\
                   <Location /w>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmEnableCGI On\nWasmMapDir /out %ROOT%/out\n</Location>\n\
                   <Location /w/env>\nWasmArg env\n</Location>\n<Location /w/to-env>\nWasmModule to-env.wasm\n</Location>\n"
        .to_owned();
    for (name, _) in outputs {
        own += &format!("<Location /w/{name}>\nWasmArg raw\nWasmArg /out/{name}\n</Location>\n");
    }
    let ground = Ground::new(&own);
    let script = |name: &str, text: String| {
        let path = ground.file(&format!("scripts/{name}"), text.as_bytes());
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
    };
    // The ETag of a file that has just been written is a weak one, for a second.
    let index = std::fs::File::options().write(true).open(ground.path("htdocs/index.html")).unwrap();
    index.set_modified(SystemTime::now() - Duration::from_secs(60)).unwrap();
    script("env", "#!/bin/sh\necho 'Content-Type: text/plain'\necho\nenv\n".to_owned());
    // The same by a program that never looks at its environment.
    script("to-env", "#!/bin/sh\nexec printf 'Location: /n/env?told\\n\\n'\n".to_owned());
    ground.program(
        "to-env.wasm",
        "(module (import \"wasi_snapshot_preview1\" \"fd_write\" (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export \"memory\") 1) (data (i32.const 0) \"\\10\\00\\00\\00\\17\\00\\00\\00\") (data (i32.const 16) \"Location: /n/env?told\\n\\n\")
          (func (export \"_start\") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))",
    );
    for (name, bytes) in outputs {
        let path = ground.file(&format!("out/{name}"), bytes);
        script(name, format!("#!/bin/sh\nexec cat {}\n", path.display()));
    }
    ground
}

/// An answer without what may differ natively as well: its date, and how its body is framed.
fn comparable(answer: &Answer) -> String {
    let mut lines = vec![printable(&answer.head.status_line)];
    for header in &answer.head.headers {
        let name = header.name.to_ascii_lowercase();
        if ![&b"date"[..], b"content-length", b"transfer-encoding"].contains(&name.as_slice()) {
            lines.push(format!("{}: {}", printable(&header.name), printable(&header.value)));
        }
    }
    lines.push(printable(&answer.body));
    lines.join("\n").replace("/n/", "/w/")
}

/// What was logged, without who says it and when.
fn logged(server: &Server, mark: u64) -> Vec<String> {
    let log = server.log_since(mark).unwrap();
    log.lines()
        .filter_map(|line| line.split_once("[client ")?.1.split_once("] "))
        .map(|(_, text)| text.replace("/n/", "/w/"))
        .collect()
}

fn judge(server: &Server, request: &dyn Fn(&str) -> String) {
    let (name, mut answers) = (request("*"), Vec::new());
    for place in ["/n/", "/w/"] {
        let mark = server.mark();
        let answer = ask(server, request(place).as_bytes());
        // httpd's CGI logs before it answers, save for what it reads after the head.
        answers.push((comparable(&answer), logged(server, mark)));
    }
    assert_eq!(answers[0], answers[1], "{name}");
}

#[test]
fn heads_become_what_they_become_natively() {
    let ground = ground(OUTPUTS);
    let server = ground.start();
    for (name, _) in OUTPUTS {
        for method in ["GET", "HEAD", "POST"] {
            judge(&server, &|place| {
                format!("{method} {place}{name} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
            });
        }
    }
}

#[test]
fn conditions_hold_as_natively() {
    let ground = ground(OUTPUTS);
    let server = ground.start();
    for (name, header) in [
        ("modified", "If-None-Match: \"e\""),
        ("modified", "If-None-Match: \"other\""),
        ("modified", "If-Modified-Since: Mon, 02 Jan 2023 03:04:05 GMT"),
        ("modified", "If-Modified-Since: Mon, 02 Jan 2022 03:04:05 GMT"),
        ("modified", "If-Match: \"other\""),
        ("status", "If-None-Match: *"),
    ] {
        judge(&server, &|place| format!("GET {place}{name} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n"));
    }
}

#[test]
fn both_are_told_the_same() {
    let ground = ground(&[]);
    let server = ground.start();
    for request in [
        "GET /*/env HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /*/env/more/%C3%BC%20x?a=b&c=%2f HTTP/1.1\r\nHost: localhost\r\nX-One: 1\r\nX-Odd-Name.x: y\r\nCookie: a=b\r\nProxy: no\r\nAuthorization: Basic eDp5\r\n\r\n",
        "POST /*/env?q HTTP/1.1\r\nHost: localhost\r\nContent-Type: a/b\r\nContent-Length: 3\r\n\r\nabc",
        "GET /*/env HTTP/1.0\r\nX-Twice: 1\r\nX-Twice: 2\r\n\r\n",
        // What came before is told under other names.
        "GET /*/to-env/more?a=b HTTP/1.1\r\nHost: localhost\r\nX-One: 1\r\n\r\n",
        "GET /*/env HTTP/1.1\r\nHost: localhost\r\nX-Bytes: \u{fc}\u{20ac}\r\nReferer: \r\n\r\n",
    ] {
        let told = |place: &str| {
            let answer = ask(&server, request.replace("/*/", place).as_bytes());
            assert_eq!(status(&answer), 200, "{}", answer.render());
            let mut lines: Vec<String> = answer
                .body
                .split(|byte| *byte == b'\n')
                .map(|line| printable(line).replace("/n/", "/w/").replace("=/n", "=/w"))
                .collect();
            // Of the connection, and what a shell adds by itself.
            lines.retain(|line| {
                !["REMOTE_PORT=", "REDIRECT_REMOTE_PORT=", "PWD=", "SHLVL=", "_=", "OLDPWD="]
                    .iter()
                    .any(|name| line.starts_with(name))
            });
            lines.sort();
            lines
        };
        assert_eq!(told("/n/"), told("/w/"), "{request}");
    }
}

#[test]
fn a_head_may_be_long_and_come_in_pieces() {
    let line = format!("X-Long: {}\n", "v".repeat(3_000));
    let long = format!("Content-Type: text/plain\n{}\nbody\n", line.repeat(40));
    // A line of more than httpd's buffer is an error natively too.
    let too_long = format!("Content-Type: text/plain\nX: {}\n\nbody\n", "v".repeat(9_000));
    let endless = "X: y\n".repeat(400_000);
    let ground =
        ground(&[("long", long.as_bytes()), ("too-long", too_long.as_bytes()), ("endless", endless.as_bytes())]);
    let server = ground.start();
    judge(&server, &|place| format!("GET {place}long HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    judge(&server, &|place| format!("GET {place}too-long HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    let mark = server.mark();
    assert_eq!(status(&get(&server, "/w/endless")), 500);
    log_with(&server, mark, "Premature end of script headers: endless");
    assert_eq!(text(&get(&server, "/w/env")).lines().filter(|line| line.starts_with("SCRIPT_NAME=")).count(), 1);
}

#[test]
fn a_program_in_a_page_may_be_another_one_s_content() {
    let own = "<Location /page>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmEnableCGI On\nWasmArg raw\nWasmMapDir /out %ROOT%/out\nWasmArg /out/page\n\
               SetOutputFilter INCLUDES\nOptions +Includes\n</Location>\n\
               <Location /part>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmArg hello\n</Location>\n";
    let ground = Ground::new(own);
    ground.file("out/page", b"Content-Type: text/html\n\nbefore <!--#include virtual=\"/part\" --> after\n");
    let server = ground.start();
    for _ in 0..20 {
        assert_eq!(text(&get(&server, "/page")), "before Hello, world!\n after\n");
    }
}
