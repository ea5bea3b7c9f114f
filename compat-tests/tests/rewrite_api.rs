//! What mod_rewrite needs of the host API, called by a guest on a real httpd: every function, wrong handles, resources
//! that are gone. The answers are compared with what httpd's own programs and files say.
#![allow(missing_docs, reason = "tests")]

#[path = "hazards/ground.rs"]
#[allow(dead_code, reason = "shared with hazards.rs")]
mod ground;
#[path = "rewrite_api/maps.rs"]
mod maps;
#[path = "rewrite_api/programs.rs"]
mod programs;
#[path = "rewrite_api/requests.rs"]
mod requests;
#[path = "rewrite_api/texts.rs"]
mod texts;

use compat_tests::server::{Mpm, Server};
use ground::{Ground, fetch, status};
use std::path::Path;

/// A place for a server, its guest loaded with `settings`; `/api` is its handler.
fn ground(settings: &str, own: &str) -> Ground {
    let ground = Ground::new(Mpm::from_env().unwrap());
    let guest = std::fs::read(ground.dist("rewrite_api.wasm")).expect("scripts/build makes it");
    let module = ground.module_with("rewrite_api", &guest, settings);
    ground.configure(&format!("{module}<Location /api>\nSetHandler rewrite-api\n</Location>\n{own}"));
    ground
}

/// What the handler prints for a call.
fn call(server: &Server, call: &str) -> String {
    let answer = fetch(server, &format!("/api?{call}"));
    assert_eq!(status(&answer), 200, "{call}: {}", answer.render());
    String::from_utf8_lossy(&answer.body).trim_end_matches('\n').to_string()
}

/// What a program prints.
fn output(program: &str, arguments: &[&str], folder: &Path) -> String {
    let output = std::process::Command::new(program).args(arguments).current_dir(folder).output();
    let output = output.unwrap_or_else(|why| panic!("{program}: {why}"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_string()
}
