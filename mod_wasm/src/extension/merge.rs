//! Merging sections without the guest, and what a thread remembers of merges and of .htaccess files.

use super::node::{Content, Context, Node, Record};
use super::{Extension, instances};
use crate::host::{ById, Compiled};
use crate::httpd::section::Section;
use crate::process;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::{Arc, Mutex, PoisonError};

/// Most merges that a thread remembers for an extension, and most that all of them share.
const MOST_MERGES: usize = 16_384;
/// Most states of .htaccess files that a thread remembers for an extension.
const MOST_STATES: usize = 4_096;
/// Most bytes of their directives, and of what guests had compiled from these and had to say of them.
const MOST_BYTES: usize = 8 << 20;

/// A merged section.
pub(crate) enum Merged {
    /// One that lives for ever, met before or remembered now.
    Kept(&'static Section),
    /// One for this pool only.
    New(Arc<Node>),
}

/// Merged sections, which live for ever, by the numbers of both.
type Merges = HashMap<(u64, u64), &'static Section, BuildHasherDefault<ById>>;

/// Those of all threads, for a thread that meets a pair for the first time: what several threads meet has one number, so
/// that an instance that serves them all merges it once.
#[derive(Default)]
pub(crate) struct Met(Mutex<Merges>);

impl Met {
    /// The merged section of a pair, made if no thread has met it before; one of the thread's own where there are too many.
    fn get(&self, pair: (u64, u64), make: impl FnOnce() -> &'static Section) -> &'static Section {
        let mut merges = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(section) = merges.get(&pair) {
            return section;
        }
        let section = make();
        if merges.len() < MOST_MERGES {
            merges.insert(pair, section);
        }
        section
    }
}

/// What a thread remembers of one extension's sections.
#[derive(Default)]
pub(crate) struct Memory {
    merges: Merges,
    states: HashMap<u64, Vec<Arc<Node>>, BuildHasherDefault<ById>>,
    count: usize,
    bytes: usize,
}

/// Merges two sections: a pair of pointers. A thread remembers what it has met, and asks the others the first time only.
pub(crate) fn sections(extension: &Extension, base: &Arc<Node>, add: &Arc<Node>) -> Merged {
    let node =
        |transient| Node::new(extension.next_node(), add.kind, Content::Merged(base.clone(), add.clone()), transient);
    if !process::serving() {
        return Merged::New(node(false));
    }
    if base.transient || add.transient {
        return Merged::New(node(true));
    }
    instances::local(extension, |local| {
        let merges = &mut local.memory.merges;
        if let Some(section) = merges.get(&(base.id, add.id)) {
            return Merged::Kept(section);
        }
        if merges.len() >= MOST_MERGES {
            return Merged::New(node(true));
        }
        let pair = (base.id, add.id);
        let section = extension.met.get(pair, || Section::leak(node(false)));
        merges.insert(pair, section);
        Merged::Kept(section)
    })
}

impl Memory {
    /// The state of a .htaccess file in which this directive follows `node`, if this thread has parsed that before.
    pub(crate) fn state(&self, node: &Node, like: impl Fn(&Record) -> bool) -> Option<Arc<Node>> {
        let states = self.states.get(&node.id)?;
        let is_like = |state: &&Arc<Node>| matches!(&state.content, Content::Directive(_, record) if like(record));
        states.iter().find(is_like).cloned()
    }

    /// Whether another state can be remembered.
    pub(crate) fn has_room(&self) -> bool {
        self.count < MOST_STATES && self.bytes < MOST_BYTES
    }

    /// Remembers a state that follows the node of number `before`.
    pub(crate) fn remember(&mut self, before: u64, state: Arc<Node>) {
        self.count += 1;
        if let Content::Directive(_, record) = &state.content {
            let Context { name, path, file, .. } = &record.context;
            self.bytes += record.args.len() + name.len() + path.as_ref().map_or(0, Vec::len) + file.len();
            let compiled = record.compiled.lock().unwrap_or_else(PoisonError::into_inner);
            let said = record.said.lock().unwrap_or_else(PoisonError::into_inner);
            self.bytes += compiled.iter().map(Compiled::size).sum::<usize>();
            self.bytes += said.iter().map(|said| said.file.len() + said.message.len()).sum::<usize>();
        }
        self.states.entry(before).or_default().push(state);
    }
}
