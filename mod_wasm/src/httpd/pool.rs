//! apr_pools.h: memory that lives as long as a request or a configuration.

use super::bindings::*;
use super::bytes::{bytes, with_cstr};
use super::guard::guard;
use std::ffi::{CStr, c_char, c_void};
use std::marker::PhantomData;
use std::ptr::{NonNull, null_mut};

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
        // SAFETY: the pool lives; `text` is readable for its length, and the copy ends with a NUL.
        unsafe {
            let copy = apr_pstrmemdup(self.raw, text.as_ptr().cast(), text.len());
            (CStr::from_ptr(copy).count_bytes() == text.len()).then_some(copy)
        }
    }

    /// A copy as C string, cut at a NUL if it holds one.
    pub(super) fn strdup_cut(self, text: &[u8]) -> *mut c_char {
        let text = memchr::memchr(0, text).and_then(|end| text.get(..end)).unwrap_or(text);
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

    /// What is kept under a key (apr_pool_userdata_get); only for keys of [`Pool::set_userdata`].
    pub(crate) fn userdata(self, key: &[u8]) -> Option<&'p [u8]> {
        let mut data: *mut c_void = null_mut();
        // SAFETY: the pool lives. Keys of ours lead to a `Kept` in the pool, and nobody else has such keys.
        with_cstr(key, |key| unsafe {
            apr_pool_userdata_get(&mut data, key.as_ptr(), self.raw);
            data.cast::<Kept>().as_ref().map(|kept| std::slice::from_raw_parts(kept.bytes, kept.length))
        })
        .flatten()
    }

    /// Whether something is kept under a key.
    pub(crate) fn has_userdata(self, key: &CStr) -> bool {
        let mut data: *mut c_void = null_mut();
        // SAFETY: the pool lives.
        unsafe { apr_pool_userdata_get(&mut data, key.as_ptr(), self.raw) };
        !data.is_null()
    }

    /// Keeps bytes under a key as long as the pool lives (apr_pool_userdata_set); `false` where the key holds a NUL.
    pub(crate) fn set_userdata(self, key: &[u8], value: &[u8]) -> bool {
        // SAFETY: the pool lives, and what is made here lives in it; APR copies the key.
        with_cstr(key, |key| unsafe {
            let bytes = apr_pmemdup(self.raw, value.as_ptr().cast(), value.len()).cast::<u8>();
            let kept = apr_palloc(self.raw, size_of::<Kept>()).cast::<Kept>();
            kept.write(Kept {
                bytes: if value.is_empty() { NonNull::dangling().as_ptr() } else { bytes },
                length: value.len(),
            });
            apr_pool_userdata_set(kept.cast(), key.as_ptr(), None, self.raw);
        })
        .is_some()
    }

    /// Calls `with` with a pool below this one, which is gone afterwards.
    pub(super) fn with_sub_pool<R>(self, with: impl FnOnce(Pool<'_>) -> R) -> Option<R> {
        struct Destroy(*mut apr_pool_t);
        impl Drop for Destroy {
            fn drop(&mut self) {
                // SAFETY: made below; `with` has ended.
                unsafe { apr_pool_destroy(self.0) };
            }
        }
        let mut raw = null_mut();
        // SAFETY: the pool lives and is this thread's.
        let status = unsafe { apr_pool_create_ex(&mut raw, self.raw, None, null_mut()) };
        if status != 0 || raw.is_null() {
            return None;
        }
        let pool = Destroy(raw);
        Some(with(Pool { raw: pool.0, lives: PhantomData }))
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

/// What a key of userdata leads to.
struct Kept {
    bytes: *const u8,
    length: usize,
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
