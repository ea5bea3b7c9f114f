//! Filters of scripts: one function sees one body in one instance, from its start to its end.

use super::config::NamedFilter;
use super::instances::Taken;
use super::{log, on_trap};
use crate::call;
use crate::extension::filters::{Answer, Event, next_id};
use crate::httpd::Request;
use crate::httpd::filter::Passing;
use crate::own::Dir;
use crate::runtime::Failure;
use crate::settings::OnTrap;
use std::sync::Arc;

/// A filter at work on one body.
pub(crate) struct Work {
    filter: Arc<NamedFilter>,
    id: u32,
    taken: Option<Taken>,
}

impl Work {
    /// Begins with a body; `None` where no directive in force here names a function for the filter.
    pub(crate) fn begin(name: &[u8], output: bool, r: Request<'_>) -> Option<Work> {
        let filter = r.own()?.script.get()?.filter(&name.to_ascii_lowercase(), output)?;
        Some(Work { filter: filter.clone(), id: next_id(), taken: None })
    }

    /// Calls the function; `None` where it failed and the body is to fail.
    pub(crate) fn call(&mut self, passing: &Passing<'_>, r: Request<'_>) -> Option<Answer> {
        let dir = r.own()?;
        let answer = self.try_call(dir, passing, r);
        if passing.event == Event::Eos || !matches!(answer, Ok(Answer::Pass | Answer::Replace)) {
            if let Some(taken) = &mut self.taken {
                taken.put(Some(r));
            }
            self.taken = None;
        }
        answer.map_or_else(
            |failure| {
                let doing = format!("filter {}", String::from_utf8_lossy(&self.filter.name));
                log(&self.filter.function, &doing, r, &failure);
                (on_trap(dir) == OnTrap::Decline).then_some(Answer::Remove)
            },
            Some,
        )
    }

    fn try_call(&mut self, dir: &Dir, passing: &Passing<'_>, r: Request<'_>) -> Result<Answer, Failure> {
        let function = &self.filter.function;
        let taken = match &mut self.taken {
            Some(taken) => {
                call::has_room()?;
                taken
            }
            // Also where the body goes on after its end, which a module may have it do.
            none => {
                let taken = none.insert(Taken::take(dir, function, r)?);
                // Whoever passes the body on calls it.
                taken.guest()?.instance.stays(false);
                taken
            }
        };
        let (instance, export) = taken.guest()?.filter(&function.name)?;
        let length = u32::try_from(passing.chunk.len()).unwrap_or(u32::MAX);
        call::filter(instance, export, (self.id, 0, passing.event as u32, length), r, passing)
    }
}
