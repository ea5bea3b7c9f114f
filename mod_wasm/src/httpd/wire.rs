//! util_filter.h: the connection of a request as a stream of bytes, once its request has asked to speak another protocol;
//! knows nothing of what is spoken.

use super::bindings::*;
use super::brigade::insert_tail;
use super::bytes::bytes;
use super::request::Request;
use std::ffi::{CStr, c_char};
use std::ptr::{NonNull, null_mut};

/// The bytes of a connection below its request's filters.
pub(crate) struct Wire {
    raw: NonNull<request_rec>,
    brigade: *mut apr_bucket_brigade,
}

// SAFETY: a wire is kept during one call only, and used by the thread of that call.
unsafe impl Send for Wire {}

impl Wire {
    /// Sends a head and takes the connection over: it ends with the request, nothing of the request's own filters comes
    /// to it any more, and mod_reqtimeout, which would count it as a body, leaves it alone. `None` where the client has
    /// gone. Whoever has the wire gives it back before the request ends.
    pub(crate) fn take(r: Request<'_>, head: &[u8]) -> Option<Wire> {
        let raw = NonNull::new(r.raw())?;
        // SAFETY: the request is this thread's, with its connection and the filters of both.
        unsafe {
            let rec = raw.as_ptr();
            let c = (*rec).connection;
            let brigade = apr_brigade_create((*rec).pool, (*c).bucket_alloc);
            let mut wire = Wire { raw, brigade };
            (*c).keepalive = ap_conn_keepalive_e_AP_CONN_CLOSE;
            // What httpd does at the end of a request then does no harm: no head, no chunks, no error page behind it
            // (http_request.c:ap_die_r).
            (*rec).sent_bodyct = 1;
            (*rec).output_filters = (*c).output_filters;
            (*rec).proto_output_filters = (*c).output_filters;
            ap_remove_input_filter_byhandle((*c).input_filters, c"reqtimeout".as_ptr());
            wire.write(head, b"").then_some(wire)
        }
    }

    fn connection(&self) -> *mut conn_rec {
        // SAFETY: `take`'s request lives.
        unsafe { (*self.raw.as_ptr()).connection }
    }

    /// Waits for bytes from the client, at most as many as fit, for as long as Timeout allows; 0 where it has gone, or
    /// APR's status.
    pub(crate) fn read(&mut self, place: &mut [u8]) -> Result<usize, i32> {
        let wanted = place.len().min(65_536);
        if wanted == 0 {
            return Ok(0);
        }
        let mut length = wanted;
        // SAFETY: the connection's filters and a brigade of it; at most `length` bytes are copied to `place`.
        unsafe {
            let filters = (*self.connection()).input_filters;
            let status = ap_get_brigade(
                filters,
                self.brigade,
                ap_input_mode_t_AP_MODE_READBYTES,
                apr_read_type_e_APR_BLOCK_READ,
                wanted as apr_off_t,
            );
            let status = match status {
                0 => apr_brigade_flatten(self.brigade, place.as_mut_ptr().cast::<c_char>(), &mut length),
                status => status,
            };
            apr_brigade_cleanup(self.brigade.cast());
            match status {
                0 => Ok(length),
                APR_EOF => Ok(0),
                status => Err(status),
            }
        }
    }

    /// Whether bytes from the client can be read without waiting.
    pub(crate) fn peek(&mut self) -> bool {
        let mut length = 0;
        // SAFETY: as in `read`; speculative reading leaves the bytes where they are.
        unsafe {
            let filters = (*self.connection()).input_filters;
            let status = ap_get_brigade(
                filters,
                self.brigade,
                ap_input_mode_t_AP_MODE_SPECULATIVE,
                apr_read_type_e_APR_NONBLOCK_READ,
                1,
            );
            let there = status == 0 && apr_brigade_length(self.brigade, 0, &mut length) == 0 && length > 0;
            apr_brigade_cleanup(self.brigade.cast());
            there
        }
    }

    /// Sends bytes at once; `false` where the client has gone.
    pub(crate) fn write(&mut self, head: &[u8], data: &[u8]) -> bool {
        // SAFETY: the buckets point at bytes that stay until the flush behind them has been written or copied; what a
        // filter keeps of them it copies (apr_bucket_setaside).
        unsafe {
            let c = self.connection();
            if (*c).aborted != 0 {
                return false;
            }
            for part in [head, data] {
                if !part.is_empty() {
                    insert_tail(
                        self.brigade,
                        apr_bucket_transient_create(part.as_ptr().cast(), part.len(), (*c).bucket_alloc),
                    );
                }
            }
            insert_tail(self.brigade, apr_bucket_flush_create((*c).bucket_alloc));
            let status = ap_pass_brigade((*c).output_filters, self.brigade);
            apr_brigade_cleanup(self.brigade.cast());
            status == 0 && (*c).aborted == 0
        }
    }
}

/// APR_EOF.
const APR_EOF: i32 = 70_014;

impl Request<'_> {
    /// Whether a comma-separated list holds a token (ap_find_token).
    pub(crate) fn has_token(self, list: &[u8], token: &CStr) -> bool {
        let Some(list) = self.pool().strdup(list) else { return false };
        // SAFETY: both are C strings, the list in the request's pool.
        unsafe { ap_find_token(self.pool().raw(), list, token.as_ptr()) != 0 }
    }

    /// The time as headers have it (apr_rfc822_date), and the server's own header (ap_get_server_banner).
    pub(crate) fn date_and_server(self) -> (Vec<u8>, Vec<u8>) {
        let mut date = [0; APR_RFC822_DATE_LEN as usize];
        // SAFETY: the place has the length that APR writes, with a NUL.
        unsafe {
            apr_rfc822_date(date.as_mut_ptr(), apr_time_now());
            let [date, server] =
                [date.as_ptr(), ap_get_server_banner()].map(|text| bytes(text).unwrap_or_default().to_vec());
            (date, server)
        }
    }

    /// Sets r->status to that of a request whose connection speaks another protocol from now on.
    pub(crate) fn switch_protocols(self) {
        // SAFETY: the request is this thread's.
        unsafe {
            (*self.raw()).status = HTTP_SWITCHING_PROTOCOLS as i32;
            (*self.raw()).status_line = null_mut();
        }
    }

    /// Whether its connection speaks another protocol.
    pub(crate) fn has_switched(self) -> bool {
        self.has_begun() && self.rec().status == HTTP_SWITCHING_PROTOCOLS as i32
    }
}

/// The SHA-1 of some bytes, in base64 (apr_sha1.h, apr_base64.h).
pub(crate) fn sha1_base64(data: &[u8]) -> Vec<u8> {
    let mut digest = [0u8; APR_SHA1_DIGESTSIZE as usize];
    let mut encoded = [0; 4 * APR_SHA1_DIGESTSIZE as usize];
    // SAFETY: the places are as long as APR writes, the last with a NUL; all-zero is a valid context.
    unsafe {
        let mut context: apr_sha1_ctx_t = std::mem::zeroed();
        apr_sha1_init(&mut context);
        for part in data.chunks(1 << 30) {
            apr_sha1_update(&mut context, part.as_ptr().cast(), part.len() as u32);
        }
        apr_sha1_final(digest.as_mut_ptr(), &mut context);
        apr_base64_encode_binary(encoded.as_mut_ptr(), digest.as_ptr(), digest.len() as i32);
        bytes(encoded.as_ptr()).unwrap_or_default().to_vec()
    }
}
