//! Directives: parsed by the guest where they stand, so that errors have httpd's file and line, and parsed again by
//! other instances when they first meet the section.

use super::node::{Content, Context, Node, Record};
use super::{Extension, instances};
use crate::extension::instances::Guest;
use crate::httpd::log::{Mark, error, is_wanted_of_server};
use crate::process;
use crate::runtime::Failure;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Has the guest parse a directive that follows what `node` says.
///
/// # Errors
/// The text that httpd shows.
pub(crate) fn directive(
    extension: &Extension,
    node: &Arc<Node>,
    directive: u32,
    context: &Context,
    args: &[u8],
) -> Result<Arc<Node>, Vec<u8>> {
    let like = |record: &Record| record.directive == directive && record.args == args && record.context == *context;
    let serving = process::serving();
    if serving && let Some(state) = instances::local(extension, |local| local.memory.state(node, like)) {
        say_again(extension, &state);
        return Ok(state);
    }
    let record = Arc::new(Record {
        directive,
        context: context.clone(),
        args: args.to_vec(),
        compiled: Mutex::default(),
        parsed: AtomicBool::new(false),
        said: Mutex::default(),
    });
    let remembered = !serving || (!node.transient && instances::local(extension, |local| local.memory.has_room()));
    let content = Content::Directive(node.clone(), record.clone());
    let state = Node::new(extension.next_node(), node.kind, content, !remembered);
    let parsed = instances::with(extension, None, |guest| {
        let address = match take(guest, node) {
            Some(address) => address,
            None => replay(guest, node)?,
        };
        match parse(guest, node, &record, address)? {
            Ok(()) => guest.keep(&state, address).map(Ok),
            Err(text) => {
                free(guest, node, address)?;
                Ok(Err(text))
            }
        }
    });
    record.parsed.store(true, Ordering::Relaxed);
    match parsed {
        Ok(Ok(())) => {}
        Ok(Err(text)) => return Err(text),
        Err(failure) => {
            let name = String::from_utf8_lossy(&context.name);
            extension.counters.failed(&failure);
            return Err(format!("{} failed while parsing {name}: {failure}", extension.identifier).into());
        }
    }
    if serving && remembered {
        instances::local(extension, |local| local.memory.remember(node.id, state.clone()));
    }
    Ok(state)
}

/// Logs what the parser had to say of a directive that need not be parsed again.
fn say_again(extension: &Extension, state: &Node) {
    let Content::Directive(_, record) = &state.content else { return };
    for said in &*record.said.lock().unwrap_or_else(PoisonError::into_inner) {
        let mark = Mark { file: &said.file, line: said.line, module_index: extension.module_index() };
        if is_wanted_of_server(mark, said.level, None) && extension.counters.may_log(said.message.len()) {
            error(mark, said.level, said.status, None, &said.message);
        }
    }
}

/// Makes a configuration that says what the node says, by parsing its directives in order.
///
/// # Errors
/// The failure of a call.
pub(crate) fn replay(guest: &mut Guest, node: &Node) -> Result<u32, Failure> {
    let mut records = Vec::new();
    let mut at = node;
    while let Content::Directive(before, record) = &at.content {
        records.push(record);
        at = before;
    }
    let Some(create) = &guest.exports.create_config else { return Ok(0) };
    let address = guest.instance.call(create, node.kind as u32)?;
    for record in records.into_iter().rev() {
        if let Err(text) = parse(guest, node, record, address)? {
            let what = format!("a directive that was right is wrong now: {}", String::from_utf8_lossy(&text));
            return Err(Failure::Host { what, backtrace: Vec::new() });
        }
    }
    Ok(address)
}

/// One call of the guest for one directive; the inner error is the guest's text.
fn parse(guest: &mut Guest, node: &Node, record: &Arc<Record>, address: u32) -> Result<Result<(), Vec<u8>>, Failure> {
    let Some(function) = &guest.exports.directive else { return Ok(Ok(())) };
    guest.instance.data_mut().begin_directive(record.clone());
    let answer = guest.instance.call(function, (record.directive, node.kind as u32, address));
    let text = guest.instance.data_mut().end_directive();
    Ok(if answer? == 0 { Ok(()) } else { Err(text.unwrap_or_else(|| b"invalid directive".to_vec())) })
}

/// Takes the configuration of a section's last state, to be changed into that of the next.
fn take(guest: &mut Guest, node: &Node) -> Option<u32> {
    match node.content {
        Content::Directive(..) => guest.take(node),
        Content::Empty | Content::Merged(..) => None,
    }
}

fn free(guest: &mut Guest, node: &Node, address: u32) -> Result<(), Failure> {
    match &guest.exports.free_config {
        Some(free) => guest.instance.call(free, (node.kind as u32, address)),
        None => Ok(()),
    }
}
