//! The WebAssembly runtime: compiles, links, bounds and calls guests with wasmtime; knows nothing of httpd's API.

mod bounds;
mod cache;
mod engine;
mod failure;
mod guest;
mod module;
mod open;
mod prune;
mod renewal;
mod ticker;

pub use bounds::{Bounds, Data, Limits};
pub use engine::{Notice, Runtime, Settings};
pub use failure::{Exit, Failure};
pub use guest::{Guest, Instance, Place, depth, parts_at_start, ticks};
pub use module::{Artifact, Kind, LoadError, hash};

#[cfg(test)]
pub(crate) mod tests;
