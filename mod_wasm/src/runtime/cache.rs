//! Compiled code on disk: where it may lie, what it is named after, and when it must not be trusted.

use super::engine::Notice;
use super::prune::{Most, prune};
use crate::httpd::artifact;
use sha2::{Digest, Sha256};
use std::fs::{self, File, Metadata, OpenOptions};
use std::hash::{Hash, Hasher};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};
use wasmtime::{Engine, Module};

/// Length of the digest before the code in a cached file.
const DIGEST: usize = 32;
/// Bits by which others than the owner could write.
const WRITABLE_BY_OTHERS: u32 = 0o022;
/// How exactly it is known when a file was used last.
const GRAIN: Duration = Duration::from_secs(60);
/// Directories such as /tmp, in which nobody can replace what is another's.
const STICKY: u32 = 0o1000;

/// A directory in which only the server's user can write.
#[derive(Debug)]
pub(super) struct Cache {
    dir: PathBuf,
    user: u32,
}

impl Cache {
    /// Takes a directory, made if only its last part is missing; the error says why it can't be trusted.
    pub(super) fn open(dir: &Path) -> Result<Cache, String> {
        let user = artifact::effective_user();
        let told = |error: std::io::Error| format!("{}: {error}", dir.display());
        if !dir.exists() {
            fs::DirBuilder::new().mode(0o700).create(dir).map_err(told)?;
        }
        let dir = dir.canonicalize().map_err(told)?;
        for (i, dir) in dir.ancestors().enumerate() {
            let meta = fs::metadata(dir).map_err(told)?;
            let sticky = i > 0 && meta.mode() & STICKY != 0;
            if !meta.is_dir() {
                return Err(format!("{} is not a directory", dir.display()));
            }
            if let Some(why) = distrust(&meta, user, sticky) {
                return Err(format!("{} {why}", dir.display()));
            }
        }
        Ok(Cache { dir, user })
    }

    /// Where code lies that this engine compiled from a module with this SHA-256.
    pub(super) fn path(&self, engine: &Engine, hash: &[u8; DIGEST]) -> PathBuf {
        let mut key = Key(Sha256::new());
        // wasmtime's version is part of it, and every setting and CPU feature that shapes the code.
        engine.precompile_compatibility_hash().hash(&mut key);
        key.0.update(hash);
        self.dir.join(format!("{}.cwasm", hex(&key.0.finalize())))
    }

    /// The code kept at a path: `None` if there is none, an error if it must not be used.
    pub(super) fn get(&self, path: &Path, engines: &[Engine]) -> Result<Option<Vec<wasmtime::Result<Module>>>, Notice> {
        let bad = |why: String| Notice::BadCacheFile { path: path.to_owned(), why };
        // A named pipe would block the server's start when it is opened.
        match fs::metadata(path) {
            Ok(meta) if meta.is_file() => {}
            Ok(_) => return Err(bad("not a regular file".to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(bad(error.to_string())),
        }
        let mut file = File::open(path).map_err(|e| bad(e.to_string()))?;
        let meta = file.metadata().map_err(|e| bad(e.to_string()))?;
        if let Some(why) = distrust(&meta, self.user, false) {
            return Err(bad(why.to_owned()));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|e| bad(e.to_string()))?;
        let Some((digest, code)) = bytes.split_first_chunk::<DIGEST>() else {
            return Err(bad("truncated".to_owned()));
        };
        if seal(path, code) != *digest {
            return Err(bad("damaged".to_owned()));
        }
        // So that what is used is forgotten last; where only reading is allowed, nothing is forgotten either.
        let now = SystemTime::now();
        if meta.modified().is_ok_and(|used| now.duration_since(used).is_ok_and(|age| age > GRAIN)) {
            let _ = file.set_modified(now);
        }
        Ok(Some(engines.iter().map(|engine| artifact::deserialize(engine, code)).collect()))
    }

    /// Keeps code for the next start: whole or not at all. What is too much then is forgotten.
    pub(super) fn put(&self, path: &Path, code: &[u8]) -> Result<(), Notice> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let part = path.with_extension(format!("{}-{number}.part", std::process::id()));
        let written = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&part)
            .and_then(|mut file| {
                file.write_all(&seal(path, code))?;
                file.write_all(code)
            })
            .and_then(|()| fs::rename(&part, path));
        written.map_err(|error| {
            let _ = fs::remove_file(&part);
            Notice::NoCache(format!("{}: {error}", path.display()))
        })?;
        prune(&self.dir, &Most::default(), SystemTime::now());
        Ok(())
    }
}

/// What stands before code in the file of this name: code that is damaged, or another guest's, has another.
fn seal(path: &Path, code: &[u8]) -> [u8; DIGEST] {
    let mut seal = Sha256::new();
    seal.update(path.file_name().unwrap_or_default().as_encoded_bytes());
    seal.update(code);
    seal.finalize().into()
}

/// Why a file or directory may hold what another user wrote; `None` if it can't.
fn distrust(meta: &Metadata, user: u32, sticky: bool) -> Option<&'static str> {
    if meta.uid() != user && meta.uid() != 0 {
        Some("belongs to another user")
    } else if meta.mode() & WRITABLE_BY_OTHERS != 0 && !sticky {
        Some("is writable by others than its owner")
    } else {
        None
    }
}

/// Feeds everything that is hashed into SHA-256.
struct Key(Sha256);

impl Hasher for Key {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
