//! http_config.h and mod_so.h: makes an extension a module of httpd like any that LoadModule brings.

use super::bindings::*;
use super::bytes::bytes;
use super::guard::guard;
use super::pool::Pool;
use super::section::Section;
use super::slots::{self, per_slot};
use super::{command, filter, hooks, mapfunc, mutex};
use crate::extension::{Extension, Kind, merge};
use std::ffi::{c_char, c_int, c_void};
use std::ptr::null_mut;

/// Adds the extension of a slot to httpd: symbol, directives, hooks, filters, first configuration. The error is
/// httpd's text. As mod_so.c:load_module does for a native one.
///
/// # Safety
/// `cmd` is what httpd gives to a directive's function that runs while the configuration is read.
pub(super) unsafe fn add(cmd: *mut cmd_parms, identifier: &[u8], slot: usize) -> Result<(), Vec<u8>> {
    // SAFETY: the caller's promise.
    let (cmd_pool, server) = unsafe { ((*cmd).pool, (*cmd).server) };
    // SAFETY: the configuration's pool.
    let pool = unsafe { Pool::from_raw(cmd_pool) };
    let Some((name, commands)) = slots::with(slot, |extension| {
        let description = &extension.description;
        (pool.strdup_cut(&description.name), command::table(pool, slot, &description.directives))
    }) else {
        return Err(b"the module has no slot".to_vec());
    };
    let record: *mut module = pool.keep(module {
        version: MODULE_MAGIC_NUMBER_MAJOR as c_int,
        minor_version: MODULE_MAGIC_NUMBER_MINOR as c_int,
        module_index: -1,
        name,
        dynamic_load_handle: null_mut(),
        next: null_mut(),
        magic: MODULE_MAGIC_COOKIE.into(),
        rewrite_args: None,
        create_dir_config: Some(per_slot!(create_dir)[slot]),
        merge_dir_config: Some(per_slot!(merge_configs)[slot]),
        create_server_config: Some(per_slot!(create_server)[slot]),
        merge_server_config: Some(per_slot!(merge_configs)[slot]),
        cmds: commands,
        register_hooks: Some(per_slot!(register_hooks)[slot]),
        flags: AP_MODULE_FLAG_NONE as c_int,
    });
    let symbol = pool.strdup_cut(identifier);
    // SAFETY: the record, its strings and its table live as long as the configuration's pool.
    unsafe {
        if let Some(symbols) = loaded_modules(server) {
            let entry = apr_array_push(symbols).cast::<ap_module_symbol_t>();
            entry.write(ap_module_symbol_t { name: symbol, modp: record });
        }
        if let Some(error) = bytes(ap_add_loaded_module(record, cmd_pool, symbol)) {
            return Err(error.to_vec());
        }
        slots::with(slot, |extension| extension.set_index((*record).module_index));
        // Cleanups run last in, first out: httpd forgets the module before the record goes.
        apr_pool_cleanup_register(cmd_pool, record.cast(), Some(remove), Some(apr_pool_cleanup_null));
        ap_single_module_configure(cmd_pool, server, record);
    }
    Ok(())
}

/// Source name of the module that has this identifier, `headers_module`, if one is loaded.
///
/// # Safety
/// As [`add`].
pub(super) unsafe fn loaded(cmd: *mut cmd_parms, identifier: &[u8]) -> Option<Loaded> {
    // SAFETY: mod_so's array holds what it and `add` pushed.
    unsafe {
        let symbols = &*loaded_modules((*cmd).server)?;
        let symbols = (0..symbols.nelts.max(0) as usize).map(|i| &*symbols.elts.cast::<ap_module_symbol_t>().add(i));
        let entry =
            symbols.filter(|entry| !entry.modp.is_null()).find(|entry| bytes(entry.name) == Some(identifier))?;
        Some(if (*entry.modp).dynamic_load_handle.is_null() { Loaded::Extension } else { Loaded::Native })
    }
}

/// Who has an identifier already.
pub(super) enum Loaded {
    /// A module that LoadModule brought.
    Native,
    /// A guest.
    Extension,
}

/// mod_so's list of symbols, the only member of its server configuration (mod_so.c:so_server_conf).
///
/// # Safety
/// `server` is the main server.
unsafe fn loaded_modules(server: *mut server_rec) -> Option<*mut apr_array_header_t> {
    // SAFETY: mod_so is part of every httpd that could load us; its configuration is made before it reads any file.
    unsafe {
        let so = ap_find_linked_module(c"mod_so.c".as_ptr()).as_ref()?;
        let vector = (*server).module_config.cast::<*mut *mut apr_array_header_t>();
        let array = *(*vector.add(usize::try_from(so.module_index).ok()?)).as_ref()?;
        (!array.is_null()).then_some(array)
    }
}

unsafe extern "C" fn remove(record: *mut c_void) -> apr_status_t {
    // SAFETY: `add` registered the record, which is freed after this.
    guard((), || unsafe { ap_remove_loaded_module(record.cast()) });
    0
}

unsafe extern "C" fn create_dir<const SLOT: usize>(pool: *mut apr_pool_t, _path: *mut c_char) -> *mut c_void {
    // SAFETY: httpd gives the pool that the section lives in.
    guard(null_mut(), || unsafe { create(SLOT, pool, Kind::Dir) })
}

unsafe extern "C" fn create_server<const SLOT: usize>(pool: *mut apr_pool_t, _server: *mut server_rec) -> *mut c_void {
    // SAFETY: as above.
    guard(null_mut(), || unsafe { create(SLOT, pool, Kind::Server) })
}

/// # Safety
/// `pool` lives.
unsafe fn create(slot: usize, pool: *mut apr_pool_t, kind: Kind) -> *mut c_void {
    // SAFETY: the caller's promise.
    let pool = unsafe { Pool::from_raw(pool) };
    slots::with(slot, |extension| Section::create(pool, extension.root(kind).clone())).unwrap_or(null_mut())
}

unsafe extern "C" fn merge_configs<const SLOT: usize>(
    pool: *mut apr_pool_t,
    base: *mut c_void,
    add: *mut c_void,
) -> *mut c_void {
    guard(base, || {
        // SAFETY: httpd gives sections that `create_*` or this function made, which live as long as the pool.
        let (pool, sections) = unsafe { (Pool::from_raw(pool), Section::from_raw(base).zip(Section::from_raw(add))) };
        let merged = slots::with(SLOT, |extension: &Extension| {
            let (base, add) = sections?;
            Some(match merge::sections(extension, base.node(), add.node()) {
                merge::Merged::Kept(section) => section.address(),
                merge::Merged::New(node) => Section::create(pool, node),
            })
        });
        merged.flatten().unwrap_or(base)
    })
}

unsafe extern "C" fn register_hooks<const SLOT: usize>(pool: *mut apr_pool_t) {
    guard((), || {
        // SAFETY: httpd gives the configuration's pool.
        let pool = unsafe { Pool::from_raw(pool) };
        slots::with(SLOT, |extension| {
            if !extension.description.mutexes.is_empty() {
                mutex::register(SLOT);
            }
            if extension.description.offers_map_functions {
                mapfunc::offer(pool);
            }
            for (bit, order) in &extension.description.hooks {
                hooks::register(pool, SLOT, *bit, order);
            }
            filter::register(SLOT, extension);
        });
    });
}
