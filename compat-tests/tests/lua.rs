//! What mod_lua can do, done twice: by a Lua script on native httpd and by a guest on mod_wasm, from one configuration.
//! Native httpd's answer is the snapshot. A name of `cases/lua/names.txt` without a case is a failure, and so is code in
//! docs/migrating-from-mod_lua.md that stands in no case; `UPDATE_DOCS=1` makes anew what is made there.
mod suite;

use compat_tests::case::Case;
use compat_tests::coverage::coverage;
use compat_tests::document;
use libtest_mimic::{Failed, Trial};

fn main() -> anyhow::Result<std::process::ExitCode> {
    let mut cases = Case::all("lua")?;
    cases.extend(Case::migrated()?);
    let known = cases.clone();
    let covered = Trial::test("every_name_has_a_case", move || every_name_has_a_case(&known));
    let known = cases.clone();
    let documented = Trial::test("the_document_shows_what_runs", move || the_document_shows_what_runs(&known));
    suite::run_these("lua", cases, vec![covered, documented])
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

fn the_document_shows_what_runs(cases: &[Case]) -> Result<(), Failed> {
    let text = std::fs::read_to_string(document::path())?;
    let coverage = coverage(cases).map_err(|error| format!("{error:#}"))?;
    let current = document::current(&text, &coverage).map_err(|error| format!("{error:#}"))?;
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(document::path(), &current)?;
    } else if current != text {
        return Err("it is not what the cases say: UPDATE_DOCS=1 makes it anew".into());
    }
    let strangers = document::strangers(&current, cases).map_err(|error| format!("{error:#}"))?;
    if strangers.is_empty() { Ok(()) } else { Err(format!("these stand in no case:\n{}", strangers.join("\n")).into()) }
}
