//! apr_pools.h: memory that lives as long as a request or a configuration.

use super::bindings::*;
use super::bytes::bytes;
use super::guard::guard;
use std::ffi::{c_char, c_void};
use std::marker::PhantomData;
use std::ptr::null_mut;

/// A pool that lives at least as long as `'p`.
#[derive(Clone, Copy)]
pub(crate) struct Pool<'p> {
    raw: *mut apr_pool_t,
    lives: PhantomData<&'p ()>,
}

impl<'p> Pool<'p> {
    /// # Safety
    /// `raw` is a pool that lives during `'p` and is used by this thread only.
    pub(super) unsafe fn from_raw(raw: *mut apr_pool_t) -> Self {
        Pool { raw, lives: PhantomData }
    }

    pub(super) fn raw(self) -> *mut apr_pool_t {
        self.raw
    }

    /// A copy as C string in the pool; `None` where the bytes hold a NUL (apr_pstrmemdup).
    pub(super) fn strdup(self, text: &[u8]) -> Option<*mut c_char> {
        // SAFETY: the pool lives; `text` is readable for its length.
        (!text.contains(&0)).then(|| unsafe { apr_pstrmemdup(self.raw, text.as_ptr().cast(), text.len()) })
    }

    /// A copy as C string, cut at a NUL if it holds one.
    pub(super) fn strdup_cut(self, text: &[u8]) -> *mut c_char {
        let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
        // SAFETY: as in `strdup`.
        unsafe { apr_pstrmemdup(self.raw, text.as_ptr().cast(), text.len()) }
    }

    /// A path below ServerRoot (ap_server_root_relative).
    pub(crate) fn server_root_relative(self, path: &[u8]) -> Option<&'p [u8]> {
        let path = self.strdup(path)?;
        // SAFETY: the pool lives, the path is a C string; the answer is in the pool.
        unsafe { bytes(ap_server_root_relative(self.raw, path)) }
    }

    /// A path below DefaultRuntimeDir (ap_runtime_dir_relative).
    pub(crate) fn runtime_dir_relative(self, path: &[u8]) -> Option<&'p [u8]> {
        let path = self.strdup(path)?;
        // SAFETY: as in `server_root_relative`.
        unsafe { bytes(ap_runtime_dir_relative(self.raw, path)) }
    }

    /// Keeps a value until the pool is cleared, and gives its address.
    pub(super) fn keep<T>(self, value: T) -> *mut T {
        let address = Box::into_raw(Box::new(value));
        // SAFETY: the pool lives; `drop_boxed::<T>` frees what `Box::into_raw` gave, once.
        unsafe {
            apr_pool_cleanup_register(self.raw, address.cast(), Some(drop_boxed::<T>), Some(apr_pool_cleanup_null));
        }
        address
    }

    /// Runs `at_end` when the pool is cleared; never in a child that runs another program.
    pub(crate) fn at_end(self, at_end: impl FnOnce() + 'static) {
        struct AtEnd<F: FnOnce()>(Option<F>);
        impl<F: FnOnce()> Drop for AtEnd<F> {
            fn drop(&mut self) {
                if let Some(run) = self.0.take() {
                    run();
                }
            }
        }
        self.keep(AtEnd(Some(at_end)));
    }
}

unsafe extern "C" fn drop_boxed<T>(address: *mut c_void) -> apr_status_t {
    // SAFETY: `keep` registered the address of a box of this type, and APR runs a cleanup once.
    guard((), || drop(unsafe { Box::from_raw(address.cast::<T>()) }));
    0
}

/// A pool of its own, for what is parsed once and used by many threads.
pub(super) struct OwnPool(*mut apr_pool_t);

// SAFETY: the pool is used by one thread while it is filled and then only read, until the last owner drops it.
unsafe impl Send for OwnPool {}
// SAFETY: as above; nothing allocates from it through a shared reference.
unsafe impl Sync for OwnPool {}

impl OwnPool {
    /// A pool with an allocator of its own, so that no lock of another pool is involved.
    pub(super) fn new() -> Option<OwnPool> {
        let mut raw = null_mut();
        // SAFETY: `raw` is a valid place; with no parent APR makes an unmanaged pool with its own allocator.
        let status = unsafe { apr_pool_create_unmanaged_ex(&mut raw, None, null_mut()) };
        (status == 0 && !raw.is_null()).then_some(OwnPool(raw))
    }

    pub(super) fn pool(&self) -> Pool<'_> {
        Pool { raw: self.0, lives: PhantomData }
    }
}

impl Drop for OwnPool {
    fn drop(&mut self) {
        // SAFETY: `new` made it; nobody else has it.
        unsafe { apr_pool_destroy(self.0) };
    }
}
