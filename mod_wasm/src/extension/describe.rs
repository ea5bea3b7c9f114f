//! What a module says of itself when it is loaded; knows nothing of its instances.

use super::store::Store;
use crate::httpd::filter::Registered;
use crate::httpd::mutex::GlobalMutex;
use std::ffi::CString;
use std::sync::Arc;

/// A module's description.
#[derive(Default)]
pub(crate) struct Description {
    /// Source name, `mod_headers.c`.
    pub(crate) name: Vec<u8>,
    /// Directives in the order of their numbers.
    pub(crate) directives: Vec<DirectiveSpec>,
    /// Exported hooks: bit and order.
    pub(crate) hooks: Vec<(u32, Order)>,
    /// Names of r->handler for which its hook `handler` is called; all where there are none.
    pub(crate) handlers: Vec<Vec<u8>>,
    /// Its filters.
    pub(crate) filters: Arc<Filters>,
    /// Its global mutexes in the order of their numbers.
    pub(crate) mutexes: Arc<Vec<GlobalMutex>>,
    /// What its instances share.
    pub(crate) store: Arc<Store>,
    /// Whether native modules can register map functions through it.
    pub(crate) offers_map_functions: bool,
}

impl Description {
    /// Whether the hook `handler` has to do with what r->handler names.
    pub(crate) fn handles(&self, handler: Option<&[u8]>) -> bool {
        self.handlers.is_empty() || handler.is_some_and(|handler| self.handlers.iter().any(|own| own == handler))
    }
}

/// One directive (command_rec).
pub(crate) struct DirectiveSpec {
    /// Its name.
    pub(crate) name: Vec<u8>,
    /// RAW_ARGS, TAKE1 and so on, by number.
    pub(crate) args_how: u32,
    /// Where it may stand, as OR_* bits.
    pub(crate) allowed: u32,
    /// The help line that httpd shows in errors.
    pub(crate) help: Vec<u8>,
}

/// Where a hook runs among those of other modules.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// APR_HOOK_FIRST and so on.
    pub(crate) order: i32,
    /// Modules that run before.
    pub(crate) predecessors: Vec<CString>,
    /// Modules that run after.
    pub(crate) successors: Vec<CString>,
}

impl Default for Order {
    /// APR_HOOK_MIDDLE.
    fn default() -> Self {
        Order { order: 10, predecessors: Vec::new(), successors: Vec::new() }
    }
}

/// A module's filters, in the order of their numbers.
#[derive(Default)]
pub(crate) struct Filters {
    /// Output filters.
    pub(crate) output: Vec<FilterSpec>,
    /// Input filters.
    pub(crate) input: Vec<FilterSpec>,
}

/// One filter.
pub(crate) struct FilterSpec {
    /// Its name.
    pub(crate) name: Vec<u8>,
    /// AP_FTYPE_*.
    pub(crate) filter_type: u32,
    /// httpd's record of it.
    pub(crate) registered: Registered,
}

impl FilterSpec {
    /// A filter that is not registered yet.
    pub(crate) fn new(name: &[u8], filter_type: u32) -> Self {
        FilterSpec { name: name.to_vec(), filter_type, registered: Registered::default() }
    }
}

/// The bit of a hook by its name, `fixups`.
pub(crate) fn hook_bit(name: &[u8]) -> Option<u32> {
    let export = |export: &&str| export.as_bytes().strip_prefix(b"ap_hook_") == Some(name);
    crate::host::HOOK_EXPORTS.iter().position(export).map(|bit| bit as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `httpd/hooks.rs` writes the bits out; the list in host-api gives them.
    #[test]
    fn bits_are_positions_in_the_interface() {
        let callbacks = include_str!("../httpd/hooks.rs");
        for (bit, export) in crate::host::HOOK_EXPORTS.iter().enumerate() {
            let name = export.strip_prefix("ap_hook_").expect("every export is of this form");
            assert_eq!(hook_bit(name.as_bytes()), Some(bit as u32));
            let row = callbacks.lines().find(|line| line.trim_start().starts_with(&format!("{bit} ")));
            assert!(row.is_some_and(|row| row.contains(&format!(" {name}: "))), "{bit} {name}: {row:?}");
        }
        assert_eq!(hook_bit(b"nonsense"), None);
    }
}
