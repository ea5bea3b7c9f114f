//! http_core.h, util.c and apr_user.h: what httpd works out about a request, its client, its server and its file.

use super::bindings::*;
use super::bytes::{bytes, with_cstr};
use super::request::{Refused, Request};
use crate::host::number::field;
use std::cell::Cell;
use std::ffi::c_char;
use std::hash::{BuildHasher, RandomState};
use std::ptr::{null, null_mut};
use std::sync::OnceLock;

/// Major and minor version of the module interface, as RewriteCond's API_VERSION and mod_info show it.
fn api_version() -> &'static [u8] {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| format!("{MODULE_MAGIC_NUMBER_MAJOR}:{MODULE_MAGIC_NUMBER_MINOR}")).as_bytes()
}

/// A number for an address that guests must not learn; that of a server is the same in every child, since the parent
/// asks for it first, when it reads the server's directives.
pub(super) fn opaque<T>(address: *const T) -> i64 {
    static KEY: OnceLock<RandomState> = OnceLock::new();
    thread_local! {
        /// Most requests ask of the server that the last one asked of.
        static LAST: Cell<(usize, i64)> = const { Cell::new((0, 0)) };
    }
    let address = address as usize;
    let (last, number) = LAST.get();
    if last == address && address != 0 {
        return number;
    }
    let number = (KEY.get_or_init(RandomState::new).hash_one(address) >> 1) as i64;
    LAST.set((address, number));
    number
}

impl<'r> Request<'r> {
    /// A text that httpd works out; as [`Request::text`], for the numbers that it doesn't know.
    pub(super) fn worked_out(self, number: u32) -> Result<Option<&'r [u8]>, Refused> {
        let rec = self.rec();
        // SAFETY: httpd shows requests to modules with connection, server and configuration set; the functions
        // allocate from the request's or the connection's pool, or answer with strings of the configuration.
        let text: *const c_char = unsafe {
            match number {
                field::REMOTE_HOST => {
                    ap_get_remote_host(rec.connection, rec.per_dir_config.cast(), REMOTE_NAME as i32, null_mut())
                }
                field::USERAGENT_HOST => ap_get_useragent_host(self.raw(), REMOTE_NOLOOKUP as i32, null_mut()),
                field::REMOTE_IDENT => ap_get_remote_logname(self.raw()),
                field::SERVER_ADMIN => (*rec.server).server_admin,
                field::SERVER_BANNER => ap_get_server_banner(),
                field::SERVER_NAME_FOR_URL => ap_get_server_name_for_url(self.raw()),
                field::REQUEST_SCHEME => ap_run_http_scheme(self.raw()),
                field::SERVER_URL => ap_construct_url(rec.pool, c"".as_ptr(), self.raw()),
                field::API_VERSION => return Ok(Some(api_version())),
                field::CONTEXT_PREFIX => ap_context_prefix(self.raw()),
                field::CONTEXT_DOCUMENT_ROOT => ap_context_document_root(self.raw()),
                field::SCRIPT_USER if rec.finfo.valid & APR_FINFO_USER as i32 != 0 => {
                    let mut name = null_mut();
                    apr_uid_name_get(&mut name, rec.finfo.user, rec.pool);
                    name
                }
                field::SCRIPT_GROUP if rec.finfo.valid & APR_FINFO_GROUP as i32 != 0 => {
                    let mut name = null_mut();
                    apr_gid_name_get(&mut name, rec.finfo.group, rec.pool);
                    name
                }
                field::SCRIPT_USER | field::SCRIPT_GROUP => null(),
                _ => return self.text_member(number),
            }
        };
        // SAFETY: the strings live as long as the request and are not changed while the answer is copied.
        Ok(unsafe { bytes(text) })
    }

    /// A number that httpd works out; as [`Request::number`], for those that it doesn't know.
    pub(super) fn number_worked_out(self, number: u32) -> Result<i64, Refused> {
        let rec = self.rec();
        // SAFETY: as in `worked_out`.
        Ok(unsafe {
            match number {
                field::REMOTE_PORT => rec.useragent_addr.as_ref().map_or(0, |address| address.port.into()),
                field::IPV6 => is_ipv6(rec.useragent_addr).into(),
                field::DEFAULT_PORT => ap_run_default_port(self.raw()).into(),
                field::FINFO_FILETYPE => rec.finfo.filetype.into(),
                field::FINFO_PROTECTION => rec.finfo.protection.into(),
                field::FINFO_SIZE => rec.finfo.size,
                field::FINFO_MTIME => rec.finfo.mtime,
                field::USED_PATH_INFO => rec.used_path_info.into(),
                field::ALLOW_OPTIONS => ap_allow_options(self.raw()).into(),
                field::LIMIT_REQ_LINE => (*rec.server).limit_req_line.into(),
                field::SOME_AUTHN_REQUIRED => ap_some_authn_required(self.raw()).into(),
                field::SERVER_ID => opaque(rec.server),
                field::REQUEST_ID => opaque(self.raw()),
                _ => return self.number_member(number),
            }
        })
    }

    /// The parts of the URL that the request's server has here: scheme, name, and the port where it is not the usual
    /// one (util.c:ap_construct_url).
    pub(crate) fn server_url(self) -> (&'r [u8], &'r [u8], Option<u16>) {
        // SAFETY: as in `worked_out`.
        unsafe {
            let (port, usual) = (ap_get_server_port(self.raw()), ap_run_default_port(self.raw()));
            let scheme = bytes(ap_run_http_scheme(self.raw())).unwrap_or_default();
            let name = bytes(ap_get_server_name_for_url(self.raw())).unwrap_or_default();
            (scheme, name, (port != usual).then_some(port))
        }
    }

    /// Maps a URI below DocumentRoot into r->filename, as if it were r->uri (ap_core_translate); OK or an HTTP status.
    /// `None` where it holds a NUL.
    pub(crate) fn core_translate(self, uri: &[u8]) -> Option<i32> {
        let uri = self.pool().strdup(uri)?;
        // SAFETY: the request is this thread's; r->uri is a C string at any time.
        unsafe {
            let own = std::mem::replace(&mut (*self.raw()).uri, uri);
            let status = ap_core_translate(self.raw());
            (*self.raw()).uri = own;
            Some(status)
        }
    }

    /// Whether a host and port are those of the virtual host (ap_matches_request_vhost); `None` where the name holds a
    /// NUL.
    pub(crate) fn matches_vhost(self, host: &[u8], port: u16) -> Option<bool> {
        // SAFETY: the request is this thread's.
        with_cstr(host, |host| unsafe { ap_matches_request_vhost(self.raw(), host.as_ptr(), port) != 0 })
    }
}

/// Whether an address is IPv6 and not a mapped IPv4 one.
///
/// # Safety
/// `address` is NULL or one of APR.
unsafe fn is_ipv6(address: *const apr_sockaddr_t) -> bool {
    // SAFETY: the caller's promise; an address of this family has 16 bytes at ipaddr_ptr.
    unsafe {
        let Some(address) = address.as_ref().filter(|address| address.family == libc::AF_INET6) else { return false };
        let bytes = address.ipaddr_ptr.cast::<[u8; 16]>().read_unaligned();
        std::net::Ipv6Addr::from(bytes).to_ipv4_mapped().is_none()
    }
}
