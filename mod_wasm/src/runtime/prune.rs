//! What the cache of compiled code forgets: files that nobody has used for long, and the oldest where there are too many.
//! Knows names, times and sizes of files, and not what is in them.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// How much the cache keeps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most {
    /// Files of compiled code.
    pub(super) files: usize,
    /// Their bytes.
    pub(super) bytes: u64,
    /// Time since a file was used last.
    pub(super) unused: Duration,
    /// What was used within this time stays, however much it is: it is what servers of now run.
    pub(super) spared: Duration,
}

impl Default for Most {
    fn default() -> Self {
        Most { files: 512, bytes: 512 << 20, unused: 30 * DAY, spared: HOUR }
    }
}

struct Found {
    path: PathBuf,
    used: SystemTime,
    bytes: u64,
}

/// Removes what is too much in a cache's folder, and the number of files removed.
///
/// Other processes may do the same, or use the folder, at the same time: a file that is open stays readable, and one that
/// has gone is compiled anew. What doesn't have a name that the cache gives is let alone.
pub(super) fn prune(dir: &Path, most: &Most, now: SystemTime) -> usize {
    let Ok(entries) = fs::read_dir(dir) else { return 0 };
    let mut kept = Vec::new();
    let mut removed = 0;
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let Some(kind) = name.to_str().and_then(kind) else { continue };
        // Of the entry itself, and not of what a link leads to.
        let Ok(meta) = entry.metadata() else { continue };
        let Ok(used) = meta.modified() else { continue };
        if !meta.is_file() {
            continue;
        }
        let age = now.duration_since(used).unwrap_or_default();
        let limit = match kind {
            Kind::Code => most.unused,
            // Written by a process that has ended in the middle of it.
            Kind::Part => HOUR,
        };
        if age > limit {
            removed += usize::from(fs::remove_file(&path).is_ok());
        } else if kind == Kind::Code {
            kept.push(Found { path, used, bytes: meta.size() });
        }
    }
    kept.sort_by_key(|file| file.used);
    let (mut files, mut bytes) = (kept.len(), kept.iter().map(|file| file.bytes).sum::<u64>());
    for file in kept {
        let spared = now.duration_since(file.used).unwrap_or_default() <= most.spared;
        if spared || files <= most.files && bytes <= most.bytes {
            break;
        }
        removed += usize::from(fs::remove_file(&file.path).is_ok());
        files -= 1;
        bytes -= file.bytes;
    }
    removed
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `<hash>.cwasm`
    Code,
    /// `<hash>.<process>.part`
    Part,
}

fn kind(name: &str) -> Option<Kind> {
    let (hash, rest) = name.split_once('.')?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    match rest {
        "cwasm" if is_hash => Some(Kind::Code),
        _ if is_hash && rest.ends_with(".part") => Some(Kind::Part),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with files of so many bytes that were used so many days ago; the names of those that are left.
    fn pruned(files: &[(&str, usize, u32)], most: &Most) -> Vec<String> {
        let dir = std::env::temp_dir().join(format!("prune-{}-{:?}", std::process::id(), std::thread::current().id()));
        fs::create_dir_all(&dir).unwrap();
        let now = SystemTime::now();
        for (name, bytes, days) in files {
            let path = dir.join(name);
            fs::write(&path, vec![0; *bytes]).unwrap();
            fs::File::open(&path).unwrap().set_modified(now - *days * DAY).unwrap();
        }
        let removed = prune(&dir, most, now);
        let mut left: Vec<_> =
            fs::read_dir(&dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        assert_eq!(removed + left.len(), files.len());
        fs::remove_dir_all(&dir).unwrap();
        left
    }

    fn code(letter: char) -> String {
        format!("{}.cwasm", letter.to_string().repeat(64))
    }

    #[test]
    fn what_nobody_uses_goes_and_what_is_not_ours_stays() {
        let part = format!("{}.77.part", "a".repeat(64));
        let names = [code('a'), code('b'), part.clone()];
        let files =
            [(&*names[0], 1, 31), (&*names[1], 1, 29), (&*part, 1, 1), ("notes.txt", 1, 400), ("0.cwasm", 1, 400)];
        assert_eq!(pruned(&files, &Most::default()), ["0.cwasm".to_owned(), code('b'), "notes.txt".to_owned()]);
    }

    #[test]
    fn the_oldest_go_first_until_the_rest_fits() {
        let names = ['a', 'b', 'c', 'd'].map(code);
        let files: Vec<_> = (0..).zip(&names).map(|(days, name)| (&**name, 100, 5 - days)).collect();
        assert_eq!(pruned(&files, &Most { files: 3, ..Most::default() }), names[1..]);
        assert_eq!(pruned(&files, &Most { bytes: 200, ..Most::default() }), names[2..]);
        // What is in use stays, too much as it may be.
        let files: Vec<_> = files.iter().map(|(name, bytes, _)| (*name, *bytes, 0)).collect();
        assert_eq!(pruned(&files, &Most { files: 1, ..Most::default() }), names);
    }
}
