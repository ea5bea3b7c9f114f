//! Every failure in every place where it can happen, how failures are counted and reported, and the server's life with many
//! restarts: on a real daemonized httpd, under the MPM that `COMPAT_MPM` names. What single guests do wrong is in `hazards`.
#![allow(missing_docs, reason = "tests")]
use compat_tests::server::Mpm;

mod documents;
mod each;
mod given;
#[path = "../hazards/ground.rs"]
#[allow(dead_code, reason = "shared with hazards.rs")]
mod ground;
mod guest;
mod life;
mod outside;
mod place;
mod pool;
mod reports;
mod scripts;
mod status;

/// The MPM of this run.
fn mpm() -> Mpm {
    Mpm::from_env().unwrap()
}
