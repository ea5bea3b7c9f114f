//! mod_wasm: Apache httpd modules written in any language that compiles to WebAssembly.
//!
//! A request's journey: `httpd/hooks.rs` (the callback) → `extension/hooks.rs` (is the guest wanted here?) →
//! `extension/instances.rs` (an instance of it) → `runtime/guest.rs` (the call) → `host/` (what the guest calls back) →
//! `httpd/` (the structures).

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable, clippy::todo)
)]

mod call;
mod content;
mod counters;
mod extension;
mod host;
#[allow(unsafe_code)]
mod httpd;
mod own;
mod process;
mod runtime;
mod scope;
mod script;
mod settings;
mod status;
mod wasi;
