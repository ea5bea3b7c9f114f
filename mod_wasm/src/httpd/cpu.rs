//! The processor that a thread runs on.

/// The number of the processor that this thread runs on right now, from 0. Only a hint: it may move at any time.
#[inline]
pub(crate) fn current() -> usize {
    // SAFETY: sched_getcpu takes nothing and writes nothing.
    usize::try_from(unsafe { libc::sched_getcpu() }).unwrap_or(0)
}
