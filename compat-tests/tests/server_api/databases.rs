//! Databases: SQLite and PostgreSQL, by APR's drivers and by mod_dbd. sqlite3 and psql say what is in them.

use super::{ALL, ask, ground, writable};
use crate::ground::{Ground, fetch, get, status};
use compat_tests::client::Connection;
use compat_tests::postgres::Postgres;
use compat_tests::server::Server;
use std::process::Command;

const ROWS: &str = "CREATE TABLE people (id INTEGER, name TEXT, note TEXT); \
    INSERT INTO people VALUES (1, 'Ann', NULL), (2, 'Bob', ''), (3, 'Cleo', 'it''s');";

/// A server with a database of SQLite that its user may change; mod_dbd knows it too.
fn sqlite(own: &str) -> (Ground, String) {
    let place = ground(ALL, "");
    let path = format!("{}/test.db", writable(&place));
    let made = Command::new("sqlite3").args([path.as_str(), ROWS]).status().expect("scripts/setup installs sqlite3");
    assert!(made.success());
    assert!(Command::new("chmod").args(["a+rw", &path]).status().unwrap().success());
    let dbd = format!("LoadModule dbd_module modules/mod_dbd.so\nDBDriver sqlite3\nDBDParams \"{path}\"\n{own}");
    let loads = std::fs::read_to_string(place.path("own.conf")).unwrap();
    place.file("own.conf", (loads + &dbd).as_bytes());
    (place, path)
}

/// What `sqlite3` prints.
fn sqlite3(path: &str, statement: &str) -> String {
    let output = Command::new("sqlite3").args([path, statement]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_string()
}

/// What every database answers; `int` is the conversion for its numbers.
fn speaks(server: &Server, db: &str, int: &str) {
    let all = "3 row(s) of id name note\n\"1\" \"Ann\" NULL\n\"2\" \"Bob\" \"\"\n\"3\" \"Cleo\" \"it\\'s\"";
    let by_id = format!("SELECT id, name, note FROM people WHERE id = {int}");
    assert_eq!(ask(server, &["db_active", db]), "true");
    assert_eq!(ask(server, &["db_select", db, "SELECT * FROM people ORDER BY id"]), all);
    assert_eq!(ask(server, &["db_pselect", db, &by_id, "2"]), "1 row(s) of id name note\n\"2\" \"Bob\" \"\"");
    assert!(ask(server, &["db_pselect", db, &by_id, "99"]).starts_with("0 row(s)"));
    assert_eq!(ask(server, &["db_query", db, "UPDATE people SET note = 'x' WHERE id < 3"]), "2");
    assert_eq!(
        ask(server, &["db_pquery", db, &format!("UPDATE people SET note = %s WHERE id = {int}"), "NULL", "1"]),
        "1"
    );
    let change = "UPDATE people SET note = %s WHERE name = %s";
    assert_eq!(ask(server, &["db_pquery", db, change, "x'); DROP TABLE people; --", "Bob"]), "1");
    let injected = "1 row(s) of note\n\"x\\'); DROP TABLE people; --\"";
    assert_eq!(ask(server, &["db_select", db, "SELECT note FROM people WHERE id = 2"]), injected);
    assert_eq!(ask(server, &["db_escape", db, "it's"]), "it\\'\\'s");
    let numbers = r#"Some(Some("Bob")) Some(Some("Ann")) Some(Some("Bob")) None Some(Some("Cleo")) None"#;
    assert_eq!(ask(server, &["db_numbers", db, "SELECT name FROM people ORDER BY id"]), numbers);
    assert_eq!(ask(server, &["db_again", db, &by_id, "1"]), "100");
    // Missing arguments, arguments that drivers would misread, NULs.
    assert!(ask(server, &["db_pselect", db, &by_id]).starts_with("BadValue"));
    assert!(ask(server, &["db_pselect", db, "SELECT %pDb", "a", "1000000", "b", "c"]).starts_with("BadValue"));
    assert!(ask(server, &["db_select", db, "SELECT 1\0"]).starts_with("BadValue"));
    assert!(ask(server, &["db_pselect", db, "SELECT %s", "a\0b"]).starts_with("BadValue"));
    let refused = ask(server, &["db_select", db, "SELECT id FROM nowhere"]);
    assert!(refused.contains("nowhere"), "{refused}");
    assert!(ask(server, &["db_query", db, "nonsense"]).contains("syntax error"));
    assert!(ask(server, &["db_pselect", db, "nonsense %s", "x"]).contains("syntax error"));
    assert!(ask(server, &["db_statements", db]).contains("Limit"));
}

#[test]
fn sqlite_by_its_driver() {
    let (ground, path) = sqlite("");
    let server = ground.start();
    speaks(&server, &format!("sqlite3:{path}"), "%d");
    assert_eq!(sqlite3(&path, "SELECT count(*), max(note) FROM people"), "3|x'); DROP TABLE people; --");
}

#[test]
fn sqlite_by_mod_dbd() {
    for persist in ["On", "Off"] {
        let (ground, path) = sqlite(&format!("DBDPersist {persist}\n"));
        let server = ground.start();
        speaks(&server, "mod_dbd", "%d");
        assert_eq!(sqlite3(&path, "SELECT count(*), max(note) FROM people"), "3|x'); DROP TABLE people; --");
    }
}

#[test]
fn postgresql_by_its_driver_and_by_mod_dbd() {
    let postgres = Postgres::shared().expect("scripts/setup installs postgresql");
    postgres.create_database("server_api").unwrap();
    postgres.run("server_api", ROWS).unwrap();
    let params = postgres.params("server_api");
    let own = format!(
        "LoadModule dbd_module modules/mod_dbd.so\nDBDriver pgsql\nDBDParams \"{params}\"\nDBDMax 3\nDBDKeep 1\n"
    );
    let server = ground(ALL, &own).start();
    for db in [&format!("pgsql:{params}"), "mod_dbd"] {
        postgres.run("server_api", "DELETE FROM people").unwrap();
        postgres
            .run("server_api", "INSERT INTO people VALUES (1, 'Ann', NULL), (2, 'Bob', ''), (3, 'Cleo', 'it''s')")
            .unwrap();
        speaks(&server, db, "%d");
        assert_eq!(postgres.run("server_api", "SELECT count(*) FROM people").unwrap().trim(), "3");
    }
    let refused = ask(&server, &["db_select", "pgsql:host=/nowhere", "SELECT 1"]);
    assert!(refused.starts_with("Failed(") && refused.contains("/nowhere"), "{refused}");
}

#[test]
fn statements_of_the_configuration() {
    let (ground, _) = sqlite(
        "DBDPrepareSQL \"SELECT name FROM people WHERE id = %d\" byid\n\
         DBDPrepareSQL 'UPDATE people SET note = %s WHERE name = %s' note\n\
         DBDPrepareSQL \"SELECT %pDb\" blob\n",
    );
    let server = ground.start();
    assert_eq!(ask(&server, &["db_prepared", "mod_dbd", "byid", "2"]), "1 row(s) of name\n\"Bob\"");
    assert_eq!(ask(&server, &["db_prepared_query", "mod_dbd", "note", "new", "Bob"]), "1");
    assert!(ask(&server, &["db_prepared", "mod_dbd", "byid"]).starts_with("BadValue"));
    assert!(ask(&server, &["db_prepared_query", "mod_dbd", "note", "one"]).starts_with("BadValue"));
    assert!(ask(&server, &["db_prepared", "mod_dbd", "blob", "a", "1000000"]).starts_with("BadValue"));
    assert!(ask(&server, &["db_prepared", "mod_dbd", "none"]).starts_with("None"));
    assert!(ask(&server, &["db_prepared", "mod_dbd", "by\0id"]).starts_with("BadValue"));
}

#[test]
fn what_can_t_be_opened_is_said() {
    let (ground, path) = sqlite("");
    let server = ground.start();
    assert!(ask(&server, &["db_active", "nonesuch:x"]).contains("there is no such driver"));
    assert!(ask(&server, &["db_active", "sqlite3:/nowhere/at.all"]).contains("unable to open database file"));
    assert!(ask(&server, &["db_prepared", &format!("sqlite3:{path}"), "label"]).starts_with("None"));
    assert_eq!(ask(&server, &["db_forged", ""]), "{-2} [-3, -3, -3, -3, -3] -3");
    let without = super::ground(ALL, "").start();
    assert!(ask(&without, &["db_active", "mod_dbd"]).contains("mod_dbd is not loaded"));
}

#[test]
fn what_is_open_is_closed_when_the_call_ends() {
    let (ground, path) = sqlite("DBDMax 2\nDBDKeep 1\n");
    let server = ground.start();
    let db = format!("sqlite3:{path}");
    let mut connection = Connection::open(server.address()).unwrap();
    let sql = "SELECT%201";
    let mut call =
        |call: &str| String::from_utf8_lossy(&get(&mut connection, &format!("/api?{call}")).body).trim().to_string();
    let open = |call: &mut dyn FnMut(&str) -> String| call("get_direntries;/proc/self/fd").split(' ').count();
    let before = open(&mut call);
    for _ in 0..20 {
        assert_eq!(call(&format!("db_leave;{db};{sql};{path}")), "true");
        assert_eq!(call(&format!("db_kept;{db}")), "-2 -2");
        // Statements and rows go with their connection.
        assert_eq!(call(&format!("db_closed;{db};{sql};{path}")), "1 0 [-2, -2, -2, -2]");
    }
    assert!(open(&mut call) <= before + 3, "{before} {}", open(&mut call));
    // So it is after a trap: mod_dbd would soon have no connection left.
    for _ in 0..5 {
        assert_eq!(status(&fetch(&server, &format!("/api?db_trap;mod_dbd;DELETE%20FROM%20people"))), 500);
    }
    assert_eq!(ask(&server, &["db_select", "mod_dbd", "SELECT count(*) AS n FROM people"]), "1 row(s) of n\n\"0\"");
}

#[test]
fn a_transaction_that_nobody_ended_is_undone() {
    let (ground, path) = sqlite("DBDMax 2\nDBDKeep 2\n");
    let server = ground.start();
    let begin = "BEGIN IMMEDIATE; DELETE FROM people";
    assert_eq!(
        status(&fetch(&server, &format!("/api?db_trap;mod_dbd;{}", begin.replace(' ', "%20").replace(';', "%3b")))),
        500
    );
    ask(&server, &["db_query", "mod_dbd", begin]);
    // mod_dbd's connections are open still, and hold no lock.
    assert_eq!(ask(&server, &["db_query", &format!("sqlite3:{path}"), "UPDATE people SET note = 'free'"]), "3");
    assert_eq!(sqlite3(&path, "SELECT count(*), note FROM people"), "3|free");
}
