//! Instructions per request, by valgrind's callgrind: the same for the same binary, whatever else the machine does.

use crate::contender::{Contender, Threads};
use crate::scenario::Scenario;
use anyhow::{Context, Result, bail, ensure};
use compat_tests::client::Connection;
use compat_tests::server::Site;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Debian's user and group of the server.
const WWW_DATA: u32 = 33;
/// Requests before counting begins: instances, connections and pools are made by the first ones.
const WARM_UP: u64 = 50;

/// Instructions per request, the difference of two runs, so that start and stop don't count.
pub fn count(scenario: &Scenario, contender: Contender, requests: u64) -> Result<f64> {
    let short = run(scenario, contender, WARM_UP)?;
    let long = run(scenario, contender, WARM_UP + requests)?;
    Ok((long as f64 - short as f64) / requests as f64)
}

/// Instructions of a whole run. One process, since callgrind counts one; a benchmark may do what tests must not.
fn run(scenario: &Scenario, contender: Contender, requests: u64) -> Result<u64> {
    let root = rustix::process::geteuid().is_root();
    let (dir, site) = contender.site(scenario, root.then_some(WWW_DATA), Threads::One)?;
    let as_server = |program: &str| {
        let mut command = Command::new(program);
        if root {
            command.uid(WWW_DATA).gid(WWW_DATA);
        }
        command.current_dir(dir.path());
        command
    };
    // Compiles guests outside of valgrind.
    let test = as_server("apache2").args(["-t", "-f"]).arg(&site.conf).output()?;
    if !test.status.success() {
        bail!("{}", String::from_utf8_lossy(&test.stderr));
    }
    let out = dir.path().join("callgrind.out");
    let said = std::fs::File::create(dir.path().join("valgrind.log"))?;
    let mut server = as_server("valgrind")
        .args(["--tool=callgrind", "--smc-check=all-non-file"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .args(["apache2", "-X", "-f"])
        .arg(&site.conf)
        .stderr(said)
        .spawn()
        .context("run valgrind (scripts/setup bench installs it)")?;
    let served = serve(&site, &mut server, scenario.path_of(contender), requests);
    Command::new("kill").arg(server.id().to_string()).status()?;
    server.wait()?;
    served.with_context(|| std::fs::read_to_string(dir.path().join("valgrind.log")).unwrap_or_default())?;
    total(&out)
}

fn serve(site: &Site, server: &mut Child, path: &str, requests: u64) -> Result<()> {
    let address = ([127, 0, 0, 1], site.port).into();
    let began = Instant::now();
    let mut connection = loop {
        match Connection::open_with(address, Duration::from_secs(60)) {
            Ok(connection) => break connection,
            Err(_) if began.elapsed() < Duration::from_secs(120) && server.try_wait()?.is_none() => {
                std::thread::sleep(Duration::from_millis(100));
            }
            Err(error) => return Err(error),
        }
    };
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\n\r\n");
    for _ in 0..requests {
        connection.send(request.as_bytes())?;
        let answer = connection.receive(false)?;
        ensure!(answer.head.code() == Some(200), "{path} was answered {}", String::from_utf8_lossy(&answer.head.status_line));
    }
    Ok(())
}

/// The sum that callgrind writes at the end of its file.
fn total(out: &Path) -> Result<u64> {
    let text = std::fs::read_to_string(out)?;
    let totals = text.lines().find_map(|line| line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")));
    totals.context("callgrind gave no totals")?.trim().parse().context("callgrind's totals")
}
