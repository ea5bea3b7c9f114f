//! Reads out of a configuration what can be asked of it: hosts, paths, and request headers that make a difference.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use super::derive::directories;
use super::directive::{Directive, Line, Source, logical_lines};
use super::expand::Configuration;
use super::matching::matching;

/// What a server, the main one or a virtual host, says about itself.
#[derive(Clone, Debug, Default)]
pub struct Host {
    /// ServerName and each ServerAlias, wildcards filled in; at least one.
    pub names: Vec<String>,
    /// Where it listens, if it names an address.
    pub address: Option<String>,
    /// Its port, if it names one.
    pub port: Option<u16>,
    /// Its DocumentRoot, or the main server's.
    pub document_root: Option<PathBuf>,
    /// URL prefix and the directory or file that it stands for.
    pub aliases: Vec<(String, PathBuf)>,
    /// URL paths of which the configuration says something.
    pub paths: BTreeSet<String>,
    /// Directories of which the configuration says something.
    pub directories: BTreeSet<PathBuf>,
}

/// A whole configuration's answers.
#[derive(Debug, Default)]
pub struct Survey {
    /// The hosts that can be asked, in the configuration's order.
    pub hosts: Vec<Host>,
    /// Request headers to send: name and value.
    pub headers: BTreeSet<(String, String)>,
    /// Query strings to send.
    pub queries: BTreeSet<String>,
}

/// Reads a configuration.
pub fn survey(configuration: &Configuration) -> Survey {
    let mut survey = Survey::default();
    let mut main = Host::default();
    let mut current: Option<Host> = None;
    for line in &configuration.lines {
        let Some(directive) = line.directive() else { continue };
        match directive.name.as_str() {
            "<virtualhost" => {
                let mut host = Host::default();
                (host.address, host.port) =
                    super::sandbox::split(&configuration.substitute(directive.arg(0).unwrap_or("*")));
                current = Some(host);
            }
            "</virtualhost" => survey.hosts.extend(current.take()),
            _ => {
                read(configuration, &directive, "", current.as_mut().unwrap_or(&mut main));
                probes(&configuration.substitute(&directive.joined), &directive, &mut survey);
            }
        }
    }
    survey.add_main(main, configuration);
    survey.add_htaccess(configuration);
    survey
}

impl Survey {
    /// Reads the .htaccess files below each DocumentRoot. Whether AllowOverride lets httpd do so as well makes no
    /// difference to what may be asked.
    fn add_htaccess(&mut self, configuration: &Configuration) {
        let mut hosts = std::mem::take(&mut self.hosts);
        for host in &mut hosts {
            let Some(root) = host.document_root.clone() else { continue };
            for directory in std::iter::once(root.clone()).chain(directories(&root)) {
                let Ok(text) = std::fs::read_to_string(directory.join(".htaccess")) else { continue };
                let base = url_of(host, &directory).unwrap_or_default();
                for (line, text) in logical_lines(&text) {
                    let source = Source { file: directory.join(".htaccess"), line };
                    let Some(directive) = (Line { source, text }).directive() else { continue };
                    read(configuration, &directive, &base, host);
                    probes(&directive.joined, &directive, self);
                }
            }
        }
        self.hosts = hosts;
    }

    /// Lets each virtual host inherit, and adds the main server where a request can reach it.
    fn add_main(&mut self, mut main: Host, configuration: &Configuration) {
        let covered = |port: u16| self.hosts.iter().any(|host| host.port.is_none_or(|its| its == port));
        let ports = configuration.lines.iter().filter_map(|line| {
            let directive = line.directive().filter(|directive| directive.name == "listen")?;
            super::sandbox::split(&configuration.substitute(directive.arg(0)?)).1
        });
        let uncovered = ports.into_iter().find(|&port| !covered(port));
        for host in &mut self.hosts {
            host.document_root = host.document_root.take().or_else(|| main.document_root.clone());
            host.aliases.extend(main.aliases.iter().cloned());
            host.paths.extend(main.paths.iter().cloned());
            host.directories.extend(main.directories.iter().cloned());
        }
        if self.hosts.is_empty() || uncovered.is_some() {
            main.port = uncovered;
            self.hosts.insert(0, main);
        }
        for host in &mut self.hosts {
            if host.names.is_empty() {
                host.names.push("localhost".into());
            }
        }
    }
}

/// Takes from a directive what it says of a host. `base` is the URL path of the .htaccess file in which it stands; empty
/// outside of such files.
fn read(configuration: &Configuration, directive: &Directive, base: &str, host: &mut Host) {
    let args: Vec<String> = directive.args.iter().map(|arg| configuration.substitute(&arg.value)).collect();
    let arg = |index: usize| args.get(index).map(String::as_str).unwrap_or_default();
    match directive.name.as_str() {
        "servername" => {
            let name = arg(0).trim_start_matches("http://").trim_start_matches("https://");
            host.names.insert(0, name.split(':').next().unwrap_or(name).to_owned());
        }
        "serveralias" => host.names.extend(args.iter().map(|name| name.replace('*', "any").replace('?', "x"))),
        "documentroot" => host.document_root = Some(configuration.path(arg(0))),
        "alias" | "scriptalias" if args.len() == 2 => host.aliases.push((arg(0).into(), configuration.path(arg(1)))),
        "<location" if arg(0) == "~" => host.paths.extend(path_matching(arg(1))),
        "<location" => host.paths.extend(plain(arg(0))),
        "<locationmatch" | "redirectmatch" | "aliasmatch" | "scriptaliasmatch" => {
            host.paths
                .extend(args.iter().find(|arg| arg.contains(['/', '^', '\\'])).and_then(|arg| path_matching(arg)));
        }
        "redirect" | "redirectpermanent" | "redirecttemp" | "proxypass" => {
            host.paths.extend(args.iter().find(|arg| arg.starts_with('/')).and_then(|arg| plain(arg)));
        }
        "errordocument" => host.paths.extend(plain(arg(1))),
        "rewriterule" => host.paths.extend(rewritten(base, arg(0))),
        "rewritecond" if arg(0) == "%{REQUEST_URI}" => host.paths.extend(path_matching(arg(1).trim_start_matches('!'))),
        "<directory" if arg(0) != "~" && !arg(0).contains(['*', '?', '[']) => {
            host.directories.insert(configuration.path(arg(0)));
        }
        _ => {}
    }
}

fn plain(path: &str) -> Option<String> {
    let path = path.replace('*', "any").replace('?', "x");
    (path.starts_with('/') && !path.contains(['[', ' '])).then_some(path)
}

/// A path that a RewriteRule's pattern matches: of the whole path in a server's context, below `base` in a .htaccess.
fn rewritten(base: &str, pattern: &str) -> Option<String> {
    let text = matching(pattern.trim_start_matches('!'))?;
    let path = format!("{}/{}", base.trim_end_matches('/'), text.trim_start_matches('/'));
    path.bytes().all(|byte| byte.is_ascii_graphic()).then_some(path)
}

fn path_matching(pattern: &str) -> Option<String> {
    let text = matching(pattern)?;
    let path = if text.starts_with('/') { text } else { format!("/sample{text}") };
    path.bytes().all(|byte| byte.is_ascii_graphic()).then_some(path)
}

/// An expression's look at a request header, and what it is compared with: `%{HTTP:X} == 'y'`, `req('X') =~ m#y#`.
static COMPARISON: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let name = r"(?:%\{(?:HTTP|req|http):(?<a>[\w-]+)\}|%\{HTTP_(?<b>\w+)\}|(?:req|http|req_novary)\('(?<c>[\w-]+)'\))";
    let with = r#"(?:\s*\)?\s*(?<op>[=!]=|=|[=!]~|-(?:strn?c?match|eq))\s*(?:'(?<d>[^']*)'|\\?"(?<e>[^"\\]*)|/(?<f>[^/]*)/|m#(?<g>[^#]*)#))?"#;
    Regex::new(&format!("{name}{with}")).ok()
});

static QUERY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"%\{QUERY_STRING\}\s*(?:=~\s*(?:/(?<re>[^/]*)/|m#(?<re2>[^#]*)#)|==?\s*'(?<is>[^']*)')").ok()
});

/// Adds the request headers that a directive looks at, with a value that it looks for.
fn probes(text: &str, directive: &Directive, survey: &mut Survey) {
    let mut send = |name: &str, value: Option<String>| {
        let value = value.filter(|value| !value.is_empty() && value.chars().all(|c| c == ' ' || c.is_ascii_graphic()));
        if !name.is_empty() && !matches!(name.to_ascii_lowercase().as_str(), "host" | "connection" | "content-length") {
            survey.headers.insert((name.to_owned(), value.unwrap_or_else(|| "probe".into())));
        }
    };
    let arg = |index: usize| directive.arg(index).unwrap_or_default();
    match directive.name.as_str() {
        // Request_URI, Remote_Addr and the like aren't headers: those have no underscore.
        "setenvif" | "setenvifnocase" if !arg(0).contains('_') && !arg(0).starts_with('^') => {
            send(arg(0), matching(arg(1)));
        }
        "browsermatch" | "browsermatchnocase" => send("User-Agent", matching(arg(0))),
        "rewritecond" => {
            let value = matching(arg(1).trim_start_matches('!').trim_start_matches('='));
            match arg(0).trim_start_matches("%{").trim_end_matches('}') {
                "QUERY_STRING" => {
                    survey.queries.extend(value.filter(|value| value.bytes().all(|byte| byte.is_ascii_graphic())));
                }
                test => {
                    let name = test.strip_prefix("HTTP:").map(str::to_owned);
                    send(&name.or_else(|| test.strip_prefix("HTTP_").map(header_name)).unwrap_or_default(), value);
                }
            }
        }
        "requestheader" => send(arg(1).split(':').next().unwrap_or_default(), None),
        "header" => {
            let action = usize::from(matches!(arg(0).to_ascii_lowercase().as_str(), "always" | "onsuccess"));
            if arg(action).eq_ignore_ascii_case("echo")
                && let Some(name) = matching(arg(action + 1))
            {
                send(&name, None);
            }
        }
        _ => {}
    }
    for found in COMPARISON.iter().flat_map(|comparison| comparison.captures_iter(text)) {
        let group = |names: &[&str]| names.iter().find_map(|name| found.name(name)).map(|found| found.as_str());
        let name = group(&["a", "c"]).map(str::to_owned).or_else(|| group(&["b"]).map(header_name));
        let value = match group(&["op"]) {
            Some("=~" | "!~") => group(&["d", "e", "f", "g"]).and_then(matching),
            Some(_) => group(&["d", "e"]).map(|value| value.replace('*', "any")),
            None => None,
        };
        send(&name.unwrap_or_default(), value);
    }
    for found in QUERY.iter().flat_map(|query| query.captures_iter(text)) {
        let pattern = found.name("re").or(found.name("re2")).and_then(|pattern| matching(pattern.as_str()));
        survey.queries.extend(pattern.or_else(|| found.name("is").map(|is| is.as_str().to_owned())));
    }
}

/// `USER_AGENT` → `User-Agent`.
fn header_name(variable: &str) -> String {
    let capital = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + &rest.to_ascii_lowercase()
    };
    variable.split('_').map(capital).collect::<Vec<_>>().join("-")
}

/// The URL path under which a host serves a directory or file, if it does.
pub fn url_of(host: &Host, path: &Path) -> Option<String> {
    let root = host.document_root.iter().map(|root| ("", root));
    let aliases = host.aliases.iter().map(|(url, directory)| (url.trim_end_matches('/'), directory));
    aliases.chain(root).find_map(|(url, directory)| {
        let below = path.strip_prefix(directory).ok()?.to_str()?;
        Some(if below.is_empty() { format!("{url}/") } else { format!("{url}/{}", escape(below)) })
    })
}

/// A path as it stands in a request line.
fn escape(path: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'/' | b'.' | b'-' | b'_' | b'~' | b'+' | b',' | b'@' | b'=' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    path.bytes().map(escaped).collect()
}
