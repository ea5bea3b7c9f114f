//! What the configuration says to mod_wasm itself, per directory. What stands outside of directories is the outermost of
//! them to httpd (server->lookup_defaults), so nothing is kept per server. Knows none of what its three members say.

use crate::content;
use crate::extension::Context;
use crate::host::ById;
use crate::httpd::Pool;
use crate::process;
use crate::script;
use crate::settings::Settings;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::CStr;
use std::hash::BuildHasherDefault;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Most merges that are remembered.
const MOST_MERGES: usize = 16_384;

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// What one section says, or several merged.
pub(crate) struct Dir {
    /// Unlike that of any other of this process.
    id: u64,
    /// Whether it will not be met again: it comes from a .htaccess file.
    transient: bool,
    /// Bounds and permissions of scripts and content.
    pub(crate) settings: Said<Settings>,
    /// Functions of guests that directives name.
    pub(crate) script: Said<script::Config>,
    /// WASI programs that make content.
    pub(crate) content: Said<content::Config>,
}

impl Dir {
    /// A section that says nothing.
    pub(crate) fn new() -> Dir {
        Dir::of(process::serving(), Said::default(), Said::default(), Said::default())
    }

    fn of(
        transient: bool,
        settings: Said<Settings>,
        script: Said<script::Config>,
        content: Said<content::Config>,
    ) -> Dir {
        Dir { id: NEXT_ID.fetch_add(1, Ordering::Relaxed), transient, settings, script, content }
    }

    /// Its number, if it is one that is met again.
    #[inline]
    pub(crate) fn number(&self) -> Option<u64> {
        (!self.transient).then_some(self.id)
    }

    fn says_nothing(&self) -> bool {
        self.settings.0.is_none() && self.script.0.is_none() && self.content.0.is_none()
    }
}

/// How an inner section changes what an outer one says.
pub(crate) trait Merge {
    /// What holds where `self` holds outside and `add` inside.
    fn merge(&self, add: &Self) -> Self;
}

/// What a section says on one subject, if anything; shared by all sections that inherit it.
pub(crate) struct Said<T>(Option<Arc<T>>);

impl<T> Default for Said<T> {
    fn default() -> Self {
        Said(None)
    }
}

impl<T: Merge + Default> Said<T> {
    /// What it says; `None` where no section said anything.
    #[inline]
    pub(crate) fn get(&self) -> Option<&Arc<T>> {
        self.0.as_ref()
    }

    /// To be changed by a directive, while its section is parsed.
    ///
    /// # Errors
    /// Where the section is in use already, which httpd never lets happen.
    pub(crate) fn edit(&mut self) -> Result<&mut T, Vec<u8>> {
        Arc::get_mut(self.0.get_or_insert_default()).ok_or_else(|| b"the section is in use already".to_vec())
    }

    fn merged(&self, add: &Self) -> Self {
        match (&self.0, &add.0) {
            (Some(base), Some(add)) => Said(Some(Arc::new(base.merge(add)))),
            (one, None) | (None, one) => Said(one.clone()),
        }
    }
}

/// What comes of merging two sections.
pub(crate) enum Merged {
    /// The outer one: the inner says nothing.
    Base,
    /// The inner one: the outer says nothing.
    Add,
    /// One that lives for ever, met before or remembered now.
    Kept(&'static Dir),
    /// One for this pool only.
    New(Dir),
}

/// Merged sections, which live for ever, by the numbers of both.
type Merges = HashMap<(u64, u64), &'static Dir, BuildHasherDefault<ById>>;

thread_local! {
    static MET: RefCell<Merges> = RefCell::default();
}

/// Those of all threads, for a thread that meets a pair for the first time: threads come and go, with mod_http2 for one.
static MERGES: LazyLock<Mutex<Merges>> = LazyLock::new(Mutex::default);
/// Whether there are as many as there may be.
static IS_FULL: AtomicBool = AtomicBool::new(false);

/// The merged section of a pair, made if no thread has met it before; `None` where there are too many.
fn shared(key: (u64, u64), merged: impl FnOnce() -> Dir) -> Option<&'static Dir> {
    if IS_FULL.load(Ordering::Relaxed) {
        return None;
    }
    let mut merges = MERGES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(dir) = merges.get(&key) {
        return Some(dir);
    }
    let dir: &'static Dir = Box::leak(Box::new(merged()));
    merges.insert(key, dir);
    IS_FULL.store(merges.len() >= MOST_MERGES, Ordering::Relaxed);
    Some(dir)
}

/// Merges two sections. httpd asks for this in every request, so each thread remembers what it has met.
pub(crate) fn merge(base: &Dir, add: &Dir) -> Merged {
    if add.says_nothing() {
        return Merged::Base;
    }
    if base.says_nothing() {
        return Merged::Add;
    }
    let transient = base.transient || add.transient;
    let merged = || {
        let Dir { settings, script, content, .. } = base;
        Dir::of(transient, settings.merged(&add.settings), script.merged(&add.script), content.merged(&add.content))
    };
    if transient || !process::serving() {
        return Merged::New(merged());
    }
    MET.with_borrow_mut(|met| {
        let key = (base.id, add.id);
        let kept = met.get(&key).copied().or_else(|| {
            let kept = shared(key, merged)?;
            met.insert(key, kept);
            Some(kept)
        });
        kept.map_or_else(|| Merged::New(Dir { transient: true, ..merged() }), Merged::Kept)
    })
}

/// One of mod_wasm's own directives (command_rec).
pub(crate) struct Command {
    /// Its name.
    pub(crate) name: &'static CStr,
    /// How httpd splits its arguments: TAKE1 and so on, of `httpd::own`.
    pub(crate) args_how: u32,
    /// Where it may stand, as OR_* bits.
    pub(crate) allowed: u32,
    /// Where it may not stand all the same, as NOT_IN_* bits.
    pub(crate) never: u32,
    /// The help line that httpd shows in errors.
    pub(crate) help: &'static CStr,
    /// Takes it. The error is httpd's text for the administrator.
    pub(crate) run: fn(&mut Dir, &Directive<'_>) -> Result<(), Vec<u8>>,
}

/// One line of the configuration that is a directive of mod_wasm's own.
pub(crate) struct Directive<'d> {
    /// Where it stands.
    pub(crate) context: &'d Context,
    /// Its arguments; for FLAG `0` or `1`, for RAW_ARGS one.
    pub(crate) words: Vec<&'d [u8]>,
    /// What has been said outside of directories so far: of this server, of the main server; none is the section itself.
    pub(crate) outer: [Option<&'d Dir>; 2],
    /// Lives as long as the section.
    pub(crate) pool: Pool<'d>,
}

impl Directive<'_> {
    /// The argument of a number; empty where it is missing.
    pub(crate) fn word(&self, at: usize) -> &[u8] {
        self.words.get(at).copied().unwrap_or_default()
    }
}
