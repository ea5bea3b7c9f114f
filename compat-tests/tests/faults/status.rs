//! What /server-status says of guests, as a program reads it.
use std::collections::BTreeMap;

use compat_tests::server::Server;

use crate::ground::{fetch, status};

/// Lines for the configuration: mod_status at /server-status.
pub const CONFIG: &str = "LoadModule status_module modules/mod_status.so\n<Location /server-status>\nSetHandler server-status\n</Location>\n";

/// The numbers of each module by name.
pub fn modules(server: &Server) -> BTreeMap<String, BTreeMap<String, u64>> {
    let answer = fetch(server, "/server-status?auto");
    assert_eq!(status(&answer), 200, "{}", answer.render());
    compat_tests::counted::modules(&String::from_utf8(answer.body).unwrap())
}

/// A number of one module; 0 if it isn't there.
pub fn number(server: &Server, module: &str, name: &str) -> u64 {
    modules(server).get(module).and_then(|numbers| numbers.get(name)).copied().unwrap_or(0)
}
