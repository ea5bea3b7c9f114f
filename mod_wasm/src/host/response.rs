//! Group `response`: what decides how an answer is sent.

use super::number::table;
use super::{Code, Host, Reply, ResponseFunctions};
use crate::httpd::digest::rfc822_date;
use crate::httpd::text::Escape;

const SECURE: u32 = 1;
const HTTPONLY: u32 = 2;
const PARTITIONED: u32 = 4;
const MICROSECONDS: i64 = 1_000_000;
/// Most methods of one call.
const MOST_METHODS: usize = 64;
/// What a pool takes for headers that httpd sets by itself, roughly, in bytes.
const SOME_HEADERS: usize = 128;

impl ResponseFunctions for Host {
    // As lua_request.c:lua_set_cookie puts the attributes, with room for each that is left out.
    fn ap_set_cookie(
        &mut self,
        r: u32,
        name: &[u8],
        value: &[u8],
        expires: i64,
        path: &[u8],
        domain: &[u8],
        same_site: &[u8],
        flags: u32,
    ) -> Reply<()> {
        let lengths = [name, value, path, domain, same_site].map(<[u8]>::len);
        self.takes(lengths.into_iter().sum::<usize>().saturating_mul(4))?;
        let breaks = |byte: &u8| byte.is_ascii_control() || *byte == b';';
        let bad = [path, domain].concat().iter().any(breaks) || !same_site.iter().all(u8::is_ascii_alphabetic);
        if bad || name.is_empty() || flags > (SECURE | HTTPONLY | PARTITIONED) || expires < 0 {
            return Err(Code::BAD_VALUE);
        }
        let flag = |bit, name: &'static [u8]| if flags & bit != 0 { name } else { b"" };
        let attribute =
            |name: &[u8], value: &[u8]| if value.is_empty() { Vec::new() } else { [name, b"=", value, b";"].concat() };
        let date = if expires == 0 {
            Vec::new()
        } else {
            expires.checked_mul(MICROSECONDS).and_then(rfc822_date).ok_or(Code::BAD_VALUE)?
        };
        let mut cookie = Vec::new();
        let request = self.request(r)?;
        for (text, after) in [(name, &b"="[..]), (value, b"; ")] {
            if !Escape::Urlencoded.apply(Some(request), text, &mut cookie) {
                return Err(Code::BAD_VALUE);
            }
            cookie.extend_from_slice(after);
        }
        let expires = attribute(b"Expires", &date);
        let (domain, path) = (attribute(b"Domain", domain), attribute(b"Path", path));
        cookie.extend([flag(SECURE, b"Secure;"), &expires, flag(HTTPONLY, b"HttpOnly;"), &domain, &path].join(&b' '));
        for more in [&attribute(b"SameSite", same_site)[..], flag(PARTITIONED, b"Partitioned;")] {
            if !more.is_empty() {
                cookie.push(b' ');
                cookie.extend_from_slice(more);
            }
        }
        Ok(request.table(table::ERR_HEADERS_OUT).ok_or(Code::NONE)?.add(b"Set-Cookie", &cookie)?)
    }

    fn ap_custom_response(&mut self, r: u32, status: u32, text: &[u8]) -> Reply<()> {
        let status = i32::try_from(status).ok().filter(|status| (100..1000).contains(status)).ok_or(Code::BAD_VALUE)?;
        self.takes(text.len().saturating_mul(2))?;
        Ok(self.request(r)?.custom_response(status, text)?)
    }

    fn ap_send_interim_response(&mut self, r: u32, status: u32, send_headers: u32) -> Reply<()> {
        self.not_in_filter()?;
        let request = self.request(r)?;
        // A subrequest's main request may have begun its answer.
        if request.is_sub_req() || request.has_begun() {
            return Err(Code::NOT_NOW);
        }
        if !request.interim_is_sound(status, send_headers != 0) {
            return Err(Code::BAD_VALUE);
        }
        request.send_interim_response(status as i32, send_headers != 0);
        Ok(())
    }

    fn ap_set_keepalive(&mut self, r: u32) -> Reply<i64> {
        self.takes(SOME_HEADERS)?;
        Ok(self.request(r)?.set_keepalive().into())
    }

    fn ap_make_etag(&mut self, r: u32, force_weak: u32) -> Reply<&[u8]> {
        self.takes(SOME_HEADERS)?;
        self.request(r)?.make_etag(force_weak != 0).ok_or(Code::NONE)
    }

    fn ap_set_etag(&mut self, r: u32) -> Reply<()> {
        self.takes(SOME_HEADERS)?;
        self.request(r)?.set_etag();
        Ok(())
    }

    fn ap_set_last_modified(&mut self, r: u32) -> Reply<()> {
        self.takes(SOME_HEADERS)?;
        self.request(r)?.set_last_modified();
        Ok(())
    }

    fn ap_set_accept_ranges(&mut self, r: u32) -> Reply<()> {
        self.request(r)?.set_accept_ranges();
        Ok(())
    }

    fn ap_meets_conditions(&mut self, r: u32) -> Reply<i64> {
        self.takes(SOME_HEADERS)?;
        Ok(self.request(r)?.meets_conditions().into())
    }

    fn ap_allow_methods(&mut self, r: u32, reset: u32, methods: &[u8]) -> Reply<()> {
        let token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
        let methods: Vec<_> =
            methods.split(|byte| *byte == b' ').filter(|method| !method.is_empty()).take(MOST_METHODS + 1).collect();
        // httpd looks through all of them for each (http_protocol.c:ap_method_list_add).
        if methods.len() > MOST_METHODS {
            return Err(Code::LIMIT);
        }
        if !methods.iter().all(|method| method.iter().all(token)) {
            return Err(Code::BAD_VALUE);
        }
        self.takes(methods.iter().map(|method| method.len()).sum())?;
        Ok(self.request(r)?.allow_methods(reset != 0, &methods)?)
    }
}
