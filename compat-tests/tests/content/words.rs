//! A program in C with wasi-libc: its streams, its environment, its files, its exit.
use crate::ground::{Ground, get, header, log_with, post, status, text};
use std::path::Path;
use std::process::Command;

#[test]
fn a_program_in_c_answers() {
    let ground = Ground::new(
        "<Location /words>\nSetHandler wasm-handler\nWasmModule words.wasm\nWasmArg /texts/one\nWasmMapDir /texts %ROOT%/texts\nWasmEnableCGI On\nWasmEnv OWN_B 2\nWasmEnv OWN_A 1\n</Location>\n\
         <Location /words/none>\nWasmArg /texts/none\n</Location>\n",
    );
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content/words.c");
    let made = Command::new("clang")
        .args(["--target=wasm32-wasi", "-O2", "-Wall", "-o"])
        .arg(ground.path("words.wasm"))
        .arg(source)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    ground.file("texts/one", b"one two  three\nfour");
    let server = ground.start();
    let mark = server.mark();
    let answer = post(&server, "/words", "a b c");
    assert_eq!(text(&answer), "/texts/one has 4 words\nOWN_A=1\nOWN_B=2\n");
    assert_eq!(header(&answer, "X-Words").as_deref(), Some("3"));
    log_with(&server, mark, "mod_wasm: words.wasm: counted for 127.0.0.1");
    assert_eq!(status(&get(&server, "/words/none")), 500);
    log_with(&server, mark, "mod_wasm: words.wasm: words: No such file or directory");
}
