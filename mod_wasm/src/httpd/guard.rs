//! The one door in: a panic never crosses into C. Knows no callback.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs the body of a callback; after a panic the answer is `on_panic`, which each callback names.
///
/// The panic's text has gone to stderr, which is the error log, by the default panic hook.
pub(crate) fn guard<R>(on_panic: R, body: impl FnOnce() -> R) -> R {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(on_panic)
}
