//! The one door in: a panic never crosses into C. Knows no callback.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs the body of a callback; after a panic the answer is `on_panic`, which each callback names.
///
/// The panic's text has gone to stderr, which is the error log, by the default panic hook.
pub(crate) fn guard<R>(on_panic: R, body: impl FnOnce() -> R) -> R {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
        // What was thrown may panic once more when it is dropped; it is lost then, which a panic is worth.
        std::mem::forget(payload);
        on_panic
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_the_answer_that_the_callback_names() {
        assert_eq!(guard(500, || 0), 0);
        assert_eq!(guard(500, || panic!("at the border")), 500);
        let nothing: Vec<i32> = Vec::new();
        assert_eq!(guard(500, || nothing[nothing.len()]), 500);
    }

    #[test]
    fn c_calls_through_it_and_goes_on() {
        /// As httpd's qsort-like callers call us: from C, with C frames on both sides.
        extern "C" fn compare(a: *const libc::c_void, _b: *const libc::c_void) -> libc::c_int {
            guard(0, || if a.is_null() { 0 } else { panic!("at the border") })
        }
        let mut numbers = [3, 1, 2];
        // SAFETY: three numbers of this size; the comparison reads none of them.
        unsafe { libc::qsort(numbers.as_mut_ptr().cast(), 3, size_of::<i32>(), Some(compare)) };
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 3]);
    }

    #[test]
    fn what_was_thrown_may_be_a_bomb() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("twice");
            }
        }
        assert_eq!(guard(500, || std::panic::panic_any(Bomb)), 500);
    }
}
