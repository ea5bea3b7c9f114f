//! apr_hooks.h: where guests run in a hook among other modules. httpd sorts hooks when it has read the configuration, and
//! once more when it has carried it out (main.c:main). Guests' wishes are handed over in between, when all modules are
//! there to be looked at: one that contradicts another would have APR search for ever (apr_hooks.c:tsort).

use super::bindings::{apr_array_header_t, apr_palloc};
use super::bytes::bytes;
use super::hooks::{BITS, hooked};
use super::pool::Pool;
use crate::extension::Order;
use crate::extension::order::{Entry, contradiction};
use crate::host::HOOK_EXPORTS;
use std::ffi::{CString, c_char, c_int};
use std::ptr::null;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A NULL-terminated list of names as APR keeps it.
type Names = *const *const c_char;

/// One function of a hook; all ap_LINK_*_t are alike.
#[repr(C)]
struct Link {
    function: Option<unsafe extern "C" fn()>,
    name: *const c_char,
    predecessors: Names,
    successors: Names,
    order: c_int,
}

/// Wishes of the configuration that is being read.
static WISHES: Mutex<Vec<Wish>> = Mutex::new(Vec::new());

/// What one guest wishes in one hook, with the lists that APR has of it, which are empty until [`grant`].
struct Wish {
    order: Order,
    predecessors: Address,
    successors: Address,
}

/// The address of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Address(usize);

impl Address {
    /// Room for so many names in the configuration's pool; none for none. httpd forgets its hooks before it clears that
    /// (main.c:reset_process_pconf).
    fn for_names(pool: Pool<'_>, count: usize) -> Address {
        if count == 0 {
            return Address(0);
        }
        // SAFETY: the pool lives; what is written is what was asked for.
        unsafe {
            let names = apr_palloc(pool.raw(), (count + 1) * size_of::<*const c_char>()).cast::<*const c_char>();
            names.write_bytes(0, count + 1);
            Address(names as usize)
        }
    }

    fn names(self) -> Names {
        self.0 as Names
    }
}

fn wishes() -> MutexGuard<'static, Vec<Wish>> {
    WISHES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A configuration is about to be read.
pub(super) fn begin() {
    wishes().clear();
}

/// Notes where a guest is to run in a hook; the lists to register it with, which live as long as the configuration's pool.
pub(super) fn wish(pool: Pool<'_>, order: Order) -> (Names, Names) {
    let room = |names: &[CString]| Address::for_names(pool, names.len());
    let (predecessors, successors) = (room(&order.predecessors), room(&order.successors));
    wishes().push(Wish { order, predecessors, successors });
    (predecessors.names(), successors.names())
}

/// A text about wishes that contradict one another or what native modules want, among those that are loaded so far.
pub(super) fn contradicted() -> Option<String> {
    let wishes = wishes();
    (0..BITS).find_map(|bit| {
        let names = contradiction(entries(hooked(bit), &wishes))?;
        let names: Vec<_> = names.iter().chain(names.first()).map(|name| String::from_utf8_lossy(name)).collect();
        let hook = HOOK_EXPORTS.get(bit as usize).and_then(|name| name.strip_prefix("ap_hook_")).unwrap_or("?");
        Some(format!("no order of the hook {hook} has {}", names.join(" before ")))
    })
}

/// Hands the wishes over to APR, which sorts by them next. The pool is the one that the lists are in.
pub(super) fn grant(pool: Pool<'_>) {
    let put = |list: Address, names: &[CString]| {
        for (at, name) in names.iter().enumerate() {
            let name: *const c_char = pool.strdup_cut(name.to_bytes());
            // SAFETY: `wish` made the list for as many names, in this pool; only one thread reads a configuration.
            unsafe { (list.0 as *mut *const c_char).add(at).write(name) };
        }
    };
    for wish in wishes().drain(..) {
        put(wish.predecessors, &wish.order.predecessors);
        put(wish.successors, &wish.order.successors);
    }
}

/// The functions of a hook, with what is wished of them.
fn entries(hook: *mut apr_array_header_t, wishes: &[Wish]) -> Vec<Entry> {
    // SAFETY: NULL, or APR's array of what was registered for the hook; names and lists live as long as that.
    unsafe {
        let Some(hook) = hook.as_ref() else { return Vec::new() };
        let links = (0..hook.nelts.max(0) as usize).map(|at| &*hook.elts.cast::<Link>().add(at));
        let entry = |link: &Link| {
            let is = |wish: &&Wish| {
                let lists = (wish.predecessors.names(), wish.successors.names());
                lists != (null(), null()) && lists == (link.predecessors, link.successors)
            };
            let wish = wishes.iter().find(is);
            let wished = |names: &[CString]| names.iter().map(|name| name.to_bytes().to_vec()).collect();
            Entry {
                name: bytes(link.name).unwrap_or_default().to_vec(),
                order: link.order,
                predecessors: wish.map_or_else(|| list(link.predecessors), |wish| wished(&wish.order.predecessors)),
                successors: wish.map_or_else(|| list(link.successors), |wish| wished(&wish.order.successors)),
                is_guest: wish.is_some(),
            }
        };
        links.map(entry).collect()
    }
}

/// # Safety
/// NULL, or a NULL-terminated list of C strings.
unsafe fn list(mut names: Names) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    // SAFETY: the caller's promise.
    unsafe {
        while let Some(name) = names.as_ref().and_then(|name| bytes(*name)) {
            all.push(name.to_vec());
            names = names.add(1);
        }
    }
    all
}
