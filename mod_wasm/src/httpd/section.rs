//! What httpd's configuration vectors hold for an extension: a section, which is a place for a node.

use super::bindings::*;
use super::pool::Pool;
use crate::extension::Node;
use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::sync::Arc;

/// One entry of a configuration vector. Its address is what httpd hands around as `void *`.
pub(crate) struct Section {
    node: UnsafeCell<Arc<Node>>,
}

// SAFETY: the node is replaced only while its section is parsed, which httpd does in one thread before any other
// sees the section; afterwards it is only read.
unsafe impl Sync for Section {}

impl Section {
    /// A section in a configuration's or a request's pool.
    pub(super) fn create(pool: Pool<'_>, node: Arc<Node>) -> *mut c_void {
        pool.keep(Section { node: UnsafeCell::new(node) }).cast()
    }

    /// A section that lives for ever.
    pub(crate) fn leak(node: Arc<Node>) -> &'static Section {
        Box::leak(Box::new(Section { node: UnsafeCell::new(node) }))
    }

    /// The section behind an address in a vector; `None` for NULL.
    ///
    /// # Safety
    /// `address` is NULL or was made by `create` or `leak`, and its pool lives during `'a`.
    pub(super) unsafe fn from_raw<'a>(address: *mut c_void) -> Option<&'a Section> {
        // SAFETY: the caller's promise.
        unsafe { address.cast::<Section>().as_ref() }
    }

    /// The section of a module in a configuration vector.
    ///
    /// # Safety
    /// `vector` is NULL or a vector of httpd with a place at `index`, which belongs to an extension of ours and lives
    /// during `'a`.
    pub(super) unsafe fn in_vector<'a>(vector: *mut ap_conf_vector_t, index: usize) -> Option<&'a Section> {
        if vector.is_null() {
            return None;
        }
        // SAFETY: a vector is an array of pointers (http_config.h:ap_get_module_config).
        unsafe { Section::from_raw(*vector.cast::<*mut c_void>().add(index)) }
    }

    /// The address that httpd knows.
    pub(super) fn address(&'static self) -> *mut c_void {
        std::ptr::from_ref(self).cast_mut().cast()
    }

    /// What the section says.
    pub(crate) fn node(&self) -> &Arc<Node> {
        // SAFETY: see `Sync`; `set` is called only between uses of the reference.
        unsafe { &*self.node.get() }
    }

    /// Replaces what the section says; called while the section is parsed.
    ///
    /// # Safety
    /// No reference from `node` is in use, and no other thread knows the section.
    pub(super) unsafe fn set(&self, node: Arc<Node>) {
        // SAFETY: the caller's promise.
        unsafe { *self.node.get() = node };
    }
}
