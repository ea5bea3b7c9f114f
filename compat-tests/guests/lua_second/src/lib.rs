//! A function of `lua_cases` that answers something else: a file that takes another's place.

#[path = "../../../cases/lua/settings/second.rs"]
mod second;

apache_module::script! {}
