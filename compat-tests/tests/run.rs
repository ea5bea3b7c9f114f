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
    assert!(
        report.contains("no difference")
            && report.contains("<code>headers_module</code>, <code>rewrite_module</code> ran as WebAssembly")
    );
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
fn a_case_brings_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let case = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/mod_rewrite/real").join(name);
    for name in ["multi-site-map.conf", "legacy-urls.conf", "front-controller-laravel.conf"] {
        let case = Options { enable: Vec::new(), ..options(Some(case(name)), folder.path()) };
        assert_eq!(run(&case).unwrap(), Ending::Same, "{name}");
        let report = std::fs::read_to_string(folder.path().join("index.html")).unwrap();
        assert!(report.contains("<code>rewrite_module</code> ran as WebAssembly"), "{name}");
    }
    let paused = Options { enable: Vec::new(), ..options(Some(case("maintenance-mode.conf")), folder.path()) };
    assert!(run(&paused).unwrap_err().to_string().contains("commands between requests"));
}

#[test]
fn a_refused_configuration_is_refused_alike() {
    let folder = tempfile::tempdir().unwrap();
    let fragment = folder.path().join("fragment.conf");
    std::fs::write(&fragment, "Header sett X-A 1\n").unwrap();
    let fragment = Options { enable: Vec::new(), ..options(Some(fragment), folder.path()) };
    assert_eq!(run(&fragment).unwrap(), Ending::Refused);
}

#[test]
fn scripts_of_mod_lua_run_as_guests() {
    let folder = tempfile::tempdir().unwrap();
    let migrated = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/migrated").join(name);
    for name in ["form.conf", "headers.conf", "gate.conf", "mapper.conf", "redirects.conf"] {
        let program = Options { enable: Vec::new(), ..options(Some(migrated(name)), folder.path()) };
        assert_eq!(run(&program).unwrap(), Ending::Same, "{name}");
    }
}

#[test]
fn a_configuration_for_mod_wasm_runs_as_scripts_too() {
    let folder = tempfile::tempdir().unwrap();
    let migrated = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/migrated");
    let given = migrated.join("headers.conf");
    let lua = std::fs::read(&given).unwrap();
    let wasm = folder.path().join("headers.conf");
    std::fs::write(&wasm, compat_tests::migrate::migrate(&lua)).unwrap();
    std::fs::copy(migrated.join("headers.lua"), folder.path().join("headers.lua")).unwrap();
    std::os::unix::fs::symlink(migrated.join("htdocs"), folder.path().join("htdocs")).unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let program = Options { enable: Vec::new(), ..options(Some(wasm), folder.path()) };
    assert_eq!(run(&program).unwrap(), Ending::Same);
}
