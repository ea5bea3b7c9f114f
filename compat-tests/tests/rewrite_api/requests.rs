//! Fields, requests beside the one being served, subrequests, redirects, handles that are wrong.

use super::ground::{fetch, lines_with, log_with, status};
use super::{call, ground};
use compat_tests::client::Connection;
use host_api::fields::{FIELDS, Kind};

#[test]
fn every_field_of_every_request_has_an_answer() {
    let ground = ground("", "ServerAdmin admin@example.org\n");
    let server = ground.start();
    for which in ["self", "sub", "main"] {
        let all = call(&server, &format!("fields;{which}"));
        let values: Vec<_> = all.lines().filter_map(|line| line.split_once(' ')).map(|(_, value)| value).collect();
        assert_eq!(values.len(), FIELDS.len(), "{which}: {all}");
        for (field, value) in FIELDS.iter().zip(&values) {
            assert!(field.kind == Kind::Text || value.parse::<i64>().is_ok(), "{which} {}: {value}", field.name);
        }
        let is = |name: &str, expected: &str| {
            let at = FIELDS.iter().position(|field| field.name == name).unwrap();
            assert_eq!(values[at], expected, "{which} {name}");
        };
        is("SERVER_ADMIN", "admin@example.org");
        is("REQUEST_SCHEME", "http");
        is("DEFAULT_PORT", "80");
        is("SERVER_NAME_FOR_URL", "localhost");
        is("USERAGENT_HOST", "127.0.0.1");
        is("REMOTE_HOST", "127.0.0.1");
        is("IPV6", "0");
        is("LIMIT_REQ_LINE", "8190");
        is("CONTEXT_PREFIX", "");
        is("CONTEXT_DOCUMENT_ROOT", &ground.path("htdocs").display().to_string());
        is("IS_SUBREQ", if which == "sub" { "1" } else { "0" });
        if which == "sub" {
            is("FINFO_FILETYPE", "1");
            is("FINFO_SIZE", "13");
            is("SCRIPT_USER", "root");
            is("SCRIPT_GROUP", "root");
        }
        // OPT_SYM_LINKS, and that nothing else was said.
        is("ALLOW_OPTIONS", "20");
    }
}

#[test]
fn a_subrequest_runs_the_same_module_in_another_instance() {
    let ground = ground("", "");
    let server = ground.start();
    let plain = ground.path("htdocs/plain").display().to_string();
    assert_eq!(call(&server, "uri;/plain"), format!("status 200 file {plain} main Some(0) order first last "));
    assert_eq!(call(&server, "file;plain"), format!("status 200 file {plain} main Some(0) order first last "));
    assert!(call(&server, "uri;/missing").starts_with("status 200 file "), "nothing has looked for the content yet");
    assert!(call(&server, "uri;/api?fixups%3B404").starts_with("status 404 "));
    assert_eq!(call(&server, "order"), "first last ");
    let included = call(&server, "include;/plain");
    assert_eq!(included, "All is well.\nSome(0)");
}

#[test]
fn subrequests_nest_until_the_server_has_enough() {
    let ground = ground("", "");
    let server = ground.start();
    // Each level asks for the next; httpd's own limit or ours ends it, and the server goes on.
    let nested = (0..30).fold("/plain".to_string(), |inner, _| {
        format!("/api?include;{}", inner.replace('%', "%25").replace(';', "%3B"))
    });
    let answer = fetch(&server, &nested);
    assert!(status(&answer) == 200 || status(&answer) == 500, "{}", answer.render());
    assert_eq!(call(&server, "order"), "first last ");
}

#[test]
fn a_filter_looks_ahead_and_sends_nothing_past_itself() {
    let ground = ground("", "<Location /quiet.txt>\nSetOutputFilter AHEAD\n</Location>\n");
    let server = ground.start();
    let answer = fetch(&server, "/quiet.txt");
    assert_eq!(String::from_utf8_lossy(&answer.body), "quiet\nSome(200) (None, -4)\n");
}

#[test]
fn a_hook_that_sends_before_its_time_harms_its_own_request_only() {
    let ground = ground("", "");
    let server = ground.start();
    let bystander = super::ground::Bystander::at(&server);
    for _ in 0..20 {
        let mut connection = Connection::open(server.address()).unwrap();
        connection.send(b"GET /plain?include-early HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let _ = connection.receive(false);
    }
    assert!(bystander.done() > 0);
    assert_eq!(lines_with(&server.site().error_log_text(), &["exit signal"]), Vec::<&str>::new());
}

#[test]
fn a_redirect_happens_when_the_hook_has_answered() {
    let ground = ground("", "");
    let server = ground.start();
    assert_eq!(call(&server, "redirect;/api?here"), r#"prev Some("/api") userdata kept"#);
    assert_eq!(call(&server, "here"), "prev None userdata NONE");
    assert_eq!(fetch(&server, "/api?redirect;/missing").head.code(), Some(404));
    // One that never ends is ended by httpd.
    let mark = server.mark();
    assert_eq!(fetch(&server, "/api?redirect;/api?redirect%3B/api?redirect%253B/missing").head.code(), Some(404));
    assert_eq!(lines_with(&server.log_since(mark).unwrap(), &["mod_wasm"]), Vec::<&str>::new());
    assert_eq!(call(&server, "userdata;key;a%20value"), "a value");
    // Only a handler can hand a request over.
    assert_eq!(fetch(&server, "/plain?too-early").body, b"All is well.\n");
    assert_eq!(fetch(&server, "/missing?too-early").head.code(), Some(404));
}

#[test]
fn the_core_maps_urls_and_knows_its_hosts() {
    let ground = ground("", "<VirtualHost *>\nServerName one.example:8081\n</VirtualHost>\n");
    let server = ground.start();
    let htdocs = ground.path("htdocs").display().to_string();
    assert_eq!(call(&server, "translate;/a/b"), format!("0 {htdocs}/a/b"));
    assert!(call(&server, "translate;/../x").starts_with("403 "), "{}", call(&server, "translate;/../x"));
    assert_eq!(call(&server, "vhost;one.example;8081"), "true");
    assert_eq!(call(&server, "vhost;two.example;8081"), "false");
}

#[test]
fn a_configuration_knows_its_server() {
    let own = ground("", "ApiMap main txt:own.conf\n");
    assert_eq!(call(&own.start(), "server"), "true");
    let inherited = ground("", "ApiMap main txt:own.conf\n<VirtualHost *>\nServerName one.example\n</VirtualHost>\n");
    assert_eq!(call(&inherited.start(), "server"), "false");
    let both = ground("", "ApiMap main txt:own.conf\n<VirtualHost *>\nApiMap more txt:own.conf\n</VirtualHost>\n");
    assert_eq!(call(&both.start(), "server"), "true");
}

#[test]
fn wrong_handles_are_answered_with_codes() {
    let ground = ground("", "");
    let server = ground.start();
    assert_eq!(
        call(&server, "forged"),
        "{-2} outside of a directive [-4, -4, -4, -4, -4] values [-3, -3, -3, -3, -3, -3, -3, -3, -4, -4]"
    );
    assert_eq!(call(&server, "destroyed"), "[6, 6, 6] [0, -2, -2] [-2, -2, 6, 4] [-2, -2, -2]");
    assert_eq!(call(&server, "many"), "1000 -6 4");
    assert_eq!(call(&server, "run-twice"), "All is well.\n0 -2");
    for _ in 0..20 {
        assert_eq!(call(&server, "leave"), "left");
    }
}

#[test]
fn a_handle_that_is_kept_leads_nowhere() {
    let ground = ground("", "");
    let server = ground.start();
    let mut connection = Connection::open(server.address()).unwrap();
    // Every thread's instance keeps a handle, whichever thread answers which request.
    for _ in 0..200 {
        super::ground::get(&mut connection, "/api?keep");
    }
    let mut stale = 0;
    for _ in 0..200 {
        let answer = super::ground::get(&mut connection, "/api?stale");
        match answer.body.as_slice() {
            b"nothing kept\n" => {}
            b"-2 -2\n" => stale += 1,
            other => panic!("{}", String::from_utf8_lossy(other)),
        }
    }
    assert!(stale > 0);
}

#[test]
fn a_guest_that_fails_with_subrequests_open_takes_nothing_along() {
    let ground = ground("WasmTimeLimit 200ms", "");
    let server = ground.start();
    for _ in 0..5 {
        let mark = server.mark();
        assert_ne!(fetch(&server, "/api?trap").body, b"");
        log_with(&server, mark, &["rewrite_api_module failed in ap_hook_handler"]);
        let mark = server.mark();
        assert_eq!(status(&fetch(&server, "/api?loop")), 500);
        log_with(&server, mark, &["time limit of 200 ms exceeded"]);
    }
    assert_eq!(call(&server, "order"), "first last ");
}

#[test]
fn groups_can_be_withheld() {
    for (group, function) in [("subrequest", "ap_"), ("stat", "ap"), ("map", "ap"), ("text", "ap")] {
        let ground = ground(&format!("WasmApi -{group}"), "");
        let refusal = ground.refusal();
        let words = format!("of group {group}, which is not allowed here (WasmApi +{group} allows it)");
        assert!(refusal.contains(&words) && refusal.contains(&format!("it imports {function}")), "{refusal}");
    }
}
