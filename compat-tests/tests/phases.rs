//! Hooks of an extension on a real httpd: each runs in its place, its answer counts, and one that fails harms nobody else.
#![allow(missing_docs, reason = "tests")]

#[path = "hazards/ground.rs"]
#[allow(dead_code, reason = "shared with hazards.rs")]
mod ground;

use compat_tests::errorlog::crashes;
use compat_tests::server::{Mpm, Server};
use std::time::Duration;

use ground::{Ground, fetch, header, lines_with, log_with, status, wait};

const MODULES: &str =
    "LoadModule auth_basic_module modules/mod_auth_basic.so\nLoadModule authn_core_module modules/mod_authn_core.so\n";

/// A place for a server with the guest; `/phases` is its handler, `/phases/auth` has an AuthType.
fn ground(before: &str) -> Ground {
    let ground = Ground::new(Mpm::from_env().unwrap());
    let guest = std::fs::read(ground.dist("phases.wasm")).expect("scripts/build makes it");
    let module = ground.module_with("phases", &guest, "");
    ground.configure(&format!(
        "{before}{MODULES}ErrorLogFormat \"[%t] [%-m:%l] [pid %P] [%{{c}}L] {{%L}} %M\"\n{module}LogLevel notice\n<Location /phases>\nSetHandler phases\n</Location>\n\
         <Location /phases/auth>\nAuthType Basic\nAuthName native\nRequire all granted\n</Location>\n"
    ));
    ground
}

fn phases(server: &Server, uri: &str) -> String {
    header(&fetch(server, uri), "X-Phases").unwrap_or_default()
}

#[test]
fn every_phase_runs_in_its_place() {
    let ground = ground("");
    let server = ground.start();
    let all = "post_read_request quick_handler pre_translate_name translate_name map_to_storage post_perdir_config header_parser \
               access_checker force_authn access_checker_ex type_checker fixups insert_filter ";
    let mark = server.mark();
    let answer = fetch(&server, "/phases");
    assert_eq!((status(&answer), answer.body.as_slice()), (200, &b"true ran -4\n"[..]));
    assert_eq!(sorted(&header(&answer, "X-Phases").unwrap()), sorted(all));
    log_with(&server, mark, &["insert_filter handler log_transaction"]);
    let failed = phases(&server, "/phases?fixups=403");
    assert!(failed.ends_with("fixups insert_error_filter"), "{failed}");
    assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new());
}

fn sorted(words: &str) -> Vec<&str> {
    let mut words: Vec<_> = words.split_whitespace().collect();
    words.sort_unstable();
    words
}

#[test]
fn an_answer_counts_wherever_it_is_given() {
    let ground = ground("");
    let server = ground.start();
    let answers = [
        "quick_handler",
        "post_read_request",
        "pre_translate_name",
        "translate_name",
        "map_to_storage",
        "post_perdir_config",
        "header_parser",
        "access_checker",
        "access_checker_ex",
        "type_checker",
        "fixups",
        "handler",
    ];
    for hook in answers {
        assert_eq!(status(&fetch(&server, &format!("/phases?{hook}=418"))), 500, "{hook}: httpd doesn't know 418");
        assert_eq!(status(&fetch(&server, &format!("/phases?{hook}=410"))), 410, "{hook}");
    }
    assert_eq!(status(&fetch(&server, "/phases/auth?check_user_id=410&force_authn=0")), 410);
    let answer = fetch(&server, "/phases?quick_handler=0");
    assert_eq!((status(&answer), answer.body.as_slice()), (200, &b"quickly\n"[..]));
    assert_eq!(fetch(&server, "/phases").body, b"true ran -4\n");
}

#[test]
fn a_guest_has_the_client_authenticate() {
    let ground = ground("");
    let server = ground.start();
    assert_eq!(status(&fetch(&server, "/phases/auth")), 200);
    let forced = fetch(&server, "/phases/auth?force_authn=0");
    assert_eq!((status(&forced), header(&forced, "WWW-Authenticate")), (401, Some("Basic realm=\"native\"".into())));
    let forced = fetch(&server, "/phases/auth?force_authn=0&check_user_id=challenge&note_auth_failure=0");
    assert_eq!(
        (status(&forced), header(&forced, "WWW-Authenticate")),
        (401, Some("Basic realm=\"by a guest\"".into()))
    );
    // One that fails is passed over.
    let failed = fetch(&server, "/phases/auth?force_authn=0&check_user_id=challenge&note_auth_failure=trap");
    assert_eq!((status(&failed), header(&failed, "WWW-Authenticate")), (401, Some("Basic realm=\"native\"".into())));
}

#[test]
fn a_guest_gives_the_ids_of_the_log() {
    let ground = ground("");
    let server = ground.start();
    let mark = server.mark();
    fetch(&server, "/phases/id");
    log_with(&server, mark, &["{id-of-/phases/id} ", "ran: "]);
    assert_eq!(lines_with(&server.log_since(mark).unwrap(), &["an id is wanted"]).len(), 1);
    let mark = server.mark();
    fetch(&server, "/phases?generate_log_id=trap");
    log_with(&server, mark, &["phases_module failed in ap_hook_generate_log_id"]);
    log_with(&server, mark, &["ran: "]);
    assert_eq!(status(&fetch(&server, "/phases?generate_log_id=0")), 200);
    assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new());
}

#[test]
fn a_hook_that_fails_is_one_500() {
    let ground = ground("");
    let server = ground.start();
    for hook in [
        "quick_handler",
        "post_read_request",
        "post_perdir_config",
        "force_authn",
        "header_parser",
        "access_checker_ex",
        "insert_filter",
        "handler",
    ] {
        let mark = server.mark();
        assert_eq!(status(&fetch(&server, &format!("/phases?{hook}=trap"))), 500, "{hook}");
        log_with(&server, mark, &[&format!("phases_module failed in ap_hook_{hook}")]);
        assert_eq!(status(&fetch(&server, "/phases")), 200);
    }
    assert_eq!(status(&fetch(&server, "/phases?fixups=403&insert_error_filter=trap")), 403);
}

#[test]
fn children_and_the_parent_call_a_guest() {
    let ground = ground("");
    let server = ground.start();
    log_with(&server, 0, &["child_init"]);
    wait(20, "monitor", || !lines_with(&ground.site.error_log_text(), &["monitor"]).is_empty());
    let line = ground.site.error_log_text();
    let line = lines_with(&line, &["monitor"])[0].to_string();
    assert!(line.contains(&format!("[pid {}]", server.pid())), "the parent runs it: {line}");
}

#[test]
fn a_guest_that_fails_outside_of_requests_stops_nothing() {
    let ground = ground("Define TRAP_MONITOR\nDefine TRAP_CHILD_INIT\n");
    let server = ground.start();
    assert_eq!(status(&fetch(&server, "/phases")), 200);
    log_with(&server, 0, &["phases_module failed in ap_hook_child_init"]);
    wait(25, "monitor", || {
        !lines_with(&ground.site.error_log_text(), &["phases_module failed in ap_hook_monitor"]).is_empty()
    });
    assert_eq!(status(&fetch(&server, "/phases")), 200);
    assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new());
}

#[test]
fn a_guest_refuses_a_configuration() {
    let ground = ground("Define REFUSE\n");
    // httpd is a daemon by then, and just ends.
    ground.site.run(&["-k", "start"]).unwrap();
    for _ in 0..30 {
        std::thread::sleep(Duration::from_millis(100));
        assert!(std::net::TcpStream::connect(("127.0.0.1", ground.site.port)).is_err());
    }
}
