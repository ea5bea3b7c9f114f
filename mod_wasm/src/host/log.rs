//! Group `log`: the error log. Control characters of guests are httpd's to escape.

use super::{Code, Host, LogFunctions, Reply};
use crate::extension::Said;
use crate::httpd::log::{self, Mark};
use std::sync::PoisonError;

/// Longest message in bytes, as httpd's own limit of a line.
const LONGEST: usize = 8_192;
/// Most messages that are noted with one directive.
const MOST_SAID: usize = 8;
/// APLOG_DEBUG.
const DEBUG: u32 = 7;
/// APLOG_TRACE8.
const LAST_LEVEL: u32 = 15;

impl LogFunctions for Host {
    fn ap_log_rerror(&mut self, r: u32, file: &[u8], line: u32, level: u32, status: i32, message: &[u8]) -> Reply<()> {
        let r = self.request(r)?;
        let (mark, level, message) = (mark(self.module_index, file, line), checked(level)?, cut(message));
        if log::is_wanted(mark, level, r) && self.may_log(level, message) {
            log::rerror(mark, level, status, r, message);
        }
        Ok(())
    }

    fn ap_log_error(&mut self, r: u32, file: &[u8], line: u32, level: u32, status: i32, message: &[u8]) -> Reply<()> {
        let r = match self.request(r) {
            // What the parser had to say of a directive it said when it parsed it first.
            Err(Code::NOT_NOW) if self.is_replaying() => return Ok(()),
            Err(Code::NOT_NOW) => {
                self.note_said(file, line, checked(level)?, status, cut(message));
                None
            }
            r => Some(r?),
        };
        let (mark, level, message) = (mark(self.module_index, file, line), checked(level)?, cut(message));
        if log::is_wanted_of_server(mark, level, r) && self.may_log(level, message) {
            log::error(mark, level, status, r, message);
        }
        Ok(())
    }

    fn ap_log_level(&mut self, r: u32) -> Reply<i64> {
        Ok(self.request(r)?.log_level(self.module_index))
    }

    fn ap_server_log_level(&mut self, r: u32) -> Reply<i64> {
        Ok(self.request(r)?.server_log_level(self.module_index))
    }
}

impl Host {
    /// Whether a line isn't one too many. Who raises LogLevel to debug or trace asks for all that there is to say.
    fn may_log(&self, level: u32, message: &[u8]) -> bool {
        level >= DEBUG || self.counters.is_none_or(|counters| counters.may_log(message.len()))
    }

    /// Notes with a directive of a .htaccess file what its parser says, to be said again when the file is read again.
    fn note_said(&self, file: &[u8], line: u32, level: u32, status: i32, message: &[u8]) {
        let Some(record) = self.record.as_ref().filter(|record| record.context.in_htaccess) else { return };
        let mut said = record.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() < MOST_SAID {
            said.push(Said { file: file.to_vec(), line, level, status, message: message.to_vec() });
        }
    }
}

fn mark(module_index: i32, file: &[u8], line: u32) -> Mark<'_> {
    Mark { file, line: line.min(i32::MAX as u32), module_index }
}

fn checked(level: u32) -> Reply<u32> {
    if level <= LAST_LEVEL { Ok(level) } else { Err(Code::BAD_VALUE) }
}

fn cut(message: &[u8]) -> &[u8] {
    message.get(..LONGEST).unwrap_or(message)
}
