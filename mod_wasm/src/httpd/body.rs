//! http_protocol.h: the body of a request as a stream, into places of any size: what httpd gave beyond one is kept for the
//! next. Whose request it is, lend.rs knows.

use super::bindings::*;
use super::brigade::{apr_bucket_delete, first_of};
use super::request::Request;
use std::ptr::{NonNull, null};

/// Most bytes that httpd is asked for at once.
const AT_ONCE: usize = 64 << 10;

/// How far a request's body has been read.
#[derive(Default)]
pub(super) struct Body {
    /// What was read and not yet given away; in the request's pool.
    brigade: Option<NonNull<apr_bucket_brigade>>,
    ended: bool,
}

impl Body {
    /// Fills `to` as far as something is there, and waits for the first byte of it; 0 at the body's end. The error is the
    /// status with which the request is to be answered (ap_map_http_request_error).
    ///
    /// # Safety
    /// It is always called for the same request, which lives.
    pub(super) unsafe fn read(&mut self, r: Request<'_>, to: &mut [u8]) -> Result<usize, i32> {
        let mut filled = 0;
        // SAFETY: the caller's promise; buckets are used as apr_buckets.h says.
        unsafe {
            let brigade = match self.brigade {
                Some(brigade) => brigade.as_ptr(),
                None => {
                    let made = apr_brigade_create((*r.raw()).pool, (*(*r.raw()).connection).bucket_alloc);
                    self.brigade = NonNull::new(made);
                    made
                }
            };
            while filled < to.len() {
                let Some(bucket) = first_of(brigade) else {
                    if filled > 0 || self.ended {
                        break;
                    }
                    let length = to.len().min(AT_ONCE) as apr_off_t;
                    next_part(r, brigade, length)?;
                    // Nothing and no end of it: the connection has gone.
                    if first_of(brigade).is_none() {
                        return Err(HTTP_BAD_REQUEST as i32);
                    }
                    continue;
                };
                if (*bucket).type_ == &raw const apr_bucket_type_eos {
                    self.ended = true;
                }
                if (*(*bucket).type_).is_metadata != 0 {
                    apr_bucket_delete(bucket);
                    continue;
                }
                let (mut data, mut length) = (null(), 0);
                let Some(read) = (*(*bucket).type_).read else { return Err(HTTP_INTERNAL_SERVER_ERROR as i32) };
                let status = read(bucket, &mut data, &mut length, apr_read_type_e_APR_BLOCK_READ);
                if status != 0 {
                    return Err(ap_map_http_request_error(status, HTTP_BAD_REQUEST as i32));
                }
                let room = to.get_mut(filled..).unwrap_or_default();
                let taken = length.min(room.len());
                if taken > 0 {
                    data.cast::<u8>().copy_to_nonoverlapping(room.as_mut_ptr(), taken);
                    filled += taken;
                }
                if taken < length {
                    let split = (*(*bucket).type_).split.map_or(1, |split| split(bucket, taken as apr_size_t));
                    if split != 0 {
                        return Err(HTTP_INTERNAL_SERVER_ERROR as i32);
                    }
                }
                apr_bucket_delete(bucket);
            }
        }
        Ok(filled)
    }

    /// Whether the next read would have to ask httpd, and so may wait.
    pub(super) fn may_wait(&self) -> bool {
        // SAFETY: the brigade is in the pool of the request, which lives as long as this is lent.
        !self.ended && self.brigade.is_none_or(|brigade| unsafe { first_of(brigade.as_ptr()) }.is_none())
    }
}

/// Puts the next bytes of a request's body into a brigade, at most so many as its filters see to it, and waits for the first
/// of them. The error is the status with which the request is to be answered (ap_map_http_request_error).
///
/// # Safety
/// `brigade` is of the request's connection.
pub(super) unsafe fn next_part(r: Request<'_>, brigade: *mut apr_bucket_brigade, most: apr_off_t) -> Result<(), i32> {
    // SAFETY: the request is this thread's, with its chain of filters; the caller's promise.
    unsafe {
        let filters = (*r.raw()).input_filters;
        match ap_get_brigade(filters, brigade, ap_input_mode_t_AP_MODE_READBYTES, apr_read_type_e_APR_BLOCK_READ, most)
        {
            0 => Ok(()),
            status => Err(ap_map_http_request_error(status, HTTP_BAD_REQUEST as i32)),
        }
    }
}

impl Request<'_> {
    /// Reads what is left of the body and forgets it (ap_discard_request_body); OK or an HTTP status.
    pub(crate) fn discard_body(self) -> i32 {
        // SAFETY: the request is this thread's.
        unsafe { ap_discard_request_body(self.raw()) }
    }
}
