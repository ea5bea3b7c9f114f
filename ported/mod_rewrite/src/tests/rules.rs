//! Conditions, expansions and flags, seen by what they make of a URL.

use super::Site;
use apache_module::ffi::table::{ERR_HEADERS_OUT, HEADERS_OUT, NOTES, SUBPROCESS_ENV};
use apache_module::{Status, field};

#[test]
fn back_references_of_rule_and_condition() {
    let site = Site::of(&["RewriteCond %{QUERY_STRING} a=(.)", "RewriteRule ^/(x)(y)? /$1-$2-%1-%2-$0"]);
    assert_eq!(site.name("/xz?a=1"), "/www/x--1--/x");
}

#[test]
fn comparisons_of_texts_set_no_back_references() {
    let site = Site::of(&["RewriteCond %{REQUEST_URI} (b)", "RewriteCond a =a", "RewriteRule . /%1"]);
    assert_eq!(site.name("/b"), "/www/b");
    let site = Site::of(&["RewriteCond %{REQUEST_URI} (b)", "RewriteCond a !(z)", "RewriteRule . /%1"]);
    assert_eq!(site.name("/b"), "/www/b");
}

#[test]
fn texts_are_compared_by_length_first() {
    for (test, holds) in
        [("b >aa", false), ("aaa >b", true), ("a =A", false), ("b >=b", true), ("10 -gt9", true), ("1x -eq1", true)]
    {
        let site = Site::of(&[&format!("RewriteCond {test}"), "RewriteRule . /yes"]);
        assert_eq!(site.name("/u") == "/www/yes", holds, "{test}");
    }
    assert_eq!(Site::of(&["RewriteCond b >AA [NC]", "RewriteRule . /yes"]).name("/u"), "/www/yes");
}

#[test]
fn alternatives() {
    let site = |conditions: &[&str]| {
        let lines: Vec<String> = conditions.iter().map(|c| format!("RewriteCond x {c}")).collect();
        let mut lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        lines.push("RewriteRule . /yes");
        Site::of(&lines).name("/u") == "/www/yes"
    };
    assert!(site(&["y [OR]", "x"]));
    assert!(site(&["x [OR]", "y"]));
    assert!(!site(&["y [OR]", "z"]));
    assert!(!site(&["x [OR]", "y", "z"]));
    assert!(site(&["y [OR]", "z [OR]"]));
    assert!(site(&["x [OR]", "y [OR]"]));
}

#[test]
fn a_condition_that_cannot_hold_passes_over_its_rule_and_chain() {
    let lines = [
        "RewriteCond %{HTTP_HOST} ^other$",
        "RewriteRule ^/(.*) /a$1 [C]",
        "RewriteRule . /chained",
        "RewriteCond %{HTTP_HOST} !^other$",
        "RewriteRule ^/(.*) /b$1",
        "RewriteCond %{HTTP_HOST} ^other$ [OR]",
        "RewriteCond %{HTTP_HOST} ^HERE$ [NC]",
        "RewriteRule ^/(.*) /c$1",
    ];
    let site = Site::of(&lines).header("Host", "here").header("Accept", "a");
    assert_eq!(site.name("/u"), "/www/cbu");
    assert_eq!(site.host.table(HEADERS_OUT), []);
}

#[test]
fn headers_that_were_looked_at_are_told() {
    let vary = |lines: &[&str]| {
        let site = Site::of(lines).header("Accept", "a").header("Cookie", "c").header("Host", "h");
        site.get("/u");
        site.host.table(HEADERS_OUT).first().map(|(_, value)| value.clone())
    };
    let rule = "RewriteRule . /y";
    assert_eq!(vary(&["RewriteCond %{HTTP_ACCEPT} a", "RewriteCond %{HTTP_HOST} h", rule]), Some("Accept".into()));
    assert_eq!(
        vary(&["RewriteCond %{HTTP_ACCEPT} a [NV]", "RewriteCond %{HTTP_COOKIE} c", rule]),
        Some("Cookie".into())
    );
    assert_eq!(
        vary(&["RewriteCond %{HTTP_ACCEPT} z [OR]", "RewriteCond %{HTTP:cookie} c", rule]),
        Some("cookie".into())
    );
    assert_eq!(vary(&["RewriteCond %{HTTP_ACCEPT} z", rule]), None);
    assert_eq!(vary(&["RewriteRule . /%{HTTP_ACCEPT}"]), None);
}

#[test]
fn expansions_that_are_none() {
    let site = Site::of(&[r"RewriteRule ^/(.*) /%{open-${no-colon}-\$1-$x-%-%{}-$1"]);
    assert_eq!(site.name("/u"), "/www/%{open-${no-colon}-$1-$x-%--u");
}

#[test]
fn query_strings() {
    for (rule, url, name, args) in [
        ("/n", "/u?a", "/www/n", Some("a")),
        ("/n?", "/u?a", "/www/n", None),
        ("/n?b", "/u?a", "/www/n", Some("b")),
        ("/n?b [QSA]", "/u?a", "/www/n", Some("b&a")),
        ("/n?b [QSA]", "/u", "/www/n", Some("b")),
        ("/n? [QSA]", "/u?a", "/www/n", Some("a")),
        ("/n [QSD]", "/u?a", "/www/n", None),
        ("/n?b [QSA,QSD]", "/u?a", "/www/n", Some("b")),
        ("/n?b?c [QSL]", "/u?a", "/www/n?b", Some("c")),
        ("/n?b&", "/u?a", "/www/n", Some("b")),
    ] {
        let site = Site::of(&[&format!("RewriteRule . {rule}")]);
        let (status, got, got_args) = site.get(url);
        assert_eq!((status, &got[..], got_args.as_deref()), (Status::OK, name, args), "{rule} {url}");
    }
}

#[test]
fn question_marks_of_the_client_are_refused() {
    assert_eq!(Site::of(&["RewriteRule ^/(.*) /x$1"]).get("/a?b").0, Status::OK);
    for (rule, status) in [
        ("RewriteRule (.*) /n%{THE_REQUEST}", Status::FORBIDDEN),
        ("RewriteRule (.*) /n%{THE_REQUEST} [UnsafeAllow3F]", Status::OK),
        ("RewriteRule (.*) /n?x%{THE_REQUEST}", Status::OK),
        ("RewriteRule (.*) /n?x%{THE_REQUEST} [QSL]", Status::FORBIDDEN),
    ] {
        let site = Site::of(&[rule]);
        site.host.state_mut().texts.insert(field::THE_REQUEST, b"a?b".to_vec());
        assert_eq!(site.get("/a").0, status, "{rule}");
    }
}

#[test]
fn redirections() {
    for (rule, url, status, location) in [
        ("/n [R]", "/u", 302, "http://here/n"),
        ("/n [R=301,L]", "/u?a=b", 301, "http://here/n?a=b"),
        ("n [R=permanent]", "/u", 301, "http://here/n"),
        ("'http://other/a b' [R=nonsense]", "/u", 302, "http://other/a%20b"),
        ("https://here/n", "/u", 302, "https://here/n"),
        (r"/n\%20 [R,NE]", "/u", 302, "http://here/n%20"),
        (r"/n\%20 [R]", "/u", 302, "http://here/n%2520"),
        (r"/n?a\%20b [R]", "/u", 302, "http://here/n?a%2520b"),
    ] {
        let site = Site::of(&[&format!("RewriteRule . {rule}")]);
        assert_eq!(site.get(url).0, Status(status), "{rule}");
        let sent = site.host.table(HEADERS_OUT).pop().map(|(_, value)| value).unwrap_or_default();
        assert_eq!(sent, location, "{rule}");
    }
}

#[test]
fn our_own_host_is_taken_off() {
    assert_eq!(Site::of(&["RewriteRule . http://here/n"]).name("/u"), "/www/n");
    assert_eq!(Site::of(&["RewriteRule . HTTP://here:80"]).name("/u"), "/www/");
    assert_eq!(Site::of(&["RewriteRule . http://here:81/n"]).get("/u").0, Status(302));
}

#[test]
fn statuses_without_substitution() {
    for (flag, status) in [("F", 403), ("G", 410), ("R=404", 404), ("R=204", 204)] {
        assert_eq!(Site::of(&[&format!("RewriteRule . - [{flag}]")]).get("/u").0, Status(status), "{flag}");
    }
}

#[test]
fn chains_skips_and_rounds() {
    let site =
        Site::of(&["RewriteRule ^/no /x [C]", "RewriteRule . /y [C]", "RewriteRule . /z", "RewriteRule /u$ /end"]);
    assert_eq!(site.name("/u"), "/www/end");
    assert_eq!(site.name("/no"), "/www/z");
    let site = Site::of(&["RewriteRule ^/u - [S=2]", "RewriteRule . /a", "RewriteRule (.) /b", "RewriteRule $ $0/c"]);
    assert_eq!(site.name("/u"), "/www/c");
    let site = Site::of(&["RewriteRule (.*)x(.*) $1y$2 [N]"]);
    assert_eq!(site.name("/xxx"), "/www/yyy");
    let site = Site::of(&["RewriteRule . - [N=5]"]);
    site.host.state_mut().log_level = apache_module::APLOG_ERR;
    assert_eq!(site.get("/u").0, Status(500));
    assert!(site.log()[0].starts_with("AH02596: RewriteRule '.' and URI '/u' exceeded maximum number of rounds (5)"));
}

#[test]
fn environment_notes_and_cookies() {
    let site = Site::of(&["RewriteRule ^/(.) - [E=A:$1,E=!B,E=C,T=Text/X,H=Y,CO=n:$1:d:1:/p:secure:1:lax]"]);
    site.get("/u");
    let env = site.host.table(SUBPROCESS_ENV);
    assert!(env.contains(&("A".into(), "u".into())) && env.contains(&("C".into(), String::new())));
    assert!(env.contains(&("SCRIPT_URL".into(), "/u".into())));
    assert!(env.contains(&("SCRIPT_URI".into(), "http://here/u".into())));
    let notes = site.host.table(NOTES);
    assert!(notes.contains(&("rewrite-forced-mimetype".into(), "text/x".into())));
    assert!(notes.contains(&("rewrite-forced-handler".into(), "y".into())));
    let cookies = site.host.table(ERR_HEADERS_OUT);
    let cookie = &cookies[0].1;
    assert!(cookie.starts_with("n=u; path=/p; domain=d; expires="), "{cookie}");
    assert!(cookie.ends_with("; secure; HttpOnly; SameSite=lax"), "{cookie}");
    site.get("/u");
    assert_eq!(site.host.table(ERR_HEADERS_OUT).len(), 1);
}

#[test]
fn a_path_that_exists_is_one_only_where_the_directive_says_so() {
    let site = |rule: &str| Site::of(&[rule]).file("/etc", "").file("/www", "");
    assert_eq!(site("RewriteRule ^/(.*) /etc/$1").name("/x"), "/etc/x");
    assert_eq!(site("RewriteRule ^/(.*) /$1").name("/etc/x"), "/www/etc/x");
    assert_eq!(site("RewriteRule ^/(.*) /$1 [UnsafePrefixStat]").name("/etc/x"), "/etc/x");
    assert_eq!(site("RewriteRule ^/(.*) %{DOCUMENT_ROOT}/$1").name("/x"), "/www/x");
    assert_eq!(site("RewriteRule (.*) $1").name("/../x"), "/www/../x");
}

#[test]
fn slashes_are_merged() {
    assert_eq!(Site::of(&["RewriteRule ^/a(.*) $1 [PT]"]).get("/a//b").0, Status::DECLINED);
    let uri = |rule: &str| {
        let site = Site::of(&[rule]);
        site.get("/a//b");
        site.text(field::URI)
    };
    assert_eq!(uri("RewriteRule ^/a(.*) $1 [PT]").as_deref(), Some("/b"));
    assert_eq!(uri("RewriteRule ^/a(.*) $1 [PT,UNC]").as_deref(), Some("//b"));
    assert_eq!(uri("RewriteRule ^/a/(.*) /$1 [PT]").as_deref(), Some("/b"));
    assert_eq!(uri("RewriteRule ^/a(.*) //$1 [PT]").as_deref(), Some("////b"));
}
