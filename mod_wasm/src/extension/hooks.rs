//! A hook of an extension runs: is the guest wanted here, what does it answer, and what if it fails.

use super::instances::Guest;
use super::{Extension, Node, instances};
use crate::call::{self, DECLINED, INTERNAL_SERVER_ERROR, Left, OK};
use crate::host::{Given, HOOK_EXPORTS};
use crate::httpd::Request;
use crate::httpd::log::{Mark, error, rerror};
use crate::runtime::Failure;
use crate::settings::OnTrap;
use std::sync::Arc;

const ERR: u32 = 3;
/// Bits of hooks, by their names; a test holds them together with the names.
const HANDLER: u32 = 12;
const LOG_TRANSACTION: u32 = 14;
const NOTE_AUTH_FAILURE: u32 = 20;
const GENERATE_LOG_ID: u32 = 21;

/// Runs the hook of a bit; OK, DECLINED, DONE or an HTTP status.
#[inline]
pub(crate) fn run(extension: &Extension, bit: u32, r: Request<'_>) -> i32 {
    run_given(extension, bit, r, &mut Given::Nothing)
}

/// As [`run`], for a hook that is given something beside the request, or gives something back.
#[inline]
pub(crate) fn run_given(extension: &Extension, bit: u32, r: Request<'_>, given: &mut Given) -> i32 {
    let (dir, server) = r.sections(extension);
    if !wanted(dir, server, bit) || bit == HANDLER && !extension.description.handles(r.handler()) {
        return DECLINED;
    }
    enter(extension, bit, r, given, (dir, server))
}

/// Runs a hook that is wanted.
#[inline(never)]
fn enter(
    extension: &Extension,
    bit: u32,
    r: Request<'_>,
    given: &mut Given,
    (dir, server): (Option<&Arc<Node>>, Option<&Arc<Node>>),
) -> i32 {
    let mut left = Left::default();
    let result = instances::with(extension, Some(r), |guest| {
        guest.enter(dir, server)?;
        let Guest { instance, exports, .. } = guest;
        let Some(Some(hook)) = exports.hooks.get(bit as usize) else { return Ok(DECLINED) };
        // The configuration may have said only now that nothing is to do.
        if !wanted(dir, server, bit) {
            return Ok(DECLINED);
        }
        instance.data_mut().given = std::mem::take(given);
        instances::read_before(instance, bit, r);
        let status = call::hook(instance, hook, r, &mut left);
        *given = std::mem::take(&mut instance.data_mut().given);
        status
    });
    let kind = match bit {
        HANDLER => call::Kind::Handler,
        // A failure of these is not the request's.
        LOG_TRANSACTION | NOTE_AUTH_FAILURE | GENERATE_LOG_ID => call::Kind::Log,
        _ => call::Kind::Other,
    };
    call::answer(result, left, kind, r, |failure| failed(extension, hook_name(bit), r, failure))
}

/// Runs the hook of a bit that takes no request, under a server's configurations; OK or an HTTP status.
pub(crate) fn run_config(extension: &Extension, bit: u32, dir: Option<&Arc<Node>>, server: Option<&Arc<Node>>) -> i32 {
    if !wanted(None, server, bit) {
        return OK;
    }
    let result = instances::with(extension, None, |guest| {
        guest.enter(dir, server)?;
        let Guest { instance, exports, .. } = guest;
        match exports.hooks.get(bit as usize) {
            Some(Some(hook)) if wanted(None, server, bit) => instance.call(hook, 0),
            _ => Ok(OK),
        }
    });
    match result {
        Ok(OK | DECLINED) => OK,
        Ok(_) => INTERNAL_SERVER_ERROR,
        Err(failure) => {
            let mark = Mark { file: file!().as_bytes(), line: line!(), module_index: extension.module_index() };
            let text = format!("mod_wasm: {} failed in {}: {failure}", extension.identifier, hook_name(bit));
            // It stops the start, so it is told in any case.
            extension.counters.failed(&failure);
            error(mark, ERR, 0, None, text.as_bytes());
            INTERNAL_SERVER_ERROR
        }
    }
}

/// Whether the hook may do something under two configurations; yes while that isn't known. The low half of each mask
/// has the hooks that the configuration needs if the other does too, the high half those that it needs anyway.
#[inline]
fn wanted(dir: Option<&Arc<Node>>, server: Option<&Arc<Node>>, bit: u32) -> bool {
    let mask = |node: Option<&Arc<Node>>| node.and_then(|node| node.hooks.get()).copied().unwrap_or(u32::MAX.into());
    let (dir, server) = (mask(dir), mask(server));
    ((dir & server) | ((dir | server) >> 32)) & (1 << bit) != 0
}

fn hook_name(bit: u32) -> &'static str {
    HOOK_EXPORTS.get(bit as usize).copied().unwrap_or("a hook")
}

/// Counts a failure, logs it in one line unless there are too many, and says what becomes of the request.
pub(crate) fn failed(extension: &Extension, doing: &str, r: Request<'_>, failure: &Failure) -> i32 {
    let mark = Mark { file: file!().as_bytes(), line: line!(), module_index: extension.module_index() };
    if extension.counters.failed(failure) {
        rerror(mark, ERR, 0, r, format!("mod_wasm: {} failed in {doing}: {failure}", extension.identifier).as_bytes());
    }
    match extension.on_trap {
        OnTrap::Fail => INTERNAL_SERVER_ERROR,
        OnTrap::Decline => DECLINED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_have_their_names() {
        let names = [HANDLER, LOG_TRANSACTION, NOTE_AUTH_FAILURE, GENERATE_LOG_ID].map(hook_name);
        assert_eq!(
            names,
            ["ap_hook_handler", "ap_hook_log_transaction", "ap_hook_note_auth_failure", "ap_hook_generate_log_id"]
        );
    }
}
