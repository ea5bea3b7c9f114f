//! `SetHandler wasm-handler`: WASI programs that make content, on a real daemonized httpd under the MPM that `COMPAT_MPM`
//! names. Where httpd's own CGI does the same, its answer is the judge.
#![allow(missing_docs, reason = "tests")]

mod cgi;
mod directives;
mod failures;
mod files;
mod greeting;
mod ground;
#[path = "../hazards/ground.rs"]
#[allow(dead_code, reason = "shared with hazards.rs")]
mod hazard;
mod htaccess;
mod javascript;
mod life;
mod python;
mod refusals;
mod streams;
mod words;
