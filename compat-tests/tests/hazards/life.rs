//! The server's life around its guests: forks, restarts, crashes that are no guest's, replaced files, small stacks and small
//! address spaces, the cache of compiled code.
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use compat_tests::client::Connection;
use compat_tests::errorlog::crashes;
use compat_tests::process::peak_kilobytes;
use compat_tests::server::{Mpm, Outcome, Server, Site};
use rustix::process::{Pid, Signal, kill_process};

use crate::ground::{
    Bystander, Ground, assemble, fetch, header, lines_with, log_with, post, private_kilobytes, status, wait,
};
use crate::mpm;

fn says(name: &str, text: &str) -> Vec<u8> {
    assemble("says", "never", &[("NAME", name), ("TRIGGER", name), ("TEXT", text)])
}

fn fails(name: &str, fail: &str) -> Vec<u8> {
    assemble("hook", fail, &[("NAME", name), ("TRIGGER", name), ("HOOK", "fixups")])
}

fn signal(pid: i32, signal: Signal) {
    kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
}

/// Private memory and open files of a process.
fn size(pid: i32) -> (u64, usize) {
    let files = std::fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, Iterator::count);
    (private_kilobytes(pid), files)
}

#[test]
fn a_crash_of_the_server_itself_still_reaches_httpd() {
    let ground = Ground::new(mpm());
    ground.configure(&ground.module("trap", &fails("trap", "out_of_bounds")));
    let server = ground.start();
    let mark = server.mark();
    for signalled in [Signal::SEGV, Signal::FPE, Signal::ILL, Signal::BUS] {
        // The handlers are those of a child that has served traps.
        for _ in 0..10 {
            assert_eq!(status(&fetch(&server, "/index.html?trap")), 500);
        }
        assert_eq!(crashes(&server.log_since(mark).unwrap()).len(), crashed_before(signalled));
        let child = server.children()[0];
        signal(child, signalled);
        let told = format!("child pid {child} exit signal ");
        let log = log_with(&server, mark, &[&told]);
        let line = lines_with(&log, &[&told]);
        // AH00051 with a core dump that is possible, AH00052 without.
        assert!(line.len() == 1 && (line[0].contains("AH00052: ") || line[0].contains("AH00051: ")), "{log}");
        wait(20, "the parent has made another child", || {
            !server.children().is_empty() && !server.children().contains(&child)
        });
        assert_eq!(status(&fetch(&server, "/index.html")), 200);
    }
    server.stop().unwrap();
}

fn crashed_before(signalled: Signal) -> usize {
    [Signal::SEGV, Signal::FPE, Signal::ILL, Signal::BUS].iter().position(|s| *s == signalled).unwrap()
}

#[test]
fn restarts_under_load_lose_no_request_and_leak_nothing() {
    let ground = Ground::new(mpm());
    let headers = ground.dist("mod_headers.wasm").display().to_string();
    let mut own = format!("WasmApacheModule headers_module \"{headers}\"\nHeader set X-Here yes\n");
    own += &ground.module("trap", &fails("trap", "unreachable"));
    own += "<VirtualHost *>\nHeader add X-There \"%t\"\n</VirtualHost>\n";
    ground.configure(&own);
    let server = ground.start();
    let bystanders = [Bystander::at(&server), Bystander::at(&server)];
    let mut sizes = Vec::new();
    for _ in 0..20 {
        server.graceful().unwrap();
        assert_eq!(status(&fetch(&server, "/index.html?trap")), 500);
        let answer = fetch(&server, "/index.html");
        assert_eq!((status(&answer), header(&answer, "X-Here").as_deref()), (200, Some("yes")));
        sizes.push(size(server.pid()));
    }
    let answered: usize = bystanders.into_iter().map(Bystander::done).sum();
    assert!(answered > 20, "{answered}");
    for _ in 0..3 {
        server.restart_hard().unwrap();
        assert_eq!(status(&fetch(&server, "/index.html?trap")), 500);
        assert_eq!(status(&fetch(&server, "/index.html")), 200);
        sizes.push(size(server.pid()));
    }
    // A native server's parent grows by some kilobytes as well.
    let (early, late) = (sizes[4], sizes[sizes.len() - 1]);
    assert!(late.0 < early.0 + 2_000, "the parent grows (private kilobytes, open files): {sizes:?}");
    assert!(late.1 <= early.1 + 1, "the parent loses files (private kilobytes, open files): {sizes:?}");
    assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new());
    server.stop().unwrap();
}

#[test]
fn a_replaced_file_is_taken_at_a_restart_and_not_before() {
    let ground = Ground::new(mpm());
    ground.configure(&ground.module("says", &says("says", "one")));
    let server = ground.start();
    let answer = || String::from_utf8(fetch(&server, "/index.html?says").body).unwrap();
    assert_eq!(answer(), "one");
    ground.file("says.wasm", &says("says", "two"));
    assert_eq!(answer(), "one");
    server.graceful().unwrap();
    wait(10, "the new guest answers", || answer() == "two");
    ground.file("says.wasm", &says("says", "three"));
    server.restart_hard().unwrap();
    assert_eq!(answer(), "three");
    server.stop().unwrap();
}

/// What becomes of a running server whose config is broken: `httpd -k graceful` refuses to pass the wish on; the bare signal
/// ends the server.
fn broken_at_restart(ground: &Ground, broken: &str) -> (Outcome, String) {
    let server = ground.start();
    ground.configure(broken);
    let outcome = ground.site.run(&["-k", "graceful"]).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    assert!(server.alive());
    assert_eq!(status(&fetch(&server, "/index.html")), 200);
    signal(server.pid(), Signal::USR1);
    wait(20, "the server ends", || !server.alive());
    (outcome, ground.site.error_log_text())
}

#[test]
fn a_broken_guest_at_a_restart_is_as_bad_as_a_broken_module() {
    let native = Ground::new(mpm());
    native.configure("");
    let (asked, log) = broken_at_restart(&native, "LoadModule headers_module nowhere.so\n");
    assert_eq!(asked.code, Some(1));
    let refused = ["Syntax error on line 1 of", "own.conf: Cannot load "];
    assert_eq!(lines_with(&log, &refused).len(), 1, "{log}");

    let ground = Ground::new(mpm());
    ground.configure(&ground.module("says", &says("says", "one")));
    ground.file("broken.wasm", &fails("broken", "never")[..100]);
    let (asked, log) = broken_at_restart(&ground, "WasmApacheModule broken_module broken.wasm\n");
    assert_eq!(asked.code, Some(1));
    assert!(asked.stderr.contains("broken.wasm as broken_module: truncated WebAssembly module"), "{}", asked.stderr);
    assert_eq!(lines_with(&log, &refused).len(), 1, "{log}");
    assert_eq!(crashes(&log), Vec::<&str>::new());
}

#[test]
fn a_guest_that_traps_while_parsing_at_a_restart_kills_nobody_by_a_signal() {
    let ground = Ground::new(mpm());
    let directive = |code: &str| {
        let values =
            [("NAME", "Tells"), ("TRIGGER", "x"), ("CREATE", ""), ("DIRECTIVE", code), ("MERGE", ""), ("HOOKS", "")];
        assemble("config", "out_of_bounds", &values)
    };
    let own = ground.module("tells", &directive("")) + "Tells all\n";
    ground.configure(&own);
    let server = ground.start();
    ground.file("tells.wasm", &directive("(call $fail)"));
    signal(server.pid(), Signal::HUP);
    wait(20, "the server ends", || !server.alive());
    // In good order: by an exit after a word, and not by a signal.
    let log = ground.site.error_log_text();
    assert_eq!(lines_with(&log, &["AH00526: Syntax error on line 2 of", "own.conf:"]).len(), 1, "{log}");
    assert!(
        log.contains(
            "tells_module failed while parsing Tells: wasm trap: out of bounds memory access at 0: fail (tells.wasm)"
        ),
        "{log}"
    );
    assert_eq!(killed_by(server.pid()), None);
}

/// The signal that ended a process which nobody has reaped yet; a container's first process may never do so.
fn killed_by(pid: i32) -> Option<i32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let status: i32 = stat.split_whitespace().next_back()?.parse().ok()?;
    Some(status & 0x7f).filter(|signal| *signal != 0)
}

/// Runs httpd by a shell that limits it first.
fn start_limited(site: &Site, limit: &str) -> Outcome {
    let httpd = site.command(&["-k", "start"]);
    let words: Vec<String> = std::iter::once(httpd.get_program())
        .chain(httpd.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let said = site.root.join("limited.stderr");
    let status = Command::new("sh")
        .args(["-c", &format!("{limit} && exec \"$@\""), "sh"])
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(&said).unwrap())
        .status()
        .unwrap();
    Outcome { code: status.code(), stderr: std::fs::read_to_string(&said).unwrap(), stdout: String::new() }
}

#[test]
fn too_small_a_stack_is_an_error_at_the_start() {
    let ground = Ground::new(mpm());
    let guest = ground.module("says", &says("says", "one"));
    if mpm() == Mpm::Prefork {
        ground.configure(&guest);
        start_limited(&ground.site, "ulimit -s 300");
        wait(10, "it is told", || {
            ground.site.error_log_text().contains(
                "the stack limit (ulimit -s) of 307200 is too small for guests: they need at least 458752 bytes",
            )
        });
    } else {
        ground.configure(&format!("{guest}ThreadStackSize 200000\n"));
        assert!(Server::start(&ground.site).is_err());
        let log = ground.site.error_log_text();
        assert!(
            log.contains("mod_wasm: ThreadStackSize 200000 is too small for guests: they need at least 458752 bytes"),
            "{log}"
        );
    }
    let log = ground.site.error_log_text();
    assert!(log.contains("AH00016: Configuration Failed") || log.contains("Configuration Failed"), "{log}");
}

#[test]
fn guests_that_call_one_another_through_httpd_share_a_stack() {
    let ground = Ground::new(mpm());
    let mut own = String::new();
    // Threads with just the stack that one guest needs.
    own += "<IfModule !mpm_prefork_module>\nThreadStackSize 460000\n</IfModule>\n";
    for name in ["deep", "deeper"] {
        own +=
            &ground.module(name, &assemble("deep", "never", &[("NAME", name), ("TRIGGER", "deep"), ("DEPTH", "1500")]));
    }
    ground.configure(&own);
    let server = ground.start();
    let children = server.children();
    for _ in 0..20 {
        // Refused, cut off or done, by how much stack there was.
        let _ = fetch(&server, "/index.html?deep");
        assert_eq!(status(&fetch(&server, "/index.html")), 200);
    }
    let log = ground.site.error_log_text();
    assert_eq!(crashes(&log), Vec::<&str>::new(), "{log}");
    for child in children {
        assert!(server.children().contains(&child), "child {child} is gone:\n{log}");
    }
    if mpm() != Mpm::Prefork {
        assert!(log.contains("too little stack is left to call it"), "{log}");
    }
    server.stop().unwrap();
}

#[test]
fn a_small_address_space_is_enough() {
    let ground = Ground::new(mpm());
    ground.configure(
        &(ground.module("says", &says("says", "one")) + &ground.module("trap", &fails("trap", "out_of_bounds"))),
    );
    let outcome = start_limited(&ground.site, "ulimit -v 4000000");
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    wait(20, "it serves", || Connection::open(([127, 0, 0, 1], ground.site.port).into()).is_ok());
    let ask = |target: &str| {
        let mut connection = Connection::open(([127, 0, 0, 1], ground.site.port).into()).unwrap();
        crate::ground::get(&mut connection, target)
    };
    for _ in 0..20 {
        assert_eq!(ask("/index.html?says").body, b"one");
        assert_eq!(status(&ask("/index.html?trap")), 500);
    }
    let said = outcome.stderr + &ground.site.error_log_text();
    assert!(said.contains("mod_wasm: address space limit of 4096000000 bytes: guest memories are reserved small and checked at each access, which is slower"), "{said}");
    assert_eq!(crashes(&said), Vec::<&str>::new());
    let pid: i32 = std::fs::read_to_string(&ground.site.pid_file).unwrap().trim().parse().unwrap();
    signal(pid, Signal::TERM);
    wait(20, "it has stopped", || !Path::new(&format!("/proc/{pid}/exe")).exists());
}

#[test]
fn children_that_live_short_lives() {
    let ground = Ground::new(mpm());
    let own = ground.module("says", &says("says", "one")) + &ground.module("trap", &fails("trap", "stack_overflow"));
    ground.configure(&format!("{own}MaxConnectionsPerChild 20\n"));
    let server = ground.start();
    let bystanders = [Bystander::at(&server), Bystander::at(&server)];
    for _ in 0..100 {
        assert_eq!(status(&fetch(&server, "/index.html?trap")), 500);
        assert_eq!(fetch(&server, "/index.html?says").body, b"one");
    }
    bystanders.into_iter().for_each(|bystander| assert!(bystander.done() > 20));
    assert!(ground.processes("GET /index.html?says").len() >= 4, "{:?}", ground.served());
    assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new());
    server.stop().unwrap();
}

#[test]
fn the_memory_of_a_failed_guest_returns() {
    let ground = Ground::new(mpm());
    ground.configure(&ground.module_with("greedy", &fails("greedy", "memory_used"), "WasmMemoryLimit 64M"));
    let server = ground.start();
    let private = || -> u64 { server.children().into_iter().map(private_kilobytes).sum() };
    let before = private();
    for _ in 0..40 {
        assert_eq!(status(&fetch(&server, "/index.html?greedy")), 500);
    }
    // 40 times 64 MB were taken.
    let after = private();
    assert!(after < before + 20_000, "{before} KB, then {after} KB");
    server.stop().unwrap();
}

#[test]
fn what_threads_have_merged_an_instance_merges_once() {
    let ground = Ground::new(mpm());
    let tell = "(drop (call $ap_log_error (i32.const 0) (i32.const 16) (i32.const 3) (i32.const 1) (i32.const 5) (i32.const 0) (i32.const 512) (call $length (i32.const 512))))";
    let values =
        [("NAME", "joined"), ("TRIGGER", "joined"), ("CREATE", ""), ("DIRECTIVE", ""), ("MERGE", tell), ("HOOKS", "")];
    let module = ground.module("joined", &assemble("config", "never", &values));
    ground.configure(&format!("{module}joined\n<Location /plain>\njoined\n</Location>\n"));
    let server = ground.start();
    // One after the other, so that one instance of a child serves all, by whatever thread.
    for _ in 0..100 {
        assert_eq!(status(&fetch(&server, "/plain")), 200);
    }
    let log = ground.site.error_log_text();
    let told = lines_with(&log, &["[joined:notice]", "] joined"]);
    let children: BTreeSet<_> = ground.processes("GET /plain");
    assert!(
        (1..=2 * children.len()).contains(&told.len()),
        "{} children merged {} times:\n{log}",
        children.len(),
        told.len()
    );
    server.stop().unwrap();
}

#[test]
fn what_httpd_keeps_for_a_guest_has_an_end() {
    // It is told in time, so that it is not ended; but for what is nowhere kept, which only takes time.
    let told =
        ["table_set", "table_merge", "set_field", "userdata", "read", "methods", "regcomp"].map(|way| (way, 200));
    for (way, answer) in told.into_iter().chain([("escape", 500)]) {
        let ground = Ground::new(mpm());
        let hoard = assemble("hoard", "never", &[("NAME", "hoard"), ("TRIGGER", "hoard"), ("WAY", way)]);
        // Compiling takes its time, which is not what is looked at here.
        let time = if way == "regcomp" { "20s" } else { "2s" };
        ground.configure(&ground.module_with("hoard", &hoard, &format!("WasmTimeLimit {time}")));
        let server = ground.start();
        let children = server.children();
        let peak = || children.iter().copied().map(peak_kilobytes).max().unwrap();
        let before = peak();
        // The next request has room of its own.
        for _ in 0..2 {
            assert_eq!(status(&fetch(&server, "/index.html?hoard")), answer, "{way}");
        }
        // Where 2 s would be enough for some GB.
        let after = peak();
        println!("{way}: {before} KB, then {after} KB");
        assert!(after < before + 400_000, "{way}: {before} KB, then {after} KB");
        for child in children {
            assert!(server.children().contains(&child), "{way}: child {child} is gone");
        }
        server.stop().unwrap();
    }
}

#[test]
fn a_slow_client_and_its_body_cross_a_restart() {
    let ground = Ground::new(mpm());
    ground.configure(&ground.module("says", &says("says", "one")));
    let server = ground.start();
    let mut connection = Connection::open(server.address()).unwrap();
    connection.send(b"GET /index.html?says HTTP/1.1\r\nHost: loc").unwrap();
    std::thread::sleep(Duration::from_millis(100));
    ground.file("says.wasm", &says("says", "two"));
    server.graceful().unwrap();
    // The old child finishes what it began, with the guest that it has.
    connection.send(b"alhost\r\n\r\n").unwrap();
    assert_eq!(connection.receive(false).unwrap().body, b"one");
    let answer = post(&mut Connection::open(server.address()).unwrap(), "/index.html?says", "x");
    assert_eq!(answer.body, b"two");
    server.stop().unwrap();
}

#[test]
fn compiled_code_is_kept_and_only_used_if_it_can_be_trusted() {
    let ground = Ground::new(mpm());
    let headers = ground.dist("mod_headers.wasm").display().to_string();
    let cache = ground.path("cache");
    let preamble = format!("{}WasmCacheDir \"{}\"\n", ground.load_mod_wasm(), cache.display());
    ground
        .configure_with(&preamble, &format!("WasmApacheModule headers_module \"{headers}\"\nHeader set X-Here yes\n"));
    let test = || {
        let began = Instant::now();
        let outcome = ground.site.config_test().unwrap();
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        (began.elapsed(), outcome.stderr)
    };
    let files = || -> Vec<_> { std::fs::read_dir(&cache).unwrap().map(|entry| entry.unwrap().path()).collect() };
    let (compiled, said) = test();
    assert_eq!(said, "Syntax OK\n");
    assert_eq!(files().len(), 1);
    let (taken, said) = test();
    assert_eq!(said, "Syntax OK\n");
    assert!(taken * 3 < compiled, "compiled in {compiled:?}, taken from the cache in {taken:?}");
    println!("compiled in {compiled:?}, taken from the cache in {taken:?}");

    // Damaged: told, compiled anew, and whole again.
    let file = files()[0].clone();
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let (_, said) = test();
    assert!(said.contains(&format!("cached code {} is not used: damaged", file.display())), "{said}");
    assert_eq!(test().1, "Syntax OK\n");
    std::fs::write(&file, b"short").unwrap();
    assert!(test().1.contains("is not used: truncated"));

    // What others could have written.
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o666)).unwrap();
    assert!(test().1.contains("is not used: is writable by others than its owner"));
    assert_eq!(test().1, "Syntax OK\n");
    std::fs::set_permissions(&cache, PermissionsExt::from_mode(0o777)).unwrap();
    let (_, said) = test();
    assert!(
        said.contains(&format!(
            "compiled code is not cached: {} is writable by others than its owner",
            cache.display()
        )),
        "{said}"
    );
    std::fs::set_permissions(&cache, PermissionsExt::from_mode(0o700)).unwrap();

    // Code of another version has another name, and is let alone.
    let strange = cache.join("0000.cwasm");
    std::fs::write(&strange, b"of another version").unwrap();
    assert_eq!(test().1, "Syntax OK\n");
    assert!(strange.exists());
    std::fs::remove_dir_all(&cache).unwrap();
    assert_eq!(test().1, "Syntax OK\n");
    assert_eq!(files().len(), 1);
    let server = ground.start();
    assert_eq!(header(&fetch(&server, "/"), "X-Here").as_deref(), Some("yes"));
    server.stop().unwrap();
}

#[test]
fn the_config_is_read_twice_and_modules_are_unloaded_in_between() {
    let ground = Ground::new(mpm());
    let headers = ground.dist("mod_headers.wasm").display().to_string();
    let own = format!("WasmApacheModule headers_module \"{headers}\"\nHeader set X-Here yes\n");
    ground.configure(&(own + &ground.module("trap", &fails("trap", "division_by_zero"))));
    let dump = ground.site.run(&["-t", "-D", "DUMP_MODULES"]).unwrap();
    assert!(
        dump.stdout.contains(" headers_module (shared)") && dump.stdout.contains(" trap_module (shared)"),
        "{dump:?}"
    );
    let server = ground.start();
    assert_eq!(header(&fetch(&server, "/"), "X-Here").as_deref(), Some("yes"));
    // Out of the configuration and back again.
    ground.configure("");
    server.graceful().unwrap();
    wait(10, "the module is gone", || header(&fetch(&server, "/"), "X-Here").is_none());
    ground.configure(&format!("WasmApacheModule headers_module \"{headers}\"\nHeader set X-Here again\n"));
    server.graceful().unwrap();
    wait(10, "the module is back", || header(&fetch(&server, "/"), "X-Here").as_deref() == Some("again"));
    // Without mod_wasm at all, and with it again.
    ground.configure_with("", "");
    server.graceful().unwrap();
    wait(10, "the module is gone", || header(&fetch(&server, "/"), "X-Here").is_none());
    ground.configure(&format!("WasmApacheModule headers_module \"{headers}\"\nHeader set X-Here back\n"));
    server.restart_hard().unwrap();
    assert_eq!(header(&fetch(&server, "/"), "X-Here").as_deref(), Some("back"));
    assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new());
    server.stop().unwrap();
}
