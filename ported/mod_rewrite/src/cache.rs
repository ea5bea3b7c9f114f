//! Values that were looked up, kept until what they were looked up in changes: by this instance, so that a key is found
//! without a lock, and for all instances of the process, which is what native's cache is and its log tells of.

use apache_module::stat::Finfo;
use apache_module::{Directive, server};
use rustc_hash::FxBuildHasher;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Most bytes of keys and values that one instance keeps of one map; past them it begins anew.
const MOST: usize = 1 << 20;
/// What an entry takes beside its bytes, roughly.
const ENTRY: usize = 48;
/// The length of a time and of a number, as they are kept for all instances.
const HEAD: usize = 16;

/// The state in which one or two files are: their time of change, which native looks at, and what tells of a change
/// behind its back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The later time of change, microseconds since 1970.
    mtime: i64,
    /// Of each the time of its last change of any kind, its size, inode and device.
    files: [Option<(i64, i64, u64, u64)>; 2],
}

impl State {
    /// That of the files that are there.
    pub fn of(files: [Option<Finfo>; 2]) -> State {
        let mtime = files.iter().flatten().map(|file| file.mtime).max().unwrap_or(0);
        State { mtime, files: files.map(|file| file.map(|file| (file.ctime, file.size, file.inode, file.device))) }
    }
}

/// The values of one map (mod_rewrite.c:cachedmap).
pub struct Cache {
    /// Under which they are kept for all instances: the map's name and its server's number.
    name: Vec<u8>,
    found: RefCell<Found>,
}

/// What this instance has found in files that are still in the same state.
#[derive(Default)]
struct Found {
    state: State,
    /// The host's own number of that state.
    mark: Option<i64>,
    values: HashMap<Box<[u8]>, Rc<[u8]>, FxBuildHasher>,
    size: usize,
}

impl Cache {
    /// That of the map of a name, which the directive being parsed declares.
    pub fn of(directive: &Directive, name: &[u8]) -> Cache {
        let name = [format!("{:x}:", directive.server_id()).as_bytes(), name, b"\0"].concat();
        Cache { name, found: RefCell::default() }
    }

    /// The value of a key, if this instance has found it in a file that has had the host's number of its state since.
    pub fn found_at(&self, mark: i64, key: &[u8]) -> Option<Rc<[u8]>> {
        let found = self.found.borrow();
        if found.mark == Some(mark) { found.values.get(key).cloned() } else { None }
    }

    /// The file had this number before it was found to be in the state that counts now.
    pub fn mark(&self, mark: Option<i64>) {
        self.found.borrow_mut().mark = mark;
    }

    /// The value of a key, if it was looked up before. Empty for a key without one (mod_rewrite.c:get_cache_value).
    pub fn get(&self, state: &State, key: &[u8]) -> Option<Rc<[u8]>> {
        let mut found = self.found.borrow_mut();
        if found.state != *state {
            *found = Found { state: *state, ..Found::default() };
        }
        if let Some(value) = found.values.get(key) {
            return Some(value.clone());
        }
        let epoch = match self.epoch() {
            Some((mtime, epoch)) if mtime == state.mtime => epoch,
            // The files are others: what was kept of them counts no more, even if they come back.
            Some((_, epoch)) => {
                self.begin(state.mtime, epoch.wrapping_add(1));
                return None;
            }
            None => return None,
        };
        let kept = server::ivm_get(&self.key(key))?;
        let value = kept.strip_prefix(&head(state.mtime, epoch)[..])?;
        Some(found.keep(key, value))
    }

    /// Keeps a value (mod_rewrite.c:set_cache_value).
    pub fn set(&self, state: &State, key: &[u8], value: &[u8]) -> Rc<[u8]> {
        let epoch = match self.epoch() {
            Some((mtime, epoch)) if mtime == state.mtime => epoch,
            before => {
                let epoch = before.map_or(0, |(_, epoch)| epoch.wrapping_add(1));
                self.begin(state.mtime, epoch);
                epoch
            }
        };
        server::ivm_set(&self.key(key), &[&head(state.mtime, epoch)[..], value].concat());
        self.found.borrow_mut().keep(key, value)
    }

    /// Of what is kept for all instances, the files' time and how often it had changed.
    fn epoch(&self) -> Option<(i64, i64)> {
        let kept = server::ivm_get(&self.name)?;
        let (mtime, epoch) = kept.split_first_chunk::<8>()?;
        Some((i64::from_le_bytes(*mtime), i64::from_le_bytes(epoch.try_into().ok()?)))
    }

    fn begin(&self, mtime: i64, epoch: i64) {
        server::ivm_set(&self.name, &head(mtime, epoch));
    }

    fn key(&self, key: &[u8]) -> Vec<u8> {
        [&self.name[..], b"=", key].concat()
    }
}

/// What precedes a value.
fn head(mtime: i64, epoch: i64) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    let (first, second) = head.split_at_mut(size_of::<i64>());
    first.copy_from_slice(&mtime.to_le_bytes());
    second.copy_from_slice(&epoch.to_le_bytes());
    head
}

impl Found {
    fn keep(&mut self, key: &[u8], value: &[u8]) -> Rc<[u8]> {
        let value: Rc<[u8]> = value.into();
        self.size += key.len() + value.len() + ENTRY;
        if self.size > MOST {
            self.values.clear();
            self.size = key.len() + value.len() + ENTRY;
        }
        self.values.insert(key.into(), value.clone());
        value
    }
}
