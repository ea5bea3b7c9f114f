//! The WebAssembly runtime: compiles, links, bounds and calls guests with wasmtime; knows nothing of httpd's API.

mod bounds;
mod cache;
mod engine;
mod failure;
mod guest;
mod module;
mod ticker;

pub use bounds::{Bounds, Data, Limits};
pub use engine::{Linker, Notice, Runtime, RuntimeError, Settings};
pub use failure::{Exit, Failure};
pub use guest::{Guest, Instance, Place};
pub use module::{Artifact, Kind, LoadError};

#[cfg(test)]
pub(crate) mod tests;
