//! What a module for WASI is given by its settings, in Rust and in C, and as a script by its section: variables, arguments,
//! directories that it gets out of in no way, the standard streams; and how it ends itself.
use std::os::unix::fs::{PermissionsExt, symlink};

use compat_tests::client::Connection;
use compat_tests::memcheck::patience;
use compat_tests::server::Server;

use crate::ground::{Bystander, Ground, fetch, lines_with, log_with, status};
use crate::{mpm, status as counted};

/// Ground with a directory to give and a secret beside it.
fn ground() -> Ground {
    let ground = Ground::new(mpm());
    ground.file("inside/f", b"inside\n");
    ground.file("inside/sub/g", b"deeper\n");
    ground.file("secret", b"secret\n");
    std::fs::set_permissions(ground.path("inside"), PermissionsExt::from_mode(0o777)).unwrap();
    ground
}

/// `dist/given.wasm` with settings.
fn given(ground: &Ground, settings: &str) -> String {
    let wasm = std::fs::read(ground.dist("given.wasm")).unwrap();
    ground.module_with("given", &wasm, settings)
}

fn said(server: &Server, query: &str) -> String {
    let answer = fetch(server, &format!("/given?{query}"));
    assert_eq!(status(&answer), 200, "{query}: {}", answer.render());
    String::from_utf8(answer.body).unwrap().trim_end().to_owned()
}

#[test]
fn a_module_has_what_its_settings_give_and_nothing_else() {
    let ground = ground();
    let settings = "WasmEnv COLOUR blue\nWasmEnv EMPTY \"\"\nwasmenv COLOUR \"light blue\"\nWasmArg one\nWasmArg \"two three\"\nWasmMapDir /data inside";
    ground.configure(&given(&ground, settings));
    let server = ground.start();
    assert_eq!(said(&server, "variable+COLOUR"), "light blue");
    assert_eq!(said(&server, "variables"), "COLOUR=light blue EMPTY=");
    assert_eq!(said(&server, "arguments"), "one two three");
    assert_eq!(said(&server, "name"), ground.path("given.wasm").display().to_string());
    assert_eq!(said(&server, "read+/data/f"), "inside");
    assert_eq!(said(&server, "list+/data"), "f sub");
    assert_eq!(said(&server, "write+/data/new+text"), "written");
    assert_eq!(std::fs::read(ground.path("inside/new")).unwrap(), b"text");
    assert_eq!(said(&server, "input"), "0");
    for path in ["/etc/passwd", "/", ".", "/proc/self/environ", "secret"] {
        assert!(said(&server, &format!("read+{path}")).starts_with("refused: "), "{path}");
    }
    // And nothing without settings.
    ground.configure(&given(&ground, ""));
    server.restart_hard().unwrap();
    assert_eq!(said(&server, "variables"), "");
    assert_eq!(said(&server, "arguments"), "");
    assert!(said(&server, "read+/data/f").starts_with("refused: "));
    server.stop().unwrap();
}

#[test]
fn neither_dots_nor_links_lead_out_of_a_module_s_directory() {
    let ground = ground();
    symlink(ground.path("secret"), ground.path("inside/absolute")).unwrap();
    symlink("../secret", ground.path("inside/relative")).unwrap();
    symlink("..", ground.path("inside/up")).unwrap();
    symlink("/", ground.path("inside/root")).unwrap();
    symlink("sub/g", ground.path("inside/within")).unwrap();
    ground.configure(&given(&ground, "WasmMapDir /data inside"));
    let server = ground.start();
    assert_eq!(said(&server, "read+/data/within"), "deeper");
    assert_eq!(said(&server, "read+/data/sub/../f"), "inside");
    for path in ["../secret", "sub/../../secret", "absolute", "relative", "up/secret", "root/etc/passwd"] {
        assert!(said(&server, &format!("read+/data/{path}")).starts_with("refused: "), "{path}");
        assert!(said(&server, &format!("write+/data/{path}+x")).starts_with("refused: "), "{path}");
    }
    assert!(said(&server, "write+/data/../made+x").starts_with("refused: ") && !ground.path("made").exists());
    assert_eq!(std::fs::read(ground.path("secret")).unwrap(), b"secret\n");
    server.stop().unwrap();
}

#[test]
fn a_directive_s_parser_has_the_same() {
    let ground = ground();
    let settings = "WasmEnv COLOUR blue\nWasmArg one\nWasmMapDir /data inside";
    let right = "GivenIs variable+COLOUR blue\nGivenIs arguments one\n<Location /given>\nGivenIs read+/data/f inside\n</Location>\n";
    ground.configure(&(given(&ground, settings) + right));
    let server = ground.start();
    assert_eq!(said(&server, "variable+COLOUR"), "blue");
    // Under prefork children serve before that is said, and a signal in the midst of a start or restart is lost.
    log_with(&server, 0, &["resuming normal operations"]);
    server.graceful().unwrap();
    assert_eq!(said(&server, "variable+COLOUR"), "blue");
    server.stop().unwrap();
    ground.configure(&(given(&ground, settings) + "GivenIs read+/data/none nothing\n"));
    let refusal = ground.refusal();
    assert!(refusal.contains("error on line 6 of ROOT/own.conf") && refusal.ends_with("it is NotFound"), "{refusal}");
}

#[test]
fn in_the_parent_it_can_read_and_not_write() {
    let ground = ground();
    std::fs::write(ground.path("inside/root"), "for root\n").unwrap();
    std::fs::set_permissions(ground.path("inside/root"), PermissionsExt::from_mode(0o600)).unwrap();
    // The guest keeps open what it opens there, which under prefork a child inherits with the instance.
    ground.configure(&(given(&ground, "WasmMapDir /data inside") + "GivenIs keep+/data/root \"tried to\"\n"));
    let server = ground.start();
    for _ in 0..5 {
        assert!(said(&server, "kept").starts_with("refused: "));
        assert_eq!(said(&server, "read+/data/root"), "refused: PermissionDenied");
        assert_eq!(said(&server, "read+/data/f"), "inside");
        assert_eq!(said(&server, "write+/data/new+text"), "written");
    }
    server.stop().unwrap();
    ground.configure(&(given(&ground, "WasmMapDir /data inside") + "GivenIs write+/data/f+x written\n"));
    let refusal = ground.refusal();
    assert!(refusal.ends_with("it is PermissionDenied"), "{refusal}");
    assert_eq!(std::fs::read(ground.path("inside/f")).unwrap(), b"inside\n");
}

#[test]
fn a_module_in_c_has_the_same() {
    let ground = ground();
    let wasm = std::fs::read(ground.dist("given_c.wasm")).unwrap();
    let settings = "WasmEnv GREETING hello\nWasmArg there\nWasmDir inside\nWasmMapDir /data inside";
    ground.configure(&ground.module_with("given_c", &wasm, settings));
    let server = ground.start();
    let mark = server.mark();
    let said = |query: &str| String::from_utf8(fetch(&server, &format!("/given_c?{query}")).body).unwrap();
    assert_eq!(said("/data/f"), "hello there inside\n");
    assert_eq!(said("inside/f"), "hello there inside\n");
    assert!(said("/data/../secret").starts_with("hello there refused: "));
    log_with(&server, mark, &["[given_c:error]", "/data/f was asked for"]);
    server.stop().unwrap();
}

#[test]
fn a_script_has_what_its_section_gives() {
    let ground = ground();
    std::fs::copy(ground.dist("given.wasm"), ground.path("script.wasm")).unwrap();
    let own = "WasmMapHandler ^/given$ script.wasm ap_hook_handler\n<Location /given>\nWasmEnv COLOUR blue\nWasmArg one\nWasmMapDir /data inside\n</Location>\n\
               <If \"%{QUERY_STRING} =~ /COLOUR/ && %{HTTP_HOST} == 'other'\">\nWasmEnv COLOUR red\n</If>\n";
    ground.configure(own);
    let server = ground.start();
    for _ in 0..3 {
        assert!(said(&server, "variable+COLOUR").starts_with("blue"));
        let mut other = Connection::open(server.address()).unwrap();
        other.send(b"GET /given?variable+COLOUR HTTP/1.1\r\nHost: other\r\n\r\n").unwrap();
        let answer = other.receive(false).unwrap();
        assert!(answer.body.starts_with(b"red"), "{}", answer.render());
    }
    assert!(said(&server, "arguments").starts_with("one"));
    assert!(said(&server, "read+/data/f").starts_with("inside"));
    assert!(said(&server, "read+/data/../secret").starts_with("refused: "));
    server.stop().unwrap();
}

#[test]
fn what_it_prints_is_lines_of_the_error_log() {
    let ground = ground();
    ground.configure(&(given(&ground, "WasmTimeLimit 1min") + counted::CONFIG));
    let server = ground.start();
    let mark = server.mark();
    assert_eq!(said(&server, "print+this"), "printed");
    let log = log_with(&server, mark, &["an error: this"]);
    assert_eq!(lines_with(&log, &["[given:error]", "[client ", "an error: this"]).len(), 1, "{log}");
    assert_eq!(lines_with(&log, &["[given:info]", "printed this"]).len(), 1, "{log}");
    assert_eq!(lines_with(&log, &["[given:info]", "and more"]).len(), 1, "{log}");
    // No more than a module may log by itself.
    assert_eq!(said(&server, "flood+25000"), "flooded");
    assert!(counted::number(&server, "given_module", "DroppedLines") >= 5_000);
    server.stop().unwrap();
}

#[test]
fn what_it_holds_open_has_an_end() {
    let ground = ground();
    ground.configure(&given(&ground, "WasmMapDir /data inside"));
    let server = ground.start();
    for _ in 0..3 {
        // EMFILE has no kind of its own in std.
        assert!(said(&server, "open+/data/f").starts_with("refused: "));
        assert_eq!(said(&server, "read+/data/f"), "inside");
        assert!(said(&server, "open+/data/f+wild").starts_with("refused: "));
    }
    server.stop().unwrap();
}

#[test]
fn it_sleeps_in_its_own_time() {
    let ground = ground();
    ground.configure(&(given(&ground, "WasmTimeLimit 200ms") + counted::CONFIG));
    let server = ground.start();
    assert_eq!(said(&server, "sleep+50"), "true");
    let mark = server.mark();
    let began = std::time::Instant::now();
    assert_eq!(status(&fetch(&server, "/given?sleep+60000")), 500);
    assert!(began.elapsed() < patience(std::time::Duration::from_secs(30)));
    log_with(&server, mark, &["given_module failed in ap_hook_handler: time limit of 200 ms exceeded"]);
    assert_eq!(counted::number(&server, "given_module", "TimeLimits"), 1);
    server.stop().unwrap();
}

#[test]
fn who_ends_itself_has_failed() {
    let ground = ground();
    ground.configure(&(given(&ground, "") + counted::CONFIG));
    let server = ground.start();
    let children = server.children();
    let bystander = Bystander::at(&server);
    for (query, hook, code, what, counter) in [
        ("exit+0", "handler", 500, "guest exited with status 0", "Exits"),
        ("exit+7", "handler", 500, "guest exited with status 7", "Exits"),
        ("abort", "handler", 500, "wasm trap: wasm `unreachable` instruction executed", "Traps"),
        ("panic", "handler", 500, "wasm trap: wasm `unreachable` instruction executed", "Traps"),
        ("fixups+exit+3", "fixups", 500, "guest exited with status 3", "Exits"),
        ("log+exit+4", "log_transaction", 200, "guest exited with status 4", "Exits"),
    ] {
        let before = counted::number(&server, "given_module", counter);
        let mark = server.mark();
        assert_eq!(status(&fetch(&server, &format!("/given?{query}"))), code, "{query}");
        let words = [&*format!("given_module failed in ap_hook_{hook}: {what}")];
        let log = log_with(&server, mark, &words);
        assert_eq!(lines_with(&log, &words).len(), 1, "{query}: {log}");
        crate::ground::wait(10, "it is counted", || counted::number(&server, "given_module", counter) == before + 1);
    }
    assert_eq!(said(&server, "variables"), "");
    assert!(bystander.done() > 0);
    assert!(children.iter().all(|child| server.children().contains(child)));
    server.stop().unwrap();
}

#[test]
fn one_that_ends_itself_while_the_configuration_is_read_is_an_error() {
    let ground = ground();
    ground.configure(&(given(&ground, "") + "GivenIs exit+0 x\n"));
    let refusal = ground.refusal();
    assert!(
        refusal.contains("error on line 4 of ROOT/own.conf")
            && refusal.contains("given_module failed while parsing GivenIs: guest exited with status 0"),
        "{refusal}"
    );
}

#[test]
fn who_has_no_use_for_what_is_given_is_told_of() {
    let ground = ground();
    let wasm = crate::ground::assemble("hook", "never", &[("NAME", "other"), ("TRIGGER", "x"), ("HOOK", "fixups")]);
    for (settings, told) in [("WasmEnv A B", true), ("WasmTimeLimit 1s", false)] {
        ground.configure(&ground.module_with("other", &wasm, settings));
        let outcome = ground.site.config_test().unwrap();
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        let said = "mod_wasm: WasmArg, WasmEnv, WasmDir and WasmMapDir have no effect on other_module: it imports nothing of WASI";
        assert_eq!(outcome.stderr.contains(said), told, "{outcome:?}");
    }
}

#[test]
fn bad_settings_of_what_is_given() {
    let ground = ground();
    for (line, why) in [
        ("WasmEnv", "WasmEnv takes two arguments"),
        ("WasmEnv A", "WasmEnv takes two arguments"),
        ("WasmEnv A=B C", "WasmEnv: a variable's name is not empty and has no ="),
        ("WasmEnv \"\" C", "WasmEnv: a variable's name is not empty and has no ="),
        ("WasmArg", "WasmArg takes one argument"),
        ("WasmDir", "WasmDir takes one argument"),
        ("WasmDir a b", "WasmDir takes one argument"),
        ("WasmDir none", "WasmDir: ROOT/none: No such file or directory (os error 2)"),
        ("WasmDir secret", "WasmDir: ROOT/secret is not a directory"),
        ("WasmMapDir /data", "WasmMapDir takes two arguments"),
        ("WasmMapDir /data none", "WasmMapDir: ROOT/none: No such file or directory (os error 2)"),
        (
            "WasmMapDir \u{fffd} inside\nWasmFoo",
            "WasmFoo is not allowed in <WasmApacheModule>: WasmApi, WasmMemoryLimit, WasmTimeLimit, WasmOnTrap, WasmScope, WasmArg, WasmEnv, WasmDir, WasmMapDir are",
        ),
    ] {
        ground.configure(&given(&ground, line));
        let refusal = ground.refusal();
        let number = 1 + line.lines().count();
        assert!(
            refusal.ends_with(&format!("Syntax error on line 1 of ROOT/own.conf: line {number}: {why}")),
            "{line}: {refusal}"
        );
    }
}
