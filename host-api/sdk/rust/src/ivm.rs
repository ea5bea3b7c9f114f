//! What all instances of this module in the process share, by key (r:ivm_get and r:ivm_set in mod_lua). Each process of
//! httpd has its own.

use crate::error::{Error, bytes};
use crate::ffi;

/// A value, which comes back as what it was when it was kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A boolean.
    Bool(bool),
    /// An integer, which [`add`] adds to.
    Integer(i64),
    /// Any number.
    Number(f64),
    /// A text.
    Text(Vec<u8>),
}

impl Value {
    fn kept(&self) -> Vec<u8> {
        match self {
            Value::Bool(yes) => vec![b'b', u8::from(*yes)],
            Value::Integer(number) => [&b"i"[..], &number.to_le_bytes()].concat(),
            Value::Number(number) => [&b"n"[..], &number.to_le_bytes()].concat(),
            Value::Text(text) => [b"s", text.as_slice()].concat(),
        }
    }

    fn of(kept: &[u8]) -> Option<Value> {
        Some(match kept.split_first()? {
            (b'b', [yes]) => Value::Bool(*yes != 0),
            (b'i', number) => Value::Integer(i64::from_le_bytes(number.try_into().ok()?)),
            (b'n', number) => Value::Number(f64::from_le_bytes(number.try_into().ok()?)),
            (b's', text) => Value::Text(text.to_vec()),
            _ => return None,
        })
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Value {
        Value::Bool(yes)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Integer(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.into())
    }
}

impl From<&[u8]> for Value {
    fn from(text: &[u8]) -> Value {
        Value::Text(text.to_vec())
    }
}

/// The value of a key; `None` where there is none, or one that [`crate::server::ivm_set`] keeps.
pub fn get(key: &[u8]) -> Option<Value> {
    Value::of(&bytes(|buffer| ffi::ap_ivm_get(key, buffer)).ok()?)
}

/// Keeps a value under a key.
pub fn set(key: &[u8], value: impl Into<Value>) {
    ffi::ap_ivm_set(key, &value.into().kept());
}

/// Forgets what is kept under a key.
pub fn unset(key: &[u8]) {
    ffi::ap_ivm_unset(key);
}

/// Adds to the integer of a key, 0 where there is none, and gives the sum; nobody comes in between.
///
/// # Errors
/// [`Error::BadValue`] where something else is kept, [`Error::Limit`] past 64 bits.
pub fn add(key: &[u8], delta: i64) -> Result<i64, Error> {
    let mut sum = [0; 8];
    match ffi::ap_ivm_add(key, delta, &mut sum) {
        0.. => Ok(i64::from_le_bytes(sum)),
        code => Err(Error::of(code.into())),
    }
}

/// Keeps a value if what is there is as expected, `None` for nothing; whether it was.
pub fn compare_and_set(key: &[u8], expected: Option<&Value>, value: impl Into<Value>) -> bool {
    let before = expected.map(Value::kept).unwrap_or_default();
    ffi::ap_ivm_compare_and_set(key, expected.is_some().into(), &before, &value.into().kept()) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_were() {
        for value in
            [true.into(), false.into(), (-5).into(), 2.5.into(), "text".into(), Value::from(&b"\0\xff"[..]), "".into()]
        {
            assert_eq!(Value::of(&value.kept()), Some(value));
        }
        for odd in [&b""[..], b"b", b"b12", b"i1234", b"n", b"x"] {
            assert_eq!(Value::of(odd), None);
        }
    }
}
