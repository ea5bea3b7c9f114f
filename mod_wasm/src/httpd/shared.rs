//! Memory that the parent shares with the children that it forks: anonymous, made once, never given back. Knows nothing of
//! what is counted in it.

use std::alloc::Layout;
use std::ptr::null_mut;

/// Types that are right with all of their bytes zero, and that several processes may change at a time.
///
/// # Safety
/// The type holds atomics alone.
pub(crate) unsafe trait Shared: Sync + 'static {}

// SAFETY: nothing but atomics, and arrays and structures of them.
unsafe impl Shared for crate::counters::Counters {}

/// `count` values of zeros. Where the operating system refuses to share memory, it is this process's own.
pub(crate) fn zeroed<T: Shared>(count: usize) -> &'static [T] {
    let size = size_of::<T>().saturating_mul(count);
    let map = |flags| {
        // SAFETY: a new mapping, which nobody else knows.
        let address = unsafe {
            libc::mmap(null_mut(), size, libc::PROT_READ | libc::PROT_WRITE, flags | libc::MAP_ANONYMOUS, -1, 0)
        };
        (address != libc::MAP_FAILED).then_some(address.cast::<T>())
    };
    match map(libc::MAP_SHARED).or_else(|| map(libc::MAP_PRIVATE)) {
        // SAFETY: pages are aligned for any type of at most a page, are zero, which `Shared` says is right, and stay.
        Some(address) => unsafe { std::slice::from_raw_parts(address, count) },
        None => std::alloc::handle_alloc_error(Layout::array::<T>(count).unwrap_or(Layout::new::<T>())),
    }
}
