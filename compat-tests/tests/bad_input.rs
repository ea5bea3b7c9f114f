//! Everything that can be wrong before the server serves: each is refused with httpd's own "Syntax error on line N of F", by a
//! text that says what to do, and `-t` and `-k start` fail. Which MPM would have served doesn't matter.
#![allow(missing_docs, reason = "tests")]

#[path = "hazards/ground.rs"]
#[allow(dead_code, reason = "shared with hazards.rs")]
mod ground;

use compat_tests::server::{Mpm, Server};
use ground::{Ground, assemble, binary, text};

fn ground() -> Ground {
    Ground::new(Mpm::Event)
}

/// What `httpd -t` says of these lines, which must be refused at `line` of own.conf.
fn refused(ground: &Ground, own: &str, line: usize) -> String {
    let said = ground.configure(own).refusal();
    // A directive that runs while the file is read is told as LoadModule is, on one line; any other after a line break.
    let place = format!("Syntax error on line {line} of ROOT/own.conf:");
    let (_, text) = said.split_once(&place).unwrap_or_else(|| panic!("not at {place}\n{said}"));
    text.trim_ascii_start().lines().next().unwrap_or_default().to_owned()
}

/// A file named `guest.wasm` with these bytes, in the third line of the config.
fn refused_file(bytes: &[u8]) -> String {
    let ground = ground();
    ground.file("guest.wasm", bytes);
    refused(&ground, "\n\nWasmApacheModule guest_module guest.wasm\n", 3)
}

/// A text module.
fn refused_wat(wat: &str) -> String {
    refused_file(&binary(wat))
}

/// An extension of these items; `own` are the lines after it.
fn extension(items: &str) -> Vec<u8> {
    binary(&format!("(module {items} (func (export \"apache_abi_version_1\")))"))
}

/// A module that gives its name and does what else `body` says in `apache_module`.
fn describing(body: &str) -> Vec<u8> {
    extension(&format!(
        r#"(import "apache.module.1" "ap_module_name" (func $ap_module_name (param i32 i32) (result i32)))
        (import "apache.module.1" "ap_module_directive" (func $ap_module_directive (param i32 i32 i32 i32 i32 i32) (result i32)))
        (import "apache.module.1" "ap_module_output_filter" (func $ap_module_output_filter (param i32 i32 i32) (result i32)))
        (import "apache.module.1" "ap_module_hook" (func $ap_module_hook (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "mod_guest.c")
        {body}"#
    ))
}

const CANNOT: &str = "Cannot load ROOT/guest.wasm as guest_module: ";

#[track_caller]
fn assert_refused(said: String, why: &str) {
    assert_eq!(said, format!("{CANNOT}{why}"));
}

#[test]
fn no_such_file() {
    let said = refused(&ground(), "WasmApacheModule guest_module nowhere/guest.wasm\n", 1);
    assert_eq!(said, "Cannot load ROOT/nowhere/guest.wasm as guest_module: No such file or directory (os error 2)");
}

#[test]
fn a_folder() {
    let ground = ground();
    let said = refused(&ground, "WasmApacheModule guest_module htdocs\n", 1);
    assert_eq!(said, "Cannot load ROOT/htdocs as guest_module: not a regular file");
}

#[test]
fn an_empty_file() {
    assert_refused(refused_file(b""), "empty file, not a WebAssembly module");
}

#[test]
fn something_else() {
    assert_refused(refused_file(b"\x7fELF\x02\x01\x01\0and so on"), "not a WebAssembly module");
    assert_refused(refused_file(b"#!/bin/sh\n"), "not a WebAssembly module");
}

#[test]
fn webassembly_text() {
    assert_refused(
        refused_file(text("place/frame").as_bytes()),
        "WebAssembly text, not a binary module: assemble it first (wat2wasm, wasm-tools parse)",
    );
}

#[test]
fn a_truncated_module() {
    let whole = assemble("hook", "unreachable", &[("NAME", "guest"), ("TRIGGER", "x"), ("HOOK", "fixups")]);
    let said = refused_file(&whole[..whole.len() / 2]);
    assert!(said.starts_with(&format!("{CANNOT}truncated WebAssembly module: ")), "{said}");
    assert_refused(refused_file(&whole[..6]), "truncated WebAssembly module: ends within its header");
}

#[test]
fn a_module_that_is_damaged() {
    let mut damaged = assemble("hook", "unreachable", &[("NAME", "guest"), ("TRIGGER", "x"), ("HOOK", "fixups")]);
    let middle = damaged.len() / 2;
    damaged[middle..].fill(0xff);
    let said = refused_file(&damaged);
    assert!(said.starts_with(&format!("{CANNOT}invalid WebAssembly module: ")), "{said}");
}

#[test]
fn a_component() {
    assert_refused(
        refused_file(b"\0asm\x0d\0\x01\0"),
        "a WebAssembly component, not a core module: build it without componentizing (wasm32-unknown-unknown or wasm32-wasip1)",
    );
}

#[test]
fn a_wasi_command() {
    assert_refused(
        refused_wat(r#"(module (func (export "_start")))"#),
        "a WASI command (it exports _start), not an Apache module",
    );
}

#[test]
fn a_proxy_wasm_filter() {
    assert_refused(
        refused_wat(r#"(module (func (export "proxy_abi_version_0_2_1")))"#),
        "a proxy-wasm filter, not an Apache module",
    );
}

#[test]
fn a_module_of_no_kind() {
    assert_refused(refused_wat("(module)"), "not an Apache module: it does not export apache_abi_version_1");
}

#[test]
fn another_version_of_the_interface() {
    assert_refused(
        refused_wat(r#"(module (func (export "apache_abi_version_7")))"#),
        "built for version 7 of the ABI (export apache_abi_version_7), this server speaks version 1",
    );
}

#[test]
fn an_import_that_does_not_exist() {
    let import =
        |module: &str, name: &str| refused_file(&extension(&format!(r#"(import "{module}" "{name}" (func))"#)));
    assert_refused(
        import("apache.table.1", "apr_table_burn"),
        "it imports apr_table_burn of apache.table.1, which does not exist",
    );
    assert_refused(
        import("apache.tables.1", "apr_table_set"),
        "it imports apr_table_set of apache.tables.1, which does not exist",
    );
    assert_refused(import("env", "memcpy"), "it imports memcpy of env, which does not exist");
    assert_refused(
        import("wasi_snapshot_preview1", "fd_fly"),
        "it imports fd_fly of wasi_snapshot_preview1, which does not exist",
    );
    assert_refused(import("wasi_unstable", "fd_write"), "it imports fd_write of wasi_unstable, which does not exist");
    assert_refused(
        import("wasi_snapshot_preview1", "fd_write"),
        "cannot be linked: incompatible import type for `wasi_snapshot_preview1::fd_write`: types incompatible: expected type `(func)`, found type `(func (param i32 i32 i32 i32) (result i32))`",
    );
    // Line breaks and colours of a hostile name don't reach the terminal.
    assert_refused(import("env", "a\\0a\\1b[31mb"), "it imports a??[31mb of env, which does not exist");
}

#[test]
fn an_import_of_another_type() {
    let said = refused_file(&extension(r#"(import "apache.table.1" "apr_table_set" (func (param i64)))"#));
    assert!(said.starts_with(&format!("{CANNOT}cannot be linked: ")) && said.contains("apr_table_set"), "{said}");
}

#[test]
fn an_import_of_a_group_that_is_withheld() {
    let ground = ground();
    let import = r#"(import "apache.table.1" "apr_table_clear" (func (param i32 i32) (result i32)))"#;
    ground.file("guest.wasm", &extension(import));
    let own = "<WasmApacheModule guest_module guest.wasm>\n  WasmApi -table\n</WasmApacheModule>\n";
    let said = refused(&ground, own, 1);
    assert_refused(
        said,
        "it imports apr_table_clear of group table, which is not allowed here (WasmApi +table allows it)",
    );
}

#[test]
fn exports_of_another_type_and_none_at_all() {
    assert_refused(refused_file(&extension("")), "it does not export its memory as \"memory\"");
    let with = |items: &str| refused_file(&extension(&format!(r#"(memory (export "memory") 1) {items}"#)));
    assert_refused(with(""), "it does not export a function apache_module without parameters");
    assert_refused(
        with(r#"(func (export "apache_module") (param i32))"#),
        "it does not export a function apache_module without parameters",
    );
    let named = r#"(func (export "apache_module"))"#;
    assert_refused(with(named), "apache_module did not call ap_module_name");
    for (export, wrong) in [
        ("ap_hook_fixups", "(param i64) (result i32) (i32.const 0)"),
        ("ap_create_config", "(result i32) (i32.const 0)"),
        ("ap_output_filter", "(param i32)"),
        ("ap_config_hooks", "(param i32 i32) (result i32) (i32.const 0)"),
    ] {
        let said = with(&format!(r#"{named} (func (export "{export}") {wrong})"#));
        assert_refused(said, &format!("its export {export} has the wrong type"));
    }
    let memory = refused_file(&extension(r#"(func (export "memory")) (func (export "apache_module"))"#));
    assert_refused(memory, "it does not export its memory as \"memory\"");
}

#[test]
fn what_is_declared_must_be_exported() {
    let directive = r#"(func (export "apache_module")
        (drop (call $ap_module_name (i32.const 0) (i32.const 11)))
        (drop (call $ap_module_directive (i32.const 0) (i32.const 5) (i32.const 1) (i32.const 31) (i32.const 0) (i32.const 5))))"#;
    assert_refused(
        refused_file(&describing(directive)),
        "it declares directives but does not export ap_create_config and ap_directive",
    );
    let filter = r#"(func (export "apache_module")
        (drop (call $ap_module_name (i32.const 0) (i32.const 11)))
        (drop (call $ap_module_output_filter (i32.const 0) (i32.const 5) (i32.const 10))))"#;
    assert_refused(
        refused_file(&describing(filter)),
        "it declares output filters but does not export ap_output_filter",
    );
}

#[test]
fn what_others_have_already_cannot_be_taken() {
    let takes = |what: &str, length: usize, call: &str| {
        refused_file(&describing(&format!(
            r#"(data (i32.const 100) "{what}")
            (func (export "apache_module")
                (drop (call $ap_module_name (i32.const 0) (i32.const 11)))
                (drop (call {call} (i32.const 100) (i32.const {length}) {rest})))
            (func (export "ap_create_config") (param i32) (result i32) (i32.const 0))
            (func (export "ap_directive") (param i32 i32 i32) (result i32) (i32.const 0))
            (func (export "ap_output_filter") (param i32 i32 i32 i32 i32) (result i32) (i32.const 0))"#,
            rest = if call.contains("directive") {
                "(i32.const 1) (i32.const 223) (i32.const 0) (i32.const 0)"
            } else {
                "(i32.const 10)"
            },
        )))
    };
    assert_refused(
        takes("documentroot", 12, "$ap_module_directive"),
        "it declares the directive documentroot, which core.c has already",
    );
    assert_refused(
        takes("http_header", 11, "$ap_module_output_filter"),
        "it declares the output filter http_header, which is registered already",
    );
}

#[test]
fn hostile_descriptions() {
    // Whatever is refused here leaves the module without a name.
    let named = |data: &str, length: &str| {
        let mut wat =
            String::from(r#"(func (export "apache_module") (drop (call $ap_module_name (i32.const 100) (i32.const "#);
        wat += &format!("{length}))))\n(data (i32.const 100) \"{data}\")");
        refused_file(&describing(&wat))
    };
    for (data, length) in [
        ("mod_\\00.c", "7"),
        ("mod_\\0a.c", "7"),
        ("mod_\\1b[31m.c", "11"),
        ("mod x.c", "7"),
        ("\\ff\\fe", "2"),
        ("long", "5000"),
        ("", "0"),
    ] {
        assert_refused(named(data, length), "apache_module did not call ap_module_name");
    }
    let said = named("wild", "-1");
    assert_refused(said, "apache_module: wasm trap: out of bounds memory access at 0: <wasm function 4> (guest.wasm)");
}

#[test]
fn a_hook_that_wants_to_run_before_itself() {
    // APR's sorting would not end well (apr_hooks.c:tsort).
    let cycle = r#"(data (i32.const 100) "fixups") (data (i32.const 200) "mod_x.c mod_guest.c")
        (func (export "apache_module")
            (drop (call $ap_module_name (i32.const 0) (i32.const 11)))
            (drop (call $ap_module_hook (i32.const 100) (i32.const 6) (i32.const 10) (i32.const 200) (i32.const 19) (i32.const 0) (i32.const 0))))
        (func (export "ap_hook_fixups") (param i32) (result i32) (i32.const -1))"#;
    assert_refused(refused_file(&describing(cycle)), "no order of the hook fixups has mod_guest.c before mod_guest.c");
}

#[test]
fn thousands_of_directives() {
    let ground = ground();
    let many = describing(
        r#"(global $i (mut i32) (i32.const 0))
        (func (export "apache_module")
            (drop (call $ap_module_name (i32.const 0) (i32.const 11)))
            (loop $next
                (i32.store (i32.const 100) (i32.add (i32.const 0x61616161) (global.get $i)))
                (drop (call $ap_module_directive (i32.const 100) (i32.const 4) (i32.const 1) (i32.const 223) (i32.const 0) (i32.const 0)))
                (global.set $i (i32.add (global.get $i) (i32.const 1)))
                (br_if $next (i32.lt_u (global.get $i) (i32.const 5000)))))
        (func (export "ap_create_config") (param i32) (result i32) (i32.const 0))
        (func (export "ap_directive") (param i32 i32 i32) (result i32) (i32.const 0))"#,
    );
    ground.configure(&ground.module("guest", &many));
    let outcome = ground.site.config_test().unwrap();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
}

#[test]
fn two_modules_of_one_identifier() {
    let ground = ground();
    let guest = |name: &str| assemble("hook", "never", &[("NAME", name), ("TRIGGER", "x"), ("HOOK", "fixups")]);
    ground.file("one.wasm", &guest("one"));
    ground.file("two.wasm", &guest("two"));
    let said = refused(&ground, "WasmApacheModule my_module one.wasm\nWasmApacheModule my_module two.wasm\n", 2);
    assert_eq!(said, "module my_module is already loaded by another WasmApacheModule");
    let said = refused(&ground, "WasmApacheModule one_module one.wasm\nWasmApacheModule two_module one.wasm\n", 2);
    assert_eq!(
        said,
        "Cannot load ROOT/one.wasm as two_module: a module named mod_one.c is already loaded: remove its LoadModule to use the WebAssembly module in its place"
    );
}

#[test]
fn the_native_module_is_loaded_already() {
    let ground = ground();
    let headers = ground.dist("mod_headers.wasm").display().to_string();
    let native = "LoadModule headers_module modules/mod_headers.so\n";
    let said = refused(&ground, &format!("{native}WasmApacheModule headers_module \"{headers}\"\n"), 2);
    assert_eq!(
        said,
        "module headers_module is already loaded by LoadModule: remove that line to use the WebAssembly module in its place"
    );
    // The other way round it is httpd that refuses, and with a warning as for any module that is named twice.
    ground.configure(&format!("WasmApacheModule headers_module \"{headers}\"\n{native}"));
    let outcome = ground.site.config_test().unwrap();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(outcome.stderr.contains("AH01574: module headers_module is already loaded, skipping"), "{outcome:?}");
}

#[test]
fn a_guest_that_fails_while_it_is_loaded() {
    for (start, what) in [
        ("(func $main unreachable) (start $main)", ""),
        (r#"(func $main (export "_initialize") unreachable)"#, ""),
        (r#"(func $main (export "apache_module") unreachable)"#, "apache_module: "),
    ] {
        let said = refused_file(&extension(&format!(r#"(memory (export "memory") 1) {start}"#)));
        assert_refused(
            said,
            &format!("{what}wasm trap: wasm `unreachable` instruction executed at 0: main (guest.wasm)"),
        );
    }
    let endless = r#"(memory (export "memory") 1) (func $main (export "apache_module") (loop $again (br $again)))"#;
    assert_refused(
        refused_file(&extension(endless)),
        "apache_module: time limit of 1000 ms exceeded at 0: main (guest.wasm)",
    );
    let said = refused_file(&extension(r#"(memory (export "memory") 2000)"#));
    assert!(said.starts_with(&format!("{CANNOT}memory limit of 67108864 bytes reached, then ")), "{said}");
}

#[test]
fn a_guest_that_fails_when_the_config_is_whole() {
    let ground = ground();
    let guest = describing(
        r#"(func (export "apache_module") (drop (call $ap_module_name (i32.const 0) (i32.const 11))))
        (func $main (export "ap_hook_post_config") (param i32) (result i32) unreachable)"#,
    );
    ground.configure(&ground.module("guest", &guest));
    let error = Server::start(&ground.site).err().expect("it started").to_string();
    assert!(
        error.contains("mod_wasm: guest_module failed in ap_hook_post_config: wasm trap: wasm `unreachable` instruction executed at 0: main (guest.wasm)"),
        "{error}"
    );
}

#[test]
fn a_guest_that_fails_while_it_parses() {
    let ground = ground();
    let parsing = |fail: &str, place: &str| {
        let values: Vec<_> = [("NAME", "Guess"), ("TRIGGER", "x")]
            .into_iter()
            .chain(["CREATE", "DIRECTIVE", "MERGE", "HOOKS"].map(|p| (p, if p == place { "(call $fail)" } else { "" })))
            .collect();
        let guest = ground.module_with("guest", &assemble("config", fail, &values), "WasmTimeLimit 300ms");
        // The section takes three lines.
        refused(&ground, &format!("{guest}Guess something\n"), 4)
    };
    for (place, function) in
        [("CREATE", "ap_create_config"), ("DIRECTIVE", "ap_directive"), ("HOOKS", "ap_config_hooks")]
    {
        assert_eq!(
            parsing("unreachable", place),
            format!(
                "guest_module failed while parsing Guess: wasm trap: wasm `unreachable` instruction executed at 0: fail (guest.wasm) <- 1: {function} (guest.wasm)"
            )
        );
    }
    assert_eq!(
        parsing("endless_loop", "DIRECTIVE"),
        "guest_module failed while parsing Guess: time limit of 300 ms exceeded at 0: fail (guest.wasm) <- 1: ap_directive (guest.wasm)"
    );
    let deep = parsing("stack_overflow", "DIRECTIVE");
    assert!(deep.starts_with("guest_module failed while parsing Guess: wasm trap: call stack exhausted at 0: deep (guest.wasm) <- 1: deep"), "{deep}");
}

#[test]
fn a_directive_that_the_guest_refuses() {
    let ground = ground();
    let headers = ground.dist("mod_headers.wasm").display().to_string();
    let said = refused(
        &ground,
        &format!("WasmApacheModule headers_module \"{headers}\"\n\n<Location /a>\nHeader bake X y\n</Location>\n"),
        4,
    );
    assert_eq!(
        said,
        "first argument must be 'add', 'set', 'setifempty', 'append', 'merge', 'unset', 'echo', 'note', 'edit', or 'edit*'."
    );
}

#[test]
fn bad_settings() {
    let ground = ground();
    ground.file("guest.wasm", &assemble("hook", "never", &[("NAME", "guest"), ("TRIGGER", "x"), ("HOOK", "fixups")]));
    let setting = |line: &str| {
        refused(&ground, &format!("<WasmApacheModule guest_module guest.wasm>\n{line}\n</WasmApacheModule>\n"), 1)
    };
    for (line, why) in [
        ("WasmTimeLimit", "WasmTimeLimit takes one argument"),
        ("WasmTimeLimit 0", "WasmTimeLimit takes a time of 1ms to 1h, such as 500ms or 2s"),
        ("WasmTimeLimit 2h", "WasmTimeLimit takes a time of 1ms to 1h, such as 500ms or 2s"),
        ("WasmTimeLimit 99999999999999999999s", "WasmTimeLimit takes a time of 1ms to 1h, such as 500ms or 2s"),
        ("WasmTimeLimit -1s", "WasmTimeLimit takes a time of 1ms to 1h, such as 500ms or 2s"),
        ("WasmMemoryLimit 1", "WasmMemoryLimit takes a number of bytes, with K, M or G, from 64K to 4G"),
        ("WasmMemoryLimit 5G", "WasmMemoryLimit takes a number of bytes, with K, M or G, from 64K to 4G"),
        (
            "WasmMemoryLimit 18446744073709551615G",
            "WasmMemoryLimit takes a number of bytes, with K, M or G, from 64K to 4G",
        ),
        ("WasmMemoryLimit 1é", "WasmMemoryLimit takes a number of bytes, with K, M or G, from 64K to 4G"),
        ("WasmOnTrap explode", "WasmOnTrap takes fail or decline"),
        ("WasmApi", "WasmApi takes at least one argument"),
        (
            "Header set X y",
            "Header is not allowed in <WasmApacheModule>: WasmApi, WasmMemoryLimit, WasmTimeLimit, WasmOnTrap, WasmScope, WasmArg, WasmEnv, WasmDir, WasmMapDir are",
        ),
    ] {
        assert_eq!(setting(line), format!("line 2: {why}"), "{line}");
    }
    let said = setting("WasmApi +launch");
    assert!(
        said.starts_with(
            "line 2: WasmApi: no group launch; there are module, log, request, table, match, filter, server"
        ),
        "{said}"
    );
}

#[test]
fn a_section_that_is_not_closed() {
    let ground = ground();
    ground.file("guest.wasm", &assemble("hook", "never", &[("NAME", "guest"), ("TRIGGER", "x"), ("HOOK", "fixups")]));
    let said = refused(&ground, "\n<WasmApacheModule guest_module guest.wasm>\n  WasmTimeLimit 1s\n", 2);
    assert_eq!(said, "<WasmApacheModule> directive was not closed");
    let said =
        refused(&ground, "<WasmApacheModule guest_module guest.wasm\nWasmTimeLimit 1s\n</WasmApacheModule>\n", 1);
    assert_eq!(said, "<WasmApacheModule> directive missing closing '>'");
}

#[test]
fn arguments_that_are_missing_or_too_many() {
    let why = "WasmApacheModule takes two arguments, an identifier as for LoadModule, and a WebAssembly file";
    for line in ["WasmApacheModule", "WasmApacheModule guest_module", "WasmApacheModule a b c"] {
        assert_eq!(refused(&ground(), line, 1), why, "{line}");
    }
    assert_eq!(refused(&ground(), "WasmCacheDir", 1), "WasmCacheDir takes one argument: a folder, or none");
    assert_eq!(refused(&ground(), "WasmCacheDir a b", 1), "WasmCacheDir takes one argument: a folder, or none");
}

#[test]
fn inside_of_a_section_it_is_loaded_for_all_as_load_module_does() {
    let ground = ground();
    ground.file("guest.wasm", &assemble("hook", "never", &[("NAME", "guest"), ("TRIGGER", "x"), ("HOOK", "fixups")]));
    for (section, end) in
        [("<VirtualHost *:1>", "</VirtualHost>"), ("<Directory />", "</Directory>"), ("<Location />", "</Location>")]
    {
        for line in ["LoadModule headers_module modules/mod_headers.so", "WasmApacheModule guest_module guest.wasm"] {
            ground.configure(&format!("{section}\n{line}\n{end}\n"));
            let outcome = ground.site.run(&["-M"]).unwrap();
            assert_eq!(outcome.code, Some(0), "{outcome:?}");
            let module = line.split(' ').nth(1).unwrap();
            assert!(outcome.stdout.contains(&format!(" {module} (shared)")), "{outcome:?}");
        }
    }
}

#[test]
fn more_modules_than_there_is_room_for() {
    let ground = ground();
    let mut own = String::new();
    for i in 0..65 {
        let name = format!("guest{i}");
        own +=
            &ground.module(&name, &assemble("hook", "never", &[("NAME", &name), ("TRIGGER", "x"), ("HOOK", "fixups")]));
    }
    let said = refused(&ground, &own, 65);
    assert_eq!(
        said,
        "Cannot load ROOT/guest64.wasm as guest64_module: 64 WebAssembly modules are loaded, and no more can be"
    );
}

#[test]
fn the_server_does_not_start_either() {
    let ground = ground();
    ground.configure("WasmApacheModule guest_module nowhere.wasm\n");
    let error = Server::start(&ground.site).err().expect("it started").to_string();
    assert!(error.contains("nowhere.wasm as guest_module: No such file or directory"), "{error}");
}
