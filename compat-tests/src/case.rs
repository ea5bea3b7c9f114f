//! A compat case: an httpd config with its requests and files in comments; it knows how a case is
//! written, and runs nothing. The form is described in this folder's README.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::request::Request;

/// One case, read from `cases/<module>/<topic>/<case>.conf`.
#[derive(Clone, Debug)]
pub struct Case {
    /// `<topic>/<case>`.
    pub name: String,
    /// The case's file.
    pub path: PathBuf,
    /// The file's bytes: the config as it is given to httpd.
    pub conf: Vec<u8>,
    /// The requests, in order; none means that `httpd -t` is what is compared.
    pub requests: Vec<Request>,
    /// Files to make below the server's directory.
    pub files: Vec<CaseFile>,
    /// Module identifiers that are swapped for Wasm guests.
    pub swap: Vec<String>,
    /// Shell commands to run in the server's directory before the request of that number; those
    /// before the first request run before the server starts.
    pub commands: BTreeMap<usize, Vec<String>>,
    /// The entry of docs/differences.md that says why the Wasm answer is another one.
    pub differs: Option<String>,
    /// The folder that every server of this case is copied from.
    pub base: PathBuf,
    /// The Lua scripts beside the case, and the guests that do the same.
    pub scripts: Vec<Script>,
}

/// A script of mod_lua and the guest that takes its place.
#[derive(Clone, Debug)]
pub struct Script {
    /// The Lua file.
    pub lua: PathBuf,
    /// The guest's name in dist/.
    pub guest: String,
}

impl Script {
    /// The guest's source where it is in C: `migrated_c/form_c.c` for `migrated/form.lua`.
    pub fn in_c(&self) -> PathBuf {
        let name = |path: Option<&std::ffi::OsStr>| path.unwrap_or_default().to_string_lossy().into_owned();
        let folder = self.lua.parent().unwrap_or(Path::new(""));
        folder.with_file_name(name(folder.file_name()) + "_c").join(name(self.lua.file_stem()) + "_c.c")
    }
}

/// A file that a case brings along.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// Below the server's directory, such as `htdocs/a.txt`.
    pub path: PathBuf,
    /// Its bytes; a file that begins with `#!` becomes executable.
    pub content: Vec<u8>,
}

impl Case {
    /// Reads one case from its file. `swap` is what its folder swaps by default.
    pub fn read(path: &Path, name: &str, swap: &[&str]) -> Result<Case> {
        let conf = std::fs::read(path).with_context(|| path.display().to_string())?;
        Case::parse(path, name, conf, swap)
    }

    /// A case from its text. `path` needn't be there; it says where the case would stand.
    pub fn parse(path: &Path, name: &str, conf: Vec<u8>, swap: &[&str]) -> Result<Case> {
        let mut case = Case {
            name: name.to_owned(),
            path: path.to_owned(),
            conf: Vec::new(),
            requests: Vec::new(),
            files: Vec::new(),
            commands: BTreeMap::new(),
            swap: swap.iter().map(|&module| module.to_owned()).collect(),
            differs: None,
            base: base_of(path),
            scripts: Vec::new(),
        };
        case.read_comments(&conf).with_context(|| path.display().to_string())?;
        case.conf = conf;
        Ok(case)
    }

    /// All cases below `cases/<module>`, sorted by name. `<module>` names what they swap:
    /// `mod_headers` stands for `headers_module`.
    pub fn all(module: &str) -> Result<Vec<Case>> {
        let folder = folder(module);
        let swap = format!("{}_module", module.trim_start_matches("mod_"));
        let mut cases = Vec::new();
        for topic in sorted(&folder)? {
            let topic_name = file_name(&topic);
            if topic_name == "base" || !topic.is_dir() {
                continue;
            }
            for path in sorted(&topic)? {
                if path.extension().is_some_and(|extension| extension == "conf") {
                    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                    let case = Case::read(&path, &format!("{topic_name}/{stem}"), &[&swap])?;
                    cases.push(Case { scripts: scripts(&topic, guest_of_a_case)?, ..case });
                }
            }
        }
        Ok(cases)
    }

    /// The whole programs of `examples/migrated`, each a case with a guest of its own, sorted by name; of those that
    /// stand in C in `examples/migrated_c` another case, `migrated/<name>.c`.
    pub fn migrated() -> Result<Vec<Case>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/migrated");
        let mut cases = Vec::new();
        for path in sorted(&folder)? {
            if path.extension().is_some_and(|extension| extension == "conf") {
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                let case = Case::read(&path, &format!("migrated/{stem}"), &["lua_module"])?;
                let mut scripts = scripts(&folder, |stem| format!("{stem}.wasm"))?;
                let conf = String::from_utf8_lossy(&case.conf).into_owned();
                scripts.retain(|script| conf.contains(&*script.lua.file_name().unwrap_or_default().to_string_lossy()));
                let case = Case { scripts, base: self::folder("lua").join("base"), ..case };
                cases.extend(case.in_c());
                cases.push(case);
            }
        }
        Ok(cases)
    }

    /// The same with the programs in C, where all of them stand there.
    fn in_c(&self) -> Option<Case> {
        let in_c = |script: &Script| {
            let guest = format!("{}_c.wasm", script.lua.file_stem()?.to_string_lossy());
            let script = Script { lua: script.lua.clone(), guest };
            script.in_c().exists().then_some(script)
        };
        let scripts = self.scripts.iter().map(in_c).collect::<Option<_>>()?;
        Some(Case { name: format!("{}.c", self.name), scripts, ..self.clone() })
    }

    /// What the case shows: its first comment.
    pub fn description(&self) -> String {
        let text = String::from_utf8_lossy(&self.conf);
        let comment = text
            .lines()
            .map_while(|line| line.strip_prefix("# "))
            .take_while(|line| !line.starts_with("differs:") && !line.starts_with("swap:"));
        comment.collect::<Vec<_>>().join(" ")
    }

    fn read_comments(&mut self, conf: &[u8]) -> Result<()> {
        let mut request: Option<(Vec<&[u8]>, bool)> = None;
        for line in conf.split(|&b| b == b'\n') {
            let text = line.trim_ascii_start();
            if let Some(line) = text.strip_prefix(b"#>") {
                let same = line.strip_prefix(b">");
                let line = same.unwrap_or(line);
                let line = line.strip_prefix(b" ").unwrap_or(line);
                // A `#>>` line begins a request; so does a request line where headers may stand,
                // and any `#>` line after something else.
                let headers = request.as_ref().is_some_and(|(lines, _)| !lines.contains(&&b""[..]));
                if same.is_some() || (headers && is_request_line(line)) {
                    self.finish(request.take())?;
                }
                request.get_or_insert((Vec::new(), same.is_some())).0.push(line);
                continue;
            }
            self.finish(request.take())?;
            if let Some(path) = text.strip_prefix(b"#= ") {
                let path = PathBuf::from(String::from_utf8_lossy(path.trim_ascii()).into_owned());
                if path.is_absolute() || path.components().any(|part| part.as_os_str() == "..") {
                    bail!("{} leaves the server's directory", path.display());
                }
                self.files.push(CaseFile { path, content: Vec::new() });
            } else if let Some(line) = text.strip_prefix(b"#|") {
                let Some(file) = self.files.last_mut() else {
                    bail!("a `#|` line before any `#=` line");
                };
                file.content.extend_from_slice(line.strip_prefix(b" ").unwrap_or(line));
                file.content.push(b'\n');
            } else if let Some(command) = text.strip_prefix(b"#$ ") {
                let command = String::from_utf8_lossy(command).into_owned();
                self.commands.entry(self.requests.len()).or_default().push(command);
            } else if let Some(modules) = text.strip_prefix(b"# swap:") {
                let modules = String::from_utf8_lossy(modules).into_owned();
                self.swap = modules.split_whitespace().map(str::to_owned).collect();
            } else if let Some(id) = text.strip_prefix(b"# differs:") {
                self.differs = Some(String::from_utf8_lossy(id).trim().to_owned());
            }
        }
        self.finish(request)
    }

    fn finish(&mut self, request: Option<(Vec<&[u8]>, bool)>) -> Result<()> {
        if let Some((lines, same_connection)) = request {
            self.requests.push(Request::from_lines(&lines, same_connection)?);
        }
        Ok(())
    }
}

/// Whether a line is a method in capitals, a blank and a target.
fn is_request_line(line: &[u8]) -> bool {
    let mut words = line.split(|&b| b == b' ');
    let method = words.next().unwrap_or_default();
    !method.is_empty() && method.iter().all(u8::is_ascii_uppercase) && words.next().is_some()
}

/// The scripts of a folder, each with the guest that `guest` names for its stem.
fn scripts(folder: &Path, guest: impl Fn(&str) -> String) -> Result<Vec<Script>> {
    let files = sorted(folder)?.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "lua"));
    let script = |lua: PathBuf| {
        let guest = guest(&lua.file_stem().unwrap_or_default().to_string_lossy());
        Script { lua, guest }
    };
    Ok(files.map(script).collect())
}

/// One guest has the functions of all scripts, save for those that must be a file of their own.
fn guest_of_a_case(stem: &str) -> String {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("guests/lua_{stem}"));
    if own.is_dir() { format!("lua_{stem}.wasm") } else { "lua_cases.wasm".to_owned() }
}

/// `base/` beside the case's topic folder.
fn base_of(case: &Path) -> PathBuf {
    case.ancestors()
        .map(|folder| folder.join("base"))
        .find(|base| base.is_dir())
        .unwrap_or_else(|| PathBuf::from("base"))
}

/// `cases/<module>` of this crate.
pub fn folder(module: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(module)
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<PathBuf>>>()?;
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
