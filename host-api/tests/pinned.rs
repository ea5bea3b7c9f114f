//! Pins what is made from the table: a changed line in a snapshot is the review of the interface.

use host_api::{generate, table};

#[test]
fn c_header() {
    insta::assert_snapshot!(generate::header());
}

#[test]
fn guest_imports() {
    insta::assert_snapshot!(generate::imports());
}

#[test]
fn host_glue() {
    insta::assert_snapshot!(generate::glue());
}

/// `UPDATE_DOCS=1` writes the page anew; without it a page that is out of date fails.
#[test]
fn reference_page_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/host-api.md");
    let page = generate::page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &page).expect("docs/ is writable");
    }
    assert_eq!(std::fs::read_to_string(path).expect("docs/host-api.md exists"), page);
}

#[test]
fn every_function_is_in_a_group_and_named_once() {
    for (at, function) in table::FUNCTIONS.iter().enumerate() {
        assert!(table::GROUPS.iter().any(|g| g.name == function.group), "{} has no group", function.name);
        assert!(!table::FUNCTIONS[..at].iter().any(|f| f.name == function.name), "{} stands twice", function.name);
    }
}
