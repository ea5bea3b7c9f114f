//! http_protocol.h and httpd.h: the request's body in blocks, as modules of httpd read it with what request_rec knows of it,
//! and forms.

use super::bindings::*;
use super::body::next_part;
use super::brigade::sentinel;
use super::bytes::bytes;
use super::request::Request;
use std::ffi::c_int;
use std::ptr::null_mut;

const OK_: c_int = OK as c_int;
const BAD_REQUEST: c_int = HTTP_BAD_REQUEST as c_int;

/// A field of a form: name and value.
pub(crate) type Pair = (Vec<u8>, Vec<u8>);

impl Request<'_> {
    /// Appends the next bytes of the body to `to`, at most so many; none at its end. The error is what the hook is to
    /// answer: an HTTP status, or AP_FILTER_ERROR where a filter has answered already.
    pub(crate) fn read_body(self, most: usize, to: &mut Vec<u8>) -> Result<(), i32> {
        self.begin_body()?;
        let begin = to.len();
        while self.rec().remaining >= 0
            && (self.rec().remaining > 0 || self.rec().read_chunked != 0)
            && to.len() == begin
        {
            self.pool()
                .with_sub_pool(|pool| self.read_brigade(pool.raw(), most, to))
                .unwrap_or(Err(HTTP_INTERNAL_SERVER_ERROR as c_int))?;
        }
        Ok(())
    }

    /// ap_setup_client_block, once for each request.
    fn begin_body(self) -> Result<(), i32> {
        const DECHUNK: c_int = REQUEST_CHUNKED_DECHUNK as c_int;
        // SAFETY: the request is this thread's.
        unsafe {
            let rec = self.raw();
            if (*rec).read_body == DECHUNK {
                return Ok(());
            }
            match ap_setup_client_block(rec, DECHUNK) {
                OK_ => {}
                status => {
                    // The next try is to fail too.
                    (*rec).read_body = REQUEST_NO_BODY as c_int;
                    return Err(status);
                }
            }
            if ap_should_client_block(rec) == 0 {
                // Another has read it.
                (*rec).remaining = -1;
            }
        }
        Ok(())
    }

    /// As ap_get_client_block reads, without losing why that failed, and without taking an empty brigade for the end.
    fn read_brigade(self, pool: *mut apr_pool_t, most: usize, to: &mut Vec<u8>) -> Result<(), i32> {
        // SAFETY: the request is this thread's, the pool outlives the brigade, which is used as util_filter.h says.
        unsafe {
            let rec = self.raw();
            let brigade = apr_brigade_create(pool, (*(*rec).connection).bucket_alloc);
            let most = apr_off_t::try_from(most).unwrap_or(apr_off_t::MAX);
            if let Err(answer) = next_part(self, brigade, most) {
                apr_brigade_cleanup(brigade.cast());
                if answer != AP_FILTER_ERROR {
                    (*(*rec).connection).keepalive = ap_conn_keepalive_e_AP_CONN_CLOSE;
                }
                (*rec).remaining = -1;
                return Err(answer);
            }
            let last = (*brigade).list.prev;
            if last != sentinel(brigade) && (*last).type_ == &raw const apr_bucket_type_eos {
                (*rec).remaining = -1;
            }
            let (mut length, begin) = (0, to.len());
            let mut status = apr_brigade_length(brigade, 1, &mut length);
            let length = usize::try_from(length).unwrap_or(0);
            if status == 0 && length > 0 {
                to.resize(begin + length, 0);
                let mut flat = length as apr_size_t;
                let place = to.get_mut(begin..).unwrap_or_default();
                status = apr_brigade_flatten(brigade, place.as_mut_ptr().cast(), &mut flat);
                to.truncate(begin + (flat as usize).min(length));
            }
            (*rec).read_length += (to.len() - begin) as apr_off_t;
            apr_brigade_cleanup(brigade.cast());
            if status == 0 { Ok(()) } else { Err(BAD_REQUEST) }
        }
    }

    /// An urlencoded form in the body (ap_parse_form_data), with at most so many fields and bytes; the error is an
    /// HTTP status.
    pub(crate) fn parse_form(self, fields: usize, size: usize) -> Result<Vec<Pair>, i32> {
        let mut array = null_mut();
        // SAFETY: the request is this thread's; httpd answers with an array of its pairs, whose brigades live as long
        // as the request.
        unsafe {
            let status =
                ap_parse_form_data(self.raw(), null_mut(), &mut array, fields as apr_size_t, size as apr_size_t);
            (*self.raw()).remaining = -1;
            if status != OK_ {
                return Err(status);
            }
            let Some(array) = array.as_ref() else { return Ok(Vec::new()) };
            let pairs = array.elts.cast::<ap_form_pair_t>();
            (0..usize::try_from(array.nelts).unwrap_or(0))
                .map(|at| {
                    let pair = &*pairs.add(at);
                    let mut length = 0;
                    if apr_brigade_length(pair.value, 1, &mut length) != 0 {
                        return Err(BAD_REQUEST);
                    }
                    let mut value = vec![0; usize::try_from(length).unwrap_or(0)];
                    let mut flat = value.len() as apr_size_t;
                    if !value.is_empty() && apr_brigade_flatten(pair.value, value.as_mut_ptr().cast(), &mut flat) != 0 {
                        return Err(BAD_REQUEST);
                    }
                    Ok((bytes(pair.name).unwrap_or_default().to_vec(), value))
                })
                .collect()
        }
    }

    /// Calls `each` with the fields of the query string, unescaped (ap_args_to_table).
    pub(crate) fn args_to_table(self, each: impl FnMut(&[u8], &[u8])) {
        let mut table = null_mut();
        // SAFETY: the request is this thread's; httpd makes the table in its pool.
        unsafe {
            ap_args_to_table(self.raw(), &mut table);
            if let Some(table) = super::Table::from_raw(table, self.pool()) {
                let _ = table.each(None, each);
            }
        }
    }
}
