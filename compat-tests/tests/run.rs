//! The main job end to end: configurations as administrators have them, native against Wasm.

use std::path::{Path, PathBuf};

use compat_tests::compare::{Ending, Options, run};
use compat_tests::server::Flavour;

/// Options for a configuration, the report going to a folder that is thrown away.
fn options(config: Option<PathBuf>, report: &Path) -> Options {
    Options {
        config,
        requests: None,
        enable: vec!["headers".into()],
        sides: [Flavour::Native, Flavour::Wasm],
        limit: 150,
        report: report.into(),
        list: false,
        serve: false,
    }
}

#[test]
fn the_example_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let example = Options { enable: Vec::new(), ..options(None, folder.path()) };
    assert_eq!(run(&example).unwrap(), Ending::Same);
    let report = std::fs::read_to_string(folder.path().join("index.html")).unwrap();
    assert!(report.contains("no difference") && report.contains("<code>headers_module</code> ran as WebAssembly"));
}

#[test]
fn debians_own_configuration_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let debian = options(Some("/etc/apache2/apache2.conf".into()), folder.path());
    assert_eq!(run(&debian).unwrap(), Ending::Same);
}

#[test]
fn some_directives_are_enough() {
    let folder = tempfile::tempdir().unwrap();
    let fragment = folder.path().join("fragment.conf");
    std::fs::write(
        &fragment,
        "Header set X-A 1\n<Location /api>\nHeader add X-A \"expr=%{REQUEST_URI}\"\n</Location>\n",
    )
    .unwrap();
    let requests = folder.path().join("requests.json");
    std::fs::write(&requests, r#"[{"path": "/"}, {"path": "/api/items.json", "headers": [["Range", "bytes=0-1"]]}]"#)
        .unwrap();
    let fragment = Options { requests: Some(requests), enable: Vec::new(), ..options(Some(fragment), folder.path()) };
    assert_eq!(run(&fragment).unwrap(), Ending::Same);
}

#[test]
fn a_refused_configuration_is_refused_alike() {
    let folder = tempfile::tempdir().unwrap();
    let fragment = folder.path().join("fragment.conf");
    std::fs::write(&fragment, "Header sett X-A 1\n").unwrap();
    let fragment = Options { enable: Vec::new(), ..options(Some(fragment), folder.path()) };
    assert_eq!(run(&fragment).unwrap(), Ending::Refused);
}
