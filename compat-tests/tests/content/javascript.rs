//! A whole language that others wrote: a JavaScript interpreter, compiled to WebAssembly, answers a form.
use crate::ground::{Ground, ask, first_answer, get, header, log_with, post, status, text};
use std::time::Duration;

fn ground() -> Ground {
    let ground = Ground::new(
        "<Location /form>\nSetHandler wasm-handler\nWasmModule javascript.wasm\nWasmArg /app/form.js\nWasmMapDir /app %ROOT%/app\nWasmEnableCGI On\nWasmTimeLimit 10s\nWasmMemoryLimit 128M\n</Location>\n\
         <Location /form/broken>\nWasmArg /app/broken.js\n</Location>\n\
         <Location /form/endless>\nWasmArg /app/endless.js\nWasmTimeLimit 1s\n</Location>\n\
         <Location /form/greedy>\nWasmArg /app/greedy.js\n</Location>\n",
    );
    ground.interpreter("javascript", "form.js");
    ground.file("app/broken.js", b"print('Content-Type: text/plain'); print(''); nothing.is.here");
    ground.file("app/endless.js", b"for (;;) {}");
    ground.file("app/greedy.js", b"let all = []; for (;;) all.push('x'.repeat(1000) + all.length);");
    ground
}

#[test]
fn it_answers_a_form() {
    let ground = ground();
    let server = ground.start();
    let empty = get(&server, "/form");
    assert_eq!(
        text(&empty),
        "<form method=post><input name=name value=\"\"><input name=count value=\"0\"></form>\n<p>Hello, nobody: 0 in 0 squares</p>\n"
    );
    assert_eq!(header(&empty, "Content-Type").as_deref(), Some("text/html; charset=utf-8"));
    let filled = post(&server, "/form", "name=J%C3%BCrgen+%3C3&count=100");
    assert!(text(&filled).ends_with("<p>Hello, Jürgen &#60;3: 328350 in 100 squares</p>\n"), "{}", filled.render());
    assert_eq!(header(&filled, "X-Fields").as_deref(), Some("2"));
    let chunked = b"POST /form HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nname\r\n5\r\n=Anna\r\n0\r\n\r\n";
    assert!(text(&ask(&server, chunked)).contains("Hello, Anna:"));
    assert!(text(&get(&server, "/form?name=Otto&count=3")).contains("Hello, Otto: 5 in 3 squares"));
}

#[test]
fn its_failures_are_its_own() {
    let ground = ground();
    let server = ground.start();
    let mark = server.mark();
    for (path, why) in [
        ("/form/broken", "mod_wasm: javascript.wasm: /app/broken.js: ReferenceError"),
        ("/form/endless", "mod_wasm: javascript.wasm failed: time limit of 1000 ms exceeded"),
        ("/form/greedy", "mod_wasm: javascript.wasm failed: "),
    ] {
        assert_eq!(status(&get(&server, path)), 500, "{path}");
        log_with(&server, mark, why);
        assert_eq!(status(&get(&server, "/form")), 200, "after {path}");
    }
}

#[test]
fn the_first_answer_after_a_start_comes_at_once() {
    let ground = ground();
    // Compiles it, where no test has yet.
    ground.start().stop().unwrap();
    let server = ground.start();
    // 100 ms are the aim, which a busy machine misses; to compile it takes ten seconds.
    first_answer(&server, "a start", Duration::from_secs(1));
}
