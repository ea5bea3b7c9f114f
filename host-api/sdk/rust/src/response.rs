//! What decides how an answer is sent: cookies, validators, error texts, interim answers.

use crate::{COOKIE_HTTPONLY, COOKIE_PARTITIONED, COOKIE_SECURE, Request, Status, ffi};

/// How a cookie may travel to other sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SameSite {
    Strict,
    Lax,
    None,
}

/// A cookie to be set; name and value are escaped as for a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cookie<'c> {
    name: &'c [u8],
    value: &'c [u8],
    expires: i64,
    path: &'c [u8],
    domain: &'c [u8],
    same_site: Option<SameSite>,
    flags: u32,
}

impl<'c> Cookie<'c> {
    /// A cookie of the session, for the path `/`.
    pub fn new(name: &'c (impl AsRef<[u8]> + ?Sized), value: &'c (impl AsRef<[u8]> + ?Sized)) -> Cookie<'c> {
        Cookie { name: name.as_ref(), value: value.as_ref(), path: b"/", ..Cookie::default() }
    }

    /// Until when it is kept, in seconds since 1970.
    pub fn expires(self, expires: i64) -> Cookie<'c> {
        Cookie { expires, ..self }
    }

    /// Below which path it is sent; empty for that of the request.
    pub fn path(self, path: &'c (impl AsRef<[u8]> + ?Sized)) -> Cookie<'c> {
        Cookie { path: path.as_ref(), ..self }
    }

    /// To which hosts it is sent.
    pub fn domain(self, domain: &'c (impl AsRef<[u8]> + ?Sized)) -> Cookie<'c> {
        Cookie { domain: domain.as_ref(), ..self }
    }

    /// How it may travel to other sites.
    pub fn same_site(self, same_site: SameSite) -> Cookie<'c> {
        Cookie { same_site: Some(same_site), ..self }
    }

    /// Sent over TLS only.
    pub fn secure(self) -> Cookie<'c> {
        Cookie { flags: self.flags | COOKIE_SECURE, ..self }
    }

    /// Not shown to scripts.
    pub fn http_only(self) -> Cookie<'c> {
        Cookie { flags: self.flags | COOKIE_HTTPONLY, ..self }
    }

    /// Kept for each site that embeds this one.
    pub fn partitioned(self) -> Cookie<'c> {
        Cookie { flags: self.flags | COOKIE_PARTITIONED, ..self }
    }
}

impl Request {
    /// The value of a cookie as the client sent it (ap_cookie_read).
    pub fn cookie(&self, name: impl AsRef<[u8]>) -> Option<Vec<u8>> {
        ffi::read(|buffer| ffi::ap_cookie_read(self.handle(), name.as_ref(), buffer)).ok().flatten()
    }

    /// Adds a Set-Cookie header; `false` where an attribute holds what a header can't.
    pub fn set_cookie(&self, cookie: &Cookie<'_>) -> bool {
        let same_site = match cookie.same_site {
            Some(SameSite::Strict) => "Strict",
            Some(SameSite::Lax) => "Lax",
            Some(SameSite::None) => "None",
            None => "",
        };
        let Cookie { name, value, expires, path, domain, flags, .. } = *cookie;
        ffi::ap_set_cookie(self.handle(), name, value, expires, path, domain, same_site.as_bytes(), flags) == 0
    }

    /// What is sent for a status that this request ends with: a URL, a path or a text.
    pub fn custom_response(&self, status: u32, text: impl AsRef<[u8]>) -> bool {
        ffi::ap_custom_response(self.handle(), status, text.as_ref()) == 0
    }

    /// Sends an interim answer 1xx now, with headers_out and clearing them if so asked; `false` where that can't be.
    /// r->status stays as it was.
    pub fn send_interim_response(&self, status: i64, send_headers: bool) -> bool {
        u32::try_from(status)
            .is_ok_and(|status| ffi::ap_send_interim_response(self.handle(), status, send_headers.into()) == 0)
    }

    /// Whether the connection stays open after this answer (ap_set_keepalive).
    pub fn set_keepalive(&self) -> bool {
        ffi::ap_set_keepalive(self.handle()) == 1
    }

    /// The ETag of r->finfo; `None` where FileETag says none (ap_make_etag).
    pub fn make_etag(&self, force_weak: bool) -> Option<Vec<u8>> {
        ffi::read(|buffer| ffi::ap_make_etag(self.handle(), force_weak.into(), buffer)).ok().flatten()
    }

    /// Sets the ETag header from r->finfo (ap_set_etag).
    pub fn set_etag(&self) {
        ffi::ap_set_etag(self.handle());
    }

    /// Sets the Last-Modified header from r->mtime (ap_set_last_modified).
    pub fn set_last_modified(&self) {
        ffi::ap_set_last_modified(self.handle());
    }

    /// Sets the Accept-Ranges header (ap_set_accept_ranges).
    pub fn set_accept_ranges(&self) {
        ffi::ap_set_accept_ranges(self.handle());
    }

    /// OK, or the status (304, 412) that conditional headers ask for (ap_meets_conditions).
    pub fn meets_conditions(&self) -> Status {
        Status(ffi::ap_meets_conditions(self.handle()).try_into().unwrap_or(0))
    }

    /// Adds methods, separated by spaces, to those of an Allow header, in place of others where `reset`
    /// (ap_allow_methods).
    pub fn allow_methods(&self, reset: bool, methods: &str) -> bool {
        ffi::ap_allow_methods(self.handle(), reset.into(), methods.as_bytes()) == 0
    }

    /// Scheme, host and port before a path (ap_construct_url).
    pub fn construct_url(&self, uri: impl AsRef<[u8]>) -> Option<Vec<u8>> {
        ffi::read(|buffer| ffi::ap_construct_url(self.handle(), uri.as_ref(), buffer)).ok().flatten()
    }

    /// What ap_document_root says from now on.
    pub fn set_document_root(&self, path: impl AsRef<[u8]>) -> bool {
        ffi::ap_set_document_root(self.handle(), path.as_ref()) == 0
    }

    /// What ap_context_prefix and ap_context_document_root say from now on.
    pub fn set_context_info(&self, prefix: impl AsRef<[u8]>, document_root: impl AsRef<[u8]>) -> bool {
        ffi::ap_set_context_info(self.handle(), prefix.as_ref(), document_root.as_ref()) == 0
    }

    /// Sends what is buffered; `false` where the client has gone (ap_rflush).
    pub fn flush(&self) -> bool {
        ffi::ap_rflush(self.handle()) == 0
    }
}
