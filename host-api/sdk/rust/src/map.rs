//! Files, databases and programs to look up in. A directive of the server's configuration names each, and while it is
//! parsed the module gets a handle, which is all that it can use later.

use crate::Request;
use crate::ffi::{self, code};

/// Why there is no handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nothing of that kind is there: no mod_dbd, no such function.
    None,
    /// The directive doesn't name it, or stands in a directory section or .htaccess file.
    NotNamed,
    /// httpd's or APR's text.
    Failed(Vec<u8>),
}

/// Why a look-up gave nothing but an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookupError {
    /// No connection to the database, or a program that was never started.
    NotThere,
    /// The time limit of the module was reached; it has been logged.
    TimeLimit,
    /// APR's status and a text, for the log.
    Failed(i32, Vec<u8>),
}

fn handle(answer: i64) -> Result<u32, Refused> {
    u32::try_from(answer).map_err(|_| match answer as i32 {
        code::NONE => Refused::None,
        code::FAILED => Refused::Failed(ffi::error_text()),
        _ => Refused::NotNamed,
    })
}

fn error(code: i32) -> LookupError {
    match code {
        code::NONE => LookupError::NotThere,
        code::LIMIT => LookupError::TimeLimit,
        _ => LookupError::Failed(ffi::error_status(), ffi::error_text()),
    }
}

/// A file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File(u32);

impl File {
    /// The file that the directive being parsed names so, below ServerRoot.
    pub fn named(name: &[u8]) -> Result<File, Refused> {
        handle(ffi::ap_map_file(name)).map(File)
    }

    /// A number that stays while the file is neither changed nor replaced; the error is APR's status.
    pub fn state(&self) -> Result<i64, i32> {
        match ffi::ap_map_file_state(self.0) {
            state @ 0.. => Ok(state),
            _ => Err(ffi::error_status()),
        }
    }

    /// Bytes from an offset on, at most so many and none at the end; the error is APR's status. At offset 0 the file
    /// is opened anew, and later offsets read the same file even if another has taken its name.
    pub fn read(&self, offset: u32, count: u32) -> Result<Vec<u8>, i32> {
        let mut buffer = vec![0; count as usize];
        let length = usize::try_from(ffi::apr_file_read(self.0, offset, count, &mut buffer));
        buffer.truncate(length.map_err(|_| ffi::error_status())?);
        Ok(buffer)
    }

    /// The whole file.
    pub fn read_all(&self) -> Result<Vec<u8>, i32> {
        const PART: u32 = 65_536;
        let mut all = Vec::new();
        loop {
            let part = self.read(all.len() as u32, PART)?;
            all.extend_from_slice(&part);
            if part.len() < PART as usize {
                return Ok(all);
            }
        }
    }
}

/// A DBM file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dbm(u32);

impl Dbm {
    /// The DBM file of a type (`default`, `sdbm`, `db`, …) that the directive being parsed names so.
    pub fn named(kind: &[u8], name: &[u8]) -> Result<Dbm, Refused> {
        handle(ffi::ap_map_dbm(kind, name)).map(Dbm)
    }

    /// The value of a key (apr_dbm_fetch).
    pub fn fetch(&self, r: &Request, key: &[u8]) -> Result<Option<Vec<u8>>, LookupError> {
        ffi::read(|buffer| ffi::apr_dbm_fetch(r.handle(), self.0, key, buffer)).map_err(error)
    }
}

/// The files of a DBM file of a type; `None` where APR doesn't know the type (apr_dbm_get_usednames_ex).
pub fn dbm_get_usednames(kind: &[u8], name: &[u8]) -> Option<Vec<Vec<u8>>> {
    ffi::read(|buffer| ffi::apr_dbm_get_usednames(kind, name, buffer)).ok().flatten().map(crate::table::strings)
}

/// A prepared SQL statement of mod_dbd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement(u32);

impl Statement {
    /// Prepares a statement that the directive being parsed holds, under a label (ap_dbd_prepare).
    pub fn prepare(query: &[u8], label: &[u8]) -> Result<Statement, Refused> {
        handle(ffi::ap_map_dbd(query, label)).map(Statement)
    }

    /// The first column of every row for a key.
    pub fn select(&self, r: &Request, key: &[u8]) -> Result<Vec<Vec<u8>>, LookupError> {
        let rows = ffi::read(|buffer| ffi::apr_dbd_pvselect(r.handle(), self.0, key, buffer)).map_err(error)?;
        rows.map(crate::table::strings).ok_or(LookupError::NotThere)
    }
}

/// A program that answers each line with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program(u32);

impl Program {
    /// The program, with its arguments, that the directive being parsed names after `prg:` or `exec:`; run as a user
    /// and group if they are not empty; asked while the module's mutex of a number is held.
    pub fn named(command: &[u8], user: &[u8], group: &[u8], mutex: u32) -> Result<Program, Refused> {
        handle(ffi::ap_map_program(command, user, group, mutex)).map(Program)
    }

    /// Starts it, in `post_config`; nothing to do where it runs already.
    pub fn start(&self) -> Result<(), LookupError> {
        match ffi::ap_program_start(self.0) {
            0 => Ok(()),
            code => Err(error(code)),
        }
    }

    /// The line that answers a line, without its end; what came until then where the program ended.
    pub fn ask(&self, r: &Request, line: &[u8]) -> Result<Vec<u8>, LookupError> {
        match ffi::ap_program_ask(r.handle(), self.0, line) {
            0.. => Ok(ffi::answer()),
            code => Err(error(code as i32)),
        }
    }
}

/// A function that a native module registered by ap_register_rewrite_mapfunc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function(u32);

impl Function {
    /// The function that the directive being parsed names so.
    pub fn named(name: &[u8]) -> Result<Function, Refused> {
        handle(ffi::ap_map_function(name)).map(Function)
    }

    /// Its answer; `None` for NULL.
    pub fn call(&self, r: &Request, key: &[u8]) -> Option<Vec<u8>> {
        ffi::read(|buffer| ffi::ap_map_call(r.handle(), self.0, key, buffer)).ok().flatten()
    }
}
