//! A module with every hook. Each notes that it ran, and does what the query string asks of it, `hook=what&hook=what`: a
//! status, `challenge` or `trap`.

use apache_module::{APLOG_NOTICE, HTTP_UNAUTHORIZED, Request, Status, ffi, hooks, log, server};

apache_module::module! {
    name: "mod_phases.c",
    hooks: {
        check_config(MIDDLE): check_config;
        child_init(FIRST): child_init;
        monitor(MIDDLE): monitor;
        generate_log_id(FIRST): generate_log_id;
        quick_handler(FIRST): quick_handler;
        post_read_request(FIRST): post_read_request;
        pre_translate_name(FIRST): pre_translate_name;
        translate_name(FIRST): translate_name;
        map_to_storage(FIRST): map_to_storage;
        post_perdir_config(FIRST): post_perdir_config;
        header_parser(FIRST): header_parser;
        force_authn(FIRST): force_authn;
        access_checker(FIRST): access_checker;
        access_checker_ex(FIRST): access_checker_ex;
        check_user_id(FIRST): check_user_id;
        note_auth_failure(FIRST): note_auth_failure;
        auth_checker(FIRST): auth_checker;
        type_checker(FIRST): type_checker;
        fixups(FIRST): fixups;
        insert_filter(FIRST): insert_filter;
        insert_error_filter(FIRST): insert_error_filter;
        handler(FIRST): handler;
        log_transaction(FIRST): log_transaction;
    },
}

/// Notes a hook, and answers what the query string has for it.
fn ran(r: &Request, hook: &str) -> Status {
    let so_far = r.notes().get("phases").unwrap_or_default();
    r.notes().set("phases", [&so_far[..], hook.as_bytes(), b" "].concat());
    wanted(r, hook)
}

fn wanted(r: &Request, hook: &str) -> Status {
    let args = String::from_utf8(r.args().unwrap_or_default()).unwrap_or_default();
    let what = args.split('&').find_map(|part| part.strip_prefix(hook)?.strip_prefix('='));
    match what {
        Some("trap") => panic!("as asked"),
        Some("challenge") => {
            r.note_auth_failure();
            Status(HTTP_UNAUTHORIZED)
        }
        Some(status) => status.parse().map_or(Status::DECLINED, Status),
        None => Status::DECLINED,
    }
}

macro_rules! plain {
    ($($hook:ident)*) => {
        $(fn $hook(r: &Request) -> Status {
            ran(r, stringify!($hook))
        })*
    };
}

plain! {
    post_read_request pre_translate_name translate_name map_to_storage post_perdir_config header_parser access_checker
    access_checker_ex check_user_id auth_checker type_checker fixups force_authn
}

fn insert_filter(r: &Request) {
    ran(r, "insert_filter");
    r.headers_out().set("X-Phases", r.notes().get("phases").unwrap_or_default());
}

fn insert_error_filter(r: &Request) {
    ran(r, "insert_error_filter");
    r.err_headers_out().set("X-Phases", r.notes().get("phases").unwrap_or_default());
}

fn quick_handler(r: &Request) -> Status {
    if hooks::is_lookup() {
        r.notes().set("lookup", "yes");
        return Status::DECLINED;
    }
    let status = ran(r, "quick_handler");
    if status == Status::OK {
        r.write("quickly\n");
    }
    status
}

fn note_auth_failure(r: &Request) -> Status {
    let status = ran(r, "note_auth_failure");
    let kind = hooks::auth_type().unwrap_or_default();
    if status == Status::OK {
        r.err_headers_out().set("WWW-Authenticate", [&kind[..], b" realm=\"by a guest\""].concat());
    }
    status
}

fn generate_log_id(r: &Request) -> Status {
    // Would ask for an id again, were the host not aware of it.
    log!(r, APLOG_NOTICE, "an id is wanted");
    if wanted(r, "generate_log_id") == Status::OK && hooks::set_log_id("not printable\n") {
        return Status::OK;
    }
    let given = hooks::set_log_id(format!("id-of-{}", String::from_utf8_lossy(&r.uri())));
    if given { Status::OK } else { Status::DECLINED }
}

fn child_init(_: &Request) {
    notice("child_init");
    server::ivm_set(b"child_init", b"ran");
    if has("TRAP_CHILD_INIT") {
        panic!("as asked");
    }
}

fn monitor(_: &Request) -> Status {
    notice("monitor");
    if has("TRAP_MONITOR") {
        panic!("as asked");
    }
    Status::OK
}

fn check_config(_: &Request) -> Status {
    if has("REFUSE") { Status::INTERNAL_SERVER_ERROR } else { Status::OK }
}

/// Whether a name is defined in the configuration.
fn has(name: &str) -> bool {
    ffi::ap_exists_config_define(name.as_bytes()) == 1
}

fn notice(text: &str) {
    ffi::ap_log_error(0, file!().as_bytes(), line!(), APLOG_NOTICE, 0, text.as_bytes());
}

/// Prints what ran before it, and whether a subrequest for the rest of the query string is only looked up.
fn handler(r: &Request) -> Status {
    let status = ran(r, "handler");
    if r.handler().as_deref() != Some(b"phases") || status != Status::DECLINED {
        return status;
    }
    let sub = ffi::ap_sub_req_lookup_uri(0, b"/plain", 1) as u32;
    let looked_up = ffi::apr_table_get(sub, ffi::table::NOTES, b"lookup", &mut []) > 0;
    let init = server::ivm_get(b"child_init").unwrap_or_default();
    r.write(format!("{looked_up} {} {}\n", String::from_utf8_lossy(&init), ffi::ap_hook_number()));
    Status::OK
}

fn log_transaction(r: &Request) -> Status {
    let status = ran(r, "log_transaction");
    if r.uri().starts_with(b"/phases") {
        log!(r, APLOG_NOTICE, "ran: {}", String::from_utf8_lossy(&r.notes().get("phases").unwrap_or_default()));
    }
    status
}
