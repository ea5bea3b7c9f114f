//! Configuration as the host keeps it: what sections say, chained instead of copied. httpd merges sections for every
//! request; here a merge is a pair of pointers, and the guest merges once per chain and instance.

use crate::host::Compiled;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock};

/// The two kinds of configuration that a module has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Per directory.
    Dir = 0,
    /// Per server.
    Server = 1,
}

/// One state of a section, or the merge of two.
pub(crate) struct Node {
    /// Unlike that of any other node of the same extension.
    pub(crate) id: u64,
    /// Of which configuration it is.
    pub(crate) kind: Kind,
    /// What it says.
    pub(crate) content: Content,
    /// Whether it will not be met again: it comes from a .htaccess file and was not remembered.
    pub(crate) transient: bool,
    /// Bits of the hooks that may do something under it, once an instance has said so.
    pub(crate) hooks: OnceLock<u64>,
}

/// What a node says.
pub(crate) enum Content {
    /// Nothing: a section that was just made.
    Empty,
    /// What the node before says, and then one directive.
    Directive(Arc<Node>, Arc<Record>),
    /// The outer section, overridden by the inner.
    Merged(Arc<Node>, Arc<Node>),
}

/// One directive as it was written.
pub(crate) struct Record {
    /// Its number in the module's description.
    pub(crate) directive: u32,
    /// Where it stands.
    pub(crate) context: Context,
    /// Its arguments.
    pub(crate) args: Vec<u8>,
    /// What the guest had compiled when it parsed the directive first, so that other instances get the same.
    pub(crate) compiled: Mutex<Vec<Compiled>>,
    /// Whether it has been parsed for the first time, which is when resources that it names are opened.
    pub(crate) parsed: AtomicBool,
    /// What the parser logged then. A .htaccess file is parsed for each request, as far as its author can tell.
    pub(crate) said: Mutex<Vec<Said>>,
}

/// A message to the error log.
pub(crate) struct Said {
    /// Source file of the guest.
    pub(crate) file: Vec<u8>,
    /// Line in it.
    pub(crate) line: u32,
    /// APLOG_*.
    pub(crate) level: u32,
    /// APR's status, or 0.
    pub(crate) status: i32,
    /// The text.
    pub(crate) message: Vec<u8>,
}

/// Where a directive stands (cmd_parms).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Context {
    /// cmd->cmd->name.
    pub(crate) name: Vec<u8>,
    /// cmd->path; `None` outside of a directory section.
    pub(crate) path: Option<Vec<u8>>,
    /// cmd->directive->filename.
    pub(crate) file: Vec<u8>,
    /// cmd->directive->line_num.
    pub(crate) line: u32,
    /// cmd->override.
    pub(crate) overrides: u32,
    /// Whether it is a .htaccess file.
    pub(crate) in_htaccess: bool,
    /// Whether it is inside of a VirtualHost.
    pub(crate) is_virtual: bool,
    /// A number for cmd->server.
    pub(crate) server_id: i64,
}

impl Drop for Node {
    /// A chain is as long as its section, so it is taken apart in a loop: one call per node would use up the stack.
    fn drop(&mut self) {
        let mut rest = Vec::new();
        let mut content = std::mem::replace(&mut self.content, Content::Empty);
        loop {
            match content {
                Content::Empty => {}
                Content::Directive(before, _) => rest.push(before),
                Content::Merged(base, add) => rest.extend([base, add]),
            }
            // What others hold stays; it is theirs to take apart.
            let last = std::iter::from_fn(|| rest.pop()).find_map(Arc::into_inner);
            let Some(mut node) = last else { return };
            content = std::mem::replace(&mut node.content, Content::Empty);
        }
    }
}

impl Node {
    /// A node that says `content`.
    pub(crate) fn new(id: u64, kind: Kind, content: Content, transient: bool) -> Arc<Node> {
        Arc::new(Node { id, kind, content, transient, hooks: OnceLock::new() })
    }
}
