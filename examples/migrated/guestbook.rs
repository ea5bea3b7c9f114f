//! A page from a database: SQLite or PostgreSQL, by mod_dbd. Needs `WasmApi +database`.

use apache_module::dbd::Database;
use apache_module::error::Error;
use apache_module::{Request, Status, log, text};

apache_module::script! {
    functions: { handle; }
}

fn handle(r: &Request) -> Status {
    let db = match Database::mod_dbd() {
        Ok(db) => db,
        Err(why) => {
            log!(r, APLOG_ERR, "no database: {why}");
            return Status(503);
        }
    };
    page(r, &db).unwrap_or(Status::INTERNAL_SERVER_ERROR)
}

fn page(r: &Request, db: &Database) -> Result<Status, Error> {
    if r.method() == b"POST" {
        let form = match r.parse_body(500, 8192) {
            Ok(form) => form.unwrap_or_default(),
            Err(status) => return Ok(status),
        };
        let statement = db.prepare("INSERT INTO guests (name, age) VALUES (%s, %d)")?;
        statement.query(&[&form.get("name").unwrap_or_default(), &form.get("age").unwrap_or(b"0")])?;
    }
    r.set_content_type(Some(b"text/html; charset=utf-8"));
    let least = r.parse_args().into_iter().find(|(name, _)| name == b"least");
    let least: i64 = least.and_then(|(_, value)| String::from_utf8(value).ok()?.parse().ok()).unwrap_or(0);
    let statement = db.prepare("SELECT name, age FROM guests WHERE age >= %d ORDER BY name")?;
    r.write("<table>\n");
    for row in statement.select(&[&least])?.all() {
        let [name, age] = ["name", "age"].map(|column| row.named(column).unwrap_or_default());
        r.write([b"<tr><td>", &text::escape_html(name)[..], b"<td>", age, b"\n"].concat());
    }
    r.write("</table>\n");
    Ok(Status::OK)
}
