//! Turns an administrator's configuration into one that can run beside others: where it listens, logs and keeps its
//! files is moved into a folder of its own; all else stays as written. Knows nothing of WebAssembly.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::directive::{Directive, Line, Source};
use super::expand::Configuration;

/// The loopback addresses of one server: 127.0.NET.1 for any address of the machine, .2 and on for those named.
///
/// Both servers have the same ports and differ in the address alone, so that answers with a port in them are equal.
#[derive(Clone, Copy, Debug)]
pub struct Net(pub u8);

impl Net {
    fn address(self, index: usize) -> Ipv4Addr {
        Ipv4Addr::new(127, 0, self.0, u8::try_from(index + 1).unwrap_or(u8::MAX))
    }
}

/// How the addresses of a configuration are mapped into the sandbox.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    /// Port in the configuration → port in the sandbox.
    ports: BTreeMap<u16, u16>,
    /// The ports in the order of their Listen directives.
    order: Vec<u16>,
    /// Addresses that the configuration names; the index is what [`Net::address`] adds to.
    named: Vec<String>,
    /// Ports listened on at every address.
    any: BTreeSet<u16>,
}

impl Addresses {
    /// Reads every Listen and VirtualHost of a configuration and picks a port for each that is free on all `nets`.
    pub fn choose(configuration: &Configuration, nets: &[Net]) -> Result<Self> {
        let mut addresses = Self::default();
        for line in &configuration.lines {
            let Some(directive) = line.directive() else { continue };
            let hosts = match directive.name.as_str() {
                "listen" => 1,
                "<virtualhost" => directive.args.len(),
                _ => continue,
            };
            for arg in directive.args.iter().take(hosts) {
                let (host, port) = split(&configuration.substitute(&arg.value));
                if let Some(host) = &host
                    && !addresses.named.contains(host)
                {
                    addresses.named.push(host.clone());
                }
                if let (Some(port), "listen") = (port, directive.name.as_str()) {
                    if host.is_none() {
                        addresses.any.insert(port);
                    }
                    if !addresses.order.contains(&port) {
                        addresses.order.push(port);
                    }
                }
            }
        }
        for &port in &addresses.order {
            let taken: Vec<u16> = addresses.ports.values().copied().collect();
            addresses.ports.insert(port, free_port(nets, &taken)?);
        }
        Ok(addresses)
    }

    /// The configuration's ports, in the order of their Listen directives.
    pub fn ports(&self) -> &[u16] {
        &self.order
    }

    /// Where the server on `net` takes what is meant for `host:port`; any host that isn't named is the machine itself.
    pub fn connect(&self, net: Net, host: Option<&str>, port: u16) -> Option<SocketAddr> {
        let port = *self.ports.get(&port)?;
        Some((net.address(self.index(host)), port).into())
    }

    fn index(&self, host: Option<&str>) -> usize {
        let named = host.and_then(|host| self.named.iter().position(|named| named == host));
        named.map_or(0, |at| at + 1)
    }

    /// Listen's argument in the sandbox: several, as an address that stands for all is only some of them here.
    fn listen(&self, net: Net, argument: &str) -> Vec<String> {
        let (host, port) = split(argument);
        let Some(mapped) = port.and_then(|port| self.ports.get(&port)) else { return vec![argument.into()] };
        let hosts = if host.is_some() { vec![self.index(host.as_deref())] } else { (0..=self.named.len()).collect() };
        hosts.into_iter().map(|index| format!("{}:{mapped}", net.address(index))).collect()
    }

    /// VirtualHost's argument in the sandbox.
    fn virtual_host(&self, net: Net, argument: &str) -> String {
        let (host, port) = split(argument);
        let host = match host {
            Some(host) => net.address(self.index(Some(&host))).to_string(),
            None if argument.starts_with("_default_") => "_default_".into(),
            None => "*".into(),
        };
        match port {
            Some(port) => format!("{host}:{}", self.ports.get(&port).unwrap_or(&port)),
            None if argument.ends_with(":*") => format!("{host}:*"),
            None => host,
        }
    }
}

/// Splits `host:port` as Listen and VirtualHost have it; an address that stands for all of the machine's is none.
pub fn split(argument: &str) -> (Option<String>, Option<u16>) {
    if let Ok(port) = argument.parse() {
        return (None, Some(port));
    }
    let (host, port) = match argument.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port.parse().ok()),
        _ => (argument, None),
    };
    let any = matches!(host, "*" | "_default_" | "0.0.0.0" | "[::]" | "");
    ((!any).then(|| host.to_ascii_lowercase()), port)
}

fn free_port(nets: &[Net], taken: &[u16]) -> Result<u16> {
    for _ in 0..100 {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let free = |net: &Net| TcpListener::bind((net.address(0), port)).is_ok();
        if !taken.contains(&port) && nets.iter().all(free) {
            return Ok(port);
        }
    }
    bail!("no port is free on the loopback addresses")
}

/// A configuration ready to run, and what had to be said about it.
pub struct Sandboxed {
    /// The lines, each with where it came from.
    pub lines: Vec<Line>,
    /// What was left out or can't be as in production, for the person who asked; each said once.
    pub notes: BTreeSet<String>,
}

/// The folder of one server, with `run/`, `error.log` and `access.log` below it, and a port of 127.0.0.1 on which
/// it listens besides: whether it accepts there tells that it is up, whatever else it listens on.
pub struct Folder<'a>(pub &'a Path, pub u16);

impl Folder<'_> {
    /// The log to which every ErrorLog is directed.
    pub fn error_log(&self) -> PathBuf {
        self.0.join("error.log")
    }

    /// Where httpd writes its process id.
    pub fn pid_file(&self) -> PathBuf {
        self.run().join("httpd.pid")
    }

    /// httpd's own files: PidFile, sockets, caches.
    pub fn run(&self) -> PathBuf {
        self.0.join("run")
    }
}

/// Moves a configuration into `folder` and onto the addresses of `net`.
pub fn sandbox(configuration: &Configuration, addresses: &Addresses, net: Net, folder: &Folder) -> Sandboxed {
    let mut notes = BTreeSet::new();
    let mut lines = preamble(configuration, folder);
    let mut listening = BTreeSet::new();
    for line in &configuration.lines {
        let Some(directive) = line.directive() else {
            lines.push(line.clone());
            continue;
        };
        let put = |text: String| Line { source: line.source.clone(), text };
        match directive.name.as_str() {
            "listen" => {
                let argument = configuration.substitute(directive.arg(0).unwrap_or_default());
                let fresh = addresses.listen(net, &argument).into_iter().filter(|at| listening.insert(at.clone()));
                // Listen's second word, a protocol, would switch TLS on.
                lines.extend(fresh.map(|at| put(format!("Listen {at}"))));
            }
            "<virtualhost" => {
                let map =
                    |arg: &super::directive::Word| addresses.virtual_host(net, &configuration.substitute(&arg.value));
                let hosts: Vec<String> = directive.args.iter().map(map).collect();
                if hosts.iter().any(|host| host.contains(['$', '@', '%'])) {
                    notes.insert("A <Macro> names a <VirtualHost>'s address: its ports aren't mapped.".into());
                }
                lines.push(put(directive.with_args(0, directive.args.len(), &hosts.join(" "))));
            }
            _ => match moved(configuration, &directive, folder, &mut notes) {
                Moved::AsIs => lines.push(line.clone()),
                Moved::To(text) => lines.push(put(text)),
                Moved::Away => {}
            },
        }
    }
    Sandboxed { lines, notes }
}

/// What every sandboxed server starts with; the same directives in the configuration are left out.
fn preamble(configuration: &Configuration, folder: &Folder) -> Vec<Line> {
    let run = folder.run();
    let mut texts: Vec<String> = Vec::new();
    for (name, value) in &configuration.environment {
        let value = match name.as_str() {
            "APACHE_RUN_DIR" | "APACHE_LOCK_DIR" => run.display().to_string(),
            "APACHE_PID_FILE" => folder.pid_file().display().to_string(),
            "APACHE_LOG_DIR" => folder.0.display().to_string(),
            _ => value.clone(),
        };
        texts.push(format!("Define {name} \"{value}\""));
    }
    texts.push(format!("ServerRoot \"{}\"", configuration.server_root.display()));
    texts.push(format!("DefaultRuntimeDir \"{}\"", run.display()));
    texts.push(format!("PidFile \"{}\"", folder.pid_file().display()));
    texts.push(format!("ErrorLog \"{}\"", folder.error_log().display()));
    texts.push(format!("Listen 127.0.0.1:{}", folder.1));
    let source = Source { file: "(sandbox)".into(), line: 0 };
    texts.into_iter().map(|text| Line { source: source.clone(), text }).collect()
}

enum Moved {
    AsIs,
    To(String),
    Away,
}

fn moved(configuration: &Configuration, directive: &Directive, folder: &Folder, notes: &mut BTreeSet<String>) -> Moved {
    let access_log = || format!("\"{}\"", folder.0.join("access.log").display());
    let present = |path: &str| configuration.path(path).exists();
    let first = directive.arg(0).unwrap_or_default();
    match directive.name.as_str() {
        "serverroot" | "pidfile" | "errorlog" | "defaultruntimedir" | "coredumpdirectory" | "scoreboardfile"
        | "namevirtualhost" => Moved::Away,
        "customlog" | "transferlog" | "globallog" | "forensiclog" => {
            Moved::To(directive.with_args(0, 1, &access_log()))
        }
        // A lock file's path belongs to the production server; httpd's default mechanism needs none.
        "mutex" if first.contains(':') => Moved::To(directive.with_args(0, 1, "default")),
        "scriptsock" => Moved::To(directive.with_args(0, 1, "cgisock")),
        "sslsessioncache" | "sslstaplingcache" if first.contains(':') => Moved::Away,
        "sslengine" if !first.eq_ignore_ascii_case("off") => {
            notes.insert("TLS is off in the sandbox: what these hosts answer is compared over plain HTTP.".into());
            Moved::To(directive.with_args(0, 1, "off"))
        }
        "sslcertificatefile" | "sslcertificatekeyfile" | "sslcertificatechainfile" | "sslcacertificatefile"
            if !present(first) =>
        {
            notes.insert(format!("{first} isn't on this machine: its directive is left out."));
            Moved::Away
        }
        "proxypass" | "proxypassmatch" => {
            notes.insert(
                "ProxyPass is in force: what is proxied reaches the backends that the configuration names.".into(),
            );
            Moved::AsIs
        }
        "documentroot" if !present(first) => {
            notes.insert(format!("{first} isn't on this machine: expect 404 and 403 from its host."));
            Moved::AsIs
        }
        _ => Moved::AsIs,
    }
}
