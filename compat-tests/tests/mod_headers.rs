//! Every mod_headers case as a test of its own: native httpd's answer is the snapshot, and the Wasm
//! port must give the same. How a case is judged stands in `suite`.
mod suite;

fn main() -> anyhow::Result<std::process::ExitCode> {
    suite::run_all("mod_headers")
}
