//! A module file: what it is, what it offers and wants, and its compiled code.

use super::cache::hex;
use super::engine::{Notice, Runtime};
use super::failure::plain;
use super::open::open;
use crate::httpd::artifact;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wasmtime::{Engine, Module};

/// Largest module file, in bytes.
const LARGEST: u64 = 64 << 20;
/// The ABI version that this server speaks.
const ABI_VERSION: u32 = 1;
/// The export by which an extension tells its ABI version.
const ABI_EXPORT: &str = "apache_abi_version_";

/// How a module wants to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An httpd module: exports `apache_abi_version_N`.
    Extension {
        /// N.
        abi_version: u32,
    },
    /// A proxy-wasm filter: exports `proxy_abi_version_…`.
    ProxyWasm,
    /// A WASI command: exports `_start`.
    Command,
    /// None of these.
    Plain,
}

/// Why a file can't be loaded or linked.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file can't be read.
    #[error("{0}")]
    Read(#[from] std::io::Error),
    /// Not a regular file.
    #[error("not a regular file")]
    NotAFile,
    /// The file is larger than any module may be.
    #[error("larger than {LARGEST} bytes")]
    TooLarge,
    /// The file is empty.
    #[error("empty file, not a WebAssembly module")]
    Empty,
    /// The file is something else.
    #[error("not a WebAssembly module")]
    NotWasm,
    /// The file is WebAssembly text.
    #[error("WebAssembly text, not a binary module: assemble it first (wat2wasm, wasm-tools parse)")]
    Text,
    /// The file is a component.
    #[error(
        "a WebAssembly component, not a core module: build it without componentizing (wasm32-unknown-unknown or wasm32-wasip1)"
    )]
    Component,
    /// The file is a core module of a version that is unknown.
    #[error("a WebAssembly module of an unknown binary version")]
    BinaryVersion,
    /// The file is code compiled beforehand.
    #[error("code precompiled by wasmtime, not a WebAssembly module")]
    Precompiled,
    /// The file ends too early.
    #[error("truncated WebAssembly module: {0}")]
    Truncated(String),
    /// The module is invalid, or uses what isn't supported.
    #[error("invalid WebAssembly module: {0}")]
    Invalid(String),
    /// The module was built for another version of the ABI.
    #[error(
        "built for version {found} of the ABI (export {ABI_EXPORT}{found}), this server speaks version {ABI_VERSION}"
    )]
    AbiVersion {
        /// What follows `apache_abi_version_`.
        found: String,
    },
    /// The module imports what the host doesn't offer.
    #[error("unknown import {module}::{name}")]
    Import {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// The module can't be linked for another reason, such as an import of another type.
    #[error("cannot be linked: {0}")]
    Link(String),
}

/// A compiled module.
pub struct Artifact {
    /// The file it came from.
    pub path: PathBuf,
    /// SHA-256 of the file, in hexadecimal.
    pub hash: String,
    /// How it wants to be used.
    pub kind: Kind,
    /// Names of its exports.
    pub exports: Vec<String>,
    /// What to log about loading it.
    pub notices: Vec<Notice>,
    /// Whether its code came from the cache.
    pub cached: bool,
    pub(super) runtime: Runtime,
    /// How many variables it was given exports for; `None` where its instances can't begin anew.
    pub(super) variables: Option<usize>,
    /// File name, for backtraces.
    pub(super) name: Arc<str>,
    /// One for each engine that can run it: on demand, then pooled.
    pub(super) modules: Vec<Module>,
}

impl Artifact {
    pub(super) fn load(
        runtime: &Runtime,
        path: &Path,
        engines: &[Engine],
        is_open: bool,
    ) -> Result<Artifact, LoadError> {
        let wasm = read(path)?;
        check_header(&wasm)?;
        let hash: [u8; 32] = Sha256::digest(&wasm).into();
        let mut notices = Vec::new();
        let (wasm, key, variables) = match is_open.then(|| open(&wasm)).flatten() {
            Some((opened, variables)) => {
                let key = Sha256::digest(&opened).into();
                (opened, key, Some(variables))
            }
            None => (wasm, hash, None),
        };
        let (mut modules, cached) = compile(runtime, engines, &wasm, &key, &mut notices)?.into_parts();
        let mut each = modules.drain(..);
        let first =
            each.next().unwrap_or_else(|| Err(wasmtime::Error::msg("no engine"))).map_err(|error| invalid(&error))?;
        let exports: Vec<String> = first.exports().map(|e| e.name().to_owned()).collect();
        let kind = kind(&exports)?;
        let mut modules = vec![first];
        for module in each {
            match module {
                Ok(module) => modules.push(module),
                Err(error) => notices.push(Notice::NotPooled(plain(&format!("{error:#}"), 400))),
            }
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        Ok(Artifact {
            path: path.to_owned(),
            hash: hex(&hash),
            kind,
            exports,
            notices,
            cached,
            runtime: runtime.clone(),
            variables,
            name: plain(&name, 100).into(),
            modules,
        })
    }

    /// Whether the module exports this name.
    pub fn has(&self, export: &str) -> bool {
        self.exports.iter().any(|name| name == export)
    }

    /// Whether a function is exported that takes so many numbers of 32 bits and gives one; `None` where nothing of the
    /// name is exported.
    pub fn has_function(&self, export: &str, parameters: usize) -> Option<bool> {
        let found = self.modules.first()?.get_export(export)?;
        Some(found.func().is_some_and(|function| {
            let is_i32 = |kind: wasmtime::ValType| kind.is_i32();
            function.params().len() == parameters
                && function.params().all(is_i32)
                && function.results().len() == 1
                && function.results().all(is_i32)
        }))
    }

    /// What the module imports: import modules and names.
    pub fn imports(&self) -> impl Iterator<Item = (String, String)> {
        let imports = self.modules.iter().take(1).flat_map(wasmtime::Module::imports);
        imports.map(|import| (plain(import.module(), 200), plain(import.name(), 200)))
    }
}

/// The code for each engine, and whether it came from the cache.
struct Code {
    modules: Vec<wasmtime::Result<Module>>,
    cached: bool,
}

impl Code {
    fn into_parts(self) -> (Vec<wasmtime::Result<Module>>, bool) {
        (self.modules, self.cached)
    }
}

fn compile(
    runtime: &Runtime,
    engines: &[Engine],
    wasm: &[u8],
    hash: &[u8; 32],
    notices: &mut Vec<Notice>,
) -> Result<Code, LoadError> {
    let Some(engine) = engines.first() else {
        return Err(LoadError::Invalid("no engine".to_owned()));
    };
    let place = runtime.cache().map(|cache| {
        let path = cache.path(engine, hash);
        (cache, path)
    });
    if let Some((cache, path)) = &place {
        match cache.get(path, engines) {
            Ok(Some(modules)) => match modules.first() {
                // Of another version that came to the same name, which nobody has seen yet.
                Some(Err(error)) => {
                    notices.push(Notice::BadCacheFile { path: path.clone(), why: plain(&format!("{error:#}"), 400) })
                }
                _ => return Ok(Code { modules, cached: true }),
            },
            Ok(None) => {}
            Err(notice) => notices.push(notice),
        }
    }
    let code = engine.precompile_module(wasm).map_err(|error| invalid(&error))?;
    if let Some((cache, path)) = &place
        && let Err(notice) = cache.put(path, &code)
    {
        notices.push(notice);
    }
    let modules = engines.iter().map(|engine| artifact::deserialize(engine, &code)).collect();
    Ok(Code { modules, cached: false })
}

/// SHA-256 of a file that may be a module, in hexadecimal.
///
/// # Errors
/// When it can't be read.
pub fn hash(path: &Path) -> Result<String, LoadError> {
    Ok(hex(&Sha256::digest(read(path)?)))
}

fn read(path: &Path) -> Result<Vec<u8>, LoadError> {
    // A named pipe would block the server's start at open.
    if !std::fs::metadata(path)?.is_file() {
        return Err(LoadError::NotAFile);
    }
    let mut wasm = Vec::new();
    std::fs::File::open(path)?.take(LARGEST + 1).read_to_end(&mut wasm)?;
    if wasm.len() as u64 > LARGEST {
        return Err(LoadError::TooLarge);
    }
    Ok(wasm)
}

/// Tells a core module from whatever else a path may lead to.
fn check_header(wasm: &[u8]) -> Result<(), LoadError> {
    const MAGIC: &[u8] = b"\0asm";
    if wasm.is_empty() {
        return Err(LoadError::Empty);
    }
    if let Some(version) = wasm.strip_prefix(MAGIC) {
        return match version {
            [1, 0, 0, 0, ..] => Ok(()),
            [_, _, 1, 0, ..] => Err(LoadError::Component),
            [_, _, _, _, ..] => Err(LoadError::BinaryVersion),
            _ => Err(LoadError::Truncated("ends within its header".to_owned())),
        };
    }
    if MAGIC.starts_with(wasm) {
        return Err(LoadError::Truncated("ends within its header".to_owned()));
    }
    if Engine::detect_precompiled(wasm).is_some() {
        return Err(LoadError::Precompiled);
    }
    let text = String::from_utf8_lossy(wasm.get(..4096).unwrap_or(wasm));
    let code = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with(";;"));
    match code {
        Some(line) if line.starts_with('(') => Err(LoadError::Text),
        _ => Err(LoadError::NotWasm),
    }
}

fn invalid(error: &wasmtime::Error) -> LoadError {
    let text = plain(&format!("{error:#}"), 400);
    if text.contains("unexpected end") { LoadError::Truncated(text) } else { LoadError::Invalid(text) }
}

fn kind(exports: &[String]) -> Result<Kind, LoadError> {
    let mut versions = exports.iter().filter_map(|name| name.strip_prefix(ABI_EXPORT)).peekable();
    if let Some(&found) = versions.peek() {
        return if versions.any(|version| version == ABI_VERSION.to_string()) {
            Ok(Kind::Extension { abi_version: ABI_VERSION })
        } else {
            Err(LoadError::AbiVersion { found: plain(found, 40) })
        };
    }
    Ok(if exports.iter().any(|name| name.starts_with("proxy_abi_version_")) {
        Kind::ProxyWasm
    } else if exports.iter().any(|name| name == "_start") {
        Kind::Command
    } else {
        Kind::Plain
    })
}
