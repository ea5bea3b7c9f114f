//! The hunt for a random virtual host that native httpd and the Wasm port answer differently; what a
//! host says and is asked, and which module is meant, the caller knows.
//!
//! Many virtual hosts share one pair of servers. One that differs is shrunk on servers of its own and
//! kept as a case in `cases/<module>/regressions/`, where the case tests find it from then on.
//! `COMPAT_CASES` says how many virtual hosts to try, `COMPAT_SEED` repeats a run.
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail, ensure};
use compat_tests::case::{Case, folder};
use compat_tests::difference::diff;
use compat_tests::errorlog;
use compat_tests::judge::{Place, Record, run_at};
use compat_tests::server::{Flavour, Mpm};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// How many virtual hosts share a pair of servers.
const BATCH: usize = 60;
/// How many simpler virtual hosts are tried before the simplest so far is kept.
const SHRINKING: usize = 300;

/// A random virtual host and what it is asked.
pub trait Site {
    /// The host as a compat case; its name is `name`.
    fn case(&self, name: &str) -> String;
    /// How many requests the case makes.
    fn questions(&self) -> usize;
}

/// What is hunted on.
#[derive(Clone)]
pub struct Ground {
    /// The folder below `cases/`, such as `mod_rewrite`.
    pub module: &'static str,
    /// What is swapped, such as `rewrite_module`.
    pub identifier: &'static str,
    /// What stands before all virtual hosts.
    pub preamble: String,
    /// How many virtual hosts are tried unless `COMPAT_CASES` says otherwise.
    pub count: usize,
}

impl Ground {
    /// Tries virtual hosts until one differs or enough are the same. What `common` makes stands before them, anew for
    /// each pair of servers.
    pub fn hunt<S: Strategy>(&self, strategy: &S, common: &impl Strategy<Value = String>) -> Result<()>
    where
        S::Value: Site,
    {
        let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
        let seed = number("COMPAT_SEED").unwrap_or_else(|| RandomState::new().hash_one(0));
        let count = number("COMPAT_CASES").map_or(self.count, |count| count as usize);
        println!("COMPAT_SEED={seed} COMPAT_CASES={count}");
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let (mut tried, mut asked) = (0, 0);
        while tried < count {
            let common = common.new_tree(&mut runner).map_err(|e| anyhow!("{e}"))?.current();
            let ground = Ground { preamble: format!("{}{common}", self.preamble), ..self.clone() };
            let trees = (0..BATCH.min(count - tried))
                .map(|_| strategy.new_tree(&mut runner).map_err(|e| anyhow!("{e}")))
                .collect::<Result<Vec<_>>>()?;
            let sites: Vec<S::Value> = trees.iter().map(ValueTree::current).collect();
            tried += sites.len();
            asked += sites.iter().map(Site::questions).sum::<usize>();
            let (suspects, difference) = ground.suspects(&sites)?;
            for (n, tree) in trees.into_iter().enumerate() {
                if suspects.contains(&n) && ground.disagreement(&tree.current())?.is_some() {
                    bail!("COMPAT_SEED={seed} after {tried} hosts\n{}", ground.keep(&ground.shrink(tree)?)?);
                }
            }
            ensure!(
                suspects.is_empty(),
                "COMPAT_SEED={seed}: a batch differed, but none of its hosts does alone\n{difference}"
            );
        }
        let verdict = if native_only() { "are the same twice on native httpd" } else { "are the same on both" };
        println!("{tried} virtual hosts and {asked} requests to them {verdict}");
        Ok(())
    }

    /// Runs all sites on one pair of servers. Which of them answered differently; if only the error
    /// logs differ, first the one that a differing line names, then all. And the lines that differ.
    fn suspects<T: Site>(&self, sites: &[T]) -> Result<(Vec<usize>, String)> {
        let text: String = sites.iter().enumerate().map(|(n, site)| site.case(&format!("g{n}"))).collect();
        let (native, wasm) = self.both(&text)?;
        let Some(difference) = diff(&native.text, &wasm.text) else {
            return Ok((Vec::new(), String::new()));
        };
        let difference = difference.lines().filter(|line| line.starts_with(['-', '+']));
        let difference = difference.collect::<Vec<_>>().join("\n");
        let owners = sites.iter().enumerate().flat_map(|(n, site)| vec![n; site.questions()]);
        let mut suspects: Vec<usize> = owners
            .zip(native.answers.iter().zip(&wasm.answers))
            .filter_map(|(n, (native, wasm))| (native != wasm).then_some(n))
            .collect();
        suspects.dedup();
        if suspects.is_empty() {
            let lines = |record: &Record| errorlog::render(&record.log);
            let differs = lines(&native).lines().zip(lines(&wasm).lines()).find_map(|(native, wasm)| {
                let named = |line: &str| {
                    (0..sites.len()).find(|n| line.contains(&format!("[g{n}/")) || line.contains(&format!("/g{n}/")))
                };
                (native != wasm).then(|| named(native).or_else(|| named(wasm))).flatten()
            });
            suspects = differs.into_iter().chain(0..sites.len()).collect();
        }
        Ok((suspects, difference))
    }

    /// What differs when a site has servers of its own.
    fn disagreement<T: Site>(&self, site: &T) -> Result<Option<String>> {
        let (native, wasm) = self.both(&site.case("g"))?;
        Ok(diff(&native.text, &wasm.text))
    }

    /// What both servers say. `COMPAT_ONLY=native` asks native httpd twice: whether it agrees with itself.
    fn both(&self, text: &str) -> Result<(Record, Record)> {
        let text = format!("{}{text}", self.preamble);
        let path = folder(self.module).join("generated").join("case.conf");
        let case = Case::parse(&path, "generated", text.as_bytes().to_vec(), &[self.identifier])?;
        let mpm = Mpm::from_env()?;
        // One place for both: a rule may match parts of a path or a port.
        let place = Place::any()?;
        let native = run_at(&place, &case, Flavour::Native, mpm).with_context(|| format!("native: {text}"))?;
        let crashes = errorlog::crashes(&native.log);
        ensure!(crashes.is_empty(), "the generator made a config that crashes native httpd: {crashes:?}\n{text}");
        let second = if native_only() { Flavour::Native } else { Flavour::Wasm };
        Ok((native, run_at(&place, &case, second, mpm).context(second.name())?))
    }

    /// The simplest site that still differs, by proptest's own steps.
    fn shrink<T: ValueTree>(&self, mut tree: T) -> Result<T::Value>
    where
        T::Value: Site,
    {
        let mut simplest = tree.current();
        for _ in 0..SHRINKING {
            let differs = self.disagreement(&tree.current())?.is_some();
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
    fn keep<T: Site>(&self, site: &T) -> Result<String> {
        let text = format!("# Found by random configs.\n{}{}", self.preamble, site.case("g"));
        let difference = self.disagreement(site)?.unwrap_or_default();
        let folder = folder(self.module).join("regressions");
        std::fs::create_dir_all(&folder)?;
        let path: PathBuf =
            (1..).map(|n| folder.join(format!("generated-{n}.conf"))).find(|path| !path.exists()).unwrap_or_default();
        std::fs::write(&path, &text)?;
        Ok(format!("{difference}\nkept as {}:\n{text}", path.display()))
    }
}

fn native_only() -> bool {
    std::env::var("COMPAT_ONLY").is_ok_and(|only| only == "native")
}
