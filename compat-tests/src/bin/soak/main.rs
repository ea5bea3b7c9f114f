//! Minutes of mixed traffic on one real, daemonized httpd with ports, scripts, programs and guests that trap: prints what was
//! asked and what it took, and fails if anything was answered that nobody provoked, or if the server grew, or forgot a line.

mod ask;
mod client;
mod site;
mod verdict;
mod watch;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use client::{Client, Tally};
use compat_tests::counted;
use compat_tests::server::{Mpm, Server};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use verdict::Evidence;
use watch::Watch;

/// Loads a server with mixed traffic and watches what it does.
#[derive(Parser)]
#[command(name = "soak")]
struct Arguments {
    /// How long: `90s`, `10m`, `1h`.
    #[arg(default_value = "10m", value_parser = duration)]
    time: Duration,
    /// Clients that ask one thing after the other, beside two slow ones and one that hangs up.
    #[arg(long, default_value_t = 3)]
    clients: u64,
    /// Milliseconds that a client rests after each answer.
    #[arg(long, default_value_t = 4)]
    rest: u64,
    /// Kilobytes that each child may have more of in the last quarter of the time than in the second (their medians).
    #[arg(long, default_value_t = 2_048)]
    growth: u64,
    /// Repeats what another run asked.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
}

/// Reads `90s`, `10m` or `1h`.
fn duration(text: &str) -> Result<Duration, String> {
    let told = || format!("{text:?}: a number and s, m or h is meant");
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(told)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        _ => return Err(told()),
    };
    let number: u64 = number.parse().map_err(|_| told())?;
    Ok(Duration::from_secs(number.saturating_mul(seconds)))
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let mpm = Mpm::from_env()?;
    let (_dir, site) = site::site(mpm)?;
    let server = Server::start(&site)?;
    let began = Instant::now();
    let (tally, watch) = load(&server, &arguments)?;
    let seconds = began.elapsed().as_secs();
    // What follows an answer: a line in a log, a counter.
    std::thread::sleep(Duration::from_secs(2));
    let evidence = Evidence {
        guests: guests(&server).context("/server-status")?,
        error_log: site.error_log_text(),
        access_log: std::fs::read_to_string(site.root.join("access.log"))?,
    };
    println!("\n{seconds} s under {}, httpd's own threads and processes: {}\n", mpm.name(), site::threads(mpm));
    let breaches = verdict::print(&tally, &watch, &evidence, arguments.growth);
    server.stop()?;
    for breach in &breaches {
        println!("BREACH: {breach}");
    }
    println!("{}", if breaches.is_empty() { "All of it held." } else { "Not all of it held." });
    Ok(if breaches.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Lets all clients ask until the time is up, and looks at the server's processes meanwhile.
fn load<'s>(server: &'s Server, arguments: &Arguments) -> Result<(Tally, Watch<'s>)> {
    let (address, stop) = (server.address(), AtomicBool::new(false));
    let rest = Duration::from_millis(arguments.rest);
    let mut watch = Watch::new(server, arguments.time);
    let tally = std::thread::scope(|scope| {
        let client = |number: u64| Client::new(address, arguments.seed.wrapping_add(number), &stop);
        let mut threads: Vec<_> =
            (0..arguments.clients).map(client).map(|each| scope.spawn(move || each.mixed(rest))).collect();
        threads.extend((1_000..1_002).map(client).map(|each| scope.spawn(move || each.slow())));
        let aborting = client(2_000);
        threads.push(scope.spawn(move || aborting.aborting()));
        watch.until_the_end();
        stop.store(true, Ordering::Relaxed);
        let tallies = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|e| std::panic::resume_unwind(e)));
        tallies.fold(Tally::default(), Tally::and)
    });
    ensure!(server.alive(), "the server has ended:\n{}", server.site().error_log_text());
    Ok((tally, watch))
}

/// The counters of all guests.
fn guests(server: &Server) -> Result<verdict::Guests> {
    let mut connection = compat_tests::client::Connection::open(server.address())?;
    connection.send(b"GET /server-status?auto HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let answer = connection.receive(false)?;
    ensure!(answer.head.code() == Some(200), "{}", answer.render());
    Ok(counted::modules(&String::from_utf8_lossy(&answer.body)))
}
