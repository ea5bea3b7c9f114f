//! Random valid `Header` and `RequestHeader` configs and random requests, native against Wasm; how differences are
//! hunted down stands in `hunt`.
mod directive;
#[path = "../suite/hunt.rs"]
mod hunt;
mod site;

use anyhow::Result;

/// How many virtual hosts are tried unless `COMPAT_CASES` says otherwise: about a minute's worth.
const COUNT: usize = 2000;

#[test]
fn native_and_wasm_agree() -> Result<()> {
    let ground =
        hunt::Ground { module: "mod_headers", identifier: "headers_module", preamble: String::new(), count: COUNT };
    ground.hunt(&site::site(), &proptest::strategy::Just(String::new()))
}
