//! Where a guest runs in a hook among native modules: as it wishes, as they wish, and what becomes of wishes that contradict
//! one another.
#![allow(missing_docs, reason = "tests")]

#[path = "hazards/ground.rs"]
#[allow(dead_code, reason = "shared with hazards.rs")]
mod ground;

use compat_tests::server::Mpm;

use ground::{Ground, binary, fetch, log_with, status};

/// A guest whose hook answers 403 where the variable SEEN is set, or always; modules that are to run before and after it.
fn guest(name: &str, hook: &str, always: bool, predecessors: &str, successors: &str) -> Vec<u8> {
    let sees = "(call $apr_table_get (i32.const 0) (i32.const 4) (i32.const 64) (i32.const 4) (i32.const 2000) (i32.const 100))";
    let condition = if always { "(i32.const 1)".to_owned() } else { format!("(i32.ge_s {sees} (i32.const 0))") };
    let length = |text: &str| format!("(i32.const {})", text.len());
    binary(&format!(
        r#"(module
        (import "apache.module.1" "ap_module_name" (func $ap_module_name (param i32 i32) (result i32)))
        (import "apache.module.1" "ap_module_hook" (func $ap_module_hook (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
        (import "apache.table.1" "apr_table_get" (func $apr_table_get (param i32 i32 i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 16) "{name}") (data (i32.const 64) "SEEN") (data (i32.const 128) "{hook}")
        (data (i32.const 256) "{predecessors}") (data (i32.const 512) "{successors}")
        (func (export "apache_abi_version_1"))
        (func (export "apache_module")
          (drop (call $ap_module_name (i32.const 16) {}))
          (drop (call $ap_module_hook (i32.const 128) {} (i32.const 10) (i32.const 256) {} (i32.const 512) {})))
        (func (export "ap_hook_{hook}") (param i32) (result i32)
          (if (result i32) {condition} (then (i32.const 403)) (else (i32.const -1)))))"#,
        length(name),
        length(hook),
        length(predecessors),
        length(successors),
    ))
}

fn ground() -> Ground {
    Ground::new(Mpm::from_env().unwrap())
}

#[test]
fn a_guest_runs_before_and_after_native_modules_as_it_wishes() {
    let ground = ground();
    let native = "LoadModule env_module modules/mod_env.so\nSetEnv SEEN yes\n";
    for (predecessors, successors, loaded_first, loaded_last) in [
        ("mod_env.c", "", 403, 403),
        ("", "mod_env.c", 200, 200),
        ("mod_none.c mod_env.c", "mod_none.c", 403, 403),
        ("mod_none.c", "mod_none.c mod_env.c", 200, 200),
        // Else as they are loaded.
        ("", "", 200, 403),
    ] {
        let module = ground.module("guest", &guest("mod_guest.c", "fixups", false, predecessors, successors));
        for (own, wanted) in [(module.clone() + native, loaded_first), (native.to_owned() + &module, loaded_last)] {
            ground.configure(&own);
            let mark = std::fs::metadata(&ground.site.error_log).map_or(0, |data| data.len());
            let server = ground.start();
            assert_eq!(status(&fetch(&server, "/plain")), wanted, "{own} after {predecessors}, before {successors}");
            // A restart sorts anew. Under prefork children serve before the start is said to be over, and a signal is lost.
            log_with(&server, mark, &["resuming normal operations"]);
            server.graceful().unwrap();
            assert_eq!(status(&fetch(&server, "/plain")), wanted, "{own} after {predecessors}, before {successors}");
            server.stop().unwrap();
        }
    }
}

#[test]
fn native_modules_run_before_a_guest_as_they_wish() {
    let ground = ground();
    // mod_alias wants to run before mod_userdir (mod_alias.c:register_hooks).
    for (name, wanted) in [("mod_userdir.c", 200), ("mod_other.c", 403)] {
        let module = ground.module("guest", &guest(name, "translate_name", true, "", ""));
        let root = ground.root.path().display();
        ground
            .configure(&format!("{module}LoadModule alias_module modules/mod_alias.so\nAlias /a \"{root}/htdocs\"\n"));
        let server = ground.start();
        assert_eq!(status(&fetch(&server, "/a/plain")), wanted, "{name}");
        assert_eq!(status(&fetch(&server, "/plain")), 403, "{name}");
        server.stop().unwrap();
    }
}

#[test]
fn guests_run_before_and_after_one_another_as_they_wish() {
    let ground = ground();
    let native = "LoadModule env_module modules/mod_env.so\nSetEnv SEEN yes\n";
    // The first is after mod_env, the second before the first and so by wish alone: it always answers, unless it runs later.
    let one = ground.module("one", &guest("mod_one.c", "fixups", false, "mod_env.c mod_two.c", ""));
    let two = ground.module("two", &guest("mod_two.c", "fixups", false, "", "mod_env.c"));
    for own in [format!("{native}{one}{two}"), format!("{one}{two}{native}"), format!("{two}{native}{one}")] {
        ground.configure(&own);
        let server = ground.start();
        assert_eq!(status(&fetch(&server, "/plain")), 403);
        server.stop().unwrap();
    }
}

#[test]
fn wishes_that_contradict_native_modules_are_an_error() {
    let ground = ground();
    let module = ground.module("guest", &guest("mod_guest.c", "translate_name", true, "mod_userdir.c", "mod_alias.c"));
    let natives = "LoadModule alias_module modules/mod_alias.so\nLoadModule userdir_module modules/mod_userdir.so\n";
    let why = "no order of the hook translate_name has mod_alias.c before mod_userdir.c before mod_guest.c before mod_alias.c";
    // With file and line, where they are loaded already.
    ground.configure(&(natives.to_owned() + &module));
    let refusal = ground.refusal();
    let said = format!("Syntax error on line 3 of ROOT/own.conf: Cannot load ROOT/guest.wasm as guest_module: {why}");
    assert!(refusal.ends_with(&said), "{refusal}");
    // When all are loaded, where they come later.
    ground.configure(&(module + natives));
    let outcome = ground.site.run(&["-t"]).unwrap();
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.stderr.contains(&format!("mod_wasm: {why}")), "{outcome:?}");
    // At a restart the server goes on as it was.
    ground.configure("");
    let server = ground.start();
    let pid = server.pid();
    ground.configure(
        &(natives.to_owned()
            + &ground.module("guest", &guest("mod_guest.c", "translate_name", true, "mod_userdir.c", "mod_alias.c"))),
    );
    assert_eq!(ground.site.run(&["-k", "graceful"]).unwrap().code, Some(1));
    assert_eq!((server.pid(), status(&fetch(&server, "/plain"))), (pid, 200));
    server.stop().unwrap();
}

#[test]
fn guests_that_contradict_one_another_are_an_error() {
    let ground = ground();
    let one = ground.module("one", &guest("mod_one.c", "fixups", true, "mod_two.c", ""));
    let two = ground.module("two", &guest("mod_two.c", "fixups", true, "mod_one.c", ""));
    ground.configure(&(one + &two));
    let refusal = ground.refusal();
    let said = "on line 2 of ROOT/own.conf: Cannot load ROOT/two.wasm as two_module: no order of the hook fixups has mod_two.c before mod_one.c before mod_two.c";
    assert!(refusal.ends_with(said), "{refusal}");
}
