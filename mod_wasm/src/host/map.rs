//! Group `map`: files, databases and programs that a directive of the server's configuration names. The name is the
//! right to use them: a guest gets a handle while the directive is parsed, and nothing else by any other way.

use super::state::Compiled;
use super::{Code, Host, MapFunctions, Reply};
use crate::extension::Record;
use crate::httpd::configuring::{self, Configuring};
use crate::httpd::dbd::{NoRows, Statement};
use crate::httpd::dbm::Dbm;
use crate::httpd::finfo;
use crate::httpd::log::{self, Mark};
use crate::httpd::mapfunc::MapFunction;
use crate::httpd::mutex::NotHeld;
use crate::httpd::program::{NoAnswer, Program};
use crate::process;
use std::ffi::{CString, OsStr};
use std::fs::File;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::FileExt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

/// Most bytes that one read of a file gives.
const MOST_READ: u32 = 1 << 20;
const WARNING: u32 = 4;

/// Something that a directive names.
pub(crate) enum Named {
    /// A file.
    File(CString),
    /// A DBM file.
    Dbm(Dbm),
    /// The names of a DBM file's files.
    Usednames(Vec<Vec<u8>>),
    /// An SQL statement.
    Statement(Statement),
    /// A program, and the number of the mutex to hold while it is asked.
    Program(Program, usize),
    /// A registered function.
    Function(MapFunction),
}

/// How the directive must write a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    /// As a word, or after a type and a colon, as in `txt:`.
    Anyhow,
    /// After `prg:` or `exec:`, so that nobody starts a program who didn't mean to.
    ToBeRun,
}

/// Whether one of a directive's arguments is this name.
fn is_named(args: &[u8], name: &[u8], written: Written) -> bool {
    let is_type = |start: &[u8]| match written {
        Written::Anyhow => start.iter().all(|byte| byte.is_ascii_alphanumeric() || b"=-_".contains(byte)),
        Written::ToBeRun => start.eq_ignore_ascii_case(b"prg") || start.eq_ignore_ascii_case(b"exec"),
    };
    let is_it = |word: &[u8]| match word.strip_suffix(name) {
        Some([]) => written == Written::Anyhow,
        Some([start @ .., b':']) => is_type(start),
        _ => false,
    };
    // A directive that takes its line as it is has no NUL in it.
    let is_space = |byte: &u8| byte.is_ascii_whitespace();
    let unquoted = |word: &[u8]| -> Vec<u8> { word.iter().copied().filter(|byte| !b"\"'".contains(byte)).collect() };
    match args.contains(&0) {
        true => args.split(|byte| *byte == 0).any(is_it),
        false => args.split(is_space).any(|word| is_it(&unquoted(word))),
    }
}

/// A label that no other module has, since mod_dbd lets the last statement of a label take the place of the others
/// (mod_dbd.c:ap_dbd_prepare); a name in SQL whatever the guest's holds, as apr_dbd_pgsql.c:dbd_pgsql_prepare uses it.
fn own_label(module_index: i32, label: &[u8]) -> Vec<u8> {
    let mut own = format!("wasm{module_index}_").into_bytes();
    for byte in label {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => own.push(*byte),
            byte => own.extend(format!("_{byte:02x}").as_bytes()),
        }
    }
    own
}

impl Host {
    /// A handle of what the directive being parsed names: of what was opened when it was parsed first, else of what
    /// `open` opens now.
    fn named(
        &mut self,
        key: &[&[u8]],
        name: &[u8],
        written: Written,
        open: impl FnOnce(&mut Host, Configuring<'_>) -> Reply<Named>,
    ) -> Reply<i64> {
        let compiled = self.opened(key, |host, record, now| {
            if record.context.path.is_some() || record.context.in_htaccess {
                return Err(Code::NOT_NOW);
            }
            if name.is_empty() || !is_named(&record.args, name, written) {
                return Err(Code::BAD_VALUE);
            }
            open(host, now)
        })?;
        self.hold(compiled)
    }

    /// What was opened when the directive was parsed first, else what `open` opens now.
    fn opened(
        &mut self,
        key: &[&[u8]],
        open: impl FnOnce(&mut Host, &Record, Configuring<'_>) -> Reply<Named>,
    ) -> Reply<Compiled> {
        let record = self.record.clone().ok_or(Code::NOT_NOW)?;
        if key.iter().any(|part| part.contains(&0)) {
            return Err(Code::BAD_VALUE);
        }
        let key = key.join(&0);
        let again = |compiled: &Compiled| matches!(compiled, Compiled::Named(of, _) if *of == key);
        let opened = record.compiled.lock().unwrap_or_else(PoisonError::into_inner).iter().find(|c| again(c)).cloned();
        if let Some(opened) = opened {
            return Ok(opened);
        }
        if record.parsed.load(Ordering::Relaxed) {
            return Err(Code::NOT_NOW);
        }
        let named = configuring::with(|now| open(self, &record, now)).unwrap_or(Err(Code::NOT_NOW))?;
        let compiled = Compiled::Named(key, Arc::new(named));
        record.compiled.lock().unwrap_or_else(PoisonError::into_inner).push(compiled.clone());
        Ok(compiled)
    }

    fn resource(&self, handle: u32) -> Reply<Arc<Named>> {
        match self.compiled.get(handle as usize) {
            Some(Compiled::Named(_, named)) => Ok(named.clone()),
            _ => Err(Code::BAD_HANDLE),
        }
    }

    /// What a file or database holds is for those who serve requests, with the rights that they have.
    fn only_when_serving() -> Reply<()> {
        if process::serving() { Ok(()) } else { Err(Code::NOT_NOW) }
    }

    fn root_relative(&mut self, now: Configuring<'_>, name: &[u8]) -> Reply<Vec<u8>> {
        match now.pool().server_root_relative(name) {
            Some(path) => Ok(path.to_vec()),
            None => self.fail(b"bad path"),
        }
    }

    /// A line in the log about a program that isn't asked any longer.
    fn log_program(&self, r: u32, program: &Program, what: &str) {
        let Ok(r) = self.request(r) else { return };
        let mark = Mark { file: file!().as_bytes(), line: line!(), module_index: self.module_index };
        let text = format!("mod_wasm: {}: program {what}", String::from_utf8_lossy(&self.name));
        log::rerror(mark, WARNING, 0, r, &[text.as_bytes(), b": ", program.path()].concat());
    }
}

impl MapFunctions for Host {
    fn ap_map_file(&mut self, name: &[u8]) -> Reply<i64> {
        self.named(&[b"file", name], name, Written::Anyhow, |host, now| {
            let path = process::path(&host.root_relative(now, name)?);
            Ok(Named::File(CString::new(path.into_os_string().into_vec()).map_err(|_| Code::BAD_VALUE)?))
        })
    }

    fn ap_map_dbm(&mut self, kind: &[u8], name: &[u8]) -> Reply<i64> {
        self.named(&[b"dbm", kind, name], name, Written::Anyhow, |host, now| {
            let dbm = Dbm::new(kind, &host.root_relative(now, name)?).ok_or(Code::BAD_VALUE)?;
            match dbm.used_names(now.pool()) {
                Ok(_) => Ok(Named::Dbm(dbm)),
                Err(status) => host.fail_with(status, b"no such type of DBM file"),
            }
        })
    }

    fn ap_map_dbd(&mut self, query: &[u8], label: &[u8]) -> Reply<i64> {
        let own = own_label(self.module_index, label);
        self.named(&[b"dbd", label, query], query, Written::Anyhow, |_, now| {
            Statement::prepare(query, &own, now).map(Named::Statement).ok_or(Code::NONE)
        })
    }

    fn ap_map_program(&mut self, command: &[u8], user: &[u8], group: &[u8], mutex: u32) -> Reply<i64> {
        let key = [b"program", command, user, group, &mutex.to_string().into_bytes()];
        self.named(&key, command, Written::ToBeRun, |host, now| {
            let number = mutex as usize;
            host.mutexes.get(number).ok_or(Code::BAD_VALUE)?.want();
            match Program::new(command, user, group, now) {
                Ok(program) => Ok(Named::Program(program, number)),
                Err(why) => host.fail(why.as_bytes()),
            }
        })
    }

    fn ap_map_function(&mut self, name: &[u8]) -> Reply<i64> {
        self.named(&[b"function", name], name, Written::Anyhow, |_, _| {
            MapFunction::find(name).map(Named::Function).ok_or(Code::NONE)
        })
    }

    fn apr_dbm_get_usednames(&mut self, kind: &[u8], name: &[u8]) -> Reply<&[u8]> {
        let opened = self.opened(&[b"usednames", kind, name], |host, _, now| {
            let dbm = Dbm::new(kind, &host.root_relative(now, name)?).ok_or(Code::BAD_VALUE)?;
            match dbm.used_names(now.pool()) {
                Ok(names) => Ok(Named::Usednames(names)),
                Err(status) => host.fail_with(status, b"no such type of DBM file"),
            }
        });
        let Compiled::Named(_, named) = opened? else { return Err(Code::BAD_HANDLE) };
        let Named::Usednames(names) = &*named else { return Err(Code::BAD_HANDLE) };
        self.answer = names.iter().flat_map(|name| [name.as_slice(), b"\0"].concat()).collect();
        Ok(&self.answer)
    }

    fn ap_map_file_state(&mut self, handle: u32) -> Reply<i64> {
        let state = match self.compiled.get(handle as usize) {
            Some(Compiled::Named(_, named)) => match &**named {
                Named::File(path) => finfo::state(path),
                _ => return Err(Code::BAD_HANDLE),
            },
            _ => return Err(Code::BAD_HANDLE),
        };
        state.or_else(|status| self.fail_with(status, b"there is nothing that httpd can see"))
    }

    fn apr_file_read(&mut self, handle: u32, offset: u32, count: u32) -> Reply<&[u8]> {
        let named = self.resource(handle)?;
        let Named::File(path) = &*named else { return Err(Code::BAD_HANDLE) };
        Self::only_when_serving()?;
        let open = self.file.take().filter(|(of, _)| *of == handle && offset != 0);
        let file = match open {
            Some((_, file)) => Ok(file),
            None => File::open(OsStr::from_bytes(path.as_bytes())),
        };
        let read = file.and_then(|file| {
            let mut part = std::mem::take(&mut self.answer);
            part.resize(count.min(MOST_READ) as usize, 0);
            let mut length = 0;
            while let Some(rest) = part.get_mut(length..).filter(|rest| !rest.is_empty()) {
                match file.read_at(rest, u64::from(offset) + length as u64)? {
                    0 => break,
                    more => length += more,
                }
            }
            part.truncate(length);
            Ok((file, part))
        });
        match read {
            Ok((file, part)) => {
                // A short part is the end.
                self.file = (part.len() == count as usize).then_some((handle, file));
                self.answer = part;
                Ok(&self.answer)
            }
            Err(why) => self.fail_with(why.raw_os_error().unwrap_or(0), b"the file can't be read"),
        }
    }

    fn apr_dbm_fetch(&mut self, r: u32, handle: u32, key: &[u8]) -> Reply<&[u8]> {
        let named = self.resource(handle)?;
        let Named::Dbm(dbm) = &*named else { return Err(Code::BAD_HANDLE) };
        match dbm.fetch(key, self.request(r)?.pool()) {
            Ok(value) => {
                self.answer = value.ok_or(Code::NONE)?;
                Ok(&self.answer)
            }
            Err(status) => self.fail_with(status, b"the DBM file can't be opened"),
        }
    }

    fn apr_dbd_pvselect(&mut self, r: u32, handle: u32, key: &[u8]) -> Reply<&[u8]> {
        let named = self.resource(handle)?;
        let Named::Statement(statement) = &*named else { return Err(Code::BAD_HANDLE) };
        self.takes(key.len())?;
        let begin = Instant::now();
        let rows = statement.select(self.request(r)?, key);
        self.waited(begin.elapsed());
        match rows {
            Ok(rows) => {
                self.takes(rows.len().saturating_mul(2))?;
                self.answer = rows;
                Ok(&self.answer)
            }
            Err(NoRows::NoConnection) => Err(Code::NONE),
            Err(NoRows::Failed(text)) => self.fail_with(1, &text),
            Err(NoRows::Broken(text)) => self.fail_with(2, &text),
        }
    }

    fn ap_program_start(&mut self, handle: u32) -> Reply<()> {
        let named = self.resource(handle)?;
        let Named::Program(program, _) = &*named else { return Err(Code::BAD_HANDLE) };
        if self.record.is_some() || process::serving() {
            return Err(Code::NOT_NOW);
        }
        let started = configuring::with(|now| program.start(now)).ok_or(Code::NOT_NOW)?;
        started.or_else(|status| self.fail_with(status, b"the program can't be started"))
    }

    fn ap_program_ask(&mut self, r: u32, handle: u32, line: &[u8]) -> Reply<i64> {
        let named = self.resource(handle)?;
        let Named::Program(program, mutex) = &*named else { return Err(Code::BAD_HANDLE) };
        self.request(r)?;
        if line.contains(&b'\n') {
            return Err(Code::BAD_VALUE);
        }
        let begin = Instant::now();
        let answer = match self.mutexes.get(*mutex).map(|mutex| mutex.lock(self.time)) {
            Some(Ok(_held)) => program.ask(line, begin + self.time),
            Some(Err(NotHeld::Status(status))) => {
                self.waited(begin.elapsed());
                return self.fail_with(status, b"the mutex of the program can't be locked");
            }
            Some(Err(NotHeld::Busy)) => Err(NoAnswer::TooLong),
            None => return Err(Code::BAD_HANDLE),
        };
        self.waited(begin.elapsed());
        match answer {
            Ok(line) => {
                self.answer = line;
                Ok(self.answer.len() as i64)
            }
            Err(NoAnswer::NotRunning) => Err(Code::NONE),
            Err(NoAnswer::TooLong) => {
                self.log_program(
                    r,
                    program,
                    &format!("did not answer within the time limit of {} ms", self.time.as_millis()),
                );
                Err(Code::LIMIT)
            }
            Err(NoAnswer::TooMuch) => {
                self.log_program(r, program, "answered more than a line may have");
                Err(Code::LIMIT)
            }
        }
    }

    fn ap_map_call(&mut self, r: u32, handle: u32, key: &[u8]) -> Reply<&[u8]> {
        let named = self.resource(handle)?;
        let Named::Function(function) = &*named else { return Err(Code::BAD_HANDLE) };
        self.takes(key.len())?;
        let answer = function.call(self.request(r)?, key).map(<[u8]>::to_vec);
        self.takes(answer.as_ref().map_or(0, Vec::len))?;
        self.answer = answer.ok_or(Code::NONE)?;
        Ok(&self.answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_word_or_follows_a_type() {
        let args = b"map\0txt:/etc/map.txt\0";
        assert!(is_named(args, b"/etc/map.txt", Written::Anyhow));
        assert!(is_named(b"m\0dbm=sdbm:maps/a\0", b"maps/a", Written::Anyhow));
        assert!(is_named(b"map \"txt:/etc/map.txt\"", b"/etc/map.txt", Written::Anyhow));
        assert!(is_named(b"m\0/etc/map.txt\0", b"/etc/map.txt", Written::Anyhow));
        for other in [&b"/map.txt"[..], b"map.txt", b"/etc", b"/etc/map.txt2", b"tc/map.txt", b"/etc/passwd"] {
            assert!(!is_named(args, other, Written::Anyhow), "{}", String::from_utf8_lossy(other));
        }
        assert!(!is_named(b"m\0see http://x/:/etc/passwd\0", b"/etc/passwd", Written::Anyhow));
    }

    #[test]
    fn a_label_is_a_name_of_its_own() {
        assert_eq!(own_label(37, b"map"), b"wasm37_map");
        assert_eq!(own_label(37, b"my-map; DROP"), b"wasm37_my_2dmap_3b_20DROP");
        assert_eq!(own_label(37, b"\xff\0"), b"wasm37__ff_00");
    }

    #[test]
    fn a_program_follows_its_type() {
        assert!(is_named(b"m\0prg:/bin/map -v\0", b"/bin/map -v", Written::ToBeRun));
        assert!(is_named(b"m\0EXEC:/bin/map\0", b"/bin/map", Written::ToBeRun));
        assert!(!is_named(b"m\0/bin/map\0", b"/bin/map", Written::ToBeRun));
        assert!(!is_named(b"m\0txt:/bin/map\0", b"/bin/map", Written::ToBeRun));
        assert!(!is_named(b"m\0prg:/bin/map -v\0", b"/bin/map", Written::ToBeRun));
    }
}
