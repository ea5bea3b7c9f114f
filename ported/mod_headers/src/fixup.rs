//! How the entries of one list are carried out: which of them the host can do by itself in one call, and the rest one
//! by one; not what each action does.

use crate::actions::apply;
use crate::config::Entries;
use crate::entry::{Action, Entry};
use crate::{actions, condition::Condition};
use apache_module::table::{Edit, Edits};
use apache_module::{Request, Table};
use std::rc::Rc;

/// When a list is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// In post_read_request.
    Early,
    /// In fixups, or when the answer's headers are sent.
    Late,
}

/// A replacement reached the limit of ap_pregsub; the rest of the list is not carried out.
#[derive(Debug, PartialEq, Eq)]
pub struct TooLong;

/// The steps of a list.
pub struct Plan(Vec<Step>);

enum Step {
    /// Neighbours that need nothing of the request, done by one call.
    Edits(Edits),
    Entry(Rc<Entry>),
}

/// Carries out the entries of a pass on a table of the request (mod_headers.c:do_headers_fixup).
pub fn do_headers_fixup(r: &Request, headers: Table, entries: &Entries, pass: Pass) -> Result<(), TooLong> {
    let of_request = headers == r.headers_in();
    for step in &entries.plan(pass, of_request).0 {
        match step {
            Step::Edits(edits) => headers.apply(*edits),
            Step::Entry(entry) if entry.condition.holds(r) => apply(r, headers, entry)?,
            Step::Entry(_) => {}
        }
    }
    Ok(())
}

impl Plan {
    /// Plans entries that are all of one pass, in their order.
    pub fn new<'a>(entries: impl Iterator<Item = &'a Rc<Entry>>, of_request: bool) -> Plan {
        let entries: Vec<_> = entries.collect();
        let together = |before: &&Rc<Entry>, entry: &&Rc<Entry>| {
            constant_edit(before, of_request).is_some() && constant_edit(entry, of_request).is_some()
        };
        let steps = entries.chunk_by(together).flat_map(|neighbours| {
            let edits: Option<Vec<_>> = neighbours.iter().map(|entry| constant_edit(entry, of_request)).collect();
            match edits.and_then(|edits| Edits::prepare(&edits)) {
                Some(edits) => vec![Step::Edits(edits)],
                None => neighbours.iter().map(|entry| Step::Entry(Rc::clone(entry))).collect(),
            }
        });
        Plan(steps.collect())
    }
}

/// The entry as an edit whose effect on the table is all that it does, whatever the request.
fn constant_edit(entry: &Entry, of_request: bool) -> Option<Edit<'_>> {
    let unconditional = matches!(entry.condition, Condition::None | Condition::Early);
    if !unconditional || actions::changes_content_type(entry, of_request) {
        return None;
    }
    let (name, value) = (&entry.header[..], entry.value.constant()?);
    match entry.action {
        Action::Set => Some(Edit::Set(name, value)),
        Action::Add => Some(Edit::Add(name, value)),
        Action::Append => Some(Edit::Merge(name, value)),
        Action::Unset => Some(Edit::Unset(name)),
        Action::SetIfEmpty | Action::Merge | Action::Echo(_) | Action::Edit { .. } | Action::Note => None,
    }
}
