//! What becomes of a configuration in Debian's layout: its lines, what is asked of it, what httpd says of it.

use std::path::{Path, PathBuf};

use super::Findings;
use super::derive::derive;
use super::exchange::{Exchange, Running, Verdict, exchange};
use super::expand::Configuration;
use super::house::House;
use super::load::load;
use super::request_file::Errand;
use super::sandbox::{Addresses, Folder, Net, sandbox};
use super::survey::survey;
use crate::server::Flavour;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/compare/fixtures/debian")
}

fn debian() -> Configuration {
    load(&fixture().join("apache2.conf"), &[], Path::new("/nowhere")).unwrap()
}

/// A text without what depends on the machine: the fixture's folder, the ports that were free.
fn told(text: &str, addresses: &Addresses) -> String {
    let mut text = text.replace(&fixture().display().to_string(), "/etc/apache2");
    for &port in addresses.ports() {
        if let Some(mapped) = addresses.connect(Net(71), None, port) {
            text = text.replace(&format!(":{}", mapped.port()), &format!(":<{port}>"));
        }
    }
    text
}

#[test]
fn a_configuration_moves_into_its_sandbox() {
    let configuration = debian();
    let addresses = Addresses::choose(&configuration, &[Net(71), Net(72)]).unwrap();
    let sandboxed = sandbox(&configuration, &addresses, Net(71), &Folder(Path::new("/sandbox"), 1));
    let mut text = String::new();
    for line in &sandboxed.lines {
        let name = line.source.file.file_name().unwrap_or_default().to_string_lossy();
        text += &format!("{:>16}:{:<3} {}\n", name, line.source.line, line.text);
    }
    for note in &sandboxed.notes {
        text += &format!("note: {note}\n");
    }
    insta::assert_snapshot!(told(&text, &addresses));
}

#[test]
fn requests_are_derived() {
    let survey = survey(&debian());
    insta::assert_debug_snapshot!("headers", survey.headers);
    let to = |errand: &Errand| match (&errand.address, errand.port) {
        (Some(address), Some(port)) => format!("{address}:{port}"),
        (None, Some(port)) => format!("*:{port}"),
        _ => "*".into(),
    };
    let names: Vec<_> = derive(&survey, 400).iter().map(|errand| format!("{} {}", to(errand), errand.name)).collect();
    insta::assert_snapshot!("requests", names.join("\n"));
}

#[test]
fn errors_are_told_in_the_lines_as_given() {
    let folder = tempfile::tempdir().unwrap();
    let given = folder.path().join("fragment.conf");
    std::fs::write(&given, "# one\nHeader set X \\\n y\nHeader sett X y\n").unwrap();
    let configuration = load(&given, &[], &folder.path().join("spare")).unwrap();
    let addresses = Addresses::choose(&configuration, &[Net(71)]).unwrap();
    let house =
        House::build(Flavour::Native, &configuration, &addresses, Net(71), &folder.path().join("house")).unwrap();
    let outcome = house.config_test().unwrap();
    assert_eq!(outcome.code, Some(1));
    let wanted = format!("Syntax error on line 4 of {}:", given.canonicalize().unwrap().display());
    assert!(outcome.stderr.contains(&wanted), "{}", outcome.stderr);
}

/// Sends one request to two native servers whose configurations are these fragments.
fn compared(left: &str, right: &str) -> Exchange {
    let folder = super::scratch().unwrap();
    let nets = [Net(73), Net(74)];
    let place = |name: &str, text: &str| {
        let home = folder.path().join(name);
        std::fs::create_dir_all(home.join("htdocs")).unwrap();
        std::fs::write(home.join("htdocs/index.html"), "one\ntwo\n").unwrap();
        std::fs::write(home.join("fragment.conf"), text).unwrap();
        load(&home.join("fragment.conf"), &[], Path::new("/nowhere")).unwrap()
    };
    let configurations = [place("l", left), place("r", right)];
    let addresses = Addresses::choose(&configurations[0], &nets).unwrap();
    let house = |index: usize, name: &str| {
        let folder = folder.path().join(name);
        House::build(Flavour::Native, &configurations[index], &addresses, nets[index], &folder).unwrap()
    };
    let houses = [house(0, "left"), house(1, "right")];
    let servers = houses.each_ref().map(|house| house.start().unwrap());
    let running = |index: usize| Running { house: &houses[index], server: &servers[index], addresses: &addresses };
    let errand = Errand::new("GET", "www.example.org", "/<b>?q=\"", &[]);
    exchange(&errand, &running(0), &running(1)).unwrap()
}

#[test]
fn a_difference_is_found_and_shown() {
    let common = "ServerTokens Prod\nHeader set X-Same 1\nRedirectMatch 404 ^/$\nErrorDocument 404 \"not here\"\n";
    assert_eq!(compared(common, common).verdict, Verdict::Same);
    let found =
        compared(&format!("{common}Header always set X-Who left"), &format!("{common}Header always set X-Who right"));
    assert_eq!(found.verdict, Verdict::Differs);
    let config = Path::new("httpd.conf");
    let ported = ["headers_module".to_owned()];
    let notes = vec!["A note with <brackets>.".to_owned()];
    let findings = Findings { config, sides: ["native", "wasm"], ported: &ported, notes, exchanges: vec![found] };
    let page = super::report::page(&findings).into_string();
    let body = &page[page.find("<body>").unwrap()..page.find("<script>").unwrap()];
    insta::assert_snapshot!("report", body.replace("><", ">\n<"));
}
