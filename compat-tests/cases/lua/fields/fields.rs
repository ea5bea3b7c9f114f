//! What a guest reads of a request, and what it writes.

use crate::show::show;
use apache_module::{PROXYREQ_NONE, Request, Status, log};

apache_module::exports! {
    functions: {
        fields; fields_of_a_user; fields_the_id; fields_move; fields_answer; fields_written;
    }
}

fn fields(r: &Request) -> Status {
    //: r.method
    show(r, "method", r.method());

    //: r.the_request
    show(r, "the_request", r.the_request());

    //: r.protocol
    show(r, "protocol", r.protocol());

    //: r.assbackwards
    show(r, "assbackwards", r.assbackwards());

    //: r.uri
    show(r, "uri", r.uri());

    //: r.unparsed_uri
    show(r, "unparsed_uri", r.unparsed_uri());

    //: r.args
    show(r, "args", r.args());

    //: r.path_info
    show(r, "path_info", r.path_info());

    //: r.filename
    show(r, "filename", r.filename());

    //: r.canonical_filename
    show(r, "canonical_filename", r.canonical_filename());

    //: r.handler
    show(r, "handler", r.handler().map(without_language));

    //: r.hostname
    show(r, "hostname", r.hostname());

    //: r.port
    show(r, "port", r.port());

    //: r.server_name
    show(r, "server_name", r.server_name());

    //: r.useragent_ip
    show(r, "useragent_ip", r.useragent_ip());

    //: r.range
    show(r, "range", r.range());

    //: r.remaining
    show(r, "remaining", r.remaining());

    //: r.limit_req_body
    show(r, "limit_req_body", r.limit_req_body());

    //: r.content_type
    show(r, "content_type", r.content_type());

    //: r.content_encoding
    show(r, "content_encoding", r.content_encoding());

    //: r.status
    show(r, "status", r.status());

    //: r.proxyreq
    show(r, "proxyreq", if r.proxyreq() == i64::from(PROXYREQ_NONE) { "PROXYREQ_NONE" } else { "another" });

    //: r.is_https
    show(r, "is_https", r.is_https());

    //: r.is_initial_req
    show(r, "is_initial_req", r.is_initial_req());

    //: r.allowoverrides
    show(r, "allowoverrides", r.allowoverrides());

    //: r.options
    show(r, "options", r.options());

    //: r.document_root
    show(r, "document_root", r.document_root());

    //: r.context_prefix
    show(r, "context_prefix", r.context_prefix());

    //: r.context_document_root
    show(r, "context_document_root", r.context_document_root());

    //: r.banner
    show(r, "banner", r.server_banner());

    //: r.server_built
    show(r, "server_built", !r.server_built().unwrap_or_default().is_empty());

    //: r.started
    show(r, "started", r.started() > 1700000000);

    //: r.log_id
    show(r, "log_id", r.log_id());

    // What there is no field for doesn't compile.
    show(r, "connection", None::<Vec<u8>>);
    Status::OK
}

fn fields_of_a_user(r: &Request) -> Status {
    //: r.user
    show(r, "user", r.user());

    //: r.ap_auth_type
    show(r, "ap_auth_type", r.ap_auth_type());

    //: r.auth_name
    show(r, "auth_name", r.auth_name().unwrap_or_default());

    //: r.basic_auth_pw
    show(r, "basic_auth_pw", r.basic_auth_pw().unwrap_or_default());

    //: r.some_auth_required
    show(r, "some_auth_required", r.some_auth_required());
    Status::OK
}

fn fields_the_id(r: &Request) -> Status {
    log!(r, APLOG_INFO, "a line in the log, so that the request has an id");
    show(r, "log_id", r.log_id().map(|id| id.len() as i64));
    Status::OK
}

// Before the request is mapped: where it goes.
fn fields_move(r: &Request) -> Status {
    if r.uri() != b"/moved" {
        return Status::DECLINED;
    }
    //: r.uri =
    r.set_uri(b"/elsewhere");

    //: r.args =
    r.set_args(Some(b"a=new"));

    //: r.filename =
    r.set_filename(Some(&[&r.document_root().unwrap_or_default()[..], b"/index.html"].concat()));
    Status::OK
}

// In the fixups: who answers it, and as what.
fn fields_answer(r: &Request) -> Status {
    //: r.user =
    r.set_user(Some(b"nobody"));

    //: r.ap_auth_type =
    r.set_ap_auth_type(Some(b"Custom"));

    //: r.handler =
    r.set_handler(Some(b"wasm-map-handler"));

    //: r.proxyreq =
    r.set_proxyreq(PROXYREQ_NONE.into());
    Status::OK
}

fn fields_written(r: &Request) -> Status {
    //: r.content_type =
    r.set_content_type(Some(b"application/x-written"));

    //: r.status =
    r.set_status(202);
    let written = [Some(r.uri()), r.args(), r.filename(), r.user(), r.ap_auth_type()];
    for text in written.into_iter().flatten() {
        r.write([&text[..], b" "].concat());
    }
    r.write(if r.proxyreq() == i64::from(PROXYREQ_NONE) { "PROXYREQ_NONE\n" } else { "another\n" });
    Status::OK
}

/// `map-handler` of `lua-map-handler` and of `wasm-map-handler`.
fn without_language(handler: Vec<u8>) -> Vec<u8> {
    handler.splitn(2, |byte| *byte == b'-').last().unwrap_or_default().to_vec()
}
