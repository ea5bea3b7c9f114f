//! The callbacks by which httpd runs scripts: hooks and handlers of ap_hooks.h, filters of util_filter.h.

use super::bindings::*;
use super::bytes::{bytes, with_cstr};
use super::filter::{self, Brigades, FAILED};
use super::guard::guard;
use super::request::Request;
use crate::script::filters::Work;
use crate::script::{Phase, When, hooks};
use std::ffi::{CStr, c_int, c_void};
use std::ptr::null;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

const INTERNAL_SERVER_ERROR: c_int = HTTP_INTERNAL_SERVER_ERROR as c_int;
/// Before and after those that say FIRST and LAST, as mod_lua's early and late.
const EARLY: c_int = APR_HOOK_FIRST as c_int - 1;
const LATE: c_int = APR_HOOK_LAST as c_int + 1;
const SCRIPT: &CStr = c"wasm-script";
const MAPPED: &CStr = c"wasm-map-handler";

/// Whether any section of this process says anything of scripts: most servers' phases end here.
static SAID: AtomicBool = AtomicBool::new(false);
/// Whether subrequests within a section are asked for access again.
static ASKS_AGAIN: AtomicBool = AtomicBool::new(false);
/// The filters that this configuration has registered so far: output or not, and the name.
static FILTERS: Mutex<Vec<(bool, Vec<u8>)>> = Mutex::new(Vec::new());

macro_rules! callbacks {
    ($($name:ident: $phase:ident $when:ident;)*) => {
        $(unsafe extern "C" fn $name(r: *mut request_rec) -> c_int {
            if !said() {
                return DECLINED;
            }
            // SAFETY: httpd gives a request that lives during the callback.
            unsafe { call(r, |r| hooks::run(Phase::$phase, When::$when, r)) }
        })*
    };
}

callbacks! {
    pre_translate_name: PreTranslateName Middle;
    translate_name_early: TranslateName Early;
    translate_name: TranslateName Middle;
    translate_name_late: TranslateName Late;
    map_to_storage: MapToStorage Middle;
    access_checker_early: AccessChecker Early;
    access_checker: AccessChecker Middle;
    access_checker_late: AccessChecker Late;
    check_user_id_early: CheckUserId Early;
    check_user_id: CheckUserId Middle;
    check_user_id_late: CheckUserId Late;
    auth_checker_early: AuthChecker Early;
    auth_checker: AuthChecker Middle;
    auth_checker_late: AuthChecker Late;
    type_checker: TypeChecker Middle;
    fixups: Fixups Middle;
    log_transaction: Log Middle;
}

/// What a callback does where something is said of scripts; on most servers callbacks end after a look at one byte.
///
/// # Safety
/// `r` is a request that lives during the call.
#[inline(never)]
unsafe fn call(r: *mut request_rec, run: impl FnOnce(Request<'_>) -> c_int) -> c_int {
    guard(INTERNAL_SERVER_ERROR, || {
        // SAFETY: the caller's promise.
        unsafe { Request::from_raw(r) }.map_or(DECLINED, run)
    })
}

unsafe extern "C" fn insert_filter(r: *mut request_rec) {
    if said() {
        // SAFETY: httpd gives a request that lives during the callback.
        unsafe { call(r, |r| hooks::run(Phase::InsertFilter, When::Middle, r)) };
    }
}

unsafe extern "C" fn quick_handler(r: *mut request_rec, lookup: c_int) -> c_int {
    if lookup != 0 || !said() {
        return DECLINED;
    }
    // SAFETY: httpd gives a request that lives during the callback.
    unsafe { call(r, |r| hooks::run(Phase::QuickHandler, When::Middle, r)) }
}

unsafe extern "C" fn handler(r: *mut request_rec) -> c_int {
    guard(INTERNAL_SERVER_ERROR, || {
        // SAFETY: httpd gives a request that lives during the callback, with a handler's name.
        unsafe {
            if CStr::from_ptr((*r).handler) != SCRIPT {
                return DECLINED;
            }
            // As mod_lua.c:lua_handler, so that what isn't there is a 404.
            let kind = (*r).finfo.filetype;
            if kind == apr_filetype_e_APR_NOFILE || kind == apr_filetype_e_APR_DIR {
                return DECLINED;
            }
            Request::from_raw(r).map_or(DECLINED, hooks::handle)
        }
    })
}

unsafe extern "C" fn map_handler(r: *mut request_rec) -> c_int {
    if !said() {
        return DECLINED;
    }
    // SAFETY: httpd gives a request that lives during the callback.
    unsafe { call(r, hooks::map_handler) }
}

/// Keeps FallbackResource from taking URLs that a WasmMapHandler answers, as mod_lua.c:lua_map_handler_fixups.
unsafe extern "C" fn map_handler_fixups(r: *mut request_rec) -> c_int {
    if !said() {
        return DECLINED;
    }
    let map = |request: Request<'_>| {
        // SAFETY: httpd gives a request that lives during the callback; the name lives for ever.
        unsafe {
            if !(*r).handler.is_null() || !hooks::is_mapped(request) {
                return DECLINED;
            }
            (*r).handler = MAPPED.as_ptr();
        }
        OK as c_int
    };
    // SAFETY: as above.
    unsafe { call(r, map) }
}

#[inline]
fn said() -> bool {
    SAID.load(Ordering::Relaxed)
}

/// A section says something of scripts, from now on until the configuration is read anew.
pub(crate) fn say() {
    SAID.store(true, Ordering::Relaxed);
}

/// Registers all callbacks, in the places that mod_lua's have.
///
/// # Safety
/// httpd registers a module's hooks now.
pub(super) unsafe fn register_hooks() {
    ASKS_AGAIN.store(false, Ordering::Relaxed);
    SAID.store(false, Ordering::Relaxed);
    FILTERS.lock().unwrap_or_else(PoisonError::into_inner).clear();
    let (none, middle, conf) = (null(), APR_HOOK_MIDDLE as c_int, AP_AUTH_INTERNAL_PER_CONF as c_int);
    // SAFETY: the caller's promise; the callbacks are of the hooks' types.
    unsafe {
        ap_hook_quick_handler(Some(quick_handler), none, none, APR_HOOK_FIRST as c_int);
        ap_hook_pre_translate_name(Some(pre_translate_name), none, none, middle);
        ap_hook_translate_name(Some(translate_name_early), none, none, EARLY);
        ap_hook_translate_name(Some(translate_name), none, none, middle);
        ap_hook_translate_name(Some(translate_name_late), none, none, LATE);
        ap_hook_map_to_storage(Some(map_to_storage), none, none, middle);
        ap_hook_check_access(Some(access_checker_early), none, none, EARLY, conf);
        ap_hook_check_access(Some(access_checker), none, none, middle, conf);
        ap_hook_check_access(Some(access_checker_late), none, none, LATE, conf);
        ap_hook_check_authn(Some(check_user_id_early), none, none, EARLY, conf);
        ap_hook_check_authn(Some(check_user_id), none, none, middle, conf);
        ap_hook_check_authn(Some(check_user_id_late), none, none, LATE, conf);
        ap_hook_check_authz(Some(auth_checker_early), none, none, EARLY, conf);
        ap_hook_check_authz(Some(auth_checker), none, none, middle, conf);
        ap_hook_check_authz(Some(auth_checker_late), none, none, LATE, conf);
        ap_hook_type_checker(Some(type_checker), none, none, middle);
        ap_hook_fixups(Some(fixups), none, none, middle);
        // Right before mod_dir's.
        ap_hook_fixups(Some(map_handler_fixups), none, none, LATE - 2);
        ap_hook_insert_filter(Some(insert_filter), none, none, middle);
        ap_hook_handler(Some(map_handler), none, none, EARLY);
        ap_hook_handler(Some(handler), none, none, middle);
        ap_hook_log_transaction(Some(log_transaction), none, none, APR_HOOK_FIRST as c_int);
    }
}

/// Takes the callbacks out of httpd's lists that no request needs if the server's configuration says nothing of scripts:
/// those of phases before .htaccess files are read, and of what these can't say.
///
/// # Safety
/// httpd has sorted its hooks, and runs none of these.
pub(super) unsafe fn unregister_unneeded() {
    if said() {
        return;
    }
    type Callback = unsafe extern "C" fn(*mut request_rec) -> c_int;
    // SAFETY: the caller's promise; these are the lists that the callbacks were registered for.
    unsafe {
        take_out(ap_hook_get_quick_handler(), quick_handler as *const c_void);
        take_out(ap_hook_get_pre_translate_name(), pre_translate_name as *const c_void);
        for callback in [translate_name_early as Callback, translate_name, translate_name_late] {
            take_out(ap_hook_get_translate_name(), callback as *const c_void);
        }
        take_out(ap_hook_get_map_to_storage(), map_to_storage as *const c_void);
        take_out(ap_hook_get_fixups(), map_handler_fixups as *const c_void);
        take_out(ap_hook_get_handler(), map_handler as *const c_void);
    }
}

/// Takes a callback out of a hook's list.
///
/// # Safety
/// `list` is one of httpd's: an array of structures that begin with the callback (apr_hooks.h:APR_DECLARE_EXTERNAL_HOOK),
/// or NULL.
unsafe fn take_out(list: *mut apr_array_header_t, callback: *const c_void) {
    // SAFETY: the caller's promise; what follows the entry is moved within the array.
    unsafe {
        let Some(list) = list.as_mut() else { return };
        let (size, count) = (list.elt_size as usize, list.nelts as usize);
        let entry = |at: usize| list.elts.add(at * size);
        if let Some(at) = (0..count).find(|at| *entry(*at).cast::<*const c_void>() == callback) {
            std::ptr::copy(entry(at + 1), entry(at), (count - at - 1) * size);
            list.nelts -= 1;
        }
    }
}

/// Has httpd ask for access in every subrequest and internal redirect, as it does with mod_lua: otherwise it spares those
/// that stay within a section (request.c:ap_setup_auth_internal), and a script may look at more than the section.
pub(crate) fn ask_again_for_subrequests() {
    if !ASKS_AGAIN.swap(true, Ordering::Relaxed) {
        // SAFETY: httpd sorts its hooks once more when the configuration has been read.
        unsafe { ap_hook_check_access(Some(declines), null(), null(), LATE, AP_AUTH_INTERNAL_PER_URI as c_int) };
    }
}

unsafe extern "C" fn declines(_r: *mut request_rec) -> c_int {
    DECLINED
}

impl<'r> Request<'r> {
    /// r->uri.
    #[inline]
    pub(crate) fn uri(self) -> Option<&'r [u8]> {
        // SAFETY: a string of the request.
        unsafe { bytes(self.rec().uri) }
    }

    /// r->filename.
    #[inline]
    pub(crate) fn filename(self) -> Option<&'r [u8]> {
        // SAFETY: a string of the request.
        unsafe { bytes(self.rec().filename) }
    }
}

/// Registers a script's filter under a name; `false` where another module has the name, or it is none.
pub(crate) fn register_filter(name: &[u8], output: bool) -> bool {
    let mut own = FILTERS.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (output, name.to_ascii_lowercase());
    if own.contains(&key) {
        return true;
    }
    if if output { filter::is_output(name) } else { filter::is_input(name) } {
        return false;
    }
    // SAFETY: the registry is changed while the configuration is read only, by this thread; httpd copies the name, and
    // the callbacks are of the filters' types. As mod_lua registers its own.
    let registered = with_cstr(name, |name| unsafe {
        if output {
            let protocol = AP_FILTER_PROTO_CHANGE | AP_FILTER_PROTO_CHANGE_LENGTH;
            ap_register_output_filter_protocol(
                name.as_ptr(),
                Some(output_filter),
                None,
                ap_filter_type_AP_FTYPE_RESOURCE,
                protocol,
            );
        } else {
            ap_register_input_filter(name.as_ptr(), Some(input_filter), None, ap_filter_type_AP_FTYPE_RESOURCE);
        }
    });
    if registered.is_some() {
        own.push(key);
    }
    registered.is_some()
}

/// A script's filter at work on one body; what `f->ctx` points at after the first call.
struct At {
    work: Work,
    brigades: Brigades,
}

/// What a filter has at work on this body, and whether it begins now; `None` where nothing is said about it here.
///
/// # Safety
/// `f` is a filter of ours with its request.
unsafe fn work<'f>(f: *mut ap_filter_t, output: bool, r: Request<'f>) -> Option<(*mut At, bool)> {
    // SAFETY: the caller's promise; a context that isn't NULL is ours. Wired by mod_filter, the filter is called by
    // mod_filter's name for it.
    unsafe {
        if !(*f).ctx.is_null() {
            return Some(((*f).ctx.cast(), false));
        }
        let work = Work::begin(bytes((*(*f).frec).name)?, output, r)?;
        let work = r.pool().keep(At { work, brigades: Brigades::new(f) });
        (*f).ctx = work.cast();
        Some((work, true))
    }
}

unsafe extern "C" fn output_filter(f: *mut ap_filter_t, brigade: *mut apr_bucket_brigade) -> apr_status_t {
    guard(FAILED, || {
        // SAFETY: httpd gives a filter of ours with its request, which lives during the callback. The work is used for
        // one call at a time: nothing enters the chain of filters again meanwhile.
        unsafe {
            let Some((r, (work, first))) = Request::from_raw((*f).r).and_then(|r| Some((r, work(f, true, r)?))) else {
                ap_remove_output_filter(f);
                return ap_pass_brigade((*f).next, brigade);
            };
            let At { work, brigades } = &mut *work;
            filter::output(f, brigade, *brigades, first, &mut |passing| work.call(passing, r))
        }
    })
}

unsafe extern "C" fn input_filter(
    f: *mut ap_filter_t,
    brigade: *mut apr_bucket_brigade,
    mode: ap_input_mode_t,
    block: apr_read_type_e,
    bytes: apr_off_t,
) -> apr_status_t {
    guard(FAILED, || {
        // SAFETY: as in `output_filter`.
        unsafe {
            let status = ap_get_brigade((*f).next, brigade, mode, block, bytes);
            if status != 0 || !filter::reads(mode) {
                return status;
            }
            let Some((r, (work, first))) = Request::from_raw((*f).r).and_then(|r| Some((r, work(f, false, r)?))) else {
                ap_remove_input_filter(f);
                return status;
            };
            let At { work, brigades } = &mut *work;
            filter::input(f, brigade, *brigades, block, first, &mut |passing| work.call(passing, r))
        }
    })
}
