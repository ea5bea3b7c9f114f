//! What was found, as one HTML file that needs nothing else: each request, and both answers side by side.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use similar::{DiffOp, TextDiff};

use super::Findings;
use super::exchange::{Exchange, Verdict};
use super::table::tallies;

/// Equal lines beyond so many are folded away, but for some at each end.
const MOST_EQUAL: usize = 40;
const SHOWN_AT_EACH_END: usize = 8;
/// A longer line is cut.
const LONGEST_LINE: usize = 1500;

/// Writes `index.html` into `folder` and returns its path.
pub fn write(findings: &Findings, folder: &Path) -> Result<PathBuf> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let file = folder.join("index.html");
    std::fs::write(&file, page(findings).into_string()).with_context(|| file.display().to_string())?;
    Ok(file.canonicalize()?)
}

/// The whole page.
pub fn page(findings: &Findings) -> Markup {
    let count = |verdict| findings.exchanges.iter().filter(|exchange| exchange.verdict == verdict).count();
    let (same, varies, differs) = (count(Verdict::Same), count(Verdict::Varies), count(Verdict::Differs));
    let total = findings.exchanges.len();
    let title = if differs == 0 {
        format!("{total} requests, no difference")
    } else {
        format!("{differs} of {total} requests differ")
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – " (findings.config.display()) }
                style { (PreEscaped(include_str!("report.css"))) }
            }
            body {
                header.(if differs == 0 { "good" } else { "bad" }) {
                    p.what { code { (findings.config.display()) } ", " (findings.sides[0]) " against " (findings.sides[1]) }
                    h1 { (title) }
                    p { (modules(findings)) }
                }
                main {
                    (summary(findings))
                    @if !findings.notes.is_empty() {
                        section.notes { h2 { "Good to know" } ul { @for note in &findings.notes { li { (note) } } } }
                    }
                    section {
                        nav {
                            h2 { "Requests" }
                            (choice("all", "all", total, true))
                            (choice("Differs", "differ", differs, false))
                            (choice("Varies", "vary natively too", varies, false))
                            (choice("Same", "same", same, false))
                            input #search type="search" placeholder="Search in requests and answers" aria-label="Search";
                        }
                        div #requests { @for exchange in &findings.exchanges { (request(exchange, findings)) } }
                    }
                }
                script { (PreEscaped(include_str!("report.js"))) }
            }
        }
    }
}

fn modules(findings: &Findings) -> Markup {
    html! {
        @if findings.ported.is_empty() { "No module was replaced." }
        @else {
            @for (index, module) in findings.ported.iter().enumerate() { @if index > 0 { ", " } code { (module) } }
            " ran as WebAssembly on the right; nothing else in the configuration was changed."
        }
    }
}

fn choice(value: &str, label: &str, count: usize, checked: bool) -> Markup {
    html! {
        label.choice { input type="radio" name="show" value=(value) checked[checked]; span { (label) " " b { (count) } } }
    }
}

fn summary(findings: &Findings) -> Markup {
    let times: Vec<_> = findings.exchanges.iter().filter_map(|exchange| exchange.times).collect();
    let median = |pick: fn(&(Duration, Duration)) -> Duration| {
        let mut times: Vec<_> = times.iter().map(pick).collect();
        times.sort();
        times.get(times.len() / 2).copied()
    };
    html! {
        section.summary {
            table {
                thead { tr { th { "compared" } th { "same" } th { "vary natively too" } th { "differ" } } }
                tbody {
                    @for tally in tallies(&findings.exchanges) {
                        tr {
                            th { (tally.name) }
                            td { (tally.same) } td { (tally.varies) }
                            td.(if tally.differ == 0 { "none" } else { "some" }) { (tally.differ) }
                        }
                    }
                }
            }
            @if let (Some(left), Some(right)) = (median(|times| times.0), median(|times| times.1)) {
                dl {
                    dt { "median time to an answer" }
                    dd { b { (micros(left)) } " " (findings.sides[0]) }
                    dd { b { (micros(right)) } " " (findings.sides[1]) }
                    dd.small { "A new connection for each request, over loopback; "
                        (times.len()) " requests, each 8 times. For figures to rely on there is scripts/bench." }
                }
            }
        }
    }
}

fn request(exchange: &Exchange, findings: &Findings) -> Markup {
    let verdict = match exchange.verdict {
        Verdict::Same => ("Same", "same"),
        Verdict::Varies => ("Varies", "varies"),
        Verdict::Differs => ("Differs", "differs"),
    };
    let sent = crate::answer::printable(&exchange.errand.request.bytes).replace("\\x0d\n", "\n");
    html! {
        details.(verdict.0) open[exchange.verdict == Verdict::Differs] {
            summary {
                span.verdict { (verdict.1) }
                span.name { (exchange.errand.name) }
                span.status { (status(&exchange.left.answer)) }
                @if let Some((left, right)) = exchange.times {
                    span.time title={ "median time to an answer: " (findings.sides[0]) " · " (findings.sides[1]) } { (micros(left)) " · " (micros(right)) }
                }
            }
            pre.sent { (sent.trim_end()) }
            table.sides {
                thead { tr { th { (findings.sides[0]) } th { (findings.sides[1]) } } }
                (rows(&exchange.left.answer, &exchange.right.answer))
                @if !exchange.left.log.is_empty() || !exchange.right.log.is_empty() {
                    thead { tr { th colspan="2" { "error log" } } }
                    (rows(&exchange.left.log, &exchange.right.log))
                }
            }
        }
    }
}

/// The status code and reason, or what stands in their place.
fn status(answer: &str) -> &str {
    let line = answer.lines().next().unwrap_or_default();
    if line.starts_with("HTTP/") { line.split_once(' ').map_or(line, |(_, status)| status) } else { line }
}

fn micros(time: Duration) -> String {
    if time >= Duration::from_millis(10) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{} µs", time.as_micros())
    }
}

/// Two texts line by line, equal lines beside each other.
fn rows(left: &str, right: &str) -> Markup {
    let diff = TextDiff::from_lines(left, right);
    let (left, right): (Vec<_>, Vec<_>) = (left.lines().collect(), right.lines().collect());
    html! {
        tbody {
            @for op in diff.ops() {
                @match *op {
                    DiffOp::Equal { old_index, len, .. } => (equal(&left[old_index..(old_index + len).min(left.len())])),
                    _ => (changed(&left[op.old_range()], &right[op.new_range()])),
                }
            }
        }
    }
}

fn equal(lines: &[&str]) -> Markup {
    let row = |line: &str| html! { tr { td { (cut(line)) } td { (cut(line)) } } };
    let fold = lines.len() > MOST_EQUAL;
    let (first, last) = if fold { lines.split_at(SHOWN_AT_EACH_END) } else { (lines, &lines[..0]) };
    let last = &last[last.len().saturating_sub(SHOWN_AT_EACH_END)..];
    html! {
        @for line in first { (row(line)) }
        @if fold { tr.fold { td colspan="2" { "… " (lines.len() - first.len() - last.len()) " equal lines" } } }
        @for line in last { (row(line)) }
    }
}

fn changed(left: &[&str], right: &[&str]) -> Markup {
    html! {
        @for index in 0..left.len().max(right.len()) {
            @let (left, right) = (left.get(index).copied(), right.get(index).copied());
            tr.changed { (cell(left, right)) (cell(right, left)) }
        }
    }
}

/// One line, with what the other side has differently marked.
fn cell(line: Option<&str>, other: Option<&str>) -> Markup {
    let Some(line) = line else { return html! { td.missing {} } };
    let other = other.unwrap_or_default();
    let same = |(a, b): &(char, char)| a == b;
    let start: usize = line.chars().zip(other.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let rest = (line[start..].chars().rev()).zip(other[start..].chars().rev());
    let end = line.len() - rest.take_while(same).map(|(c, _)| c.len_utf8()).sum::<usize>();
    html! { td { (cut(&line[..start])) mark { (cut(&line[start..end])) } (cut(&line[end..])) } }
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(LONGEST_LINE) {
        Some((at, _)) => format!("{}… ({} bytes)", &line[..at], line.len()),
        None => line.into(),
    }
}
