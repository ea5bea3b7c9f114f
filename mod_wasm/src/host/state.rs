//! What the host knows of one instance.

use super::door::Door;
use super::{Code, Reply};
use crate::extension::{Description, Filters, Record};
use crate::httpd::{Lent, Request};
use crate::httpd::edits::Edits;
use crate::httpd::expr::Expr;
use crate::httpd::regex::Regex;
use crate::runtime::{Bounds, Data};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use wasmtime::Memory;

/// Most things that one instance may have compiled.
const MOST_COMPILED: usize = 65_536;

/// Something compiled, with what it was compiled from.
#[derive(Clone)]
pub(crate) enum Compiled {
    /// A pattern, its flags.
    Regex(Vec<u8>, u32, Arc<Regex>),
    /// A text, its flags.
    Expr(Vec<u8>, u32, Arc<Expr>),
    /// Prepared edits, which live for ever.
    Edits(&'static Edits),
}

/// Data of one instance.
pub(crate) struct Host {
    bounds: Bounds,
    memory: Option<Memory>,
    /// The request and the chunk that the instance is called for.
    pub(crate) lent: Lent,
    /// The guest's own addresses of configurations, by node.
    pub(crate) configs: HashMap<u64, u32, BuildHasherDefault<ById>>,
    /// Of the configurations in force: per directory, per server.
    pub(crate) current: [u32; 2],
    /// What a filter wrote in place of the chunk.
    pub(crate) written: Vec<u8>,
    /// What the module says of itself, while it does.
    pub(super) description: Option<Description>,
    /// The directive being parsed.
    pub(super) record: Option<Arc<Record>>,
    /// The guest's text about what is wrong with it.
    pub(super) directive_error: Option<Vec<u8>>,
    /// Why the last function failed.
    pub(super) error: Vec<u8>,
    /// What a function answers with, where it is not in httpd's memory.
    pub(super) answer: Vec<u8>,
    /// By handle, from 0.
    pub(super) compiled: Vec<Compiled>,
    /// httpd's index of the module.
    pub(super) module_index: i32,
    /// The module's own filters.
    pub(super) filters: Arc<Filters>,
}

impl Host {
    /// For an instance that only describes the module.
    pub(crate) fn describing() -> Host {
        Host { description: Some(Description::default()), ..Host::serving(-1, Arc::default()) }
    }

    /// For an instance that parses directives and serves requests.
    pub(crate) fn serving(module_index: i32, filters: Arc<Filters>) -> Host {
        Host {
            bounds: Bounds::default(),
            memory: None,
            lent: Lent::default(),
            configs: HashMap::default(),
            current: [0; 2],
            written: Vec::new(),
            description: None,
            record: None,
            directive_error: None,
            error: Vec::new(),
            answer: Vec::new(),
            compiled: Vec::new(),
            module_index,
            filters,
        }
    }

    /// What the module said of itself.
    pub(crate) fn take_description(&mut self) -> Description {
        self.description.take().unwrap_or_default()
    }

    /// The guest's memory.
    pub(crate) fn memory(&self) -> Option<Memory> {
        self.memory
    }

    /// From now on the guest parses this directive.
    pub(crate) fn begin_directive(&mut self, record: Arc<Record>) {
        self.directive_error = None;
        self.record = Some(record);
    }

    /// The guest has parsed it; its text, if something is wrong.
    pub(crate) fn end_directive(&mut self) -> Option<Vec<u8>> {
        self.record = None;
        self.directive_error.take()
    }

    /// The request of a handle.
    pub(super) fn request(&self, handle: u32) -> Reply<Request<'_>> {
        match handle {
            0 => self.lent.request().ok_or(Code::NOT_NOW),
            _ => Err(Code::BAD_HANDLE),
        }
    }

    /// Fails with a text.
    pub(super) fn fail<T>(&mut self, text: &[u8]) -> Reply<T> {
        self.error = text.to_vec();
        Err(Code::FAILED)
    }

    /// Whether so many handles are given out that the instance should be replaced; none is ever taken back.
    pub(crate) fn is_full(&self) -> bool {
        self.compiled.len() > MOST_COMPILED / 2
    }

    /// A handle for something compiled.
    pub(super) fn hold(&mut self, compiled: Compiled) -> Reply<i64> {
        if self.compiled.len() >= MOST_COMPILED {
            return Err(Code::LIMIT);
        }
        self.compiled.push(compiled);
        Ok(self.compiled.len() as i64 - 1)
    }
}

impl Data for Host {
    fn bounds(&mut self) -> &mut Bounds {
        &mut self.bounds
    }

    fn set_memory(&mut self, memory: Memory) {
        self.memory = Some(memory);
    }
}

impl Door for Host {
    fn memory(&self) -> Option<Memory> {
        self.memory
    }
}

/// Hashes the number of a node, which is spread well enough as it is.
#[derive(Default)]
pub(crate) struct ById(u64);

impl Hasher for ById {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash << 8 | u64::from(*byte));
    }

    fn write_u64(&mut self, number: u64) {
        // Multiplied so that the high bits, which the table looks at first, differ too.
        self.0 = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
