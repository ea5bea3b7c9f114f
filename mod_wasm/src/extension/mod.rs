//! Extensions: guests that are modules of httpd. Knows hooks, directives and sections, and no C.

pub(crate) mod describe;
pub(crate) mod filters;
pub(crate) mod hooks;
pub(crate) mod instances;
pub(crate) mod load;
pub(crate) mod merge;
pub(crate) mod node;
pub(crate) mod order;
pub(crate) mod parse;
pub(crate) mod store;

pub(crate) use describe::{Description, DirectiveSpec, FilterSpec, Filters, Order};
pub(crate) use node::{Context, Kind, Node, Record, Said};

use crate::counters::Counters;
use crate::host::{Gift, Host};
use crate::runtime::{Guest, Limits};
use crate::scope::Shared;
use crate::settings::{OnTrap, Scope};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};

/// One loaded extension, as long as the configuration lives.
pub(crate) struct Extension {
    /// Its slot, which its callbacks carry.
    pub(crate) slot: usize,
    /// Unlike that of any other extension of this process, before or after a restart.
    pub(crate) uid: u64,
    /// As in the configuration: `headers_module`.
    pub(crate) identifier: String,
    /// What it said of itself.
    pub(crate) description: Description,
    /// What it is given by way of WASI, if it imports that.
    pub(crate) gift: Option<Arc<Gift>>,
    /// The linked module.
    pub(crate) guest: Guest<Host>,
    /// Bounds of each instance.
    pub(crate) limits: Limits,
    /// What is counted of it.
    pub(crate) counters: &'static Counters,
    /// What becomes of a request whose guest failed.
    pub(crate) on_trap: OnTrap,
    /// How long an instance lives.
    pub(crate) scope: Scope,
    /// Instances of the server's scope.
    pub(crate) shared: Shared<instances::Guest>,
    /// Sections that threads of a child have merged.
    pub(crate) met: merge::Met,
    /// The sections that say nothing, one of each kind.
    roots: [Arc<Node>; 2],
    next_node: AtomicU64,
    module_index: AtomicI32,
}

impl Extension {
    /// The section of a kind that says nothing.
    pub(crate) fn root(&self, kind: Kind) -> &Arc<Node> {
        &self.roots[kind as usize]
    }

    /// A number for a node.
    pub(crate) fn next_node(&self) -> u64 {
        self.next_node.fetch_add(1, Ordering::Relaxed)
    }

    /// httpd's index of the module, for configuration vectors.
    /// `None` before it has given one.
    #[inline]
    pub(crate) fn index(&self) -> Option<usize> {
        usize::try_from(self.module_index()).ok()
    }

    /// httpd's index of the module, for log levels.
    pub(crate) fn module_index(&self) -> i32 {
        self.module_index.load(Ordering::Relaxed)
    }

    /// Takes the index that httpd gave.
    pub(crate) fn set_index(&self, index: i32) {
        self.module_index.store(index, Ordering::Relaxed);
    }
}
