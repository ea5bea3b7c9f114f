//! A function for each phase of a request; each leaves a mark in a note, and the handler shows the notes.

use apache_module::{Request, Status, log};

apache_module::exports! {
    functions: {
        hooks_pre_translate; hooks_translate; hooks_translate_early; hooks_translate_late; hooks_map_to_storage;
        hooks_access; hooks_access_early; hooks_access_late; hooks_user; hooks_auth; hooks_auth_early; hooks_auth_late;
        hooks_type; hooks_fixups; hooks_insert; hooks_log; hooks_quick; hooks_fail; hooks_ok; hooks_log_done; handle;
    }
}

fn mark(r: &Request, phase: impl AsRef<[u8]>) {
    let before = r.notes().get("phases").unwrap_or_default();
    r.notes().set("phases", [&before[..], phase.as_ref(), b" "].concat());
}

// WasmHookPreTranslateName: the URL is still as the client wrote it.
fn hooks_pre_translate(r: &Request) -> Status {
    mark(r, [b"pre_translate_name(", &r.uri()[..], b")"].concat());
    Status::DECLINED
}

// WasmHookTranslateName: what file a URL stands for.
fn hooks_translate(r: &Request) -> Status {
    mark(r, "translate_name");
    if r.uri() == b"/mapped" {
        let root = r.document_root().unwrap_or_default();
        r.set_filename(Some(&[&root[..], b"/lines.txt"].concat()));
        return Status::OK;
    }
    Status::DECLINED
}

fn hooks_translate_early(r: &Request) -> Status {
    mark(r, "translate_name(early)");
    Status::DECLINED
}

fn hooks_translate_late(r: &Request) -> Status {
    mark(r, "translate_name(late)");
    Status::DECLINED
}

// WasmHookMapToStorage: OK keeps the directories' configuration away.
fn hooks_map_to_storage(r: &Request) -> Status {
    mark(r, "map_to_storage");
    Status::DECLINED
}

// WasmHookAccessChecker: who may come at all.
fn hooks_access(r: &Request) -> Status {
    mark(r, "access_checker");
    if r.headers_in().has("X-Deny") {
        return Status::FORBIDDEN;
    }
    Status::DECLINED
}

fn hooks_access_early(r: &Request) -> Status {
    mark(r, "access_checker(early)");
    Status::DECLINED
}

fn hooks_access_late(r: &Request) -> Status {
    mark(r, "access_checker(late)");
    Status::DECLINED
}

// WasmHookCheckUserID: who it is.
fn hooks_user(r: &Request) -> Status {
    mark(r, "check_user_id");
    if let Some(user) = r.headers_in().get("X-User") {
        r.set_user(Some(&user));
        return Status::OK;
    }
    Status(401)
}

// WasmHookAuthChecker: whether this user may.
fn hooks_auth(r: &Request) -> Status {
    mark(r, "auth_checker");
    if r.user().as_deref() == Some(b"ann") {
        return Status::OK;
    }
    Status::FORBIDDEN
}

fn hooks_auth_early(r: &Request) -> Status {
    mark(r, "auth_checker(early)");
    Status::DECLINED
}

fn hooks_auth_late(r: &Request) -> Status {
    mark(r, "auth_checker(late)");
    Status::DECLINED
}

// WasmHookTypeChecker: type and handler.
fn hooks_type(r: &Request) -> Status {
    mark(r, "type_checker");
    if r.uri() == b"/typed.txt" {
        r.set_content_type(Some(b"text/x-typed"));
        return Status::OK;
    }
    Status::DECLINED
}

// WasmHookFixups: the last chance before the handler.
fn hooks_fixups(r: &Request) -> Status {
    mark(r, "fixups");
    r.err_headers_out().set("X-Phases", r.notes().get("phases").unwrap_or_default());
    Status::DECLINED
}

// WasmHookInsertFilter: which filters a body passes.
fn hooks_insert(r: &Request) {
    r.headers_out().set("X-Insert-Filter", "called");
}

// WasmHookLog: after the answer.
fn hooks_log(r: &Request) -> Status {
    let request = r.the_request().unwrap_or_default();
    log!(r, APLOG_INFO, "logged {} with status {}", String::from_utf8_lossy(&request), r.status());
    Status::DECLINED
}

// WasmQuickHandler: before all other phases.
fn hooks_quick(r: &Request) -> Status {
    if r.uri() == b"/quick" {
        r.set_content_type(Some(b"text/plain"));
        r.write("answered before anything else\n");
        return Status::DONE;
    }
    Status::DECLINED
}

fn hooks_fail(_: &Request) -> Status {
    Status::INTERNAL_SERVER_ERROR
}

fn hooks_ok(r: &Request) -> Status {
    mark(r, "stopped");
    r.err_headers_out().set("X-Phases", r.notes().get("phases").unwrap_or_default());
    Status::OK
}

fn hooks_log_done(r: &Request) -> Status {
    log!(r, APLOG_INFO, "nothing else is logged for {}", String::from_utf8_lossy(&r.uri()));
    Status::DONE
}

fn handle(r: &Request) -> Status {
    let phases = r.notes().get("phases").unwrap_or_else(|| b"none".to_vec());
    r.write([b"method ", &r.method()[..], b", phases ", &phases, b"\n"].concat());
    Status::OK
}
