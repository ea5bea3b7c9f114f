//! The judge of compatibility: one httpd config on two servers, the same bytes to both, one diff.
//!
//! It knows httpd from the outside only (its binary, its config files, its sockets and its error
//! log); nothing here links httpd or the Wasm runtime.
pub mod answer;
pub mod case;
pub mod client;
pub mod compare;
pub mod counted;
pub mod coverage;
pub mod dice;
pub mod difference;
pub mod document;
pub mod errorlog;
pub mod guest;
pub mod judge;
pub mod memcheck;
pub mod migrate;
pub mod postgres;
pub mod process;
pub mod request;
pub mod server;
pub mod swap;
pub mod websocket;
