//! What a file is: the kinds of guests, and what is none.

use super::*;

#[test]
fn modules_are_classified() {
    let runtime = child(&Settings::default());
    let kind = |exports: &[&str]| {
        let exports: String = exports.iter().map(|name| format!("(func (export \"{name}\"))")).collect();
        load(&runtime, &format!("(module {exports})")).map(|artifact| artifact.kind)
    };
    assert_eq!(kind(&["apache_abi_version_1"]).unwrap(), Kind::Extension { abi_version: 1 });
    assert_eq!(kind(&["apache_abi_version_2", "apache_abi_version_1"]).unwrap(), Kind::Extension { abi_version: 1 });
    assert_eq!(kind(&["proxy_abi_version_0_2_1"]).unwrap(), Kind::ProxyWasm);
    assert_eq!(kind(&["_start"]).unwrap(), Kind::Command);
    assert_eq!(kind(&["run"]).unwrap(), Kind::Plain);
    let error = kind(&["apache_abi_version_2"]).unwrap_err();
    assert!(matches!(&error, LoadError::AbiVersion { found } if found == "2"));
    assert!(error.to_string().contains("version 2 of the ABI"), "{error}");

    let artifact = load(&runtime, r#"(module (import "apache" "log" (func)) (memory (export "memory") 1))"#).unwrap();
    assert_eq!(artifact.exports, ["memory"]);
    assert_eq!(artifact.hash.len(), 64);
}

#[test]
fn what_is_no_module_is_told_apart() {
    let runtime = child(&Settings::default());
    let dir = Dir::new();
    let module = wat::parse_str(r#"(module (func (export "run") (result i32) (i32.const 5)))"#).unwrap();
    let precompiled = runtime.engines()[0].precompile_module(&module).unwrap();
    let mut invalid = module.clone();
    let last = invalid.len() - 3;
    invalid[last] = 0xff;
    let cases: [(&[u8], &str); 11] = [
        (b"", "empty file, not a WebAssembly module"),
        (b"\0as", "truncated WebAssembly module: ends within its header"),
        (b"\0asm\x01\0", "truncated WebAssembly module: ends within its header"),
        (&module[..module.len() - 4], "truncated WebAssembly module: "),
        (b"\0asm\x0d\0\x01\0", "a WebAssembly component, not a core module"),
        (b"\0asm\x02\0\0\0", "a WebAssembly module of an unknown binary version"),
        (b";; hello\n  (module)", "WebAssembly text, not a binary module"),
        (b"\x7fELF\x02\x01\x01", "not a WebAssembly module"),
        (&precompiled, "code precompiled by wasmtime, not a WebAssembly module"),
        (&invalid, "invalid WebAssembly module: "),
        (b"<html>", "not a WebAssembly module"),
    ];
    for (bytes, told) in cases {
        let error = runtime.load(&dir.file("guest.wasm", bytes)).err().unwrap().to_string();
        assert!(error.starts_with(told), "{error} instead of {told}");
    }
    let error = runtime.load(&dir.0.join("missing.wasm")).err().unwrap();
    assert!(matches!(error, LoadError::Read(_)), "{error}");
    let error = runtime.load(Path::new("/dev/zero")).err().unwrap();
    assert!(matches!(error, LoadError::NotAFile), "{error}");
    let large = dir.file("large.wasm", b"\0asm\x01\0\0\0");
    fs::File::options().write(true).open(&large).unwrap().set_len((64 << 20) + 1).unwrap();
    assert!(matches!(runtime.load(&large), Err(LoadError::TooLarge)));
}

#[test]
fn an_unknown_import_is_named() {
    let runtime = child(&Settings::default());
    let guest = |import: &str| {
        let artifact = load(&runtime, &format!("(module {import})")).unwrap();
        let mut linker = runtime.linker::<State>();
        linker.define(|linker| linker.func_wrap("host", "known", || ()).map(|_| ())).unwrap();
        Guest::link(&artifact, &linker).err()
    };
    assert!(guest(r#"(import "host" "known" (func))"#).is_none());
    let error = guest("(import \"wasi_snapshot_preview1\" \"fd_\\0awrite\" (func))").unwrap();
    assert!(matches!(&error, LoadError::Import { module, .. } if module == "wasi_snapshot_preview1"));
    assert_eq!(error.to_string(), "unknown import wasi_snapshot_preview1::fd_?write");
    let error = guest(r#"(import "host" "known" (func (param i32)))"#).unwrap();
    assert!(matches!(error, LoadError::Link(_)), "{error}");
}
