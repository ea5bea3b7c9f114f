//! Files, DBM files of each type, SQL statements, registered functions: named by a directive, read by requests.

use super::ground::{fetch, log_with, status};
use super::{call, ground, output};
use compat_tests::server::modules;
use std::path::Path;

#[test]
fn only_what_a_server_directive_names_is_opened() {
    let refused = [
        ("ApiMap m other:whatever", "refused: NotNamed"),
        ("ApiMap m notprg:/bin/cat", "refused: NotNamed"),
        ("ApiMap m badmutex:/bin/cat", "refused: NotNamed"),
        ("ApiMap m prg:", "refused: NotNamed"),
        ("ApiMap m int:unknown", "refused: None"),
        ("ApiMap m \"dbd:SELECT 1\"", "refused: None"),
        ("ApiMap m dbm=nonsense:x", "the type is unknown"),
        ("<Directory />\nApiMap m txt:own.conf\n</Directory>", "refused: NotNamed"),
        ("<Location /x>\nApiMap m prg:/bin/cat\n</Location>", "refused: NotNamed"),
        ("ApiUsednames nonsense x", "names: None"),
        ("ApiUsednames sdbm x", "names: Some([\"ROOT/x.dir\", \"ROOT/x.pag\"])"),
    ];
    for (own, expected) in refused {
        let refusal = ground("", &format!("{own}\n")).refusal();
        assert!(refusal.contains(expected), "{own}: {refusal}");
    }
}

#[test]
fn a_htaccess_file_names_nothing() {
    let ground = ground("", "<Directory />\nAllowOverride All\n</Directory>\n");
    ground.file("htdocs/inner/index.html", b"inner");
    let server = ground.start();
    for line in ["ApiMap m txt:/etc/passwd", "ApiMap m prg:/bin/cat"] {
        ground.file("htdocs/inner/.htaccess", format!("{line}\n").as_bytes());
        let mark = server.mark();
        assert_eq!(status(&fetch(&server, "/inner/index.html")), 500);
        log_with(&server, mark, &["refused: NotNamed"]);
    }
}

#[test]
fn a_file_is_read_in_parts_and_may_change_or_go() {
    let ground = ground("", "ApiMap a txt:maps/a.txt\nApiMap big txt:maps/big.txt\n");
    ground.file("maps/a.txt", b"one 1\ntwo 2\n");
    let big: Vec<u8> = (0..300_000u32).map(|n| b'a' + (n % 26) as u8).collect();
    ground.file("maps/big.txt", &big);
    let server = ground.start();
    assert_eq!(call(&server, "read;a"), "one 1\\ntwo 2\\n");
    assert_eq!(call(&server, "read;a;4;3"), "1\\nt");
    assert_eq!(call(&server, "read;a;100;3"), "");
    assert_eq!(call(&server, "read;big").as_bytes(), big);
    ground.file("maps/a.txt", b"three 3\n");
    assert_eq!(call(&server, "read;a"), "three 3\\n");
    std::fs::remove_file(ground.path("maps/a.txt")).unwrap();
    assert_eq!(call(&server, "read;a"), "failed 2 ");
    assert_eq!(call(&server, "get;a;x"), "that map is of another type");
}

#[test]
fn dbm_files_of_each_type() {
    let types = ["SDBM", "DB", "GDBM", "NDBM"];
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("map.txt"), "one 1\ntwo second\n").unwrap();
    let makes = |kind: &str| {
        let name = folder.path().join(format!("try-{kind}"));
        let mut command = std::process::Command::new("httxt2dbm");
        let made = command.args(["-f", kind, "-i"]).arg(folder.path().join("map.txt")).arg("-o").arg(name).output();
        made.unwrap_or_else(|why| panic!("httxt2dbm: {why}")).status.success()
    };
    let known: Vec<_> = types.into_iter().filter(|kind| makes(kind)).collect();
    assert!(known.contains(&"SDBM"), "{known:?}");
    let lines: String =
        known.iter().map(|kind| format!("ApiMap {kind} dbm={}:maps/{kind}\n", kind.to_lowercase())).collect();
    let ground = ground("", &format!("{lines}ApiMap gone dbm=sdbm:maps/gone\n"));
    ground.file("maps/map.txt", b"one 1\ntwo second\n");
    for kind in &known {
        output("httxt2dbm", &["-f", kind, "-i", "maps/map.txt", "-o", &format!("maps/{kind}")], ground.root.path());
    }
    output("sh", &["-c", "chmod a+r maps/*"], ground.root.path());
    let server = ground.start();
    for kind in &known {
        assert_eq!(call(&server, &format!("get;{kind};one")), "1", "{kind}");
        assert_eq!(call(&server, &format!("get;{kind};two")), "second", "{kind}");
        assert_eq!(call(&server, &format!("get;{kind};three")), "NONE", "{kind}");
    }
    // Written anew, it is read anew.
    ground.file("maps/map.txt", b"one uno\n");
    output("httxt2dbm", &["-f", "SDBM", "-i", "maps/map.txt", "-o", "maps/SDBM"], ground.root.path());
    output("sh", &["-c", "chmod a+r maps/*"], ground.root.path());
    assert_eq!(call(&server, "get;SDBM;one"), "uno");
    assert!(call(&server, "get;gone;one").starts_with("failed 2 "));
}

/// A server with a database of SQLite.
fn with_database(statements: &str) -> super::Ground {
    let own = format!(
        "{}DBDriver sqlite3\nDBDParams \"%ROOT%/maps/map.db\"\nDBDPersist Off\n{statements}",
        "LoadModule dbd_module modules/mod_dbd.so\n"
    );
    let ground = ground("", &own);
    let own = std::fs::read_to_string(ground.path("own.conf")).unwrap();
    ground.file("own.conf", own.replace("%ROOT%", &ground.root.path().display().to_string()).as_bytes());
    ground.file("maps/.keep", b"");
    let tables = "CREATE TABLE map (k TEXT, v TEXT); INSERT INTO map VALUES ('one', '1'), ('two', 'a'), ('two', 'b'), ('null', NULL);";
    output("sqlite3", &["maps/map.db", tables], ground.root.path());
    output("chmod", &["a+rw", "maps/map.db", "maps"], ground.root.path());
    ground
}

#[test]
fn statements_of_mod_dbd() {
    let ground = with_database(
        "ApiMap sql \"dbd:SELECT v FROM map WHERE k = %s\"\nApiMap again \"dbd:SELECT k FROM map WHERE v = %s\"\n\
         ApiMap more-than-one \"dbd:SELECT v FROM map WHERE k = %s AND %s IS NULL AND %s IS NULL AND %s IS NULL\"\n",
    );
    let server = ground.start();
    assert_eq!(call(&server, "get;sql;one"), r#"["1"]"#);
    // What the key doesn't fill is NULL, and nothing that happens to lie behind it.
    assert_eq!(call(&server, "get;more-than-one;one"), r#"["1"]"#);
    assert_eq!(call(&server, "get;sql;two"), r#"["a", "b"]"#);
    assert_eq!(call(&server, "get;sql;three"), "[]");
    assert_eq!(call(&server, "get;sql;null"), r#"[""]"#);
    assert_eq!(call(&server, "get;again;1"), r#"["one"]"#);
    assert_eq!(call(&server, "get;sql;'%20OR%201--"), "[]");
}

#[test]
fn a_database_that_fails_is_an_error() {
    let ground = with_database(
        "ApiMap sql \"dbd:SELECT v FROM map WHERE k = %s\"\nApiMap wrong \"dbd:SELECT nothing FROM nowhere\"\n",
    );
    let server = ground.start();
    // mod_dbd gives no connection on which a statement could not be prepared.
    assert_eq!(call(&server, "get;wrong;one"), "NotThere");
    assert_eq!(call(&server, "get;sql;one"), "NotThere");
}

#[test]
fn native_modules_register_functions() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("guests/rewrite_api/native_map.c");
    let ground =
        ground("", "LoadModule native_map_module native_map.so\nApiMap back int:reversed\nApiMap none int:nothing\n");
    let includes = output("apxs2", &["-q", "INCLUDEDIR"], ground.root.path());
    let apr = output("apr-1-config", &["--includes", "--cppflags", "--cflags"], ground.root.path());
    let mut arguments = vec!["-shared", "-fPIC", "-o", "native_map.so", "-I", &includes];
    arguments.extend(apr.split_whitespace());
    let source = source.display().to_string();
    arguments.push(&source);
    output("gcc", &arguments, ground.root.path());
    assert!(modules().is_dir());
    let server = ground.start();
    assert_eq!(call(&server, "get;back;abc"), "cba");
    assert_eq!(call(&server, &format!("get;back;{}", "ab".repeat(1_000))), "ba".repeat(1_000));
    assert_eq!(call(&server, "get;none;abc"), "NONE");
    server.graceful().unwrap();
    assert_eq!(call(&server, "get;back;again"), "niaga");
}
