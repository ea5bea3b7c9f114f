//! util_mutex.h: global mutexes that a module declares and the Mutex directive configures.

use super::bindings::*;
use super::guard::guard;
use super::log;
use super::slots::{self, per_slot};
use std::ffi::{CString, c_int};
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use std::time::{Duration, Instant};

/// Longest pause between two tries to get a mutex that another has.
const PAUSE: Duration = Duration::from_micros(500);
/// APR_EBUSY, which is an expression in C.
const BUSY: apr_status_t = 70_025;
/// APR_ENOTIMPL.
const NOT_IMPLEMENTED: apr_status_t = 70_023;

/// A global mutex of one module.
pub(crate) struct GlobalMutex {
    name: CString,
    wanted: AtomicBool,
    raw: AtomicPtr<apr_global_mutex_t>,
}

/// A mutex that is held until this is dropped; holds nothing where the server made none.
pub(crate) struct Held(*mut apr_global_mutex_t);

/// Why a mutex isn't held.
pub(crate) enum NotHeld {
    /// Another held it all the time.
    Busy,
    /// APR's status.
    Status(i32),
}

impl GlobalMutex {
    /// A mutex under the name that the Mutex directive knows; `None` where it holds a NUL.
    pub(crate) fn declare(name: &[u8]) -> Option<GlobalMutex> {
        let name = CString::new(name).ok()?;
        Some(GlobalMutex { name, wanted: AtomicBool::new(false), raw: AtomicPtr::default() })
    }

    /// Says that the configuration needs it.
    pub(crate) fn want(&self) {
        self.wanted.store(true, Ordering::Relaxed);
    }

    /// Gets the mutex, which may take so long at most (apr_global_mutex_trylock).
    pub(crate) fn lock(&self, longest: Duration) -> Result<Held, NotHeld> {
        let raw = self.raw.load(Ordering::Acquire);
        if raw.is_null() {
            return Ok(Held(null_mut()));
        }
        let begin = Instant::now();
        loop {
            // SAFETY: made by `create` and taken over by `in_child`; it lives as long as the configuration.
            let status = match unsafe { apr_global_mutex_trylock(raw) } {
                // SAFETY: as above. A mechanism that can't try can only wait, as native modules do.
                NOT_IMPLEMENTED => unsafe { apr_global_mutex_lock(raw) },
                status => status,
            };
            match status {
                0 => return Ok(Held(raw)),
                BUSY if begin.elapsed() < longest => std::thread::sleep(PAUSE),
                BUSY => return Err(NotHeld::Busy),
                status => return Err(NotHeld::Status(status)),
            }
        }
    }

    /// # Safety
    /// `pool` and `server` are what httpd gives after it has read a configuration.
    unsafe fn create(&self, pool: *mut apr_pool_t, server: *mut server_rec) -> apr_status_t {
        let mut raw = null_mut();
        // SAFETY: the caller's promise; httpd has logged why, where it fails.
        let status =
            unsafe { ap_global_mutex_create(&mut raw, null_mut(), self.name.as_ptr(), null(), server, pool, 0) };
        if status == 0 {
            self.raw.store(raw, Ordering::Release);
        }
        status
    }

    /// # Safety
    /// `pool` is a child's own.
    unsafe fn in_child(&self, pool: *mut apr_pool_t) -> apr_status_t {
        let mut raw = self.raw.load(Ordering::Acquire);
        if raw.is_null() {
            return 0;
        }
        // SAFETY: made by `create` in the parent; no other thread of this child uses it yet.
        let status = unsafe { apr_global_mutex_child_init(&mut raw, apr_global_mutex_lockfile(raw), pool) };
        self.raw.store(raw, Ordering::Release);
        status
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: held by this thread since `lock`.
            unsafe { apr_global_mutex_unlock(self.0) };
        }
    }
}

/// Registers the callbacks by which a slot's mutexes follow the server's life.
pub(super) fn register(slot: usize) {
    // SAFETY: the callbacks are of the hooks' types.
    unsafe {
        ap_hook_pre_config(Some(per_slot!(pre_config)[slot]), null(), null(), APR_HOOK_MIDDLE as c_int);
        ap_hook_post_config(Some(per_slot!(post_config)[slot]), null(), null(), APR_HOOK_FIRST as c_int);
        ap_hook_child_init(Some(per_slot!(child_init)[slot]), null(), null(), APR_HOOK_MIDDLE as c_int);
    }
}

unsafe extern "C" fn pre_config<const SLOT: usize>(
    pool: *mut apr_pool_t,
    _log: *mut apr_pool_t,
    _temp: *mut apr_pool_t,
) -> c_int {
    guard(HTTP_INTERNAL_SERVER_ERROR as c_int, || {
        slots::with(SLOT, |extension| {
            for mutex in extension.description.mutexes.iter() {
                // SAFETY: the configuration's pool; httpd keeps the name as long as that.
                unsafe {
                    let name = apr_pstrdup(pool, mutex.name.as_ptr());
                    ap_mutex_register(pool, name, null(), apr_lockmech_e_APR_LOCK_DEFAULT, 0);
                }
            }
        });
        OK as c_int
    })
}

unsafe extern "C" fn post_config<const SLOT: usize>(
    pool: *mut apr_pool_t,
    _log: *mut apr_pool_t,
    _temp: *mut apr_pool_t,
    server: *mut server_rec,
) -> c_int {
    guard(HTTP_INTERNAL_SERVER_ERROR as c_int, || {
        let made = slots::with(SLOT, |extension| {
            let mut wanted = extension.description.mutexes.iter().filter(|mutex| mutex.wanted.load(Ordering::Relaxed));
            // SAFETY: httpd's arguments.
            wanted.all(|mutex| unsafe { mutex.create(pool, server) } == 0)
        });
        if made == Some(false) { HTTP_INTERNAL_SERVER_ERROR as c_int } else { OK as c_int }
    })
}

unsafe extern "C" fn child_init<const SLOT: usize>(pool: *mut apr_pool_t, _server: *mut server_rec) {
    guard((), || {
        slots::with(SLOT, |extension| {
            for mutex in extension.description.mutexes.iter() {
                // SAFETY: httpd's pool of this child.
                let status = unsafe { mutex.in_child(pool) };
                if status != 0 {
                    let text = format!("mod_wasm: could not take over mutex {}", mutex.name.to_string_lossy());
                    let mark =
                        log::Mark { file: file!().as_bytes(), line: line!(), module_index: extension.module_index() };
                    log::error(mark, APLOG_CRIT, status, None, text.as_bytes());
                }
            }
        });
    });
}
