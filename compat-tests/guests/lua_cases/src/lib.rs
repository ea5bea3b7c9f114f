//! The guest of the cases in `cases/lua`: each Lua script there has its functions here, from the Rust file beside it.
//! One file for all, so that it is built once; every function has a name of its own.

mod show;

#[path = "../../../cases/lua/authz/authz.rs"]
mod authz;
#[path = "../../../cases/lua/body/body.rs"]
mod body;
#[path = "../../../cases/lua/constants/constants.rs"]
mod constants;
#[path = "../../../cases/lua/database/database.rs"]
mod database;
#[path = "../../../cases/lua/fields/fields.rs"]
mod fields;
#[path = "../../../cases/lua/files/files.rs"]
mod files;
#[path = "../../../cases/lua/filters/filters.rs"]
mod filters;
#[path = "../../../cases/lua/settings/first.rs"]
mod first;
#[path = "../../../cases/lua/hooks/hooks.rs"]
mod hooks;
#[path = "../../../cases/lua/logging/logging.rs"]
mod logging;
#[path = "../../../cases/lua/match/match.rs"]
mod matching;
#[path = "../../../cases/lua/output/output.rs"]
mod output;
#[path = "../../../cases/lua/scope/scope.rs"]
mod scope;
#[path = "../../../cases/lua/server/server.rs"]
mod server;
#[path = "../../../cases/lua/settings/settings.rs"]
mod settings;
#[path = "../../../cases/lua/state/state.rs"]
mod state;
#[path = "../../../cases/lua/tables/tables.rs"]
mod tables;
#[path = "../../../cases/lua/text/text.rs"]
mod text;
#[path = "../../../cases/lua/tls/tls.rs"]
mod tls;
#[path = "../../../cases/lua/websocket/websocket.rs"]
mod websocket;

apache_module::script! {}
