//! ap_hooks.h: the callbacks that httpd runs for a request, one for each hook and slot.

use super::bindings::*;
use super::bytes::bytes;
use super::configuring;
use super::guard::guard;
use super::order;
use super::pool::Pool;
use super::request::Request;
use super::section::Section;
use super::slots::{self, per_slot};
use crate::extension::{Order, hooks};
use crate::host::Given;
use std::cell::Cell;
use std::ffi::{c_char, c_int};

const INTERNAL_SERVER_ERROR: c_int = HTTP_INTERNAL_SERVER_ERROR as c_int;

/// How many hooks there are.
pub(super) const BITS: u32 = crate::host::HOOK_EXPORTS.len() as u32;
/// The bits of child_init and check_config.
const CHILD_INIT: u32 = 22;
const CHECK_CONFIG: u32 = 24;

macro_rules! callbacks {
    ($($bit:literal $name:ident: $kind:ident $register:ident $(($extra:expr))?, $hooked:ident;)*) => {
        $(callbacks!(@callback $kind $bit $name);)*

        /// Registers a slot's callback for the hook of a bit, with httpd's own ordering; the pool is the configuration's.
        pub(super) fn register(pool: Pool<'_>, slot: usize, bit: u32, order: &Order) {
            let mut wish = order.clone();
            if bit == CHILD_INIT {
                // Before that no guest can be called in a child.
                wish.predecessors.push(c"mod_wasm.c".to_owned());
            }
            let order = wish.order;
            let (before, after) = order::wish(pool, wish);
            // SAFETY: httpd keeps the lists no longer than the pool; the callbacks are of the hook's type.
            unsafe {
                match bit {
                    $($bit => $register(Some(per_slot!($name)[slot]), before, after, order $(, $extra)?),)*
                    _ => {}
                }
            }
        }

        /// What is registered for the hook of a bit; NULL where nothing is.
        pub(super) fn hooked(bit: u32) -> *mut apr_array_header_t {
            // SAFETY: only one thread reads a configuration.
            unsafe {
                match bit {
                    $($bit => $hooked(),)*
                    _ => std::ptr::null_mut(),
                }
            }
        }
    };
    (@callback status $bit:literal $name:ident) => {
        unsafe extern "C" fn $name<const SLOT: usize>(r: *mut request_rec) -> c_int {
            guard(INTERNAL_SERVER_ERROR, || {
                // SAFETY: httpd gives a request that lives during the callback.
                let Some(r) = (unsafe { Request::from_raw(r) }) else { return DECLINED };
                slots::with(SLOT, |extension| hooks::run(extension, $bit, r)).unwrap_or(DECLINED)
            })
        }
    };
    (@callback config $bit:literal $name:ident) => {
        unsafe extern "C" fn $name<const SLOT: usize>(
            pool: *mut apr_pool_t,
            _log: *mut apr_pool_t,
            _temp: *mut apr_pool_t,
            server: *mut server_rec,
        ) -> c_int {
            guard(INTERNAL_SERVER_ERROR, || {
                // SAFETY: httpd's arguments; no other thread knows the servers yet.
                unsafe { each_server(SLOT, $bit, pool, server) }
            })
        }
    };
    (@callback quick $bit:literal $name:ident) => {
        unsafe extern "C" fn $name<const SLOT: usize>(r: *mut request_rec, lookup: c_int) -> c_int {
            guard(INTERNAL_SERVER_ERROR, || {
                // SAFETY: as above.
                let Some(r) = (unsafe { Request::from_raw(r) }) else { return DECLINED };
                let mut given = Given::Number((lookup != 0).into());
                slots::with(SLOT, |extension| hooks::run_given(extension, $bit, r, &mut given)).unwrap_or(DECLINED)
            })
        }
    };
    (@callback noted $bit:literal $name:ident) => {
        unsafe extern "C" fn $name<const SLOT: usize>(r: *mut request_rec, auth_type: *const c_char) -> c_int {
            guard(DECLINED, || {
                // SAFETY: as above; the type is a C string.
                let (r, auth_type) = unsafe { (Request::from_raw(r), bytes(auth_type)) };
                let Some(r) = r else { return DECLINED };
                let mut given = Given::Text(auth_type.unwrap_or_default().to_vec());
                slots::with(SLOT, |extension| hooks::run_given(extension, $bit, r, &mut given)).unwrap_or(DECLINED)
            })
        }
    };
    (@callback id $bit:literal $name:ident) => {
        unsafe extern "C" fn $name<const SLOT: usize>(
            _connection: *const conn_rec,
            r: *const request_rec,
            id: *mut *const c_char,
        ) -> c_int {
            guard(DECLINED, || {
                // SAFETY: httpd gives a request or NULL, and a place for the id.
                unsafe { log_id(SLOT, $bit, r.cast_mut(), id) }
            })
        }
    };
    (@callback init $bit:literal $name:ident) => {
        unsafe extern "C" fn $name<const SLOT: usize>(_pool: *mut apr_pool_t, server: *mut server_rec) {
            // SAFETY: httpd gives its list of servers.
            guard((), || unsafe { server_hooks(SLOT, $bit, server) });
        }
    };
    (@callback watch $bit:literal $name:ident) => {
        unsafe extern "C" fn $name<const SLOT: usize>(_pool: *mut apr_pool_t, server: *mut server_rec) -> c_int {
            // SAFETY: as above.
            guard((), || unsafe { server_hooks(SLOT, $bit, server) });
            DECLINED
        }
    };
    (@callback asked $bit:literal $name:ident) => {
        unsafe extern "C" fn $name<const SLOT: usize>(r: *mut request_rec) -> c_int {
            guard(INTERNAL_SERVER_ERROR, || {
                // SAFETY: as above.
                let Some(r) = (unsafe { Request::from_raw(r) }) else { return DECLINED };
                let answer = slots::with(SLOT, |extension| hooks::run(extension, $bit, r)).unwrap_or(DECLINED);
                // httpd takes any other answer than OK for no (request.c:ap_process_request_internal).
                if answer >= 400 {
                    r.fail();
                }
                answer
            })
        }
    };
    (@callback void $bit:literal $name:ident) => {
        unsafe extern "C" fn $name<const SLOT: usize>(r: *mut request_rec) {
            guard((), || {
                // SAFETY: as above.
                let Some(r) = (unsafe { Request::from_raw(r) }) else { return };
                let answer = slots::with(SLOT, |extension| hooks::run(extension, $bit, r));
                if answer.is_some_and(|status| status >= 400) {
                    r.fail();
                }
            });
        }
    };
}

// The bits are positions in host-api's list of hooks; a test holds the two together.
callbacks! {
    0 post_read_request: status ap_hook_post_read_request, ap_hook_get_post_read_request;
    1 pre_translate_name: status ap_hook_pre_translate_name, ap_hook_get_pre_translate_name;
    2 translate_name: status ap_hook_translate_name, ap_hook_get_translate_name;
    3 map_to_storage: status ap_hook_map_to_storage, ap_hook_get_map_to_storage;
    4 header_parser: status ap_hook_header_parser, ap_hook_get_header_parser;
    5 access_checker: status ap_hook_check_access (AP_AUTH_INTERNAL_PER_CONF as c_int), ap_hook_get_access_checker;
    6 access_checker_ex: status ap_hook_check_access_ex (AP_AUTH_INTERNAL_PER_CONF as c_int), ap_hook_get_access_checker_ex;
    7 check_user_id: status ap_hook_check_authn (AP_AUTH_INTERNAL_PER_CONF as c_int), ap_hook_get_check_user_id;
    8 auth_checker: status ap_hook_check_authz (AP_AUTH_INTERNAL_PER_CONF as c_int), ap_hook_get_auth_checker;
    9 type_checker: status ap_hook_type_checker, ap_hook_get_type_checker;
    10 fixups: status ap_hook_fixups, ap_hook_get_fixups;
    11 insert_filter: void ap_hook_insert_filter, ap_hook_get_insert_filter;
    12 handler: status ap_hook_handler, ap_hook_get_handler;
    13 insert_error_filter: void ap_hook_insert_error_filter, ap_hook_get_insert_error_filter;
    14 log_transaction: status ap_hook_log_transaction, ap_hook_get_log_transaction;
    15 fixups_2: status ap_hook_fixups, ap_hook_get_fixups;
    16 post_config: config ap_hook_post_config, ap_hook_get_post_config;
    17 quick_handler: quick ap_hook_quick_handler, ap_hook_get_quick_handler;
    18 post_perdir_config: status ap_hook_post_perdir_config, ap_hook_get_post_perdir_config;
    19 force_authn: asked ap_hook_force_authn, ap_hook_get_force_authn;
    20 note_auth_failure: noted ap_hook_note_auth_failure, ap_hook_get_note_auth_failure;
    21 generate_log_id: id ap_hook_generate_log_id, ap_hook_get_generate_log_id;
    22 child_init: init ap_hook_child_init, ap_hook_get_child_init;
    23 monitor: watch ap_hook_monitor, ap_hook_get_monitor;
    24 check_config: config ap_hook_check_config, ap_hook_get_check_config;
}

/// Runs a hook for each server, up to the first that doesn't answer OK. httpd reads its configuration twice when it
/// starts; only the second reading is the one that it serves with, but either is checked.
///
/// # Safety
/// `pool` and `server` are what httpd gives after it has read a configuration.
unsafe fn each_server(slot: usize, bit: u32, pool: *mut apr_pool_t, mut server: *mut server_rec) -> c_int {
    // SAFETY: the caller's promise; each server has vectors with a place for each module.
    unsafe {
        // What check_config has to say at the second reading nobody would hear: the server is a daemon by then, and its log
        // not open (main.c:main).
        if bit != CHECK_CONFIG && ap_state_query(AP_SQ_MAIN_STATE as c_int) != AP_SQ_MS_CREATE_CONFIG as c_int {
            return OK as c_int;
        }
        while let Some(rec) = server.as_ref() {
            let answer = configuring::during(pool, server, || {
                slots::with(slot, |extension| {
                    let index = extension.index()?;
                    let dir = Section::in_vector(rec.lookup_defaults, index).map(Section::node);
                    let server = Section::in_vector(rec.module_config, index).map(Section::node);
                    Some(hooks::run_config(extension, bit, dir, server))
                })
            });
            if let Some(failed) = answer.flatten().filter(|answer| *answer != OK as c_int) {
                return failed;
            }
            server = rec.next;
        }
    }
    OK as c_int
}

/// Runs a hook that takes no request for each server.
///
/// # Safety
/// `server` is httpd's list.
unsafe fn server_hooks(slot: usize, bit: u32, mut server: *mut server_rec) {
    // SAFETY: the caller's promise; each server has vectors with a place for each module.
    unsafe {
        while let Some(rec) = server.as_ref() {
            slots::with(slot, |extension| {
                let index = extension.index()?;
                let dir = Section::in_vector(rec.lookup_defaults, index).map(Section::node);
                let server = Section::in_vector(rec.module_config, index).map(Section::node);
                Some(hooks::run_config(extension, bit, dir, server))
            });
            server = rec.next;
        }
    }
}

/// Asks for the id of a request that is logged about. What the guest logs meanwhile has none from it, or it would be
/// asked again.
///
/// # Safety
/// `r` is a request or NULL, `id` the place for its id.
unsafe fn log_id(slot: usize, bit: u32, r: *mut request_rec, id: *mut *const c_char) -> c_int {
    thread_local! {
        static ASKING: Cell<bool> = const { Cell::new(false) };
    }
    struct Asked;
    impl Drop for Asked {
        fn drop(&mut self) {
            ASKING.set(false);
        }
    }
    // SAFETY: the caller's promise; httpd logs about requests that it has read in part only, which guests don't see.
    unsafe {
        let whole =
            r.as_ref().is_some_and(|r| !r.uri.is_null() && !r.the_request.is_null() && !r.per_dir_config.is_null());
        if !whole || ASKING.replace(true) {
            return DECLINED;
        }
        let _asked = Asked;
        let Some(r) = Request::from_raw(r) else { return DECLINED };
        let mut given = Given::Back(None);
        let status = slots::with(slot, |extension| hooks::run_given(extension, bit, r, &mut given));
        match given {
            Given::Back(Some(text)) if status == Some(OK as c_int) => {
                *id = r.pool().strdup_cut(&text);
                OK as c_int
            }
            _ => DECLINED,
        }
    }
}
