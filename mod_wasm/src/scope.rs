//! Where instances wait between calls, by scope (WasmScope). Knows no guest, and serves extensions and scripts alike.

use crate::httpd::Request;
use crate::settings::Scope;
use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Instances that wait with a request or a connection, by the number of their owner.
#[derive(Default)]
pub(crate) struct Shelf(Vec<(u64, Box<dyn Any + Send>)>);

impl Shelf {
    fn take<G: 'static>(&mut self, owner: u64) -> Option<Box<G>> {
        let at = self.0.iter().position(|(of, _)| *of == owner)?;
        self.0.swap_remove(at).1.downcast().ok()
    }

    fn put<G: Send + 'static>(&mut self, owner: u64, guest: Box<G>) {
        self.0.push((owner, guest));
    }
}

/// Instances of one owner that all threads of a child share.
pub(crate) struct Shared<G> {
    waiting: Mutex<Vec<Box<G>>>,
    begun: AtomicBool,
}

impl<G> Default for Shared<G> {
    fn default() -> Self {
        Shared { waiting: Mutex::default(), begun: AtomicBool::new(false) }
    }
}

/// Where the instances of one owner wait.
pub(crate) struct Home<'h, G> {
    /// How long they live.
    pub(crate) scope: Scope,
    /// Unlike that of any other owner in this process.
    pub(crate) owner: u64,
    /// What they are called for; without a request they are the thread's.
    pub(crate) r: Option<Request<'h>>,
    /// Those of the server's scope.
    pub(crate) shared: &'h Shared<G>,
}

impl<G: Send + 'static> Home<'_, G> {
    /// Takes one that waits, by `thread` if the thread is where it waits.
    #[inline]
    pub(crate) fn take(&self, thread: impl FnOnce() -> Option<Box<G>>) -> Option<Box<G>> {
        match (self.scope, self.r) {
            (Scope::Thread, _) | (_, None) => thread(),
            (Scope::Once, _) => None,
            (Scope::Request, Some(r)) => r.shelf_of_request(|shelf| shelf.take(self.owner)),
            (Scope::Conn, Some(r)) => r.shelf_of_connection(|shelf| shelf.take(self.owner)),
            (Scope::Server { .. }, _) => self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop(),
        }
    }

    /// How many are to be made at once, now that none waits.
    pub(crate) fn to_make(&self) -> usize {
        match self.scope {
            Scope::Server { min, .. } if self.r.is_some() && !self.shared.begun.swap(true, Ordering::Relaxed) => min,
            _ => 1,
        }
    }

    /// Has one wait, by `thread` if the thread is where it does; drops one that nobody will ask for.
    #[inline]
    pub(crate) fn put(&self, guest: Box<G>, thread: impl FnOnce(Box<G>)) {
        match (self.scope, self.r) {
            (Scope::Thread, _) | (_, None) => thread(guest),
            (Scope::Once, _) => {}
            (Scope::Request, Some(r)) => r.shelf_of_request(|shelf| shelf.put(self.owner, guest)),
            (Scope::Conn, Some(r)) => r.shelf_of_connection(|shelf| shelf.put(self.owner, guest)),
            (Scope::Server { max, .. }, _) => {
                let mut waiting = self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                if waiting.len() < max {
                    waiting.push(guest);
                }
            }
        }
    }
}
