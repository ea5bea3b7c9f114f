//! Maps in text files: their lines, and what is kept of them until the file changes.

use crate::ErrorText;
use crate::cache::{Cache, State};
use crate::log::rewritelog;
use crate::record::Record;
use crate::text::Text;
use apache_module::directive::is_space;
use apache_module::map::File;
use apache_module::stat::Finfo;
use apache_module::{APLOG_ERR, field, log, stat, text};
use std::cell::RefCell;
use std::rc::Rc;

/// REWRITE_MAX_TXT_MAP_LINE: what is longer goes on as another line.
const LONGEST_LINE: usize = 1_024;
/// APR's status of a directory that is read as a file.
const EISDIR: i32 = 21;
/// Bytes read at once.
const PART: u32 = 65_536;
/// Most bytes of keys and values that one instance keeps of a file; a larger one is read again for each key that is new,
/// as native reads any.
const MOST_KEPT: usize = 4 << 20;
/// A file that changed so many microseconds ago may change again without its time telling.
const JUST_NOW: i64 = 2_000_000;

/// A text file.
pub struct TextMap {
    /// `None` of an empty name.
    file: Option<File>,
    path: Vec<u8>,
    /// Whether a value is one of several with bars between them (`rnd:`).
    random: bool,
    /// What was looked up before.
    cache: Cache,
    /// What the file holds, and its state when it was read.
    kept: RefCell<Option<(State, Entries)>>,
}

/// What is kept of a key.
enum Kept {
    Value(Rc<[u8]>),
    /// Nothing of the file as it is.
    Nothing(Finfo, State),
}

/// Entries of a file, by key.
#[derive(Default)]
struct Entries {
    /// Keys, each with its value behind it.
    bytes: Vec<u8>,
    places: Vec<Place>,
    /// Whether there were more than may be kept.
    too_many: bool,
}

/// Where a key and its value stand.
#[derive(Clone, Copy)]
struct Place {
    start: u32,
    key: u16,
    value: u16,
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

    /// The value of a key.
    pub fn lookup(&self, record: &mut Record<'_>, name: &[u8], key: &[u8]) -> Option<Text<'static>> {
        let kept = match self.kept_value(key) {
            Ok(kept) => kept,
            Err(status) => {
                let message = [b"AH00661: mod_rewrite: can't access text RewriteMap file ", &self.path[..]].concat();
                log::rerror_status(record.r, file!(), line!(), APLOG_ERR, status, &message);
                return None;
            }
        };
        let value = match kept {
            Kept::Value(value) => {
                rewritelog!(record, 5, None, b"cache lookup OK: map=", name, b"[txt] key=", key, b" -> val=", &value,);
                value
            }
            Kept::Nothing(file, state) => {
                rewritelog!(record, 6, None, b"cache lookup FAILED, forcing new map lookup");
                let value = self.value(file, &state, record, key);
                match &value {
                    None => rewritelog!(record, 5, None, b"map lookup FAILED: map=", name, b"[txt] key=", key),
                    Some(value) => rewritelog!(
                        record,
                        5,
                        None,
                        b"map lookup OK: map=",
                        name,
                        b"[txt] key=",
                        key,
                        b" -> val=",
                        value,
                    ),
                }
                self.cache.set(&state, key, value.as_deref().unwrap_or_default())
            }
        };
        if value.is_empty() {
            return None;
        }
        if !self.random {
            return Some(Text::Shared(value));
        }
        let value = select_random_value_part(&value);
        rewritelog!(record, 5, None, b"randomly chosen the subvalue `", &value, b"'");
        Some(Text::Owned(value)).filter(|value| !value.is_empty())
    }

    /// What was looked up before, in the state in which the file is now; the error is APR's status.
    fn kept_value(&self, key: &[u8]) -> Result<Kept, i32> {
        let mark = self.file.map(|file| file.state()).transpose()?;
        if let Some(value) = mark.and_then(|mark| self.cache.found_at(mark, key)) {
            return Ok(Kept::Value(value));
        }
        let file = stat::stat(&self.path)?;
        let state = State::of([Some(file), None]);
        let kept = self.cache.get(&state, key);
        self.cache.mark(mark);
        Ok(kept.map_or(Kept::Nothing(file, state), Kept::Value))
    }

    /// The value of a key in the file. Native reads it for every key that is new; here it is read as a whole.
    fn value(&self, file: Finfo, state: &State, record: &Record<'_>, key: &[u8]) -> Option<Vec<u8>> {
        let mut kept = self.kept.borrow_mut();
        if let Some((_, entries)) = kept.as_ref().filter(|(of, _)| of == state) {
            return entries.value(key).map(<[u8]>::to_vec);
        }
        *kept = None;
        let is_settled = file.ctime < record.r.number(field::REQUEST_TIME) - JUST_NOW;
        let mut entries = Entries { too_many: !is_settled, ..Entries::default() };
        let mut found = None;
        let read = self.each_entry(|entry, value| {
            if found.is_none() && entry == key {
                found = Some(value.to_vec());
            }
            entries.add(entry, value) || found.is_none()
        });
        match read {
            Ok(()) if entries.too_many => {}
            Ok(()) => *kept = Some((*state, entries.sorted())),
            // What can be opened but not read has no lines.
            Err(EISDIR) => {}
            Err(status) => {
                let message = [b"AH00655: mod_rewrite: can't open text RewriteMap file ", &self.path[..]].concat();
                log::rerror_status(record.r, file!(), line!(), APLOG_ERR, status, &message);
            }
        }
        found
    }

    /// Calls `with` with each key and value until it answers `false`.
    fn each_entry(&self, mut with: impl FnMut(&[u8], &[u8]) -> bool) -> Result<(), i32> {
        let Some(file) = self.file else { return Ok(()) };
        let mut with = |line: &[u8]| entry(line).is_none_or(|(key, value)| with(key, value));
        let mut text = Vec::new();
        let mut offset = 0u32;
        loop {
            let part = file.read(offset, PART)?;
            if part.is_empty() {
                with(&text);
                return Ok(());
            }
            offset = offset.saturating_add(part.len() as u32);
            text.extend_from_slice(&part);
            let mut rest = &text[..];
            while let Some((line, after)) = first_line(rest) {
                if !with(line) {
                    return Ok(());
                }
                rest = after;
            }
            let used = text.len() - rest.len();
            text.drain(..used);
        }
    }
}

impl Entries {
    /// Adds an entry; whether it is kept.
    fn add(&mut self, key: &[u8], value: &[u8]) -> bool {
        if self.bytes.len() + self.places.len() * size_of::<Place>() > MOST_KEPT {
            *self = Entries { too_many: true, ..Entries::default() };
        }
        if !self.too_many {
            // Neither is longer than a line.
            let (start, [key_length, value_length]) =
                (self.bytes.len() as u32, [key, value].map(|part| part.len() as u16));
            self.places.push(Place { start, key: key_length, value: value_length });
            self.bytes.extend_from_slice(key);
            self.bytes.extend_from_slice(value);
        }
        !self.too_many
    }

    /// In the order in which keys are looked for; of several with the same key the first line stays first.
    fn sorted(mut self) -> Entries {
        let Entries { bytes, places, .. } = &mut self;
        places.sort_by(|a, b| a.key_in(bytes).cmp(b.key_in(bytes)));
        self
    }

    fn value(&self, key: &[u8]) -> Option<&[u8]> {
        let first = self.places.partition_point(|place| place.key_in(&self.bytes) < key);
        self.places.get(first).filter(|place| place.key_in(&self.bytes) == key).map(|place| place.value_in(&self.bytes))
    }
}

impl Place {
    fn key_in(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start as usize..).and_then(|rest| rest.get(..usize::from(self.key))).unwrap_or_default()
    }

    fn value_in(self, bytes: &[u8]) -> &[u8] {
        let start = self.start as usize + usize::from(self.key);
        bytes.get(start..).and_then(|rest| rest.get(..usize::from(self.value))).unwrap_or_default()
    }
}

/// The first line of a text, and what follows it; `None` where its end is not in sight.
fn first_line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let longest = text.get(..LONGEST_LINE);
    let end = longest.unwrap_or(text).iter().position(|byte| *byte == b'\n').map(|end| end + 1);
    text.split_at_checked(end.or(longest.map(<[u8]>::len))?)
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
