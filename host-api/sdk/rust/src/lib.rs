//! Write an Apache httpd module in Rust and load it as WebAssembly; knows the host API and no wasmtime.
//!
//! A module is one [`module!`] table and the functions that it names; the names are httpd's own. See `examples/hello`.
//! A script is a [`script!`] list of functions that directives name. See `examples/migrated`.

#[allow(unsafe_code)]
pub mod alloc;
pub mod auth;
pub mod batch;
pub mod body;
pub mod config;
pub mod dbd;
pub mod directive;
pub mod error;
#[cfg(not(target_arch = "wasm32"))]
pub mod fake;
#[allow(unsafe_code)]
pub mod ffi;
pub mod file;
pub mod filter;
pub mod hooks;
pub mod ivm;
pub mod log;
pub mod map;
pub mod matching;
#[cfg(any(target_arch = "wasm32", test))]
#[allow(unsafe_code)]
mod memory;
mod module;
mod record;
pub mod request;
pub mod response;
pub mod script;
pub mod server;
pub mod stat;
pub mod state;
pub mod status;
pub mod subrequest;
pub mod table;
pub mod text;
pub mod websocket;

/// What every guest allocates with.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: alloc::FreeLists = alloc::FreeLists::new();

pub use body::{BodyReader, Form, FormField};
pub use config::Merge;
pub use directive::Directive;
pub use error::Error;
pub use ffi::constant::*;
pub use ffi::{directive_field, field, hook};
pub use filter::{Event, Filter, Flow};
pub use matching::{Expr, Matches, Regex, RegexList};
pub use request::{Request, Status};
pub use response::{Cookie, SameSite};
pub use script::Authz;
pub use state::State;
pub use subrequest::{Kin, SubRequest};
pub use table::{Edits, Table};
