//! Makes the calls from the host API's table.

use std::{env, fs, path::Path};

fn main() {
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("calls.rs"), host_api::generate::calls_rust()).expect("OUT_DIR is writable");
}
