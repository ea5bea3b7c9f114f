//! What a configuration can't say: httpd doesn't start, and names file and line.
use crate::ground::{Ground, get, log_with, status};

/// What `-t` says of a section with these lines, without the file's place.
fn refused(lines: &str, files: &[(&str, &[u8])]) -> String {
    let ground = Ground::new(&format!("<Location /x>\nSetHandler wasm-handler\n{lines}\n</Location>\n"));
    for (name, bytes) in files {
        ground.file(name, bytes);
    }
    let said = ground.refusal();
    assert!(
        said.contains("Syntax error on line 3 of ROOT/own.conf:")
            || said.contains("Syntax error on line 4 of ROOT/own.conf:"),
        "{said}"
    );
    said.lines().filter(|line| !line.contains("Syntax error")).collect::<Vec<_>>().join("\n")
}

#[test]
fn files_that_are_no_programs() {
    let extension = std::fs::read(Ground::new("").dist("mod_hello.wasm")).unwrap();
    let component = b"\0asm\x0d\0\x01\0".as_slice();
    for (file, bytes, why) in [
        ("missing.wasm", None, "WasmModule missing.wasm: No such file or directory (os error 2)"),
        ("text.wasm", Some(b"(module)".as_slice()), "WasmModule text.wasm: WebAssembly text, not a binary module"),
        ("empty.wasm", Some(b"".as_slice()), "WasmModule empty.wasm: empty file, not a WebAssembly module"),
        ("script.wasm", Some(b"#!/bin/sh\n".as_slice()), "WasmModule script.wasm: not a WebAssembly module"),
        ("cut.wasm", Some(b"\0asm\x01\0\0\0\x01".as_slice()), "WasmModule cut.wasm: truncated WebAssembly module"),
        ("component.wasm", Some(component), "WasmModule component.wasm: a WebAssembly component, not a core module"),
        (
            "mod.wasm",
            Some(extension.as_slice()),
            "WasmModule mod.wasm: a guest for WasmApacheModule or for hooks (it exports apache_abi_version_1), not a program",
        ),
    ] {
        let files: Vec<_> = bytes.map(|bytes| (file, bytes)).into_iter().collect();
        let said = refused(&format!("WasmModule {file}"), &files);
        assert!(said.contains(why), "{said}");
    }
    assert!(refused("WasmModule /", &[]).contains("WasmModule /: not a regular file"));
}

#[test]
fn imports_that_there_are_not() {
    let wasm =
        wat::parse_str("(module (import \"env\" \"system\" (func (param i32))) (func (export \"_start\")))").unwrap();
    assert!(
        refused("WasmModule p.wasm", &[("p.wasm", &wasm)]).contains("WasmModule p.wasm: unknown import env::system")
    );
    let wasm = wat::parse_str("(module (import \"wasi_unstable\" \"fd_write\" (func (param i32 i32 i32 i32) (result i32))) (func (export \"_start\")))").unwrap();
    assert!(refused("WasmModule p.wasm", &[("p.wasm", &wasm)]).contains("unknown import wasi_unstable::fd_write"));
}

#[test]
fn arguments_that_make_no_sense() {
    for (lines, why) in [
        ("WasmModule", "WasmModule takes one argument, the file of a WASI program"),
        ("WasmModule a b", "WasmModule takes one argument"),
        ("WasmArg", "WasmArg takes one argument, an argument of the program"),
        ("WasmEnv NAME", "WasmEnv takes two arguments, a variable of the program's environment, and its value"),
        ("WasmEnv A=B c", "WasmEnv: a variable's name is not empty and has no ="),
        ("WasmDir", "WasmDir takes one argument, a directory that the program may use"),
        ("WasmMapDir /a", "WasmMapDir takes two arguments"),
        ("WasmEnableCGI Perhaps", "WasmEnableCGI must be On or Off"),
        ("WasmMapCGIFileNames /a /b", "WasmMapCGIFileNames must be On or Off"),
        (
            "WasmModule %PROGRAM%\nWasmEntryPoint nowhere",
            "WasmEntryPoint: program.wasm does not export a function nowhere",
        ),
        (
            "WasmEntryPoint nowhere\nWasmModule %PROGRAM%",
            "WasmEntryPoint: program.wasm does not export a function nowhere",
        ),
    ] {
        let said = refused(lines, &[]);
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn what_is_only_known_with_the_request() {
    let ground = Ground::new(
        "<Location /none>\nSetHandler wasm-handler\n</Location>\n\
         <Location /plain>\nSetHandler wasm-handler\nWasmModule plain.wasm\n</Location>\n\
         <Location /typed>\nSetHandler wasm-handler\nWasmModule typed.wasm\n</Location>\n",
    );
    ground.program("plain.wasm", "(module (memory (export \"memory\") 1) (func (export \"other\")))");
    ground.program("typed.wasm", "(module (memory (export \"memory\") 1) (func (export \"_start\") (param i32)))");
    let server = ground.start();
    for (path, why) in [
        ("/none", "no WasmModule for what wasm-handler is to answer"),
        ("/plain", "plain.wasm failed: it does not export a function _start without parameters and results"),
        ("/typed", "typed.wasm failed: it does not export a function _start without parameters and results"),
    ] {
        let mark = server.mark();
        assert_eq!(status(&get(&server, path)), 500);
        log_with(&server, mark, why);
    }
}
