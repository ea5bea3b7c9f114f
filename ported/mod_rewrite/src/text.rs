//! Bytes that are looked at more often than they are changed; knows nothing of what they mean.

use std::ops::Deref;
use std::rc::Rc;

/// A value of a request: one that stands somewhere for as long as `'t`, one that is kept for further look-ups, or one that
/// is made for this.
#[derive(Clone, Debug)]
pub enum Text<'t> {
    There(&'t [u8]),
    Shared(Rc<[u8]>),
    Owned(Vec<u8>),
}

impl Text<'_> {
    /// The empty text.
    pub const EMPTY: Text<'static> = Text::There(b"");

    /// Its bytes, copied only where others hold them too.
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Text::Owned(bytes) => bytes,
            other => other.to_vec(),
        }
    }
}

impl Deref for Text<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Text::There(bytes) => bytes,
            Text::Shared(bytes) => bytes,
            Text::Owned(bytes) => bytes,
        }
    }
}

impl AsRef<[u8]> for Text<'_> {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

/// Where a byte stands first. A guest pays for each round of a loop, so eight bytes are looked at in one.
pub fn position(text: &[u8], wanted: u8) -> Option<usize> {
    let (words, _) = text.as_chunks::<8>();
    if let Some(found) = words.iter().enumerate().find_map(|(number, word)| Some(number * 8 + in_word(*word, wanted)?))
    {
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

impl From<Vec<u8>> for Text<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Text::Owned(bytes)
    }
}
