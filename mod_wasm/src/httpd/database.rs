//! apr_dbd.h and mod_dbd.h: connections to databases that guests open, and their statements. Rows are copied at once, so
//! that nothing of a driver's outlives its connection.

use super::bindings::*;
use super::bytes::bytes;
use super::conftree;
use super::pool::{OwnPool, Pool};
use super::request::Request;
use super::rows::Rows;
use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::ffi::{CStr, CString, c_char};
use std::ptr::{null, null_mut};
use std::sync::{Mutex, PoisonError};

/// Most bytes of all rows of one answer.
const MOST_ROWS: usize = 64 << 20;
/// Most statements that one connection may have prepared: drivers give none back before it is closed.
const MOST_PREPARED: usize = 1_000;
/// Most names of drivers that there aren't; APR takes some memory for ever each time that it looks for one
/// (apr_dbd.c:apr_dbd_get_driver).
const MOST_MISSING: usize = 64;
/// Names of drivers that APR has looked for in this process and not found.
static MISSING: Mutex<BTreeSet<Vec<u8>>> = Mutex::new(BTreeSet::new());
/// Where a connection's pool keeps what was prepared.
const PREPARED: &CStr = c"mod_wasm:prepared";

type Open = unsafe extern "C" fn(*mut apr_pool_t, *mut server_rec) -> *mut ap_dbd_t;
type Close = unsafe extern "C" fn(*mut server_rec, *mut ap_dbd_t);

/// An open connection.
pub(crate) struct Connection {
    driver: *const apr_dbd_driver_t,
    handle: *mut apr_dbd_t,
    from: From,
    /// Whether a statement may have begun a transaction.
    began: Cell<bool>,
}

/// Where a connection is from.
enum From {
    /// A driver; the connection lives in this pool.
    Driver(OwnPool),
    /// mod_dbd, which takes it back.
    ModDbd(*mut ap_dbd_t, *mut server_rec, Close),
}

// SAFETY: a connection is kept during one call only, and used by the thread of that call.
unsafe impl Send for Connection {}

/// A prepared statement of a connection, which lives as long as that.
#[derive(Clone, Copy)]
pub(crate) struct Prepared {
    raw: *mut apr_dbd_prepared_t,
    arguments: usize,
}

// SAFETY: as for the connection that it belongs to.
unsafe impl Send for Prepared {}

/// NULLs behind a statement's arguments: drivers read as many as they have counted, without a look at how many there are.
pub(super) const MORE: usize = 8;

/// Why a database gave nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Nothing is there.
    None,
    /// A text holds a NUL, arguments are missing, or a statement is of a kind that guests may not prepare.
    Value,
    /// Too many rows, or too many statements.
    Limit,
    /// The database's text.
    Failed(Vec<u8>),
}

/// Readies APR for its drivers (apr_dbd_init). To be called in the parent: APR keeps what it makes in the outermost pool of
/// the process, which threads don't share.
pub(super) fn init(pool: Pool<'_>) {
    // SAFETY: the pool lives, and no other thread is there.
    unsafe { apr_dbd_init(pool.raw()) };
}

fn text(text: &[u8]) -> Refused {
    Refused::Failed(text.to_vec())
}

/// How many arguments a statement takes, as apr_dbd.c:apr_dbd_prepare counts them. `None` for one with %pDb or %pDc:
/// drivers believe the length that is given for these (apr_dbd_sqlite3.c:dbd_sqlite3_bind).
pub(super) fn arguments_of(statement: &[u8]) -> Option<usize> {
    let mut count = 0;
    let mut rest = statement;
    while let Some(at) = memchr::memchr(b'%', rest) {
        rest = rest.get(at + 1..).unwrap_or_default();
        match rest {
            [b'%', after @ ..] => rest = after,
            [b'p', b'D', b'b' | b'c', ..] => return None,
            [first, ..] if first.is_ascii_alphabetic() => count += 1,
            _ => {}
        }
    }
    Some(count)
}

impl Connection {
    /// Opens a connection by a driver of APR (apr_dbd_open_ex).
    pub(crate) fn open(driver: &[u8], params: &[u8]) -> Result<Connection, Refused> {
        // The name becomes a part of a file's (apr_dbd.c:apr_dbd_get_driver).
        if driver.is_empty()
            || driver.len() > 16
            || !driver.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        {
            return Err(Refused::Value);
        }
        let own = OwnPool::new().ok_or(Refused::Limit)?;
        let pool = own.pool();
        let missing = || MISSING.lock().unwrap_or_else(PoisonError::into_inner);
        if missing().len() >= MOST_MISSING || missing().contains(driver) {
            return Err(text(b"there is no such driver"));
        }
        let wanted = driver;
        let (name, params) = (pool.strdup(driver).ok_or(Refused::Value)?, pool.strdup(params).ok_or(Refused::Value)?);
        let (mut driver, mut handle, mut error) = (null(), null_mut(), null());
        // SAFETY: the texts are in the pool, which lives as long as the connection; `init` was called in the parent, and
        // APR has a lock for the drivers that it loads.
        unsafe {
            match apr_dbd_get_driver(pool.raw(), name, &mut driver) {
                0 => {}
                _ => {
                    missing().insert(wanted.to_vec());
                    return Err(text(b"there is no such driver"));
                }
            }
            match apr_dbd_open_ex(driver, pool.raw(), params, &mut handle, &mut error) {
                0 => Ok(Connection { driver, handle, from: From::Driver(own), began: Cell::new(false) }),
                _ => Err(text(bytes(error).unwrap_or(b"the driver can't connect"))),
            }
        }
    }

    /// Takes a connection of mod_dbd for the server of a request, which outlives it (ap_dbd_open).
    pub(crate) fn of_mod_dbd(r: Request<'_>) -> Result<Connection, Refused> {
        // SAFETY: httpd's list of optional functions is written while modules are loaded; mod_dbd.h gives these types.
        // The caller keeps the connection for less time than the request lives.
        unsafe {
            let find = |name: &CStr| apr_dynamic_fn_retrieve(name.as_ptr());
            let (Some(open), Some(close)) = (find(c"ap_dbd_open"), find(c"ap_dbd_close")) else {
                return Err(text(b"mod_dbd is not loaded"));
            };
            let open = std::mem::transmute::<unsafe extern "C" fn(), Open>(open);
            let close = std::mem::transmute::<unsafe extern "C" fn(), Close>(close);
            let raw = open(r.pool().raw(), r.server_raw());
            let db = raw.as_ref().ok_or_else(|| text(b"mod_dbd has no connection; the error log says why"))?;
            Ok(Connection {
                driver: db.driver,
                handle: db.handle,
                from: From::ModDbd(raw, r.server_raw(), close),
                began: Cell::new(false),
            })
        }
    }

    fn pool(&self) -> Pool<'_> {
        match &self.from {
            From::Driver(own) => own.pool(),
            // SAFETY: mod_dbd's connection has a pool of its own and is nobody else's meanwhile.
            From::ModDbd(raw, ..) => unsafe { Pool::from_raw((**raw).pool) },
        }
    }

    /// Remembers of a statement what is to be undone before mod_dbd gives the connection to somebody else.
    fn note(&self, statement: &[u8]) {
        let has = |word: &[u8]| statement.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
        if [&b"BEGIN"[..], b"START", b"SAVEPOINT", b"AUTOCOMMIT"].into_iter().any(has) {
            self.began.set(true);
        }
    }

    fn why(&self, status: i32) -> Refused {
        // SAFETY: the connection is open; the text is copied before it is used again.
        text(
            unsafe { bytes(apr_dbd_error(self.driver, self.handle, status)) }
                .unwrap_or(b"the database gives no reason"),
        )
    }

    /// Whether the connection is good (apr_dbd_check_conn).
    pub(crate) fn is_good(&self) -> bool {
        // SAFETY: the connection is open.
        unsafe { apr_dbd_check_conn(self.driver, self.pool().raw(), self.handle) == 0 }
    }

    /// Runs a statement without rows: how many rows it changed (apr_dbd_query).
    pub(crate) fn query(&self, statement: &[u8]) -> Result<i64, Refused> {
        self.note(statement);
        let statement = CString::new(statement).map_err(|_| Refused::Value)?;
        let mut changed = 0;
        // SAFETY: the connection is open, the statement a C string.
        match unsafe { apr_dbd_query(self.driver, self.handle, &mut changed, statement.as_ptr()) } {
            0 => Ok(changed.max(0).into()),
            status => Err(self.why(status)),
        }
    }

    /// The rows that a statement gives (apr_dbd_select).
    pub(crate) fn select(&self, statement: &[u8]) -> Result<Rows, Refused> {
        self.note(statement);
        let statement = CString::new(statement).map_err(|_| Refused::Value)?;
        // SAFETY: as in `query`; `rows` gives a pool that lives until the rows are read.
        self.rows(|pool, results| unsafe {
            apr_dbd_select(self.driver, pool.raw(), self.handle, results, statement.as_ptr(), 1)
        })
    }

    /// A text escaped for a statement (apr_dbd_escape).
    pub(crate) fn escape(&self, what: &[u8]) -> Result<Vec<u8>, Refused> {
        let escape = |pool: Pool<'_>| {
            let what = pool.strdup(what).ok_or(Refused::Value)?;
            // SAFETY: as in `query`; the answer is in the pool.
            let escaped = unsafe { bytes(apr_dbd_escape(self.driver, pool.raw(), what, self.handle)) };
            escaped.map(<[u8]>::to_vec).ok_or_else(|| text(b"the driver can't escape it"))
        };
        self.pool().with_sub_pool(escape).unwrap_or(Err(Refused::Limit))
    }

    /// Prepares a statement, or gives it again: drivers keep each until the connection is closed, which mod_dbd does
    /// after many requests (apr_dbd_prepare).
    pub(crate) fn prepare(&self, statement: &[u8]) -> Result<Prepared, Refused> {
        self.note(statement);
        let arguments = arguments_of(statement).ok_or(Refused::Value)?;
        let pool = self.pool();
        let text = CString::new(statement).map_err(|_| Refused::Value)?;
        let mut kept = null_mut();
        // SAFETY: what the key leads to was made here and lives in the connection's pool, and this thread alone uses
        // both. A driver makes the statement in the same pool.
        unsafe {
            apr_pool_userdata_get(&mut kept, PREPARED.as_ptr(), pool.raw());
            if kept.is_null() {
                kept = pool.keep(HashMap::<Vec<u8>, usize>::new()).cast();
                apr_pool_userdata_setn(kept, PREPARED.as_ptr(), None, pool.raw());
            }
            let kept = &mut *kept.cast::<HashMap<Vec<u8>, usize>>();
            if let Some(address) = kept.get(statement) {
                return Ok(Prepared { raw: *address as *mut apr_dbd_prepared_t, arguments });
            }
            if kept.len() >= MOST_PREPARED {
                return Err(Refused::Limit);
            }
            let mut raw = null_mut();
            match apr_dbd_prepare(self.driver, pool.raw(), self.handle, text.as_ptr(), null(), &mut raw) {
                0 if !raw.is_null() => {
                    kept.insert(statement.to_vec(), raw as usize);
                    Ok(Prepared { raw, arguments })
                }
                status => Err(self.why(status)),
            }
        }
    }

    /// The statement that DBDPrepareSQL gives under a label. Statements of other modules are not found, and how many
    /// arguments one takes only the configuration says.
    pub(crate) fn prepared(&self, label: &[u8], r: Request<'_>) -> Result<Prepared, Refused> {
        let From::ModDbd(raw, ..) = self.from else { return Err(Refused::None) };
        let pool = r.pool();
        let label_text = pool.strdup(label).ok_or(Refused::Value)?;
        let mut arguments = None;
        for directive in conftree::all().filter(|directive| directive.name.eq_ignore_ascii_case(b"DBDPrepareSQL")) {
            if let [statement, named] = directive.words(pool).as_slice()
                && named == label
            {
                self.note(statement);
                // Virtual hosts may have different ones under the same label.
                arguments = arguments.max(Some(arguments_of(statement).ok_or(Refused::Value)?));
            }
        }
        let arguments = arguments.ok_or(Refused::None)?;
        // SAFETY: mod_dbd keeps its statements by label, as long as the connection.
        let raw = unsafe { apr_hash_get((*raw).prepared, label_text.cast(), -1).cast::<apr_dbd_prepared_t>() };
        if raw.is_null() { Err(Refused::None) } else { Ok(Prepared { raw, arguments }) }
    }

    /// Runs a prepared statement without rows (apr_dbd_pquery).
    pub(crate) fn pquery(&self, statement: Prepared, arguments: &[Option<&[u8]>]) -> Result<i64, Refused> {
        let query = |pool: Pool<'_>| {
            let mut places = places(pool, statement, arguments)?;
            let (mut changed, count) = (0, places.len() as i32);
            // SAFETY: the statement is this connection's; there are at least as many places as it takes arguments.
            let status = unsafe {
                apr_dbd_pquery(
                    self.driver,
                    pool.raw(),
                    self.handle,
                    &mut changed,
                    statement.raw,
                    count,
                    places.as_mut_ptr(),
                )
            };
            if status == 0 { Ok(changed.max(0).into()) } else { Err(self.why(status)) }
        };
        self.pool().with_sub_pool(query).unwrap_or(Err(Refused::Limit))
    }

    /// The rows of a prepared statement (apr_dbd_pselect).
    pub(crate) fn pselect(&self, statement: Prepared, arguments: &[Option<&[u8]>]) -> Result<Rows, Refused> {
        let mut missing = None;
        let rows = self.rows(|pool, results| match places(pool, statement, arguments) {
            Ok(mut places) => {
                let count = places.len() as i32;
                // SAFETY: as in `pquery` and `select`.
                unsafe {
                    apr_dbd_pselect(
                        self.driver,
                        pool.raw(),
                        self.handle,
                        results,
                        statement.raw,
                        1,
                        count,
                        places.as_mut_ptr(),
                    )
                }
            }
            Err(why) => {
                missing = Some(why);
                1
            }
        });
        missing.map_or(rows, Err)
    }

    /// Copies the rows of what `select` selects, to their end.
    fn rows(&self, select: impl FnOnce(Pool<'_>, *mut *mut apr_dbd_results_t) -> i32) -> Result<Rows, Refused> {
        let read = |pool: Pool<'_>| {
            let mut results = null_mut();
            match select(pool, &mut results) {
                0 if !results.is_null() => {}
                0 => return Ok(Rows::default()),
                status => return Err(self.why(status)),
            }
            let mut rows = Rows::default();
            // SAFETY: the results live in the pool; the texts are copied before the next row is asked for.
            unsafe {
                let columns = apr_dbd_num_cols(self.driver, results);
                for column in 0..columns {
                    // Before the rows, since the last one may free what holds the names.
                    rows.add_column(bytes(apr_dbd_get_name(self.driver, results, column)).unwrap_or_default());
                }
                // Some drivers count in the row which one is next (apr_dbd_pgsql.c:dbd_pgsql_get_row).
                let mut row = null_mut();
                loop {
                    match apr_dbd_get_row(self.driver, pool.raw(), results, &mut row, -1) {
                        0 => {}
                        -1 => return Ok(rows),
                        status => return Err(self.why(status)),
                    }
                    for column in 0..columns {
                        rows.add(entry(self.driver, row, column));
                    }
                    if rows.end_row() > MOST_ROWS {
                        return Err(Refused::Limit);
                    }
                }
            }
        };
        self.pool().with_sub_pool(read).unwrap_or(Err(Refused::Limit))
    }
}

/// A value of a row; `None` for NULL, for which apr_dbd_get_entry has an empty text in some drivers
/// (apr_dbd_pgsql.c:dbd_pgsql_get_entry).
///
/// # Safety
/// The row is the driver's present one; the value is copied before the next.
unsafe fn entry<'a>(driver: *const apr_dbd_driver_t, row: *mut apr_dbd_row_t, column: i32) -> Option<&'a [u8]> {
    let mut value: *const c_char = null();
    // SAFETY: the caller's promise; a text is answered as its address.
    unsafe {
        match apr_dbd_datum_get(driver, row, column, apr_dbd_type_e_APR_DBD_TYPE_STRING, (&raw mut value).cast()) {
            0 => bytes(value),
            libc::ENOENT => None,
            _ => bytes(apr_dbd_get_entry(driver, row, column)),
        }
    }
}

/// The arguments of a statement as drivers read them, who don't look at their number; a few more that are NULL.
fn places(pool: Pool<'_>, statement: Prepared, arguments: &[Option<&[u8]>]) -> Result<Vec<*const c_char>, Refused> {
    if arguments.len() < statement.arguments {
        return Err(Refused::Value);
    }
    let mut places = Vec::with_capacity(arguments.len() + MORE);
    for argument in arguments {
        places.push(match argument {
            Some(value) => pool.strdup(value).ok_or(Refused::Value)?.cast_const(),
            None => null(),
        });
    }
    places.resize(arguments.len() + MORE, null());
    Ok(places)
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.began.get() && matches!(self.from, From::ModDbd(..)) {
            // An error where there is no transaction, which is as well.
            let _ = self.query(b"ROLLBACK");
        }
        // SAFETY: open until now, and nothing of it is used any more: statements are found through the connection.
        unsafe {
            match self.from {
                From::Driver(_) => {
                    apr_dbd_close(self.driver, self.handle);
                }
                From::ModDbd(raw, server, close) => close(server, raw),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_counted_as_apr_does() {
        for (statement, count) in [
            (&b"SELECT 1"[..], Some(0)),
            (b"SELECT %s, %d, %lld", Some(3)),
            (b"LIKE '%%' AND a = %s", Some(1)),
            (b"100% of %", Some(0)),
            (b"%%%s%%s", Some(1)),
            (b"%pDt %pDn", Some(2)),
            (b"%s %pDb", None),
            (b"%pDc", None),
            (b"%%pDb", Some(0)),
            (b"", Some(0)),
        ] {
            assert_eq!(arguments_of(statement), count, "{}", String::from_utf8_lossy(statement));
        }
    }
}
