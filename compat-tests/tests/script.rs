//! Scripts on a real httpd: every directive that names a function of a guest file, where it may stand and where not, in
//! which order, in which instance, and what becomes of those that fail.
#[path = "script/errors.rs"]
mod errors;
#[path = "script/filters.rs"]
mod filters;
#[path = "script/hooks.rs"]
mod hooks;
#[path = "script/reload.rs"]
mod reload;
#[path = "script/scopes.rs"]
mod scopes;
#[path = "script/site.rs"]
mod site;
