//! Whole passes: what is declined, the directory's rules, the log.

use super::Site;
use crate::config::DirConfig;
use apache_module::ffi::table::NOTES;
use apache_module::{APLOG_TRACE8, Status, field};

#[test]
fn without_a_match_the_name_is_the_url() {
    let site = Site::of(&["RewriteRule ^/x /y"]);
    assert_eq!(site.get("/u?a"), (Status::DECLINED, "/u".into(), Some("a".into())));
    assert_eq!(site.host.table(NOTES), [("mod_rewrite_rewritten".into(), "0".into())]);
}

#[test]
fn urls_that_are_no_paths_are_declined() {
    let site = Site::of(&["RewriteRule . /y"]);
    assert_eq!(site.get("*").0, Status::DECLINED);
    assert_eq!(site.get("x:y").0, Status::DECLINED);
    let mut site = Site::of(&["RewriteRule . /y"]);
    site.dir.options = Some(crate::options::ANY_URI);
    assert_eq!(site.get("x:y").0, Status::OK);
}

#[test]
fn end_holds_for_the_rest_of_the_request() {
    let site = Site::of(&["RewriteRule ^/u /n [END]"]);
    assert_eq!(site.name("/u"), "/www/n");
    assert_eq!(site.get("/u").0, Status::DECLINED);
}

fn in_directory(lines: &[&str], name: &str) -> (Status, Option<String>, Site) {
    let mut site = Site::of(lines);
    let dir = DirConfig {
        engine: Some(true),
        directory: Some(b"/www/d/".to_vec()),
        rules: std::mem::take(&mut site.server.rules),
        base_url: site.dir.base_url.take(),
        ..DirConfig::default()
    };
    site.host.state_mut().texts.insert(field::FILENAME, name.into());
    let status = crate::fixup::fixups(&site.request(), &dir, &site.server);
    (status, site.text(field::FILENAME), site)
}

#[test]
fn a_directory_redirects_internally() {
    let (status, name, site) = in_directory(&["RewriteRule ^(.)x n-$1?q"], "/www/d/ax");
    assert_eq!((status, name.as_deref()), (Status::OK, Some("redirect:/d/n-a")));
    assert_eq!(site.text(field::HANDLER).as_deref(), Some("redirect-handler"));
    assert_eq!(site.text(field::ARGS).as_deref(), Some("q"));
    let (status, name, _) = in_directory(&["RewriteRule ^none n"], "/www/d/ax");
    assert_eq!((status, name.as_deref()), (Status::DECLINED, Some("/www/d/ax")));
    let (status, _, site) = in_directory(&["RewriteRule . ax"], "/www/d/ax");
    assert_eq!(status, Status::OK);
    assert_eq!(site.text(field::HANDLER), None);
    assert_eq!(in_directory(&["RewriteRule . n"], "/www/d").0, Status::DECLINED);
}

#[test]
fn the_log_tells_each_step() {
    let site = Site::of(&["RewriteCond a b", "RewriteRule ^/u /n", "RewriteRule ^/(u) /m-$1 [B]"]);
    site.host.state_mut().log_level = APLOG_TRACE8;
    site.host.state_mut().texts.insert(field::USERAGENT_HOST, b"1.2.3.4".to_vec());
    site.get("/u");
    let lines = site.log();
    let texts: Vec<&str> =
        lines.iter().map(|line| line.strip_prefix("1.2.3.4 - - [here/sid#0][rid#0/initial] ").expect(line)).collect();
    assert_eq!(
        texts,
        [
            "init rewrite engine with requested uri /u",
            "applying pattern '^/u' to uri '/u'",
            "RewriteCond: input='a' pattern='b' => not-matched",
            "applying pattern '^/(u)' to uri '/u'",
            "escaping backreference 'u' to 'u'",
            "rewrite '/u' -> '/m-u'",
            "setting lastsub to rule with output /m-$1",
            "local path result: /m-u",
            "prefixed with document_root to /www/m-u",
            "go-ahead with /www/m-u [OK]",
        ]
    );
}
