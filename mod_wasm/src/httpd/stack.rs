//! pthread.h: how much of its stack the calling thread has left.

use std::cell::Cell;
use std::mem::MaybeUninit;

thread_local! {
    /// The lowest address of this thread's stack; 0 as long as nobody has asked.
    static LOWEST: Cell<usize> = const { Cell::new(0) };
}

/// Bytes of stack below the caller's frame.
#[inline]
pub(crate) fn left() -> usize {
    let here = 0_u8;
    let lowest = match LOWEST.get() {
        0 => ask(),
        lowest => lowest,
    };
    (&raw const here).addr().saturating_sub(lowest)
}

/// The stack in bytes of a thread for which nothing else is said, and of the main thread: RLIMIT_STACK, or where that is
/// unlimited what the C library then gives to threads.
pub(crate) fn usual() -> usize {
    const WHERE_UNLIMITED: usize = 2 << 20;
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is a valid place for one `rlimit`.
    let rc = unsafe { libc::getrlimit(libc::RLIMIT_STACK, &mut limit) };
    match usize::try_from(limit.rlim_cur) {
        Ok(bytes) if rc == 0 && limit.rlim_cur != libc::RLIM_INFINITY => bytes,
        _ => WHERE_UNLIMITED,
    }
}

#[cold]
fn ask() -> usize {
    // Where the system can't tell, all of the address space counts as stack, which is to say: no check.
    let mut lowest = 1;
    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
    // SAFETY: `pthread_getattr_np` initializes the attributes if it answers 0, and only then are they used and destroyed.
    unsafe {
        if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) == 0 {
            let (mut address, mut size) = (std::ptr::null_mut(), 0);
            if libc::pthread_attr_getstack(attributes.as_ptr(), &mut address, &mut size) == 0 {
                lowest = address.addr().max(1);
            }
            libc::pthread_attr_destroy(attributes.as_mut_ptr());
        }
    }
    LOWEST.set(lowest);
    lowest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deep(levels: usize) -> usize {
        let local = std::hint::black_box([0_u8; 1_000]);
        if levels == 0 { left() } else { deep(levels - 1) + usize::from(local[0]) }
    }

    #[test]
    fn each_thread_knows_what_it_has_left() {
        // Unlike those of other threads that have ended, whose stacks the C library hands on.
        for size in [24 << 20, 96 << 20] {
            let left =
                std::thread::Builder::new().stack_size(size).spawn(|| (left(), deep(100))).unwrap().join().unwrap();
            assert!(left.0 <= size + (64 << 10) && left.0 > size / 2, "{left:?} of {size}");
            assert!(left.1 + 100_000 <= left.0, "{left:?}");
        }
    }
}
