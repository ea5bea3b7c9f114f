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

/// Where a byte stands first. A guest pays for each round of a loop, so eight bytes are looked at in one.
pub fn position(text: &[u8], wanted: u8) -> Option<usize> {
    let (words, _) = text.as_chunks::<8>();
    if let Some(found) = words.iter().enumerate().find_map(|(number, word)| Some(number * 8 + in_word(*word, wanted)?)) {
        return Some(found);
    }
    match text.last_chunk::<8>() {
        // The first bytes of this word were looked at before.
        Some(last) => Some(text.len() - last.len() + in_word(*last, wanted)?),
        None => text.iter().position(|byte| *byte == wanted),
    }
}

fn in_word(word: [u8; 8], wanted: u8) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const TOPS: u64 = ONES << 7;
    let differing = u64::from_le_bytes(word) ^ (ONES * u64::from(wanted));
    // The lowest top bit that is set is that of the first byte without a difference.
    let same = differing.wrapping_sub(ONES) & !differing & TOPS;
    (same != 0).then_some(same.trailing_zeros() as usize / 8)
}

impl From<Rc<[u8]>> for Text {
    fn from(bytes: Rc<[u8]>) -> Text {
        Text::Shared(bytes)
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Text {
        Text::Owned(bytes)
    }
}
