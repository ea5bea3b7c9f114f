//! ap_hooks.h: the callbacks that httpd runs for a request, one for each hook and slot.

use super::bindings::*;
use super::guard::guard;
use super::request::Request;
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
