//! How sections are merged.

use super::Site;
use crate::config::{DirConfig, ServerConfig};
use crate::options::{INHERIT, INHERIT_BEFORE, INHERIT_DOWN, INHERIT_DOWN_BEFORE, MERGE_BASE, Options};
use apache_module::{Merge, hook};

fn outputs(outer: Option<Options>, inner: Option<Options>) -> String {
    let server = |lines: &[&str], options| ServerConfig { options, ..Site::of(lines).server };
    let merged = server(&["RewriteRule . outer"], outer).merge(&server(&["RewriteRule . inner"], inner));
    merged.rules.iter().map(|rule| String::from_utf8_lossy(&rule.output).into_owned()).collect::<Vec<_>>().join(" ")
}

#[test]
fn inheritance() {
    assert_eq!(outputs(None, None), "inner");
    assert_eq!(outputs(None, Some(INHERIT)), "inner outer");
    assert_eq!(outputs(None, Some(INHERIT_BEFORE)), "outer inner");
    assert_eq!(outputs(Some(INHERIT_DOWN), None), "inner outer");
    assert_eq!(outputs(Some(INHERIT_DOWN_BEFORE), Some(Options::default())), "outer inner");
    assert_eq!(outputs(Some(INHERIT_DOWN), Some(crate::options::IGNORE_INHERIT)), "inner");
    // Options that only the outer section has are the inner one's too.
    assert_eq!(outputs(Some(INHERIT), None), "inner outer");
}

#[test]
fn the_base_is_inherited_only_where_asked_for() {
    let outer = DirConfig { base_url: Some(b"/o".to_vec()), options: Some(MERGE_BASE), ..DirConfig::default() };
    assert_eq!(outer.merge(&DirConfig::default()).base_url, Some(b"/o".to_vec()));
    let none = DirConfig { options: Some(Options::default()), ..DirConfig::default() };
    assert_eq!(outer.merge(&none).base_url, None);
}

#[test]
fn only_hooks_with_something_to_do_are_asked_for() {
    let off = DirConfig::default();
    let on = DirConfig { engine: Some(true), ..DirConfig::default() };
    let directory = DirConfig { engine: Some(true), directory: Some(b"/d/".to_vec()), ..DirConfig::default() };
    let asked = |config: &DirConfig| config.hooks() & (hook::TRANSLATE_NAME | hook::FIXUPS | hook::HANDLER);
    assert_eq!(asked(&off), 0);
    assert_eq!(asked(&on), hook::TRANSLATE_NAME);
    assert_eq!(asked(&directory), hook::TRANSLATE_NAME | hook::FIXUPS | hook::HANDLER);
}

#[test]
fn a_virtual_host_without_directives_has_no_rules() {
    let server = ServerConfig { server_id: Some(1), ..ServerConfig::default() };
    assert!(server.is_of(1) && !server.is_of(2));
    assert!(server.merge(&ServerConfig::default()).is_of(2));
}
