//! The quarantine: safe views over httpd's and APR's structures, and the callbacks that httpd calls. All unsafe code of
//! the host is in this folder; a file is named after the header or the idea that it wraps. See SAFETY.md.

#[allow(warnings, unsafe_code, unsafe_op_in_unsafe_fn, clippy::all, missing_docs, clippy::undocumented_unsafe_blocks)]
pub(crate) mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

#[cfg(test)]
mod alone;
pub(crate) mod artifact;
pub(crate) mod authz;
mod body;
mod brigade;
pub(crate) mod bytes;
mod cgi;
pub(crate) mod client_block;
pub(crate) mod command;
pub(crate) mod configuring;
pub(crate) mod conftree;
pub(crate) mod core;
pub(crate) mod cpu;
pub(crate) mod database;
pub(crate) mod dbd;
pub(crate) mod dbm;
pub(crate) mod digest;
pub(crate) mod edits;
mod ending;
pub(crate) mod entry;
pub(crate) mod expr;
mod expr_scan;
pub(crate) mod filter;
pub(crate) mod finfo;
pub(crate) mod guard;
pub(crate) mod hooks;
pub(crate) mod kept;
pub(crate) mod lend;
pub(crate) mod log;
pub(crate) mod mapfunc;
pub(crate) mod modules;
pub(crate) mod mutex;
pub(crate) mod opened;
mod order;
pub(crate) mod own;
pub(crate) mod pages;
pub(crate) mod pool;
pub(crate) mod program;
pub(crate) mod record;
pub(crate) mod regex;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod rows;
pub(crate) mod scoreboard;
pub(crate) mod script;
pub(crate) mod section;
pub(crate) mod server;
pub(crate) mod shared;
pub(crate) mod signals;
pub(crate) mod slots;
pub(crate) mod stack;
pub(crate) mod stat;
pub(crate) mod status;
pub(crate) mod subrequest;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod wire;

pub(crate) use lend::Lent;
pub(crate) use pool::Pool;
pub(crate) use request::Request;
pub(crate) use table::Table;
