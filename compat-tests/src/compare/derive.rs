//! Makes a sensible set of requests for a configuration, from what it and its documents say. Safe methods only.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::request_file::Errand;
use super::survey::{Host, Survey, url_of};

/// How many documents of one directory tree are asked for.
const MOST_DOCUMENTS: usize = 40;
/// How deep documents are looked for.
const DEEPEST: usize = 5;
/// How many paths of a host are asked in every variant: method, condition, range and each header of the configuration.
const MOST_THOROUGH: usize = 6;

/// Requests for every host of a survey, at most `limit`; of many hosts each has its share.
pub fn derive(survey: &Survey, limit: usize) -> Vec<Errand> {
    let mut seen = BTreeSet::new();
    let mut ranked = Vec::new();
    for (index, host) in survey.hosts.iter().enumerate() {
        let mut errands = for_host(host, survey);
        errands.retain(|errand| seen.insert((host.address.clone(), host.port, errand.request.bytes.clone())));
        let place = |errand| Errand { port: host.port, address: host.address.clone(), ..errand };
        ranked.extend(errands.into_iter().enumerate().map(|(rank, errand)| (rank, index, place(errand))));
    }
    ranked.sort_by_key(|(rank, _, _)| *rank);
    ranked.truncate(limit);
    ranked.sort_by_key(|(rank, index, _)| (*index, *rank));
    ranked.into_iter().map(|(_, _, errand)| errand).collect()
}

fn for_host(host: &Host, survey: &Survey) -> Vec<Errand> {
    let name = host.names.first().map_or("localhost", String::as_str);
    let paths = paths(host);
    let mut errands: Vec<Errand> = paths.iter().map(|path| Errand::new("GET", name, path, &[])).collect();
    errands.push(Errand::new("GET", name, "/no-such-page", &[]));
    errands.push(Errand::new("GET", name, "/.htaccess", &[]));
    for alias in host.names.iter().skip(1) {
        errands.push(Errand::new("GET", alias, "/", &[]));
    }
    for path in thorough(host, &paths) {
        variants(name, path, survey, &mut errands);
    }
    errands
}

/// The paths worth every variant: the root, what the configuration names, and one of each kind of document.
fn thorough<'a>(host: &Host, paths: &'a [String]) -> Vec<&'a String> {
    let mut kinds = BTreeSet::new();
    let kind = |path: &str| path.rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_owned());
    let named = paths.iter().filter(|path| *path == "/" || host.paths.contains(*path));
    let one_of_each = paths.iter().filter(|path| kinds.insert(kind(path)));
    let mut chosen: Vec<&String> = Vec::new();
    for path in named.take(MOST_THOROUGH / 2 + 1).chain(one_of_each) {
        if !chosen.contains(&path) && chosen.len() < MOST_THOROUGH {
            chosen.push(path);
        }
    }
    chosen
}

fn variants(host: &str, path: &str, survey: &Survey, errands: &mut Vec<Errand>) {
    let mut add = |what: &str, method: &str, path: &str, headers: &[(&str, &str)]| {
        let mut errand = Errand::new(method, host, path, headers);
        if !what.is_empty() {
            errand.name += &format!(" ({what})");
        }
        errands.push(errand);
    };
    add("", "HEAD", path, &[]);
    add("", "OPTIONS", path, &[]);
    add("not modified", "GET", path, &[("If-None-Match", "*")]);
    add("precondition fails", "GET", path, &[("If-Match", "\"none\"")]);
    add("range", "GET", path, &[("Range", "bytes=0-9")]);
    add("range not satisfiable", "GET", path, &[("Range", "bytes=99999999-")]);
    add("gzip", "GET", path, &[("Accept-Encoding", "gzip")]);
    add("cross-origin", "GET", path, &[("Origin", "https://other.example")]);
    let preflight = [("Origin", "https://other.example"), ("Access-Control-Request-Method", "GET")];
    add("preflight", "OPTIONS", path, &preflight);
    for (name, value) in &survey.headers {
        add(&format!("{name}: {value}"), "GET", path, &[(name, value)]);
    }
    // Conditions often stand together; one value of each name is sent.
    let together: BTreeMap<&str, &str> = survey.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    if together.len() > 1 {
        let query = survey.queries.first().map_or_else(String::new, |query| format!("?{query}"));
        let headers: Vec<(&str, &str)> = together.into_iter().collect();
        add("all headers at once", "GET", &format!("{path}{query}"), &headers);
    }
    for query in &survey.queries {
        add("", "GET", &format!("{path}?{query}"), &[]);
    }
}

/// Every path to ask for, the root first.
fn paths(host: &Host) -> Vec<String> {
    let mut paths = vec!["/".to_owned()];
    let roots = host.document_root.iter().chain(host.aliases.iter().map(|(_, directory)| directory));
    let documents = roots.flat_map(|root| documents(root));
    let below = documents.chain(host.directories.iter().cloned()).filter_map(|path| url_of(host, &path));
    paths.extend(host.paths.iter().cloned());
    paths.extend(below);
    let mut seen = BTreeSet::new();
    paths.retain(|path| seen.insert(path.clone()));
    paths
}

/// Documents below `root` and the directories that hold them; of many, some of each directory.
fn documents(root: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    walk(root, DEEPEST, &mut all);
    // One document of each kind in each directory comes before a second one.
    let mut seen = BTreeSet::new();
    let (mut first, second): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|path| seen.insert((path.parent().map(Path::to_path_buf), path.extension().map(ToOwned::to_owned))));
    first.extend(second);
    first.truncate(MOST_DOCUMENTS);
    first.sort();
    first
}

fn walk(path: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(path) else {
        if path.is_file() {
            found.push(path.into());
        }
        return;
    };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if hidden || found.len() > MOST_DOCUMENTS * 25 {
            continue;
        }
        if entry.is_dir() {
            found.push(entry.clone());
            if depth > 0 {
                walk(&entry, depth - 1, found);
            }
        } else {
            found.push(entry);
        }
    }
}

/// The directories below `root`, as deep as documents are looked for.
pub fn directories(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(root, DEEPEST, &mut found);
    found.retain(|path| path.is_dir());
    found
}
