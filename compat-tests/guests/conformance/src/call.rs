//! Any host function by its name, over the SDK's `ffi`: where the arguments are read from and how an answer is printed.

use super::Results;
use apache_module::ffi;

include!(concat!(env!("OUT_DIR"), "/calls.rs"));

const BUFFER: usize = 65_536;

/// The words of a call, taken one after another.
pub struct Arguments<'a> {
    words: std::str::Split<'a, char>,
    so_far: &'a Results,
}

impl<'a> Arguments<'a> {
    /// Words after the function's name; `$n` in them is a result of `so_far`.
    pub fn new(words: std::str::Split<'a, char>, so_far: &'a Results) -> Self {
        Arguments { words, so_far }
    }

    fn bytes(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut rest = self.words.next().unwrap_or_default().as_bytes();
        loop {
            rest = match rest {
                [] => return out,
                [b'%', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    let digit = |byte: u8| (byte as char).to_digit(16).unwrap_or(0) as u8;
                    out.push(digit(*high) << 4 | digit(*low));
                    after
                }
                [b'~', which @ b'0'..=b'9', after @ ..] => {
                    out.extend((self.so_far.value(usize::from(which - b'0')) as u32).to_le_bytes());
                    after
                }
                [byte, after @ ..] => {
                    out.push(*byte);
                    after
                }
            }
        }
    }

    fn i64(&mut self) -> i64 {
        let word = self.words.next().unwrap_or_default();
        let index = |text: &str| text.parse().unwrap_or(0);
        match (word.strip_prefix('$'), word.strip_prefix('@').and_then(|word| word.split_once(':'))) {
            (Some(which), _) => self.so_far.value(index(which)),
            (_, Some((name, which))) => super::named(name).map_or(-1, |given| given.value(index(which))),
            _ => word.parse().unwrap_or(0),
        }
    }

    fn u32(&mut self) -> u32 {
        self.i64() as u32
    }

    fn i32(&mut self) -> i32 {
        self.i64() as i32
    }
}

/// What a host function answered.
pub enum Answer {
    /// Its number or code.
    Number(i64),
    /// Its bytes.
    Bytes(Vec<u8>),
}

impl Answer {
    fn bytes(read: impl FnOnce(&mut [u8]) -> i32) -> Answer {
        let mut buffer = vec![0; BUFFER];
        let length = read(&mut buffer);
        match usize::try_from(length) {
            Ok(length) if length <= BUFFER => {
                buffer.truncate(length);
                Answer::Bytes(buffer)
            }
            _ => Answer::Number(length.into()),
        }
    }

    /// What later calls know as `$n`: the number, or the length.
    pub fn value(&self) -> i64 {
        match self {
            Answer::Number(number) => *number,
            Answer::Bytes(bytes) => bytes.len() as i64,
        }
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Answer::Number(number) => write!(f, "{number}"),
            Answer::Bytes(bytes) => write!(f, "\"{}\"", super::shown(bytes)),
        }
    }
}
