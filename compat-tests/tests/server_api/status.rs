//! The server itself: modules, MPM, scoreboard, the configuration as it was read.

use super::{ALL, call, ground};
use crate::ground::{get, lines_with, wait};
use compat_tests::client::Connection;
use compat_tests::server::Mpm;
use std::collections::{BTreeMap, BTreeSet};

/// Lines of `name=value`.
fn record(text: &str) -> BTreeMap<String, String> {
    text.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| (name.into(), value.into())).collect()
}

fn is_prefork() -> bool {
    matches!(Mpm::from_env().unwrap(), Mpm::Prefork)
}

#[test]
fn modules_and_their_directives() {
    let server = ground(ALL, "").start();
    let modules = call(&server, "loaded_modules");
    let modules: Vec<_> = modules.split(' ').collect();
    for name in ["core.c", "mod_so.c", "mod_wasm.c", "mod_dir.c", "mod_server_api.c"] {
        assert!(modules.contains(&name), "{name}: {modules:?}");
    }
    assert_eq!(modules.last(), Some(&"mod_server_api.c"));
    let commands = call(&server, "module_info;mod_dir.c");
    assert!(!lines_with(&commands, &["DirectoryIndex: a list of file names"]).is_empty(), "{commands}");
    assert!(!lines_with(&commands, &["FallbackResource: "]).is_empty(), "{commands}");
    for none in ["module_info;mod_server_api.c", "module_info;mod_proxy.c", "module_info;", "module_info;mod_dir.c%00x"]
    {
        assert_eq!(call(&server, none), "NONE", "{none}");
    }
}

#[test]
fn what_the_mpm_and_the_server_say() {
    let ground = ground(ALL, "Define GIVEN\n");
    let server = ground.start();
    let mpm = Mpm::from_env().unwrap();
    assert_eq!(call(&server, "mpm_query;2"), if is_prefork() { "Some(0)" } else { "Some(1)" });
    assert_eq!(call(&server, "mpm_query;6"), if is_prefork() { "Some(1)" } else { "Some(8)" });
    for unknown in ["mpm_query;1000", "mpm_query;-1", "state_query;1000", "state_query;-1"] {
        assert_eq!(call(&server, unknown), "None", "{unknown}");
    }
    assert_eq!(call(&server, "state_query;0"), "Some(5)", "it runs the MPM");
    assert_eq!(call(&server, "state_query;1"), "Some(2)", "it is no test of the configuration");
    assert_eq!(call(&server, "exists_config_define;GIVEN"), "true");
    assert_eq!(call(&server, "exists_config_define;NOT_GIVEN"), "false");
    let root = ground.root.path().display().to_string();
    assert_eq!(call(&server, "runtime_dir_relative;a/b"), format!("{root}/run/a/b"));
    assert_eq!(call(&server, "runtime_dir_relative;/a/b"), "/a/b");
    assert_eq!(call(&server, "runtime_dir_relative;a%00b"), "NONE");
    let info = record(&call(&server, "server_info"));
    assert_eq!(info["server_root"], root);
    assert_eq!(info["server_mpm"].to_lowercase(), mpm.name());
    assert!(info["server_executable"].contains("apache2"), "{info:?}");
}

#[test]
fn the_scoreboard_is_that_of_the_server() {
    let ground = ground(ALL, "ExtendedStatus On\n");
    let server = ground.start();
    // The parent notes a child after it has started it.
    wait(10, "the first child is noted", || record(&call(&server, "scoreboard_process;0"))["pid"] != "0");
    let mut connection = Connection::open(server.address()).unwrap();
    let global = record(&String::from_utf8_lossy(&get(&mut connection, "/api?scoreboard_global").body));
    let limit = |name: &str| global[name].parse::<u32>().unwrap();
    assert_eq!((limit("server_limit"), limit("thread_limit")), if is_prefork() { (6, 1) } else { (4, 8) });
    let began = global["restart_time"].parse::<u128>().unwrap() / 1_000_000;
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs().into();
    assert!((now - 300..=now).contains(&began), "{began} {now}");
    // The requests so far are there, of whichever threads answered them.
    let mut found = BTreeSet::new();
    for child in 0..limit("server_limit") {
        let process =
            record(&String::from_utf8_lossy(&get(&mut connection, &format!("/api?scoreboard_process;{child}")).body));
        assert_eq!(process.len(), 10, "{process:?}");
        for thread in 0..limit("thread_limit") {
            let target = format!("/api?scoreboard_worker;{child};{thread}");
            let worker = record(&String::from_utf8_lossy(&get(&mut connection, &target).body));
            assert_eq!(worker.len(), 19, "{worker:?}");
            if worker["request"].starts_with("GET /api?scoreboard_") {
                assert_eq!((worker["client64"].as_str(), worker["protocol"].as_str()), ("127.0.0.1", "http/1.1"));
                // prefork leaves the worker's place for it empty.
                assert!(["0", &process["pid"]].contains(&worker["pid"].as_str()), "{worker:?} {process:?}");
                found.insert(process["pid"].parse::<i32>().unwrap());
            }
        }
    }
    drop(connection);
    let served: BTreeSet<_> = ground.served().into_iter().map(|(pid, _)| pid).collect();
    assert_eq!(found, served, "{:?}", ground.served());
    for none in [
        "scoreboard_process;4000",
        "scoreboard_process;-1",
        "scoreboard_worker;0;4000",
        "scoreboard_worker;4000;0",
        "scoreboard_worker;-1;-1",
    ] {
        assert_eq!(call(&server, none), "NONE", "{none}");
    }
}

#[test]
fn the_configuration_as_it_was_read() {
    let hosts = "<VirtualHost *:*>\nServerName one\n<Directory />\nRequire all granted\n</Directory>\n</VirtualHost>\n\
                 <VirtualHost *:*>\nServerName two\nServerAlias other *.two\nSetEnv \"a b\" c\n</VirtualHost>\n";
    let ground = ground(ALL, &format!("LoadModule env_module modules/mod_env.so\n{hosts}"));
    let server = ground.start();
    let root = ground.root.path().display().to_string();
    let config = call(&server, "config").replace(&root, "ROOT");
    let own = std::fs::read_to_string(ground.path("own.conf")).unwrap();
    let line = |text: &str| 1 + own.lines().position(|line| line == text).unwrap_or_else(|| panic!("{text}"));
    let expected = format!(
        "<VirtualHost *:*> (ROOT/own.conf:{})\n  ServerName one (ROOT/own.conf:{})\n  <Directory /> (ROOT/own.conf:{})\n    \
         Require all granted (ROOT/own.conf:{})\n<VirtualHost",
        line("<VirtualHost *:*>"),
        line("ServerName one"),
        line("<Directory />"),
        line("Require all granted"),
    );
    assert!(config.contains(&expected), "{config}\n{expected}");
    assert!(config.contains(r#"DocumentRoot \"ROOT/htdocs\" (ROOT/httpd.conf:"#), "{config}");
    let active = |host: &str| {
        let mut connection = Connection::open(server.address()).unwrap();
        connection.send(format!("GET /api?activeconfig HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).unwrap();
        let answer = connection.receive(false).unwrap();
        String::from_utf8_lossy(&answer.body).replace(&root, "ROOT")
    };
    for host in ["two", "TWO", "other", "www.two"] {
        let active = active(host);
        assert!(active.starts_with("ServerName two (ROOT/own.conf:"), "{host}: {active}");
        assert!(active.contains(r#"SetEnv \"a b\" c (ROOT/own.conf:"#), "{host}: {active}");
        assert_eq!(active.trim().lines().count(), 3, "{host}: {active}");
    }
    assert!(active("one").contains("\n<Directory /> (ROOT/own.conf:"), "{}", active("one"));
    // A host that nobody names is the first one's.
    assert!(active("unknown").starts_with("ServerName one "));
    assert_eq!(call(&server, "activeconfig_of;77"), "-2");
}

#[test]
fn the_main_server_has_no_section() {
    let server = ground(ALL, "").start();
    assert_eq!(call(&server, "activeconfig"), "NONE");
}
