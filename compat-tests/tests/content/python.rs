//! Python with its standard library, 20 MB and more that others wrote, as one program: it answers a form in CGI mode.
use crate::ground::{Ground, ask, first_answer, get, header, log_with, post, status, text};
use compat_tests::memcheck::patience;
use std::sync::Once;
use std::time::Duration;

/// To compile it takes half a minute, so that the tests of a run don't all begin with it.
static COMPILED: Once = Once::new();

fn ground() -> Ground {
    let ground = Ground::new(
        "<Location /form>\nSetHandler wasm-handler\nWasmModule python.wasm\nWasmArg /app/form.py\nWasmMapDir /app %ROOT%/app\nWasmEnableCGI On\nWasmTimeLimit 60s\nWasmMemoryLimit 256M\n</Location>\n\
         <Location /form/raises>\nWasmArg /app/raises.py\n</Location>\n\
         <Location /form/exits>\nWasmArg /app/exits.py\n</Location>\n\
         <Location /form/leaves>\nWasmArg /app/leaves.py\n</Location>\n\
         <Location /form/wrong>\nWasmArg /app/wrong.py\n</Location>\n\
         <Location /form/missing>\nWasmArg /app/missing.py\n</Location>\n\
         <Location /form/endless>\nWasmArg /app/endless.py\nWasmTimeLimit 1s\n</Location>\n",
    );
    ground.interpreter("python", "form.py");
    ground.file("app/raises.py", b"print('Content-Type: text/plain\\n')\n{}['nothing']\n");
    ground.file("app/exits.py", b"import sys\nprint('Content-Type: text/plain\\n')\nsys.exit(3)\n");
    ground.file("app/leaves.py", b"print(open('/app/../secret.txt').read())\n");
    ground.file("secret.txt", b"for nobody");
    ground.file("app/wrong.py", b"print('Content-Type: text/plain\n");
    ground.file("app/endless.py", b"while True: pass\n");
    COMPILED.call_once(|| drop(ground.site.config_test().unwrap()));
    ground
}

#[test]
fn it_answers_a_form() {
    let ground = ground();
    assert!(std::fs::metadata(ground.path("python.wasm")).unwrap().len() > 20_000_000);
    let server = ground.start();
    let asked = get(&server, "/form?name=J%C3%BCrgen+%3C3&count=100");
    assert_eq!(
        text(&asked),
        "<form method=post><input name=name value=\"Jürgen &lt;3\"><input name=count value=\"100\"></form>\n\
         <p>Hello, Jürgen &lt;3: 338350 in 100 squares</p>\n"
    );
    assert_eq!(header(&asked, "Content-Type").as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(header(&asked, "X-Fields").as_deref(), Some(r#"{"name": "J\u00fcrgen <3", "count": "100"}"#));
    assert!(text(&get(&server, "/form")).ends_with("<p>Hello, nobody: 1 in 1 squares</p>\n"));
    let posted = post(&server, "/form?name=Otto", "name=Anna&count=3");
    assert!(text(&posted).ends_with("<p>Hello, Anna: 14 in 3 squares</p>\n"), "{}", posted.render());
    let chunked = b"POST /form HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nname\r\n5\r\n=Anna\r\n0\r\n\r\n";
    assert!(text(&ask(&server, chunked)).contains("Hello, Anna: 1 "));
    let refused = get(&server, "/form?count=%3Cmany%3E");
    assert_eq!(status(&refused), 400);
    assert_eq!(refused.body, b"<p>&lt;many&gt; is no count</p>\n");
}

#[test]
fn its_failures_are_its_own() {
    let ground = ground();
    let server = ground.start();
    let child = server.children();
    for (path, why) in [
        ("/form/raises", "mod_wasm: python.wasm: KeyError: "),
        ("/form/exits", "mod_wasm: python.wasm failed: guest exited with status 3"),
        ("/form/leaves", "mod_wasm: python.wasm: "),
        ("/form/wrong", "SyntaxError"),
        ("/form/missing", "mod_wasm: python.wasm failed: guest exited with status "),
        ("/form/endless", "mod_wasm: python.wasm failed: time limit of 1000 ms exceeded"),
    ] {
        let mark = server.mark();
        let failed = get(&server, path);
        assert_eq!(status(&failed), 500, "{path}: {}", failed.render());
        assert!(!failed.render().contains("for nobody"));
        log_with(&server, mark, why);
        assert_eq!(status(&get(&server, "/form")), 200, "after {path}");
    }
    assert_eq!(server.children(), child);
}

#[test]
fn no_start_compiles_it_again() {
    let ground = ground();
    let said = ground.site.run(&["-t", "-e", "debug"]).unwrap().stderr;
    assert!(said.contains("compiled code from the cache") && !said.contains("compiled now"), "{said}");
    // 100 ms are the aim (docs/content.md), which a busy machine misses; to compile it takes half a minute.
    let most = patience(Duration::from_secs(5));
    let server = ground.start();
    first_answer(&server, "a start", most);
    server.graceful().unwrap();
    first_answer(&server, "a graceful restart", most);
    server.restart_hard().unwrap();
    first_answer(&server, "a restart", most);
}
