//! One call of a guest for a request, and what its answer becomes. Knows neither extensions nor scripts.

use crate::extension::filters::Answer;
use crate::host::Host;
use crate::httpd::filter::Passing;
use crate::httpd::lend::{Borrower, with_chunk, with_request};
use crate::httpd::{Lent, Request, stack};
use crate::process;
use crate::runtime::{self, Failure, Instance, Runtime};
use wasmtime::{TypedFunc, WasmParams};

pub(crate) const OK: i32 = 0;
pub(crate) const DECLINED: i32 = -1;
pub(crate) const DONE: i32 = -2;
/// A filter has answered already (httpd.h:AP_FILTER_ERROR).
const FILTER_ERROR: i32 = -102;
pub(crate) const INTERNAL_SERVER_ERROR: i32 = 500;

impl Borrower for Instance<Host> {
    fn lent(&mut self) -> &mut Lent {
        &mut self.data_mut().lent
    }
}

/// Most calls of guests that may stand within one another on a thread, each in an instance of its own. httpd's own limit
/// for requests within requests is 10 (LimitInternalRecursion).
const MOST_WITHIN: u32 = 32;

/// Fails where the thread has too little stack left for a guest, or too many are called already: guests call one another,
/// or themselves, through httpd (a handler writes, a filter sees it), each with its own share.
///
/// # Errors
/// The failure of the call that is not made.
#[inline]
pub(crate) fn has_room() -> Result<(), Failure> {
    if runtime::depth() >= MOST_WITHIN {
        let what = format!("{MOST_WITHIN} calls of guests stand within one another already");
        return Err(Failure::Stack { what, backtrace: Vec::new() });
    }
    let (left, needed) = (stack::left(), process::existing_runtime().map_or(0, Runtime::stack_of_call));
    if left < needed {
        let what =
            format!("too little stack is left to call it ({left} of {needed} bytes): ThreadStackSize is too small");
        return Err(Failure::Stack { what, backtrace: Vec::new() });
    }
    Ok(())
}

/// What a hook leaves to be done when its instance is free again.
#[derive(Default)]
pub(crate) struct Left {
    redirect: Option<Vec<u8>>,
    wrote: bool,
}

/// Which kind of hook was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One that makes the answer.
    Handler,
    /// One that runs when the answer is out.
    Log,
    /// Another.
    Other,
}

/// Calls a hook's function for a request.
///
/// # Errors
/// The failure of the call.
pub(crate) fn hook(
    instance: &mut Instance<Host>,
    function: &TypedFunc<u32, i32>,
    r: Request<'_>,
    left: &mut Left,
) -> Result<i32, Failure> {
    let status = with_request(instance, r, |instance| {
        let status = instance.call(function, 0);
        instance.data_mut().end_call();
        status
    });
    let data = instance.data_mut();
    left.redirect = data.take_redirect();
    left.wrote = std::mem::take(&mut data.wrote);
    status
}

/// What httpd is told: OK, DECLINED, DONE or an HTTP status, which is no interim one (1xx). `failed` logs a failure, and says what becomes of the request.
pub(crate) fn answer(
    result: Result<i32, Failure>,
    left: Left,
    kind: Kind,
    r: Request<'_>,
    failed: impl FnOnce(&Failure) -> i32,
) -> i32 {
    if let Some(uri) = left.redirect
        && matches!(result, Ok(OK))
        && kind == Kind::Handler
    {
        // Only now: what answers the other URL may take long, and may need an instance of this guest.
        r.internal_redirect(&uri);
    }
    // The connection is no longer HTTP's, whatever the guest answers.
    if result.is_ok() && kind != Kind::Log && r.has_switched() {
        return if kind == Kind::Handler { OK } else { DONE };
    }
    // What the guest sent may have made httpd answer with an error page by itself: a header that can't be sent does that
    // (http_filters.c:ap_http_header_filter). Nothing may follow it, whatever other modules do.
    if left.wrote && kind != Kind::Log && r.is_over() && !r.is_sub_req() {
        return r.hang_up();
    }
    let status = match result {
        // An error page can't follow a part of an answer; where the answer is out, nobody asks for one.
        Ok(status @ 200..=599) if kind != Kind::Log && r.has_begun() => {
            let what = format!("it answers {status} when a part of the answer has been sent already");
            failed(&Failure::Host { what, backtrace: Vec::new() })
        }
        Ok(status @ (OK | DECLINED | DONE | FILTER_ERROR | 200..=599)) => return status,
        Ok(status) => {
            let what = format!("its answer {status} is neither OK, DECLINED, DONE nor an HTTP status");
            failed(&Failure::Host { what, backtrace: Vec::new() })
        }
        Err(failure) => failed(&failure),
    };
    // The answer is out, and other modules log it still.
    if kind == Kind::Log {
        return DECLINED;
    }
    // Neither an error page nor another module's answer can follow a part of an answer.
    if r.has_begun() {
        return r.break_off();
    }
    // What is still buffered goes with the error; passed over, it would stand before another module's answer.
    if left.wrote { INTERNAL_SERVER_ERROR } else { status }
}

/// Calls a filter's function for one event of a body: its answer.
///
/// # Errors
/// The failure of the call, or an answer that is none of a filter; nothing that it wrote passes then.
pub(crate) fn filter<P: WasmParams>(
    instance: &mut Instance<Host>,
    function: &TypedFunc<P, i32>,
    parameters: P,
    r: Request<'_>,
    passing: &Passing<'_>,
) -> Result<Answer, Failure> {
    let answer = with_request(instance, r, |instance| {
        with_chunk(instance, passing, |instance| {
            let answer = instance.call(function, parameters);
            instance.data_mut().end_call();
            answer
        })
    });
    let answer = answer.and_then(|answer| match answer {
        0 => Ok(Answer::Pass),
        1 => Ok(Answer::Replace),
        2 => Ok(Answer::Remove),
        other => {
            Err(Failure::Host { what: format!("its answer {other} is not one of a filter"), backtrace: Vec::new() })
        }
    });
    if answer.is_err() {
        passing.forget();
    }
    answer
}
