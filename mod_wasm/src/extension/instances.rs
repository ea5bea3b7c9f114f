//! Instances of extensions: taken for a call, put back after it by their scope, dropped if they failed.

use super::merge::Memory;
use super::node::{Content, Kind, Node};
use super::{Extension, parse};
use crate::call;
use crate::host::{HOOK_EXPORTS, Host};
use crate::httpd::Request;
use crate::process;
use crate::runtime::{Failure, Instance, Place, Runtime};
use crate::scope::{self, Home};
use std::cell::RefCell;
use std::sync::Arc;
use wasmtime::TypedFunc;

/// Transient configurations after which an instance is replaced, so that .htaccess files can't fill its memory.
const MOST_TRANSIENT: u32 = 256;
/// Configurations that may fill an instance's memory so far that it is replaced, before a request meets its limit.
const MANY_CONFIGS: usize = 256;

/// An instance with its exports looked up.
pub(crate) struct Guest {
    /// The instance.
    pub(crate) instance: Instance<Host>,
    /// Its exports.
    pub(crate) exports: Exports,
    /// Nodes whose configurations are in force, so that the usual case is a comparison.
    entered: [Option<u64>; 2],
    transient: u32,
}

/// A filter's export: filter, body, request, event, length of the chunk; its answer.
type FilterFunc = TypedFunc<(u32, u32, u32, u32, u32), i32>;

/// What a guest exports, of the right types.
pub(crate) struct Exports {
    pub(crate) create_config: Option<TypedFunc<u32, u32>>,
    pub(crate) directive: Option<TypedFunc<(u32, u32, u32), i32>>,
    pub(crate) merge_config: Option<TypedFunc<(u32, u32, u32), u32>>,
    pub(crate) free_config: Option<TypedFunc<(u32, u32), ()>>,
    pub(crate) config_hooks: Option<TypedFunc<(u32, u32), u64>>,
    pub(crate) hooks: [Option<TypedFunc<u32, i32>>; HOOK_EXPORTS.len()],
    pub(crate) output_filter: Option<FilterFunc>,
    pub(crate) input_filter: Option<FilterFunc>,
}

impl Exports {
    /// Looks the exports up; an export of a known name and another type is an error.
    pub(crate) fn of(instance: &mut Instance<Host>) -> Result<Exports, String> {
        fn find<P: wasmtime::WasmParams, R: wasmtime::WasmResults>(
            instance: &mut Instance<Host>,
            name: &str,
        ) -> Result<Option<TypedFunc<P, R>>, String> {
            match instance.func(name) {
                None if instance.has(name) => Err(format!("its export {name} has the wrong type")),
                found => Ok(found),
            }
        }
        let mut hooks = [const { None }; HOOK_EXPORTS.len()];
        for (hook, name) in hooks.iter_mut().zip(HOOK_EXPORTS) {
            *hook = find(instance, name)?;
        }
        Ok(Exports {
            create_config: find(instance, "ap_create_config")?,
            directive: find(instance, "ap_directive")?,
            merge_config: find(instance, "ap_merge_config")?,
            free_config: find(instance, "ap_free_config")?,
            config_hooks: find(instance, "ap_config_hooks")?,
            hooks,
            output_filter: find(instance, "ap_output_filter")?,
            input_filter: find(instance, "ap_input_filter")?,
        })
    }

    /// Bits of the hooks that are exported.
    pub(crate) fn hook_bits(&self) -> impl Iterator<Item = u32> + use<'_> {
        (0..).zip(&self.hooks).filter(|(_, hook)| hook.is_some()).map(|(bit, _)| bit)
    }

    /// Whether directives can be parsed.
    pub(crate) fn can_parse(&self) -> bool {
        self.create_config.is_some() && self.directive.is_some()
    }
}

impl Guest {
    fn new(extension: &Extension, r: Option<Request<'_>>) -> Result<Guest, Failure> {
        extension.counters.made();
        let host = Host::serving(
            extension.module_index(),
            &extension.description,
            extension.limits.time,
            Some(extension.counters),
        );
        let host = host.with_gift(extension.gift.as_ref());
        let place = if extension.scope.is_short() && r.is_some() { Place::Fresh } else { Place::Kept };
        let mut instance = extension.guest.instantiate(host, &extension.limits, place)?;
        if instance.is_beyond_pool() {
            extension.counters.made_beyond_pool();
        }
        let exports = Exports::of(&mut instance).map_err(|what| Failure::Host { what, backtrace: Vec::new() })?;
        Ok(Guest { instance, exports, entered: [None; 2], transient: 0 })
    }

    /// The guest's own address of a configuration, made at the first call for a node: the guest parses the
    /// directives again, or merges. 0 where the guest has no configuration.
    pub(crate) fn config(&mut self, node: &Node) -> Result<u32, Failure> {
        // A chain of merges is as long as httpd finds sections, which a .htaccess file can hold by the thousand: outwards
        // to a configuration that the guest has, then back, in loops. The inner side of a merge is never deep.
        let (mut at, mut merges) = (node, Vec::new());
        let mut address = loop {
            if let Some(address) = self.instance.data().configs.get(&at.id) {
                break *address;
            }
            match &at.content {
                Content::Merged(base, add) => {
                    merges.push((at, add));
                    at = base;
                }
                Content::Empty | Content::Directive(..) => {
                    let address = parse::replay(self, at)?;
                    self.keep(at, address)?;
                    break address;
                }
            }
        };
        for (node, add) in merges.into_iter().rev() {
            let add = self.config(add)?;
            self.instance.data_mut().passing = node.transient;
            address = match &self.exports.merge_config {
                Some(merge) => self.instance.call(merge, (node.kind as u32, address, add))?,
                None => add,
            };
            self.keep(node, address)?;
        }
        Ok(address)
    }

    /// Remembers the address of a node's configuration, and asks which hooks it needs.
    pub(crate) fn keep(&mut self, node: &Node, address: u32) -> Result<(), Failure> {
        self.instance.data_mut().configs.insert(node.id, address);
        self.transient += u32::from(node.transient);
        self.instance.data_mut().passing = node.transient;
        if node.hooks.get().is_none() {
            let hooks = match &self.exports.config_hooks {
                Some(ask) => self.instance.call(ask, (node.kind as u32, address))?,
                None => u32::MAX.into(),
            };
            let _ = node.hooks.set(hooks);
        }
        Ok(())
    }

    /// Makes the configurations in force known to the instance before it is called.
    pub(crate) fn enter(&mut self, dir: Option<&Arc<Node>>, server: Option<&Arc<Node>>) -> Result<(), Failure> {
        for (kind, node) in [(Kind::Dir, dir), (Kind::Server, server)] {
            let id = node.map(|node| node.id);
            if id.is_none() || id != self.entered[kind as usize] {
                let address = node.map_or(Ok(0), |node| self.config(node))?;
                let data = self.instance.data_mut();
                data.current[kind as usize] = address;
                data.passing = dir.is_some_and(|dir| dir.transient);
                self.entered[kind as usize] = id;
                self.tell_configs();
            }
        }
        Ok(())
    }

    /// Writes the addresses of the configurations in force where the guest wants them. A place outside of its memory
    /// stays as it is, which is the guest's own affair.
    fn tell_configs(&mut self) {
        let data = self.instance.data();
        if let (Some(place), Some(memory)) = (data.configs_at, data.memory()) {
            let addresses = data.current.map(u32::to_le_bytes);
            let _ = memory.write(&mut self.instance.store, place as usize, addresses.as_flattened());
        }
    }

    /// Whether it has gathered so much that another is to take its place: what it can't give back (handles) or hardly
    /// ever does (memory full of configurations).
    fn worn_out(&mut self) -> bool {
        let data = self.instance.data();
        let many = data.configs.len() >= MANY_CONFIGS;
        self.transient >= MOST_TRANSIENT || data.is_full() || many && self.instance.memory_is_half_full()
    }

    /// Takes the configuration of a node away, to be changed into another's.
    pub(crate) fn take(&mut self, node: &Node) -> Option<u32> {
        self.entered = [None; 2];
        self.instance.data_mut().configs.remove(&node.id)
    }
}

/// Writes what the guest wants to know of each request that a hook is called for where it wants to find it.
#[inline]
pub(super) fn read_before(instance: &mut Instance<Host>, bit: u32, r: Request<'_>) {
    if let Some(memory) = instance.data().memory().filter(|_| instance.data().reads_before()) {
        let (memory, host) = memory.data_and_store_mut(&mut instance.store);
        host.read_before(memory, bit, r);
    }
}

/// What a thread has of one extension.
#[derive(Default)]
pub(crate) struct Local {
    uid: u64,
    /// Boxed, since they are moved for each call.
    #[allow(clippy::vec_box)]
    idle: Vec<Box<Guest>>,
    /// What it remembers of sections.
    pub(crate) memory: Memory,
}

thread_local! {
    static LOCALS: RefCell<Vec<Local>> = const { RefCell::new(Vec::new()) };
}

/// Calls `with` with what this thread has of an extension. Not to be nested.
pub(crate) fn local<R>(extension: &Extension, with: impl FnOnce(&mut Local) -> R) -> R {
    LOCALS.with_borrow_mut(|locals| {
        if locals.len() <= extension.slot {
            locals.resize_with(extension.slot + 1, Local::default);
        }
        let local = &mut locals[extension.slot];
        if local.uid != extension.uid {
            *local = Local { uid: extension.uid, ..Local::default() };
        }
        with(local)
    })
}

/// Calls `with` with an instance of an extension that serves nothing else meanwhile, by its scope if it is for a request.
///
/// # Errors
/// The failure of a call, after which the instance is dropped.
pub(crate) fn with<R>(
    extension: &Extension,
    r: Option<Request<'_>>,
    with: impl FnOnce(&mut Guest) -> Result<R, Failure>,
) -> Result<R, Failure> {
    let _signals = if process::serving() { None } else { process::existing_runtime().map(Runtime::in_parent) };
    call::has_room()?;
    let home = Home {
        scope: extension.scope,
        owner: extension.uid,
        r,
        shared: &extension.shared,
        here: extension.shared.here(),
    };
    let put = |guest| home.put(guest, |guest| local(extension, |local| scope::keep(&mut local.idle, guest)));
    let mut guest = match home.take(|| local(extension, |local| local.idle.pop())) {
        Some(guest) => guest,
        None => {
            for _ in 1..home.to_make() {
                put(Box::new(Guest::new(extension, r)?));
            }
            Box::new(Guest::new(extension, r)?)
        }
    };
    extension.counters.called();
    let result = with(&mut guest);
    guest.instance.data_mut().end_call();
    if !guest.instance.poisoned() && !guest.worn_out() {
        put(guest);
    }
    result
}
