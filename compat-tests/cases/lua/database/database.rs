//! Databases: by a driver of APR, and by a connection that mod_dbd keeps.

use crate::show::tell as show;
use apache_module::dbd::Database;
use apache_module::error::Error;
use apache_module::{Request, Status};

apache_module::exports! {
    functions: { database_driver; database_pooled; database_missing; database_counts; }
}

/// The bytes of a column of a row that may not be there.
fn column(row: Option<apache_module::dbd::Row>, number: usize) -> Option<Vec<u8>> {
    row?.get(number).map(<[u8]>::to_vec)
}

/// Does all with one connection.
fn everything(r: &Request, db: &Database) -> Result<(), Error> {
    //: db:active
    show(r, "active", db.active());

    //: db:query
    let affected = db.query("INSERT INTO guests (name, age) VALUES ('dora', 44)");
    show(r, "inserted", affected == Ok(1));
    show(r, "wrong", db.query("NO SQL").is_err());

    //: db:select
    let results = db.select("SELECT name, age FROM guests ORDER BY name")?;

    //: results(0
    for row in results.all() {
        let [name, age] = [row.get(0), row.get(1)].map(Option::unwrap_or_default);
        r.write([name, b" is ", age, b"\n"].concat());
    }

    //: results(-1
    let results = db.select("SELECT name, age FROM guests ORDER BY age")?;
    if let Some(row) = results.iter().next() {
        let [name, age] = ["name", "age"].map(|column| row.named(column).unwrap_or_default());
        r.write([b"youngest ", name, b" ", age, b"\n"].concat());
    }

    //: db:escape
    let name = db.escape("o'hara");
    show(r, "escaped", name.ok());

    //: db:prepare
    let statement = db.prepare("SELECT age FROM guests WHERE name = %s")?;

    //: statement:select
    let results = statement.select(&[&"bert"])?;
    show(r, "bert", column(results.row(1), 0));
    show(r, "too few", statement.select(&[]).is_ok());

    //: statement:query
    let statement = db.prepare("UPDATE guests SET age = %s WHERE name = %s")?;
    show(r, "updated", statement.query(&[&"45", &"dora"])? as i64);
    let statement = db.prepare("DELETE FROM guests WHERE name = %s")?;
    show(r, "deleted", statement.query(&[&"dora"])? as i64);
    Ok(())
}

fn database_driver(r: &Request) -> Status {
    let path = [&r.document_root().unwrap_or_default()[..], b"/../data/guests.db"].concat();
    //: r:dbacquire
    let db = match Database::open("sqlite3", path) {
        Ok(db) => db,
        Err(why) => {
            r.write(format!("no database: {why}\n"));
            return Status::OK;
        }
    };
    if let Err(why) = everything(r, &db) {
        r.write(format!("{why}\n"));
    }

    //: db:close
    db.close();
    show(r, "closed", false);
    Status::OK
}

fn pooled(r: &Request) -> Result<(), Error> {
    let db = Database::mod_dbd()?;
    everything(r, &db)?;

    //: db:prepared
    let statement = db.prepared("by_age")?;
    let results = statement.select(&[&"30"])?;

    //: results(2
    let row = results.row(2);
    show(r, "second past 30", column(row, 0));
    Ok(())
}

fn database_pooled(r: &Request) -> Status {
    if let Err(why) = pooled(r) {
        r.write(format!("no database: {why}\n"));
    }
    Status::OK
}

fn database_missing(r: &Request) -> Status {
    let db = Database::open("no-such-driver", "x");
    show(r, "driver", db.as_ref().ok().map(|_| "there"));
    show(r, "because", db.is_err());
    let db = Database::mod_dbd();
    show(r, "mod_dbd", db.as_ref().ok().map(|_| "there"));
    show(r, "because", db.is_err());
    Status::OK
}

fn counts(r: &Request) -> Result<(), Error> {
    let db = Database::mod_dbd()?;
    show(r, "active", db.active());
    show(r, "updated", db.query("UPDATE guests SET age = age + 1")? == 3);
    let statement = db.prepare("DELETE FROM guests WHERE age > %d")?;
    show(r, "deleted", statement.query(&[&30])? as i64);
    show(r, "escaped", db.escape("o'hara").ok());
    show(r, "wrong", db.query("NO SQL").is_err());
    Ok(())
}

fn database_counts(r: &Request) -> Status {
    if let Err(why) = counts(r) {
        r.write(format!("no database: {why}\n"));
    }
    Status::OK
}
