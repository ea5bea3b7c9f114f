//! Programs: WASI commands that were compiled and linked while the configuration is read. Sections that name the same
//! file share one, and so do one configuration and the next: httpd reads it twice at a start, and again at each restart.

use super::run::Run;
use super::wasi;
use crate::counters::Counters;
use crate::httpd::Pool;
use crate::process;
use crate::runtime::{self, Guest, Kind};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Those of the configuration in force; while another one is read, also those of the one before.
static LOADED: Mutex<Vec<Loaded>> = Mutex::new(Vec::new());

struct Loaded {
    program: Arc<Program>,
    /// Whether a section of the present configuration names it.
    named: bool,
}

fn all() -> MutexGuard<'static, Vec<Loaded>> {
    LOADED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A configuration is about to be read, which has named no program yet.
pub(crate) fn begin_configuration() {
    all().iter_mut().for_each(|loaded| loaded.named = false);
}

/// A configuration has been read: programs that it doesn't name are forgotten.
pub(crate) fn end_configuration() {
    all().retain(|loaded| loaded.named);
}

/// A program, ready to be run.
pub(crate) struct Program {
    path: PathBuf,
    /// SHA-256 of the file, in hexadecimal.
    hash: String,
    /// The file's name, for the log.
    name: String,
    exports: Vec<String>,
    /// What is counted of it.
    pub(super) counters: &'static Counters,
    pub(super) guest: Guest<Run>,
}

impl Program {
    /// The program of a file that a section of this configuration has loaded.
    pub(super) fn loaded(path: &[u8]) -> Option<Arc<Program>> {
        let path = process::path(path);
        let all = all();
        let mut named = all.iter().filter(|loaded| loaded.named).map(|loaded| &loaded.program);
        named.find(|program| program.path == path).cloned()
    }

    /// The program of a file that the configuration before had loaded, where the file is as it was.
    fn kept(path: &Path) -> Option<Arc<Program>> {
        let mut all = all();
        let loaded = all.iter_mut().find(|loaded| loaded.program.path == path)?;
        if runtime::hash(path).ok()? != loaded.program.hash {
            return None;
        }
        loaded.named = true;
        Some(loaded.program.clone())
    }

    /// Reads, compiles and links a file, or takes what was made of it before.
    ///
    /// # Errors
    /// A text for the administrator.
    pub(super) fn load(path: &[u8], pool: Pool<'_>) -> Result<Arc<Program>, String> {
        if let Some(program) = Program::loaded(path) {
            return Ok(program);
        }
        let path = process::path(path);
        let runtime = process::runtime(pool.runtime_dir_relative(b"mod_wasm").map(process::path), pool)?;
        if let Some(program) = Program::kept(&path) {
            return Ok(program);
        }
        let artifact = runtime.load(&path).map_err(|why| why.to_string())?;
        process::tell(pool, &artifact.notices);
        match artifact.kind {
            Kind::Command | Kind::Plain => {}
            Kind::Extension { .. } => {
                return Err(
                    "a guest for WasmApacheModule or for hooks (it exports apache_abi_version_1), not a program"
                        .to_owned(),
                );
            }
            Kind::ProxyWasm => return Err("a proxy-wasm filter, not a program".to_owned()),
        }
        let how = if artifact.cached { "compiled code from the cache" } else { "compiled now" };
        process::debug(
            pool,
            &format!("mod_wasm: program {} (SHA-256 {}), {how}", artifact.path.display(), artifact.hash),
        );
        let mut linker = runtime.linker::<Run>();
        linker.define(wasi::link).map_err(|why| why.to_string())?;
        let guest = Guest::link(&artifact, &linker).map_err(|why| why.to_string())?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let program = Arc::new(Program {
            hash: artifact.hash.clone(),
            name,
            exports: artifact.exports.clone(),
            counters: Counters::of(&path.to_string_lossy()),
            guest,
            path,
        });
        let mut all = all();
        all.retain(|loaded| loaded.program.path != program.path);
        all.push(Loaded { program: program.clone(), named: true });
        Ok(program)
    }

    /// Whether it exports a function of this name.
    ///
    /// # Errors
    /// A text for the administrator.
    pub(super) fn check_entry_point(&self, name: &str) -> Result<(), String> {
        if self.exports.iter().any(|export| export == name) {
            return Ok(());
        }
        Err(format!("{} does not export a function {name}", self.name))
    }

    /// The file's name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The file's path.
    pub(super) fn path(&self) -> &[u8] {
        self.path.as_os_str().as_bytes()
    }
}
