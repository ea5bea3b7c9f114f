//! Content made by WASI programs: `SetHandler wasm-handler` and the directives that say which program, with what.

mod config;
mod output;
mod program;
mod run;
mod wasi;

pub(crate) use config::{COMMANDS, Config};
pub(crate) use program::{begin_configuration, end_configuration};
pub(crate) use run::handler;
