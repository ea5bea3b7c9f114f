//! The server's life: many restarts, and the cache of compiled code from one configuration to the next.
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use compat_tests::errorlog::crashes;
use compat_tests::server::Mpm;

use crate::ground::{Bystander, Ground, assemble, fetch, header, status, wait};
use crate::mpm;

fn says(name: &str, text: &str) -> Vec<u8> {
    assemble("says", "never", &[("NAME", name), ("TRIGGER", name), ("TEXT", text)])
}

/// Kilobytes of memory of its own, and open files.
fn size(pid: i32) -> (u64, usize) {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let anonymous =
        status.lines().find_map(|line| line.strip_prefix("RssAnon:")).and_then(|rest| rest.split_whitespace().next());
    let files = std::fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, Iterator::count);
    (anonymous.and_then(|number| number.parse().ok()).unwrap_or(0), files)
}

#[test]
fn two_hundred_graceful_restarts_lose_no_request_and_leak_nothing() {
    const RESTARTS: usize = 200;
    let ground = Ground::new(mpm());
    let headers = ground.dist("mod_headers.wasm").display().to_string();
    let mut own = format!("WasmApacheModule headers_module \"{headers}\"\nHeader set X-Here yes\n");
    let trap = assemble("hook", "unreachable", &[("NAME", "trap"), ("TRIGGER", "trap"), ("HOOK", "fixups")]);
    own += &(ground.module("trap", &trap) + &ground.module("says", &says("says", "0")));
    ground.configure(&own);
    let server = ground.start();
    let bystanders = [Bystander::at(&server), Bystander::at(&server), Bystander::at(&server)];
    let (mut sizes, mut children) = (Vec::new(), Vec::new());
    for i in 1..=RESTARTS {
        // A guest that is another each time, and so compiled each time.
        let replaced = i % 10 == 0;
        if replaced {
            ground.file("says.wasm", &says("says", &i.to_string()));
        }
        server.graceful().unwrap();
        if replaced {
            let text = i.to_string();
            wait(20, "the replaced guest answers", || fetch(&server, "/index.html?says").body == text.as_bytes());
        }
        assert_eq!(status(&fetch(&server, "/index.html?trap")), 500);
        let answer = fetch(&server, "/index.html");
        assert_eq!((status(&answer), header(&answer, "X-Here").as_deref()), (200, Some("yes")));
        sizes.push(size(server.pid()));
        children.push(server.children().into_iter().map(|pid| size(pid).0).max().unwrap_or(0));
    }
    let answered: usize = bystanders.into_iter().map(Bystander::done).sum();
    assert!(answered > RESTARTS, "{answered}");
    let (early, late) = (sizes[RESTARTS / 4], sizes[RESTARTS - 1]);
    println!(
        "{answered} requests beside {RESTARTS} restarts; the parent: {early:?} and then {late:?} (kilobytes, open files)"
    );
    assert!(late.0 < early.0 + 3_000, "the parent grows (kilobytes, open files): {sizes:?}");
    assert!(late.1 <= early.1 + 1, "the parent loses files (kilobytes, open files): {sizes:?}");
    // Each child inherits what its parent has; the largest of some generations, since some have served more than others.
    let largest = |generations: std::ops::Range<usize>| children[generations].iter().max().copied().unwrap_or(0);
    let (early, late) = (largest(RESTARTS / 4..RESTARTS / 2), largest(RESTARTS * 3 / 4..RESTARTS));
    println!("the largest child: {early} and then {late} kilobytes");
    assert!(late < early + 3_000, "children grow from one generation to the next (kilobytes): {children:?}");
    let most = if mpm() == Mpm::Prefork { 6 } else { 1 };
    wait(60, "the children of earlier generations are gone", || server.children().len() <= most);
    assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new());
    server.stop().unwrap();
}

/// A ground whose cache is in its own folder, with one guest, and the configuration's lines.
fn with_cache(name: &str) -> (Ground, PathBuf) {
    let ground = Ground::new(mpm());
    let cache = ground.path(name);
    let own = ground.module("says", &says("says", "one"));
    ground.configure_with(&format!("{}WasmCacheDir \"{}\"\n", ground.load_mod_wasm(), cache.display()), &own);
    (ground, cache)
}

fn files(cache: &PathBuf) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// What `httpd -t` says.
fn test(ground: &Ground) -> String {
    let outcome = ground.site.config_test().unwrap();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    outcome.stderr
}

#[test]
fn code_that_somebody_else_wrote_is_refused() {
    let (ground, cache) = with_cache("cache");
    assert_eq!(test(&ground), "Syntax OK\n");
    let [file] = &files(&cache)[..] else { panic!("one file is there") };
    // Somebody else's file.
    std::os::unix::fs::chown(file, Some(65_534), None).expect("the suite runs as root");
    assert!(test(&ground).contains(&format!("cached code {} is not used: belongs to another user", file.display())));
    assert_eq!(test(&ground), "Syntax OK\n");
    assert_eq!(std::fs::metadata(file).unwrap().uid(), 0, "it was replaced by our own");
    // A link to somebody else's file.
    let other = ground.file("other.cwasm", &std::fs::read(file).unwrap());
    std::os::unix::fs::chown(&other, Some(65_534), None).unwrap();
    std::fs::remove_file(file).unwrap();
    std::os::unix::fs::symlink(&other, file).unwrap();
    assert!(test(&ground).contains("is not used: belongs to another user"));
    assert_eq!(std::fs::metadata(&other).unwrap().uid(), 65_534, "what the link led to is as it was");
    assert_eq!(test(&ground), "Syntax OK\n");
    // Somebody else's folder.
    std::os::unix::fs::chown(&cache, Some(65_534), None).unwrap();
    assert!(
        test(&ground).contains(&format!("compiled code is not cached: {} belongs to another user", cache.display()))
    );
}

#[test]
fn code_of_another_version_is_compiled_anew() {
    use sha2::{Digest, Sha256};
    let (ground, cache) = with_cache("cache");
    test(&ground);
    let [file] = &files(&cache)[..] else { panic!("one file is there") };
    // Whole and ours, but of a wasmtime that names itself otherwise: the version stands near the code's beginning.
    let mut code = std::fs::read(file).unwrap().split_off(32);
    let version = b"\x0248";
    let at = code.windows(version.len()).position(|bytes| bytes == version).expect("the code names its version");
    code[at..at + version.len()].copy_from_slice(b"\x0247");
    std::fs::write(
        file,
        [&Sha256::digest([file.file_name().unwrap().as_encoded_bytes(), &code].concat())[..], &code].concat(),
    )
    .unwrap();
    let said = test(&ground);
    assert!(said.contains(&format!("cached code {} is not used: ", file.display())) && said.contains("47"), "{said}");
    assert_eq!(test(&ground), "Syntax OK\n");
    let server = ground.start();
    assert_eq!(fetch(&server, "/index.html?says").body, b"one");
    server.stop().unwrap();
}

#[test]
fn the_cache_forgets_what_nobody_uses() {
    let (ground, cache) = with_cache("cache");
    test(&ground);
    let first = files(&cache).remove(0);
    let old = SystemTime::now() - Duration::from_secs(40 * 24 * 60 * 60);
    let left = cache.join(format!("{}.4711-0.part", "a".repeat(64)));
    let strange = cache.join("notes.txt");
    for path in [&left, &strange] {
        std::fs::write(path, b"x").unwrap();
    }
    for path in [&first, &left, &strange] {
        std::fs::File::options().write(true).open(path).unwrap().set_modified(old).unwrap();
    }
    // What is used is young again.
    assert_eq!(test(&ground), "Syntax OK\n");
    assert!(std::fs::metadata(&first).unwrap().modified().unwrap() > old + Duration::from_secs(1_000));
    std::fs::File::options().write(true).open(&first).unwrap().set_modified(old).unwrap();
    // Another guest in its place; what it was is forgotten when that is written.
    ground.file("says.wasm", &says("says", "two"));
    assert_eq!(test(&ground), "Syntax OK\n");
    assert!(!first.exists() && !left.exists() && strange.exists());
    assert_eq!(files(&cache).len(), 2);
}

#[test]
fn the_cache_s_folder_may_change_at_a_restart() {
    let (ground, cache) = with_cache("cache");
    let server = ground.start();
    assert_eq!(files(&cache).len(), 1);
    let elsewhere = ground.path("elsewhere");
    let own = std::fs::read_to_string(ground.path("own.conf")).unwrap();
    let load = ground.load_mod_wasm();
    ground.configure_with(&format!("{load}WasmCacheDir \"{}\"\n", elsewhere.display()), &own);
    server.graceful().unwrap();
    // Under prefork the word that `graceful` waits for may still be that of the start.
    wait(10, "the new folder is in use", || elsewhere.exists() && files(&elsewhere).len() == 1);
    std::thread::sleep(Duration::from_millis(500));
    ground.configure_with(&format!("{load}WasmCacheDir none\n"), &own);
    std::fs::remove_dir_all(&elsewhere).unwrap();
    server.graceful().unwrap();
    assert!(!elsewhere.exists());
    wait(10, "it serves", || fetch(&server, "/index.html?says").body == b"one");
    server.stop().unwrap();
}

#[test]
fn a_folder_that_is_named_too_late_is_an_error() {
    let (ground, cache) = with_cache("cache");
    let own = std::fs::read_to_string(ground.path("own.conf")).unwrap();
    let named = |dir: &str| {
        let preamble = format!("{}WasmCacheDir \"{}\"\n", ground.load_mod_wasm(), cache.display());
        ground.configure_with(&preamble, &format!("{own}WasmCacheDir \"{dir}\"\n"));
    };
    named(&ground.path("late").display().to_string());
    let said = ground.refusal();
    assert!(said.contains("Syntax error on line 2 of ROOT/own.conf: WasmCacheDir has to stand before the first WebAssembly module that is loaded"), "{said}");
    // The same once more changes nothing.
    named(&cache.display().to_string());
    assert_eq!(test(&ground), "Syntax OK\n");
}
