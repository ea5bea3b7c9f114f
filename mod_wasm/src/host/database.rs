//! Group `database`: connections, statements and rows that a guest has open during a call. The time that a database takes
//! is not the guest's.

use super::{Code, DatabaseFunctions, Host, Reply};
use crate::httpd::database::{Connection, Prepared, Refused};
use crate::httpd::rows::Rows;
use std::time::Instant;

impl Host {
    /// What a database answered, or the code and its text.
    fn asked<T>(&mut self, begin: Instant, answer: Result<T, Refused>) -> Reply<T> {
        self.waited(begin.elapsed());
        answer.or_else(|why| match why {
            Refused::None => Err(Code::NONE),
            Refused::Value => Err(Code::BAD_VALUE),
            Refused::Limit => Err(Code::LIMIT),
            Refused::Failed(text) => self.fail(&text),
        })
    }

    fn connection(&mut self, handle: u32) -> Reply<&Connection> {
        self.lent.opened.get::<Connection>(handle).map(|db| &*db).ok_or(Code::BAD_HANDLE)
    }

    /// A statement, and the handle of its connection.
    fn statement(&mut self, handle: u32) -> Reply<(Prepared, u32)> {
        let statement = *self.lent.opened.get::<Prepared>(handle).ok_or(Code::BAD_HANDLE)?;
        Ok((statement, self.lent.opened.origin(handle).ok_or(Code::BAD_HANDLE)?))
    }

    fn rows(&mut self, handle: u32) -> Reply<&Rows> {
        self.lent.opened.get::<Rows>(handle).map(|rows| &*rows).ok_or(Code::BAD_HANDLE)
    }

    /// A handle of what came from that of another handle.
    fn keep_open(&mut self, from: u32, what: impl std::any::Any + Send) -> Reply<i64> {
        self.lent.opened.add(from, what).map(i64::from).ok_or(Code::LIMIT)
    }

    fn room(&self) -> Reply<()> {
        if self.lent.opened.is_full() { Err(Code::LIMIT) } else { Ok(()) }
    }
}

/// The arguments of a statement: lengths, -1 for NULL, each with its bytes.
fn arguments(mut list: &[u8]) -> Reply<Vec<Option<&[u8]>>> {
    let mut arguments = Vec::new();
    while !list.is_empty() {
        let (length, rest) = list.split_first_chunk().ok_or(Code::BAD_VALUE)?;
        list = rest;
        arguments.push(match i32::from_le_bytes(*length) {
            -1 => None,
            length => {
                let length = usize::try_from(length).map_err(|_| Code::BAD_VALUE)?;
                let (value, rest) = list.split_at_checked(length).ok_or(Code::BAD_VALUE)?;
                list = rest;
                Some(value)
            }
        });
    }
    Ok(arguments)
}

impl DatabaseFunctions for Host {
    fn ap_dbd_open(&mut self, driver: &[u8], params: &[u8]) -> Reply<i64> {
        self.room()?;
        let r = self.lent.request().ok_or(Code::NOT_NOW)?;
        let begin = Instant::now();
        let opened = match driver {
            b"mod_dbd" => Connection::of_mod_dbd(r),
            driver => Connection::open(driver, params),
        };
        let opened = self.asked(begin, opened)?;
        self.keep_open(0, opened)
    }

    fn apr_dbd_close(&mut self, handle: u32) -> Reply<()> {
        let opened = &mut self.lent.opened;
        let begin = Instant::now();
        let closed =
            opened.close::<Rows>(handle) || opened.close::<Prepared>(handle) || opened.close::<Connection>(handle);
        self.waited(begin.elapsed());
        if closed { Ok(()) } else { Err(Code::BAD_HANDLE) }
    }

    fn apr_dbd_check_conn(&mut self, db: u32) -> Reply<i64> {
        let begin = Instant::now();
        let good = self.connection(db)?.is_good();
        self.waited(begin.elapsed());
        Ok(good.into())
    }

    fn apr_dbd_query(&mut self, db: u32, statement: &[u8]) -> Reply<i64> {
        let begin = Instant::now();
        let changed = self.connection(db)?.query(statement);
        self.asked(begin, changed)
    }

    fn apr_dbd_select(&mut self, db: u32, statement: &[u8]) -> Reply<i64> {
        self.room()?;
        let begin = Instant::now();
        let rows = self.connection(db)?.select(statement);
        let rows = self.asked(begin, rows)?;
        self.keep_open(db, rows)
    }

    fn apr_dbd_prepare(&mut self, db: u32, statement: &[u8]) -> Reply<i64> {
        self.room()?;
        let begin = Instant::now();
        let prepared = self.connection(db)?.prepare(statement);
        let prepared = self.asked(begin, prepared)?;
        self.keep_open(db, prepared)
    }

    fn ap_dbd_prepared(&mut self, db: u32, label: &[u8]) -> Reply<i64> {
        self.room()?;
        let begin = Instant::now();
        let prepared = {
            let (r, opened) = self.lent.request_and_opened().ok_or(Code::NOT_NOW)?;
            opened.get::<Connection>(db).ok_or(Code::BAD_HANDLE)?.prepared(label, r)
        };
        let prepared = self.asked(begin, prepared)?;
        self.keep_open(db, prepared)
    }

    fn apr_dbd_pquery(&mut self, statement: u32, list: &[u8]) -> Reply<i64> {
        let (statement, db) = self.statement(statement)?;
        let arguments = arguments(list)?;
        let begin = Instant::now();
        let changed = self.connection(db)?.pquery(statement, &arguments);
        self.asked(begin, changed)
    }

    fn apr_dbd_pselect(&mut self, statement: u32, list: &[u8]) -> Reply<i64> {
        self.room()?;
        let (statement, db) = self.statement(statement)?;
        let arguments = arguments(list)?;
        let begin = Instant::now();
        let rows = self.connection(db)?.pselect(statement, &arguments);
        let rows = self.asked(begin, rows)?;
        self.keep_open(db, rows)
    }

    fn apr_dbd_escape(&mut self, db: u32, text: &[u8]) -> Reply<&[u8]> {
        let begin = Instant::now();
        let escaped = self.connection(db)?.escape(text);
        self.answer = self.asked(begin, escaped)?;
        Ok(&self.answer)
    }

    fn apr_dbd_num_tuples(&mut self, rows: u32) -> Reply<i64> {
        Ok(self.rows(rows)?.len() as i64)
    }

    fn apr_dbd_get_names(&mut self, rows: u32) -> Reply<&[u8]> {
        Ok(&self.rows(rows)?.names)
    }

    fn apr_dbd_get_row(&mut self, rows: u32, row: u32) -> Reply<&[u8]> {
        self.rows(rows)?.row(row as usize).ok_or(Code::NONE)
    }

    fn apr_dbd_get_rows(&mut self, rows: u32) -> Reply<&[u8]> {
        Ok(&self.rows(rows)?.all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_to_their_end() {
        assert_eq!(arguments(b""), Ok(vec![]));
        assert_eq!(arguments(b"\x02\0\0\0ab\xff\xff\xff\xff\0\0\0\0"), Ok(vec![Some(&b"ab"[..]), None, Some(b"")]));
        for bad in [&b"\x01"[..], b"\x02\0\0\0a", b"\xfe\xff\xff\xff", b"\xff\xff\xff\x7fa"] {
            assert_eq!(arguments(bad), Err(Code::BAD_VALUE));
        }
    }
}
