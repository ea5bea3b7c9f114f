//! Escapes, digests, times: functions that need no request.

use crate::{number, shown, shown_or_none};
use apache_module::{ffi, server, text};

pub fn call(function: &[u8], arguments: &[&[u8]]) -> Option<String> {
    Some(match (function, arguments) {
        (b"unescape", [what]) => shown_or_none(text::unescape_urlencoded(what)),
        (b"unescape-status", [what]) => {
            format!("{} {}", ffi::ap_unescape_urlencoded(what, &mut []), ffi::error_status())
        }
        (b"logitem", [what]) => shown(&text::escape_logitem(what)),
        (b"match", [what, pattern]) => {
            format!("{} {}", text::strcmp_match(what, pattern), text::strcasecmp_match(what, pattern))
        }
        (b"base64", [what]) => shown(&text::base64_encode(what)),
        (b"plain", [what]) => shown(&text::base64_decode(what)),
        (b"md5", [what]) => shown(&text::md5(what)),
        (b"sha1", [what]) => shown(&text::sha1(what)),
        (b"date", [what]) => format!("{:?}", text::date_parse_rfc(what)),
        (b"rfc822", [time]) => shown(&text::rfc822_date(number(time))),
        (b"nul", []) => {
            let codes = [
                ffi::ap_escape_logitem(b"a\0b", &mut []),
                ffi::ap_unescape_urlencoded(b"a\0b", &mut []),
                ffi::apr_base64_decode(b"a\0b", &mut []),
                ffi::apr_date_parse_rfc(b"\0") as i32,
            ];
            format!("{codes:?} {} {}", shown(&text::base64_encode(b"a\0b")), shown(&text::md5(b"a\0b")))
        }
        (b"sleep-twice", [time]) => {
            server::sleep(number(time));
            server::sleep(number(time));
            "awake".to_string()
        }
        (b"sleep", [time]) => {
            let begin = server::time_now();
            server::sleep(number(time));
            (server::time_now() - begin).to_string()
        }
        _ => return None,
    })
}
