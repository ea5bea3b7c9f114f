//! Many values read or written in one call: the lists that a guest gives, taken apart with every length checked.

use super::number::field;
use super::{Code, Host, Reply};
use std::ffi::{CStr, CString};
use std::io::Write;
use std::sync::Arc;

/// What a text is answered with that is not there.
const NO_TEXT: i32 = -1;
/// Most lists that an instance keeps taken apart; a guest has few, and uses them again and again.
const MOST_KEPT: usize = 16;

/// A list that is being taken apart.
struct List<'l>(&'l [u8]);

impl<'l> List<'l> {
    fn byte(&mut self) -> Reply<u8> {
        let (first, rest) = self.0.split_first().ok_or(Code::BAD_VALUE)?;
        self.0 = rest;
        Ok(*first)
    }

    /// What precedes the next NUL.
    fn string(&mut self) -> Reply<&'l CStr> {
        let string = CStr::from_bytes_until_nul(self.0).map_err(|_| Code::BAD_VALUE)?;
        self.0 = self.0.get(string.count_bytes() + 1..).unwrap_or_default();
        Ok(string)
    }

    /// Bytes after their length.
    fn sized(&mut self) -> Reply<&'l [u8]> {
        let (length, rest) = self.0.split_first_chunk().ok_or(Code::BAD_VALUE)?;
        let (bytes, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or(Code::BAD_VALUE)?;
        self.0 = rest;
        Ok(bytes)
    }

    fn number(&mut self) -> Reply<i64> {
        let (number, rest) = self.0.split_first_chunk().ok_or(Code::BAD_VALUE)?;
        self.0 = rest;
        Ok(i64::from_le_bytes(*number))
    }
}

/// A value to read.
pub(super) enum Want {
    Text(u32),
    Number(u32),
    Table(u32, CString),
    /// Under the module's own key.
    Userdata(CString),
    LogLevel,
}

/// Lists of values to read, as the guest gave them and taken apart.
pub(super) type Kept = Vec<(Box<[u8]>, Arc<[Want]>)>;

pub(super) fn push_text(text: Option<&[u8]>, answer: &mut Vec<u8>) {
    let length = text.map_or(NO_TEXT, |text| text.len() as i32);
    answer.extend_from_slice(&length.to_le_bytes());
    answer.extend_from_slice(text.unwrap_or_default());
}

impl Host {
    /// Reads what a list asks for.
    pub(super) fn read_many(&mut self, r: u32, wants: &[u8]) -> Reply<&[u8]> {
        let mut answer = std::mem::take(&mut self.answer);
        answer.clear();
        let read = match self.lists.iter().find(|(list, _)| **list == *wants) {
            Some((_, wants)) => self.read_into(r, wants, &mut answer),
            None => self.parse(wants).and_then(|parsed| {
                let read = self.read_into(r, &parsed, &mut answer);
                if self.lists.len() < MOST_KEPT {
                    self.lists.push((wants.into(), parsed));
                }
                read
            }),
        };
        self.answer = answer;
        read.map(|()| &self.answer[..])
    }

    fn parse(&self, wants: &[u8]) -> Reply<Arc<[Want]>> {
        let mut list = List(wants);
        let mut parsed = Vec::new();
        while !list.0.is_empty() {
            parsed.push(match list.byte()? {
                b'f' => Want::Text(list.byte()?.into()),
                b'n' => Want::Number(list.byte()?.into()),
                b't' => Want::Table(list.byte()?.into(), list.string()?.to_owned()),
                b'd' => Want::Userdata(CString::new(self.own_key(list.string()?.to_bytes())).map_err(|_| Code::BAD_VALUE)?),
                b'l' => Want::LogLevel,
                _ => return Err(Code::BAD_VALUE),
            });
        }
        Ok(parsed.into())
    }

    fn read_into(&self, r: u32, wants: &[Want], answer: &mut Vec<u8>) -> Reply<()> {
        let r = self.request(r)?;
        for want in wants {
            let number = match want {
                Want::Text(field::SERVER_URL) => {
                    // Put together here, which saves a copy in the request's pool.
                    let start = answer.len();
                    answer.extend_from_slice(&[0; size_of::<i32>()]);
                    let (scheme, name, port) = r.server_url();
                    answer.extend_from_slice(scheme);
                    answer.extend_from_slice(b"://");
                    answer.extend_from_slice(name);
                    if let Some(port) = port {
                        let _ = write!(answer, ":{port}");
                    }
                    let length = (answer.len() - start - size_of::<i32>()) as i32;
                    answer[start..start + size_of::<i32>()].copy_from_slice(&length.to_le_bytes());
                    continue;
                }
                Want::Text(field) => {
                    push_text(r.text(*field)?, answer);
                    continue;
                }
                Want::Table(table, name) => {
                    push_text(r.table(*table).ok_or(Code::BAD_VALUE)?.get_c(name), answer);
                    continue;
                }
                Want::Number(field) => r.number(*field)?,
                Want::Userdata(key) => r.pool().has_userdata(key).into(),
                Want::LogLevel => r.log_level(self.module_index),
            };
            answer.extend_from_slice(&number.to_le_bytes());
        }
        Ok(())
    }

    /// Writes what a list says, up to the first edit that is wrong.
    pub(super) fn write_many(&mut self, r: u32, edits: &[u8]) -> Reply<()> {
        let r = self.request(r)?;
        let mut edits = List(edits);
        while !edits.0.is_empty() {
            let (action, number) = (edits.byte()?, u32::from(edits.byte()?));
            match action {
                b'f' => r.set_text(number, Some(edits.sized()?))?,
                b'u' => r.set_text(number, None)?,
                b'n' => r.set_number(number, edits.number()?)?,
                _ => {
                    let table = r.table(number).ok_or(Code::BAD_VALUE)?;
                    let (name, value) = (edits.sized()?, edits.sized()?);
                    match action {
                        b's' => table.set(name, value)?,
                        b'a' => table.add(name, value)?,
                        b'm' => table.merge(name, value)?,
                        b'x' => table.unset(name)?,
                        _ => return Err(Code::BAD_VALUE),
                    }
                }
            }
        }
        Ok(())
    }
}
