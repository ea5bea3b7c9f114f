//! All cases of one module as tests: native httpd's answer is the snapshot, and the Wasm port must give
//! the same; which module, the caller says.
//!
//! `COMPAT_MPM=event|worker|prefork` chooses the MPM, `COMPAT_ONLY=native|wasm` leaves one side out,
//! `COMPAT_KEEP=1` keeps the servers' directories, `COMPAT_EVERY=8` takes only one case of eight, of each topic one at least.
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use compat_tests::case::Case;
use compat_tests::difference::diff;
use compat_tests::errorlog;
use compat_tests::judge::{Record, run};
use compat_tests::server::{Flavour, Mpm};
use libtest_mimic::{Arguments, Failed, Trial};

#[derive(Clone, Copy)]
struct Plan {
    module: &'static str,
    mpm: Mpm,
    native: bool,
    wasm: bool,
}

/// Cases that run at a time for each processor: much of a case is waiting for servers to start, to log and to stop.
const AT_A_TIME: usize = 2;

/// Runs all cases below `cases/<module>`, some at a time unless the command line says how many.
#[allow(dead_code, reason = "not every module's cases are all of its tests")]
pub fn run_all(module: &'static str) -> anyhow::Result<ExitCode> {
    run_these(module, Case::all(module)?, Vec::new())
}

/// Runs these cases of `module`, and other tests before them.
pub fn run_these(module: &'static str, cases: Vec<Case>, others: Vec<Trial>) -> anyhow::Result<ExitCode> {
    let mut arguments = Arguments::from_args();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    arguments.test_threads.get_or_insert(processors * AT_A_TIME);
    let only = std::env::var("COMPAT_ONLY").unwrap_or_default();
    let plan = Plan { module, mpm: Mpm::from_env()?, native: only != "wasm", wasm: only != "native" };
    let cases = chosen(cases)?.into_iter().map(|case| Trial::test(case.name.clone(), move || judge(&case, plan)));
    let trials = others.into_iter().chain(cases).collect();
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

/// All cases; with `COMPAT_EVERY` the first of a topic, and each that many further on.
fn chosen(cases: Vec<Case>) -> anyhow::Result<Vec<Case>> {
    let Ok(every) = std::env::var("COMPAT_EVERY") else { return Ok(cases) };
    let every: usize = every.parse().context("COMPAT_EVERY is a number")?;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let chosen = |case: &Case| {
        let topic = case.name.split_once('/').map_or("", |(topic, _)| topic);
        let before = seen.entry(topic.to_owned()).or_default();
        *before += 1;
        (*before - 1).is_multiple_of(every)
    };
    let mut cases = cases;
    cases.retain(chosen);
    Ok(cases)
}

fn judge(case: &Case, plan: Plan) -> Result<(), Failed> {
    let native = plan.native.then(|| record(case, Flavour::Native, plan)).transpose()?;
    let wasm = plan.wasm.then(|| record(case, Flavour::Wasm, plan)).transpose()?;
    if let Some(id) = &case.differs {
        named(id)?;
    }
    let mut complaints = Vec::new();
    if let (Some(native), Some(wasm)) = (&native, &wasm) {
        let difference = diff(&native.text, &wasm.text);
        match (difference, &case.differs) {
            (Some(difference), None) => complaints.push(difference),
            (Some(_), Some(_)) => complaints.extend(new_errors(&native.log, &wasm.log, plan)),
            (None, Some(id)) => complaints.push(format!("named as differing ({id}), but doesn't")),
            (None, None) => {}
        }
    }
    for (side, record) in [("native", &native), ("wasm", &wasm)] {
        let Some(record) = record else { continue };
        // A child that crashes natively is what an entry of docs/differences.md may be about.
        let crashed = !errorlog::crashes(&record.log).is_empty();
        if crashed && (side == "wasm" || case.differs.is_none()) {
            complaints.push(format!("a child of the {side} server crashed"));
        }
        let suffix = if side == "wasm" && case.differs.is_some() { "@wasm" } else { "" };
        if let Err(complaint) = snapshot(plan.module, case, suffix, &record.text) {
            complaints.push(format!("{side}: {complaint}"));
        }
    }
    if complaints.is_empty() {
        return Ok(());
    }
    Err(explain(case, plan, &complaints, native.as_ref(), wasm.as_ref()).into())
}

fn record(case: &Case, flavour: Flavour, plan: Plan) -> Result<Record, Failed> {
    run(case, flavour, plan.mpm)
        .map_err(|e| format!("{}: {e:#}\nrepeat: {}", flavour.name(), repeat(case, plan)).into())
}

/// Lines of level error or worse that the Wasm server wrote and the native one didn't.
fn new_errors(native: &str, wasm: &str, plan: Plan) -> Vec<String> {
    let known = errorlog::comparable(native);
    errorlog::comparable(wasm)
        .into_iter()
        .filter(|line| line.is_error() && !known.contains(line))
        // What a script logs is of the module `lua` natively; there only the host's own words are of interest.
        .filter(|line| plan.module != "lua" || line.message.contains("mod_wasm: "))
        .map(|line| format!("only in the Wasm server's error log: {line}"))
        .collect()
}

/// The snapshot of `cases/<module>/<topic>/<case>.conf` is `snapshots/<module>/<topic>/<case>.snap`.
fn snapshot(module: &str, case: &Case, suffix: &str, text: &str) -> Result<(), String> {
    // Whatever language a program is in, its answers are the same.
    let name = case.name.strip_suffix(".c").unwrap_or(&case.name);
    let (topic, name) = name.split_once('/').unwrap_or(("", name));
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(module).join(topic));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(case.description());
    let name = format!("{name}{suffix}");
    let matched = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        settings.bind(|| insta::assert_snapshot!(name, text));
    }));
    matched.map_err(|_| "the answer is not the one in the snapshot".to_owned())
}

fn named(id: &str) -> Result<(), Failed> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/differences.md");
    let page = std::fs::read_to_string(page)?;
    if page.lines().any(|line| line.trim_start_matches('#').trim() == id) {
        return Ok(());
    }
    Err(format!("docs/differences.md has no entry `{id}`").into())
}

fn repeat(case: &Case, plan: Plan) -> String {
    format!(
        "COMPAT_MPM={} cargo test --release -p compat-tests --test {} -- --exact {}",
        plan.mpm.name(),
        plan.module,
        case.name
    )
}

fn explain(case: &Case, plan: Plan, complaints: &[String], native: Option<&Record>, wasm: Option<&Record>) -> String {
    let mut text = complaints.join("\n");
    for (side, record) in [("native", native), ("wasm", wasm)] {
        if let Some(record) = record {
            text.push_str(&format!("\n== error log, {side}\n{}", record.log.trim_end()));
        }
    }
    format!("{text}\n== repeat\n{}\n", repeat(case, plan))
}
