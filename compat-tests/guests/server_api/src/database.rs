//! Group `database`. The second word says which database: `mod_dbd`, or a driver with its parameters, `sqlite3:/path`.

use crate::{failed, shown};
use apache_module::dbd::{Argument, Database, Row, Rows};
use apache_module::{Error, ffi};
use std::cell::Cell;

thread_local! {
    /// A handle from an earlier call.
    static KEPT: Cell<u32> = const { Cell::new(0) };
}

pub fn call(function: &[u8], arguments: &[&[u8]]) -> Option<String> {
    let function = function.strip_prefix(b"db_")?;
    let [database, words @ ..] = arguments else { return None };
    if function == b"forged" {
        return Some(forged());
    }
    let db = match open(database) {
        Ok(db) => db,
        Err(why) => return Some(failed(why)),
    };
    Some(answer(function, db, words).unwrap_or_else(failed))
}

fn open(database: &[u8]) -> Result<Database, Error> {
    let database = String::from_utf8_lossy(database);
    match database.split_once(':') {
        Some((driver, params)) => Database::open(driver, params),
        None => Database::open(&database, ""),
    }
}

fn answer(function: &[u8], db: Database, words: &[&[u8]]) -> Result<String, Error> {
    let sql = words.first().copied().unwrap_or_default();
    // `NULL` is one.
    let values: Vec<Option<&[u8]>> = words.iter().skip(1).map(|word| (*word != b"NULL").then_some(*word)).collect();
    let values: Vec<&dyn Argument> = values.iter().map(|value| value as &dyn Argument).collect();
    Ok(match function {
        b"active" => db.active().to_string(),
        b"query" => db.query(sql)?.to_string(),
        b"select" => shown_rows(&db.select(sql)?),
        b"pquery" => db.prepare(sql)?.query(&values)?.to_string(),
        b"pselect" => shown_rows(&db.prepare(sql)?.select(&values)?),
        b"prepared_query" => db.prepared(&String::from_utf8_lossy(sql))?.query(&values)?.to_string(),
        b"prepared" => shown_rows(&db.prepared(&String::from_utf8_lossy(sql))?.select(&values)?),
        b"escape" => shown(&db.escape(sql)?),
        b"numbers" => numbers(&db.select(sql)?),
        b"again" => {
            let mut counts = (0..100).map(|_| Ok(db.prepare(sql)?.select(&values)?.len()));
            counts.try_fold(0, |sum, count| count.map(|count: usize| sum + count)).map(|sum| sum.to_string())?
        }
        b"statements" => {
            let prepared = |n: u32| db.prepare(format!("SELECT {n}")).map(drop).err();
            format!("{:?}", (0..100_000).find_map(|n| prepared(n).map(|why| (n, why))))
        }
        b"leave" => {
            // Everything stays open, and the host closes it.
            let (connection, statement, rows) = opened(sql, words);
            KEPT.set(rows as u32);
            std::mem::forget(db);
            format!("{}", connection > 0 && statement > 0 && rows > 0)
        }
        b"kept" => format!("{} {}", ffi::apr_dbd_num_tuples(KEPT.get()), ffi::apr_dbd_close(KEPT.get())),
        b"closed" => closed(sql, words),
        b"trap" => {
            db.query(sql)?;
            std::process::abort()
        }
        _ => "no such function".to_string(),
    })
}

fn shown_row(row: &Row) -> String {
    let values = row
        .values
        .iter()
        .map(|value| value.as_ref().map_or("NULL".to_string(), |value| format!("\"{}\"", shown(value))));
    values.collect::<Vec<_>>().join(" ")
}

fn shown_rows(rows: &Rows) -> String {
    let names: Vec<_> = rows.names().iter().map(|name| shown(name)).collect();
    let all: Vec<_> = rows.all().iter().map(|row| format!("\n{}", shown_row(row))).collect();
    let one_by_one: Vec<_> = rows.iter().map(|row| format!("\n{}", shown_row(&row))).collect();
    assert_eq!(all, one_by_one);
    format!("{} row(s) of {}{}", rows.len(), names.join(" "), all.concat())
}

/// Rows by number, forwards and backwards, and columns by name.
fn numbers(rows: &Rows) -> String {
    let name = rows.names().first().map(|name| String::from_utf8_lossy(name).to_uppercase()).unwrap_or_default();
    let row = |number: u32| rows.row(number).map(|row| row.named(&name).map(shown));
    format!("{:?} {:?} {:?} {:?} {:?} {:?}", row(2), row(1), row(2), row(0), row(3), row(u32::MAX))
}

/// A connection, a statement and rows that nobody closes.
fn opened(sql: &[u8], words: &[&[u8]]) -> (i64, i64, i64) {
    let params = words.get(1).copied().unwrap_or_default();
    let connection = ffi::ap_dbd_open(b"sqlite3", params);
    (connection, ffi::apr_dbd_prepare(connection as u32, sql), ffi::apr_dbd_select(connection as u32, sql))
}

/// What is left of statements and rows whose connection is closed.
fn closed(sql: &[u8], words: &[&[u8]]) -> String {
    let (connection, statement, rows) = opened(sql, words);
    let before = ffi::apr_dbd_num_tuples(rows as u32);
    let closed = ffi::apr_dbd_close(connection as u32);
    let answers = [
        ffi::apr_dbd_query(connection as u32, sql),
        ffi::apr_dbd_pselect(statement as u32, b""),
        ffi::apr_dbd_num_tuples(rows as u32),
        ffi::apr_dbd_close(connection as u32).into(),
    ];
    format!("{before} {closed} {answers:?}")
}

/// The different answers to handles that were never given, and to what is no list of arguments.
fn forged() -> String {
    let mut answers = std::collections::BTreeSet::new();
    for forged in (0..1_000).chain([u32::MAX, u32::MAX - 1, 1 << 31]) {
        answers.extend([
            ffi::apr_dbd_close(forged).into(),
            ffi::apr_dbd_check_conn(forged),
            ffi::apr_dbd_query(forged, b"SELECT 1"),
            ffi::apr_dbd_select(forged, b"SELECT 1"),
            ffi::apr_dbd_prepare(forged, b"SELECT 1"),
            ffi::ap_dbd_prepared(forged, b"label"),
            ffi::apr_dbd_pquery(forged, b""),
            ffi::apr_dbd_pselect(forged, b""),
            ffi::apr_dbd_escape(forged, b"'", &mut []).into(),
            ffi::apr_dbd_num_tuples(forged),
            ffi::apr_dbd_get_names(forged, &mut []).into(),
            ffi::apr_dbd_get_row(forged, 1, &mut []).into(),
            ffi::apr_dbd_get_rows(forged, &mut []).into(),
        ]);
    }
    let drivers = [&b""[..], b"../../x", b"sqlite3\0", b"a-b", b"an_endless_name_of_a_driver"];
    let drivers = drivers.map(|driver| ffi::ap_dbd_open(driver, b"x"));
    format!("{answers:?} {drivers:?} {}", ffi::ap_dbd_open(b"sqlite3", b"a\0b"))
}
