//! mod_rewrite as a guest: its directives and hooks; what a rule does is known by the other files.

mod apply;
mod argline;
mod atoi;
mod cache;
mod condition;
mod config;
mod context;
mod cookie;
mod dbdmap;
mod dbmmap;
mod directives;
mod escape;
mod expand;
mod expansion;
mod fixup;
mod flagfield;
mod flags;
mod list;
mod log;
mod lookup;
mod map;
mod options;
mod outcome;
mod path;
mod pattern;
mod prefix;
mod prgmap;
mod record;
mod response;
mod rule;
mod scheme;
mod test;
#[cfg(test)]
mod tests;
mod text;
mod translate;
mod txtmap;
mod uri;
mod variable;

use apache_module::{Request, Status};
use config::{DirConfig, ServerConfig};
use map::Map;

/// An error text, in the words of the native module.
type ErrorText = Vec<u8>;

apache_module::module! {
    name: "mod_rewrite.c",
    dir_config: DirConfig,
    server_config: ServerConfig,
    directives: {
        "RewriteEngine", FLAG, OR_FILEINFO, dir: directives::engine, server: directives::server_engine,
            "On or Off to enable or disable (default) the whole rewriting engine";
        "RewriteOptions", ITERATE, OR_FILEINFO, dir: directives::options, server: directives::server_options,
            "List of option strings to set";
        "RewriteBase", TAKE1, OR_FILEINFO, dir: directives::base,
            "the base URL of the per-directory context";
        "RewriteCond", RAW_ARGS, OR_FILEINFO, dir: directives::cond, server: directives::server_cond,
            "an input string and a to be applied regexp-pattern";
        "RewriteRule", RAW_ARGS, OR_FILEINFO, dir: directives::rule, server: directives::server_rule,
            "an URL-applied regexp-pattern and a substitution URL";
        "RewriteMap", TAKE23, RSRC_CONF, server: directives::map,
            "a mapname and a filename and options";
    },
    hooks: {
        handler(MIDDLE): handler;
        post_config(MIDDLE): post_config;
        translate_name(FIRST, before: "mod_proxy.c"): translate_name;
        fixups(FIRST, before: "mod_proxy.c"): fixups;
        fixups_2(LAST): mimetype;
    },
    reads: {
        TRANSLATE_NAME: record::of_server;
        FIXUPS: record::of_dir;
        HANDLER: fixup::of_handler;
    },
    handlers: { "redirect-handler"; },
    mutexes: { "rewrite-map"; },
    offers: { "ap_register_rewrite_mapfunc"; },
}

fn translate_name(r: &Request) -> Status {
    let (dir, server) = get_module_config(r);
    translate::translate_name(r, dir, server)
}

fn fixups(r: &Request) -> Status {
    let (dir, server) = get_module_config(r);
    fixup::fixups(r, dir, server)
}

fn mimetype(r: &Request) -> Status {
    fixup::mimetype(r)
}

fn handler(r: &Request) -> Status {
    fixup::redirect_handler(r)
}

/// Starts the programs of maps; a server without the engine needs none (mod_rewrite.c:run_rewritemap_programs).
fn post_config(r: &Request) -> Status {
    let (_, server) = get_module_config(r);
    let started = !server.is_on()
        || server.maps.values().all(|map| match &**map {
            Map::Program(program) => program.start(),
            _ => true,
        });
    if started { Status::OK } else { Status::INTERNAL_SERVER_ERROR }
}
