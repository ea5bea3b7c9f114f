//! Stands for the host where a guest's logic is tested without httpd: a test installs an implementation of
//! [`crate::ffi::Host`] for its thread.

use crate::ffi::Host;
use std::cell::RefCell;

struct Nobody;
impl Host for Nobody {}

thread_local! {
    static HOST: RefCell<Box<dyn Host>> = RefCell::new(Box::new(Nobody));
}

/// Puts a host in place for the current thread.
pub fn install(host: impl Host + 'static) {
    HOST.with(|slot| *slot.borrow_mut() = Box::new(host));
}

/// Runs `use_it` with the current thread's host.
pub fn with<R>(use_it: impl FnOnce(&mut dyn Host) -> R) -> R {
    HOST.with(|slot| use_it(slot.borrow_mut().as_mut()))
}
