//! Why a function of the host gave no result, the same for all groups.

use crate::ffi::{self, code};
use std::fmt;

/// A negative answer of the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// Nothing is there.
    None,
    /// The handle is not one that this instance holds now: closed, or kept from an earlier call.
    BadHandle,
    /// An argument is out of its range or holds a NUL byte.
    BadValue,
    /// The function has no meaning in the present phase.
    NotNow,
    /// httpd, the system or the database refused: APR's status, 0 where there is none, and a text.
    Failed(i32, Vec<u8>),
    /// A limit was reached.
    Limit,
}

impl Error {
    /// What a negative answer says.
    pub fn of(answer: i64) -> Error {
        match i32::try_from(answer) {
            Ok(code::NONE) => Error::None,
            Ok(code::BAD_HANDLE) => Error::BadHandle,
            Ok(code::NOT_NOW) => Error::NotNow,
            Ok(code::FAILED) => Error::Failed(ffi::error_status(), ffi::error_text()),
            Ok(code::LIMIT) => Error::Limit,
            _ => Error::BadValue,
        }
    }

    /// Whether there is no such file (ENOENT).
    pub fn is_no_entry(&self) -> bool {
        const ENOENT: i32 = 2;
        matches!(self, Error::Failed(ENOENT, _))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::None => f.write_str("nothing is there"),
            Error::BadHandle => f.write_str("it is not open now"),
            Error::BadValue => f.write_str("a value is out of its range"),
            Error::NotNow => f.write_str("that can't be done now"),
            Error::Failed(0, text) => f.write_str(&String::from_utf8_lossy(text)),
            Error::Failed(status, text) => write!(f, "{} (status {status})", String::from_utf8_lossy(text)),
            Error::Limit => f.write_str("a limit was reached"),
        }
    }
}

impl std::error::Error for Error {}

/// An answer that says nothing beyond whether it went well.
pub(crate) fn done(answer: i32) -> Result<(), Error> {
    if answer < 0 { Err(Error::of(answer.into())) } else { Ok(()) }
}

/// An answer that is a handle.
pub(crate) fn handle(answer: i64) -> Result<u32, Error> {
    u32::try_from(answer).map_err(|_| Error::of(answer))
}

/// An answer in bytes.
pub(crate) fn bytes(import: impl FnMut(&mut [u8]) -> i32) -> Result<Vec<u8>, Error> {
    match ffi::read(import) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(Error::None),
        Err(code) => Err(Error::of(code.into())),
    }
}
