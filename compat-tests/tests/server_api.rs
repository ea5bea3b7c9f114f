//! What the host API has of files, databases, WebSockets and the server itself, called by a guest on a real httpd. The
//! answers are compared with what the system, the database and httpd's own programs say.
#![allow(missing_docs, reason = "tests")]

#[path = "server_api/databases.rs"]
mod databases;
#[path = "server_api/files.rs"]
mod files;
#[path = "hazards/ground.rs"]
#[allow(dead_code, reason = "shared with hazards.rs")]
mod ground;
#[path = "server_api/shared.rs"]
mod shared;
#[path = "server_api/status.rs"]
mod status;
#[path = "server_api/websockets.rs"]
mod websockets;

use compat_tests::server::{Mpm, Server};
use ground::{Ground, fetch};
use std::os::unix::fs::PermissionsExt;

/// What the guest is to be allowed.
const ALL: &str = "WasmApi +status +file +database +websocket";

/// A place for a server, its guest loaded with `settings`; `/api` is its handler.
fn ground(settings: &str, own: &str) -> Ground {
    let ground = Ground::new(Mpm::from_env().unwrap());
    let guest = std::fs::read(ground.dist("server_api.wasm")).expect("scripts/build makes it");
    let module = ground.module_with("server_api", &guest, settings);
    ground.configure(&format!("{module}<Location /api>\nSetHandler server-api\n</Location>\n{own}"));
    ground
}

/// A folder that httpd's user may write to.
fn writable(ground: &Ground) -> String {
    let folder = ground.path("writable");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o777)).unwrap();
    folder.display().to_string()
}

/// What the handler prints for a call.
fn call(server: &Server, call: &str) -> String {
    let answer = fetch(server, &format!("/api?{call}"));
    assert_eq!(ground::status(&answer), 200, "{call}: {}", answer.render());
    String::from_utf8_lossy(&answer.body).trim_end_matches('\n').to_string()
}

/// The same for words that may hold anything.
fn ask(server: &Server, words: &[&str]) -> String {
    let escaped = |word: &&str| word.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    let words: Vec<_> = words.iter().map(escaped).collect();
    call(server, &words.join(";"))
}

#[test]
fn a_group_that_is_not_allowed_is_named() {
    for missing in ["status", "file", "database", "websocket"] {
        let given = format!("{ALL} -{missing}");
        let refusal = ground(&given, "").refusal();
        assert!(
            refusal.contains(&format!("of group {missing}, which is not allowed here (WasmApi +{missing} allows it)")),
            "{refusal}"
        );
    }
}
