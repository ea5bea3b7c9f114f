//! Maps in text files: their lines, and what is kept of them until the file changes.

use crate::cache::Cache;
use crate::log::rewritelog;
use crate::record::Record;
use apache_module::directive::is_space;
use apache_module::map::File;
use apache_module::stat::Finfo;
use apache_module::{APLOG_ERR, log, stat, text};
use crate::ErrorText;
use std::cell::RefCell;
use std::collections::HashMap;

/// REWRITE_MAX_TXT_MAP_LINE: what is longer goes on as another line.
const LONGEST_LINE: usize = 1_024;
/// APR's status of a directory that is read as a file.
const EISDIR: i32 = 21;
/// Bytes read at once.
const PART: u32 = 65_536;
/// Bytes of keys and values that are kept of a file; of a larger one only its start is, and the rest is read again.
const MOST_KEPT: usize = 16 << 20;
/// A text file.
pub struct TextMap {
    /// `None` of an empty name.
    file: Option<File>,
    path: Vec<u8>,
    /// Whether a value is one of several with bars between them (`rnd:`).
    random: bool,
    /// What was looked up before.
    cache: Cache,
    /// What the file holds.
    kept: RefCell<Option<Kept>>,
}

/// A file as it was at a time.
struct Kept {
    mtime: i64,
    size: i64,
    values: HashMap<Box<[u8]>, Box<[u8]>>,
    /// Whether those are all.
    complete: bool,
}

impl TextMap {
    /// The file that the directive being parsed names.
    pub fn named(name: &[u8], path: &[u8], random: bool, cache: Cache) -> Result<TextMap, ErrorText> {
        let file = match File::named(name) {
            Ok(file) => Some(file),
            // ServerRoot itself, which native can open and not read.
            Err(_) if name.is_empty() => None,
            Err(_) => {
                let kind: &[u8] = if random { b"rnd" } else { b"txt" };
                return Err([b"RewriteMap: bad path to ", kind, b" map: ", name].concat());
            }
        };
        Ok(TextMap { file, path: path.to_vec(), random, cache, kept: RefCell::default() })
    }

    /// The value of a key. Native reads the file for every key that is new; here it is read as a whole.
    pub fn lookup(&self, record: &mut Record<'_>, name: &[u8], key: &[u8]) -> Option<Vec<u8>> {
        let file = match stat::stat(&self.path) {
            Ok(file) => file,
            Err(status) => {
                let message = [b"AH00661: mod_rewrite: can't access text RewriteMap file ", &self.path[..]].concat();
                log::rerror_status(record.r, file!(), line!(), APLOG_ERR, status, &message);
                return None;
            }
        };
        let value = match self.cache.get(file.mtime, key) {
            Some(value) => {
                rewritelog!(
                    record, 5, None, b"cache lookup OK: map=", name, b"[txt] key=", key, b" -> val=", &value,
                );
                value
            }
            None => {
                rewritelog!(record, 6, None, b"cache lookup FAILED, forcing new map lookup");
                let value = self.value(file, record, key);
                self.cache.set(file.mtime, key, value.as_deref().unwrap_or_default());
                let Some(value) = value else {
                    rewritelog!(record, 5, None, b"map lookup FAILED: map=", name, b"[txt] key=", key);
                    return None;
                };
                rewritelog!(
                    record, 5, None, b"map lookup OK: map=", name, b"[txt] key=", key, b" -> val=", &value,
                );
                value
            }
        };
        if value.is_empty() {
            return None;
        }
        if !self.random {
            return Some(value);
        }
        let value = select_random_value_part(&value);
        rewritelog!(record, 5, None, b"randomly chosen the subvalue `", &value, b"'");
        Some(value).filter(|value| !value.is_empty())
    }

    /// The value of a key in the file.
    fn value(&self, file: Finfo, record: &Record<'_>, key: &[u8]) -> Option<Vec<u8>> {
        let mut kept = self.kept.borrow_mut();
        if kept.as_ref().is_none_or(|kept| (kept.mtime, kept.size) != (file.mtime, file.size)) {
            *kept = self.read(file, record);
        }
        let kept = kept.as_ref()?;
        match kept.values.get(key) {
            None if !kept.complete => {
                let mut found = None;
                let _ = self.each_entry(|entry, value| {
                    if entry == key {
                        found = Some(value.to_vec());
                    }
                    found.is_none()
                });
                found
            }
            value => value.map(|value| value.to_vec()),
        }
    }

    fn read(&self, file: Finfo, record: &Record<'_>) -> Option<Kept> {
        let mut values: HashMap<Box<[u8]>, Box<[u8]>> = HashMap::new();
        let mut bytes = 0;
        let read = self.each_entry(|key, value| {
            bytes += key.len() + value.len();
            // Of several lines with the same key the first counts.
            values.entry(key.into()).or_insert_with(|| value.into());
            bytes < MOST_KEPT
        });
        match read {
            Ok(complete) => Some(Kept { mtime: file.mtime, size: file.size, values, complete }),
            // What can be opened but not read has no lines.
            Err(EISDIR) => None,
            Err(status) => {
                let message = [b"AH00655: mod_rewrite: can't open text RewriteMap file ", &self.path[..]].concat();
                log::rerror_status(record.r, file!(), line!(), APLOG_ERR, status, &message);
                None
            }
        }
    }

    /// Calls `with` with each key and value until it answers `false`; whether it never did.
    fn each_entry(&self, mut with: impl FnMut(&[u8], &[u8]) -> bool) -> Result<bool, i32> {
        let Some(file) = self.file else { return Ok(true) };
        let mut line = Vec::with_capacity(LONGEST_LINE);
        let mut offset = 0u32;
        loop {
            let part = file.read(offset, PART)?;
            for byte in &part {
                line.push(*byte);
                if *byte == b'\n' || line.len() == LONGEST_LINE {
                    if let Some((key, value)) = entry(&line)
                        && !with(key, value)
                    {
                        return Ok(false);
                    }
                    line.clear();
                }
            }
            offset = offset.saturating_add(part.len() as u32);
            if part.is_empty() {
                return Ok(entry(&line).is_none_or(|(key, value)| with(key, value)));
            }
        }
    }
}

/// Key and value of a line: its first two words, if it has as many and starts with neither blank nor `#`
/// (mod_rewrite.c:lookup_map_txtfile).
pub fn entry(line: &[u8]) -> Option<(&[u8], &[u8])> {
    // To C a NUL ends the line.
    let line = line.split(|byte| *byte == 0).next()?;
    let first = line.first()?;
    if *first == b'#' || is_space(*first) {
        return None;
    }
    let (key, rest) = line.split_at(line.iter().position(|byte| is_space(*byte))?);
    let value = rest.get(rest.iter().position(|byte| !is_space(*byte))?..)?;
    let value = value.split(|byte| is_space(*byte)).next()?;
    Some((key, value))
}

/// One of the parts between bars (mod_rewrite.c:select_random_value_part).
fn select_random_value_part(value: &[u8]) -> Vec<u8> {
    let parts: Vec<&[u8]> = value.split(|byte| *byte == b'|').collect();
    if parts.len() == 1 {
        return value.to_vec();
    }
    let chosen = text::random_pick(1, parts.len() as u32) as usize;
    parts.get(chosen.saturating_sub(1)).map(|part| part.to_vec()).unwrap_or_default()
}
