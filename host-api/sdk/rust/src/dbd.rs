//! Databases by APR's drivers or mod_dbd. Group `database`, which `WasmApi +database` allows. What is open is closed at
//! the latest when the present call ends.

use crate::error::{Error, bytes, handle};
use crate::ffi;
use crate::table::strings;
use std::borrow::Cow;
use std::marker::PhantomData;
use std::rc::Rc;

/// A connection (r:dbacquire in mod_lua).
#[derive(Debug)]
pub struct Database(u32);

impl Database {
    /// A connection by a driver of APR: `sqlite3` with a path, `pgsql` with `host=… dbname=…`, and so on.
    ///
    /// # Errors
    /// [`Error::Failed`] with the driver's text.
    pub fn open(driver: &str, params: impl AsRef<[u8]>) -> Result<Database, Error> {
        handle(ffi::ap_dbd_open(driver.as_bytes(), params.as_ref())).map(Database)
    }

    /// A connection of mod_dbd, as its directives for the request's server say.
    pub fn mod_dbd() -> Result<Database, Error> {
        Database::open("mod_dbd", "")
    }

    /// Whether it is good (apr_dbd_check_conn; db:active in mod_lua).
    pub fn active(&self) -> bool {
        ffi::apr_dbd_check_conn(self.0) == 1
    }

    /// Runs a statement without rows: how many rows it changed (apr_dbd_query).
    pub fn query(&self, statement: impl AsRef<[u8]>) -> Result<u64, Error> {
        changed(ffi::apr_dbd_query(self.0, statement.as_ref()))
    }

    /// The rows that a statement gives (apr_dbd_select).
    pub fn select(&self, statement: impl AsRef<[u8]>) -> Result<Rows, Error> {
        Rows::of(ffi::apr_dbd_select(self.0, statement.as_ref()))
    }

    /// Prepares a statement with `%s`, `%d` and so on for its arguments (apr_dbd_prepare).
    pub fn prepare(&self, statement: impl AsRef<[u8]>) -> Result<Statement<'_>, Error> {
        handle(ffi::apr_dbd_prepare(self.0, statement.as_ref())).map(Statement::new)
    }

    /// The statement that DBDPrepareSQL gives under a label.
    ///
    /// # Errors
    /// [`Error::None`] where there is none, or the connection is not of mod_dbd.
    pub fn prepared(&self, label: &str) -> Result<Statement<'_>, Error> {
        handle(ffi::ap_dbd_prepared(self.0, label.as_bytes())).map(Statement::new)
    }

    /// A text escaped for a statement of this database (apr_dbd_escape).
    pub fn escape(&self, text: impl AsRef<[u8]>) -> Result<Vec<u8>, Error> {
        bytes(|buffer| ffi::apr_dbd_escape(self.0, text.as_ref(), buffer))
    }

    /// Closes it, as dropping does.
    pub fn close(self) {}
}

impl Drop for Database {
    fn drop(&mut self) {
        ffi::apr_dbd_close(self.0);
    }
}

/// A prepared statement.
#[derive(Debug)]
pub struct Statement<'db> {
    handle: u32,
    db: PhantomData<&'db Database>,
}

impl Statement<'_> {
    fn new(handle: u32) -> Self {
        Statement { handle, db: PhantomData }
    }

    /// Runs it without rows: how many rows it changed (apr_dbd_pquery).
    ///
    /// # Errors
    /// [`Error::BadValue`] where arguments are missing, [`Error::Failed`] with the database's text.
    pub fn query(&self, arguments: &[&dyn Argument]) -> Result<u64, Error> {
        changed(ffi::apr_dbd_pquery(self.handle, &list(arguments)))
    }

    /// Its rows (apr_dbd_pselect).
    ///
    /// # Errors
    /// As [`Statement::query`].
    pub fn select(&self, arguments: &[&dyn Argument]) -> Result<Rows, Error> {
        Rows::of(ffi::apr_dbd_pselect(self.handle, &list(arguments)))
    }
}

impl Drop for Statement<'_> {
    fn drop(&mut self) {
        ffi::apr_dbd_close(self.handle);
    }
}

/// What a statement's argument may be.
pub trait Argument {
    /// It as text; `None` is NULL.
    fn text(&self) -> Option<Cow<'_, [u8]>>;
}

impl Argument for &[u8] {
    fn text(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Borrowed(self))
    }
}

impl Argument for Vec<u8> {
    fn text(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Borrowed(self))
    }
}

impl Argument for &str {
    fn text(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Borrowed(self.as_bytes()))
    }
}

impl Argument for String {
    fn text(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Borrowed(self.as_bytes()))
    }
}

impl Argument for i64 {
    fn text(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Owned(self.to_string().into_bytes()))
    }
}

impl Argument for f64 {
    fn text(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Owned(self.to_string().into_bytes()))
    }
}

impl<T: Argument> Argument for Option<T> {
    fn text(&self) -> Option<Cow<'_, [u8]>> {
        self.as_ref().and_then(Argument::text)
    }
}

fn list(arguments: &[&dyn Argument]) -> Vec<u8> {
    let mut list = Vec::new();
    for argument in arguments {
        let text = argument.text();
        list.extend_from_slice(&text.as_ref().map_or(-1, |text| text.len() as i32).to_le_bytes());
        list.extend_from_slice(&text.unwrap_or_default());
    }
    list
}

fn changed(answer: i64) -> Result<u64, Error> {
    u64::try_from(answer).map_err(|_| Error::of(answer))
}

/// The rows of an answer, all of them fetched.
#[derive(Debug)]
pub struct Rows {
    handle: u32,
    names: Rc<[Vec<u8>]>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its values by column; `None` is NULL.
    pub values: Vec<Option<Vec<u8>>>,
    names: Rc<[Vec<u8>]>,
}

impl Rows {
    fn of(answer: i64) -> Result<Rows, Error> {
        let handle = handle(answer)?;
        let names = bytes(|buffer| ffi::apr_dbd_get_names(handle, buffer)).map(strings).unwrap_or_default();
        Ok(Rows { handle, names: names.into() })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        usize::try_from(ffi::apr_dbd_num_tuples(self.handle)).unwrap_or(0)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names of the columns; some databases give none where there is no row.
    pub fn names(&self) -> &[Vec<u8>] {
        &self.names
    }

    /// A row by its number from 1; `None` past the end (rs(N) in mod_lua).
    pub fn row(&self, number: u32) -> Option<Row> {
        let row = bytes(|buffer| ffi::apr_dbd_get_row(self.handle, number, buffer)).ok()?;
        self.taken(&mut row.as_slice())
    }

    /// All rows (rs(0) in mod_lua).
    pub fn all(&self) -> Vec<Row> {
        let all = bytes(|buffer| ffi::apr_dbd_get_rows(self.handle, buffer)).unwrap_or_default();
        let mut rest = all.as_slice();
        (0..self.len()).filter_map(|_| self.taken(&mut rest)).collect()
    }

    /// One row after the other (rs(-1) in mod_lua).
    pub fn iter(&self) -> impl Iterator<Item = Row> + '_ {
        (1..).map_while(|number| self.row(number))
    }

    /// The row with which `rest` begins, taken away from there.
    fn taken(&self, rest: &mut &[u8]) -> Option<Row> {
        let mut value = || {
            let (length, after) = rest.split_first_chunk()?;
            let (value, after) = match i32::from_le_bytes(*length) {
                -1 => (None, after),
                length => {
                    after.split_at_checked(usize::try_from(length).ok()?).map(|(value, after)| (Some(value), after))?
                }
            };
            *rest = after;
            Some(value.map(<[u8]>::to_vec))
        };
        let values = (0..self.names.len()).map(|_| value()).collect::<Option<_>>()?;
        Some(Row { values, names: self.names.clone() })
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        ffi::apr_dbd_close(self.handle);
    }
}

impl Row {
    /// The value of a column by its place from 0; `None` for NULL and past the end.
    pub fn get(&self, column: usize) -> Option<&[u8]> {
        self.values.get(column)?.as_deref()
    }

    /// The value of a column by its name, in either case (rs(N, true) in mod_lua).
    pub fn named(&self, name: &str) -> Option<&[u8]> {
        self.get(self.names.iter().position(|known| known.eq_ignore_ascii_case(name.as_bytes()))?)
    }

    /// Names and values, without those that are NULL.
    pub fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.names.iter().zip(&self.values).filter_map(|(name, value)| Some((name.as_slice(), value.as_deref()?)))
    }
}
