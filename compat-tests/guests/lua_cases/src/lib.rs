//! The guest of the cases in `cases/lua`: each Lua script there has its functions here, from the Rust file beside it.
//! One file for all, so that it is built once; every function has a name of its own.

mod show;

#[path = "../../../cases/lua/filters/filters.rs"]
mod filters;
#[path = "../../../cases/lua/settings/first.rs"]
mod first;
#[path = "../../../cases/lua/hooks/hooks.rs"]
mod hooks;
#[path = "../../../cases/lua/logging/logging.rs"]
mod logging;
#[path = "../../../cases/lua/scope/scope.rs"]
mod scope;
#[path = "../../../cases/lua/settings/settings.rs"]
mod settings;
#[path = "../../../cases/lua/tables/tables.rs"]
mod tables;

apache_module::script! {}
