//! mod_dbd.h: SQL statements that mod_dbd prepares with its connections, by the optional functions that it offers.

use super::bindings::*;
use super::bytes::bytes;
use super::configuring::Configuring;
use super::database::{MORE, arguments_of};
use super::request::Request;
use std::ffi::{CString, c_char};
use std::ptr::{null, null_mut};

type Prepare = unsafe extern "C" fn(*mut server_rec, *const c_char, *const c_char);
type Acquire = unsafe extern "C" fn(*mut request_rec) -> *mut ap_dbd_t;

/// A prepared statement, by its label.
pub(crate) struct Statement {
    label: CString,
    /// How many arguments it takes.
    arguments: usize,
    acquire: Acquire,
}

/// Why there are no rows.
pub(crate) enum NoRows {
    /// No connection to the database.
    NoConnection,
    /// The statement failed, with the database's text.
    Failed(Vec<u8>),
    /// Rows could not be fetched, with the database's text.
    Broken(Vec<u8>),
}

impl Statement {
    /// Has mod_dbd prepare a statement for the server of the directive being parsed (ap_dbd_prepare). `None` without
    /// mod_dbd, or where a text holds a NUL or an argument that brings its own length.
    pub(crate) fn prepare(query: &[u8], label: &[u8], now: Configuring<'_>) -> Option<Statement> {
        let prepare = Configuring::optional_function(c"ap_dbd_prepare")?;
        let acquire = Configuring::optional_function(c"ap_dbd_acquire")?;
        let (label, arguments) = (CString::new(label).ok()?, arguments_of(query)?);
        let (query, kept) = (now.pool().strdup(query)?, now.pool().strdup(label.to_bytes())?);
        // SAFETY: mod_dbd.h gives these types; the texts live as long as the configuration.
        unsafe {
            let (prepare, acquire) = (
                std::mem::transmute::<unsafe extern "C" fn(), Prepare>(prepare),
                std::mem::transmute::<unsafe extern "C" fn(), Acquire>(acquire),
            );
            prepare(now.server_raw(), query, kept);
            Some(Statement { label, arguments, acquire })
        }
    }

    /// The first column of every row for a key, each with a NUL after it. The key is the first argument, others are NULL.
    pub(crate) fn select(&self, r: Request<'_>, key: &[u8]) -> Result<Vec<u8>, NoRows> {
        let key = r.pool().strdup_cut(key);
        let pool = r.pool().raw();
        // SAFETY: the connection is the request's until it ends; the driver's functions are APR's, and their results
        // live in the request's pool. Rows are read to the end, which frees the result.
        unsafe {
            let db = (self.acquire)(r.raw()).as_ref().ok_or(NoRows::NoConnection)?;
            let why = |status| bytes(apr_dbd_error(db.driver, db.handle, status)).unwrap_or_default().to_vec();
            let statement = apr_hash_get(db.prepared, self.label.as_ptr().cast(), -1).cast::<apr_dbd_prepared_t>();
            if statement.is_null() {
                return Err(NoRows::Failed(b"the statement was not prepared".to_vec()));
            }
            let mut arguments: Vec<*const c_char> = vec![key];
            arguments.resize(self.arguments.max(1).saturating_add(MORE), null());
            let mut result = null_mut();
            let count = arguments.len() as i32;
            let status =
                apr_dbd_pselect(db.driver, pool, db.handle, &mut result, statement, 0, count, arguments.as_mut_ptr());
            if status != 0 {
                return Err(NoRows::Failed(why(status)));
            }
            let mut rows = Vec::new();
            // Some drivers count in the row which one is next (apr_dbd_pgsql.c:dbd_pgsql_get_row).
            let mut row = null_mut();
            loop {
                match apr_dbd_get_row(db.driver, pool, result, &mut row, -1) {
                    0 => {
                        rows.extend_from_slice(bytes(apr_dbd_get_entry(db.driver, row, 0)).unwrap_or_default());
                        rows.push(0);
                    }
                    -1 => return Ok(rows),
                    status => return Err(NoRows::Broken(why(status))),
                }
            }
        }
    }
}
