//! Look-ups in maps of text and of functions.

use super::Site;
use apache_module::field;

fn site(source: &str, rule: &str) -> Site {
    let mut site = Site::of(&[]).file("/m", "a 1\n# x 2\n b 3\na 4\nempty\nlast 5");
    site.add(&format!("RewriteMap m {source}")).unwrap();
    site.add(rule).unwrap();
    site
}

#[test]
fn text() {
    let site = settled(site("txt:/m", "RewriteRule ^/(.*) /${m:$1|none-$1}"));
    for (key, value) in
        [("a", "1"), ("A", "none-A"), ("last", "5"), ("empty", "none-empty"), ("b", "none-b"), ("#", "none-#")]
    {
        assert_eq!(site.name(&format!("/{key}")), format!("/www/{value}"));
    }
    assert_eq!(site.host.state().calls["apr_file_read"], 2, "the file is read once");
    let again = site.file("/m", "a 9\n");
    again.host.state_mut().now += 1;
    assert_eq!(again.name("/a"), "/www/9");
}

/// The files have not changed for a while.
fn settled(site: Site) -> Site {
    let now = site.host.state().now;
    site.host.state_mut().numbers.insert(field::REQUEST_TIME, now + 10_000_000);
    site
}

/// A site whose file changes to something else at another time, or at the same.
fn changed(site: Site, later: i64, text: &str) -> Site {
    let site = site.file("/m", text);
    site.host.state_mut().now += later;
    site
}

#[test]
fn what_was_found_stays_until_the_time_changes() {
    let site = settled(site("txt:/m", "RewriteRule ^/(.*) /${m:$1|none}"));
    assert_eq!(site.name("/a"), "/www/1");
    assert_eq!(site.name("/new"), "/www/none");
    let site = changed(site, 0, "a other\nnew key\nlast 6");
    let values = ["a", "new", "last"].map(|key| site.name(&format!("/{key}")));
    assert_eq!(values, ["/www/1", "/www/none", "/www/6"], "the time is the same");
    let site = changed(site, 5, "a third");
    assert_eq!(site.name("/other"), "/www/none");
    let site = changed(site, -5, "a fourth");
    assert_eq!(site.name("/a"), "/www/fourth", "the time came back, what was found before has gone");
}

#[test]
fn a_file_that_may_change_unseen_is_read_for_each_key() {
    let site = site("txt:/m", "RewriteRule ^/(.*) /${m:$1|none}");
    assert_eq!(site.name("/a"), "/www/1");
    let site = changed(site, 0, "b 9\n");
    assert_eq!(site.name("/b"), "/www/9");
}

#[test]
fn a_large_file() {
    let line = |n: u32| format!("key{n} {n}{}\n", "x".repeat(500));
    let text: String = (0..10_000).map(line).collect();
    let site = changed(settled(site("txt:/m", "RewriteRule ^/(.*) /${m:$1|none}")), 0, &text);
    for key in [9_999, 0, 5_000, 9_999] {
        assert!(site.name(&format!("/key{key}")).starts_with(&format!("/www/{key}x")));
    }
    assert_eq!(site.name("/key"), "/www/none");
}

#[test]
fn a_line_past_the_limit_goes_on_as_another() {
    let mut site = Site::of(&[]).file("/m", &format!("{} v\nkey {}\nok w\n", "x".repeat(1024), "y".repeat(2000)));
    site.add("RewriteMap m /m").unwrap();
    site.add("RewriteRule ^/(.*) /${m:$1|none}").unwrap();
    assert_eq!(site.name("/ok"), "/www/w");
    assert_eq!(site.name("/key"), format!("/www/{}", "y".repeat(1020)));
    assert_eq!(site.name(&format!("/{}", "x".repeat(1024))), "/www/none");
}

#[test]
fn a_file_that_has_gone() {
    let site = site("txt:/m", "RewriteRule ^/(.*) /${m:$1|none}");
    site.host.state_mut().files.clear();
    assert_eq!(site.name("/a"), "/www/none");
    assert!(site.log()[0].starts_with("AH00661: mod_rewrite: can't access text RewriteMap file /m"));
}

#[test]
fn functions() {
    for (function, value) in [("toupper", "A B"), ("escape", "a%20b"), ("tolower", "a b"), ("unescape", "a b")] {
        assert_eq!(
            site(&format!("int:{function}"), "RewriteRule ^/(.*) /${m:$1}").name("/a b"),
            format!("/www/{value}")
        );
    }
    assert_eq!(site("int:toupper", "RewriteRule ^/(.*) /${m:}${no:x|d}${m:${m:a}|x}").name("/"), "/www/dA");
}
