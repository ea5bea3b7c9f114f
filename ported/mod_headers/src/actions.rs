//! What each action does to a table, and to the answer's content type; not when an entry applies.

use crate::edit::edit_value;
use crate::entry::{Action, Entry};
use crate::fixup::TooLong;
use crate::token::has_token;
use apache_module::{Request, Table};

/// Whether an entry of this header may change r->content_type as well. The request's own Content-Type never does.
pub fn changes_content_type(entry: &Entry, of_request: bool) -> bool {
    !of_request && is_content_type(entry)
}

fn is_content_type(entry: &Entry) -> bool {
    entry.header.eq_ignore_ascii_case(b"Content-Type")
}

/// Carries out one entry whose condition holds.
pub fn apply(r: &Request, headers: Table, entry: &Entry) -> Result<(), TooLong> {
    let name = &entry.header;
    match &entry.action {
        Action::Add => headers.add(name, entry.value.text(r)),
        Action::Append => headers.merge(name, entry.value.text(r)),
        Action::Merge => merge(r, headers, entry),
        Action::Set => set(r, headers, entry),
        Action::SetIfEmpty if headers.has(name) => {}
        Action::SetIfEmpty => set(r, headers, entry),
        Action::Unset => {
            headers.unset(name);
            if changes_content_type(entry, headers == r.headers_in()) {
                r.set_content_type(None);
            }
        }
        // Whatever the table of the entry, an echo goes to r->headers_out (mod_headers.c:echo_header).
        Action::Echo(regex) => {
            for (name, value) in r.headers_in().entries() {
                if regex.is_match(&name) {
                    r.headers_out().add(name, value);
                }
            }
        }
        Action::Edit { regex, every } => {
            let edited = |value: &[u8]| edit_value(*regex, *every, value, || entry.value.text(r)).ok_or(TooLong);
            return edit(r, headers, entry, edited);
        }
        Action::Note => {
            let note = entry.value.text(r);
            match headers.get(name) {
                Some(value) => r.notes().set(note, value),
                // Native leaves an entry whose value is NULL, which reads as no entry.
                None => r.notes().unset(note),
            }
        }
    }
    Ok(())
}

fn set(r: &Request, headers: Table, entry: &Entry) {
    if changes_content_type(entry, headers == r.headers_in()) {
        r.set_content_type(Some(&entry.value.text(r)));
    }
    headers.set(&entry.header, entry.value.text(r));
}

fn merge(r: &Request, headers: Table, entry: &Entry) {
    match headers.get(&entry.header) {
        None => headers.add(&entry.header, entry.value.text(r)),
        Some(present) => {
            let value = entry.value.text(r);
            if !has_token(&present, &value) {
                headers.merge(&entry.header, value);
            }
        }
    }
}

/// Edits r->content_type where the header is Content-Type, then each line of the header. A request's Content-Type is
/// tried on r->content_type too: nothing comes of it, except that a replacement that fails ends the list.
fn edit(
    r: &Request,
    headers: Table,
    entry: &Entry,
    edited: impl Fn(&[u8]) -> Result<Vec<u8>, TooLong>,
) -> Result<(), TooLong> {
    if is_content_type(entry)
        && let Some(content_type) = r.content_type()
    {
        let content_type = edited(&content_type)?;
        if headers != r.headers_in() {
            r.set_content_type_trusted(&content_type);
        }
    }
    let mut lines = headers.entries_of(&entry.header);
    if lines.is_empty() {
        return Ok(());
    }
    for (_, value) in &mut lines {
        *value = edited(value)?;
    }
    // The lines go to the table's end, each under its own spelling of the name (mod_headers.c:add_them_all).
    headers.unset(&entry.header);
    for (name, value) in lines {
        headers.add(name, value);
    }
    Ok(())
}
