//! util_filter.h: bodies as they pass. A chunk at a time goes to the guest and on; nothing is kept
//! back, so a body of any length passes in constant memory.

use super::bindings::*;
use super::brigade::{apr_bucket_delete, concat, first_of, length_of, move_to};
use super::bytes::with_cstr;
use super::ending::put_error;
use super::guard::guard;
use super::request::Request;
use super::slots::{self, per_slot};
use crate::extension::filters::{self, Answer, Event};
use crate::extension::{Extension, FilterSpec};
use std::ffi::c_char;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicPtr, Ordering};

/// Bytes, of those that come and those that are written, that may gather before they are passed on.
const PASS_AT: usize = 1024 * 1024;
/// Most bytes of a chunk, so that copies of one stay in the processor's cache; only those of a bucket that can't be split
/// are larger.
const LARGEST: usize = 64 * 1024;
/// What a filter returns when it has failed and a response for that is on its way or impossible.
pub(super) const FAILED: apr_status_t = 20_014; // APR_EGENERAL

/// Most filters in a chain to which a guest may add another: each calls the next, which takes stack.
const MOST_IN_CHAIN: usize = 100;

/// Whether a chain of filters is so long that nobody may add to it.
///
/// # Safety
/// `first` is NULL or the first filter of a request's chain.
unsafe fn is_long(mut first: *mut ap_filter_t) -> bool {
    for _ in 0..MOST_IN_CHAIN {
        // SAFETY: the caller's promise; a chain ends with NULL.
        match unsafe { first.as_ref() } {
            Some(filter) => first = filter.next,
            None => return false,
        }
    }
    true
}

/// Why a filter was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotAdded {
    /// It is no name.
    NoName,
    /// Nobody registered the name.
    Unknown,
    /// There are too many.
    TooMany,
}

/// Registers an extension's filters under their names.
pub(super) fn register(slot: usize, extension: &Extension) {
    let each = |specs: &[FilterSpec], register: &dyn Fn(*const c_char, ap_filter_type) -> *mut ap_filter_rec_t| {
        for spec in specs {
            with_cstr(&spec.name, |name| {
                spec.registered.0.store(register(name.as_ptr(), spec.filter_type), Ordering::Relaxed);
            });
        }
    };
    // SAFETY: httpd copies the name; the callbacks are of the filters' types.
    each(&extension.description.filters.output, &|name, kind| unsafe {
        ap_register_output_filter(name, Some(per_slot!(output_filter)[slot]), None, kind)
    });
    // SAFETY: as above.
    each(&extension.description.filters.input, &|name, kind| unsafe {
        ap_register_input_filter(name, Some(per_slot!(input_filter)[slot]), None, kind)
    });
}

/// httpd's record of a filter that [`register`] registered.
#[derive(Default)]
pub(crate) struct Registered(AtomicPtr<ap_filter_rec_t>);

impl Registered {
    fn get(&self) -> *mut ap_filter_rec_t {
        self.0.load(Ordering::Relaxed)
    }
}

/// Whether an output filter of this name is registered.
pub(crate) fn is_output(name: &[u8]) -> bool {
    // SAFETY: the registry is changed while the configuration is read only, by this thread.
    with_cstr(name, |name| unsafe { !ap_get_output_filter_handle(name.as_ptr()).is_null() }).unwrap_or(false)
}

/// Whether an input filter of this name is registered.
pub(crate) fn is_input(name: &[u8]) -> bool {
    // SAFETY: as in `is_output`.
    with_cstr(name, |name| unsafe { !ap_get_input_filter_handle(name.as_ptr()).is_null() }).unwrap_or(false)
}

/// Adds an output filter, given by its record or its name, at its place in the request's chain.
pub(crate) fn add_output(r: Request<'_>, own: Option<&Registered>, name: &[u8]) -> Result<(), NotAdded> {
    // SAFETY: httpd's list of filters is written while the configuration is read only.
    let record = record(own, name, |name| unsafe { ap_get_output_filter_handle(name) })?;
    // SAFETY: the request is this thread's, with its chains. NULL is the context that the filter starts with.
    unsafe {
        let (r_raw, connection) = (r.raw(), (*r.raw()).connection);
        add(r, (*r_raw).output_filters, || ap_add_output_filter_handle(record, null_mut(), r_raw, connection))
    }
}

/// Adds an input filter, as [`add_output`] does.
pub(crate) fn add_input(r: Request<'_>, own: Option<&Registered>, name: &[u8]) -> Result<(), NotAdded> {
    // SAFETY: as in `add_output`.
    let record = record(own, name, |name| unsafe { ap_get_input_filter_handle(name) })?;
    // SAFETY: as in `add_output`.
    unsafe {
        let (r_raw, connection) = (r.raw(), (*r.raw()).connection);
        add(r, (*r_raw).input_filters, || ap_add_input_filter_handle(record, null_mut(), r_raw, connection))
    }
}

/// Adds a filter by `add` to a chain of a request, unless that is long, or the request has got many.
///
/// # Safety
/// `chain` is the request's.
unsafe fn add(r: Request<'_>, chain: *mut ap_filter_t, add: impl FnOnce() -> *mut ap_filter_t) -> Result<(), NotAdded> {
    // SAFETY: the caller's promise.
    if unsafe { is_long(chain) } || !r.may_add_filter() {
        return Err(NotAdded::TooMany);
    }
    if add().is_null() { Err(NotAdded::Unknown) } else { Ok(()) }
}

/// httpd's record of a filter that is the module's own, or that `find` finds by its name.
fn record(
    own: Option<&Registered>,
    name: &[u8],
    find: impl Fn(*const c_char) -> *mut ap_filter_rec_t,
) -> Result<*mut ap_filter_rec_t, NotAdded> {
    let own = own.map(Registered::get).filter(|record| !record.is_null());
    let record = own.map_or_else(|| with_cstr(name, |name| find(name.as_ptr())), Some).ok_or(NotAdded::NoName)?;
    if record.is_null() { Err(NotAdded::Unknown) } else { Ok(record) }
}

/// The brigades of a filter at work on one body: kept for its time, since a pool doesn't give back what they take.
#[derive(Clone, Copy)]
pub(super) struct Brigades {
    /// What is to be passed on.
    out: *mut apr_bucket_brigade,
    /// What the present call writes.
    wrote: *mut apr_bucket_brigade,
}

impl Brigades {
    /// # Safety
    /// `f` is a filter with its request.
    pub(super) unsafe fn new(f: *mut ap_filter_t) -> Brigades {
        // SAFETY: the caller's promise.
        let new = || unsafe { apr_brigade_create((*(*f).r).pool, (*(*f).c).bucket_alloc) };
        Brigades { out: new(), wrote: new() }
    }
}

/// What a filter is called for: the event, the bytes that pass, and where it writes.
pub(crate) struct Passing<'c> {
    pub(crate) event: Event,
    pub(crate) chunk: &'c [u8],
    wrote: *mut apr_bucket_brigade,
}

impl Passing<'_> {
    /// The brigade that takes what is written.
    pub(super) fn wrote(&self) -> *mut apr_bucket_brigade {
        self.wrote
    }

    /// Forgets what was written.
    pub(crate) fn forget(&self) {
        // SAFETY: the brigade lives as long as the filter's request, and nobody else uses it now.
        unsafe { apr_brigade_cleanup(self.wrote.cast()) };
    }
}

/// A filter at work on one body; what `f->ctx` points at after the first call.
struct Work {
    number: u32,
    id: u32,
    brigades: Brigades,
}

/// The filter's number and state, made at the first call; whether this was it.
///
/// # Safety
/// `f` is a filter of the extension, with its request.
unsafe fn work<'f>(f: *mut ap_filter_t, specs: &[FilterSpec]) -> Option<(&'f Work, bool)> {
    // SAFETY: the caller's promise; a context that isn't NULL is ours.
    unsafe {
        if let Some(work) = (*f).ctx.cast::<Work>().as_ref() {
            return Some((work, false));
        }
        let number = specs.iter().position(|spec| spec.registered.get() == (*f).frec)?;
        let work = apr_palloc((*(*f).r).pool, size_of::<Work>()).cast::<Work>();
        work.write(Work { number: number as u32, id: filters::next_id(), brigades: Brigades::new(f) });
        (*f).ctx = work.cast();
        Some((&*work, true))
    }
}

unsafe extern "C" fn output_filter<const SLOT: usize>(
    f: *mut ap_filter_t,
    brigade: *mut apr_bucket_brigade,
) -> apr_status_t {
    guard(FAILED, || {
        let status = slots::with(SLOT, |extension| {
            // SAFETY: httpd gives a filter of ours with its request, which lives during the callback.
            unsafe {
                let r = Request::from_raw((*f).r)?;
                let (work, first) = work(f, &extension.description.filters.output)?;
                Some(output(f, brigade, work.brigades, first, &mut |passing| {
                    filters::output(extension, work.number, work.id, r, passing)
                }))
            }
        });
        // SAFETY: the brigade goes on as it came where nobody is responsible.
        status.flatten().unwrap_or_else(|| unsafe { ap_pass_brigade((*f).next, brigade) })
    })
}

pub(super) type Call<'c> = dyn FnMut(&Passing<'_>) -> Option<Answer> + 'c;

/// # Safety
/// As httpd calls an output filter.
pub(super) unsafe fn output(
    f: *mut ap_filter_t,
    brigade: *mut apr_bucket_brigade,
    brigades: Brigades,
    first: bool,
    call: &mut Call<'_>,
) -> apr_status_t {
    // SAFETY: httpd's filter and brigade, used as util_filter.h says; buckets are moved from one brigade to another.
    unsafe {
        let Brigades { out, wrote } = brigades;
        if first {
            let Some(answer) = call(&Passing { event: Event::Start, chunk: &[], wrote }) else {
                return fail(f, brigade, out);
            };
            let changes = answer != Answer::Remove || first_of(wrote).is_some();
            // As mod_lua does for a filter that stays: the length and validators of the old body don't hold. Where
            // mod_filter wired it, that knows what to do.
            if changes && (*(*f).frec).providers.is_null() {
                let headers = (*(*f).r).headers_out;
                for name in [c"Content-Length", c"Content-MD5", c"ETag"] {
                    apr_table_unset(headers, name.as_ptr());
                }
            }
            concat(out, wrote);
            if answer == Answer::Remove {
                ap_remove_output_filter(f);
                concat(out, brigade);
            }
        }
        let mut gathered = 0;
        while let Some(bucket) = first_of(brigade) {
            let (event, chunk) = match look(bucket, apr_read_type_e_APR_BLOCK_READ) {
                Ok(seen) => seen,
                Err(status) => {
                    apr_brigade_cleanup(out.cast());
                    return status;
                }
            };
            let Some(event) = event else {
                move_to(bucket, out);
                continue;
            };
            let Some(answer) = call(&Passing { event, chunk, wrote }) else { return fail(f, brigade, out) };
            gathered += chunk.len() + length_of(wrote);
            hand_on(bucket, event, answer, brigades);
            if answer == Answer::Remove {
                ap_remove_output_filter(f);
                concat(out, brigade);
                break;
            }
            if gathered >= PASS_AT || event == Event::Flush {
                gathered = 0;
                let status = ap_pass_brigade((*f).next, out);
                apr_brigade_cleanup(out.cast());
                if status != 0 {
                    return status;
                }
            }
        }
        if first_of(out).is_none() {
            return 0;
        }
        let status = ap_pass_brigade((*f).next, out);
        apr_brigade_cleanup(out.cast());
        status
    }
}

/// Answers 500 in place of the body, or breaks it off where it has begun.
///
/// # Safety
/// As [`output`].
unsafe fn fail(f: *mut ap_filter_t, brigade: *mut apr_bucket_brigade, out: *mut apr_bucket_brigade) -> apr_status_t {
    // SAFETY: as in `output`.
    unsafe {
        ap_remove_output_filter(f);
        apr_brigade_cleanup(brigade.cast());
        apr_brigade_cleanup(out.cast());
        put_error((*f).r, brigade);
        ap_pass_brigade((*f).next, brigade)
    }
}

unsafe extern "C" fn input_filter<const SLOT: usize>(
    f: *mut ap_filter_t,
    brigade: *mut apr_bucket_brigade,
    mode: ap_input_mode_t,
    block: apr_read_type_e,
    bytes: apr_off_t,
) -> apr_status_t {
    guard(FAILED, || {
        // SAFETY: httpd's own arguments are handed on.
        let status = unsafe { ap_get_brigade((*f).next, brigade, mode, block, bytes) };
        if status != 0 || !reads(mode) {
            return status;
        }
        let status = slots::with(SLOT, |extension| {
            // SAFETY: httpd gives a filter of ours with its request, which lives during the callback.
            unsafe {
                let r = Request::from_raw((*f).r)?;
                let (work, first) = work(f, &extension.description.filters.input)?;
                Some(input(f, brigade, work.brigades, block, first, &mut |passing| {
                    filters::input(extension, work.number, work.id, r, passing)
                }))
            }
        });
        status.flatten().unwrap_or(0)
    })
}

/// Whether a call of an input filter asks for a part of the body.
pub(super) fn reads(mode: ap_input_mode_t) -> bool {
    mode == ap_input_mode_t_AP_MODE_READBYTES || mode == ap_input_mode_t_AP_MODE_GETLINE
}

/// # Safety
/// As httpd calls an input filter, after the brigade was filled.
pub(super) unsafe fn input(
    f: *mut ap_filter_t,
    brigade: *mut apr_bucket_brigade,
    brigades: Brigades,
    block: apr_read_type_e,
    first: bool,
    call: &mut Call<'_>,
) -> apr_status_t {
    // SAFETY: as in `output`.
    unsafe {
        let Brigades { out, wrote } = brigades;
        let mut removed = false;
        if first {
            let Some(answer) = call(&Passing { event: Event::Start, chunk: &[], wrote }) else {
                return fail_reading(f, brigade, out);
            };
            concat(out, wrote);
            if answer == Answer::Remove {
                ap_remove_input_filter(f);
                removed = true;
            }
        }
        while let Some(bucket) = first_of(brigade) {
            let (event, chunk) = match look(bucket, block) {
                Ok(seen) => seen,
                Err(status) => return status,
            };
            let Some(event) = event.filter(|_| !removed) else {
                move_to(bucket, out);
                continue;
            };
            let Some(answer) = call(&Passing { event, chunk, wrote }) else { return fail_reading(f, brigade, out) };
            hand_on(bucket, event, answer, brigades);
            if answer == Answer::Remove {
                ap_remove_input_filter(f);
                removed = true;
            }
        }
        concat(brigade, out);
        0
    }
}

/// Answers 500 although the request's body is still being read, as http_filters.c:bail_out_on_error answers a bad one:
/// the module that reads can only tell that somebody has answered. What is left of the body is not read.
///
/// # Safety
/// As [`input`].
unsafe fn fail_reading(
    f: *mut ap_filter_t,
    brigade: *mut apr_bucket_brigade,
    out: *mut apr_bucket_brigade,
) -> apr_status_t {
    // SAFETY: as in `input`.
    unsafe {
        ap_remove_input_filter(f);
        apr_brigade_cleanup(brigade.cast());
        apr_brigade_cleanup(out.cast());
        // SAFETY: httpd gave a filter of a request.
        if let Some(r) = Request::from_raw((*f).r) {
            r.break_off();
        }
    }
    AP_FILTER_ERROR
}

/// What a bucket is to a guest, and its bytes: `None` for metadata that only passes.
///
/// # Safety
/// `bucket` is in a brigade; the bytes are used before it is moved or deleted.
unsafe fn look<'b>(bucket: *mut apr_bucket, block: apr_read_type_e) -> Result<(Option<Event>, &'b [u8]), apr_status_t> {
    // SAFETY: the caller's promise; the types are APR's own records.
    unsafe {
        if (*bucket).type_ == &raw const apr_bucket_type_eos {
            return Ok((Some(Event::Eos), &[]));
        }
        if (*bucket).type_ == &raw const apr_bucket_type_flush {
            return Ok((Some(Event::Flush), &[]));
        }
        if (*(*bucket).type_).is_metadata != 0 {
            return Ok((None, &[]));
        }
        let (mut data, mut length) = (null(), 0);
        let read = (*(*bucket).type_).read.ok_or(FAILED)?;
        match read(bucket, &mut data, &mut length, block) {
            0 if length == 0 || data.is_null() => Ok((None, &[])),
            0 => {
                // A large file comes as a map of megabytes. What is split off comes next.
                if length > LARGEST && (*(*bucket).type_).split.is_some_and(|split| split(bucket, LARGEST) == 0) {
                    length = LARGEST;
                }
                Ok((Some(Event::Data), std::slice::from_raw_parts(data.cast(), length)))
            }
            status => Err(status),
        }
    }
}

/// Moves on what a filter wrote, and the bucket that it was called for unless that is replaced.
///
/// # Safety
/// `bucket` is in another brigade and not used afterwards, `brigades` live.
unsafe fn hand_on(bucket: *mut apr_bucket, event: Event, answer: Answer, brigades: Brigades) {
    let Brigades { out, wrote } = brigades;
    // SAFETY: the caller's promise.
    unsafe {
        concat(out, wrote);
        if event == Event::Data && answer == Answer::Replace {
            apr_bucket_delete(bucket);
        } else {
            move_to(bucket, out);
        }
    }
}
