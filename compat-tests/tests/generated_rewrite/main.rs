//! Random rewrite rules and random URLs, native against Wasm; how differences are hunted down stands in
//! `hunt`.
mod condition;
#[path = "../suite/hunt.rs"]
mod hunt;
mod rule;
mod site;

use anyhow::Result;

/// How many virtual hosts are tried unless `COMPAT_CASES` says otherwise: about a minute's worth.
const COUNT: usize = 600;

/// `COMPAT_LOG=info` leaves rewrite's trace lines out of the comparison.
#[test]
fn native_and_wasm_agree() -> Result<()> {
    let level = std::env::var("COMPAT_LOG").unwrap_or_else(|_| "trace8".to_owned());
    let preamble = format!("{}LogLevel info rewrite:{level}\n", site::PREAMBLE);
    let ground =
        hunt::Ground { module: "mod_rewrite", identifier: "rewrite_module", preamble, count: COUNT };
    ground.hunt(&site::site())
}
