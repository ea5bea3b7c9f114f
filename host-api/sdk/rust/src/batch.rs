//! Many values of a request read or written in one call of the host.

use crate::{Request, ffi};
use std::cell::{Cell, OnceCell};

/// Bytes that most answers fit in.
const FIRST_TRY: usize = 4_096;
/// Bytes of an edit that does what was prepared.
const PREPARED: usize = 6;
/// Bytes that the edits of most requests fit in.
const ROOM: usize = 512;

thread_local! {
    /// Where answers are read to; empty before the first, and while it is in use.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A list of values to read, put together once and used for many requests.
#[derive(Clone, Debug, Default)]
pub struct Wants(Vec<u8>);

impl Wants {
    /// A text field.
    pub fn text(mut self, field: u32) -> Wants {
        self.0.extend([b'f', field as u8]);
        self
    }

    /// A numeric field.
    pub fn number(mut self, field: u32) -> Wants {
        self.0.extend([b'n', field as u8]);
        self
    }

    /// The first value of a name in a table of [`crate::ffi::table`].
    pub fn table(mut self, table: u32, name: &str) -> Wants {
        self.0.extend([b't', table as u8]);
        self.0.extend_from_slice(name.as_bytes());
        self.0.push(0);
        self
    }

    /// As the host takes them.
    #[doc(hidden)]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether something is kept with the request under a key: 1 or 0.
    pub fn has_userdata(mut self, key: &str) -> Wants {
        self.0.push(b'd');
        self.0.extend_from_slice(key.as_bytes());
        self.0.push(0);
        self
    }

    /// The level up to which messages are logged.
    pub fn log_level(mut self) -> Wants {
        self.0.push(b'l');
        self
    }
}

/// What was read, to be taken in the order in which it was asked for.
#[derive(Debug)]
pub struct Answers<'a>(&'a [u8]);

impl<'a> Answers<'a> {
    /// A text; `None` where there is none.
    pub fn text(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        let (text, rest) = rest.split_at_checked(usize::try_from(i32::from_le_bytes(*length)).ok()?)?;
        self.0 = rest;
        Some(text)
    }

    /// Numbers that follow one another.
    #[inline]
    pub fn numbers<const N: usize>(&mut self) -> [i64; N] {
        let Some(numbers) = self.0.as_chunks().0.first_chunk::<N>().map(|numbers| numbers.map(i64::from_le_bytes))
        else {
            return [0; N];
        };
        self.0 = self.0.get(N * size_of::<i64>()..).unwrap_or_default();
        numbers
    }

    /// A number.
    pub fn number(&mut self) -> i64 {
        let Some((number, rest)) = self.0.split_first_chunk() else { return 0 };
        self.0 = rest;
        i64::from_le_bytes(*number)
    }
}

/// Values to write, in order.
#[derive(Clone, Debug, Default)]
pub struct Edits(Vec<u8>);

impl Edits {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Begins an edit that takes so many bytes beside its first two.
    fn start(&mut self, action: u8, number: u32, room: usize) {
        if self.0.capacity() == 0 {
            self.0 = Vec::with_capacity(ROOM.max(room + 2));
        } else {
            self.0.reserve(room + 2);
        }
        self.0.extend_from_slice(&[action, number as u8]);
    }

    /// Writes a text field; `None` is NULL. One with a NUL is not written, nor is what follows it.
    pub fn text(&mut self, field: u32, value: Option<&[u8]>) {
        match value {
            Some(value) => {
                self.start(b'f', field, 4 + value.len());
                self.string(value);
            }
            None => self.start(b'u', field, 0),
        }
    }

    /// Writes a numeric field.
    pub fn number(&mut self, field: u32, value: i64) {
        self.start(b'n', field, 8);
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// Replaces every value of a name in a table of [`crate::ffi::table`] by one.
    pub fn set(&mut self, table: u32, name: &[u8], value: &[u8]) {
        self.start(b's', table, 8 + name.len() + value.len());
        self.string(name);
        self.string(value);
    }

    /// The same, with a value that is two texts, one after the other.
    pub fn set_joined(&mut self, table: u32, name: &[u8], value: [&[u8]; 2]) {
        let [start, end] = value;
        let length = start.len() + end.len();
        self.start(b's', table, 8 + name.len() + length);
        self.string(name);
        self.0.extend_from_slice(&(length as u32).to_le_bytes());
        self.0.extend_from_slice(start);
        self.0.extend_from_slice(end);
    }

    /// Replaces every value of a name by the texts of fields, one after the other; of four at most.
    pub fn set_to_fields(&mut self, table: u32, name: &[u8], fields: &[u32]) {
        self.start(b'j', table, 8 + name.len() + fields.len());
        self.string(name);
        self.0.extend_from_slice(&(fields.len() as u32).to_le_bytes());
        self.0.extend(fields.iter().map(|field| *field as u8));
    }

    /// Does what was prepared.
    #[inline(always)]
    pub fn prepared(&mut self, prepared: &Prepared) {
        match prepared.edit() {
            Some(edit) => {
                if self.0.capacity() == 0 {
                    self.0 = Vec::with_capacity(ROOM);
                }
                self.0.extend_from_slice(&edit);
            }
            None => self.0.extend_from_slice(&prepared.edits.0),
        }
    }

    /// Does what was prepared in place of another such edit, if that is the only one; whether it is.
    #[inline]
    pub fn replace(&mut self, other: &Prepared, by: &Prepared) -> bool {
        let place = <&mut [u8; PREPARED]>::try_from(&mut self.0[..]);
        let Some(((place, other), by)) = place.ok().zip(other.edit()).zip(by.edit()) else { return false };
        let is_only = *place == other;
        if is_only {
            *place = by;
        }
        is_only
    }

    /// As the host takes them.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Forgets them.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Removes every value of a name.
    pub fn unset(&mut self, table: u32, name: &[u8]) {
        self.start(b'x', table, 8 + name.len());
        self.string(name);
        self.string(b"");
    }

    fn string(&mut self, text: &[u8]) {
        self.0.extend_from_slice(&(text.len() as u32).to_le_bytes());
        self.0.extend_from_slice(text);
    }
}

/// Edits of tables that are put together once, and then done for many requests without copying names and values
/// (ap_request_prepare). Where the host keeps no more of them they are done as any others.
#[derive(Debug)]
pub struct Prepared {
    edits: Edits,
    handle: OnceCell<Option<u32>>,
}

impl Prepared {
    /// Edits to be prepared when they are used first.
    pub fn new(edits: Edits) -> Prepared {
        Prepared { edits, handle: OnceCell::new() }
    }

    /// The edit that does them, if the host keeps them.
    #[inline]
    fn edit(&self) -> Option<[u8; PREPARED]> {
        let [a, b, c, d] = self.handle.get().copied().unwrap_or_else(|| self.prepare())?.to_le_bytes();
        Some([b'p', 0, a, b, c, d])
    }

    #[cold]
    fn prepare(&self) -> Option<u32> {
        *self.handle.get_or_init(|| u32::try_from(ffi::ap_request_prepare(&self.edits.0)).ok())
    }
}

/// Where values were read to, which is used again for the next ones.
#[derive(Debug)]
pub struct Read {
    buffer: Vec<u8>,
    length: usize,
}

impl Read {
    /// What was read.
    pub fn answers(&self) -> Answers<'_> {
        Answers(self.buffer.get(..self.length).unwrap_or_default())
    }
}

impl Drop for Read {
    fn drop(&mut self) {
        BUFFER.set(std::mem::take(&mut self.buffer));
    }
}

impl Request {
    /// Reads many values (ap_request_read).
    pub fn read_many(&self, wants: &Wants) -> Read {
        // It is in use where something else is read meanwhile.
        let mut buffer = BUFFER.take();
        if buffer.is_empty() {
            buffer.resize(FIRST_TRY, 0);
        }
        let mut length = usize::try_from(ffi::ap_request_read(self.handle(), &wants.0, &mut buffer)).unwrap_or(0);
        if length > buffer.len() {
            buffer.resize(length, 0);
            length = usize::try_from(ffi::ap_request_read(self.handle(), &wants.0, &mut buffer)).unwrap_or(0);
        }
        Read { buffer, length }
    }

    /// Calls `with` with the values that the host has read before this hook, as the module says of it in `reads`; reads
    /// them now where there are too many, and at a second time.
    #[inline]
    pub fn with_read_before<T>(&self, wants: fn() -> Wants, with: impl FnOnce(Answers<'_>) -> T) -> T {
        ffi::with_read_before(|before| {
            let now;
            with(match before {
                Some(values) => Answers(values),
                None => {
                    now = self.read_many(&wants());
                    now.answers()
                }
            })
        })
    }

    /// Writes many values (ap_request_write), and forgets them.
    pub fn write_many(&self, edits: &mut Edits) {
        if !edits.is_empty() {
            ffi::ap_request_write(self.handle(), &edits.0);
            edits.0.clear();
        }
    }
}
