//! Finds out what it was given, a whole configuration or some directives, and makes a whole one of it.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail, ensure};

use super::directive::Line;
use super::expand::{Configuration, envvars};
use super::request_file::Errand;
use crate::case::Case;
use crate::request::Request;
use crate::server::modules;
use crate::websocket;

/// The folder of the repository with the configuration that is compared when none is named.
fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).join("examples/site")
}

/// Copies the example into `folder`, where httpd's children can read it whoever owns the repository, puts that place
/// in its configuration, and names configuration and requests there.
pub fn place_example(folder: &Path) -> Result<(PathBuf, PathBuf)> {
    copy(&example(), folder)?;
    let config = folder.join("httpd.conf");
    let text = std::fs::read_to_string(&config)?;
    std::fs::write(&config, text.replace("/srv/example", &folder.display().to_string()))?;
    Ok((config, folder.join("requests.http")))
}

/// Puts a case of the tests that needs files of its own, or names `${ROOT}`, into `folder`, and says where it is there;
/// `None` of any other configuration. Commands between requests are left to the tests.
pub fn place_case(file: &Path, folder: &Path) -> Result<Option<PathBuf>> {
    let file = file.canonicalize().with_context(|| format!("cannot read {}", file.display()))?;
    if !file.starts_with(Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")) {
        return Ok(None);
    }
    let conf = std::fs::read(&file)?;
    let case = Case::parse(&file, "", conf.clone(), &[])?;
    if case.commands.keys().any(|at| *at > 0) {
        bail!(
            "{}: this case runs commands between requests, which only the tests do (compat-tests/README.md)",
            file.display()
        );
    }
    copy(&case.base, folder)?;
    std::os::unix::fs::symlink(modules(), folder.join("modules"))?;
    let defined = regex::bytes::Regex::new(r"\$\{(ROOT|PORT)\}").context("a pattern of this file")?;
    let root = folder.display().to_string();
    let define = |bytes: &[u8]| {
        let value = |found: &regex::bytes::Captures| if &found[1] == b"ROOT" { root.clone() } else { "80".into() };
        defined.replace_all(bytes, |found: &regex::bytes::Captures| value(found).into_bytes()).into_owned()
    };
    let place = |path: &Path, bytes: &[u8], mode: u32| -> Result<PathBuf> {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        std::fs::write(&path, define(bytes)).with_context(|| path.display().to_string())?;
        std::fs::set_permissions(&path, PermissionsExt::from_mode(mode))?;
        Ok(path)
    };
    for file in &case.files {
        place(&file.path, &file.content, if file.content.starts_with(b"#!") { 0o755 } else { 0o644 })?;
    }
    if let Some(commands) = case.commands.get(&0) {
        let done = std::process::Command::new("sh").args(["-ec", &commands.join("\n")]).current_dir(folder).status()?;
        ensure!(done.success(), "{}: its commands failed", file.display());
    }
    place(Path::new(file.file_name().unwrap_or_default()), &conf, 0o644).map(Some)
}

/// The example's documents all have one Last-Modified, 1 January 2020, so that requests can count on it.
fn example_time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_577_836_800)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target)?;
            std::fs::File::options().append(true).open(&target)?.set_modified(example_time())?;
        }
    }
    Ok(())
}

/// Reads the configuration in `file`, with `LoadModule` lines added for the modules named in `enable`.
///
/// Relative paths are below ServerRoot and, without one, below the folder of `file`. What isn't whole gets a base
/// around it: the usual modules, a Listen, a DocumentRoot (`htdocs` beside the file, or the example's, put into `spare`).
pub fn load(file: &Path, enable: &[String], spare: &Path) -> Result<Configuration> {
    let file = file.canonicalize().with_context(|| format!("cannot read {}", file.display()))?;
    let folder = file.parent().unwrap_or(Path::new("/"));
    let mut given = Configuration::new(folder, envvars(folder)?);
    given.add_file(&file)?;
    let mut configuration = Configuration::new(&given.server_root, given.environment.clone());
    let whole = is_whole(&given);
    if !whole {
        add_base(&mut configuration, folder, spare)?;
    }
    for name in enable {
        let name = name.trim_end_matches("_module");
        configuration.add_line(load_module(name));
    }
    configuration
        .lines
        .extend(given.lines.into_iter().map(|line| if whole { line } else { with_module(line, folder) }));
    configuration.variables = given.variables;
    Ok(configuration)
}

/// Whether this is all that httpd needs, rather than some directives to be put into a whole configuration.
fn is_whole(configuration: &Configuration) -> bool {
    configuration.lines.iter().filter_map(Line::directive).any(|directive| directive.name == "listen")
}

/// A fragment's `LoadModule dbd_module modules/mod_dbd.so` loads httpd's own module where the path leads nowhere.
fn with_module(line: Line, folder: &Path) -> Line {
    let Some(directive) = line.directive().filter(|directive| directive.name == "loadmodule") else { return line };
    let path = directive.arg(1).unwrap_or_default();
    let own = Path::new(path).file_name().map(|name| modules().join(name));
    match own.filter(|own| !folder.join(path).exists() && own.exists()) {
        Some(own) => Line { text: directive.with_args(1, 2, &format!("\"{}\"", own.display())), ..line },
        None => line,
    }
}

/// The requests that a fragment has in its comments, as a case of the tests has them.
pub fn requests_within(configuration: &Configuration) -> Result<Vec<Errand>> {
    let comment =
        |line: &Line| if line.text.trim_start().starts_with('#') { format!("{}\n", line.text) } else { "\n".into() };
    let text: String = configuration.lines.iter().map(comment).collect();
    let case = Case::parse(Path::new("requests"), "", text.into_bytes(), &[])?;
    let http = case.requests.into_iter().filter(|request| !websocket::asked(request));
    let errand = |request: Request| {
        let line = request.bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let name = String::from_utf8_lossy(line).trim_end_matches(" HTTP/1.1").to_owned();
        Errand { name, port: None, address: None, request }
    };
    Ok(http.map(errand).collect())
}

/// What surrounds a fragment, less the LoadModule lines.
const BASE: &str = include_str!("base.conf");

/// The modules that a fragment finds loaded, where httpd has them.
const BASE_MODULES: &str = "mpm_event authn_core authn_file authz_core authz_host authz_user auth_basic access_compat \
    alias asis autoindex cgid deflate dir env expires filter headers include mime negotiation rewrite setenvif status";

fn add_base(configuration: &mut Configuration, folder: &Path, spare: &Path) -> Result<()> {
    for name in BASE_MODULES.split_whitespace().filter(|name| modules().join(format!("mod_{name}.so")).exists()) {
        configuration.add_line(load_module(name));
    }
    let mut root = folder.join("htdocs");
    if !root.is_dir() {
        place_example(spare)?;
        root = spare.join("htdocs");
    }
    for line in BASE.lines().filter(|line| !line.starts_with('#')) {
        configuration.add_line(line.replace("@DocumentRoot@", &root.display().to_string()));
    }
    Ok(())
}

fn load_module(name: &str) -> String {
    format!("LoadModule {name}_module \"{}\"", modules().join(format!("mod_{name}.so")).display())
}
