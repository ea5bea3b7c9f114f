//! Programs: WASI commands that were compiled and linked while the configuration is read. Sections that name the same
//! file share one.

use super::run::Run;
use super::wasi;
use crate::counters::Counters;
use crate::httpd::Pool;
use crate::process;
use crate::runtime::{Guest, Kind};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Those of the configuration in force. Sections keep them, so they go with it.
static LOADED: Mutex<Vec<(PathBuf, Weak<Program>)>> = Mutex::new(Vec::new());

/// A program, ready to be run.
pub(crate) struct Program {
    path: PathBuf,
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
        let loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        loaded.iter().find(|(other, _)| *other == path).and_then(|(_, program)| program.upgrade())
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
        let artifact = runtime.load(&path).map_err(|why| why.to_string())?;
        process::tell(pool, &artifact.notices);
        match artifact.kind {
            Kind::Command | Kind::Plain => {}
            Kind::Extension { .. } => return Err("a guest for WasmApacheModule or for hooks (it exports apache_abi_version_1), not a program".to_owned()),
            Kind::ProxyWasm => return Err("a proxy-wasm filter, not a program".to_owned()),
        }
        let how = if artifact.cached { "compiled code from the cache" } else { "compiled now" };
        process::debug(pool, &format!("mod_wasm: program {} (SHA-256 {}), {how}", artifact.path.display(), artifact.hash));
        let mut linker = runtime.linker::<Run>();
        linker.define(wasi::link).map_err(|why| why.to_string())?;
        let guest = Guest::link(&artifact, &linker).map_err(|why| why.to_string())?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let program = Arc::new(Program { path: path.clone(), name, exports: artifact.exports.clone(), counters: Counters::of(&path.to_string_lossy()), guest });
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        loaded.retain(|(_, program)| program.strong_count() > 0);
        loaded.push((path, Arc::downgrade(&program)));
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
