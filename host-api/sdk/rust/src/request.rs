//! request_rec: fields, tables and output of the request that a hook is called for.

use crate::Table;
use crate::ffi::{self, constant, field, table};

/// What a hook answers: OK, DECLINED, DONE or an HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status(pub i32);

impl Status {
    /// The phase is done, or goes on.
    pub const OK: Status = Status(constant::OK);
    /// Someone else's turn.
    pub const DECLINED: Status = Status(constant::DECLINED);
    /// The request is done.
    pub const DONE: Status = Status(constant::DONE);
    /// 403.
    pub const FORBIDDEN: Status = Status(403);
    /// 500.
    pub const INTERNAL_SERVER_ERROR: Status = Status(500);
}

/// The request being served, or another that a function of this crate gave.
///
/// It is lent for one call, so nothing can keep it, or a reference to it, until the next:
///
/// ```compile_fail
/// thread_local! { static KEPT: std::cell::Cell<Option<&'static apache_module::Request>> = const { std::cell::Cell::new(None) }; }
/// fn hook(r: &apache_module::Request) {
///     KEPT.set(Some(r));
/// }
/// ```
///
/// ```compile_fail,E0599
/// fn hook(r: &apache_module::Request) -> apache_module::Request {
///     apache_module::Request::clone(r)
/// }
/// ```
#[derive(Debug)]
pub struct Request(u32);

impl Request {
    #[doc(hidden)]
    pub fn from_handle(handle: u32) -> Request {
        Request(handle)
    }

    pub(crate) fn handle(&self) -> u32 {
        self.0
    }

    /// r->headers_in.
    pub fn headers_in(&self) -> Table<'_> {
        Table::of(self, table::HEADERS_IN)
    }

    /// r->headers_out.
    pub fn headers_out(&self) -> Table<'_> {
        Table::of(self, table::HEADERS_OUT)
    }

    /// r->err_headers_out: sent with error answers as well, kept across internal redirects.
    pub fn err_headers_out(&self) -> Table<'_> {
        Table::of(self, table::ERR_HEADERS_OUT)
    }

    /// r->notes.
    pub fn notes(&self) -> Table<'_> {
        Table::of(self, table::NOTES)
    }

    /// r->subprocess_env.
    pub fn subprocess_env(&self) -> Table<'_> {
        Table::of(self, table::SUBPROCESS_ENV)
    }

    /// A text field; `None` where httpd has NULL.
    pub fn text(&self, field: u32) -> Option<Vec<u8>> {
        ffi::read(|buffer| ffi::ap_request_field(self.0, field, buffer)).ok().flatten()
    }

    /// A numeric field, in httpd's unit.
    pub fn number(&self, field: u32) -> i64 {
        ffi::ap_request_number(self.0, field)
    }

    /// Writes a text field; `None` is NULL.
    pub fn set_text(&self, field: u32, value: Option<&[u8]>) {
        self.try_set_text(field, value);
    }

    /// Writes a numeric field.
    pub fn set_number(&self, field: u32, value: i64) {
        self.try_set_number(field, value);
    }

    /// Writes a text field; `None` is NULL. `false` where httpd can't take the value.
    pub fn try_set_text(&self, field: u32, value: Option<&[u8]>) -> bool {
        let code = match value {
            Some(value) => ffi::ap_request_set_field(self.0, field, value),
            None => ffi::ap_request_unset_field(self.0, field),
        };
        code == 0
    }

    /// Writes a numeric field; `false` where it is out of range.
    pub fn try_set_number(&self, field: u32, value: i64) -> bool {
        ffi::ap_request_set_number(self.0, field, value) == 0
    }

    /// r->uri.
    pub fn uri(&self) -> Vec<u8> {
        self.text(field::URI).unwrap_or_default()
    }

    /// r->method.
    pub fn method(&self) -> Vec<u8> {
        self.text(field::METHOD).unwrap_or_default()
    }

    /// r->handler.
    pub fn handler(&self) -> Option<Vec<u8>> {
        self.text(field::HANDLER)
    }

    /// r->content_type.
    pub fn content_type(&self) -> Option<Vec<u8>> {
        self.text(field::CONTENT_TYPE)
    }

    /// ap_set_content_type.
    pub fn set_content_type(&self, value: Option<&[u8]>) {
        self.set_text(field::CONTENT_TYPE, value);
    }

    /// ap_set_content_type_ex with `trusted`: the type comes from the configuration.
    pub fn set_content_type_trusted(&self, value: &[u8]) {
        ffi::ap_set_content_type_ex(self.0, value, 1);
    }

    /// Sends bytes of the body (ap_rwrite).
    pub fn write(&self, data: impl AsRef<[u8]>) {
        ffi::ap_rwrite(self.0, data.as_ref());
    }

    /// Adds an output filter by name; `false` where no such filter is registered.
    pub fn add_output_filter(&self, name: &str) -> bool {
        ffi::ap_add_output_filter(self.0, name.as_bytes()) == 0
    }

    /// Adds an input filter by name; `false` where no such filter is registered.
    pub fn add_input_filter(&self, name: &str) -> bool {
        ffi::ap_add_input_filter(self.0, name.as_bytes()) == 0
    }

    /// The level up to which messages are logged for this request.
    pub fn log_level(&self) -> i64 {
        ffi::ap_log_level(self.0)
    }

    /// Whether messages of a level are logged for this request (ap_log_rerror).
    pub fn logs(&self, level: u32) -> bool {
        ffi::ap_log_level(self.0) >= i64::from(level)
    }

    /// Whether messages of a level are logged for this request's server (ap_log_error).
    pub fn server_logs(&self, level: u32) -> bool {
        ffi::ap_server_log_level(self.0) >= i64::from(level)
    }
}

/// What a hook's function may answer; a void hook's answers nothing.
pub trait IntoAnswer {
    #[doc(hidden)]
    fn into_answer(self) -> i32;
}

impl IntoAnswer for Status {
    fn into_answer(self) -> i32 {
        self.0
    }
}

impl IntoAnswer for () {
    fn into_answer(self) -> i32 {
        constant::OK
    }
}

/// # Safety
/// As [`ffi::borrow`]: `D` and `S` are the module's types for configurations per directory and per server.
#[doc(hidden)]
#[allow(unsafe_code)]
pub unsafe fn module_configs<D, S>(r: &Request) -> (&'static D, &'static S) {
    // Of other requests the host answers none.
    let [dir, server] = if r.0 == 0 { ffi::configs_in_force() } else { [0; 2] };
    // Any aligned address is good for a type that holds nothing.
    let of = |size, align, address: u32| if size == 0 { align as u32 } else { address };
    let (dir, server) = (of(size_of::<D>(), align_of::<D>(), dir), of(size_of::<S>(), align_of::<S>(), server));
    // SAFETY: the caller's promise.
    unsafe {
        let (dir, server) = (ffi::borrow(dir), ffi::borrow(server));
        (dir.expect("the host gives the configuration"), server.expect("the host gives the configuration"))
    }
}
