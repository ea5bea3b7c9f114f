//! Cookies, validators, error texts, interim answers.

use crate::{Answer, number, shown_or_none};
use apache_module::{Cookie, HTTP_METHOD_NOT_ALLOWED, Request, SameSite, Status, ffi};

pub fn call(r: &Request, function: &[u8], arguments: &[&[u8]]) -> Option<Answer> {
    Some(match (function, arguments) {
        (b"cookie", [name]) => Ok(shown_or_none(r.cookie(name))),
        (b"cookie-codes", []) => {
            let codes = [
                ffi::ap_cookie_read(0, b"", &mut []),
                ffi::ap_cookie_read(0, b"a\0b", &mut []),
                ffi::ap_cookie_read(0, b"twice", &mut []),
            ];
            Ok(format!("{codes:?}"))
        }
        (b"set-cookie", [name, value, expires]) => {
            Ok(r.set_cookie(&Cookie::new(*name, *value).expires(number(expires))).to_string())
        }
        (b"set-cookie-all", [name, value, path, domain]) => {
            let cookie = Cookie::new(*name, *value).path(*path).domain(*domain).secure().http_only().partitioned();
            Ok(r.set_cookie(&cookie.same_site(SameSite::Lax).expires(86_400)).to_string())
        }
        (b"custom", [status, text]) => {
            r.custom_response(number(status) as u32, text);
            Err(Status(number(status) as i32))
        }
        (b"interim", [status, name, value]) => {
            let kept = r.headers_out().get("X-Kept");
            r.headers_out().set(name, value);
            let sent = r.send_interim_response(number(status), true);
            r.headers_out().unset(name);
            Ok(format!("{sent} {} {}", r.status(), kept.is_none()))
        }
        (b"interim-late", []) => {
            r.write("begun\n");
            r.flush();
            Ok(r.send_interim_response(103, false).to_string())
        }
        (b"interim-line", []) => {
            r.set_status_line(Some(b"200 OK"));
            let code = ffi::ap_send_interim_response(0, 103, 0);
            Ok(format!("{code} {}", r.set_status_line(Some(b"200 OK\r\nX-Split: 1"))))
        }
        (b"keepalive", []) => {
            let stays = r.set_keepalive();
            Ok(format!("{stays} {}", shown_or_none(r.headers_out().get("Connection"))))
        }
        (b"etag", [weak]) => Ok(shown_or_none(r.make_etag(number(weak) == 1))),
        (b"conditions", [mtime]) => {
            r.update_mtime(number(mtime));
            r.set_last_modified();
            r.set_accept_ranges();
            match r.meets_conditions() {
                Status::OK => Ok("fresh".into()),
                status => Err(status),
            }
        }
        (b"length", [length]) => {
            r.set_content_length(number(length));
            Ok("x".repeat(number(length) as usize - 1))
        }
        (b"allow", [reset, methods]) => {
            let done = r.allow_methods(number(reset) == 1, &String::from_utf8_lossy(methods));
            if !done {
                return Some(Ok("refused".into()));
            }
            Err(Status(HTTP_METHOD_NOT_ALLOWED))
        }
        (b"header", [name, value]) => {
            r.headers_out().set(name, value);
            Ok("set".into())
        }
        (b"type", [value]) => {
            r.set_content_type(Some(value));
            Ok("set".into())
        }
        (b"status", [status]) => {
            r.set_status(number(status));
            Ok("set".into())
        }
        _ => return None,
    })
}
