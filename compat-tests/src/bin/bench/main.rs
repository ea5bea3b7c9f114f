//! What modules cost: instructions per request counted by callgrind, and requests per second under load, native, Wasm
//! and Lua side by side. Figures are ratios of one run; none is a test.

mod account;
mod callgrind;
mod contender;
mod content;
mod interpreters;
mod load;
mod scenario;

use anyhow::{Context, Result, bail};
use clap::Parser;
use comfy_table::{CellAlignment, Table, presets::ASCII_MARKDOWN};
use contender::Contender;
use scenario::Scenario;

/// Counts what modules cost, native against Wasm.
#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    /// Only scenarios whose name begins so: `headers`, `rewrite`, `lua`, `content`.
    #[arg(default_value = "")]
    topic: String,
    /// Requests over which instructions are counted; 0 leaves that out.
    #[arg(long, default_value_t = 200)]
    requests: u64,
    /// Seconds of load in each round; 0 leaves the load out.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Rounds of load; native and Wasm alternate in each.
    #[arg(long, default_value_t = 4)]
    rounds: usize,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let scenarios: Vec<_> = scenario::all().into_iter().filter(|s| s.name.starts_with(&arguments.topic)).collect();
    let content = "content".starts_with(&arguments.topic);
    if scenarios.is_empty() && !content {
        bail!("no scenario begins with {}", arguments.topic);
    }
    for scenario in scenarios {
        println!("\n## {}\n\n{}\n", scenario.name, scenario.about);
        if arguments.requests > 0 {
            instructions(&scenario, arguments.requests)?;
        }
        if arguments.seconds > 0 {
            throughput(&scenario, arguments.seconds, arguments.rounds)?;
        }
    }
    if content && arguments.seconds > 0 {
        content::run(arguments.seconds, arguments.rounds)?;
    }
    Ok(())
}

/// Instructions per request, and what each contender adds over a server without the module.
fn instructions(scenario: &Scenario, requests: u64) -> Result<()> {
    let mut table = markdown(&["instructions per request", "all", "added", "added, to its counterpart"]);
    let mut all: Vec<(Contender, f64)> = Vec::new();
    for contender in scenario.contenders() {
        let count = callgrind::count(scenario, contender, requests).with_context(|| contender.name())?;
        all.push((contender, count));
        let added = |of: Contender| Some(all.iter().find(|(other, _)| *other == of)?.1 - all.first()?.1);
        // A script is measured against mod_lua, a module against the native one, to which mod_lua is compared too.
        let against = contender.counterpart().map(|other| added(other).or_else(|| added(Contender::Native)));
        let other = if scenario.script.is_empty() { added(Contender::Native) } else { against.flatten() };
        let ratio = added(contender).zip(other).filter(|_| contender != Contender::None);
        let ratio = ratio.map_or(String::new(), |(own, other)| format!("{:.2}", own / other));
        table.add_row([
            contender.name().to_string(),
            format!("{count:.0}"),
            format!("{:.0}", added(contender).unwrap_or(0.0)),
            ratio,
        ]);
    }
    println!("{table}\n");
    Ok(())
}

/// Requests per second and CPU time per request under event.
fn throughput(scenario: &Scenario, seconds: u64, rounds: usize) -> Result<()> {
    let contenders: Vec<Contender> = match scenario.script {
        "" => vec![Contender::None, Contender::Native, Contender::Wasm],
        _ => scenario.contenders().collect(),
    };
    let mut measured: Vec<Vec<load::Load>> = contenders.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (contender, measured) in contenders.iter().zip(&mut measured) {
            measured.push(load::measure(scenario, *contender, seconds)?);
        }
    }
    let median = |of: &dyn Fn(&load::Load) -> f64, list: &[load::Load]| middle(list.iter().map(of).collect());
    // What a module takes is what it adds to a server without it, in the same round: the machine is quicker in some.
    let added = |at: usize| -> Vec<f64> {
        measured[at].iter().zip(&measured[0]).map(|(own, none)| own.cpu_micros - none.cpu_micros).collect()
    };
    let with_none = contenders.first() == Some(&Contender::None);
    let header = [
        "under load, event",
        "requests/s",
        "to its counterpart",
        "CPU µs/request",
        "added",
        "added, to its counterpart",
    ];
    let mut table = markdown(&header);
    let rate: Vec<f64> = measured.iter().map(|list| median(&|load| load.requests_per_second, list)).collect();
    let cpu: Vec<f64> = measured.iter().map(|list| median(&|load| load.cpu_micros, list)).collect();
    for (at, contender) in contenders.iter().enumerate() {
        let other = contender.counterpart().and_then(|other| contenders.iter().position(|each| *each == other));
        let rates = other.map_or(String::new(), |other| format!("{:.2}", rate[at] / rate[other]));
        let (mut own, mut ratio) = (String::new(), String::new());
        if with_none && at > 0 {
            let added_here = added(at);
            own = format!("{:.1}", middle(added_here.clone()));
            // The rounds' own ratios, the least and the most of them beside the middle one.
            let ratios: Vec<f64> = other.map_or(Vec::new(), |other| {
                added_here.iter().zip(added(other)).map(|(own, other)| own / other).collect()
            });
            if let (Some(least), Some(most)) =
                (ratios.iter().copied().reduce(f64::min), ratios.iter().copied().reduce(f64::max))
            {
                ratio = format!("{:.3} ({least:.3} to {most:.3})", middle(ratios));
            }
        }
        table.add_row([
            contender.name().to_string(),
            format!("{:.0}", rate[at]),
            rates,
            format!("{:.1}", cpu[at]),
            own,
            ratio,
        ]);
    }
    println!("{table}\n");
    Ok(())
}

/// The median.
fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn markdown(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(ASCII_MARKDOWN).set_header(header.to_vec());
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
