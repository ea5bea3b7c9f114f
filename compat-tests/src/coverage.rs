//! Which names of mod_lua have a case: the list of names, the snippets of scripts and guests that show them, and the
//! lines of configurations that use them. It reads files and runs nothing.
//!
//! A snippet begins with a comment that names what it shows (`--: r:puts`, in Rust `//: r:puts`) and ends at an empty line.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::case::{Case, folder};

/// One thing that mod_lua offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// `field`, `function`, `directive` and so on.
    pub kind: String,
    /// As a script or a configuration writes it.
    pub text: String,
    /// What whoever migrates should know; may be empty.
    pub note: String,
}

impl Name {
    /// Whether a configuration shows it, rather than a script.
    pub fn is_config(&self) -> bool {
        matches!(self.kind.as_str(), "directive" | "handler" | "order" | "scope" | "cache" | "inherit")
    }
}

/// The list of names, `cases/lua/names.txt`.
pub fn names() -> Result<Vec<Name>> {
    let path = folder("lua").join("names.txt");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let (name, note) = line.split_once(" -- ").unwrap_or((line, ""));
            let (kind, text) = name.split_once(' ').with_context(|| format!("{line}: kind and name"))?;
            Ok(Name { kind: kind.into(), text: text.trim().into(), note: note.trim().into() })
        })
        .collect()
}

/// Some lines of a script or a guest that show some names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// What stands over it.
    pub names: Vec<String>,
    /// The lines, without what they are all indented by.
    pub text: String,
    /// Where it stands.
    pub file: PathBuf,
}

/// The snippets of a file, by what its comments begin with: `--:` or `//:`.
pub fn snippets(file: &Path, mark: &str) -> Result<Vec<Snippet>> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let mut snippets: Vec<Snippet> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if let Some(names) = line.trim_start().strip_prefix(mark) {
            let names = names.split(',').map(|name| name.trim().to_owned()).collect();
            snippets.push(Snippet { names, text: String::new(), file: file.to_owned() });
            inside = true;
        } else if line.trim().is_empty() {
            inside = false;
        } else if inside && let Some(snippet) = snippets.last_mut() {
            snippet.text += line;
            snippet.text.push('\n');
        }
    }
    for snippet in &mut snippets {
        snippet.text = dedent(&snippet.text);
        if snippet.text.is_empty() {
            bail!("{}: nothing stands below {:?}", file.display(), snippet.names);
        }
    }
    Ok(snippets)
}

/// The same lines without what they are all indented by.
pub fn dedent(text: &str) -> String {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let indent = lines().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    text.lines().map(|line| format!("{}\n", line.get(indent..).unwrap_or("").trim_end())).collect()
}

/// A name as both languages show it.
#[derive(Clone, Debug)]
pub struct Pair {
    /// In Lua.
    pub lua: Snippet,
    /// In a guest.
    pub guest: Snippet,
}

/// What covers each name: a pair of snippets, or a line of a configuration.
#[derive(Clone, Debug)]
pub enum Cover {
    /// For what stands in scripts.
    Code(Box<Pair>),
    /// For what stands in configurations: the line for mod_lua, and the case.
    Line(String, String),
}

/// Every name with what covers it, in the list's order.
pub fn coverage(cases: &[Case]) -> Result<Vec<(Name, Option<Cover>)>> {
    let mut lua = BTreeMap::new();
    let mut guests = BTreeMap::new();
    for case in cases {
        let conf = String::from_utf8_lossy(&case.conf).into_owned();
        for script in &case.scripts {
            let stem = script.lua.file_stem().unwrap_or_default().to_string_lossy();
            // A script that no configuration names is never run.
            if case.requests.is_empty() || !conf.contains(&format!("{stem}.lua")) {
                continue;
            }
            for (mark, file, found) in
                [("--:", script.lua.clone(), &mut lua), ("//:", script.lua.with_extension("rs"), &mut guests)]
            {
                if !file.exists() {
                    continue;
                }
                for snippet in snippets(&file, mark)? {
                    for name in snippet.names.clone() {
                        found.entry(name).or_insert_with(|| snippet.clone());
                    }
                }
            }
        }
    }
    let cover = |name: &Name| {
        if name.is_config() {
            return cases.iter().find_map(|case| Some(Cover::Line(line_of(case, &name.text)?, case.name.clone())));
        }
        let pair = Pair { lua: lua.get(&name.text)?.clone(), guest: guests.get(&name.text)?.clone() };
        mentions(&pair.lua.text, &name.text).then(|| Cover::Code(Box::new(pair)))
    };
    Ok(names()?.into_iter().map(|name| (name.clone(), cover(&name))).collect())
}

/// Whether a text has a name as a whole word.
fn mentions(text: &str, name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        !(name.ends_with(word) && text[at + name.len()..].starts_with(word)) && !text[..at].ends_with(word)
    })
}

/// A line of a case's configuration that has the words of a name in their order, the first at its beginning.
fn line_of(case: &Case, name: &str) -> Option<String> {
    let conf = String::from_utf8_lossy(&case.conf);
    let mut words = name.split(' ');
    let first = words.next()?;
    let rest: Vec<&str> = words.collect();
    let found = conf.lines().map(str::trim).find(|line| {
        let mut line = line.split_whitespace();
        line.next() == Some(first) && rest.iter().all(|word| line.any(|found| found.contains(word)))
    });
    found.map(str::to_owned)
}
