//! The code in docs/migrating-from-mod_lua.md: what is made from the cases, and whether what is written by hand stands
//! in a case. It knows the document's form and no meaning.
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::case::Case;
use crate::coverage::{Cover, Name, Pair, dedent};
use crate::migrate::migrate;

/// The document.
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/migrating-from-mod_lua.md")
}

/// The document with its made parts as the cases say: each between `<!-- made: kind … -->` and `<!-- end -->`.
pub fn current(text: &str, coverage: &[(Name, Option<Cover>)]) -> Result<String> {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!-- made: ") {
        let (kinds, after) = after.split_once(" -->\n").context("an unfinished `<!-- made:`")?;
        let (_, after) = after.split_once("<!-- end -->").context("no `<!-- end -->`")?;
        let kinds: Vec<&str> = kinds.split(' ').collect();
        let _ = write!(whole, "{before}<!-- made: {} -->\n{}<!-- end -->", kinds.join(" "), made(&kinds, coverage));
        rest = after;
    }
    Ok(whole + rest)
}

fn made(kinds: &[&str], coverage: &[(Name, Option<Cover>)]) -> String {
    let mut text = String::new();
    let mut done: BTreeSet<String> = BTreeSet::new();
    let names = coverage.iter().filter(|(name, _)| kinds.contains(&name.kind.as_str()));
    for (name, cover) in names {
        match cover {
            Some(Cover::Line(line, case)) => {
                let after = match name.note.starts_with("No counterpart") {
                    true => String::new(),
                    false => format!("# after\n{}\n", String::from_utf8_lossy(&migrate(line.as_bytes()))),
                };
                let note = if name.note.is_empty() { String::new() } else { format!("{}\n\n", name.note) };
                let _ = write!(
                    text,
                    "### {}\n\n{note}```apache\n# before\n{line}\n{after}```\n\nRun by `{case}`.\n\n",
                    name.text
                );
            }
            Some(Cover::Code(pair)) if done.insert(pair.lua.text.clone()) => text += &snippets(pair, &name.note),
            _ => {}
        }
    }
    text
}

fn snippets(pair: &Pair, note: &str) -> String {
    let names: Vec<String> = pair.lua.names.iter().map(|name| format!("`{name}`")).collect();
    let note = if note.is_empty() { String::new() } else { format!("{note}\n\n") };
    format!("### {}\n\n{note}```lua\n{}```\n```rust\n{}```\n\n", names.join(", "), pair.lua.text, pair.guest.text)
}

/// Code blocks that stand in no case: of each its first line. A block stands where all its lines do, one after the other.
pub fn strangers(text: &str, cases: &[Case]) -> Result<Vec<String>> {
    let mut sources = Vec::new();
    for case in cases {
        sources.push(dedent(&String::from_utf8_lossy(&case.conf)));
        sources.push(dedent(&String::from_utf8_lossy(&migrate(&case.conf))));
        for script in &case.scripts {
            for file in [script.lua.clone(), script.lua.with_extension("rs"), script.in_c()] {
                if file.exists() {
                    sources.push(std::fs::read_to_string(file)?);
                }
            }
        }
    }
    // Indentation is the document's own.
    let plain = |text: &str| text.lines().map(|line| format!("{}\n", line.trim())).collect::<String>();
    let sources: BTreeSet<String> = sources.iter().map(|source| plain(source)).collect();
    let mut strangers = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("\n```") {
        let (language, after) = after.split_once('\n').context("an unfinished block")?;
        let Some((block, after)) = after.split_once("```") else { bail!("an unfinished block of {language}") };
        rest = after;
        if matches!(language, "sh" | "text" | "toml") {
            continue;
        }
        let parts = block.split("# before\n").flat_map(|part| part.split("# after\n"));
        for part in parts.map(plain).filter(|part| !part.trim().is_empty()) {
            if !sources.iter().any(|source| format!("\n{source}").contains(&format!("\n{part}"))) {
                strangers.push(part.lines().next().unwrap_or_default().to_owned());
            }
        }
    }
    Ok(strangers)
}
