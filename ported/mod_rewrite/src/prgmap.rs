//! Maps that a program answers, line by line.

use crate::ErrorText;
use crate::record::Record;
use apache_module::map::{LookupError, Program};
use apache_module::{APLOG_ERR, ffi, log};

/// The number of the mutex "rewrite-map", which the module declares first.
const MUTEX: u32 = 0;

/// A program.
pub struct PrgMap {
    program: Program,
    path: Vec<u8>,
}

impl PrgMap {
    /// The program that the directive being parsed names, run as `user:group` where that is given.
    pub fn named(command: &[u8], path: &[u8], owner: Option<&[u8]>) -> Result<PrgMap, ErrorText> {
        let mut parts = owner.unwrap_or_default().split(|byte| *byte == b':').filter(|part| !part.is_empty());
        let (user, group) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let program = Program::named(command, user, group, MUTEX)
            .map_err(|_| [b"RewriteMap: bad path to prg map: ", path].concat())?;
        Ok(PrgMap { program, path: path.to_vec() })
    }

    /// The program of a command line: its first word (apr_tokenize_to_argv).
    pub fn program(command: &[u8]) -> Vec<u8> {
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
        let start = command.iter().position(|byte| !is_blank(byte)).unwrap_or(command.len());
        let rest = command.get(start..).unwrap_or_default();
        let quote = rest.first().copied().filter(|first| matches!(first, b'"' | b'\''));
        let mut rest = rest.get(usize::from(quote.is_some())..).unwrap_or_default();
        let mut word = Vec::new();
        while let [byte, after @ ..] = rest {
            rest = after;
            match (byte, after) {
                (b'\\', [escaped @ (b' ' | b'\t' | b'"' | b'\''), after @ ..]) => {
                    word.push(*escaped);
                    rest = after;
                }
                _ if quote.map_or(is_blank(byte), |quote| *byte == quote) => break,
                _ => word.push(*byte),
            }
        }
        word
    }

    /// Starts the program, in the parent.
    pub fn start(&self) -> bool {
        let Err(error) = self.program.start() else { return true };
        let status = if let LookupError::Failed(status, _) = error { status } else { 0 };
        let message = [b"AH00654: mod_rewrite: could not start RewriteMap program ", &self.path[..]].concat();
        ffi::ap_log_error(0, file!().as_bytes(), line!(), APLOG_ERR, status, &message);
        false
    }

    /// The line that answers a key; `NULL` is none (mod_rewrite.c:lookup_map_program).
    pub fn lookup(&self, record: &Record<'_>, key: &[u8]) -> Option<Vec<u8>> {
        // A key of two lines would have two answers.
        if key.contains(&b'\n') {
            return None;
        }
        match self.program.ask(record.r, key) {
            Ok(line) => Some(line).filter(|line| !line.eq_ignore_ascii_case(b"NULL")),
            Err(LookupError::Failed(status, _)) => {
                let message = b"AH00659: apr_global_mutex_lock(rewrite_mapr_lock_acquire) failed";
                log::rerror_status(record.r, file!(), line!(), APLOG_ERR, status, message);
                None
            }
            Err(LookupError::NotThere | LookupError::TimeLimit) => None,
        }
    }
}
