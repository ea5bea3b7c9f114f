//! httpd.h: the members of request_rec, conn_rec and server_rec that mod_lua doesn't show. Which of them have a number,
//! host-api knows.

use super::bindings::*;
use super::bytes::bytes;
use super::pool::Pool;
use super::request::{Refused, Request};
use crate::host::number::field;
use std::ffi::{c_char, c_int};

/// The number where there is none, which is the code of that name.
const NONE: i64 = crate::host::code::NONE as i64;

/// Most languages that a guest may write.
const MOST_LANGUAGES: usize = 64;

impl<'r> Request<'r> {
    /// A text member; as [`Request::text`], for the numbers that it doesn't know.
    pub(super) fn text_member(self, number: u32) -> Result<Option<&'r [u8]>, Refused> {
        let rec = self.rec();
        // SAFETY: httpd shows requests to modules with connection, server and configuration set; what is worked out is
        // in the request's pool.
        let text: *const c_char = unsafe {
            let (server, connection) = (&*rec.server, &*rec.connection);
            match number {
                field::AUTH_NAME => ap_auth_name(self.raw()),
                field::AUTH_TYPE => ap_auth_type(self.raw()),
                field::SERVER_BUILT => ap_get_server_built(),
                field::OPTIONS => return Ok(self.in_pool(&self.options())),
                field::ALLOWOVERRIDES => return Ok(self.in_pool(&self.overrides())),
                field::CONTENT_LANGUAGES => {
                    return Ok(joined(rec.content_languages, b",").and_then(|all| self.in_pool(&all)));
                }
                field::VLIST_VALIDATOR => rec.vlist_validator,
                field::PARSED_URI_SCHEME => rec.parsed_uri.scheme,
                field::PARSED_URI_HOSTINFO => rec.parsed_uri.hostinfo,
                field::PARSED_URI_USER => rec.parsed_uri.user,
                field::PARSED_URI_PASSWORD => rec.parsed_uri.password,
                field::PARSED_URI_HOSTNAME => rec.parsed_uri.hostname,
                field::PARSED_URI_PORT_STR => rec.parsed_uri.port_str,
                field::PARSED_URI_PATH => rec.parsed_uri.path,
                field::PARSED_URI_QUERY => rec.parsed_uri.query,
                field::PARSED_URI_FRAGMENT => rec.parsed_uri.fragment,
                field::CONN_LOG_ID => connection.log_id,
                field::CONN_PROTOCOL => ap_get_protocol(rec.connection),
                field::LOCAL_HOST => connection.local_host,
                field::SERVER_SCHEME => server.server_scheme,
                field::SERVER_PATH => server.path,
                field::SERVER_ERROR_FNAME => server.error_fname,
                field::SERVER_DEFN_NAME => server.defn_name,
                field::SERVER_NAMES => {
                    let all = [joined(server.names, b" "), joined(server.wild_names, b" ")];
                    let all: Vec<_> = all.into_iter().flatten().filter(|names| !names.is_empty()).collect();
                    return Ok(Some(all.join(&b' ')).filter(|all| !all.is_empty()).and_then(|all| self.in_pool(&all)));
                }
                _ => return Err(Refused::Field),
            }
        };
        // SAFETY: the strings live as long as the request and are not changed while the answer is copied.
        Ok(unsafe { bytes(text) })
    }

    /// A numeric member; as [`Request::number`], for those that it doesn't know.
    pub(super) fn number_member(self, number: u32) -> Result<i64, Refused> {
        let rec = self.rec();
        // SAFETY: as in `text_member`.
        Ok(unsafe {
            let (server, connection) = (&*rec.server, &*rec.connection);
            let port = |address: *const apr_sockaddr_t| address.as_ref().map_or(0, |address| i64::from(address.port));
            match number {
                field::PARSED_URI_PORT => rec.parsed_uri.port.into(),
                field::ALLOWED => rec.allowed,
                field::SENT_BODYCT => rec.sent_bodyct,
                field::READ_LENGTH => rec.read_length,
                field::REMAINING => rec.remaining.max(0),
                field::READ_CHUNKED => rec.read_chunked.into(),
                field::CHUNKED => rec.chunked.into(),
                field::EXPECTING_100 => rec.expecting_100.into(),
                field::EOS_SENT => rec.eos_sent.into(),
                field::KEPT_BODY => kept(rec.kept_body).unwrap_or(NONE),
                field::NO_CACHE => rec.no_cache.into(),
                field::NO_LOCAL_COPY => rec.no_local_copy.into(),
                field::ALLOW_OVERRIDES => ap_allow_overrides(self.raw()).into(),
                field::SOME_AUTH_REQUIRED => ap_some_auth_required(self.raw()).into(),
                field::LIMIT_REQ_BODY => ap_get_limit_req_body(self.raw()),
                field::LIMIT_XML_BODY => ap_get_limit_xml_body(self.raw()) as i64,
                field::STARTED => started().unwrap_or(NONE),
                field::FINFO_VALID => rec.finfo.valid.into(),
                field::FINFO_ATIME => rec.finfo.atime,
                field::FINFO_CTIME => rec.finfo.ctime,
                field::FINFO_INODE => rec.finfo.inode as i64,
                field::FINFO_DEVICE => rec.finfo.device as i64,
                field::FINFO_NLINK => rec.finfo.nlink.into(),
                field::FINFO_USER => rec.finfo.user.into(),
                field::FINFO_GROUP => rec.finfo.group.into(),
                field::CONN_ID => connection.id,
                field::CONN_KEEPALIVE => connection.keepalive.into(),
                field::CONN_ABORTED => (connection.aborted != 0).into(),
                field::CONN_OUTGOING => connection.outgoing.into(),
                field::CONN_SECONDARY => (!connection.master.is_null()).into(),
                field::CONN_DATA_IN_INPUT_FILTERS => connection.data_in_input_filters.into(),
                field::CLIENT_PORT => port(connection.client_addr),
                field::LOCAL_PORT => port(connection.local_addr),
                field::SERVER_PORT => server.port.into(),
                field::SERVER_DEFN_LINE_NUMBER => server.defn_line_number.into(),
                field::SERVER_IS_VIRTUAL => (server.is_virtual != 0).into(),
                field::SERVER_TIMEOUT => server.timeout,
                field::SERVER_KEEP_ALIVE => server.keep_alive.into(),
                field::SERVER_KEEP_ALIVE_MAX => server.keep_alive_max.into(),
                field::SERVER_KEEP_ALIVE_TIMEOUT => server.keep_alive_timeout,
                field::LIMIT_REQ_FIELDSIZE => server.limit_req_fieldsize.into(),
                field::LIMIT_REQ_FIELDS => server.limit_req_fields.into(),
                _ => return Err(Refused::Field),
            }
        })
    }

    /// r->method and r->method_number. r->header_only stays, since it says what the client waits for.
    pub(super) fn set_method(self, method: &[u8]) -> Result<(), Refused> {
        let token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
        if method.is_empty() || !method.iter().all(token) {
            return Err(Refused::Value);
        }
        let method = self.pool().strdup(method).ok_or(Refused::Value)?;
        // SAFETY: the request is this thread's, the string in its pool.
        unsafe {
            (*self.raw()).method = method;
            (*self.raw()).method_number = ap_method_number_of(method);
        }
        Ok(())
    }

    /// r->content_languages from a list with commas; `None` is NULL.
    pub(super) fn set_languages(self, list: Option<&[u8]>) -> Result<(), Refused> {
        let languages: Vec<_> = list.unwrap_or_default().split(|byte| *byte == b',').map(<[u8]>::trim_ascii).collect();
        if languages.len() > MOST_LANGUAGES {
            return Err(Refused::Value);
        }
        // SAFETY: the request is this thread's, array and strings are in its pool; the array holds pointers, as httpd's.
        unsafe {
            let array =
                apr_array_make(self.pool().raw(), languages.len() as c_int, size_of::<*const c_char>() as c_int);
            for language in languages.into_iter().filter(|language| !language.is_empty()) {
                let language = self.pool().strdup(language).ok_or(Refused::Value)?;
                apr_array_push(array).cast::<*const c_char>().write(language);
            }
            (*self.raw()).content_languages = if list.is_some() { array } else { std::ptr::null_mut() };
        }
        Ok(())
    }

    /// Writes a numeric member of 64 bits or of another range than the ones of [`Request::set_number`].
    pub(super) fn set_number_member(self, number: u32, value: i64) -> Result<(), Refused> {
        // SAFETY: the request is this thread's.
        unsafe {
            let rec = self.raw();
            match number {
                field::ALLOWED => (*rec).allowed = value,
                field::NO_CACHE | field::NO_LOCAL_COPY if !(0..=1).contains(&value) => return Err(Refused::Value),
                field::NO_CACHE => (*rec).no_cache = value as c_int,
                field::NO_LOCAL_COPY => (*rec).no_local_copy = value as c_int,
                field::MTIME | field::CLENGTH if value < 0 => return Err(Refused::Value),
                field::MTIME => ap_update_mtime(rec, value),
                field::CLENGTH => ap_set_content_length(rec, value),
                _ => return Err(Refused::Field),
            }
        }
        Ok(())
    }

    /// Options in mod_lua's words (lua_request.c:lua_ap_options).
    fn options(self) -> Vec<u8> {
        // SAFETY: the request is this thread's.
        let options = u32::try_from(unsafe { ap_allow_options(self.raw()) }).unwrap_or(0);
        let names: [(u32, &[u8]); 6] = [
            (OPT_INDEXES, b"Indexes"),
            (OPT_INCLUDES, b"Includes"),
            (OPT_SYM_LINKS, b"FollowSymLinks"),
            (OPT_EXECCGI, b"ExecCGI"),
            (OPT_MULTI, b"MultiViews"),
            (OPT_ALL, b"All"),
        ];
        names.map(|(bit, name)| if options & bit == bit { name } else { b"" }).join(&b' ')
    }

    /// AllowOverride in mod_lua's words (lua_request.c:lua_ap_allowoverrides).
    fn overrides(self) -> Vec<u8> {
        // SAFETY: the request is this thread's.
        let overrides = u32::try_from(unsafe { ap_allow_overrides(self.raw()) }).unwrap_or(0);
        if overrides & OR_ALL == OR_ALL {
            return b"All".to_vec();
        }
        if overrides == OR_NONE {
            return b"None".to_vec();
        }
        let names: [(u32, &[u8]); 5] = [
            (OR_LIMIT, b"Limit"),
            (OR_OPTIONS, b"Options"),
            (OR_FILEINFO, b"FileInfo"),
            (OR_AUTHCFG, b"AuthCfg"),
            (OR_INDEXES, b"Indexes"),
        ];
        names.map(|(bit, name)| if overrides & bit == bit { name } else { b"" }).join(&b' ')
    }

    fn in_pool(self, text: &[u8]) -> Option<&'r [u8]> {
        let text = self.pool().strdup(text)?;
        // SAFETY: a C string of the request's pool, which nobody changes.
        unsafe { bytes(text) }
    }

    /// r->connection->notes and their pool, which is the connection's.
    pub(super) fn connection_notes(self) -> (*mut apr_table_t, Pool<'r>) {
        // SAFETY: a request's connection lives longer than the request.
        unsafe { ((*self.rec().connection).notes, Pool::from_raw((*self.rec().connection).pool)) }
    }
}

/// The strings of an array, with something between them; `None` for NULL.
///
/// # Safety
/// `array` is NULL or an array of C strings.
unsafe fn joined(array: *const apr_array_header_t, between: &[u8]) -> Option<Vec<u8>> {
    // SAFETY: the caller's promise.
    unsafe {
        let array = array.as_ref()?;
        let count = usize::try_from(array.nelts).unwrap_or(0);
        let strings = (0..count).filter_map(|at| bytes(array.elts.cast::<*const c_char>().add(at).read()));
        Some(strings.collect::<Vec<_>>().join(between))
    }
}

/// Bytes in a brigade; `None` for NULL.
///
/// # Safety
/// `brigade` is NULL or a brigade of this thread.
unsafe fn kept(brigade: *mut apr_bucket_brigade) -> Option<i64> {
    let mut length = 0;
    // SAFETY: the caller's promise.
    (!brigade.is_null() && unsafe { apr_brigade_length(brigade, 1, &mut length) } == 0).then_some(length)
}

/// When the server was started last, in seconds since 1970; `None` without a scoreboard.
fn started() -> Option<i64> {
    // SAFETY: the scoreboard is made before requests are served, and stays.
    unsafe {
        let scoreboard = ap_scoreboard_image.as_ref()?;
        scoreboard.global.as_ref().map(|global| global.restart_time / 1_000_000)
    }
}
