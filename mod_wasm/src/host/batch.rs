//! Many values read or written in one call: the lists that a guest gives, taken apart with every length checked.

use super::{Code, Host, Reply};

/// What a text is answered with that is not there.
const NO_TEXT: i32 = -1;

/// A list that is being taken apart.
struct List<'l>(&'l [u8]);

impl<'l> List<'l> {
    fn byte(&mut self) -> Reply<u8> {
        let (first, rest) = self.0.split_first().ok_or(Code::BAD_VALUE)?;
        self.0 = rest;
        Ok(*first)
    }

    /// What precedes the next NUL.
    fn string(&mut self) -> Reply<&'l [u8]> {
        let end = self.0.iter().position(|byte| *byte == 0).ok_or(Code::BAD_VALUE)?;
        let (string, rest) = self.0.split_at(end);
        self.0 = rest.get(1..).unwrap_or_default();
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
        self.read_into(r, List(wants), &mut answer)?;
        self.answer = answer;
        Ok(&self.answer)
    }

    fn read_into(&self, r: u32, mut wants: List<'_>, answer: &mut Vec<u8>) -> Reply<()> {
        let r = self.request(r)?;
        while !wants.0.is_empty() {
            let number = match wants.byte()? {
                b'f' => {
                    push_text(r.text(wants.byte()?.into())?, answer);
                    continue;
                }
                b't' => {
                    let table = r.table(wants.byte()?.into()).ok_or(Code::BAD_VALUE)?;
                    push_text(table.get(wants.string()?)?, answer);
                    continue;
                }
                b'n' => r.number(wants.byte()?.into())?,
                b'd' => r.pool().userdata(&self.own_key(wants.string()?)).is_some().into(),
                b'l' => r.log_level(self.module_index),
                _ => return Err(Code::BAD_VALUE),
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
