//! Host functions: what guests may import, one file per group of the host API. The traits and their linking are made
//! from the table in host-api; the functions know nothing of linear memory, so another door may call them as well.

mod auth;
mod batch;
mod body;
mod database;
mod door;
mod file;
mod filter;
mod frames;
mod log;
mod map;
mod matching;
mod module;
mod multipart;
mod request;
mod response;
mod server;
mod stat;
mod state;
mod status;
mod subrequest;
mod table;
mod text;
mod wasi;
mod websocket;

pub(crate) use state::{ById, Compiled, Given, Host};
pub(crate) use wasi::{Gift, link_for};

/// Why a function gave no result: one of the negative codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(i32);

impl Code {
    const NONE: Code = Code(code::NONE);
    const BAD_HANDLE: Code = Code(code::BAD_HANDLE);
    const BAD_VALUE: Code = Code(code::BAD_VALUE);
    const NOT_NOW: Code = Code(code::NOT_NOW);
    const FAILED: Code = Code(code::FAILED);
    const LIMIT: Code = Code(code::LIMIT);
}

/// What a host function gives.
pub type Reply<T> = Result<T, Code>;

include!(concat!(env!("OUT_DIR"), "/glue.rs"));

/// Whether the interface has a function of this name in this import module.
pub(crate) fn has_function(module: &str, name: &str) -> bool {
    FUNCTIONS.contains(&(module, name))
}
