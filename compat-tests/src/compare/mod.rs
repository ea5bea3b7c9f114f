//! The main job as a command: one configuration on two servers, the same requests to both, a table and a report.
//! This file knows the order of the steps; each step has a file of its own.

mod derive;
mod directive;
mod exchange;
mod expand;
mod house;
mod load;
mod matching;
mod report;
mod request_file;
mod sandbox;
mod scripts;
mod serve;
mod survey;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use tempfile::TempDir;

use crate::server::Flavour;
use exchange::{Exchange, Running, Verdict, exchange, measure};
use expand::Configuration;
use house::House;
use request_file::Errand;
use sandbox::{Addresses, Net};

/// The networks of the left and the right server.
const NETS: [Net; 2] = [Net(71), Net(72)];

/// Of more requests no times are taken.
const MOST_MEASURED: usize = 500;

/// What was asked for.
pub struct Options {
    /// The configuration; none is the example that ships.
    pub config: Option<PathBuf>,
    /// The file of requests; none are derived from the configuration.
    pub requests: Option<PathBuf>,
    /// Modules to load besides, such as `headers`.
    pub enable: Vec<String>,
    /// Which kinds of server stand left and right; natively both, to see what varies by itself.
    pub sides: [Flavour; 2],
    /// How many requests are derived at most.
    pub limit: usize,
    /// Where the report goes.
    pub report: PathBuf,
    /// Print the requests instead of sending them.
    pub list: bool,
    /// Leave the Wasm server running instead of comparing.
    pub serve: bool,
}

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ending {
    /// All answers are the same, or vary by themselves.
    Same,
    /// Some differ.
    Differs,
    /// httpd refuses the configuration, on both sides in the same words.
    Refused,
}

/// All that a run found, for table and report.
struct Findings<'a> {
    config: &'a Path,
    sides: [&'static str; 2],
    ported: &'a [String],
    notes: Vec<String>,
    exchanges: Vec<Exchange>,
}

/// Does what was asked for.
pub fn run(options: &Options) -> Result<Ending> {
    let folder = scratch()?;
    let example = folder.path().join("site");
    let (config, requests) = match &options.config {
        Some(config) => {
            (load::place_case(config, &folder.path().join("case"))?.unwrap_or_else(|| config.clone()), None)
        }
        None => {
            let (config, requests) = load::place_example(&example)?;
            (config, Some(requests))
        }
    };
    let requests = options.requests.clone().or(requests);
    let configuration = load::load(&config, &options.enable, &example)?;
    let survey = survey::survey(&configuration);
    let errands = match &requests {
        Some(file) => request_file::read(file)?,
        None => match load::requests_within(&configuration)? {
            errands if errands.is_empty() => derive::derive(&survey, options.limit),
            errands => errands,
        },
    };
    if options.list {
        // Whoever reads may stop at any time.
        let _ = std::io::stdout().write_all(request_file::to_text(&errands).as_bytes());
        return Ok(Ending::Same);
    }
    if options.serve {
        return serve::serve(&configuration, &survey, folder);
    }
    let name = options.config.as_deref().unwrap_or(Path::new("examples/site/httpd.conf"));
    compare(options, name, &configuration, &errands, folder.path())
}

fn compare(
    options: &Options,
    config: &Path,
    configuration: &Configuration,
    errands: &[Errand],
    folder: &Path,
) -> Result<Ending> {
    let addresses = Addresses::choose(configuration, &NETS)?;
    let build = |index: usize, name: &str| {
        House::build(options.sides[index], configuration, &addresses, NETS[index], &folder.join(name))
    };
    let houses = [build(0, "left")?, build(1, "right")?];
    if let Some(ending) = refused(&houses)? {
        return Ok(ending);
    }
    let [left, right] = &houses;
    let mut notes = left.notes.clone();
    if right.flavour == Flavour::Wasm && right.ported.is_empty() {
        notes.push("The configuration loads no module that has a port, so nothing tells the two servers apart.".into());
    }
    let servers = [left.start().context("the left server")?, right.start().context("the right server")?];
    let running = |index: usize| Running { house: &houses[index], server: &servers[index], addresses: &addresses };
    let errands = listened(errands, &running(0), &mut notes);
    let progress = ProgressBar::new(errands.len() as u64).with_style(progress_style()?);
    let mut exchanges = Vec::new();
    for errand in &errands {
        progress.set_message(errand.name.chars().take(50).collect::<String>());
        exchanges.push(exchange(errand, &running(0), &running(1))?);
        progress.inc(1);
    }
    if exchanges.len() <= MOST_MEASURED {
        progress.set_message("measuring");
        measure(&mut exchanges, &running(0), &running(1));
    }
    progress.finish_and_clear();
    for server in servers {
        server.stop()?;
    }
    let sides = options.sides.map(Flavour::name);
    let findings = Findings { config, sides, ported: &right.ported, notes, exchanges };
    table::print(&findings);
    let file = report::write(&findings, &options.report)?;
    println!("\nThe report, side by side: {}", file.display());
    let differs = findings.exchanges.iter().any(|exchange| exchange.verdict == Verdict::Differs);
    Ok(if differs { Ending::Differs } else { Ending::Same })
}

/// The errands for ports on which the server listens; a Listen may stand in a section that doesn't hold.
fn listened(errands: &[Errand], server: &Running, notes: &mut Vec<String>) -> Vec<Errand> {
    let mut reached = BTreeMap::new();
    let mut left_out = BTreeMap::<u16, usize>::new();
    let mut kept = Vec::new();
    for errand in errands {
        let address = server.house.address(server.addresses, errand);
        let open = |address: SocketAddr| *reached.entry(address).or_insert_with(|| TcpStream::connect(address).is_ok());
        if address.is_some_and(open) {
            kept.push(errand.clone());
        } else {
            *left_out.entry(errand.port.unwrap_or_default()).or_default() += 1;
        }
    }
    notes.extend(left_out.iter().map(|(port, count)| {
        format!(
            "This configuration, as it is loaded here, doesn't listen on port {port}: {count} requests are left out."
        )
    }));
    kept
}

/// Tests the configuration on both sides; an ending if httpd refuses it.
fn refused(houses: &[House; 2]) -> Result<Option<Ending>> {
    let [left, right] = [houses[0].config_test()?, houses[1].config_test()?];
    if left.code == Some(0) && right.code == Some(0) {
        return Ok(None);
    }
    // What comes first in each line of stderr is the time and the process.
    let words =
        |text: &str| text.lines().map(|line| crate::errorlog::Line::parse(line).to_string()).collect::<Vec<_>>();
    let same = left.code == right.code && words(&left.stderr) == words(&right.stderr);
    let names = houses.each_ref().map(|house| house.flavour.name());
    if same {
        eprintln!(
            "httpd refuses this configuration, {} and {} in the same words:\n\n{}",
            names[0], names[1], left.stderr
        );
        return Ok(Some(Ending::Refused));
    }
    for (name, outcome) in [(names[0], &left), (names[1], &right)] {
        let verdict = if outcome.code == Some(0) { "accepts" } else { "refuses" };
        eprintln!("{name} httpd {verdict} this configuration:\n\n{}", outcome.stderr);
    }
    Ok(Some(Ending::Differs))
}

/// A folder that httpd's children can enter, whoever they are.
fn scratch() -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("httpd-").rand_bytes(6).tempdir_in("/tmp")?;
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755))?;
    Ok(folder)
}

fn progress_style() -> Result<ProgressStyle> {
    match ProgressStyle::with_template("{bar:32.green/dim} {pos}/{len}  {wide_msg:.dim}") {
        Ok(style) => Ok(style.progress_chars("━━─")),
        Err(error) => bail!(error),
    }
}
