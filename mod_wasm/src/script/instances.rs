//! Instances of scripts: found by a few comparisons where this thread has met the directive before, taken for a call, put
//! back by their scope, dropped if they failed.

use super::config::{CodeCache, Function};
use super::load::{self, Script, Stamp, Terms};
use crate::call;
use crate::host::Host;
use crate::httpd::{Request, own};
use crate::own::Dir;
use crate::process;
use crate::runtime::{Failure, Instance, Place};
use crate::scope::{self, Home};
use crate::settings::Scope;
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use wasmtime::{TypedFunc, WasmParams};

/// Most directives that a thread remembers, and most files; it begins anew after that.
const MOST_USES: usize = 16_384;
const MOST_FILES: usize = 2_048;

/// A function over a request, for hooks, handlers and authz providers.
pub(super) type Hook = TypedFunc<u32, i32>;
/// A filter's function: body, request, event, length of the chunk.
pub(super) type Filter = TypedFunc<(u32, u32, u32, u32), i32>;

/// An instance, with the exports that were asked for.
pub(crate) struct Guest {
    pub(super) instance: Instance<Host>,
    script: Arc<Script>,
    hooks: Vec<(Arc<str>, Hook)>,
    filters: Vec<(Arc<str>, Filter)>,
}

impl Guest {
    fn new(script: &Arc<Script>, scope: Scope) -> Result<Box<Guest>, Failure> {
        script.counters.made();
        let place = match scope {
            Scope::Once => Place::Anew,
            Scope::Request => Place::Fresh,
            _ => Place::Kept,
        };
        let instance = script.guest.instantiate(host(script), &script.limits, place)?;
        if instance.is_beyond_pool() {
            script.counters.made_beyond_pool();
        }
        Ok(Box::new(Guest { instance, script: script.clone(), hooks: Vec::new(), filters: Vec::new() }))
    }

    /// Puts the instance back to how it began, so that it can wait for another call of scope `once`; whether it can.
    fn renew(&mut self) -> bool {
        let script = &self.script;
        self.instance.renew(&script.limits, || host(script))
    }

    /// The instance with its function over a request.
    pub(super) fn hook(&mut self, name: &Arc<str>) -> Result<(&mut Instance<Host>, &Hook), Failure> {
        let at = find(&mut self.instance, &mut self.hooks, name)?;
        Ok((&mut self.instance, &self.hooks[at].1))
    }

    /// The instance with its function over a body.
    pub(super) fn filter(&mut self, name: &Arc<str>) -> Result<(&mut Instance<Host>, &Filter), Failure> {
        let at = find(&mut self.instance, &mut self.filters, name)?;
        Ok((&mut self.instance, &self.filters[at].1))
    }
}

/// What an instance begins with.
fn host(script: &Script) -> Host {
    let host = Host::serving(own::module_index(), &script.description, script.limits.time, Some(script.counters));
    host.with_gift(script.gift.as_ref())
}

/// The place of a function in a list, looked up at its first use.
fn find<P: WasmParams>(
    instance: &mut Instance<Host>,
    known: &mut Vec<(Arc<str>, TypedFunc<P, i32>)>,
    name: &Arc<str>,
) -> Result<usize, Failure> {
    if let Some(at) = known.iter().position(|(known, _)| Arc::ptr_eq(known, name) || known == name) {
        return Ok(at);
    }
    let Some(function) = instance.func(name) else {
        let what =
            if instance.has(name) { "its function has another type" } else { "it exports no function of this name" };
        return Err(Failure::Host { what: what.into(), backtrace: Vec::new() });
    };
    known.push((name.clone(), function));
    Ok(known.len() - 1)
}

/// A file as this thread has met it last, under some terms.
struct File {
    path: PathBuf,
    terms: Terms,
    script: Option<Arc<Script>>,
    /// Those of the thread's scope.
    #[allow(clippy::vec_box)]
    idle: Vec<Box<Guest>>,
}

/// What a thread has of scripts.
#[derive(Default)]
struct Local {
    files: Vec<File>,
    /// By directive and section.
    uses: HashMap<(u64, u64), usize>,
    /// By path and terms.
    keys: HashMap<(Vec<u8>, Terms), usize>,
}

thread_local! {
    static LOCAL: RefCell<Local> = RefCell::default();
}

impl Local {
    /// The place of a function's file under a section's terms.
    fn place(&mut self, dir: &Dir, function: &Function) -> usize {
        let by_use = dir.number().filter(|_| function.id != 0).map(|number| (function.id, number));
        if let Some(at) = by_use.and_then(|key| self.uses.get(&key)) {
            return *at;
        }
        if self.uses.len() >= MOST_USES || self.files.len() >= MOST_FILES {
            *self = Local::default();
        }
        let terms = Terms {
            settings: dir.settings.get().cloned().unwrap_or_default(),
            given: dir.content.get().map(|content| content.given().clone()).unwrap_or_default(),
        };
        let at = *self.keys.entry((function.file.clone(), terms.clone())).or_insert_with(|| {
            let path = process::path(&function.file);
            self.files.push(File { path, terms, script: None, idle: Vec::new() });
            self.files.len() - 1
        });
        if let Some(key) = by_use {
            self.uses.insert(key, at);
        }
        at
    }
}

impl File {
    /// The script in the file, loaded if it isn't yet or if it has changed.
    fn script(&mut self, cache: CodeCache) -> Result<Arc<Script>, String> {
        let script = match (&self.script, cache) {
            (Some(script), _) if script.shared.is_closed() => load::get(&self.path, &self.terms, cache)?,
            (Some(script), CodeCache::Forever) => return Ok(script.clone()),
            (Some(script), CodeCache::Stat) if Stamp::of(&self.path)? == script.stamp => return Ok(script.clone()),
            _ => load::get(&self.path, &self.terms, cache)?,
        };
        if self.script.as_ref().is_none_or(|known| known.uid != script.uid) {
            self.idle.clear();
            self.script = Some(script.clone());
        }
        Ok(script)
    }
}

/// An instance that is out on a call, or for the time of a body.
pub(super) struct Taken {
    guest: Option<Box<Guest>>,
    scope: Scope,
    at: usize,
}

impl Taken {
    /// Takes an instance of a function's file that serves nothing else meanwhile.
    pub(super) fn take(dir: &Dir, function: &Function, r: Request<'_>) -> Result<Taken, Failure> {
        call::has_room()?;
        let scope = dir.settings.get().map_or_else(Scope::default, |settings| settings.scope());
        let cache = dir.script.get().and_then(|config| config.code_cache).unwrap_or(CodeCache::Stat);
        let (at, script, idle) = LOCAL.with_borrow_mut(|local| {
            let at = local.place(dir, function);
            let file = &mut local.files[at];
            let script = file.script(cache);
            let idle = if scope == Scope::Thread { file.idle.pop() } else { None };
            (at, script, idle)
        });
        let script = script.map_err(|what| Failure::Host { what, backtrace: Vec::new() })?;
        script.counters.called();
        let home = Home { scope, owner: script.uid, r: Some(r), shared: &script.shared, here: script.shared.here() };
        let guest = match home.take(|| idle) {
            Some(mut guest) => {
                if scope == Scope::Once {
                    script.counters.made();
                    guest.instance.stays(true);
                    guest.instance.begin()?;
                }
                guest
            }
            None => {
                for _ in 1..home.to_make() {
                    home.put(Guest::new(&script, scope)?, drop);
                }
                Guest::new(&script, scope)?
            }
        };
        Ok(Taken { guest: Some(guest), scope, at })
    }

    /// The instance.
    pub(super) fn guest(&mut self) -> Result<&mut Guest, Failure> {
        self.guest.as_deref_mut().ok_or(Failure::Poisoned)
    }

    /// Puts it back, unless it failed; without a request only where instances outlive requests and connections.
    pub(super) fn put(&mut self, r: Option<Request<'_>>) {
        let Some(mut guest) =
            self.guest.take().filter(|guest| !guest.instance.poisoned() && !guest.instance.data().is_full())
        else {
            return;
        };
        let script = guest.script.clone();
        match self.scope {
            Scope::Server { max, .. } => return script.shared.put(script.shared.here(), guest, max),
            Scope::Once if guest.renew() => return script.shared.put(script.shared.here(), guest, usize::MAX),
            Scope::Once => return,
            Scope::Request | Scope::Conn if r.is_none() => return,
            _ => {}
        }
        let home = Home { scope: self.scope, owner: script.uid, r, shared: &script.shared, here: script.shared.here() };
        home.put(guest, |guest| {
            LOCAL.with_borrow_mut(|local| {
                // Another thread may have taken it, or the file may have changed.
                let is_own = |file: &&mut File| file.script.as_ref().is_some_and(|own| own.uid == script.uid);
                if let Some(file) = local.files.get_mut(self.at).filter(is_own) {
                    scope::keep(&mut file.idle, guest);
                }
            });
        });
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.put(None);
    }
}

/// Calls `with` with an instance of a function's file.
///
/// # Errors
/// The failure of a call, after which the instance is dropped.
pub(super) fn with<R>(
    dir: &Dir,
    function: &Function,
    r: Request<'_>,
    with: impl FnOnce(&mut Guest) -> Result<R, Failure>,
) -> Result<R, Failure> {
    let mut taken = Taken::take(dir, function, r)?;
    let result = with(taken.guest()?);
    taken.put(Some(r));
    result
}
