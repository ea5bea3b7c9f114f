//! What a guest may touch during one call: the request and the chunk that it is called for. Lent for the call, taken
//! back at its end, so that a handle kept by the guest leads nowhere.

use super::bindings::request_rec;
use super::request::Request;
use std::ptr::NonNull;

/// The places for what is lent; part of each instance's data.
#[derive(Default)]
pub(crate) struct Lent {
    request: Option<NonNull<request_rec>>,
    chunk: Option<NonNull<[u8]>>,
}

// SAFETY: filled only during `with_request` and `with_chunk`, in one thread; empty whenever an instance moves.
unsafe impl Send for Lent {}

impl Lent {
    /// The request that the instance is called for.
    pub(crate) fn request(&self) -> Option<Request<'_>> {
        // SAFETY: `with_request` put it there and is still running; the answer can't outlive the borrow of `self`.
        self.request.and_then(|raw| unsafe { Request::from_raw(raw.as_ptr()) })
    }

    /// The chunk that a filter is called for.
    pub(crate) fn chunk(&self) -> Option<&[u8]> {
        // SAFETY: as in `request`, by `with_chunk`.
        self.chunk.map(|chunk| unsafe { &*chunk.as_ptr() })
    }
}

/// Something that has a place for what is lent.
pub(crate) trait Borrower {
    /// The place.
    fn lent(&mut self) -> &mut Lent;
}

/// Calls `call` while the request is lent to `borrower`.
pub(crate) fn with_request<B: Borrower, R>(borrower: &mut B, r: Request<'_>, call: impl FnOnce(&mut B) -> R) -> R {
    borrower.lent().request = NonNull::new(r.raw());
    let back = TakeBack(borrower);
    call(back.0)
}

/// Calls `call` while the chunk is lent to `borrower`.
pub(crate) fn with_chunk<B: Borrower, R>(borrower: &mut B, chunk: &[u8], call: impl FnOnce(&mut B) -> R) -> R {
    borrower.lent().chunk = Some(NonNull::from(chunk));
    let back = TakeBackChunk(borrower);
    call(back.0)
}

struct TakeBack<'b, B: Borrower>(&'b mut B);

impl<B: Borrower> Drop for TakeBack<'_, B> {
    fn drop(&mut self) {
        self.0.lent().request = None;
    }
}

struct TakeBackChunk<'b, B: Borrower>(&'b mut B);

impl<B: Borrower> Drop for TakeBackChunk<'_, B> {
    fn drop(&mut self) {
        self.0.lent().chunk = None;
    }
}
