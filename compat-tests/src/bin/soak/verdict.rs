//! Whether what was promised held, from what clients saw, what the server's processes used and what its logs and counters say.

use crate::ask::PROVOCATIONS;
use crate::client::Tally;
use crate::watch::Watch;
use comfy_table::{CellAlignment, Table, presets::ASCII_MARKDOWN};
use compat_tests::errorlog::crashes;
use std::collections::BTreeMap;

/// Open files and sockets that all children may have more of in the last quarter than in the second (their medians).
const FILES: u64 = 8;

/// Numbers of each guest by name.
pub type Guests = BTreeMap<String, BTreeMap<String, u64>>;

/// What the server left.
pub struct Evidence {
    pub guests: Guests,
    pub error_log: String,
    pub access_log: String,
}

/// Prints the figures; what didn't hold. `growth` is what each child may grow by, in kilobytes.
pub fn print(tally: &Tally, watch: &Watch, evidence: &Evidence, growth: u64) -> Vec<String> {
    let mut breaches = tally.wrong.clone();
    if tally.wrong_too > 0 {
        breaches.push(format!("{} more answers were wrong", tally.wrong_too));
    }
    let mut asked = table(&["asked for", "times"]);
    for (kind, count) in &tally.kinds {
        asked.add_row([(*kind).to_owned(), count.to_string()]);
    }
    for (what, count) in [
        ("all of them", tally.kinds.values().sum()),
        ("HEAD among them", tally.heads),
        ("hung up on", tally.hung_up),
        ("connections", tally.connections),
    ] {
        asked.add_row([what.to_owned(), count.to_string()]);
    }
    println!("{asked}\n\nThe slowest answer took {} ms.\n", tally.slowest.as_millis());
    failures(tally, evidence, &mut breaches);
    processes(watch, evidence, growth, &mut breaches);
    breaches
}

/// Each provoked trap is counted, and is a line in the log or counted as not reported; nothing else failed.
fn failures(tally: &Tally, evidence: &Evidence, breaches: &mut Vec<String>) {
    let mut traps = table(&["traps in", "provoked", "counted", "lines in the log", "not reported one by one"]);
    for (provocation, provoked) in PROVOCATIONS.iter().zip(tally.provoked) {
        let numbers =
            evidence.guests.iter().find(|(name, _)| name.ends_with(provocation.counter)).map(|(_, numbers)| numbers);
        let number = |name: &str| numbers.and_then(|numbers| numbers.get(name)).copied().unwrap_or(0);
        let lines = evidence.error_log.lines().filter(|line| line.contains(provocation.said)).count() as u64;
        let (counted, unreported) = (number("Traps"), number("NotReported"));
        // A program that writes to a client who has gone ends with a failure of its own.
        let kinds = ["Traps", "TimeLimits", "MemoryLimits", "TableLimits", "StackLimits", "HostErrors", "Exits"];
        let all: u64 = kinds.iter().map(|kind| number(kind)).sum();
        if counted != provoked {
            breaches.push(format!("{}: {provoked} traps were provoked, {counted} counted", provocation.place));
        }
        if lines + unreported != all {
            breaches.push(format!(
                "{}: {all} failures, but {lines} lines and {unreported} not reported",
                provocation.place
            ));
        }
        traps.add_row([
            provocation.place.to_owned(),
            provoked.to_string(),
            counted.to_string(),
            lines.to_string(),
            unreported.to_string(),
        ]);
    }
    println!("{traps}\n");
    let errors = evidence.access_log.lines().filter(|line| line.starts_with('5')).count() as u64;
    println!("Answers of 5xx in the access log: {errors}; provoked: {}.", tally.answered_500);
    if errors != tally.answered_500 {
        breaches.push(format!("{errors} answers of 5xx, {} were provoked", tally.answered_500));
    }
    let complaints =
        evidence.error_log.lines().filter(|line| line.contains("program.wasm: complaint 0")).count() as u64;
    let dropped: u64 = evidence
        .guests
        .iter()
        .filter(|(name, _)| name.ends_with("/program.wasm"))
        .filter_map(|(_, numbers)| numbers.get("DroppedLines"))
        .sum();
    println!(
        "Lines that programs wrote to stderr: {}; in the error log: {complaints}; counted as dropped: {dropped}.\n",
        tally.complaints
    );
    if complaints + dropped != tally.complaints {
        breaches
            .push(format!("programs wrote {} lines, {complaints} were logged and {dropped} dropped", tally.complaints));
    }
}

/// The children live on and don't grow.
fn processes(watch: &Watch, evidence: &Evidence, growth: u64, breaches: &mut Vec<String>) {
    let children = watch.children.len() as u64;
    let mut used =
        table(&["all children together, medians", "first quarter", "second", "third", "last", "may grow by"]);
    for (what, of, most) in [
        ("memory of their own, KB", (|sample| sample.kilobytes) as fn(&crate::watch::Sample) -> u64, growth * children),
        ("open files and sockets", |sample| sample.files, FILES),
    ] {
        let medians: Vec<u64> = (0..4).map(|quarter| watch.median(quarter, of)).collect();
        used.add_row([what.to_owned()].into_iter().chain(medians.iter().map(u64::to_string)).chain([most.to_string()]));
        if medians[3] > medians[1] + most {
            breaches.push(format!("{what}: {} in the second quarter, {} in the last", medians[1], medians[3]));
        }
    }
    println!("{used}\n\nChildren at the beginning: {children}; gone or new since: {}.\n", watch.changed.len());
    if !watch.changed.is_empty() {
        breaches.push(format!(
            "children came or went: {:?} at first, then {:?} too or no more",
            watch.children, watch.changed
        ));
    }
    // A guest's own words on a panic name a file of its own.
    let panics =
        evidence.error_log.lines().filter(|line| line.contains("panicked at") && !line.contains("program.wasm: "));
    breaches.extend(crashes(&evidence.error_log).into_iter().chain(panics).map(str::to_owned));
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(ASCII_MARKDOWN).set_header(header.to_vec());
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
