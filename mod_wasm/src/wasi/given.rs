//! What the configuration gives a guest by way of WASI: arguments, an environment, directories. Knows no guest.

use super::strings::Strings;
use crate::httpd::Pool;
use crate::process;
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::{FsPerms, WasiCtxBuilder};

/// A directory of the server that a guest may use.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Directory {
    /// Its name to the guest.
    pub(crate) guest: String,
    /// Its path to the server.
    pub(crate) host: Vec<u8>,
    /// Whether WasmMapDir gave it.
    pub(crate) mapped: bool,
}

/// What a section gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Given {
    /// WasmArg, in order.
    pub(crate) arguments: Vec<Vec<u8>>,
    environment: Vec<(Vec<u8>, Vec<u8>)>,
    directories: Vec<Directory>,
}

impl Given {
    /// Takes a line of a section that gives something; `None` where the line is of another kind.
    pub(crate) fn set(&mut self, pool: Pool<'_>, name: &[u8], words: &[&[u8]]) -> Option<Result<(), Vec<u8>>> {
        let name = String::from_utf8_lossy(name);
        Some(match (name.to_ascii_lowercase().as_str(), words) {
            ("wasmarg", [argument]) => {
                self.arguments.push(argument.to_vec());
                Ok(())
            }
            ("wasmenv", [name, value]) => self.set_variable(name, value),
            ("wasmdir", [directory]) => self.add_existing(pool, &name, directory, directory),
            ("wasmmapdir", [guest, host]) => self.add_existing(pool, &name, guest, host),
            ("wasmarg" | "wasmdir", _) => Err(format!("{name} takes one argument").into_bytes()),
            ("wasmenv" | "wasmmapdir", _) => Err(format!("{name} takes two arguments").into_bytes()),
            _ => return None,
        })
    }

    /// Adds a directory that is there.
    fn add_existing(&mut self, pool: Pool<'_>, directive: &str, guest: &[u8], host: &[u8]) -> Result<(), Vec<u8>> {
        self.add_directory(pool, guest, host, false)?;
        let path = self.directories.last().map(|directory| process::path(&directory.host)).unwrap_or_default();
        match std::fs::metadata(&path) {
            Ok(meta) if meta.is_dir() => Ok(()),
            Ok(_) => Err(format!("{directive}: {} is not a directory", path.display()).into_bytes()),
            Err(why) => Err(format!("{directive}: {}: {why}", path.display()).into_bytes()),
        }
    }

    /// WasmEnv: a variable and its value.
    ///
    /// # Errors
    /// A text for the administrator.
    pub(crate) fn set_variable(&mut self, name: &[u8], value: &[u8]) -> Result<(), Vec<u8>> {
        if name.is_empty() || name.contains(&b'=') {
            return Err(b"WasmEnv: a variable's name is not empty and has no =".to_vec());
        }
        self.put_variable(name, value);
        Ok(())
    }

    fn put_variable(&mut self, name: &[u8], value: &[u8]) {
        match self.environment.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => *old = value.to_vec(),
            None => self.environment.push((name.to_vec(), value.to_vec())),
        }
    }

    /// WasmDir, or WasmMapDir: a directory's name to the guest, and its path.
    ///
    /// # Errors
    /// A text for the administrator.
    pub(crate) fn add_directory(
        &mut self,
        pool: Pool<'_>,
        guest: &[u8],
        host: &[u8],
        mapped: bool,
    ) -> Result<(), Vec<u8>> {
        let guest = std::str::from_utf8(guest).map_err(|_| "a directory's name to a program is UTF-8")?;
        let host = pool.server_root_relative(host).ok_or("invalid path of a directory")?;
        self.put_directory(Directory { guest: guest.to_owned(), host: host.to_vec(), mapped });
        Ok(())
    }

    /// Adds a directory, in place of another of the same name.
    pub(crate) fn put_directory(&mut self, directory: Directory) {
        match self.directories.iter_mut().find(|other| other.guest == directory.guest) {
            Some(old) => *old = directory,
            None => self.directories.push(directory),
        }
    }

    /// Adds what an inner section gives: its variables and directories beside or in place of these. Arguments belong
    /// together, so that any of its own replace all of these.
    pub(crate) fn add(&mut self, inner: &Given) {
        if !inner.arguments.is_empty() {
            self.arguments.clone_from(&inner.arguments);
        }
        for (name, value) in &inner.environment {
            self.put_variable(name, value);
        }
        for directory in &inner.directories {
            self.put_directory(directory.clone());
        }
    }

    /// Whether WasmEnv gives a variable of this name.
    pub(crate) fn has_variable(&self, name: &[u8]) -> bool {
        self.environment.iter().any(|(own, _)| own == name)
    }

    /// The directories that a guest may use.
    pub(crate) fn directories(&self) -> &[Directory] {
        &self.directories
    }

    /// Arguments, the guest's own name first, and environment.
    pub(crate) fn strings(&self, name: Option<&[u8]>) -> [Strings; 2] {
        let (mut arguments, mut environment) = (Strings::default(), Strings::default());
        name.into_iter().for_each(|name| arguments.push(&[name]));
        self.arguments.iter().for_each(|argument| arguments.push(&[argument]));
        self.environment.iter().for_each(|(name, value)| environment.push(&[name, b"=", value]));
        [arguments, environment]
    }

    /// wasmtime-wasi's context with the directories open. One that can't be opened is left out and told to `failed`. In the
    /// parent, which is root as a rule, they can only be read.
    pub(crate) fn context(&self, mut failed: impl FnMut(&str)) -> WasiP1Ctx {
        let perms = if process::serving() { FsPerms::ReadWrite } else { FsPerms::ReadOnly };
        let mut builder = WasiCtxBuilder::new();
        builder.allow_blocking_current_thread(true);
        for directory in &self.directories {
            if let Err(why) = builder.preopened_dir(process::path(&directory.host), &directory.guest, perms) {
                failed(&format!("directory {} can't be opened: {why:#}", String::from_utf8_lossy(&directory.host)));
            }
        }
        builder.build_p1()
    }
}
