//! Bytes that are looked at more often than they are changed; knows nothing of what they mean.

use std::ops::Deref;
use std::rc::Rc;

/// A value of a request: static, kept for further look-ups, or made for one.
#[derive(Clone, Debug)]
pub enum Text {
    Static(&'static [u8]),
    Shared(Rc<[u8]>),
    Owned(Vec<u8>),
}

impl Text {
    /// The empty text.
    pub const EMPTY: Text = Text::Static(b"");

    /// Its bytes, copied only where others hold them too.
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Text::Owned(bytes) => bytes,
            other => other.to_vec(),
        }
    }
}

impl Deref for Text {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Text::Static(bytes) => bytes,
            Text::Shared(bytes) => bytes,
            Text::Owned(bytes) => bytes,
        }
    }
}

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Text {
        Text::Owned(bytes)
    }
}
