//! Everything that a guest can do wrong at request time, and the server's life around it: on a real daemonized httpd, under
//! the MPM that `COMPAT_MPM` names. What is wrong with a config before it serves is in `bad_input.rs`.
#![allow(missing_docs, reason = "tests")]
use compat_tests::server::Mpm;

#[path = "hazards/anew.rs"]
mod anew;
#[path = "hazards/forged.rs"]
mod forged;
#[path = "hazards/gather.rs"]
mod gather;
#[path = "hazards/ground.rs"]
#[allow(dead_code, reason = "shared with bad_input.rs")]
mod ground;
#[path = "hazards/htaccess.rs"]
mod htaccess;
#[path = "hazards/life.rs"]
mod life;
#[path = "faults/status.rs"]
#[allow(dead_code, reason = "shared with faults")]
mod status;
#[path = "hazards/traps.rs"]
mod traps;

/// The MPM of this run.
fn mpm() -> Mpm {
    Mpm::from_env().unwrap()
}
