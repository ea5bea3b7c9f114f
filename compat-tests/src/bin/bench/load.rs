//! Requests per second and CPU time per request of a daemonized httpd under event, by wrk.

use crate::contender::{Contender, Threads};
use crate::scenario::Scenario;
use anyhow::{Context, Result, bail};
use compat_tests::server::Server;
use std::process::Command;

/// What one round gave.
pub struct Load {
    /// Answers per second.
    pub requests_per_second: f64,
    /// CPU time of the server's children per answer, in microseconds.
    pub cpu_micros: f64,
}

/// One round of load on a freshly started server.
pub fn measure(scenario: &Scenario, contender: Contender, seconds: u64) -> Result<Load> {
    let (_dir, site) = contender.site(scenario, None, Threads::Usual)?;
    let server = Server::start(&site)?;
    wrk_at(site.port, scenario.path_of(contender), scenario.status, 1)?;
    let before = cpu_ticks(&server);
    let (requests, requests_per_second) = wrk_at(site.port, scenario.path_of(contender), scenario.status, seconds)?;
    let ticks = cpu_ticks(&server) - before;
    server.stop()?;
    let per_second = rustix::param::clock_ticks_per_second() as f64;
    Ok(Load { requests_per_second, cpu_micros: ticks as f64 / per_second * 1e6 / requests as f64 })
}

/// Load on a path for some seconds: answers, and answers per second.
pub fn wrk_at(port: u16, path: &str, status: u16, seconds: u64) -> Result<(u64, f64)> {
    let output = Command::new("wrk")
        .args([
            "-t1",
            "-c8",
            "-H",
            "Host: localhost",
            &format!("-d{seconds}s"),
            &format!("http://127.0.0.1:{port}{path}"),
        ])
        .output()
        .context("run wrk (scripts/setup bench installs it)")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if text.contains("Non-2xx") && status == 200 {
        bail!("not every answer was 200:\n{text}");
    }
    let requests =
        text.split_once(" requests in").and_then(|(before, _)| before.split_whitespace().last()?.parse().ok());
    let rate = text.split_once("Requests/sec:").and_then(|(_, after)| after.split_whitespace().next()?.parse().ok());
    requests.zip(rate).with_context(|| format!("wrk said:\n{text}"))
}

/// User and system time of the server's children so far, in clock ticks.
pub fn cpu_ticks(server: &Server) -> u64 {
    let ticks = |pid: &i32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let fields: Vec<_> = stat.rsplit_once(") ")?.1.split_whitespace().collect();
        Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
    };
    server.children().iter().filter_map(ticks).sum()
}
