//! Reads a configuration as httpd would: Includes in place, variables known, each line with its file and number.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::directive::{Directive, Line, Source, logical_lines};

/// httpd's own limit on nested Includes (`core.c:AP_MAX_INCLUDE_DEPTH`).
const MAX_INCLUDE_DEPTH: usize = 128;

/// A configuration with all its Includes in place.
pub struct Configuration {
    /// Every logical line, in the order in which httpd reads them.
    pub lines: Vec<Line>,
    /// What the environment says: Debian's `APACHE_*`.
    pub environment: BTreeMap<String, String>,
    /// What `${NAME}` stands for at the end: the environment and each Define.
    pub variables: BTreeMap<String, String>,
    /// The directory against which httpd resolves relative paths.
    pub server_root: PathBuf,
}

impl Configuration {
    /// One without lines. `server_root` holds until a ServerRoot directive.
    pub fn new(server_root: &Path, environment: BTreeMap<String, String>) -> Self {
        let variables = environment.clone();
        Self { lines: Vec::new(), environment, variables, server_root: server_root.into() }
    }

    /// Adds the lines of `file` and of all that it includes.
    pub fn add_file(&mut self, file: &Path) -> Result<()> {
        self.read(file, 0)
    }

    /// Adds one line of our own, which comes from no file.
    pub fn add_line(&mut self, text: String) {
        self.lines.push(Line { source: Source { file: "(added)".into(), line: 0 }, text });
    }

    fn read(&mut self, file: &Path, depth: usize) -> Result<()> {
        if depth > MAX_INCLUDE_DEPTH {
            bail!("{}: Includes nest deeper than {MAX_INCLUDE_DEPTH}: does a file include itself?", file.display());
        }
        let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        for (line, text) in logical_lines(&String::from_utf8_lossy(&bytes)) {
            let line = Line { source: Source { file: file.into(), line }, text };
            let directive = line.directive();
            match directive.as_ref().map(|directive| directive.name.as_str()) {
                Some("define") => self.define(directive.as_ref()),
                Some("undefine") => {
                    directive.as_ref().and_then(|d| d.arg(0)).map(|name| self.variables.remove(name));
                }
                Some("serverroot") => {
                    if let Some(path) = directive.as_ref().and_then(|d| d.arg(0)) {
                        self.server_root = self.substitute(path).into();
                    }
                }
                Some(name @ ("include" | "includeoptional")) => {
                    let path = directive.as_ref().and_then(|d| d.arg(0)).unwrap_or_default();
                    let files = self.included(path);
                    // A missing file is left for httpd itself to complain about, with its own words.
                    if files.is_empty() && name == "include" {
                        self.lines.push(line);
                    }
                    for file in files {
                        self.read(&file, depth + 1)?;
                    }
                    continue;
                }
                _ => {}
            }
            self.lines.push(line);
        }
        Ok(())
    }

    fn define(&mut self, directive: Option<&Directive>) {
        let Some(name) = directive.and_then(|d| d.arg(0)) else { return };
        let value = self.substitute(directive.and_then(|d| d.arg(1)).unwrap_or_default());
        self.variables.insert(name.into(), value);
    }

    /// The text with each known `${NAME}` put in; an unknown one stays, as in httpd.
    pub fn substitute(&self, text: &str) -> String {
        let mut result = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let (before, from) = rest.split_at(start);
            result.push_str(before);
            let Some(end) = from.find('}') else {
                rest = from;
                break;
            };
            match self.variables.get(&from[2..end]) {
                Some(value) => result.push_str(value),
                None => result.push_str(&from[..=end]),
            }
            rest = &from[end + 1..];
        }
        result + rest
    }

    /// A path as httpd resolves it: variables put in, relative ones below ServerRoot.
    pub fn path(&self, path: &str) -> PathBuf {
        self.server_root.join(self.substitute(path))
    }

    /// The files of an Include, sorted by name; a directory stands for all files below it.
    fn included(&self, path: &str) -> Vec<PathBuf> {
        let pattern = self.path(path);
        let mut found: Vec<PathBuf> =
            glob::glob(&pattern.to_string_lossy()).map(|paths| paths.flatten().collect()).unwrap_or_default();
        found.sort();
        found.into_iter().flat_map(files_below).collect()
    }
}

fn files_below(path: PathBuf) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path];
    }
    let mut entries: Vec<PathBuf> =
        fs::read_dir(&path).map(|entries| entries.flatten().map(|entry| entry.path()).collect()).unwrap_or_default();
    entries.sort();
    entries.into_iter().flat_map(files_below).collect()
}

/// The variables that Debian's `envvars`, beside the configuration, gives to httpd; none where there is no such file.
pub fn envvars(directory: &Path) -> Result<BTreeMap<String, String>> {
    let file = directory.join("envvars");
    if !file.exists() {
        return Ok(BTreeMap::new());
    }
    let output = Command::new("sh")
        .arg("-c")
        .arg(". \"$1\" && env -0")
        .arg("sh")
        .arg(&file)
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("APACHE_CONFDIR", directory)
        .output()
        .context("cannot run sh")?;
    if !output.status.success() {
        bail!("{}: {}", file.display(), String::from_utf8_lossy(&output.stderr).trim());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let pairs = text.split('\0').filter_map(|pair| pair.split_once('='));
    Ok(pairs
        .filter(|(name, _)| !matches!(*name, "PWD" | "PATH" | "_" | "SHLVL" | "OLDPWD" | "LANG" | "APACHE_CONFDIR"))
        .map(|(name, value)| (name.into(), value.into()))
        .collect())
}
