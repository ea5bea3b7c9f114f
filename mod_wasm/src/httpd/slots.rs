//! Which extension a callback belongs to. httpd's callbacks carry no identity, so each extension has a slot, and each
//! callback is compiled once for every slot.

use super::pool::Pool;
use crate::extension::Extension;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

/// Most extensions at a time.
pub(crate) const SLOTS: usize = 64;

static EXTENSIONS: [AtomicPtr<Extension>; SLOTS] = [const { AtomicPtr::new(null_mut()) }; SLOTS];

/// A slot that no extension has; `None` where all are taken.
pub(crate) fn free() -> Option<usize> {
    EXTENSIONS.iter().position(|slot| slot.load(Ordering::Acquire).is_null())
}

/// Puts an extension in its slot until the configuration's pool is cleared.
pub(crate) fn fill(pool: Pool<'_>, extension: Extension) {
    let slot = extension.slot;
    let address = Box::into_raw(Box::new(extension));
    EXTENSIONS[slot].store(address, Ordering::Release);
    pool.at_end(move || {
        EXTENSIONS[slot].store(null_mut(), Ordering::Release);
        // SAFETY: made above, taken out of its slot above. httpd clears the configuration's pool when no callback of
        // the extension runs any more, and `with` lends it for the time of a callback only.
        drop(unsafe { Box::from_raw(address) });
    });
}

/// Calls `with` with the extension of a slot.
#[inline]
pub(crate) fn with<R>(slot: usize, with: impl FnOnce(&Extension) -> R) -> Option<R> {
    // SAFETY: see `fill`.
    unsafe { EXTENSIONS.get(slot)?.load(Ordering::Acquire).as_ref() }.map(with)
}

/// The instances of a generic callback, `f::<0>` to `f::<63>`.
macro_rules! per_slot {
    ($f:ident) => {
        per_slot!(@ $f 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
                  32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63)
    };
    (@ $f:ident $($n:literal)*) => { [$($f::<$n>),*] };
}
pub(super) use per_slot;
