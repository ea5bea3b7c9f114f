//! Authorization providers: what a Require line with their name asks, and what the function's answer means.

use super::config::Function;
use super::{instances, log};
use crate::httpd::Request;
use crate::httpd::lend::with_request;
use crate::runtime::Failure;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// Those that the configuration names; what it doesn't name any more, httpd doesn't ask for.
static PROVIDERS: LazyLock<RwLock<HashMap<Vec<u8>, Provider>>> = LazyLock::new(RwLock::default);

/// A provider as `WasmAuthzProvider` names it; relative to WasmRoot still.
#[derive(Clone)]
pub(crate) struct Provider {
    /// The file as it was written.
    pub(crate) file: Vec<u8>,
    /// The export.
    pub(crate) function: String,
}

impl Provider {
    /// Remembers it for Require lines, while the configuration is read.
    pub(crate) fn remember(self, name: &[u8]) {
        PROVIDERS.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_vec(), self);
    }

    /// The provider of a name.
    pub(crate) fn of(name: &[u8]) -> Option<Provider> {
        PROVIDERS.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}

/// One Require line.
pub(crate) struct Requirement {
    /// What answers it.
    pub(crate) function: Arc<Function>,
    /// Its words, each with a NUL after it.
    pub(crate) arguments: Vec<u8>,
}

/// AUTHZ_GRANTED.
const GRANTED: i32 = 1;
/// AUTHZ_NEUTRAL.
const NEUTRAL: i32 = 2;
/// AUTHZ_GENERAL_ERROR.
pub(crate) const GENERAL_ERROR: i32 = 3;

/// Asks the function: AUTHZ_DENIED and so on (mod_auth.h:authz_status). Whatever goes wrong is AUTHZ_GENERAL_ERROR.
pub(crate) fn check(requirement: &Requirement, r: Request<'_>) -> i32 {
    let Some(dir) = r.own() else { return GENERAL_ERROR };
    let function = &requirement.function;
    let mut wrote = false;
    let result = instances::with(dir, function, r, |guest| {
        let (instance, export) = guest.hook(&function.name)?;
        instance.data_mut().require = Some(requirement.arguments.clone());
        let answer = with_request(instance, r, |instance| {
            let answer = instance.call(export, 0);
            instance.data_mut().end_call();
            answer
        });
        let data = instance.data_mut();
        data.require = None;
        wrote = std::mem::take(&mut data.wrote);
        match answer? {
            status @ 0..=4 => Ok(status),
            other => {
                Err(Failure::Host { what: format!("its answer {other} is none of AUTHZ_*"), backtrace: Vec::new() })
            }
        }
    });
    let status = result.unwrap_or_else(|failure| {
        log(function, "an authorization provider", r, &failure);
        GENERAL_ERROR
    });
    // An error page can't follow a part of an answer, nor another one that httpd has sent for a header that can't be; and
    // mod_authz_core has no answer by which nothing would.
    let is_over = r.is_over();
    let refuses_late = !is_over && r.has_begun() && !matches!(status, GRANTED | NEUTRAL);
    if wrote && !r.is_sub_req() && (is_over || refuses_late) {
        if refuses_late {
            let what = "it refuses when a part of the answer has been sent already".into();
            log(function, "an authorization provider", r, &Failure::Host { what, backtrace: Vec::new() });
        }
        r.hang_up();
    }
    status
}
