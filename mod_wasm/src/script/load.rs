//! Script files: compiled once per process where the configuration names them, else at the first use in a child, and
//! linked once for each section's terms. All threads share what is here; none asks for it but to load a file.

use super::config::CodeCache;
use crate::counters::Counters;
use crate::extension::Description;
use crate::extension::load::{import, next_uid};
use crate::extension::store::Store;
use crate::host::{self, Gift, Host};
use crate::httpd::{Pool, signals};
use crate::process;
use crate::runtime::{self, Artifact, Guest, Limits, Runtime};
use crate::scope::Shared;
use crate::settings::Settings;
use crate::wasi::{self, Given};
use std::collections::HashMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Most scripts of a child, each a file under other settings: a .htaccess file may come with others again and again.
const MOST_SCRIPTS: usize = 2_048;
/// Stack of a thread that compiles, in bytes; those of httpd may be small.
const COMPILER_STACK: usize = 16 << 20;

/// What tells one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    mtime: (i64, i64),
    size: u64,
    inode: u64,
}

impl Stamp {
    /// The present state of a file.
    ///
    /// # Errors
    /// Where there is none.
    pub(crate) fn of(path: &Path) -> Result<Stamp, String> {
        let meta = std::fs::metadata(path).map_err(|why| format!("cannot load {}: {why}", path.display()))?;
        Ok(Stamp { mtime: (meta.mtime(), meta.mtime_nsec()), size: meta.size(), inode: meta.ino() })
    }
}

/// A file that is compiled, and linked under some settings.
pub(crate) struct Script {
    /// Unlike that of any other guest of this process.
    pub(crate) uid: u64,
    /// The file as it was.
    pub(crate) stamp: Stamp,
    /// SHA-256 of its content, in hexadecimal.
    pub(crate) hash: String,
    /// What it is given by way of WASI, if it imports that.
    pub(crate) gift: Option<Arc<Gift>>,
    /// The linked module.
    pub(crate) guest: Guest<Host>,
    /// What the host functions see of it.
    pub(crate) description: Description,
    /// Bounds of each instance.
    pub(crate) limits: Limits,
    /// What is counted of it.
    pub(crate) counters: &'static Counters,
    /// Instances of the server's scope.
    pub(crate) shared: Shared<super::instances::Guest>,
}

/// What a section says of the guests that it runs; under other terms a file's instances are others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Terms {
    /// Bounds and permissions.
    pub(crate) settings: Arc<Settings>,
    /// What they are given by way of WASI.
    pub(crate) given: Arc<Given>,
}

#[derive(Default)]
struct Loaded {
    files: HashMap<PathBuf, (Stamp, Arc<Artifact>)>,
    scripts: HashMap<(PathBuf, Terms), Arc<Script>>,
}

static LOADED: LazyLock<Mutex<Loaded>> = LazyLock::new(Mutex::default);
/// What all scripts share (ivm_get, ivm_set).
static STORE: LazyLock<Arc<Store>> = LazyLock::new(Arc::default);

/// The script in a file under some settings, as the file is now, or ever was in this process where it is kept for ever.
///
/// # Errors
/// A text that names the file.
pub(crate) fn get(path: &Path, terms: &Terms, cache: CodeCache) -> Result<Arc<Script>, String> {
    let runtime = process::existing_runtime().ok_or("no WebAssembly runtime was made when the server started")?;
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (path.to_owned(), terms.clone());
    let kept = || loaded.files.get(path).map(|(stamp, _)| *stamp).filter(|_| cache == CodeCache::Forever);
    let stamp = kept().map_or_else(|| Stamp::of(path), Ok)?;
    if cache != CodeCache::Never
        && let Some(script) = loaded.scripts.get(&key).filter(|script| script.stamp == stamp)
    {
        return Ok(script.clone());
    }
    let artifact = artifact(&mut loaded, runtime, path, stamp, cache == CodeCache::Never)?;
    if let Some(script) =
        loaded.scripts.get(&key).filter(|script| script.stamp == stamp && script.hash == artifact.hash)
    {
        return Ok(script.clone());
    }
    let cannot = |why: &dyn std::fmt::Display| format!("cannot load {}: {why}", path.display());
    let mut linker = runtime.linker::<Host>();
    let gift = Gift::of(&artifact, &terms.given);
    linker.define(|linker| host::link_for(linker, &terms.settings, gift.as_ref())).map_err(|why| cannot(&why))?;
    let guest = Guest::link(&artifact, &linker).map_err(|why| cannot(&import(why)))?;
    let name = path.as_os_str().as_encoded_bytes().to_vec();
    let script = Arc::new(Script {
        uid: next_uid(),
        stamp,
        hash: artifact.hash.clone(),
        gift,
        guest,
        description: Description { name, store: STORE.clone(), ..Description::default() },
        limits: terms.settings.limits(),
        counters: Counters::of(&path.to_string_lossy()),
        shared: Shared::default(),
    });
    // Those that are in use are linked again.
    if loaded.scripts.len() >= MOST_SCRIPTS {
        loaded.files.clear();
        loaded.scripts.drain().for_each(|(_, old)| old.shared.close());
    }
    // Instances that wait hold their script, which holds them.
    if let Some(old) = loaded.scripts.insert(key, script.clone()) {
        old.shared.close();
    }
    Ok(script)
}

/// The compiled file in the state of a stamp; `content` asks for its content rather than its time.
fn artifact(
    loaded: &mut Loaded,
    runtime: &Runtime,
    path: &Path,
    stamp: Stamp,
    content: bool,
) -> Result<Arc<Artifact>, String> {
    let known = loaded.files.get(path);
    if !content && let Some((_, artifact)) = known.filter(|(known, _)| *known == stamp) {
        return Ok(artifact.clone());
    }
    let cannot = |why: &dyn std::fmt::Display| format!("cannot load {}: {why}", path.display());
    if let Some((_, artifact)) = known
        && runtime::hash(path).is_ok_and(|hash| hash == artifact.hash)
    {
        let artifact = artifact.clone();
        loaded.files.insert(path.to_owned(), (stamp, artifact.clone()));
        return Ok(artifact);
    }
    let artifact = if process::serving() {
        let (runtime, path) = (runtime.clone(), path.to_owned());
        let compile = std::thread::Builder::new().name("wasm-compiler".into()).stack_size(COMPILER_STACK);
        let thread = signals::with_signals_blocked(|| compile.spawn(move || runtime.load_open(&path)));
        thread.map_err(|why| cannot(&why))?.join().map_err(|_| cannot(&"the compiler failed"))?
    } else {
        runtime.load_open(path)
    };
    let artifact = Arc::new(artifact.map_err(|why| cannot(&why))?);
    match artifact.kind {
        runtime::Kind::Extension { .. } => {}
        runtime::Kind::Command => return Err(cannot(&"a WASI command (it exports _start), not a script")),
        runtime::Kind::ProxyWasm => return Err(cannot(&"a proxy-wasm filter, not a script")),
        runtime::Kind::Plain => return Err(cannot(&format!("not a script: it does not export {}", host::MARKER))),
    }
    if let Some((module, name)) =
        artifact.imports().find(|(module, name)| module != wasi::MODULE && !host::has_function(module, name))
    {
        return Err(cannot(&format!("it imports {name} of {module}, which does not exist")));
    }
    loaded.files.insert(path.to_owned(), (stamp, artifact.clone()));
    Ok(artifact)
}

/// While the configuration is read: whether a file is a script and has a function of so many parameters, and what it was
/// compiled to is kept for all children.
///
/// # Errors
/// A text for the administrator.
pub(crate) fn check(
    path: &Path,
    function: &str,
    parameters: usize,
    default_cache: Option<PathBuf>,
    pool: Pool<'_>,
) -> Result<(), String> {
    let runtime = process::runtime(default_cache, pool)?;
    let stamp = Stamp::of(path)?;
    let artifact = {
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        artifact(&mut loaded, runtime, path, stamp, false)?
    };
    process::tell(pool, &artifact.notices);
    match artifact.has_function(function, parameters) {
        Some(true) => Ok(()),
        Some(false) => Err(format!(
            "{} exports {function}, but not as a function that takes {parameters} numbers of 32 bits and gives one",
            path.display()
        )),
        None => Err(format!("{} does not export a function {function}", path.display())),
    }
}
