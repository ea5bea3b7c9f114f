//! http_protocol.h, http_request.h, http_core.h and util_cookies.h: what decides how an answer is sent. The strings are
//! copied into the request's pool.

use super::bindings::*;
use super::bytes::{bytes, with_cstr};
use super::request::{Refused, Request};
use std::ffi::{c_char, c_int};
use std::ptr::null;

impl<'r> Request<'r> {
    /// What is sent for a status (ap_custom_response).
    pub(crate) fn custom_response(self, status: i32, text: &[u8]) -> Result<(), Refused> {
        let text = self.pool().strdup(text).ok_or(Refused::Value)?;
        // SAFETY: the request is this thread's; httpd copies the text.
        unsafe { ap_custom_response(self.raw(), status, text) };
        Ok(())
    }

    /// Whether an interim answer of a status can be sent as headers_out say: a status 1xx but the one of an upgrade, a
    /// status line that is of it, and headers that don't end early, since httpd sends them unseen
    /// (protocol.c:ap_send_interim_response).
    pub(crate) fn interim_is_sound(self, status: u32, send_headers: bool) -> bool {
        let rec = self.rec();
        // SAFETY: the status line is a C string of the request, the table one of the request's.
        let (line, headers) = unsafe { (bytes(rec.status_line), super::Table::from_raw(rec.headers_out, self.pool())) };
        if !(100..200).contains(&status) || status == HTTP_SWITCHING_PROTOCOLS {
            return false;
        }
        let mut sound = line.is_none_or(|line| line.starts_with(status.to_string().as_bytes()));
        if let Some(headers) = headers.filter(|_| send_headers) {
            let name = |byte: &u8| byte.is_ascii_graphic() && *byte != b':';
            let _ = headers.each(None, |key, value| {
                sound &=
                    !key.is_empty() && key.iter().all(name) && !value.iter().any(|byte| matches!(byte, b'\r' | b'\n'));
            });
        }
        sound
    }

    /// Sends an interim answer (ap_send_interim_response); to be asked for only where it is sound.
    pub(crate) fn send_interim_response(self, status: i32, send_headers: bool) {
        // SAFETY: the request is this thread's; r->status is httpd's way to be told.
        unsafe {
            let before = std::mem::replace(&mut (*self.raw()).status, status);
            ap_send_interim_response(self.raw(), send_headers.into());
            (*self.raw()).status = before;
        }
    }

    /// Whether the connection stays open (ap_set_keepalive).
    pub(crate) fn set_keepalive(self) -> bool {
        // SAFETY: the request is this thread's.
        unsafe { ap_set_keepalive(self.raw()) != 0 }
    }

    /// The ETag of r->finfo (ap_make_etag); `None` where FileETag says none.
    pub(crate) fn make_etag(self, force_weak: bool) -> Option<&'r [u8]> {
        // SAFETY: the request is this thread's; the answer is in its pool or a literal.
        unsafe { bytes(ap_make_etag(self.raw(), force_weak.into())) }.filter(|etag| !etag.is_empty())
    }

    /// ap_set_etag.
    pub(crate) fn set_etag(self) {
        // SAFETY: the request is this thread's.
        unsafe { ap_set_etag(self.raw()) };
    }

    /// ap_set_last_modified.
    pub(crate) fn set_last_modified(self) {
        // SAFETY: the request is this thread's.
        unsafe { ap_set_last_modified(self.raw()) };
    }

    /// ap_set_accept_ranges.
    pub(crate) fn set_accept_ranges(self) {
        // SAFETY: the request is this thread's.
        unsafe { ap_set_accept_ranges(self.raw()) };
    }

    /// OK, or the status that conditional headers ask for (ap_meets_conditions).
    pub(crate) fn meets_conditions(self) -> i32 {
        // SAFETY: the request is this thread's.
        unsafe { ap_meets_conditions(self.raw()) }
    }

    /// Adds methods to those of an Allow header (ap_allow_methods).
    pub(crate) fn allow_methods(self, reset: bool, methods: &[&[u8]]) -> Result<(), Refused> {
        let end = null::<c_char>();
        // SAFETY: the request is this thread's; each list of arguments ends with NULL; httpd copies the names.
        unsafe {
            if reset {
                ap_allow_methods(self.raw(), 1, end);
            }
            for method in methods {
                with_cstr(method, |method| ap_allow_methods(self.raw(), 0, method.as_ptr(), end))
                    .ok_or(Refused::Value)?;
            }
        }
        Ok(())
    }

    /// ap_construct_url.
    pub(crate) fn construct_url(self, uri: &[u8]) -> Result<&'r [u8], Refused> {
        let uri = self.pool().strdup(uri).ok_or(Refused::Value)?;
        // SAFETY: the request is this thread's; the answer is in its pool.
        unsafe { bytes(ap_construct_url(self.pool().raw(), uri, self.raw())) }.ok_or(Refused::Value)
    }

    /// ap_set_document_root.
    pub(crate) fn set_document_root(self, path: &[u8]) -> Result<(), Refused> {
        let path = self.pool().strdup(path).ok_or(Refused::Value)?;
        // SAFETY: the request is this thread's, the path in its pool.
        unsafe { ap_set_document_root(self.raw(), path) };
        Ok(())
    }

    /// ap_set_context_info.
    pub(crate) fn set_context_info(self, prefix: &[u8], document_root: &[u8]) -> Result<(), Refused> {
        let pool = self.pool();
        let (prefix, root) = pool.strdup(prefix).zip(pool.strdup(document_root)).ok_or(Refused::Value)?;
        // SAFETY: as in `set_document_root`.
        unsafe { ap_set_context_info(self.raw(), prefix, root) };
        Ok(())
    }

    /// A cookie (ap_cookie_read): `Ok(None)` where there is none; the error is APR's status, where there are two that
    /// differ.
    pub(crate) fn cookie(self, name: &[u8]) -> Result<Option<&'r [u8]>, i32> {
        let name = self.pool().strdup(name).ok_or(libc::EINVAL)?;
        let mut value = null();
        // SAFETY: the request is this thread's; the answer is in its pool.
        unsafe {
            match ap_cookie_read(self.raw(), name, &mut value, 0 as c_int) {
                0 => Ok(bytes(value)),
                status => Err(status),
            }
        }
    }

    /// The password of Basic authentication (ap_get_basic_auth_pw), which sets r->user.
    pub(crate) fn basic_auth_pw(self) -> Option<&'r [u8]> {
        let mut password = null();
        // SAFETY: the request is this thread's; the answer is in its pool.
        unsafe { (ap_get_basic_auth_pw(self.raw(), &mut password) == OK as c_int).then(|| bytes(password))? }
    }

    /// User and password of Basic authentication (ap_get_basic_auth_components).
    pub(crate) fn basic_auth_components(self) -> Option<(&'r [u8], &'r [u8])> {
        let (mut user, mut password) = (null(), null());
        // SAFETY: as in `basic_auth_pw`.
        unsafe {
            (ap_get_basic_auth_components(self.raw(), &mut user, &mut password) == 0)
                .then(|| bytes(user).zip(bytes(password)))?
        }
    }

    /// ap_note_auth_failure.
    pub(crate) fn note_auth_failure(self) {
        // SAFETY: the request is this thread's.
        unsafe { ap_note_auth_failure(self.raw()) };
    }

    /// What a provider of AuthBasicProvider says of a password, as authn_status; `None` without one of that name.
    pub(crate) fn check_password(self, provider: &[u8], user: &[u8], password: &[u8]) -> Result<Option<u32>, Refused> {
        let pool = self.pool();
        let (user, password) = pool.strdup(user).zip(pool.strdup(password)).ok_or(Refused::Value)?;
        let found = with_cstr(provider, |name| {
            // SAFETY: literals and a C string; httpd's registry is changed while the configuration is read only.
            unsafe {
                ap_lookup_provider(
                    AUTHN_PROVIDER_GROUP.as_ptr().cast(),
                    name.as_ptr(),
                    AUTHN_PROVIDER_VERSION.as_ptr().cast(),
                )
            }
        });
        let provider = found.ok_or(Refused::Value)?.cast::<authn_provider>();
        // SAFETY: what is registered in this group and version is an authn_provider; the strings are in the pool.
        unsafe {
            let check = provider.as_ref().and_then(|provider| provider.check_password);
            Ok(check.map(|check| check(self.raw(), user, password)))
        }
    }
}
