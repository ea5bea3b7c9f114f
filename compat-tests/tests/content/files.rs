//! The directories that a program may use, and that it gets out of them in no way.
use crate::ground::{Ground, get, log_with, status, text};
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;

fn ground(lines: &str) -> Ground {
    let ground = Ground::new(&format!(
        "<Location /q>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmEnableCGI On\nWasmArg query\n{lines}\n</Location>\n"
    ));
    ground.file("inside/f", b"inside\n");
    ground.file("inside/sub/g", b"deeper\n");
    ground.open_folder("inside");
    ground.file("secret", b"secret\n");
    ground
}

#[test]
fn directories_are_seen_under_their_names() {
    let ground = ground("WasmDir %ROOT%/inside\nWasmMapDir /data %ROOT%/inside\nWasmMapDir . %ROOT%/inside/sub");
    let server = ground.start();
    let root = ground.root.path().display().to_string();
    assert_eq!(text(&get(&server, "/q?read+/data/f")), "inside\n");
    assert_eq!(text(&get(&server, &format!("/q?read+{root}/inside/sub/g"))), "deeper\n");
    assert_eq!(text(&get(&server, "/q?read+g")), "deeper\n");
    assert_eq!(text(&get(&server, "/q?list+/data")), "f\nsub\n");
    assert_eq!(text(&get(&server, "/q?write+/data/new+text")), "written\n");
    assert_eq!(text(&get(&server, "/q?append+/data/new+more")), "appended\n");
    assert_eq!(std::fs::read_to_string(ground.path("inside/new")).unwrap(), "textmore");
    // Relative to ServerRoot.
    ground.configure("<Location /q>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmArg read\nWasmArg /d/f\nWasmMapDir /d inside\n</Location>\n");
    server.restart_hard().unwrap();
    assert_eq!(text(&get(&server, "/q")), "inside\n");
}

#[test]
fn nothing_is_seen_without_being_given() {
    let ground = ground("");
    let server = ground.start();
    for path in ["/etc/passwd", "etc/passwd", "/", ".", "/tmp", "/proc/self/environ"] {
        assert_eq!(status(&get(&server, &format!("/q?read+{path}"))), 500, "{path}");
        assert_eq!(status(&get(&server, &format!("/q?list+{path}"))), 500, "{path}");
    }
}

#[test]
fn neither_dots_nor_links_lead_out() {
    let ground = ground("WasmMapDir /data %ROOT%/inside");
    symlink(ground.path("secret"), ground.path("inside/absolute")).unwrap();
    symlink("../secret", ground.path("inside/relative")).unwrap();
    symlink("..", ground.path("inside/up")).unwrap();
    symlink("/", ground.path("inside/root")).unwrap();
    symlink("sub/../../secret", ground.path("inside/round")).unwrap();
    symlink("sub/g", ground.path("inside/within")).unwrap();
    let server = ground.start();
    assert_eq!(text(&get(&server, "/q?read+/data/within")), "deeper\n");
    assert_eq!(text(&get(&server, "/q?read+/data/sub/../f")), "inside\n");
    for path in [
        "../secret",
        "sub/../../secret",
        "absolute",
        "relative",
        "up/secret",
        "root/etc/passwd",
        "round",
        "./././../secret",
        "sub/../../inside/../secret",
    ] {
        let answer = get(&server, &format!("/q?read+/data/{path}"));
        assert_eq!(status(&answer), 500, "{path}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("secret\n"), "{path}");
    }
    for path in ["../made", "up/made", "root/tmp/made", "relative", "absolute"] {
        assert_eq!(status(&get(&server, &format!("/q?write+/data/{path}+x"))), 500, "{path}");
    }
    assert_eq!(std::fs::read(ground.path("secret")).unwrap(), b"secret\n");
    assert!(!ground.path("made").exists());
    for path in ["..", "up", "root"] {
        assert_eq!(status(&get(&server, &format!("/q?list+/data/{path}"))), 500, "{path}");
    }
}

#[test]
fn a_directory_that_is_not_there_is_said_and_left_out() {
    let ground = ground("WasmMapDir /data %ROOT%/inside\nWasmMapDir /none %ROOT%/none");
    let server = ground.start();
    let mark = server.mark();
    assert_eq!(text(&get(&server, "/q?read+/data/f")), "inside\n");
    log_with(&server, mark, "none can't be opened: No such file or directory");
}

#[test]
fn an_inner_section_maps_another_directory() {
    let ground =
        ground("WasmMapDir /data %ROOT%/inside\n</Location>\n<Location /q/sub>\nWasmMapDir /data %ROOT%/inside/sub");
    let server = ground.start();
    assert_eq!(text(&get(&server, "/q?list+/data")), "f\nsub\n");
    assert_eq!(text(&get(&server, "/q/sub?list+/data")), "g\n");
}

#[test]
fn what_may_wait_for_others_is_not_opened() {
    let ground = ground(
        "WasmMapDir /data %ROOT%/inside\nWasmMapDir /dev /dev\n</Location>\n<Location /touch>\nSetHandler wasm-handler\nWasmModule touch.wasm\nWasmMapDir /data %ROOT%/inside",
    );
    let pipe = ground.path("inside/pipe");
    assert!(Command::new("mkfifo").args(["-m", "666"]).arg(&pipe).status().unwrap().success());
    symlink("pipe", ground.path("inside/link")).unwrap();
    let _socket = UnixListener::bind(ground.open_folder("inside/sub").join("socket")).unwrap();
    // Sets the times of /data/pipe, which opens it, and exits with the answer.
    ground.program(
        "touch.wasm",
        "(module (import \"wasi_snapshot_preview1\" \"path_filestat_set_times\" (func $set (param i32 i32 i32 i32 i64 i64 i32) (result i32)))
          (import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32))) (memory (export \"memory\") 1) (data (i32.const 0) \"pipe\")
          (func (export \"_start\") (call $exit (call $set (i32.const 3) (i32.const 1) (i32.const 0) (i32.const 4) (i64.const 0) (i64.const 0) (i32.const 5)))))",
    );
    let server = ground.start();
    // More often than there are threads: none of them may be lost.
    for _ in 0..3 {
        for what in [
            "read+/data/pipe",
            "write+/data/pipe+x",
            "append+/data/pipe+x",
            "read+/data/link",
            "read+/data/sub/socket",
            "read+/dev/tty",
            "read+/dev/null",
        ] {
            let mark = server.mark();
            assert_eq!(status(&get(&server, &format!("/q?{what}"))), 500, "{what}");
            log_with(&server, mark, "program.wasm: program: No such device or address (os error 60)");
        }
        let mark = server.mark();
        assert_eq!(status(&get(&server, "/touch")), 500);
        log_with(&server, mark, "touch.wasm failed: guest exited with status 60");
    }
    assert_eq!(text(&get(&server, "/q?read+/data/f")), "inside\n");
    assert_eq!(text(&get(&server, "/q?list+/data")), "f\nlink\npipe\nsub\n");
    assert_eq!(text(&get(&server, "/q?list+/data/sub")), "g\nsocket\n");
}
