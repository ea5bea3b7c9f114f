//! httpd.h: request_rec, with the fields of its connection and server that guests may see.

use super::bindings::*;
use super::bytes::bytes;
use super::pool::Pool;
use super::section::Section;
use super::table::Table;
use crate::extension::{Extension, Node};
use crate::host::number::{field, table};
use std::ffi::c_char;
use std::io::Write;
use std::marker::PhantomData;
use std::ptr::NonNull;
use std::sync::Arc;

/// A request that lives at least as long as `'r`.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Request<'r> {
    raw: NonNull<request_rec>,
    lives: PhantomData<&'r ()>,
}

/// Why a field was not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// No such field, or one that is only read.
    Field,
    /// The text holds a NUL, or the number is out of range.
    Value,
    /// There is too much already.
    Limit,
}

/// What an entry of a table takes beside its texts, with the room that the table has for others.
const ENTRY: usize = 64;

impl<'r> Request<'r> {
    /// # Safety
    /// `raw` is a request that lives during `'r` and is used by this thread only; its pool, connection and server are
    /// set, as httpd does for every request that it shows to a module.
    pub(super) unsafe fn from_raw(raw: *mut request_rec) -> Option<Self> {
        NonNull::new(raw).map(|raw| Request { raw, lives: PhantomData })
    }

    pub(super) fn raw(self) -> *mut request_rec {
        self.raw.as_ptr()
    }

    pub(super) fn rec(&self) -> &request_rec {
        // SAFETY: `from_raw`'s promise; the reference is used for one read before anybody writes.
        unsafe { self.raw.as_ref() }
    }

    /// r->pool.
    pub(crate) fn pool(self) -> Pool<'r> {
        // SAFETY: a request's pool lives as long as the request.
        unsafe { Pool::from_raw(self.rec().pool) }
    }

    pub(super) fn server_raw(self) -> *mut server_rec {
        self.rec().server
    }

    /// A module's per-directory section in force.
    pub(super) fn dir_section(&self, module_index: usize) -> Option<&'r Section> {
        // SAFETY: per_dir_config is a vector with a place for each module; ours hold sections or NULL.
        unsafe { Section::in_vector(self.rec().per_dir_config, module_index) }
    }

    /// A module's per-server section in force.
    pub(super) fn server_section(&self, module_index: usize) -> Option<&'r Section> {
        // SAFETY: as above, for the server's vector.
        unsafe { Section::in_vector((*self.rec().server).module_config, module_index) }
    }

    /// One of the request's tables by number; `None` for another number or a table that is NULL.
    pub(crate) fn table(self, number: u32) -> Option<Table<'r>> {
        let rec = self.rec();
        let raw = match number {
            table::HEADERS_IN => rec.headers_in,
            table::HEADERS_OUT => rec.headers_out,
            table::ERR_HEADERS_OUT => rec.err_headers_out,
            table::NOTES => rec.notes,
            table::SUBPROCESS_ENV => rec.subprocess_env,
            table::TRAILERS_IN => rec.trailers_in,
            table::TRAILERS_OUT => rec.trailers_out,
            table::CONN_NOTES => {
                let (raw, pool) = self.connection_notes();
                // SAFETY: a connection's notes live as long as its pool, and longer than the request.
                return unsafe { Table::from_raw(raw, pool) };
            }
            _ => return None,
        };
        // SAFETY: a request's tables and their strings live as long as its pool.
        unsafe { Table::from_raw(raw, self.pool()) }
    }

    /// A table to put something into that takes so many bytes; [`Refused::Limit`] where its memory would grow for as long as
    /// the client keeps the connection.
    #[inline]
    pub(crate) fn table_for(self, number: u32, bytes: usize) -> Result<Table<'r>, Refused> {
        if number == table::CONN_NOTES && !self.may_note(bytes.saturating_add(ENTRY)) {
            return Err(Refused::Limit);
        }
        self.table(number).ok_or(Refused::Field)
    }

    /// A text field by number; `Err` for another number, `Ok(None)` for NULL.
    #[inline]
    pub(crate) fn text(self, number: u32) -> Result<Option<&'r [u8]>, Refused> {
        let rec = self.rec();
        // SAFETY: httpd shows requests to modules with connection and server set; the functions allocate from the
        // request's pool.
        let text: *const c_char = unsafe {
            match number {
                field::METHOD => rec.method,
                field::THE_REQUEST => rec.the_request,
                field::PROTOCOL => rec.protocol,
                field::HOSTNAME => rec.hostname,
                field::UNPARSED_URI => rec.unparsed_uri,
                field::URI => rec.uri,
                field::ARGS => rec.args,
                field::FILENAME => rec.filename,
                field::CANONICAL_FILENAME => rec.canonical_filename,
                field::PATH_INFO => rec.path_info,
                field::HANDLER => rec.handler,
                field::CONTENT_TYPE => rec.content_type,
                field::CONTENT_ENCODING => rec.content_encoding,
                field::USER => rec.user,
                field::AP_AUTH_TYPE => rec.ap_auth_type,
                field::RANGE => rec.range,
                field::USERAGENT_IP => rec.useragent_ip,
                field::LOG_ID => rec.log_id,
                field::STATUS_LINE => rec.status_line,
                field::SERVER_NAME => ap_get_server_name(self.raw()),
                field::DOCUMENT_ROOT => ap_document_root(self.raw()),
                field::SERVER_HOSTNAME => (*rec.server).server_hostname,
                field::CLIENT_IP => (*rec.connection).client_ip,
                field::LOCAL_IP => (*rec.connection).local_ip,
                _ => return self.worked_out(number),
            }
        };
        // SAFETY: the strings live as long as the request and are not changed while the answer is copied.
        Ok(unsafe { bytes(text) })
    }

    /// Appends a text field to bytes; `false` for NULL. What httpd would put together in the pool is put together here.
    pub(crate) fn append(self, number: u32, to: &mut Vec<u8>) -> Result<bool, Refused> {
        if number != field::SERVER_URL {
            let text = self.text(number)?;
            to.extend_from_slice(text.unwrap_or_default());
            return Ok(text.is_some());
        }
        let (scheme, name, port) = self.server_url();
        to.extend_from_slice(scheme);
        to.extend_from_slice(b"://");
        to.extend_from_slice(name);
        if let Some(port) = port {
            // Writing to a vector doesn't fail.
            let _ = write!(to, ":{port}");
        }
        Ok(true)
    }

    /// The texts of fields one after the other, in the request's pool; NULL is empty. `scratch` is a place to work in.
    pub(super) fn joined(self, fields: &[u8], scratch: &mut Vec<u8>) -> Result<*const c_char, Refused> {
        scratch.clear();
        let text = match fields {
            [number] if u32::from(*number) != field::SERVER_URL => self.text((*number).into())?.unwrap_or_default(),
            _ => {
                for number in fields {
                    self.append((*number).into(), scratch)?;
                }
                scratch
            }
        };
        self.pool().strdup(text).map(<*mut c_char>::cast_const).ok_or(Refused::Value)
    }

    /// r->handler.
    #[inline]
    pub(crate) fn handler(self) -> Option<&'r [u8]> {
        // SAFETY: as in `text`.
        unsafe { bytes(self.rec().handler) }
    }

    /// A numeric field by number.
    #[inline]
    pub(crate) fn number(self, number: u32) -> Result<i64, Refused> {
        let rec = self.rec();
        // SAFETY: as in `text`.
        Ok(unsafe {
            match number {
                field::METHOD_NUMBER => rec.method_number.into(),
                field::PROTO_NUM => rec.proto_num.into(),
                field::STATUS => rec.status.into(),
                field::PROXYREQ => rec.proxyreq.into(),
                field::ASSBACKWARDS => rec.assbackwards.into(),
                field::HEADER_ONLY => rec.header_only.into(),
                field::REQUEST_TIME => rec.request_time,
                field::BYTES_SENT => rec.bytes_sent,
                field::CLENGTH => rec.clength,
                field::MTIME => rec.mtime,
                field::IS_INITIAL_REQ => ap_is_initial_req(self.raw()).into(),
                field::IS_SUBREQ => (!rec.main.is_null()).into(),
                field::IS_REDIRECT => (!rec.prev.is_null()).into(),
                field::IS_HTTPS => ap_ssl_conn_is_ssl(rec.connection).into(),
                field::PORT => ap_get_server_port(self.raw()).into(),
                field::KEEPALIVES => (*rec.connection).keepalives.into(),
                _ => return self.number_worked_out(number),
            }
        })
    }

    /// Writes a text field; `None` is NULL.
    pub(crate) fn set_text(self, number: u32, value: Option<&[u8]>) -> Result<(), Refused> {
        match (number, value) {
            (field::METHOD, method) => return self.set_method(method.ok_or(Refused::Value)?),
            (field::CONTENT_LANGUAGES, list) => return self.set_languages(list),
            // httpd sends it as it is (http_filters.c:basic_http_header).
            (field::STATUS_LINE, Some(line)) if line.iter().any(u8::is_ascii_control) => return Err(Refused::Value),
            _ => {}
        }
        let value = match value {
            Some(value) => self.pool().strdup(value).ok_or(Refused::Value)?,
            None => std::ptr::null_mut(),
        };
        // SAFETY: the request is this thread's; the string is in its pool. httpd reads uri and filename without a
        // check for NULL, and handlers the handler, so these never become that.
        unsafe {
            let rec = self.raw();
            match number {
                field::URI | field::FILENAME if value.is_null() => return Err(Refused::Value),
                field::HANDLER if value.is_null() && self.is_handled() => return Err(Refused::Value),
                field::URI => (*rec).uri = value,
                field::ARGS => (*rec).args = value,
                field::FILENAME => (*rec).filename = value,
                field::CANONICAL_FILENAME => (*rec).canonical_filename = value,
                field::PATH_INFO => (*rec).path_info = value,
                field::HANDLER => (*rec).handler = value,
                field::CONTENT_TYPE => ap_set_content_type(rec, value),
                field::CONTENT_ENCODING => (*rec).content_encoding = value,
                field::USER => (*rec).user = value,
                field::AP_AUTH_TYPE => (*rec).ap_auth_type = value,
                field::STATUS_LINE => (*rec).status_line = value,
                _ => return Err(Refused::Field),
            }
        }
        Ok(())
    }

    /// Writes a numeric field.
    pub(crate) fn set_number(self, number: u32, value: i64) -> Result<(), Refused> {
        if !matches!(number, field::STATUS | field::PROXYREQ | field::USED_PATH_INFO) {
            return self.set_number_member(number, value);
        }
        let small = i32::try_from(value).map_err(|_| Refused::Value)?;
        // SAFETY: the request is this thread's.
        unsafe {
            let rec = self.raw();
            match number {
                field::STATUS if (200..1000).contains(&small) => (*rec).status = small,
                field::PROXYREQ if (0..=2).contains(&small) => (*rec).proxyreq = small,
                field::USED_PATH_INFO if (0..=2).contains(&small) => (*rec).used_path_info = small,
                _ => return Err(Refused::Value),
            }
        }
        Ok(())
    }

    /// ap_set_content_type_ex.
    pub(crate) fn set_content_type_ex(self, value: &[u8], trusted: bool) -> Result<(), Refused> {
        let value = self.pool().strdup(value).ok_or(Refused::Value)?;
        // SAFETY: the request is this thread's; the string is in its pool.
        unsafe { ap_set_content_type_ex(self.raw(), value, trusted.into()) };
        Ok(())
    }

    /// The level in force for a module (ap_get_request_module_loglevel).
    pub(crate) fn log_level(self, module_index: i32) -> i64 {
        // SAFETY: the request lives; httpd checks the index against its own vector.
        unsafe { ap_get_request_module_loglevel(self.raw(), module_index) }.into()
    }

    /// The level in force for a module and the request's server (ap_get_server_module_loglevel).
    pub(crate) fn server_log_level(self, module_index: i32) -> i64 {
        // SAFETY: as in `log_level`.
        unsafe { ap_get_server_module_loglevel(self.server_raw(), module_index) }.into()
    }

    /// Sends bytes of the body (ap_rwrite); `false` where the client has gone.
    pub(crate) fn write(self, data: &[u8]) -> bool {
        data.chunks(1 << 30).all(|part| {
            // SAFETY: the request is this thread's; `part` is readable for its length, which fits in an int.
            unsafe { ap_rwrite(part.as_ptr().cast(), part.len() as i32, self.raw()) >= 0 }
        })
    }

    /// Sends bytes of a regular file, all from `offset` on where `length` is none (apr_file_open, ap_send_fd): how many, or
    /// a status of APR.
    pub(crate) fn send_file(self, path: &[u8], offset: i64, length: Option<i64>) -> Result<i64, i32> {
        let path = self.pool().strdup(path).ok_or(libc::EINVAL)?;
        let flags = APR_FOPEN_READ | APR_FOPEN_BINARY | APR_FOPEN_SENDFILE_ENABLED | APR_FOPEN_NONBLOCK;
        let mut file = std::ptr::null_mut();
        // SAFETY: the path ends with a NUL; the file is closed with the request's pool, after its bytes were sent.
        let opened = unsafe { apr_file_open(&mut file, path, flags as i32, 0, self.pool().raw()) };
        if opened != 0 {
            return Err(opened);
        }
        let mut info = std::mem::MaybeUninit::<apr_finfo_t>::zeroed();
        // SAFETY: `info` has room for what is written; zeroes are a value of it.
        let (known, info) = unsafe {
            (apr_file_info_get(info.as_mut_ptr(), (APR_FINFO_TYPE | APR_FINFO_SIZE) as i32, file), info.assume_init())
        };
        if known != 0 || info.filetype != apr_filetype_e_APR_REG {
            // SAFETY: it was opened above, and nobody else has it.
            unsafe { apr_file_close(file) };
            return Err(if known != 0 { known } else { libc::EISDIR });
        }
        let rest = (info.size - offset).max(0);
        let length = length.map_or(rest, |length| length.min(rest));
        let mut sent: apr_size_t = 0;
        // SAFETY: the request is this thread's, the file is open.
        match unsafe { ap_send_fd(file, self.raw(), offset, length as apr_size_t, &mut sent) } {
            0 => Ok(sent as i64),
            status => Err(status),
        }
    }

    /// Sends what is buffered (ap_rflush).
    pub(crate) fn flush(self) -> bool {
        // SAFETY: the request is this thread's.
        unsafe { ap_rflush(self.raw()) >= 0 }
    }

    /// An SSL variable (ap_ssl_var_lookup).
    pub(crate) fn ssl_var(self, name: &[u8]) -> Option<&'r [u8]> {
        let rec = self.rec();
        let name = self.pool().strdup(name)?;
        // SAFETY: the request's structures live; the answer is in its pool or static.
        unsafe { bytes(ap_ssl_var_lookup(rec.pool, rec.server, rec.connection, self.raw(), name)) }
    }
}

impl<'r> Request<'r> {
    /// What an extension's configurations say here: per directory, per server.
    #[inline]
    pub(crate) fn sections(&self, extension: &Extension) -> (Option<&'r Arc<Node>>, Option<&'r Arc<Node>>) {
        let Some(index) = extension.index() else { return (None, None) };
        (self.dir_section(index).map(Section::node), self.server_section(index).map(Section::node))
    }
}
