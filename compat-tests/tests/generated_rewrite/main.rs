//! Random rewrite rules and random URLs, native against Wasm; how differences are hunted down stands in
//! `hunt`.
mod condition;
#[path = "../suite/hunt.rs"]
mod hunt;
mod rule;
mod site;

use anyhow::Result;
use compat_tests::server::Mpm;

/// How many virtual hosts are tried unless `COMPAT_CASES` says otherwise: about a minute's worth.
const COUNT: usize = 600;

/// `COMPAT_LOG=info` leaves rewrite's trace lines out of the comparison.
#[test]
fn native_and_wasm_agree() -> Result<()> {
    // Under prefork each child has a cache of maps of its own, of which levels from 5 on tell.
    let level = if Mpm::from_env()? == Mpm::Prefork { "trace4" } else { "trace8" };
    let level = std::env::var("COMPAT_LOG").unwrap_or_else(|_| level.to_owned());
    let preamble = format!("{}LogLevel info rewrite:{level}\n", site::PREAMBLE);
    let ground = hunt::Ground { module: "mod_rewrite", identifier: "rewrite_module", preamble, count: COUNT };
    ground.hunt(&site::site(), &site::main_server())
}
