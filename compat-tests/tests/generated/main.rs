//! Random valid `Header` and `RequestHeader` configs and random requests, native against Wasm.
//!
//! Many virtual hosts share one pair of servers. One that differs is shrunk on servers of its own and
//! kept as a case in `cases/mod_headers/regressions/`, where the case tests find it from then on.
//! `COMPAT_CASES` says how many virtual hosts to try, `COMPAT_SEED` repeats a run.
mod directive;
mod site;

use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail, ensure};
use compat_tests::case::{Case, folder};
use compat_tests::difference::diff;
use compat_tests::errorlog;
use compat_tests::judge::{Record, run};
use compat_tests::server::{Flavour, Mpm};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::site::Site;

/// How many virtual hosts share a pair of servers.
const BATCH: usize = 60;
/// How many are tried unless `COMPAT_CASES` says otherwise: about a minute's worth.
const CASES: usize = 2000;
/// How many simpler virtual hosts are tried before the simplest so far is kept.
const SHRINKING: usize = 300;

#[test]
fn native_and_wasm_agree() -> Result<()> {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let seed = number("COMPAT_SEED").unwrap_or_else(|| RandomState::new().hash_one(0));
    let count = number("COMPAT_CASES").map_or(CASES, |count| count as usize);
    println!("COMPAT_SEED={seed} COMPAT_CASES={count}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = site::site();
    let mut tried = 0;
    while tried < count {
        let trees = (0..BATCH.min(count - tried))
            .map(|_| strategy.new_tree(&mut runner).map_err(|e| anyhow!("{e}")))
            .collect::<Result<Vec<_>>>()?;
        tried += trees.len();
        let sites: Vec<Site> = trees.iter().map(ValueTree::current).collect();
        let suspects = suspects(&sites)?;
        let suspected = !suspects.is_empty();
        for (n, tree) in trees.into_iter().enumerate() {
            if suspects.contains(&n) && disagreement(&tree.current())?.is_some() {
                bail!("COMPAT_SEED={seed}\n{}", keep(&shrink(tree)?)?);
            }
        }
        ensure!(!suspected, "COMPAT_SEED={seed}: a batch differed, but none of its hosts does alone");
    }
    println!("{tried} virtual hosts are the same on both");
    Ok(())
}

/// Runs all sites on one pair of servers. Which of them answered differently; if only the error logs
/// differ it may be any.
fn suspects(sites: &[Site]) -> Result<Vec<usize>> {
    let text: String = sites.iter().enumerate().map(|(n, site)| site.case(&format!("g{n}"))).collect();
    let (native, wasm) = both(&text)?;
    if native.text == wasm.text {
        return Ok(Vec::new());
    }
    let owners = sites.iter().enumerate().flat_map(|(n, site)| vec![n; site.questions()]);
    let mut suspects: Vec<usize> = owners
        .zip(native.answers.iter().zip(&wasm.answers))
        .filter_map(|(n, (native, wasm))| (native != wasm).then_some(n))
        .collect();
    suspects.dedup();
    if suspects.is_empty() {
        suspects = (0..sites.len()).collect();
    }
    Ok(suspects)
}

/// What differs when a site has servers of its own.
fn disagreement(site: &Site) -> Result<Option<String>> {
    let (native, wasm) = both(&site.case("g"))?;
    Ok(diff(&native.text, &wasm.text))
}

fn both(text: &str) -> Result<(Record, Record)> {
    let path = folder("mod_headers").join("generated").join("case.conf");
    let case = Case::parse(&path, "generated", text.as_bytes().to_vec(), &["headers_module"])?;
    let mpm = Mpm::from_env()?;
    let native = run(&case, Flavour::Native, mpm).context("native")?;
    let wasm = run(&case, Flavour::Wasm, mpm).context("wasm")?;
    let crashes = errorlog::crashes(&native.log);
    ensure!(crashes.is_empty(), "the generator made a config that crashes native httpd: {crashes:?}\n{text}");
    Ok((native, wasm))
}

/// The simplest site that still differs, by proptest's own steps.
fn shrink<T: ValueTree<Value = Site>>(mut tree: T) -> Result<Site> {
    let mut simplest = tree.current();
    for _ in 0..SHRINKING {
        let differs = disagreement(&tree.current())?.is_some();
        if differs {
            simplest = tree.current();
        }
        if !(if differs { tree.simplify() } else { tree.complicate() }) {
            break;
        }
    }
    Ok(simplest)
}

/// Writes the site down as a case and says what differs.
fn keep(site: &Site) -> Result<String> {
    let text = format!("# Found by tests/generated.\n{}", site.case("g"));
    let difference = disagreement(site)?.unwrap_or_default();
    let folder = folder("mod_headers").join("regressions");
    std::fs::create_dir_all(&folder)?;
    let path: PathBuf = (1..)
        .map(|n| folder.join(format!("generated-{n}.conf")))
        .find(|path| !path.exists())
        .unwrap_or_default();
    std::fs::write(&path, &text)?;
    Ok(format!("{difference}\nkept as {}:\n{text}", path.display()))
}
