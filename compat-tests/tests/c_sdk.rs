//! What the C SDK has beside httpd's own functions: a guest calls each, and prints what is expected. That every host function
//! can be called from C is conformance.rs's to show, whole programs are lua.rs's.
#![allow(missing_docs, reason = "tests")]

#[path = "hazards/ground.rs"]
#[allow(dead_code, reason = "shared with hazards.rs")]
mod ground;

use compat_tests::client::Connection;
use compat_tests::server::{Mpm, Server};
use ground::Ground;
use std::os::unix::fs::PermissionsExt;

const FUNCTIONS: [&str; 7] = ["texts", "tables", "cookies", "body", "form", "database", "files"];

fn server() -> (Ground, Server) {
    let ground = Ground::new(Mpm::from_env().unwrap());
    ground.file("sdk.wasm", &std::fs::read(ground.dist("sdk.wasm")).expect("scripts/build makes it"));
    ground.file("data/.keep", b"");
    std::fs::set_permissions(ground.path("data"), PermissionsExt::from_mode(0o777)).unwrap();
    let root = ground.root.path().display().to_string();
    let handlers: String = FUNCTIONS.iter().map(|name| format!("WasmMapHandler ^/{name}$ sdk.wasm {name}\n")).collect();
    ground.configure(&format!(
        "LoadModule env_module modules/mod_env.so\nLoadModule dbd_module modules/mod_dbd.so\nWasmApi +file +database\n\
         SetEnv DATABASE {root}/data/t.db\nSetEnv WRITTEN {root}/data/written\n{handlers}\
         WasmOutputFilter MARKED sdk.wasm marked\n<Location /quiet.txt>\nSetOutputFilter MARKED\n</Location>\n"
    ));
    let server = ground.start();
    (ground, server)
}

/// Status, head and body of the answer to a request.
fn ask(server: &Server, request: &str) -> (u16, String, String) {
    let mut connection = Connection::open(server.address()).unwrap();
    connection.send(request.as_bytes()).unwrap();
    let answer = connection.receive(false).unwrap();
    (answer.head.code().unwrap(), answer.render(), String::from_utf8_lossy(&answer.body).into_owned())
}

fn get(server: &Server, target: &str) -> String {
    let (status, shown, body) =
        ask(server, &format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nCookie: known=yes\r\n\r\n"));
    assert_eq!(status, 200, "{shown}");
    body
}

fn post(target: &str, kind: &str, body: &str) -> String {
    format!(
        "POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn texts_tables_cookies_and_files() {
    let (ground, server) = server();
    assert_eq!(get(&server, "/texts"), "&lt;a&amp;b&gt;|a+b%2fc|a\\nb|a b/c|(none)\n(none) \n");
    assert_eq!(get(&server, "/tables"), "one=1;one=2;empty=; 3\n");
    let (_, shown, body) = ask(&server, "GET /cookies HTTP/1.1\r\nHost: localhost\r\nCookie: known=yes\r\n\r\n");
    assert_eq!(body, "yes (none) 0 -3\n");
    for part in ["Set-Cookie: a=b+c;", "HttpOnly;", "Path=/p;", "SameSite=Lax;"] {
        assert!(shown.contains(part) && !shown.contains("X-Split"), "{shown}");
    }
    assert_eq!(get(&server, "/files"), "0 0 -5\n");
    assert_eq!(std::fs::read_to_string(ground.path("data/written")).unwrap(), "one\ntwo\n");
    assert_eq!(get(&server, "/quiet.txt"), "[quiet\n]");
    server.stop().unwrap();
}

#[test]
fn bodies_and_forms() {
    let (_ground, server) = server();
    for length in [0, 1, 65_535, 65_536, 200_000, 300_000] {
        let body: String = (0..length).map(|at| char::from(b'a' + (at % 23) as u8)).collect();
        let sum = body.bytes().fold(0u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        let (status, shown, said) = ask(&server, &post("/body", "text/plain", &body));
        assert_eq!((status, said), (200, format!("{length} {sum}\n")), "{shown}");
    }
    assert_eq!(ask(&server, &post("/body", "text/plain", &"x".repeat(300_001))).0, 413);
    let (status, _, said) =
        ask(&server, &post("/form?q=1&q2=a%20b", "application/x-www-form-urlencoded", "a=1+2&b=&c=%3C"));
    assert_eq!(
        (status, said.as_str()),
        (200, "q=1;q2=a b; a,(none),(none),3,1 2 b,(none),(none),0, c,(none),(none),1,< (none)\n")
    );
    let multipart = "--X\r\nContent-Disposition: form-data; name=\"f\"; filename=\"n.txt\"\r\nContent-Type: text/plain\r\n\r\nv\r\n--X--\r\n";
    let (status, _, said) = ask(&server, &post("/form", "multipart/form-data; boundary=X", multipart));
    assert_eq!((status, said.as_str()), (200, " f,n.txt,text/plain,1,v (none)\n"));
    let (status, _, said) = ask(&server, &post("/form", "text/plain", "a=1"));
    assert_eq!((status, said.as_str()), (200, " (none)\n"));
    assert_eq!(
        ask(&server, &post("/form", "application/x-www-form-urlencoded", &format!("a={}", "x".repeat(20_000)))).0,
        413
    );
    server.stop().unwrap();
}

#[test]
fn a_database() {
    let (_ground, server) = server();
    assert_eq!(
        get(&server, "/database"),
        "0 1 1\n0 2 2 a b\nrow x'y 1\nrow (none) 2\nend (none) (none)\n-5 says why\n1 1\n"
    );
    server.stop().unwrap();
}
