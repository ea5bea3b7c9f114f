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

/// Instructions per request. Counting begins anew after the first requests, so that neither the start of the server counts
/// nor what they make. One process, since callgrind counts one; a benchmark may do what tests must not.
pub fn count(scenario: &Scenario, contender: Contender, requests: u64) -> Result<f64> {
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
        .args(["--tool=callgrind", "--smc-check=all-non-file", "--separate-threads=yes"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .args(["apache2", "-X", "-f"])
        .arg(&site.conf)
        .stderr(said)
        .spawn()
        .context("run valgrind (scripts/setup bench installs it)")?;
    // valgrind's own command line, which reaches a server that waits for a request as well.
    let pid = format!("--pid={}", server.id());
    let tell = |what: &str| -> Result<()> {
        let told = as_server("vgdb").args([&pid, what]).output()?;
        ensure!(told.status.success(), "vgdb {what}: {}", String::from_utf8_lossy(&told.stderr));
        Ok(())
    };
    let mut counted = || -> Result<()> {
        let mut connection = connect(&site, &mut server)?;
        serve(&mut connection, scenario.path_of(contender), WARM_UP)?;
        tell("zero")?;
        serve(&mut connection, scenario.path_of(contender), requests)?;
        tell("dump")
    };
    let counted = counted();
    Command::new("kill").arg(server.id().to_string()).status()?;
    server.wait()?;
    counted.with_context(|| std::fs::read_to_string(dir.path().join("valgrind.log")).unwrap_or_default())?;
    Ok(of_worker(dir.path())? as f64 / requests as f64)
}

fn connect(site: &Site, server: &mut Child) -> Result<Connection> {
    let address = ([127, 0, 0, 1], site.port).into();
    let began = Instant::now();
    loop {
        match Connection::open_with(address, Duration::from_secs(60)) {
            Ok(connection) => return Ok(connection),
            Err(_) if began.elapsed() < Duration::from_secs(120) && server.try_wait()?.is_none() => {
                std::thread::sleep(Duration::from_millis(100));
            }
            Err(error) => return Err(error),
        }
    }
}

fn serve(connection: &mut Connection, path: &str, requests: u64) -> Result<()> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\n\r\n");
    for _ in 0..requests {
        connection.send(request.as_bytes())?;
        let answer = connection.receive(false)?;
        ensure!(
            answer.head.code() == Some(200),
            "{path} was answered {}",
            String::from_utf8_lossy(&answer.head.status_line)
        );
    }
    Ok(())
}

/// The instructions of the thread that had most to do: the one that serves. How often the others wake up is a matter of
/// the machine's load.
fn of_worker(dir: &Path) -> Result<u64> {
    let mut most = 0;
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        // Those of the first dump, `callgrind.out.1-03`; the end of the server writes another.
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("callgrind.out.1-")) {
            most = most.max(total(&path)?);
        }
    }
    ensure!(most > 0, "callgrind dumped nothing");
    Ok(most)
}

/// The sum that callgrind writes at the end of its file.
fn total(out: &Path) -> Result<u64> {
    let text = std::fs::read_to_string(out)?;
    let totals = text.lines().find_map(|line| line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")));
    totals.context("callgrind gave no totals")?.trim().parse().context("callgrind's totals")
}
