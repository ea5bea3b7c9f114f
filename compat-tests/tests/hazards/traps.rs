//! Guests that fail while a request is served: one 500, one line in the log, and the same child serves the next request.
use std::time::{Duration, Instant};

use compat_tests::client::Connection;
use compat_tests::errorlog::crashes;
use compat_tests::memcheck::patience;
use compat_tests::server::Server;

use crate::ground::{Bystander, Ground, assemble, fetch, get, header, lines_with, log_with, post, status, wait};
use crate::mpm;

/// Failures of `fail/` and what the log says of each.
const FAILURES: &[(&str, &str)] = &[
    ("unreachable", "wasm trap: wasm `unreachable` instruction executed"),
    ("out_of_bounds", "wasm trap: out of bounds memory access"),
    ("division_by_zero", "wasm trap: integer divide by zero"),
    ("integer_overflow", "wasm trap: integer overflow"),
    ("conversion", "wasm trap: invalid conversion to integer"),
    ("stack_overflow", "wasm trap: call stack exhausted"),
    ("endless_loop", "time limit of 200 ms exceeded"),
    ("memory", "memory limit of 1048576 bytes reached, then wasm trap: wasm `unreachable` instruction executed"),
    ("table", "wasm trap: wasm `unreachable` instruction executed"),
    ("null_call", "wasm trap: uninitialized element"),
    ("wrong_call", "wasm trap: indirect call type mismatch"),
    ("wild_pointer", "wasm trap: out of bounds memory access"),
];

const LIMITS: &str = "WasmTimeLimit 200ms\nWasmMemoryLimit 1M";

/// The hooks that are about a request; those after post_config are rarer, and tested where they are made.
fn hooks() -> impl Iterator<Item = &'static str> {
    host_api::hooks::HOOKS.iter().map(|hook| hook.name).take_while(|name| *name != "post_config")
}

/// Asks for `target`, which has to fail with one line in the log that has all of `words`; afterwards the child that
/// failed has to serve others. httpd itself closes the connection after a 500 (http_protocol.h:ap_status_drops_connection).
fn fails_once(ground: &Ground, server: &Server, target: &str, words: &[&str]) {
    let mark = server.mark();
    let answer = fetch(server, target);
    assert_eq!(status(&answer), 500, "{target}: {}", answer.render());
    assert!(String::from_utf8_lossy(&answer.body).contains("Internal Server Error"), "{target}: {}", answer.render());
    one_line(server, mark, target, words);
    same_child_serves(ground, server, &format!("500 GET {target}"));
}

/// The child whose request stands last in the access log as `failed` serves the next as well. Where there are several,
/// it isn't asked first.
fn same_child_serves(ground: &Ground, server: &Server, failed: &str) {
    let mut child = None;
    wait(10, "the request is in the access log", || {
        child = ground.served().into_iter().rev().find(|(_, line)| line == failed).map(|(pid, _)| pid);
        child.is_some()
    });
    let child = child.unwrap();
    wait(20, &format!("child {child} serves after {failed}"), || {
        let next = fetch(server, "/next");
        assert_eq!(status(&next), 404, "after {failed}");
        ground
            .served()
            .into_iter()
            .rev()
            .take_while(|(_, line)| line != failed)
            .any(|(pid, line)| pid == child && line == "404 GET /next")
    });
}

fn one_line(server: &Server, mark: u64, target: &str, words: &[&str]) {
    let log = log_with(server, mark, words);
    let told = lines_with(&log, words);
    assert_eq!(told.len(), 1, "{target}: not one line with {words:?} in\n{log}");
    assert_eq!(crashes(&log), Vec::<&str>::new(), "{target}");
}

#[test]
fn each_failure_is_one_500_and_one_line_and_the_child_lives() {
    let ground = Ground::new(mpm());
    let mut own = String::new();
    for (fail, _) in FAILURES {
        let wasm = assemble("hook", fail, &[("NAME", fail), ("TRIGGER", fail), ("HOOK", "fixups")]);
        own += &ground.module_with(fail, &wasm, LIMITS);
    }
    ground.configure(&own);
    let server = ground.start();
    let children = server.children();
    let bystander = Bystander::at(&server);
    // Twice: what failed before is made anew.
    for _ in 0..2 {
        for (fail, said) in FAILURES {
            let module = format!("{fail}_module failed in ap_hook_fixups: ");
            let frame = if *fail == "stack_overflow" { " at 0: deep (" } else { " at 0: fail (" };
            let file = format!("({fail}.wasm)");
            fails_once(&ground, &server, &format!("/index.html?{fail}"), &[&module, said, frame, &file, " <- 1: "]);
        }
    }
    assert!(bystander.done() > 20);
    for child in children {
        assert!(server.children().contains(&child), "child {child} is gone");
    }
    server.stop().unwrap();
}

#[test]
fn a_trap_in_each_hook_fails_that_request_alone() {
    let ground = Ground::new(mpm());
    let mut own = String::new();
    for hook in hooks() {
        let wasm = assemble("hook", "unreachable", &[("NAME", hook), ("TRIGGER", hook), ("HOOK", hook)]);
        own += &ground.module(hook, &wasm);
    }
    ground.configure(&own);
    let server = ground.start();
    let bystander = Bystander::at(&server);
    for hook in hooks() {
        let words: &[&str] = &[&format!("{hook}_module failed in ap_hook_{hook}: "), " at 0: fail ("];
        match hook {
            // The answer was sent before.
            "log_transaction" => {
                let mark = server.mark();
                let mut connection = Connection::open(server.address()).unwrap();
                assert_eq!(status(&get(&mut connection, &format!("/index.html?{hook}"))), 200);
                assert_eq!(status(&get(&mut connection, "/")), 200);
                one_line(&server, mark, hook, words);
                // Other loggers must not be silenced by it.
                assert_eq!(ground.processes(&format!("200 GET /index.html?{hook}")).len(), 1);
            }
            // Only runs for an answer that is an error already.
            "insert_error_filter" => {
                let mark = server.mark();
                let mut connection = Connection::open(server.address()).unwrap();
                assert_eq!(status(&get(&mut connection, &format!("/none?{hook}"))), 404);
                assert_eq!(status(&get(&mut connection, "/")), 200);
                one_line(&server, mark, hook, words);
            }
            // These run only where authentication is asked for: `a_trap_while_authenticating_lets_nobody_in`.
            "check_user_id" | "auth_checker" => {
                assert_eq!(status(&fetch(&server, &format!("/index.html?{hook}"))), 200)
            }
            // A name without a type, since mod_mime would end the hook that looks for one.
            _ => fails_once(&ground, &server, &format!("/plain?{hook}"), words),
        }
    }
    bystander.done();
    server.stop().unwrap();
}

#[test]
fn a_failed_guest_is_passed_over_where_the_settings_say_so() {
    let ground = Ground::new(mpm());
    let mut own = String::new();
    for hook in hooks() {
        let wasm = assemble("hook", "out_of_bounds", &[("NAME", hook), ("TRIGGER", "all"), ("HOOK", hook)]);
        own += &ground.module_with(hook, &wasm, "WasmOnTrap decline");
    }
    ground.configure(&own);
    let server = ground.start();
    let mark = server.mark();
    let answer = fetch(&server, "/plain?all");
    assert_eq!((status(&answer), answer.body.as_slice()), (200, crate::ground::INDEX.as_bytes()));
    let log = log_with(&server, mark, &["ap_hook_log_transaction"]);
    // All but those of authentication and of errors.
    assert_eq!(lines_with(&log, &["failed in ap_hook_"]).len(), hooks().count() - 3, "{log}");
    server.stop().unwrap();
}

#[test]
fn filters_fail_at_the_start_in_the_middle_and_at_the_end() {
    let ground = Ground::new(mpm());
    let mut own = String::new();
    // Event and chunk at which it fails.
    let places = [("start", "0", "0"), ("data", "1", "0"), ("later", "1", "3"), ("end", "3", "0")];
    for (name, event, chunk) in places {
        for (fail, kind) in [("unreachable", ""), ("endless_loop", "loop_")] {
            let name = format!("{kind}{name}");
            let values = [("NAME", name.as_str()), ("TRIGGER", &name), ("EVENT", event), ("CHUNK", chunk)];
            own += &ground.module_with(&name, &assemble("output_filter", fail, &values), LIMITS);
        }
    }
    // So that a body comes in more chunks than one.
    own += "EnableMMAP Off\nEnableSendfile Off\n";
    ground.configure(&own);
    let server = ground.start();
    let bystander = Bystander::at(&server);
    for (name, ..) in places {
        for kind in ["", "loop_"] {
            let words: &[&str] = &[&format!("{kind}{name}_module failed in filter {kind}{name}: "), " at 0: fail ("];
            // A short body has not been sent when it fails.
            if name != "later" {
                fails_once(&ground, &server, &format!("/index.html?{kind}{name}"), words);
            }
            // A long one has begun: what has been sent can't be taken back, and mustn't look whole.
            let mark = server.mark();
            let mut connection = Connection::open(server.address()).unwrap();
            let answer = get(&mut connection, &format!("/long.txt?{kind}{name}"));
            match status(&answer) {
                500 => assert!(!String::from_utf8_lossy(&answer.body).contains("abcdef"), "{name}"),
                _ => {
                    assert!(matches!(name, "later" | "end"), "{name}: {}", answer.render());
                    assert!(answer.truncated, "a part of the body passes for the whole of it at {name}");
                    assert!(!String::from_utf8_lossy(&answer.body).contains("Internal Server Error"));
                }
            }
            one_line(&server, mark, name, words);
        }
    }
    assert_eq!(status(&fetch(&server, "/long.txt")), 200);
    bystander.done();
    server.stop().unwrap();
}

#[test]
fn an_input_filter_that_fails_is_a_500() {
    let ground = Ground::new(mpm());
    let mut own = String::new();
    let places = [("start", "0"), ("data", "1"), ("end", "3")];
    for (name, event) in places {
        let values = [("NAME", name), ("TRIGGER", name), ("EVENT", event)];
        own += &ground.module(name, &assemble("input_filter", "unreachable", &values));
    }
    // Something that reads the request's body.
    own += "LoadModule cgi_module modules/mod_cgi.so\nScriptAlias /cgi \"${ROOT}/cgi\"\n";
    let own = own.replace("${ROOT}", &ground.root.path().display().to_string());
    ground.file("cgi/read.sh", b"#!/bin/sh\necho 'Content-Type: text/plain'\necho\ncat\n");
    let script = ground.path("cgi/read.sh");
    std::fs::set_permissions(script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    ground.configure(&format!("LoadModule alias_module modules/mod_alias.so\n{own}"));
    let server = ground.start();
    let mut connection = Connection::open(server.address()).unwrap();
    let fine = post(&mut connection, "/cgi/read.sh", "the body");
    assert_eq!((status(&fine), fine.body.as_slice()), (200, &b"the body"[..]), "{}", fine.render());
    for (name, _) in places {
        let mark = server.mark();
        let mut connection = Connection::open(server.address()).unwrap();
        let answer = post(&mut connection, &format!("/cgi/read.sh?{name}"), "the body");
        assert_eq!(status(&answer), 500, "{name}: {}", answer.render());
        one_line(&server, mark, name, &[&format!("{name}_module failed in filter {name}: "), " at 0: fail ("]);
        assert_eq!(status(&fetch(&server, "/")), 200);
    }
    server.stop().unwrap();
}

#[test]
fn a_handler_that_fails_after_it_has_written_does_not_pass_for_whole() {
    let ground = Ground::new(mpm());
    let mut own = String::new();
    for (name, flush) in [("buffered", "0"), ("flushed", "1")] {
        let values = [("NAME", name), ("TRIGGER", name), ("FLUSH", flush)];
        own += &ground.module(name, &assemble("handler", "unreachable", &values));
    }
    // What it wrote mustn't stand before what the next handler writes.
    let values = [("NAME", "declined"), ("TRIGGER", "declined"), ("FLUSH", "0")];
    own += &ground.module_with("declined", &assemble("handler", "unreachable", &values), "WasmOnTrap decline");
    ground.configure(&own);
    let server = ground.start();
    fails_once(&ground, &server, "/index.html?declined", &["declined_module failed in ap_hook_handler: "]);
    // Nothing was sent yet.
    fails_once(&ground, &server, "/index.html?buffered", &["buffered_module failed in ap_hook_handler: "]);
    let mark = server.mark();
    let answer = fetch(&server, "/index.html?flushed");
    assert_eq!(status(&answer), 200);
    assert!(answer.truncated, "{}", answer.render());
    assert_eq!(answer.body, b"This is only the beginning of the answer.\n");
    one_line(&server, mark, "flushed", &["flushed_module failed in ap_hook_handler: "]);
    assert_eq!(header(&fetch(&server, "/"), "Content-Length").as_deref(), Some("13"));
    server.stop().unwrap();
}

#[test]
fn configuration_functions_that_fail_at_request_time_fail_that_request() {
    let ground = Ground::new(mpm());
    let third = "(if (i32.gt_u (global.get $created) (i32.const 2)) (then (call $fail)))";
    // 5 is IN_HTACCESS.
    let in_htaccess = "(if (i64.ne (call $ap_directive_number (i32.const 5)) (i64.const 0)) (then (call $fail)))";
    let places = [
        ("create", "CREATE", third.to_owned(), "ap_create_config"),
        ("merge", "MERGE", "(call $fail)".to_owned(), "ap_merge_config"),
        (
            "hooks",
            "HOOKS",
            "(if (i32.eq (local.get $config) (i32.const 77)) (then (call $fail)))".to_owned(),
            "ap_config_hooks",
        ),
        ("parse", "DIRECTIVE", in_htaccess.to_owned(), "ap_directive"),
    ];
    let mut own = String::new();
    for (name, place, code, _) in &places {
        let mut values = vec![("NAME", *name), ("TRIGGER", "no")];
        for other in ["CREATE", "DIRECTIVE", "MERGE", "HOOKS"] {
            // What a merge gives is 77 there.
            let merged = if other == "MERGE" && *name == "hooks" { "(return (i32.const 77))" } else { "" };
            values.push((other, if other == *place { code } else { merged }));
        }
        let wasm = assemble("config", "unreachable", &values);
        own += &ground.module(name, &wasm);
        let folder = ground.path(&format!("htdocs/{name}"));
        own += &format!("<Directory \"{}\">\nAllowOverride All\n</Directory>\n", folder.display());
        ground.file(&format!("htdocs/{name}/index.html"), b"here\n");
        ground.file(&format!("htdocs/{name}/.htaccess"), format!("{name} something\n").as_bytes());
    }
    ground.configure(&own);
    let server = ground.start();
    let bystander = Bystander::at(&server);
    for (name, .., function) in &places {
        // "in" a hook or "while parsing", by where httpd first needed it.
        let frames = format!("{function} ({name}.wasm)");
        let words: Vec<&str> = match *name {
            "parse" => vec!["parse_module failed while parsing parse: ", "at 0: fail"],
            _ => vec!["_module failed ", "at 0: fail", &frames],
        };
        fails_once(&ground, &server, &format!("/{name}/"), &words);
        fails_once(&ground, &server, &format!("/{name}/"), &words);
    }
    bystander.done();
    server.stop().unwrap();
}

#[test]
fn nonsense_answers_are_a_500() {
    let ground = Ground::new(mpm());
    let numbers = ["1", "-3", "99", "600", "2147483647", "-2147483648", "-101"];
    let mut own = String::new();
    for (i, number) in numbers.iter().enumerate() {
        for hook in ["fixups", "handler", "translate_name"] {
            let name = format!("{hook}{i}");
            let values = [("NAME", name.as_str()), ("TRIGGER", &name), ("HOOK", hook), ("ANSWER", number)];
            own += &ground.module(&name, &assemble("answer", "never", &values));
        }
    }
    ground.configure(&own);
    let server = ground.start();
    for (i, number) in numbers.iter().enumerate() {
        for hook in ["fixups", "handler", "translate_name"] {
            let said = format!("its answer {number} is neither OK, DECLINED, DONE nor an HTTP status");
            fails_once(&ground, &server, &format!("/index.html?{hook}{i}"), &[&said, &format!("ap_hook_{hook}")]);
        }
    }
    server.stop().unwrap();
}

#[test]
fn looking_ahead_without_end_comes_to_one() {
    let ground = Ground::new(mpm());
    let ahead = assemble("ahead", "never", &[("NAME", "ahead"), ("TRIGGER", "ahead")]);
    let settings = "WasmApi +subrequest\nWasmTimeLimit 200ms";
    ground.configure(&(ground.module_with("ahead", &ahead, settings) + "LimitInternalRecursion 100\n"));
    let server = ground.start();
    let children = server.children();
    let bystander = Bystander::at(&server);
    let began = Instant::now();
    let _ = fetch(&server, "/index.html?ahead");
    assert!(began.elapsed() < patience(Duration::from_secs(10)), "{:?}", began.elapsed());
    assert!(bystander.done() > 0);
    assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new());
    for child in children {
        assert!(server.children().contains(&child), "child {child} is gone");
    }
    server.stop().unwrap();
}

#[test]
fn a_trap_while_authenticating_lets_nobody_in() {
    let ground = Ground::new(mpm());
    // Before the modules that decide, since all of them run in the middle.
    let mut own = String::new();
    for (name, hook, settings) in [
        ("user", "check_user_id", "WasmOnTrap fail"),
        ("auth", "auth_checker", "WasmOnTrap fail"),
        ("passed", "check_user_id", "WasmOnTrap decline"),
    ] {
        let wasm = assemble("hook", "unreachable", &[("NAME", name), ("TRIGGER", name), ("HOOK", hook)]);
        own += &ground.module_with(name, &wasm, settings);
    }
    for module in ["auth_basic", "authn_core", "authn_file", "authz_user"] {
        own += &format!("LoadModule {module}_module modules/mod_{module}.so\n");
    }
    let users = ground.file("users", b"a:{SHA}6dcfXufJLW3J6S/9rRe4vUlBj5g=\n").display().to_string();
    own += &format!(
        "<Location />\nAuthType Basic\nAuthName here\nAuthBasicProvider file\nAuthUserFile \"{users}\"\nRequire valid-user\n</Location>\n"
    );
    ground.configure(&own);
    let server = ground.start();
    let ask = |target: &str, known: bool| {
        let mut connection = Connection::open(server.address()).unwrap();
        let authorization = if known { "Authorization: Basic YTpi\r\n" } else { "" };
        connection
            .send(format!("GET /index.html?{target} HTTP/1.1\r\nHost: localhost\r\n{authorization}\r\n").as_bytes())
            .unwrap();
        status(&connection.receive(false).unwrap())
    };
    for (target, known, wanted) in [
        ("", false, 401),
        ("", true, 200),
        ("user", true, 500),
        ("auth", true, 500),
        ("passed", false, 401),
        ("passed", true, 200),
    ] {
        assert_eq!(ask(target, known), wanted, "{target}, known: {known}");
    }
    server.stop().unwrap();
}

#[test]
fn what_rust_says_when_it_panics_is_in_the_log() {
    let ground = Ground::new(mpm());
    let guest = ground.dist("panics.wasm").display().to_string();
    ground.configure(&format!(
        "<WasmApacheModule panics_module \"{guest}\">\nWasmMemoryLimit 16M\n</WasmApacheModule>\n"
    ));
    let server = ground.start();
    for (fails, words, trap) in [
        (
            "panic",
            "there is no such thing as a free lunch",
            "wasm trap: wasm `unreachable` instruction executed at 0: ",
        ),
        (
            "index",
            "index out of bounds: the len is 0 but the index is 7",
            "wasm trap: wasm `unreachable` instruction executed at 0: ",
        ),
        ("overflow", "", "wasm trap: out of bounds memory access at 0: "),
        (
            "memory",
            "",
            "memory limit of 16777216 bytes reached, then wasm trap: wasm `unreachable` instruction executed at 0: ",
        ),
    ] {
        let mark = server.mark();
        fails_once(
            &ground,
            &server,
            &format!("/index.html?{fails}"),
            &["panics_module failed in ap_hook_fixups: ", trap, "(panics.wasm)"],
        );
        let log = server.log_since(mark).unwrap();
        if !words.is_empty() {
            assert_eq!(lines_with(&log, &["[panics:error]", words]).len(), 1, "{log}");
        }
    }
    server.stop().unwrap();
}
