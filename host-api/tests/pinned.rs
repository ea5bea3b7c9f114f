//! Pins what is made from the table: a changed line in a snapshot is the review of the interface.

use host_api::{generate, table};

#[test]
fn guest_imports() {
    insta::assert_snapshot!(generate::imports());
}

#[test]
fn host_glue() {
    insta::assert_snapshot!(generate::glue());
}

/// A file of the repository is what the table says. `UPDATE_DOCS=1` writes it anew; without it one that is out of date fails.
fn is_up_to_date(file: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, text).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    }
    let found = std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    assert!(found == text, "{} is out of date: run UPDATE_DOCS=1 cargo test --release -p host-api", path.display());
}

#[test]
fn reference_page_is_up_to_date() {
    is_up_to_date("../docs/host-api.md", &generate::page());
}

#[test]
fn c_header_is_up_to_date() {
    is_up_to_date("sdk/c/include/apache_functions.h", &generate::header());
}

#[test]
fn calls_in_c_are_up_to_date() {
    is_up_to_date("../compat-tests/guests/calls_c/calls.h", &generate::calls_c());
}

#[test]
fn every_function_is_in_a_group_and_named_once() {
    for (at, function) in table::FUNCTIONS.iter().enumerate() {
        assert!(table::GROUPS.iter().any(|g| g.name == function.group), "{} has no group", function.name);
        assert!(!table::FUNCTIONS[..at].iter().any(|f| f.name == function.name), "{} stands twice", function.name);
    }
}
