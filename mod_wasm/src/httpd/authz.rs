//! mod_auth.h and ap_provider.h: scripts as authorization providers of mod_authz_core.

use super::bindings::*;
use super::bytes::bytes;
use super::guard::guard;
use super::own;
use super::pool::Pool;
use super::request::Request;
use crate::script::authz::{self, GENERAL_ERROR, Provider, Requirement};
use crate::script::require;
use std::ffi::{c_char, c_void};
use std::ptr::{null, null_mut};

/// What mod_authz_core calls for each Require line with a provider's name.
static PROVIDER: authz_provider = authz_provider { check_authorization: Some(check), parse_require_line: Some(parse) };

/// Under which name mod_authz_core tells which provider is asked for (mod_auth.h:AUTHZ_PROVIDER_NAME_NOTE).
const NAME_NOTE: *const c_char = AUTHZ_PROVIDER_NAME_NOTE.as_ptr().cast();

/// `WasmAuthzProvider name file function`.
///
/// # Safety
/// `cmd` is what httpd gives to a directive's function that runs while the configuration is read.
pub(super) unsafe fn register(cmd: *mut cmd_parms, name: &[u8], file: &[u8], function: &[u8]) -> Result<(), Vec<u8>> {
    let function = String::from_utf8(function.to_vec()).map_err(|_| "the name of a function is UTF-8")?;
    // SAFETY: the caller's promise. The strings and the provider live as long as the configuration, and httpd forgets
    // providers with it.
    unsafe {
        let pool = Pool::from_raw((*cmd).pool);
        let name_raw = pool.strdup_cut(name);
        let (group, version) = (AUTHZ_PROVIDER_GROUP.as_ptr().cast(), AUTHZ_PROVIDER_VERSION.as_ptr().cast());
        let known = ap_lookup_provider(group, name_raw, version);
        if !known.is_null() && known != (&raw const PROVIDER).cast_mut().cast() {
            return Err(format!(
                "an authorization provider {} is registered by another module already",
                String::from_utf8_lossy(name)
            )
            .into());
        }
        Provider { file: file.to_vec(), function }.remember(name);
        let status = ap_register_auth_provider(
            pool.raw(),
            group,
            name_raw,
            version,
            (&raw const PROVIDER).cast(),
            AP_AUTH_INTERNAL_PER_CONF as i32,
        );
        if status == 0 { Ok(()) } else { Err("httpd does not take the provider".into()) }
    }
}

/// Takes a Require line (authz_provider.parse_require_line).
unsafe extern "C" fn parse(cmd: *mut cmd_parms, line: *const c_char, parsed: *mut *const c_void) -> *const c_char {
    guard(c"mod_wasm: internal error (see the error log)".as_ptr(), || {
        // SAFETY: mod_authz_core's arguments; the note is a string, and so are the line and its words.
        unsafe {
            let pool = Pool::from_raw((*cmd).pool);
            let mut name = null_mut();
            apr_pool_userdata_get(&mut name, NAME_NOTE, (*cmd).temp_pool);
            let name = bytes(name.cast_const().cast()).unwrap_or_default();
            let Some(provider) = Provider::of(name) else {
                return pool.strdup_cut(b"no WasmAuthzProvider of this name");
            };
            let mut arguments = Vec::new();
            let mut rest = line;
            while !rest.is_null() && *rest != 0 {
                let word = bytes(ap_getword_conf(pool.raw(), &mut rest)).unwrap_or_default();
                if word.is_empty() {
                    break;
                }
                arguments.extend_from_slice(word);
                arguments.push(0);
            }
            match require(&provider, own::outer(cmd).into_iter().flatten(), arguments, pool) {
                Ok(requirement) => {
                    *parsed = pool.keep(requirement).cast();
                    null()
                }
                Err(text) => pool.strdup_cut(&text),
            }
        }
    })
}

/// Answers it for a request (authz_provider.check_authorization).
unsafe extern "C" fn check(r: *mut request_rec, _line: *const c_char, parsed: *const c_void) -> authz_status {
    guard(GENERAL_ERROR as authz_status, || {
        // SAFETY: mod_authz_core's arguments: a request, and what `parse` gave.
        let both = unsafe { Request::from_raw(r).zip(parsed.cast::<Requirement>().as_ref()) };
        both.map_or(GENERAL_ERROR, |(r, requirement)| authz::check(requirement, r)) as authz_status
    })
}
