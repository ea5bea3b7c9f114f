//! What mod_status shows of guests, and what is logged of failures that weren't reported one by one. Knows the counters and
//! how they are written, and no request.

use crate::counters::{self, INTERVAL, KINDS, News, Sums};
use crate::process::POOLED;
use std::fmt::Write;

/// How mod_status wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `?auto`: lines of a name and a number (AP_STATUS_SHORT).
    Auto,
    /// HTML without tables (AP_STATUS_NOTABLE).
    NoTable,
    /// HTML.
    Html,
}

/// The part of /server-status about guests; empty if there are none.
pub(crate) fn page(form: Form) -> String {
    render(form, &counters::all())
}

fn render(form: Form, all: &[Sums]) -> String {
    let mut page = String::new();
    if all.is_empty() {
        return page;
    }
    // Writing to a string doesn't fail.
    let _ = match form {
        Form::Auto => auto(&mut page, all),
        Form::NoTable => no_table(&mut page, all),
        Form::Html => table(&mut page, all),
    };
    page
}

/// A module's numbers with their names.
fn numbers(sums: &Sums) -> impl Iterator<Item = (&'static str, u64)> {
    let failures = KINDS.into_iter().zip(sums.failures);
    let first = [("Calls", sums.calls), ("Instances", sums.instances)];
    first.into_iter().chain(failures).chain([
        ("NotReported", sums.unreported),
        ("DroppedLines", sums.dropped),
        ("BeyondPool", sums.beyond_pool),
    ])
}

fn auto(page: &mut String, all: &[Sums]) -> std::fmt::Result {
    writeln!(page, "WasmModules: {}", all.len())?;
    for (i, sums) in all.iter().enumerate() {
        // One line each, whatever a name holds.
        let name: String = sums.name.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
        writeln!(page, "WasmModule[{i}]Name: {name}")?;
        for (what, number) in numbers(sums) {
            writeln!(page, "WasmModule[{i}]{what}: {number}")?;
        }
    }
    Ok(())
}

fn no_table(page: &mut String, all: &[Sums]) -> std::fmt::Result {
    page.push_str("<hr />\n<h2>WebAssembly</h2>\n");
    for sums in all {
        write!(page, "<p><b>{}</b>:", escaped(&sums.name))?;
        for (what, number) in numbers(sums) {
            write!(page, " {what} {number}")?;
        }
        page.push_str("</p>\n");
    }
    Ok(())
}

fn table(page: &mut String, all: &[Sums]) -> std::fmt::Result {
    page.push_str("<hr />\n<h2>WebAssembly</h2>\n<table border=\"0\"><tr><th>Module</th>");
    for (what, _) in all.iter().take(1).flat_map(numbers) {
        write!(page, "<th>{what}</th>")?;
    }
    page.push_str("</tr>\n");
    for sums in all {
        write!(page, "<tr><td>{}</td>", escaped(&sums.name))?;
        for (_, number) in numbers(sums) {
            write!(page, "<td>{number}</td>")?;
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table>\n");
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Lines about what was held back in intervals that are over, with `now` also in the present one, and about a full pool: whether it
/// is an error, and the line.
pub(crate) fn news(now: bool) -> Vec<(bool, String)> {
    let mut lines = Vec::new();
    for News { name, failures, lines: dropped, beyond_pool } in counters::news(now) {
        if failures > 0 {
            lines.push((
                true,
                format!(
                    "mod_wasm: {name} failed {failures} more times within {INTERVAL} s than were reported one by one"
                ),
            ));
        }
        if dropped > 0 {
            lines.push((true, format!("mod_wasm: {name} had {dropped} more lines to log within {INTERVAL} s than it may: they were dropped")));
        }
        if beyond_pool > 0 {
            let what = format!(
                "mod_wasm: {beyond_pool} instances of {name} were made on demand, which is slower, as a child's pool of {POOLED} was full"
            );
            lines.push((false, what));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_has_every_number() {
        let sums = |name: &str| Sums {
            name: name.into(),
            calls: 5,
            instances: 2,
            failures: [1, 0, 0, 0, 0, 3, 0],
            unreported: 1,
            dropped: 7,
            beyond_pool: 9,
        };
        let all = [sums("trap_module"), sums("<b>\n")];
        let auto = render(Form::Auto, &all);
        assert!(auto.starts_with("WasmModules: 2\nWasmModule[0]Name: trap_module\nWasmModule[0]Calls: 5\nWasmModule[0]Instances: 2\nWasmModule[0]Traps: 1\n"), "{auto}");
        assert!(
            auto.contains("WasmModule[1]Name: <b>?\n")
                && auto.ends_with(
                    "WasmModule[1]NotReported: 1\nWasmModule[1]DroppedLines: 7\nWasmModule[1]BeyondPool: 9\n"
                ),
            "{auto}"
        );
        let html = render(Form::Html, &all);
        assert!(
            html.contains("<tr><td>&lt;b&gt;\n</td><td>5</td><td>2</td><td>1</td>") && !html.contains("<b>"),
            "{html}"
        );
        assert!(render(Form::NoTable, &all).contains("<b>trap_module</b>: Calls 5 Instances 2 Traps 1"));
        assert_eq!(render(Form::Html, &[]), "");
    }
}
