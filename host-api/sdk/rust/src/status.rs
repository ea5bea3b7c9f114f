//! What the server is made of: modules and their directives, scoreboard, configuration. Group `status`, which
//! `WasmApi +status` allows.

use crate::error::{Error, bytes};
use crate::table::{pairs, strings};
use crate::{Request, ffi};
use std::collections::BTreeMap;

/// Source names of all modules, in httpd's order (r:loaded_modules in mod_lua).
pub fn loaded_modules() -> Vec<Vec<u8>> {
    bytes(ffi::ap_loaded_modules).map(strings).unwrap_or_default()
}

/// Names and help lines of a module's directives, by its source name; `None` where it isn't loaded or has none
/// (r.module_info in mod_lua).
pub fn module_info(name: &[u8]) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    bytes(|buffer| ffi::ap_module_commands(name, buffer)).ok().map(pairs)
}

/// Values by name, as texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record(pub BTreeMap<Vec<u8>, Vec<u8>>);

impl Record {
    /// The value of a name.
    pub fn text(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name.as_bytes()).map(Vec::as_slice)
    }

    /// The value of a name where it is a number; times are microseconds since 1970.
    pub fn number(&self, name: &str) -> Option<i64> {
        std::str::from_utf8(self.text(name)?).ok()?.parse().ok()
    }

    fn of(import: impl FnMut(&mut [u8]) -> i32) -> Result<Record, Error> {
        Ok(Record(pairs(bytes(import)?).into_iter().collect()))
    }
}

/// `server_executable`, `server_root`, `scoreboard_fname`, `server_mpm` (r:server_info in mod_lua).
pub fn server_info() -> Record {
    Record::of(ffi::ap_server_info).unwrap_or_default()
}

/// `server_limit`, `thread_limit`, `running_generation`, `restart_time` (ap_get_scoreboard_global).
pub fn scoreboard_global() -> Option<Record> {
    Record::of(ffi::ap_get_scoreboard_global).ok()
}

/// What is known of a child, by its place; `None` past the limit (ap_get_scoreboard_process).
pub fn scoreboard_process(child: u32) -> Option<Record> {
    Record::of(|buffer| ffi::ap_get_scoreboard_process(child, buffer)).ok()
}

/// What is known of a thread of a child; `None` past the limits (ap_copy_scoreboard_worker).
pub fn scoreboard_worker(child: u32, thread: u32) -> Option<Record> {
    Record::of(|buffer| ffi::ap_copy_scoreboard_worker(child, thread, buffer)).ok()
}

/// A directive of the configuration (ap_directive_t).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigLine {
    /// Its name, `<VirtualHost` for a section.
    pub directive: Vec<u8>,
    /// Its arguments as written, `*:80>` for a section.
    pub args: Vec<u8>,
    /// The file that it stands in.
    pub file: Vec<u8>,
    /// Its line there.
    pub line: u32,
    /// What a section holds.
    pub children: Vec<ConfigLine>,
}

/// The configuration as it was read (r:config in mod_lua).
///
/// # Errors
/// [`Error::NotNow`] while it is being read.
pub fn config() -> Result<Vec<ConfigLine>, Error> {
    bytes(ffi::ap_conftree).map(tree)
}

/// What the request's `<VirtualHost>` holds; `None` in the main server (r:activeconfig in mod_lua).
pub fn active_config(r: &Request) -> Option<Vec<ConfigLine>> {
    bytes(|buffer| ffi::ap_conftree_vhost(r.handle(), buffer)).ok().map(tree)
}

fn tree(all: Vec<u8>) -> Vec<ConfigLine> {
    let strings = strings(all);
    // The last of each level that is open, from the outermost.
    let mut levels: Vec<Vec<ConfigLine>> = vec![Vec::new()];
    for [depth, directive, args, file, line] in strings.as_chunks::<5>().0 {
        let number = |text: &[u8]| std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
        fold(&mut levels, number(depth) as usize + 1);
        let (directive, args, file) = (directive.clone(), args.clone(), file.clone());
        levels.last_mut().unwrap_or(&mut Vec::new()).push(ConfigLine {
            directive,
            args,
            file,
            line: number(line),
            children: Vec::new(),
        });
        levels.push(Vec::new());
    }
    fold(&mut levels, 1);
    levels.pop().unwrap_or_default()
}

/// Hands the levels past so many to the sections that hold them.
fn fold(levels: &mut Vec<Vec<ConfigLine>>, most: usize) {
    while levels.len() > most.max(1) {
        let inner = levels.pop().unwrap_or_default();
        if let Some(section) = levels.last_mut().and_then(|level| level.last_mut()) {
            section.children = inner;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_a_tree() {
        let line = |depth: &str, name: &str, line: &str| format!("{depth}\0{name}\0args\0file\0{line}\0");
        let lines =
            [line("0", "a", "1"), line("0", "<B", "2"), line("1", "<C", "3"), line("2", "d", "4"), line("0", "e", "5")];
        let tree = tree(lines.concat().into_bytes());
        let names = |lines: &[ConfigLine]| {
            lines.iter().map(|l| String::from_utf8_lossy(&l.directive).into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&tree), ["a", "<B", "e"]);
        assert_eq!(names(&tree[1].children), ["<C"]);
        assert_eq!(names(&tree[1].children[0].children), ["d"]);
        assert_eq!(tree[1].children[0].children[0].line, 4);
        assert!(super::tree(Vec::new()).is_empty());
    }
}
