//! The rows that a database answers with, as guests read them. Plain data, which knows no driver.

/// The rows of an answer.
#[derive(Default)]
pub(crate) struct Rows {
    /// Names of the columns, each with a NUL after it.
    pub(crate) names: Vec<u8>,
    /// Of each column of each row its length, -1 for NULL, and its bytes.
    pub(crate) all: Vec<u8>,
    /// Where in `all` each row ends.
    ends: Vec<usize>,
}

impl Rows {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A row by its number from 1.
    pub(crate) fn row(&self, number: usize) -> Option<&[u8]> {
        let end = *self.ends.get(number.checked_sub(1)?)?;
        let start = number.checked_sub(2).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.all.get(start..end)
    }

    /// Adds the name of a column.
    pub(super) fn add_column(&mut self, name: &[u8]) {
        self.names.extend_from_slice(name);
        self.names.push(0);
    }

    /// Adds a value to the row that hasn't ended; `None` is NULL.
    pub(super) fn add(&mut self, value: Option<&[u8]>) {
        let length = value.map_or(-1, |value| i32::try_from(value.len()).unwrap_or(i32::MAX));
        self.all.extend_from_slice(&length.to_le_bytes());
        self.all.extend_from_slice(value.unwrap_or_default());
    }

    /// Ends a row, and gives the bytes that all of them take.
    pub(super) fn end_row(&mut self) -> usize {
        self.ends.push(self.all.len());
        self.all.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_number() {
        let mut rows = Rows::default();
        for value in [Some(&b"one"[..]), None, Some(b"")] {
            rows.add(value);
            rows.end_row();
        }
        assert_eq!(rows.row(1), Some(&b"\x03\0\0\0one"[..]));
        assert_eq!(rows.row(2), Some(&b"\xff\xff\xff\xff"[..]));
        assert_eq!(rows.row(3), Some(&b"\0\0\0\0"[..]));
        assert_eq!((rows.row(0), rows.row(4), rows.row(usize::MAX)), (None, None, None));
    }
}
