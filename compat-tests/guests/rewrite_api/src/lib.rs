//! A module whose handler does what the query string says, `function;argument;…`, and prints the answer. It knows the
//! host API, and not what its answers should be.

mod call;
mod handles;
mod maps;

use apache_module::map::{Dbm, File, Function, Program, Statement};
use apache_module::{Directive, Event, Filter, Flow, Merge, Request, Status, ffi, field, server, text};
use std::collections::BTreeMap;

/// What an ApiMap directive names.
#[allow(missing_docs)]
#[derive(Clone, Copy)]
pub enum Map {
    File(File),
    Dbm(Dbm),
    Statement(Statement),
    Program(Program),
    Function(Function),
}

/// What a server's ApiMap directives name, by the name that they give it.
#[derive(Default)]
pub struct Config {
    maps: BTreeMap<Vec<u8>, Map>,
    server: i64,
}

impl Merge for Config {
    fn merge(&self, add: &Config) -> Config {
        let mut maps = self.maps.clone();
        maps.extend(add.maps.iter().map(|(name, map)| (name.clone(), *map)));
        Config { maps, server: add.server }
    }
}

apache_module::module! {
    name: "mod_rewrite_api.c",
    server_config: Config,
    directives: {
        "ApiMap", TAKE23, RSRC_CONF | ACCESS_CONF | OR_FILEINFO, dir: maps::in_a_directory, server: maps::named, "a name, a type with a source, and a user with a group";
        "ApiUsednames", TAKE2, RSRC_CONF, server: maps::usednames, "a type of DBM file and a name";
    },
    hooks: {
        post_config(MIDDLE): maps::start;
        fixups(FIRST, before: "mod_proxy.c"): first;
        fixups_2(LAST): last;
        handler(MIDDLE): handler;
    },
    mutexes: { "rewrite-map"; },
    offers: { "ap_register_rewrite_mapfunc"; },
    output_filters: { "AHEAD", FTYPE_RESOURCE: filter; },
}

/// Looks ahead for each event of a body, and tries what only a handler may.
fn filter(f: &mut Filter, r: &Request, event: Event) -> Flow {
    let ahead = r.sub_req_lookup_uri(b"/plain").map(|sub| sub.number(field::STATUS));
    let refused = (r.include(b"/plain"), ffi::ap_internal_redirect(0, b"/plain"));
    if event == Event::Eos {
        f.write(format!("{ahead:?} {refused:?}\n"));
    }
    Flow::Pass
}

/// Notes that this hook ran; `?fixups;status` has it answer a status.
fn first(r: &Request) -> Status {
    note(r, b"first");
    match words(r).as_slice() {
        [what] if what == b"include-early" => {
            r.include(b"/quiet.txt");
            Status::OK
        }
        [what] if what == b"too-early" => {
            r.internal_redirect(b"/plain");
            Status::OK
        }
        [what, status] if what == b"fixups" => Status(String::from_utf8_lossy(status).parse().unwrap_or(0)),
        _ => Status::DECLINED,
    }
}

fn last(r: &Request) -> Status {
    note(r, b"last");
    Status::DECLINED
}

fn note(r: &Request, what: &[u8]) {
    let so_far = r.notes().get("order").unwrap_or_default();
    r.notes().set("order", [&so_far[..], what, b" "].concat());
}

/// The words of the query string.
fn words(r: &Request) -> Vec<Vec<u8>> {
    let args = r.text(apache_module::field::ARGS).unwrap_or_default();
    args.split(|byte| *byte == b';').map(text::unescape_url).collect()
}

fn handler(r: &Request) -> Status {
    if r.handler().as_deref() != Some(b"rewrite-api") {
        return Status::DECLINED;
    }
    r.set_content_type(Some(b"text/plain"));
    let words = words(r);
    let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
    let Some((function, arguments)) = words.split_first() else { return Status::DECLINED };
    if *function == b"redirect" {
        r.set_userdata(b"before", b"kept");
        r.internal_redirect(arguments.first().copied().unwrap_or_default());
        return Status::OK;
    }
    let answer = call::call(r, function, arguments)
        .or_else(|| maps::call(r, function, arguments))
        .or_else(|| handles::call(r, function));
    r.write(answer.unwrap_or_else(|| "no such function".to_string()) + "\n");
    Status::OK
}

/// Bytes as text that can be read back.
fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

fn shown_or_none(bytes: Option<Vec<u8>>) -> String {
    bytes.map_or("NONE".to_string(), |bytes| shown(&bytes))
}

/// The number that a word says, 0 where it says none.
fn number(word: &[u8]) -> i64 {
    String::from_utf8_lossy(word).parse().unwrap_or(0)
}

/// The server that a directive belongs to, to be compared with a request's.
fn note_server(directive: &Directive, config: &mut Config) {
    config.server = directive.server_id();
}

/// Whether the configuration in force comes from the request's own server.
fn own_server(r: &Request) -> bool {
    get_module_config(r).1.server == r.number(apache_module::field::SERVER_ID)
}

/// What is known of the server as a whole.
fn about_server(name: &[u8], argument: &[u8]) -> Option<String> {
    Some(match name {
        b"module" => server::has_module(argument).to_string(),
        b"env" => shown_or_none(server::env(argument)),
        b"status" => server::knows_status(number(argument) as u32).to_string(),
        b"root" => shown_or_none(server::server_root_relative(argument)),
        _ => return None,
    })
}
