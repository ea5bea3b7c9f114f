//! What a guest may touch during one call: the request and the chunk that it is called for, the requests that led to
//! it, and subrequests that it makes. Lent for the call, taken back at its end, so that a handle kept by the guest
//! leads nowhere.

use super::bindings::{apr_bucket_brigade, request_rec};
use super::body::Body;
use super::brigade::append;
use super::filter::Passing;
use super::opened::Opened;
use super::request::Request;
use std::ptr::NonNull;
use std::time::Duration;

/// Most requests beside the first that one call may hold.
const MOST: usize = 1_000;
/// Bytes that pools may take for one call before they are counted for its request.
const UNCOUNTED: usize = 4 << 10;
/// What anything in a pool takes beside its bytes, roughly: alignment, an entry of a table.
const ENTRY: usize = 64;

/// The places for what is lent; part of each instance's data.
#[derive(Default)]
pub(crate) struct Lent {
    request: Option<NonNull<request_rec>>,
    chunk: Option<NonNull<[u8]>>,
    /// Where a filter writes, and how much it has written.
    wrote: Option<NonNull<apr_bucket_brigade>>,
    written: usize,
    /// How far the body of the request has been read.
    body: Body,
    /// In the order in which they were lent, so that each comes after the one that it came from.
    others: Vec<Other>,
    /// What httpd has spent for this call.
    waited: Duration,
    /// What httpd's pools have taken for this call and is not yet counted for its request, in bytes.
    taken: usize,
    /// How many others were lent before; handles are never given twice, until 32 bits are used up.
    given: u32,
    /// What the guest has opened.
    pub(crate) opened: Opened,
}

/// A request beside the first.
struct Other {
    handle: u32,
    raw: NonNull<request_rec>,
    /// The handle that it came from; it is not used any more once that one is destroyed.
    from: u32,
    /// Whether it is a subrequest that the guest made, to be destroyed here.
    made: bool,
    /// Whether it is to be run.
    run: bool,
}

/// A request lent to a guest, by the handle that it came from.
pub(crate) enum Kin {
    /// r->main.
    Main,
    /// r->prev.
    Prev,
    /// r->next, which is made in r's own pool.
    Next,
}

// SAFETY: filled only during `with_request` and `with_chunk`, in one thread; empty whenever an instance moves.
unsafe impl Send for Lent {}

impl Lent {
    /// The request that the instance is called for.
    #[inline]
    pub(crate) fn request(&self) -> Option<Request<'_>> {
        // SAFETY: `with_request` put it there and is still running; the answer can't outlive the borrow of `self`.
        self.request.and_then(|raw| unsafe { Request::from_raw(raw.as_ptr()) })
    }

    /// The same beside what the guest has opened.
    pub(crate) fn request_and_opened(&mut self) -> Option<(Request<'_>, &mut Opened)> {
        // SAFETY: as in `request`; what is opened lies elsewhere.
        let request = unsafe { Request::from_raw(self.request?.as_ptr()) }?;
        Some((request, &mut self.opened))
    }

    /// A request of another handle than 0.
    pub(crate) fn other(&self, handle: u32) -> Option<Request<'_>> {
        let other = self.others.iter().find(|other| other.handle == handle)?;
        // SAFETY: every entry lives: r->main and r->prev live longer than r, and subrequests until `destroy` or the end
        // of `with_request` takes their entries away. That needs `&mut self`, so the answer isn't in use then.
        unsafe { Request::from_raw(other.raw.as_ptr()) }
    }

    fn any(&self, handle: u32) -> Option<Request<'_>> {
        if handle == 0 { self.request() } else { self.other(handle) }
    }

    /// The chunk that a filter is called for.
    pub(crate) fn chunk(&self) -> Option<&[u8]> {
        // SAFETY: as in `request`, by `with_chunk`.
        self.chunk.map(|chunk| unsafe { &*chunk.as_ptr() })
    }

    /// Passes bytes on in the filter's place; `false` where no filter is at work, or these would be more than `most`.
    pub(crate) fn write(&mut self, data: &[u8], most: usize) -> bool {
        let Some(wrote) = self.wrote.filter(|_| data.len() <= most.saturating_sub(self.written)) else { return false };
        self.written += data.len();
        // SAFETY: `with_chunk` put it there and is still running.
        unsafe { append(wrote.as_ptr(), data) }
    }

    /// Reads from the body of the request that the instance is called for: how many bytes, 0 at its end. The error is the
    /// status with which the request is to be answered.
    pub(crate) fn read_body(&mut self, to: &mut [u8]) -> Result<usize, i32> {
        let Some(raw) = self.request else { return Ok(0) };
        // SAFETY: as in `request`; `take_back` forgets what was read of it together with the request.
        unsafe { Request::from_raw(raw.as_ptr()).map_or(Ok(0), |r| self.body.read(r, to)) }
    }

    /// Whether reading from the body may have to wait for the client.
    pub(crate) fn body_may_wait(&self) -> bool {
        self.request.is_some() && self.body.may_wait()
    }

    /// A handle of a request that another one knows; `None` where it knows none, or none can be lent any more.
    pub(crate) fn kin(&mut self, from: u32, kin: Kin) -> Option<u32> {
        let rec = self.any(from)?.raw();
        // SAFETY: the request lives, and so does what it came from.
        let raw = NonNull::new(unsafe {
            match kin {
                Kin::Main => (*rec).main,
                Kin::Prev => (*rec).prev,
                Kin::Next => (*rec).next,
            }
        })?;
        if self.request == Some(raw) {
            return Some(0);
        }
        match self.others.iter().find(|other| other.raw == raw) {
            Some(other) => Some(other.handle),
            None => self.add(raw, from, false, false),
        }
    }

    /// A handle of a subrequest that `make` makes from the request of another handle. `None` where none can be lent any
    /// more or `make` made none.
    pub(crate) fn make<'a>(
        &'a mut self,
        from: u32,
        run: bool,
        make: impl FnOnce(Request<'a>) -> Option<Request<'a>>,
    ) -> Option<u32> {
        if self.others.len() >= MOST {
            return None;
        }
        let first = self.any(from)?.raw();
        // SAFETY: as in `other`; `make` gets it for the call only.
        let made = make(unsafe { Request::from_raw(first) }?)?;
        let raw = NonNull::new(made.raw())?;
        self.add(raw, from, true, run)
    }

    fn add(&mut self, raw: NonNull<request_rec>, from: u32, made: bool, run: bool) -> Option<u32> {
        if self.others.len() >= MOST {
            return None;
        }
        // 0 is the first request's.
        self.given = self.given.checked_add(1).unwrap_or(1);
        self.others.push(Other { handle: self.given, raw, from, made, run });
        Some(self.given)
    }

    /// Whether a handle is one of a subrequest that was made to be run; once.
    pub(crate) fn take_run(&mut self, handle: u32) -> bool {
        let other = self.others.iter_mut().find(|other| other.handle == handle);
        other.is_some_and(|other| std::mem::take(&mut other.run))
    }

    /// Destroys a subrequest that the guest made, and forgets what came from it. `false` for another handle.
    pub(crate) fn destroy(&mut self, handle: u32) -> bool {
        let Some(raw) = self.others.iter().find(|other| other.handle == handle && other.made).map(|other| other.raw)
        else {
            return false;
        };
        let mut gone = vec![handle];
        self.others.retain(|other| {
            let goes = gone.contains(&other.handle) || gone.contains(&other.from);
            if goes {
                gone.push(other.handle);
            }
            !goes
        });
        // SAFETY: made by `make`, destroyed once, since its entry is gone; the subrequests that came from it live in
        // pools below its own, and their entries are gone as well.
        unsafe { Request::destroy(raw.as_ptr()) };
        true
    }

    /// Adds to what httpd has spent for this call, and gives the sum.
    pub(crate) fn waited(&mut self, time: Duration) -> Duration {
        self.waited = self.waited.saturating_add(time);
        self.waited
    }

    /// Counts bytes that httpd's pools take for this call and give back with the request only; `false` where the request
    /// has taken more than it may. Little isn't counted.
    #[inline]
    pub(crate) fn takes(&mut self, bytes: usize) -> bool {
        self.taken = self.taken.saturating_add(bytes).saturating_add(ENTRY);
        self.taken < UNCOUNTED || self.count_taken()
    }

    #[cold]
    fn count_taken(&mut self) -> bool {
        let taken = std::mem::take(&mut self.taken);
        self.request().is_none_or(|r| r.takes(taken))
    }

    /// The request, for what takes so many bytes of its pool, if that is so little that it isn't counted.
    pub(crate) fn request_for_little(&mut self, bytes: usize) -> Option<Request<'_>> {
        let taken = self.taken.saturating_add(bytes).saturating_add(ENTRY);
        if taken >= UNCOUNTED {
            return None;
        }
        self.taken = taken;
        self.request()
    }

    /// Takes everything back.
    fn take_back(&mut self) {
        self.waited = Duration::ZERO;
        self.taken = 0;
        self.opened.close_all();
        while let Some(made) = self.others.iter().find(|other| other.made).map(|other| other.handle) {
            self.destroy(made);
        }
        self.others.clear();
        self.body = Body::default();
        self.request = None;
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

/// Calls `call` while the chunk, and the place for what is written, are lent to `borrower`.
pub(crate) fn with_chunk<B: Borrower, R>(borrower: &mut B, passing: &Passing<'_>, call: impl FnOnce(&mut B) -> R) -> R {
    let lent = borrower.lent();
    lent.chunk = Some(NonNull::from(passing.chunk));
    lent.wrote = NonNull::new(passing.wrote());
    lent.written = 0;
    let back = TakeBackChunk(borrower);
    call(back.0)
}

struct TakeBack<'b, B: Borrower>(&'b mut B);

impl<B: Borrower> Drop for TakeBack<'_, B> {
    fn drop(&mut self) {
        self.0.lent().take_back();
    }
}

struct TakeBackChunk<'b, B: Borrower>(&'b mut B);

impl<B: Borrower> Drop for TakeBackChunk<'_, B> {
    fn drop(&mut self) {
        let lent = self.0.lent();
        lent.chunk = None;
        lent.wrote = None;
    }
}
