//! ap_hooks.h: the callbacks that httpd runs for a request, one for each hook and slot.

use super::bindings::*;
use super::configuring;
use super::guard::guard;
use super::request::Request;
use super::section::Section;
use super::slots::{self, per_slot};
use crate::extension::{Order, hooks};
use std::ffi::{CString, c_char, c_int};

const INTERNAL_SERVER_ERROR: c_int = HTTP_INTERNAL_SERVER_ERROR as c_int;

macro_rules! callbacks {
    ($($bit:literal $name:ident: $kind:ident $register:ident $(($extra:expr))?;)*) => {
        $(callbacks!(@callback $kind $bit $name);)*

        /// Registers a slot's callback for the hook of a bit, with httpd's own ordering.
        pub(super) fn register(slot: usize, bit: u32, order: &Order) {
            let before = List::new(&order.predecessors);
            let after = List::new(&order.successors);
            let (before, after, order) = (before.raw(), after.raw(), order.order);
            // SAFETY: httpd keeps the lists, and `List` never frees them; the callbacks are of the hook's type.
            unsafe {
                match bit {
                    $($bit => $register(Some(per_slot!($name)[slot]), before, after, order $(, $extra)?),)*
                    _ => {}
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
    0 post_read_request: status ap_hook_post_read_request;
    1 pre_translate_name: status ap_hook_pre_translate_name;
    2 translate_name: status ap_hook_translate_name;
    3 map_to_storage: status ap_hook_map_to_storage;
    4 header_parser: status ap_hook_header_parser;
    5 access_checker: status ap_hook_check_access (AP_AUTH_INTERNAL_PER_CONF as c_int);
    6 access_checker_ex: status ap_hook_check_access_ex (AP_AUTH_INTERNAL_PER_CONF as c_int);
    7 check_user_id: status ap_hook_check_authn (AP_AUTH_INTERNAL_PER_CONF as c_int);
    8 auth_checker: status ap_hook_check_authz (AP_AUTH_INTERNAL_PER_CONF as c_int);
    9 type_checker: status ap_hook_type_checker;
    10 fixups: status ap_hook_fixups;
    11 insert_filter: void ap_hook_insert_filter;
    12 handler: status ap_hook_handler;
    13 insert_error_filter: void ap_hook_insert_error_filter;
    14 log_transaction: status ap_hook_log_transaction;
    15 fixups_2: status ap_hook_fixups;
    16 post_config: config ap_hook_post_config;
}

/// Runs a hook for each server, up to the first that doesn't answer OK. httpd reads its configuration twice when it
/// starts; only the second reading is the one that it serves with.
///
/// # Safety
/// `pool` and `server` are what httpd gives after it has read a configuration.
unsafe fn each_server(slot: usize, bit: u32, pool: *mut apr_pool_t, mut server: *mut server_rec) -> c_int {
    // SAFETY: the caller's promise; each server has vectors with a place for each module.
    unsafe {
        if ap_state_query(AP_SQ_MAIN_STATE as c_int) != AP_SQ_MS_CREATE_CONFIG as c_int {
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

/// A NULL-terminated list of module names that httpd keeps until its hooks are forgotten; a few bytes per restart.
struct List(Option<&'static [*const c_char]>);

impl List {
    fn new(names: &[CString]) -> List {
        if names.is_empty() {
            return List(None);
        }
        let names = names.iter().map(|name| name.clone().into_raw().cast_const());
        List(Some(Vec::leak(names.chain([std::ptr::null()]).collect())))
    }

    fn raw(&self) -> *const *const c_char {
        self.0.map_or(std::ptr::null(), <[_]>::as_ptr)
    }
}
