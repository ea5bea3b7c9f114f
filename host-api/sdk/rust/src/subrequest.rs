//! Requests beside the one being served: those that led to it, and subrequests that look ahead. Knows handles, not what
//! becomes of them in httpd.

use crate::batch::Edits;
use crate::{Request, Status, ffi};
use std::marker::PhantomData;
use std::ops::Deref;

/// A subrequest, looked up as far as the fixups; destroyed when dropped. It can't outlive the call that its request is
/// served by:
///
/// ```compile_fail
/// static KEPT: std::sync::Mutex<Option<apache_module::SubRequest<'static>>> = std::sync::Mutex::new(None);
/// fn hook(r: &apache_module::Request) {
///     *KEPT.lock().unwrap() = r.sub_req_lookup_uri(b"/other");
/// }
/// ```
#[derive(Debug)]
pub struct SubRequest<'r>(Request, PhantomData<&'r Request>);

/// A request that another one knows: r->main, r->prev or r->next. It lives as long as the one that it was asked of:
///
/// ```compile_fail,E0505
/// fn hook(r: &apache_module::Request) -> Option<Vec<u8>> {
///     let sub = r.sub_req_lookup_uri(b"/other")?;
///     let main = sub.main()?;
///     drop(sub);
///     Some(main.uri())
/// }
/// ```
///
/// ```compile_fail
/// thread_local! { static KEPT: std::cell::RefCell<Option<apache_module::Kin<'static>>> = const { std::cell::RefCell::new(None) }; }
/// fn hook(r: &apache_module::Request) {
///     KEPT.set(r.main());
/// }
/// ```
///
/// Whoever keeps to that has the whole request:
///
/// ```
/// fn hook(r: &apache_module::Request) -> Option<Vec<u8>> {
///     let sub = r.sub_req_lookup_uri(b"/other")?;
///     let main = sub.main()?;
///     main.headers_out().set("X-Other", "yes");
///     Some(main.uri())
/// }
/// ```
#[derive(Debug)]
pub struct Kin<'r>(Request, PhantomData<&'r Request>);

/// What it knows itself lives as long as it does, so that whole chains can be followed.
impl<'r> Kin<'r> {
    /// r->main.
    pub fn main(&self) -> Option<Kin<'r>> {
        kin(ffi::ap_request_main(self.handle()))
    }

    /// r->prev.
    pub fn prev(&self) -> Option<Kin<'r>> {
        kin(ffi::ap_request_prev(self.handle()))
    }

    /// r->next.
    pub fn next(&self) -> Option<Kin<'r>> {
        kin(ffi::ap_request_next(self.handle()))
    }
}

impl Deref for Kin<'_> {
    type Target = Request;

    fn deref(&self) -> &Request {
        &self.0
    }
}

impl SubRequest<'_> {
    fn from_answer(answer: i64) -> Option<Self> {
        from_answer(answer).map(|r| SubRequest(r, PhantomData))
    }
}

impl Request {
    /// r->main: the request that this one is a subrequest of.
    pub fn main(&self) -> Option<Kin<'_>> {
        kin(ffi::ap_request_main(self.handle()))
    }

    /// r->prev: the request that was redirected internally to this one.
    pub fn prev(&self) -> Option<Kin<'_>> {
        kin(ffi::ap_request_prev(self.handle()))
    }

    /// r->next: the request to which this one was redirected internally.
    pub fn next(&self) -> Option<Kin<'_>> {
        kin(ffi::ap_request_next(self.handle()))
    }

    /// Looks a URL up (ap_sub_req_lookup_uri). `None` where that isn't possible now: subrequests are nested too deeply.
    pub fn sub_req_lookup_uri(&self, uri: &[u8]) -> Option<SubRequest<'_>> {
        SubRequest::from_answer(ffi::ap_sub_req_lookup_uri(self.handle(), uri, 0))
    }

    /// Looks a file up (ap_sub_req_lookup_file).
    pub fn sub_req_lookup_file(&self, file: &[u8]) -> Option<SubRequest<'_>> {
        SubRequest::from_answer(ffi::ap_sub_req_lookup_file(self.handle(), file, 0))
    }

    /// Sends what a URL answers as part of this request's answer (ap_run_sub_req); its status.
    pub fn include(&self, uri: &[u8]) -> Option<Status> {
        let sub = SubRequest::from_answer(ffi::ap_sub_req_lookup_uri(self.handle(), uri, 1))?;
        i32::try_from(ffi::ap_run_sub_req(sub.handle())).ok().map(Status)
    }

    /// Has the request answered as one for another URL (ap_internal_redirect), from the handler: it happens when that
    /// has answered OK.
    pub fn internal_redirect(&self, uri: &[u8]) {
        ffi::ap_internal_redirect(self.handle(), uri);
    }

    /// Maps a URI below DocumentRoot into r->filename, as if it were r->uri (ap_core_translate).
    pub fn core_translate(&self, uri: &[u8]) -> Status {
        translated(ffi::ap_core_translate(self.handle(), uri))
    }

    /// The same unless there is something at a path, after edits have been written, which are forgotten; `None` where
    /// there is (ap_core_translate_unless).
    #[inline]
    pub fn core_translate_unless(&self, path: &[u8], edits: &mut Edits, uri: &[u8]) -> Option<Status> {
        let answer = ffi::ap_core_translate_unless(self.handle(), edits.bytes(), path, uri);
        edits.clear();
        (answer != i64::from(ffi::code::NONE)).then(|| translated(answer))
    }

    /// Whether a host and port are those of the request's virtual host (ap_matches_request_vhost).
    pub fn matches_request_vhost(&self, host: &[u8], port: u16) -> bool {
        ffi::ap_matches_request_vhost(self.handle(), host, port.into()) == 1
    }

    /// What this module keeps with the request (apr_pool_userdata_get on r->pool): internal redirects share it,
    /// subrequests have their own.
    pub fn userdata(&self, key: &[u8]) -> Option<Vec<u8>> {
        ffi::read(|buffer| ffi::apr_pool_userdata_get(self.handle(), key, buffer)).ok().flatten()
    }

    /// Keeps bytes with the request (apr_pool_userdata_set on r->pool).
    pub fn set_userdata(&self, key: &[u8], value: &[u8]) {
        ffi::apr_pool_userdata_set(self.handle(), key, value);
    }
}

fn kin<'r>(answer: i64) -> Option<Kin<'r>> {
    from_answer(answer).map(|r| Kin(r, PhantomData))
}

/// OK, DECLINED or an HTTP status; whatever else kept the host from mapping it is an error.
fn translated(answer: i64) -> Status {
    i32::try_from(answer)
        .ok()
        .filter(|status| *status >= Status::DECLINED.0)
        .map_or(Status::INTERNAL_SERVER_ERROR, Status)
}

fn from_answer(answer: i64) -> Option<Request> {
    u32::try_from(answer).ok().map(Request::from_handle)
}

impl Deref for SubRequest<'_> {
    type Target = Request;

    fn deref(&self) -> &Request {
        &self.0
    }
}

impl Drop for SubRequest<'_> {
    /// ap_destroy_sub_req.
    fn drop(&mut self) {
        ffi::ap_destroy_sub_req(self.0.handle());
    }
}
