//! Every failure where no request asks for it: while an instance is made, while a configuration is made for a request, when
//! a child begins, in the parent, at the server's start.
use compat_tests::answer::Answer;
use compat_tests::errorlog::crashes;
use compat_tests::server::Server;

use crate::ground::{Bystander, Ground, fetch, lines_with, log_with, private_kilobytes, status, text, wait};
use crate::guest::{FAILURES, Failure, failing_so, limits};
use crate::{mpm, status as counted};

/// One line in the log, with all of these words.
fn one_line(server: &Server, mark: u64, words: &[&str]) {
    let log = log_with(server, mark, words);
    assert_eq!(lines_with(&log, words).len(), 1, "not one line with {words:?} in\n{log}");
}

/// What the failure of a module `name` counts.
fn count(server: &Server, name: &str, failure: &Failure) -> u64 {
    counted::number(server, &format!("{name}_module"), failure.counter)
}

fn is_error(answer: &Answer, name: &str) {
    assert_eq!(status(answer), 500, "{name}: {}", answer.render());
    assert!(String::from_utf8_lossy(&answer.body).contains("Internal Server Error"), "{name}");
}

/// Nobody crashed, and the children that there were are there, as large as they were.
fn all_is_well(ground: &Ground, server: &Server, children: &[i32], before: u64) {
    let log = ground.site.error_log_text();
    assert_eq!(crashes(&log), Vec::<&str>::new());
    assert!(!log.contains("panicked at"), "{log}");
    for child in children {
        assert!(server.children().contains(child), "child {child} is gone:\n{log}");
    }
    let after = size(children);
    assert!(after < before + 4_000 * children.len() as u64, "the children grow: {before} to {after} KB");
}

fn size(children: &[i32]) -> u64 {
    children.iter().map(|pid| private_kilobytes(*pid)).sum()
}

/// Each request of a connection of its own is the first of an instance here, be it of the pool or made on demand.
fn every_failure_while_an_instance_is_made(kind: &str, export: &str, scope: &str) {
    let ground = Ground::new(mpm());
    let mut own = counted::CONFIG.to_owned();
    for failure in FAILURES {
        let name = format!("{kind}_{}", failure.name);
        ground.file(&format!("{name}/.keep"), b"");
        let wasm = failing_so(&name, &text("faults/init"), failure, &[("EXPORT", export)]);
        own += &ground.module_with(&name, &wasm, &format!("{}\nWasmScope {scope}\nWasmDir {name}", limits()));
    }
    ground.configure(&own);
    let server = ground.start();
    assert_eq!(status(&fetch(&server, "/plain")), 200);
    let children = server.children();
    // Who has its instances already is undisturbed; nobody has, where each request has its own.
    let bystander = (scope == "conn").then(|| Bystander::who_stays(&server));
    wait(60, "it is served", || bystander.as_ref().is_none_or(|bystander| bystander.asked() > 0));
    let mut before = 0;
    for round in 0..3 {
        for failure in FAILURES {
            let name = format!("{kind}_{}", failure.name);
            assert_eq!(status(&fetch(&server, "/plain")), 200, "before {name}");
            let counter = count(&server, &name, failure);
            let mark = server.mark();
            ground.file(&format!("{name}/now"), b"");
            is_error(&fetch(&server, "/plain"), &name);
            std::fs::remove_file(ground.path(&format!("{name}/now"))).unwrap();
            if round == 0 {
                one_line(&server, mark, &[&format!("{name}_module failed in ap_hook_fixups: "), &failure.said()]);
            }
            assert_eq!(count(&server, &name, failure), counter + 1, "{name}");
        }
        if round == 0 {
            before = size(&children);
        }
    }
    if let Some(bystander) = bystander {
        assert!(bystander.done() > 20);
    }
    all_is_well(&ground, &server, &children, before);
    server.stop().unwrap();
}

#[test]
fn every_failure_of_a_start_function() {
    every_failure_while_an_instance_is_made("start", "(start $init)", "request");
    every_failure_while_an_instance_is_made("start", "(start $init)", "conn");
}

#[test]
fn every_failure_of_initialize() {
    every_failure_while_an_instance_is_made("initialize", "(export \"_initialize\" (func $init))", "request");
    every_failure_while_an_instance_is_made("initialize", "(export \"_initialize\" (func $init))", "conn");
}

/// In a guest's functions of configurations, which httpd calls for while it serves a request: sections of directories are
/// merged, and .htaccess files parsed.
#[test]
fn every_failure_in_each_function_of_a_configuration() {
    let ground = Ground::new(mpm());
    let functions = [
        ("create", "CREATE", "(if (i32.gt_u (global.get $created) (i32.const 2)) (then (call $fail)))"),
        ("merge", "MERGE", "(call $fail)"),
        ("hooks", "HOOKS", "(if (i32.eq (local.get $config) (i32.const 77)) (then (call $fail)))"),
        // 5 is IN_HTACCESS.
        (
            "parse",
            "DIRECTIVE",
            "(if (i64.ne (call $ap_directive_number (i32.const 5)) (i64.const 0)) (then (call $fail)))",
        ),
        ("free", "FREE", ""),
    ];
    let mut own = counted::CONFIG.to_owned();
    let mut names = Vec::new();
    for (function, place, code) in functions {
        // One that fails in the end of a directive that is wrong has one failure that tells it all: there are 64 modules at most.
        let failures =
            FAILURES.iter().filter(|failure| place != "FREE" || ["proc_exit", "endless_loop"].contains(&failure.name));
        for failure in failures {
            let name = format!("{function}_{}", failure.name);
            let free = "(func $ap_free_config (export \"ap_free_config\") (param i32 i32) (call $fail))";
            let body = text("place/config") + if place == "FREE" { free } else { "" };
            let mut values = vec![];
            for other in ["CREATE", "DIRECTIVE", "MERGE", "HOOKS"] {
                values.push((other, match other {
                    _ if other == place => code,
                    // What a merge gives is 77 there.
                    "MERGE" if place == "HOOKS" => "(return (i32.const 77))",
                    // A directive that is wrong is what frees a configuration.
                    "DIRECTIVE" if place == "FREE" => "(if (i64.ne (call $ap_directive_number (i32.const 5)) (i64.const 0)) (then (return (i32.const 1))))",
                    _ => "",
                }));
            }
            own += &ground.module_with(&name, &failing_so(&name, &body, failure, &values), &limits());
            let folder = ground.path(&format!("htdocs/{name}"));
            own += &format!("<Directory \"{}\">\nAllowOverride All\n</Directory>\n", folder.display());
            ground.file(&format!("htdocs/{name}/index.html"), b"here\n");
            ground.file(&format!("htdocs/{name}/.htaccess"), format!("{name} something\n").as_bytes());
            names.push((name, failure));
        }
    }
    ground.configure(&own);
    let server = ground.start();
    assert_eq!(status(&fetch(&server, "/plain")), 200);
    let children = server.children();
    let bystander = Bystander::at(&server);
    let mut before = 0;
    for round in 0..3 {
        for (name, failure) in &names {
            let (mark, counter) = (server.mark(), count(&server, name, failure));
            is_error(&fetch(&server, &format!("/{name}/")), name);
            if round == 0 {
                log_with(&server, mark, &[&format!("{name}_module failed "), &failure.said()]);
            }
            assert!(count(&server, name, failure) > counter, "{name}");
        }
        if round == 0 {
            before = size(&children);
        }
    }
    assert!(bystander.done() > 20);
    all_is_well(&ground, &server, &children, before);
    server.stop().unwrap();
}

#[test]
fn every_failure_when_a_child_begins_and_in_the_parent() {
    let ground = Ground::new(mpm());
    let mut own = counted::CONFIG.to_owned();
    let mut names = Vec::new();
    for hook in ["child_init", "monitor"] {
        for failure in FAILURES {
            let name = format!("{hook}_{}", failure.name);
            own += &ground.module_with(
                &name,
                &failing_so(&name, &text("faults/always"), failure, &[("HOOK", hook)]),
                &limits(),
            );
            names.push((name, hook, failure));
        }
    }
    ground.configure(&own);
    let server = ground.start();
    let bystander = Bystander::at(&server);
    let parent = private_kilobytes(server.pid());
    for (name, hook, failure) in &names {
        let words = [&*format!("{name}_module failed in ap_hook_{hook}: "), &failure.said()];
        wait(60, name, || !lines_with(&ground.site.error_log_text(), &words).is_empty());
        wait(10, name, || count(&server, name, failure) > 0);
    }
    // And again: the parent lives on.
    let (name, _, failure) = names.last().unwrap();
    let counter = count(&server, name, failure);
    wait(60, "monitor again", || count(&server, name, failure) > counter);
    assert!(private_kilobytes(server.pid()) < parent + 4_000);
    assert_eq!(status(&fetch(&server, "/plain")), 200);
    assert!(bystander.done() > 20);
    assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new());
    server.stop().unwrap();
}

#[test]
fn every_failure_at_the_start_keeps_the_server_from_starting() {
    let ground = Ground::new(mpm());
    for hook in ["post_config", "check_config"] {
        for failure in FAILURES {
            let wasm = failing_so("start", &text("faults/always"), failure, &[("HOOK", hook)]);
            ground.configure(&ground.module_with("start", &wasm, &limits()));
            let _ = std::fs::remove_file(&ground.site.error_log);
            // It may be a daemon by then, and just ends.
            let outcome = ground.site.run(&["-k", "start"]).unwrap();
            assert_eq!(outcome.code, Some(i32::from(hook == "check_config")), "{hook} {}: {outcome:?}", failure.name);
            let said = format!("start_module failed in ap_hook_{hook}: {}", failure.said());
            wait(20, &said, || (ground.site.error_log_text() + &outcome.stderr).contains(&said));
            wait(20, "it is gone", || std::net::TcpStream::connect(("127.0.0.1", ground.site.port)).is_err());
            assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new());
        }
    }
}

/// While a module says what it is: the configuration is wrong, with file and line.
#[test]
fn every_failure_while_a_module_is_loaded() {
    let ground = Ground::new(mpm());
    for failure in FAILURES {
        for export in ["(start $init)", "(export \"_initialize\" (func $init))"] {
            ground.file("given/now", b"");
            let wasm = failing_so("load", &text("faults/init"), failure, &[("EXPORT", export)]);
            ground.configure(&ground.module_with("load", &wasm, &(limits() + "\nWasmDir given")));
            let said = ground.refusal();
            let words = format!(
                "Syntax error on line 1 of ROOT/own.conf: Cannot load ROOT/load.wasm as load_module: {}",
                failure.said()
            );
            assert!(said.contains(&words), "{export} {}: {said}", failure.name);
        }
    }
}
