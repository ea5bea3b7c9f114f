//! What was found, as a table for a terminal.

use comfy_table::{Cell, CellAlignment, Color, Table, presets};

use super::Findings;
use super::exchange::{Exchange, Verdict, head_and_body};

/// How many differing requests are named.
const MOST_NAMED: usize = 20;
/// Of a longer line only the start is printed, in characters.
const LONGEST_LINE: usize = 150;

/// A part of an answer that is compared on its own.
pub struct Tally {
    /// What it is called.
    pub name: &'static str,
    /// How many are equal on both sides.
    pub same: usize,
    /// How many vary on the left side too.
    pub varies: usize,
    /// How many differ.
    pub differ: usize,
}

/// Counts requests, status lines, header lines, bodies and error-log lines.
pub fn tallies(exchanges: &[Exchange]) -> Vec<Tally> {
    let zero = |name| Tally { name, same: 0, varies: 0, differ: 0 };
    let mut all = ["requests", "status lines", "header lines", "bodies", "error-log lines"].map(zero);
    for exchange in exchanges {
        let (left, right) = (Parts::of(exchange, false), Parts::of(exchange, true));
        let verdict = exchange.verdict;
        add(&mut all[0], verdict, &["request"], &[if verdict == Verdict::Same { "request" } else { "" }]);
        add(&mut all[1], verdict, &[left.status], &[right.status]);
        add(&mut all[2], verdict, &left.headers, &right.headers);
        add(&mut all[3], verdict, &[left.body], &[right.body]);
        add(&mut all[4], verdict, &left.log, &right.log);
    }
    all.into()
}

fn add<T: PartialEq>(tally: &mut Tally, verdict: Verdict, left: &[T], right: &[T]) {
    let same = left.iter().zip(right).filter(|(left, right)| left == right).count();
    let other = left.len().max(right.len()) - same;
    tally.same += same;
    match verdict {
        Verdict::Differs => tally.differ += other,
        _ => tally.varies += other,
    }
}

struct Parts<'a> {
    status: &'a str,
    headers: Vec<&'a str>,
    body: &'a str,
    log: Vec<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(exchange: &'a Exchange, right: bool) -> Self {
        let side = if right { &exchange.right } else { &exchange.left };
        let (head, body) = head_and_body(&side.answer);
        let mut lines = head.lines();
        let status = lines.next().unwrap_or_default();
        Self { status, headers: lines.collect(), body, log: side.log.lines().collect() }
    }
}

/// Prints counts, hosts, notes, and the requests that differ.
pub fn print(findings: &Findings) {
    println!("\n{}: {} against {}", findings.config.display(), findings.sides[0], findings.sides[1]);
    if !findings.ported.is_empty() {
        println!("as WebAssembly: {}", findings.ported.join(", "));
    }
    println!("\n{}", counts(&findings.exchanges));
    for note in &findings.notes {
        println!("\nnote: {note}");
    }
    let differing: Vec<_> = findings.exchanges.iter().filter(|exchange| exchange.verdict == Verdict::Differs).collect();
    if !differing.is_empty() {
        println!("\nThese differ (- {}, + {}):", findings.sides[0], findings.sides[1]);
    }
    for exchange in differing.iter().take(MOST_NAMED) {
        println!("\n  {}", exchange.errand.name);
        for line in changed_lines(exchange).iter().take(8) {
            println!("    {}", line.chars().take(LONGEST_LINE).collect::<String>());
        }
    }
    if differing.len() > MOST_NAMED {
        println!("\n  … and {} more, in the report", differing.len() - MOST_NAMED);
    }
}

fn changed_lines(exchange: &Exchange) -> Vec<String> {
    let parts = [(&exchange.left.answer, &exchange.right.answer), (&exchange.left.log, &exchange.right.log)];
    let diffs = parts.into_iter().filter_map(|(left, right)| crate::difference::diff(left, right));
    let lines: Vec<String> =
        diffs.flat_map(|diff| diff.lines().skip(2).map(str::to_owned).collect::<Vec<_>>()).collect();
    lines.into_iter().filter(|line| line.starts_with(['-', '+'])).collect()
}

fn counts(exchanges: &[Exchange]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN).set_header(["compared", "same", "vary natively too", "differ"]);
    for tally in tallies(exchanges) {
        let differ = Cell::new(tally.differ).fg(if tally.differ == 0 { Color::Green } else { Color::Red });
        table.add_row([Cell::new(tally.name), Cell::new(tally.same), Cell::new(tally.varies), differ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
