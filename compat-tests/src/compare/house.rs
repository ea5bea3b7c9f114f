//! One of the two servers: its folder, the configuration as written there, its process, its error log. Knows both
//! kinds, native and Wasm, and that only LoadModule lines and those of scripts tell them apart.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::directive::{Line, Source};
use super::expand::Configuration;
use super::request_file::Errand;
use super::sandbox::{Addresses, Folder, Net, sandbox};
use super::scripts;
use crate::server::{Flavour, Outcome, Server, Site, free_port};
use crate::swap::{Swap, loaded};

/// Modules of which a port exists.
const PORTED: [&str; 2] = ["headers_module", "rewrite_module"];

/// A server made ready, not yet started.
pub struct House {
    /// Native or Wasm.
    pub flavour: Flavour,
    /// Its files and its port.
    pub site: Site,
    /// The ported modules that its configuration loads; as guests if the flavour is Wasm.
    pub ported: Vec<String>,
    /// What was left out of the configuration, for the person who asked.
    pub notes: Vec<String>,
    net: Net,
    sources: Vec<Source>,
}

impl House {
    /// Writes `configuration` for one server into `folder`.
    pub fn build(
        flavour: Flavour,
        configuration: &Configuration,
        addresses: &Addresses,
        net: Net,
        folder: &Path,
    ) -> Result<Self> {
        let port = free_port()?;
        let inside = Folder(folder, port);
        std::fs::create_dir_all(inside.run()).with_context(|| folder.display().to_string())?;
        let sandboxed = sandbox(configuration, addresses, net, &inside);
        let mut lines = sandboxed.lines;
        let mut swap = ported(&whole(&lines));
        let ports = !swap.modules.is_empty();
        if flavour == Flavour::Wasm {
            swap.make_cache()?;
        }
        let scripts = scripts::named(&lines);
        if scripts {
            lines = scripts::translate(lines, flavour, configuration, &swap, !ports);
        }
        let mut text = Text::default();
        for line in &lines {
            text.add(line);
        }
        if flavour == Flavour::Wasm && ports {
            text = text.after(&swap.preamble());
            text.text = String::from_utf8_lossy(&swap.apply(text.text.as_bytes())).into_owned();
        }
        if scripts {
            swap.modules.push("lua_module".into());
        }
        let site = Site {
            root: folder.into(),
            conf: folder.join("httpd.conf"),
            port,
            pid_file: inside.pid_file(),
            error_log: inside.error_log(),
        };
        std::fs::write(&site.conf, &text.text)?;
        let notes = sandboxed.notes.into_iter().collect();
        Ok(Self { flavour, site, ported: swap.modules, notes, net, sources: text.sources })
    }

    /// `httpd -t`, with what it says told in the files and lines of the configuration as given.
    pub fn config_test(&self) -> Result<Outcome> {
        let outcome = self.site.config_test()?;
        Ok(Outcome { stderr: self.in_given_lines(&outcome.stderr), ..outcome })
    }

    /// Starts the server.
    pub fn start(&self) -> Result<Server> {
        Server::start(&self.site)
    }

    /// Where this server takes an errand.
    pub fn address(&self, addresses: &Addresses, errand: &Errand) -> Option<SocketAddr> {
        let port = errand.port.or_else(|| addresses.ports().first().copied())?;
        addresses.connect(self.net, errand.address.as_deref(), port)
    }

    /// What this server's addresses begin with, `127.0.71.`.
    pub fn address_prefix(&self) -> String {
        format!("127.0.{}.", self.net.0)
    }

    /// A text of httpd with `line N of …/httpd.conf` told in the configuration's own files and lines.
    fn in_given_lines(&self, text: &str) -> String {
        let conf = self.site.conf.display().to_string();
        let mut told = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(&conf) {
            let before = &rest[..at];
            let number = before.strip_suffix(" of ").and_then(|before| before.rsplit_once("line "));
            let source = number.and_then(|(_, number)| self.sources.get(number.parse::<usize>().ok()?.checked_sub(1)?));
            match (number, source) {
                (Some((start, _)), Some(source)) => {
                    let _ = write!(told, "{start}line {} of {}", source.line, source.file.display());
                }
                _ => told = told + before + &conf,
            }
            rest = &rest[at + conf.len()..];
        }
        told + rest
    }
}

/// The text of all lines.
fn whole(lines: &[Line]) -> String {
    lines.iter().map(|line| format!("{}\n", line.text)).collect()
}

/// The ported modules that a configuration loads and the build has, as something to swap.
fn ported(text: &str) -> Swap {
    let loads = loaded(text);
    let mut swap = Swap::new(PORTED.into_iter().filter(|name| loads.iter().any(|loaded| loaded == name)));
    let dist = swap.dist.clone();
    swap.modules.retain(|name| guest(&dist, name).exists());
    swap
}

fn guest(dist: &Path, identifier: &str) -> PathBuf {
    dist.join(format!("mod_{}.wasm", identifier.trim_end_matches("_module")))
}

/// A configuration's text and, for each of its physical lines, where it came from.
#[derive(Default)]
struct Text {
    text: String,
    sources: Vec<Source>,
}

impl Text {
    fn add(&mut self, line: &Line) {
        self.text.push_str(&line.text);
        self.text.push('\n');
        self.sources.extend(line.text.split('\n').map(|_| line.source.clone()));
    }

    /// This text with another before it.
    fn after(self, first: &str) -> Self {
        let source = Source { file: "(sandbox)".into(), line: 0 };
        let mut sources: Vec<Source> = first.lines().map(|_| source.clone()).collect();
        sources.extend(self.sources);
        Self { text: format!("{first}{}", self.text), sources }
    }
}
