//! httpd's own escaping, digests, times, random numbers.

use crate::ffi;

/// Escapes a path for a URL; a path that is not `partial` and has a colon in its first segment gets `./` before it.
pub fn os_escape_path(path: &[u8], partial: bool) -> Vec<u8> {
    read(|buffer| ffi::ap_os_escape_path(path, partial.into(), buffer))
}

/// Escapes a path that goes on from another (ap_escape_uri).
pub fn escape_uri(path: &[u8]) -> Vec<u8> {
    os_escape_path(path, true)
}

/// Escapes a segment of a path.
pub fn escape_path_segment(segment: &[u8]) -> Vec<u8> {
    read(|buffer| ffi::ap_escape_path_segment(segment, buffer))
}

/// Escapes for application/x-www-form-urlencoded.
pub fn escape_urlencoded(text: &[u8]) -> Vec<u8> {
    read(|buffer| ffi::ap_escape_urlencoded(text, buffer))
}

/// Escapes for HTML.
pub fn escape_html(text: &[u8]) -> Vec<u8> {
    read(|buffer| ffi::ap_escape_html2(text, 0, buffer))
}

/// Undoes the escapes of a URL; what is no escape stays, and a NUL ends it.
pub fn unescape_url(url: &[u8]) -> Vec<u8> {
    read(|buffer| ffi::ap_unescape_url(url, buffer))
}

/// Undoes the escapes of a form; `None` where one is bad, or stands for a NUL.
pub fn unescape_urlencoded(text: &[u8]) -> Option<Vec<u8>> {
    ffi::read(|buffer| ffi::ap_unescape_urlencoded(text, buffer)).ok().flatten()
}

/// Escapes what could break a line of a log.
pub fn escape_logitem(text: &[u8]) -> Vec<u8> {
    read(|buffer| ffi::ap_escape_logitem(text, buffer))
}

/// Whether a text matches a pattern of ? and * (ap_strcmp_match).
pub fn strcmp_match(text: &[u8], pattern: &[u8]) -> bool {
    ffi::ap_strcmp_match(text, pattern, 0) == 1
}

/// The same without regard to case (ap_strcasecmp_match).
pub fn strcasecmp_match(text: &[u8], pattern: &[u8]) -> bool {
    ffi::ap_strcmp_match(text, pattern, 1) == 1
}

/// Base64.
pub fn base64_encode(data: &[u8]) -> Vec<u8> {
    read(|buffer| ffi::apr_base64_encode(data, buffer))
}

/// What base64 stands for, up to the first byte that is none.
pub fn base64_decode(text: &[u8]) -> Vec<u8> {
    read(|buffer| ffi::apr_base64_decode(text, buffer))
}

/// MD5 in hexadecimal digits.
pub fn md5(data: &[u8]) -> Vec<u8> {
    read(|buffer| ffi::ap_md5_binary(data, buffer))
}

/// SHA-1 in hexadecimal digits.
pub fn sha1(data: &[u8]) -> Vec<u8> {
    read(|buffer| ffi::apr_sha1(data, buffer))
}

/// Microseconds since 1970 from a date in a header's form; `None` where it is none.
pub fn date_parse_rfc(text: &[u8]) -> Option<i64> {
    Some(ffi::apr_date_parse_rfc(text)).filter(|time| *time >= 0)
}

/// A time in microseconds since 1970 as headers have it.
pub fn rfc822_date(time: i64) -> Vec<u8> {
    read(|buffer| ffi::apr_rfc822_date(time, buffer))
}

/// A random number from `min` to `max` (ap_random_pick).
pub fn random_pick(min: u32, max: u32) -> u32 {
    ffi::ap_random_pick(min, max).try_into().unwrap_or(min)
}

/// A time taken apart (apr_time_exp_t): years since 1900, months from 0, days of the month from 1, Sunday is 0, the
/// offset in seconds east of UTC.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeExp {
    pub usec: i32,
    pub sec: i32,
    pub min: i32,
    pub hour: i32,
    pub mday: i32,
    pub mon: i32,
    pub year: i32,
    pub wday: i32,
    pub yday: i32,
    pub isdst: i32,
    pub gmtoff: i32,
}

/// A time in microseconds since 1970 in the local zone (apr_time_exp_lt).
pub fn time_exp_lt(time: i64) -> TimeExp {
    time_exp(|buffer| ffi::apr_time_exp_lt(time, buffer))
}

/// The same in UTC (apr_time_exp_gmt).
pub fn time_exp_gmt(time: i64) -> TimeExp {
    time_exp(|buffer| ffi::apr_time_exp_gmt(time, buffer))
}

fn time_exp(ask: impl FnOnce(&mut [u8]) -> i32) -> TimeExp {
    let mut raw = [0u8; 44];
    ask(&mut raw);
    let part = |at: usize| raw.as_chunks::<4>().0.get(at).map_or(0, |bytes| i32::from_le_bytes(*bytes));
    TimeExp {
        usec: part(0),
        sec: part(1),
        min: part(2),
        hour: part(3),
        mday: part(4),
        mon: part(5),
        year: part(6),
        wday: part(7),
        yday: part(8),
        isdst: part(9),
        gmtoff: part(10),
    }
}

fn read(ask: impl FnMut(&mut [u8]) -> i32) -> Vec<u8> {
    ffi::read(ask).ok().flatten().unwrap_or_default()
}
