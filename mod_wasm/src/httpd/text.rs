//! httpd.h and apr_time.h: escaping, and times taken apart. The strings are the request's, or live for a moment.

use super::bindings::*;
use super::bytes::{bytes, with_cstr};
use super::pool::{OwnPool, Pool};
use super::request::Request;
use std::ffi::c_char;
use std::mem::MaybeUninit;

/// A way to escape.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Escape {
    /// ap_os_escape_path, with whether the path goes on from another.
    OsPath(bool),
    /// ap_escape_path_segment.
    PathSegment,
    /// ap_escape_urlencoded.
    Urlencoded,
    /// ap_escape_html2, with whether what is not ASCII becomes a number.
    Html(bool),
    /// ap_unescape_url.
    UnescapeUrl,
    /// ap_escape_logitem.
    Logitem,
}

impl Escape {
    /// Appends the text, escaped, to `out`; `false` where it holds a NUL.
    pub(crate) fn apply(self, r: Option<Request<'_>>, text: &[u8], out: &mut Vec<u8>) -> bool {
        let escape = |pool: Pool<'_>| {
            let text = pool.strdup(text)?;
            let pool = pool.raw();
            // SAFETY: the pool lives until the answer has been copied; the text is in it, and may be changed in place.
            let answer = unsafe {
                let answer: *mut c_char = match self {
                    Escape::OsPath(partial) => ap_os_escape_path(pool, text, partial.into()),
                    Escape::PathSegment => ap_escape_path_segment(pool, text),
                    Escape::Urlencoded => ap_escape_urlencoded(pool, text),
                    Escape::Html(to_ascii) => ap_escape_html2(pool, text, to_ascii.into()),
                    Escape::Logitem => ap_escape_logitem(pool, text),
                    Escape::UnescapeUrl => {
                        ap_unescape_url(text);
                        text
                    }
                };
                bytes(answer).unwrap_or_default()
            };
            out.extend_from_slice(answer);
            Some(())
        };
        with_scratch(r, escape).flatten().is_some()
    }
}

/// Undoes the escapes of a form (ap_unescape_urlencoded); the error is an HTTP status, 0 where the text holds a NUL.
pub(crate) fn unescape_urlencoded(text: &[u8]) -> Result<Vec<u8>, i32> {
    if text.contains(&0) {
        return Err(0);
    }
    let mut text = [text, b"\0"].concat();
    // SAFETY: a C string, which is changed in place and never becomes longer.
    unsafe {
        match ap_unescape_urlencoded(text.as_mut_ptr().cast()) {
            0 => Ok(bytes(text.as_ptr().cast()).unwrap_or_default().to_vec()),
            status => Err(status),
        }
    }
}

/// Calls `with` with the request's pool, or outside of one with a pool that is gone afterwards.
fn with_scratch<R>(r: Option<Request<'_>>, with: impl FnOnce(Pool<'_>) -> R) -> Option<R> {
    match r {
        Some(r) => Some(with(r.pool())),
        None => OwnPool::new().map(|own| with(own.pool())),
    }
}

/// A time in microseconds since 1970 in the local zone or UTC, in the order of apr_time_exp_t.
pub(crate) fn time_exp(time: i64, local: bool) -> [i32; 11] {
    let mut tm = MaybeUninit::<apr_time_exp_t>::zeroed();
    // SAFETY: a valid place; all-zero is a valid value.
    let tm = unsafe {
        if local {
            apr_time_exp_lt(tm.as_mut_ptr(), time)
        } else {
            apr_time_exp_gmt(tm.as_mut_ptr(), time)
        };
        tm.assume_init()
    };
    [
        tm.tm_usec,
        tm.tm_sec,
        tm.tm_min,
        tm.tm_hour,
        tm.tm_mday,
        tm.tm_mon,
        tm.tm_year,
        tm.tm_wday,
        tm.tm_yday,
        tm.tm_isdst,
        tm.tm_gmtoff,
    ]
}

/// The home of a user of this machine (apr_uid_homepath_get); the error is APR's status.
pub(crate) fn homepath(user: &[u8]) -> Result<Vec<u8>, i32> {
    let own = OwnPool::new().ok_or(libc::ENOMEM)?;
    let user = own.pool().strdup(user).ok_or(libc::EINVAL)?;
    let mut home = std::ptr::null_mut();
    // SAFETY: the pool lives until the answer has been copied.
    unsafe {
        match apr_uid_homepath_get(&mut home, user, own.pool().raw()) {
            0 => Ok(bytes(home).unwrap_or_default().to_vec()),
            status => Err(status),
        }
    }
}

/// Whether httpd looks at a path at all (ap_stat_check); the error is APR's status.
pub(crate) fn stat_check(r: Option<Request<'_>>, path: &[u8]) -> Result<(), i32> {
    let check = |pool: Pool<'_>| {
        // SAFETY: the pool and the path live.
        with_cstr(path, |path| unsafe { ap_stat_check(path.as_ptr(), pool.raw()) }).unwrap_or(libc::EINVAL)
    };
    match with_scratch(r, check).unwrap_or(libc::ENOMEM) {
        0 => Ok(()),
        status => Err(status),
    }
}
