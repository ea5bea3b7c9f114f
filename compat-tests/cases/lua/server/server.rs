//! What a guest learns of the server.

use crate::show::tell as show;
use apache_module::status::{self, ConfigLine};
use apache_module::{Request, Status, server, text};

apache_module::exports! {
    functions: { server_facts; server_time; server_roots; server_config; server_active; server_scoreboard; }
}

fn server_facts(r: &Request) -> Status {
    //: r.mpm_query
    show(
        r,
        "threads of a child",
        server::mpm_query(apache_module::AP_MPMQ_MAX_THREADS).is_some_and(|threads| threads > 0),
    );
    show(r, "is threaded", server::mpm_query(apache_module::AP_MPMQ_IS_THREADED).is_some());

    //: r.state_query
    show(r, "main state", server::state_query(apache_module::AP_SQ_MAIN_STATE));
    show(r, "configuration read", server::state_query(apache_module::AP_SQ_CONFIG_GEN));

    //: r.exists_config_define
    show(r, "THERE", server::exists_config_define(b"THERE"));
    show(r, "NOT_THERE", server::exists_config_define(b"NOT_THERE"));

    //: r:loaded_modules
    let modules = status::loaded_modules();
    show(r, "core.c", modules.contains(&b"core.c".to_vec()));
    show(r, "mod_alias.c", modules.contains(&b"mod_alias.c".to_vec()));
    show(r, "mod_nothing.c", modules.contains(&b"mod_nothing.c".to_vec()));

    //: r.module_info
    let directives = status::module_info(b"mod_alias.c").unwrap_or_default();
    show(r, "Alias", directives.into_iter().find(|(name, _)| name == b"Alias").map(|(_, help)| help));
    show(r, "no module", status::module_info(b"mod_nothing.c").map(|_| "there"));

    //: r:server_info
    let server = status::server_info();
    show(r, "server_root", server.text("server_root"));
    show(r, "server_executable", server.text("server_executable"));
    show(r, "server_mpm", server.text("server_mpm").is_some_and(|name| !name.is_empty()));

    //: r:runtime_dir_relative
    show(r, "runtime_dir_relative", server::runtime_dir_relative(b"a.sock"));
    show(r, "runtime dir", server::runtime_dir_relative(b"."));
    Status::OK
}

fn server_time(r: &Request) -> Status {
    //: r:clock
    let before = server::time_now();

    //: r.usleep
    server::sleep(20000);

    show(r, "slept", server::time_now() - before >= 20000);

    //: r.date_parse_rfc
    let seconds = |time: i64| time / 1_000_000;
    show(r, "date", text::date_parse_rfc(b"Sun, 06 Nov 1994 08:49:37 GMT").map(seconds));
    show(r, "RFC 850", text::date_parse_rfc(b"Sunday, 06-Nov-94 08:49:37 GMT").map(seconds));
    show(r, "no date", text::date_parse_rfc(b"never"));
    Status::OK
}

fn server_roots(r: &Request) -> Status {
    //: r:set_document_root
    r.set_document_root("/srv/www");
    show(r, "document_root", r.document_root());

    //: r:set_context_info
    r.set_context_info("/prefix", "/srv/context");
    let context = [r.context_prefix().unwrap_or_default(), r.context_document_root().unwrap_or_default()];
    show(r, "context", context.join(&b" "[..]));
    Status::OK
}

/// Directives of a list, one a line, sections with what is in them.
fn tree(r: &Request, list: &[ConfigLine], depth: usize) {
    for entry in list {
        let has = |text: &[u8], part: &str| String::from_utf8_lossy(text).contains(part);
        if has(&entry.file, "case.conf") && !has(&entry.directive, "MapHandler") {
            let line = format!("{}{} ", "  ".repeat(depth), entry.line);
            r.write([line.as_bytes(), &entry.directive, b" ", &entry.args, b"\n"].concat());
        }
        tree(r, &entry.children, depth + 1);
    }
}

fn server_config(r: &Request) -> Status {
    //: r:config
    tree(r, &status::config().unwrap_or_default(), 0);
    Status::OK
}

fn server_active(r: &Request) -> Status {
    //: r:activeconfig
    tree(r, &status::active_config(r).unwrap_or_default(), 0);
    Status::OK
}

const PROCESS_NAMES: [&str; 8] = [
    "connections",
    "keepalive",
    "lingering_close",
    "pid",
    "suspended",
    "write_completion",
    "not_accepting",
    "quiescing",
];
const WORKER_NAMES: [&str; 14] = [
    "access_count",
    "bytes_served",
    "client",
    "conn_bytes",
    "conn_count",
    "generation",
    "last_used",
    "pid",
    "request",
    "start_time",
    "status",
    "stop_time",
    "tid",
    "vhost",
];

fn server_scoreboard(r: &Request) -> Status {
    //: r:scoreboard_process
    let process = status::scoreboard_process(0).unwrap_or_default();
    show(r, "pid", process.number("pid") > Some(1));
    PROCESS_NAMES.iter().for_each(|name| show(r, name, process.text(name).is_some()));

    //: r:scoreboard_worker
    let worker = status::scoreboard_worker(0, 0).unwrap_or_default();
    show(r, "pid of the worker", worker.number("pid") >= Some(0));
    WORKER_NAMES.iter().for_each(|name| show(r, name, worker.text(name).is_some()));

    show(r, "no such child", status::scoreboard_process(u32::MAX).map(|_| "there"));
    Status::OK
}
