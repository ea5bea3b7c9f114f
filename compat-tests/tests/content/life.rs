//! The server's life around programs: restarts, files that change, children that come and go.
use crate::ground::{Ground, get, status, text};
use crate::hazard::wait;
use std::path::PathBuf;

const PROGRAM: &str = "<Location /p>\nSetHandler wasm-handler\nWasmModule p.wasm\n</Location>\n";

/// A program that says something.
fn saying(words: &str) -> String {
    format!(
        "(module (import \"wasi_snapshot_preview1\" \"fd_write\" (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export \"memory\") 1) (data (i32.const 0) \"\\10\\00\\00\\00\\{:02x}\\00\\00\\00\") (data (i32.const 16) \"{words}\")
          (func (export \"_start\") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))",
        words.len()
    )
}

#[test]
fn a_replaced_file_takes_effect_at_a_restart() {
    let ground = Ground::new(PROGRAM);
    ground.program("p.wasm", &saying("first"));
    let server = ground.start();
    assert_eq!(text(&get(&server, "/p")), "first");
    ground.program("p.wasm", &saying("second"));
    assert_eq!(text(&get(&server, "/p")), "first");
    // prefork loses signals that come while it still makes its first children.
    std::thread::sleep(std::time::Duration::from_millis(500));
    server.restart_hard().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(text(&get(&server, "/p")), "second");
}

#[test]
fn a_broken_file_at_a_graceful_restart_leaves_the_old_program() {
    let ground = Ground::new(PROGRAM);
    ground.program("p.wasm", &saying("old"));
    let server = ground.start();
    assert_eq!(text(&get(&server, "/p")), "old");
    ground.file("p.wasm", b"broken");
    // httpd tests the config before it signals.
    assert!(ground.refusal().contains("WasmModule p.wasm: not a WebAssembly module"));
    assert!(ground.site.run(&["-k", "graceful"]).unwrap().code != Some(0));
    assert_eq!(text(&get(&server, "/p")), "old");
}

#[test]
fn restarts_lose_no_request() {
    let ground = Ground::new(PROGRAM);
    ground.program("p.wasm", &saying("well"));
    let server = ground.start();
    std::thread::scope(|scope| {
        let restarts = scope.spawn(|| {
            for _ in 0..8 {
                server.graceful().unwrap();
                std::thread::sleep(std::time::Duration::from_millis(150));
            }
        });
        while !restarts.is_finished() {
            assert_eq!(text(&get(&server, "/p")), "well");
        }
        restarts.join().unwrap();
    });
}

#[test]
fn children_come_and_go() {
    let ground = Ground::new(&format!(
        "MaxConnectionsPerChild 5\n{PROGRAM}<Location /loop>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmArg loop\nWasmTimeLimit 100ms\n</Location>\n"
    ));
    ground.program("p.wasm", &saying("well"));
    let server = ground.start();
    for _ in 0..40 {
        assert_eq!(text(&get(&server, "/p")), "well");
    }
    // Limits of time hold in the children that came later as well: threads don't survive a fork.
    assert_eq!(status(&get(&server, "/loop")), 500);
}

#[test]
fn nothing_is_compiled_twice() {
    let ground =
        Ground::new(&format!("{PROGRAM}<Location /again>\nSetHandler wasm-handler\nWasmModule p.wasm\n</Location>\n"));
    ground.program("p.wasm", &saying(&format!("at {}", ground.site.port)));
    let said = || ground.site.run(&["-t", "-e", "debug"]).unwrap().stderr;
    let first = said();
    // Two sections name the file.
    assert_eq!((first.matches("p.wasm (SHA-256").count(), first.matches("compiled now").count()), (1, 1), "{first}");
    let then = said();
    assert!(then.contains("compiled code from the cache") && !then.contains("compiled now"), "{then}");
    let server = ground.start();
    assert_eq!(text(&get(&server, "/again")), format!("at {}", ground.site.port));
}

#[test]
fn a_restart_keeps_what_has_not_changed() {
    let ground = Ground::new(&format!("WasmCacheDir %ROOT%/cache\n{PROGRAM}"));
    ground.program("p.wasm", &saying("as before"));
    let cache = ground.path("cache");
    std::fs::create_dir(&cache).unwrap();
    let cached = || std::fs::read_dir(&cache).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let server = ground.start();
    for code in cached() {
        std::fs::remove_file(code).unwrap();
    }
    // prefork loses signals that come while it still makes its first children.
    std::thread::sleep(std::time::Duration::from_millis(500));
    // Neither compiled nor asked for in the cache.
    server.restart_hard().unwrap();
    assert_eq!(text(&get(&server, "/p")), "as before");
    assert_eq!(cached(), [] as [PathBuf; 0]);
    ground.program("p.wasm", &saying("as it is now"));
    server.restart_hard().unwrap();
    wait(20, "the new program answers", || text(&get(&server, "/p")) == "as it is now");
    assert_eq!(cached().len(), 1);
}

#[test]
fn no_thread_is_there_but_httpds_and_the_clock() {
    let ground = Ground::new(
        "<Location /q>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmEnableCGI On\nWasmArg query\nWasmMapDir / %ROOT%\n</Location>\n",
    );
    let server = ground.start();
    let threads = || -> usize {
        let count = |pid: &i32| std::fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count);
        server.children().iter().map(count).max().unwrap_or(0)
    };
    text(&get(&server, "/q?hello"));
    let before = threads();
    for query in ["list+/", "read+/own.conf", "sleep+5", "clock", "args"] {
        text(&get(&server, &format!("/q?{query}")));
    }
    assert_eq!(threads(), before);
    assert_eq!(std::fs::read_dir(format!("/proc/{}/task", server.pid())).unwrap().count(), 1);
}
