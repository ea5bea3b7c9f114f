//! Many values read or written in one call: the lists that a guest gives, taken apart with every length checked.

use super::number::field;
use super::state::Compiled;
use super::table::{MOST_PREPARED, merge};
use super::{Code, Host, Reply};
use crate::httpd::Request;
use crate::httpd::bytes::copy;
use crate::httpd::edits::{Unprepared, prepared_of_request};
use std::ffi::{CStr, CString};
use std::sync::Arc;
use std::time::Instant;

/// What a text is answered with that is not there.
const NO_TEXT: i32 = -1;
/// Most fields whose texts are put together to one value.
const MOST_JOINED: usize = 4;
/// Longest list of values to read, in bytes.
const LONGEST_LIST: usize = 16 << 10;
/// Most bytes of an answer to one.
const MOST_ANSWERED: usize = 64 << 20;
/// Edits that are done before the time is looked at.
const AT_A_TIME: usize = 64;
/// Most bytes that pools take for one list beyond its own.
const MOST_TAKEN: usize = 16 << 20;
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

    /// The next edit; `None` at the end.
    fn edit(&mut self) -> Reply<Option<Edit<'l>>> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let (action, number) = (self.byte()?, u32::from(self.byte()?));
        Ok(Some(match action {
            b'f' => Edit::Text(number, Some(self.sized()?)),
            b'u' => Edit::Text(number, None),
            b'n' => Edit::Number(number, self.number()?),
            b'p' if number == 0 => {
                let (handle, rest) = self.0.split_first_chunk().ok_or(Code::BAD_VALUE)?;
                self.0 = rest;
                Edit::Prepared(u32::from_le_bytes(*handle))
            }
            b's' | b'a' | b'm' | b'x' | b'j' => {
                let (name, value) = (self.sized()?, self.sized()?);
                if action == b'j' && value.len() > MOST_JOINED {
                    return Err(Code::BAD_VALUE);
                }
                Edit::Table((action, number, name, value))
            }
            _ => return Err(Code::BAD_VALUE),
        }))
    }

    fn number(&mut self) -> Reply<i64> {
        let (number, rest) = self.0.split_first_chunk().ok_or(Code::BAD_VALUE)?;
        self.0 = rest;
        Ok(i64::from_le_bytes(*number))
    }
}

/// An edit of a list.
enum Edit<'l> {
    Text(u32, Option<&'l [u8]>),
    Number(u32, i64),
    Table(Unprepared<'l>),
    /// Those of a handle.
    Prepared(u32),
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

/// What a guest finds in its memory when a hook is called.
pub(super) struct Before {
    hook: u32,
    wants: Arc<[Want]>,
    /// Where, and how many bytes fit there.
    place: u32,
    room: u32,
}

/// What precedes the values: their length, or this where they don't fit.
const NOT_READ: u32 = u32::MAX;

/// Lists of values to read, as the guest gave them and taken apart.
pub(super) type Kept = Vec<(Box<[u8]>, Arc<[Want]>)>;

#[inline]
pub(super) fn push_text(text: Option<&[u8]>, answer: &mut Vec<u8>) {
    match text {
        None => answer.extend_from_slice(&NO_TEXT.to_le_bytes()),
        Some(text) => {
            answer.extend_from_slice(&(text.len() as i32).to_le_bytes());
            answer.extend_from_slice(text);
        }
    }
}

impl Host {
    /// Reads what a list asks for.
    pub(super) fn read_many(&mut self, r: u32, wants: &[u8]) -> Reply<&[u8]> {
        let mut answer = std::mem::take(&mut self.answer);
        answer.clear();
        let read = match self.lists.iter().find(|(list, _)| **list == *wants) {
            Some((_, wants)) => self.request(r).and_then(|r| self.read_into(r, wants, &mut answer)),
            None => self.parse(wants).and_then(|parsed| {
                let read = self.request(r).and_then(|r| self.read_into(r, &parsed, &mut answer));
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
        if wants.len() > LONGEST_LIST {
            return Err(Code::LIMIT);
        }
        let mut list = List(wants);
        let mut parsed = Vec::new();
        while !list.0.is_empty() {
            parsed.push(match list.byte()? {
                b'f' => Want::Text(list.byte()?.into()),
                b'n' => Want::Number(list.byte()?.into()),
                b't' => Want::Table(list.byte()?.into(), list.string()?.to_owned()),
                b'd' => {
                    Want::Userdata(CString::new(self.own_key(list.string()?.to_bytes())).map_err(|_| Code::BAD_VALUE)?)
                }
                b'l' => Want::LogLevel,
                _ => return Err(Code::BAD_VALUE),
            });
        }
        Ok(parsed.into())
    }

    fn read_into(&self, r: Request<'_>, wants: &[Want], answer: &mut Vec<u8>) -> Reply<()> {
        for want in wants {
            if answer.len() > MOST_ANSWERED {
                return Err(Code::LIMIT);
            }
            let number = match want {
                Want::Text(field::SERVER_URL) => {
                    let start = answer.len();
                    answer.extend_from_slice(&NO_TEXT.to_le_bytes());
                    r.append(field::SERVER_URL, answer)?;
                    let length = (answer.len() - start - size_of::<i32>()) as i32;
                    if let Some(place) = answer.get_mut(start..).and_then(<[u8]>::first_chunk_mut) {
                        *place = length.to_le_bytes();
                    }
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

    /// Has what a list asks for read before each call of a hook. Only before there is a configuration, so that a guest can't
    /// take it for an answer to something else.
    pub(super) fn want_before(&mut self, hook: u32, wants: &[u8], place: u32, room: u32) -> Reply<()> {
        if !self.configs.is_empty() || self.record.is_some() || self.lent.request().is_some() {
            return Err(Code::NOT_NOW);
        }
        if hook as usize >= super::HOOK_EXPORTS.len() || self.before.iter().any(|before| before.hook == hook) {
            return Err(Code::BAD_VALUE);
        }
        self.before.push(Before { hook, wants: self.parse(wants)?, place, room });
        Ok(())
    }

    /// Whether there is anything that [`Host::read_before`] may have to read.
    pub(crate) fn reads_before(&self) -> bool {
        !self.before.is_empty()
    }

    /// Reads what the guest wants to find in its memory when the hook of a bit is called. A place outside of it stays as
    /// it is, which is the guest's own affair.
    pub(crate) fn read_before(&mut self, memory: &mut [u8], bit: u32, r: Request<'_>) {
        let Some(before) = self.before.iter().find(|before| before.hook == bit) else { return };
        let mut answer = std::mem::take(&mut self.answer);
        answer.clear();
        answer.extend_from_slice(&NOT_READ.to_le_bytes());
        let read = self.read_into(r, &before.wants, &mut answer);
        if read.is_ok() && answer.len() <= before.room as usize {
            let length = (answer.len() - size_of::<u32>()) as u32;
            answer[..size_of::<u32>()].copy_from_slice(&length.to_le_bytes());
        } else {
            answer.truncate(size_of::<u32>());
        }
        let place = before.place as usize;
        if let Some(place) = memory.get_mut(place..place + answer.len()) {
            copy(place, &answer);
        }
        self.answer = answer;
    }

    /// Writes what a list says, up to the first edit that is wrong.
    pub(super) fn write_many(&mut self, r: u32, edits: &[u8]) -> Reply<()> {
        self.takes(edits.len())?;
        let (mut scratch, mut taken) = (std::mem::take(&mut self.answer), 0);
        let written = self.request(r).and_then(|r| self.write(r, edits, &mut scratch, &mut taken));
        self.answer = scratch;
        if taken > 0 {
            self.takes(taken)?;
        }
        written
    }

    /// `taken` grows by the bytes that pools take beyond those of `edits`.
    fn write(&self, r: Request<'_>, edits: &[u8], scratch: &mut Vec<u8>, taken: &mut usize) -> Reply<()> {
        let (mut edits, mut done, mut begin) = (List(edits), 0_usize, None);
        while let Some(edit) = edits.edit()? {
            // Nothing interrupts the host.
            done += 1;
            if *taken > MOST_TAKEN
                || done.is_multiple_of(AT_A_TIME) && begin.get_or_insert_with(Instant::now).elapsed() > self.time
            {
                return Err(Code::LIMIT);
            }
            match edit {
                Edit::Text(field, value) => r.set_text(field, value)?,
                Edit::Number(field, value) => r.set_number(field, value)?,
                Edit::Prepared(handle) => match self.compiled.get(handle as usize) {
                    Some(Compiled::RequestEdits(edits)) => *taken = taken.saturating_add(edits.apply(r, scratch)?),
                    _ => return Err(Code::BAD_HANDLE),
                },
                Edit::Table((action, table, name, value)) => match action {
                    b's' => r.table_for(table, name.len() + value.len())?.set(name, value)?,
                    b'a' => r.table_for(table, name.len() + value.len())?.add(name, value)?,
                    b'm' => {
                        let before = r.table(table).map_or(Ok(None), |table| table.get(name))?;
                        *taken = taken.saturating_add(before.map_or(0, <[u8]>::len));
                        merge(r, table, name, value)?;
                    }
                    b'x' => r.table(table).ok_or(Code::BAD_VALUE)?.unset(name)?,
                    _ => {
                        scratch.clear();
                        for field in value {
                            r.append((*field).into(), scratch)?;
                        }
                        *taken = taken.saturating_add(scratch.len());
                        r.table_for(table, name.len() + scratch.len())?.set(name, scratch)?;
                    }
                },
            }
        }
        Ok(())
    }

    /// Keeps a list of edits of tables, and gives a handle.
    pub(super) fn prepare_edits(&mut self, list: &[u8]) -> Reply<i64> {
        let mut edits = Vec::new();
        let mut rest = List(list);
        while let Some(edit) = rest.edit()? {
            let Edit::Table(edit) = edit else { return Err(Code::BAD_VALUE) };
            edits.push(edit);
        }
        // What lives for ever is not for .htaccess files that come and go.
        if self.passing {
            return Err(Code::LIMIT);
        }
        let edits = prepared_of_request(list, &edits, MOST_PREPARED).ok_or(Code::LIMIT)?;
        self.hold(Compiled::RequestEdits(edits.ok_or(Code::BAD_VALUE)?))
    }
}
