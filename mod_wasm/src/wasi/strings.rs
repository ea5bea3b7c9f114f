//! A list of strings as WASI hands it over, arguments or environment: bytes, each with a NUL after it.

/// Strings in one piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Strings {
    bytes: Vec<u8>,
    count: u32,
}

impl Strings {
    /// No string.
    pub(crate) const fn none() -> Strings {
        Strings { bytes: Vec::new(), count: 0 }
    }

    /// With room for so many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Strings {
        Strings { bytes: Vec::with_capacity(bytes), count: 0 }
    }

    /// Adds a string made of parts, none of which holds a NUL.
    pub(crate) fn push(&mut self, parts: &[&[u8]]) {
        for part in parts {
            self.bytes.extend_from_slice(part);
        }
        self.bytes.push(0);
        self.count += 1;
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// All of them, one after another.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where in [`Strings::bytes`] each begins.
    pub(crate) fn starts(&self) -> impl Iterator<Item = usize> {
        let after = memchr::memchr_iter(0, &self.bytes).map(|end| end + 1);
        std::iter::once(0).chain(after).take(self.count as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_stand_one_after_another() {
        let mut strings = Strings::default();
        assert_eq!(strings.starts().count(), 0);
        strings.push(&[b"A", b"=", b"1"]);
        strings.push(&[]);
        strings.push(&[b"\xff"]);
        assert_eq!(strings.bytes(), b"A=1\0\0\xff\0");
        assert_eq!(strings.starts().collect::<Vec<_>>(), [0, 4, 5]);
        assert_eq!(strings.count(), 3);
    }
}
