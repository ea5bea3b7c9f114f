//! Runs a case on one kind of server and writes down what came of it; it doesn't decide whether two
//! such records agree (that is `difference`) nor what the right one is (that is native httpd).
use std::fmt::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::answer::{printable, stable};
use crate::case::{Case, Script};
use crate::client::Connection;
use crate::errorlog;
use crate::migrate::migrate;
use crate::postgres::Database;
use crate::request::Request;
use crate::server::{Flavour, Mpm, Server, Site, free_port, modules};
use crate::swap::Swap;
use crate::websocket;

/// What one server did with one case.
#[derive(Clone, Debug)]
pub struct Record {
    /// Requests, answers and comparable log lines, normalised: what is compared and kept.
    pub text: String,
    /// The part of `text` that belongs to each request, in order.
    pub answers: Vec<String>,
    /// The error log as it was written.
    pub log: String,
}

/// Where a server lives: a directory below /tmp, and its ports.
#[derive(Clone, Debug)]
pub struct Place {
    /// The directory's name.
    pub name: String,
    /// The server's own port.
    pub port: u16,
    /// The port of the second host.
    pub echo_port: u16,
    /// A port that nobody listens on, unless the case does.
    pub tls_port: u16,
}

impl Place {
    /// A place that nobody uses now.
    pub fn any() -> Result<Place> {
        let free = tempfile::Builder::new().prefix("httpd-").rand_bytes(6).tempdir_in("/tmp")?;
        let name = free.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Place { name, port: free_port()?, echo_port: free_port()?, tls_port: free_port()? })
    }
}

/// A directory with everything that a server needs: the config, its files, its ports.
pub struct Stage {
    /// Removed when dropped, unless `COMPAT_KEEP` is set.
    pub root: TempDir,
    /// What to start.
    pub site: Site,
    /// The port of the second host.
    pub echo_port: u16,
    /// A PostgreSQL database, for a config that names `${PGDATABASE}`.
    database: Option<Database>,
    /// What the case says in mod_lua's names is meant for mod_wasm.
    migrated: bool,
}

/// The time that every file's Last-Modified shows: 2020-01-02 03:04:05 UTC.
fn file_time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_577_934_245)
}

impl Stage {
    /// Sets the scene for `conf`: `base/` beside the cases is copied, `base/httpd.conf` and `conf`
    /// (as `case.conf`) are included from an `httpd.conf` that defines `ROOT`, `PORT`, `ECHO_PORT`,
    /// `TLS_PORT` and `MPM`; for a `conf` that names `${PGDATABASE}` also `PGHOST`, `PGUSER` and `PGDATABASE`.
    pub fn set(place: &Place, base: &Path, conf: &[u8], swap: &Swap, flavour: Flavour, mpm: Mpm) -> Result<Stage> {
        let root = tempfile::Builder::new().prefix(&place.name).rand_bytes(0).tempdir_in("/tmp")?;
        std::fs::set_permissions(root.path(), PermissionsExt::from_mode(0o755))?;
        copy_tree(base, root.path())?;
        std::os::unix::fs::symlink(modules(), root.path().join("modules"))?;
        let Place { port, echo_port, tls_port, .. } = *place;
        let mut main = format!(
            "Define ROOT {}\nDefine PORT {port}\nDefine ECHO_PORT {echo_port}\nDefine TLS_PORT {tls_port}\nDefine MPM {}\n",
            root.path().display(),
            mpm.name()
        );
        let database = contains(conf, b"${PGDATABASE}").then(Database::new).transpose()?;
        for (name, value) in database.iter().flat_map(Database::environment) {
            main.push_str(&format!("Define {name} {value}\n"));
        }
        let base_conf = std::fs::read(base.join("httpd.conf"))?;
        let write = |name: &str, bytes: &[u8]| std::fs::write(root.path().join(name), bytes);
        match flavour {
            Flavour::Native => {
                write("base.conf", &base_conf)?;
                write("case.conf", conf)?;
            }
            Flavour::Wasm => {
                swap.make_cache().context("make the directory for compiled code")?;
                main.push_str(&swap.preamble());
                write("base.conf", &swap.apply(&base_conf))?;
                write("case.conf", &swap.apply(conf))?;
            }
        }
        main.push_str("Include \"${ROOT}/base.conf\"\n");
        if flavour == Flavour::Wasm && swap.scripts() {
            main.push_str(&swap.settings());
        }
        main.push_str("Include \"${ROOT}/case.conf\"\n");
        write("httpd.conf", main.as_bytes())?;
        let site = Site::at(root.path(), port);
        let migrated = flavour == Flavour::Wasm && swap.scripts();
        let mut stage = Stage { root, site, echo_port, database, migrated };
        if std::env::var_os("COMPAT_KEEP").is_some() {
            stage.root.disable_cleanup(true);
            eprintln!("{}: {}", flavour.name(), stage.root.path().display());
        }
        Ok(stage)
    }

    /// Puts scripts into `scripts/`: as Lua for native httpd, else the guests under the same names, `.wasm` for `.lua`.
    fn place_scripts(&self, scripts: &[Script], swap: &Swap, flavour: Flavour) -> Result<()> {
        for script in scripts {
            let name = PathBuf::from("scripts").join(script.lua.file_name().unwrap_or_default());
            let (source, name) = match flavour {
                Flavour::Native => (script.lua.clone(), name),
                Flavour::Wasm => (swap.dist.join(&script.guest), name.with_extension("wasm")),
            };
            let content =
                std::fs::read(&source).with_context(|| format!("{}: scripts/build makes it", source.display()))?;
            self.write(&name, &content)?;
        }
        Ok(())
    }

    /// Replaces `${ROOT}`, `${PORT}` and `${ECHO_PORT}`, as httpd does in the config.
    fn define(&self, bytes: &[u8]) -> Vec<u8> {
        let defined = regex::bytes::Regex::new(r"\$\{(ROOT|PORT|ECHO_PORT)\}");
        let defined = defined.expect("a pattern of this file");
        let value = |found: &regex::bytes::Captures| match &found[1] {
            b"ROOT" => self.root.path().display().to_string().into_bytes(),
            b"PORT" => self.site.port.to_string().into_bytes(),
            _ => self.echo_port.to_string().into_bytes(),
        };
        defined.replace_all(bytes, value).into_owned()
    }

    /// Runs the commands that a case has before its request of that number, through `sh -e`.
    fn run(&self, case: &Case, at: usize) -> Result<()> {
        let Some(commands) = case.commands.get(&at) else { return Ok(()) };
        let mut script = commands.join("\n");
        if self.migrated {
            script = String::from_utf8_lossy(&migrate(script.as_bytes())).into_owned();
        }
        let output = std::process::Command::new("sh")
            .args(["-ec", &script])
            .envs(self.database.iter().flat_map(Database::environment))
            .current_dir(self.root.path())
            .output()
            .context("run sh")?;
        if !output.status.success() {
            bail!("{script}\n{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }

    /// mod_cgid's daemon gives its socket away after the server already answers: waits until then.
    fn wait_for_cgid(&self, case: &Case) {
        let name = b"cgi.sock";
        if !contains(&case.conf, name) {
            return;
        }
        let root = rustix::process::getuid().is_root();
        // cgid adds its process id to the name (mod_cgid.c:cgid_init).
        let is_ready = |entry: std::fs::DirEntry| {
            entry.file_name().as_encoded_bytes().starts_with(name)
                && entry.metadata().is_ok_and(|data| !root || data.uid() != 0)
        };
        for _ in 0..400 {
            let entries = std::fs::read_dir(self.root.path()).into_iter().flatten().flatten();
            if entries.into_iter().any(is_ready) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Writes a file below the server's directory, readable by all, executable if it begins with
    /// `#!`, always with the same modification time.
    pub fn write(&self, path: &Path, content: &[u8]) -> Result<()> {
        let path = self.root.path().join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, content).with_context(|| path.display().to_string())?;
        settle(&path, content.starts_with(b"#!"))
    }
}

/// Runs a case on one kind of server. A port that somebody else took before httpd did is no reason
/// to fail: then it is run again on others.
pub fn run(case: &Case, flavour: Flavour, mpm: Mpm) -> Result<Record> {
    let mut record = run_at(&Place::any()?, case, flavour, mpm);
    for _ in 0..3 {
        match &record {
            Err(e) if format!("{e:#}").contains("Address already in use") => {
                record = run_at(&Place::any()?, case, flavour, mpm);
            }
            _ => break,
        }
    }
    record
}

/// Runs a case at a place: what the answers show of paths and ports, two runs at one place show alike.
pub fn run_at(place: &Place, case: &Case, flavour: Flavour, mpm: Mpm) -> Result<Record> {
    let swap = Swap::new(case.swap.clone());
    let stage = Stage::set(place, &case.base, &case.conf, &swap, flavour, mpm)?;
    stage.place_scripts(&case.scripts, &swap, flavour)?;
    for file in &case.files {
        let mut content = stage.define(&file.content);
        if stage.migrated && file.path.ends_with(".htaccess") {
            content = migrate(&content);
        }
        stage.write(&file.path, &content)?;
    }
    stage.run(case, 0)?;
    if case.requests.is_empty() {
        return config_test(&stage);
    }
    let server = Server::start(&stage.site)?;
    stage.wait_for_cgid(case);
    let mut requests = case.requests.clone();
    for request in &mut requests {
        request.bytes = stage.define(&request.bytes);
    }
    let mut answers = Vec::new();
    let mut from = 0;
    let pauses = case.commands.keys().copied().filter(|&at| at > 0).chain([case.requests.len()]);
    for to in pauses {
        answers.extend(ask(&server, requests.get(from..to).unwrap_or_default())?);
        if to < case.requests.len() {
            stage.run(case, to)?;
        }
        from = to;
    }
    settle_log(&server);
    server.stop()?;
    let log = stage.site.error_log_text();
    let lines = if swap.scripts() { errorlog::render_scripts(&log) } else { errorlog::render(&log) };
    let text = format!("{}\n== error log\n{lines}", answers.join("\n"));
    Ok(Record { text, answers, log })
}

/// Sends the requests and writes down, for each, what was asked and answered.
pub fn ask(server: &Server, requests: &[Request]) -> Result<Vec<String>> {
    let mut connection: Option<Connection> = None;
    let mut answers = Vec::new();
    for request in requests {
        let asked = request.bytes.split(|&b| b == b'\r' || b == b'\n').next().unwrap_or_default();
        let mut text = format!("== {}\n", short(asked));
        if !request.same_connection {
            connection = None;
        }
        let answer = match &mut connection {
            _ if websocket::asked(request) => websocket::converse(server.address(), request),
            Some(open) => exchange(open, request),
            None => {
                let open = connection.insert(Connection::open(server.address())?);
                exchange(open, request)
            }
        };
        match answer {
            Ok(answer) => text.push_str(&answer),
            Err(e) => {
                let _ = writeln!(text, "(no answer: {})", e.root_cause());
                connection = None;
            }
        }
        answers.push(text);
    }
    Ok(answers)
}

fn exchange(connection: &mut Connection, request: &Request) -> Result<String> {
    connection.send(&request.bytes)?;
    Ok(connection.receive(request.head)?.render())
}

/// A request line, cut where it gets too long to read.
fn short(line: &[u8]) -> String {
    let line = stable(&printable(line));
    match line.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn config_test(stage: &Stage) -> Result<Record> {
    let outcome = stage.site.config_test()?;
    let said: String = outcome.stderr.lines().map(|line| format!("{}\n", errorlog::Line::parse(line))).collect();
    let code = outcome.code.map_or("a signal".to_owned(), |code| code.to_string());
    let text = format!("== httpd -t\nexit: {code}\n{said}");
    Ok(Record { text, answers: Vec::new(), log: outcome.stderr })
}

/// Lines about a request may be written after its answer was: waits until no more come.
pub fn settle_log(server: &Server) {
    let mut mark = server.mark();
    for _ in 0..50 {
        std::thread::sleep(Duration::from_millis(25));
        let now = server.mark();
        if now == mark {
            return;
        }
        mark = now;
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_tree(&source, &target)?;
            std::fs::set_permissions(&target, PermissionsExt::from_mode(0o755))?;
        } else {
            let content = std::fs::read(&source)?;
            std::fs::write(&target, &content)?;
            settle(&target, content.starts_with(b"#!"))?;
        }
    }
    Ok(())
}

fn settle(path: &Path, executable: bool) -> Result<()> {
    let mode = if executable { 0o755 } else { 0o644 };
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode))?;
    std::fs::File::options().append(true).open(path)?.set_modified(file_time())?;
    Ok(())
}
