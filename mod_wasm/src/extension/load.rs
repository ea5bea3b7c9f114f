//! Loads an extension: file, kind, imports, and what the module says of itself. Every error names the module.

use super::describe::{Description, FilterSpec};
use super::instances::Exports;
use super::merge::Met;
use super::{Extension, Kind, Node};
use crate::counters::Counters;
use crate::extension::node::Content;
use crate::host::{self, Gift, Host};
use crate::httpd::{Pool, filter, server, slots};
use crate::process;
use crate::runtime::{self, Guest, Limits, LoadError, Place};
use crate::scope::Shared;
use crate::settings::Settings;
use crate::wasi::Given;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};

static NEXT_UID: AtomicU64 = AtomicU64::new(1);

/// A number unlike that of any other guest that this process or its parent has loaded.
pub(crate) fn next_uid() -> u64 {
    NEXT_UID.fetch_add(1, Ordering::Relaxed)
}

/// Loads the module in `path` under an identifier, ready to be put in its slot.
///
/// # Errors
/// The text for the administrator.
pub(crate) fn extension(
    identifier: &str,
    path: &Path,
    settings: &Settings,
    given: &Given,
    default_cache: Option<PathBuf>,
    pool: Pool<'_>,
) -> Result<Extension, String> {
    let cannot = |why: &dyn std::fmt::Display| format!("Cannot load {} as {identifier}: {why}", path.display());
    let runtime = process::runtime(default_cache, pool).map_err(|why| cannot(&why))?;
    let slot = slots::free()
        .ok_or_else(|| cannot(&format!("{} WebAssembly modules are loaded, and no more can be", slots::SLOTS)))?;
    let artifact = if settings.scope().is_short() { runtime.load(path) } else { runtime.load_kept(path) };
    let artifact = artifact.map_err(|why| cannot(&why))?;
    process::tell(pool, &artifact.notices);
    match artifact.kind {
        runtime::Kind::Extension { .. } => {}
        runtime::Kind::Command => return Err(cannot(&"a WASI command (it exports _start), not an Apache module")),
        runtime::Kind::ProxyWasm => return Err(cannot(&"a proxy-wasm filter, not an Apache module")),
        runtime::Kind::Plain => {
            return Err(cannot(&format!("not an Apache module: it does not export {}", host::MARKER)));
        }
    }
    let how = if artifact.cached { "compiled code from the cache" } else { "compiled now" };
    process::debug(
        pool,
        &format!("mod_wasm: {identifier} is {} (SHA-256 {}), {how}", artifact.path.display(), artifact.hash),
    );
    let mut linker = runtime.linker::<Host>();
    let gift = Gift::of(&artifact, given);
    if gift.is_none() && *given != Given::default() {
        process::warn(
            pool,
            &format!(
                "WasmArg, WasmEnv, WasmDir and WasmMapDir have no effect on {identifier}: it imports nothing of WASI"
            ),
        );
    }
    linker.define(|linker| host::link_for(linker, settings, gift.as_ref())).map_err(|why| cannot(&why))?;
    let guest = Guest::link(&artifact, &linker).map_err(|why| cannot(&import(why)))?;
    let limits = settings.limits();
    let description = describe(&guest, &limits, gift.as_ref()).map_err(|why| cannot(&why))?;
    if server::has_module(&description.name) {
        let name = String::from_utf8_lossy(&description.name);
        return Err(cannot(&format!(
            "a module named {name} is already loaded: remove its LoadModule to use the WebAssembly module in its place"
        )));
    }
    takes_nothing(&description).map_err(|why| cannot(&why))?;
    Ok(Extension {
        slot,
        uid: next_uid(),
        identifier: identifier.to_string(),
        description,
        gift,
        guest,
        limits,
        counters: Counters::of(identifier),
        on_trap: settings.on_trap(),
        scope: settings.scope(),
        shared: Shared::default(),
        met: Met::default(),
        roots: [Kind::Dir, Kind::Server].map(|kind| Node::new(kind as u64, kind, Content::Empty, false)),
        next_node: AtomicU64::new(2),
        module_index: AtomicI32::new(-1),
    })
}

/// What belongs to another module can't be declared: httpd would hand it over without a word.
fn takes_nothing(description: &Description) -> Result<(), String> {
    let text = String::from_utf8_lossy;
    for directive in &description.directives {
        if let Some(owner) = server::directive_owner(&directive.name) {
            return Err(format!(
                "it declares the directive {}, which {} has already",
                text(&directive.name),
                text(&owner)
            ));
        }
    }
    let of = |kind, specs: &[FilterSpec], taken: fn(&[u8]) -> bool| match specs.iter().find(|spec| taken(&spec.name)) {
        Some(spec) => Err(format!("it declares the {kind} filter {}, which is registered already", text(&spec.name))),
        None => Ok(()),
    };
    of("output", &description.filters.output, filter::is_output)?;
    of("input", &description.filters.input, filter::is_input)
}

/// Has the module describe itself, in an instance that is thrown away.
fn describe(guest: &Guest<Host>, limits: &Limits, gift: Option<&Arc<Gift>>) -> Result<Description, String> {
    let _signals = process::existing_runtime().map(runtime::Runtime::in_parent);
    let mut instance =
        guest.instantiate(Host::describing().with_gift(gift), limits, Place::Kept).map_err(|why| why.to_string())?;
    if instance.data().memory().is_none() {
        return Err("it does not export its memory as \"memory\"".into());
    }
    let exports = Exports::of(&mut instance)?;
    let function = instance
        .func::<(), ()>("apache_module")
        .ok_or("it does not export a function apache_module without parameters")?;
    instance.call(&function, ()).map_err(|why| format!("apache_module: {why}"))?;
    let mut description = instance.data_mut().take_description();
    if description.name.is_empty() {
        return Err("apache_module did not call ap_module_name".into());
    }
    let order = |bit| description.hooks.iter().find(|(ordered, _)| *ordered == bit).map(|(_, order)| order.clone());
    description.hooks = exports.hook_bits().map(|bit| (bit, order(bit).unwrap_or_default())).collect();
    if !description.directives.is_empty() && !exports.can_parse() {
        return Err("it declares directives but does not export ap_create_config and ap_directive".into());
    }
    if !description.filters.output.is_empty() && exports.output_filter.is_none() {
        return Err("it declares output filters but does not export ap_output_filter".into());
    }
    if !description.filters.input.is_empty() && exports.input_filter.is_none() {
        return Err("it declares input filters but does not export ap_input_filter".into());
    }
    Ok(description)
}

/// A failed import as the administrator knows it: by function and group.
pub(crate) fn import(error: LoadError) -> String {
    let LoadError::Import { module, name } = &error else { return error.to_string() };
    let group = module.strip_prefix("apache.").and_then(|rest| rest.rsplit_once('.')).map(|(group, _)| group);
    match group {
        Some(group) if host::GROUPS.contains(&group) && host::has_function(module, name) => {
            format!("it imports {name} of group {group}, which is not allowed here (WasmApi +{group} allows it)")
        }
        _ => format!("it imports {name} of {module}, which does not exist"),
    }
}
