//! What mod_lua can do, done twice: by a Lua script on native httpd and by a guest on mod_wasm, from one configuration.
//! Native httpd's answer is the snapshot. A name of `cases/lua/names.txt` without a case is a failure.
mod suite;

use compat_tests::case::Case;
use compat_tests::coverage::coverage;
use libtest_mimic::{Failed, Trial};

fn main() -> anyhow::Result<std::process::ExitCode> {
    let mut cases = Case::all("lua")?;
    cases.extend(Case::migrated()?);
    let known = cases.clone();
    let covered = Trial::test("every_name_has_a_case", move || every_name_has_a_case(&known));
    suite::run_these("lua", cases, vec![covered])
}

fn every_name_has_a_case(cases: &[Case]) -> Result<(), Failed> {
    let coverage = coverage(cases).map_err(|error| format!("{error:#}"))?;
    let missing: Vec<String> = coverage
        .iter()
        .filter(|(_, cover)| cover.is_none())
        .map(|(name, _)| format!("{} {}", name.kind, name.text))
        .collect();
    println!("names covered {} of {}", coverage.len() - missing.len(), coverage.len());
    if missing.is_empty() { Ok(()) } else { Err(format!("no case covers\n{}", missing.join("\n")).into()) }
}
