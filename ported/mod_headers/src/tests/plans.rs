//! How many calls of the host a request costs.

use super::{Section, entries};
use apache_module::ffi::table::HEADERS_OUT;

fn calls(lines: &[&str]) -> Vec<(&'static str, usize)> {
    let section = Section::of(lines);
    section.answer();
    section.host.state_mut().calls.clear();
    section.host.state_mut().tables.clear();
    section.answer();
    let calls = section.host.state().calls.clone();
    calls.into_iter().collect()
}

#[test]
fn constant_edits_are_one_call() {
    let many: Vec<_> = (0..10).map(|n| format!("Header set X-{n} value")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    assert_eq!(calls(&many), [("ap_table_apply", 1)]);
    assert_eq!(
        calls(&["Header set A 1", "Header add A 2", "Header append A 3%%", "Header unset B"]),
        [("ap_table_apply", 1)]
    );
}

#[test]
fn what_needs_the_request_stands_between() {
    assert_eq!(
        calls(&["Header set A 1", "Header set B 1 env=V", "Header set C 1", "Header set Content-Type a/b"]),
        [("ap_table_apply", 2), ("apr_table_get", 1), ("apr_table_set", 1)]
    );
}

#[test]
fn early_entries_cost_nothing_late() {
    assert_eq!(calls(&["Header set A 1 early"]), []);
    assert_eq!(calls(&["Header set A 1", "Header set B 1 early", "Header set C 1"]), [("ap_table_apply", 1)]);
}

#[test]
fn the_order_of_entries_is_kept() {
    let lines = ["Header set A 1", "Header setifempty A 2", "Header append A 3", "Header merge A 3", "Header add A 4"];
    let section = Section::of(&lines);
    assert_eq!(section.answer(), entries(&[("A", "1, 3"), ("A", "4")]));
    section.host.state_mut().tables.remove(&HEADERS_OUT);
    assert_eq!(section.answer(), entries(&[("A", "1, 3"), ("A", "4")]));
}
