//! A filter of an extension sees one event of a body; knows nothing of buckets.

use super::hooks::failed;
use super::instances::Guest;
use super::{Extension, instances};
use crate::call;
use crate::httpd::Request;
use crate::httpd::filter::Passing;
use crate::settings::OnTrap;
use std::sync::atomic::{AtomicU32, Ordering};

/// What a filter is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Before the first chunk.
    Start = 0,
    /// A chunk.
    Data = 1,
    /// A flush.
    Flush = 2,
    /// The end.
    Eos = 3,
}

/// What becomes of the chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It passes, after what was written.
    Pass,
    /// What was written passes in its place.
    Replace,
    /// It passes, and the filter is not called again.
    Remove,
}

static NEXT_ID: AtomicU32 = AtomicU32::new(1);

/// A number for one filter on one body.
pub(crate) fn next_id() -> u32 {
    NEXT_ID.fetch_add(1, Ordering::Relaxed)
}

/// Calls an output filter; `None` where it failed and the response is to fail.
pub(crate) fn output(ext: &Extension, number: u32, id: u32, r: Request<'_>, passing: &Passing<'_>) -> Option<Answer> {
    run(ext, true, number, id, r, passing)
}

/// Calls an input filter; `None` where it failed and reading is to fail.
pub(crate) fn input(ext: &Extension, number: u32, id: u32, r: Request<'_>, passing: &Passing<'_>) -> Option<Answer> {
    run(ext, false, number, id, r, passing)
}

fn run(
    extension: &Extension,
    output: bool,
    number: u32,
    id: u32,
    r: Request<'_>,
    passing: &Passing<'_>,
) -> Option<Answer> {
    let (dir, server) = r.sections(extension);
    let length = u32::try_from(passing.chunk.len()).unwrap_or(u32::MAX);
    let result = instances::with(extension, Some(r), |guest| {
        guest.enter(dir, server)?;
        let Guest { instance, exports, .. } = guest;
        let function = if output { &exports.output_filter } else { &exports.input_filter };
        let Some(function) = function else { return Ok(Answer::Remove) };
        call::filter(instance, function, (number, id, 0, passing.event as u32, length), r, passing)
    });
    match result {
        Ok(answer) => Some(answer),
        Err(failure) => {
            let filters = &extension.description.filters;
            let specs = if output { &filters.output } else { &filters.input };
            let name = specs.get(number as usize).map_or("?".into(), |spec| String::from_utf8_lossy(&spec.name));
            failed(extension, &format!("filter {name}"), r, &failure);
            (extension.on_trap == OnTrap::Decline).then_some(Answer::Remove)
        }
    }
}
