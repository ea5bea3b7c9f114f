//! mod_headers as a guest: its directives, hooks and filters, and when each of them has something to do; what an entry
//! does is known by the other files.

mod actions;
mod condition;
mod config;
mod edit;
mod entry;
mod fixup;
#[cfg(test)]
mod tests;
mod token;
mod value;

use apache_module::{Event, Filter, Flow, Request, Status, log, log_server};
use config::Config;
use entry::{header, request_header};
use fixup::{Pass, do_headers_fixup};

apache_module::module! {
    name: "mod_headers.c",
    dir_config: Config,
    directives: {
        "Header", RAW_ARGS, OR_FILEINFO, dir: header,
            "an optional condition, an action, header and value followed by optional env clause";
        "RequestHeader", RAW_ARGS, OR_FILEINFO, dir: request_header,
            "an action, header and value followed by optional env clause";
    },
    hooks: {
        post_read_request(FIRST): early;
        fixups(LAST): fixups;
        insert_filter(LAST): insert_output_filter;
        insert_error_filter(LAST): insert_error_filter;
    },
    output_filters: {
        "FIXUP_HEADERS_OUT", FTYPE_CONTENT_SET: output_filter;
        "FIXUP_HEADERS_ERR", FTYPE_CONTENT_SET: error_filter;
    },
}

/// Entries marked `early`, before the request is mapped to anything.
fn early(r: &Request) -> Status {
    let (config, ()) = get_module_config(r);
    match config.early(r) {
        Ok(()) => Status::DECLINED,
        Err(_) => {
            log!(r, APLOG_CRIT, "AH01504: Regular expression replacement failed (replacement too long?)");
            Status::INTERNAL_SERVER_ERROR
        }
    }
}

fn fixups(r: &Request) -> Status {
    let (config, ()) = get_module_config(r);
    request(config, r);
    Status::DECLINED
}

/// `RequestHeader`. A replacement that fails ends the list, and nobody is told (mod_headers.c:ap_headers_fixup).
fn request(config: &Config, r: &Request) {
    let _ = do_headers_fixup(r, r.headers_in(), &config.fixup_in, Pass::Late);
}

fn insert_output_filter(r: &Request) {
    let (config, ()) = get_module_config(r);
    if config.has_output() {
        r.add_output_filter("FIXUP_HEADERS_OUT");
    }
}

fn insert_error_filter(r: &Request) {
    let (config, ()) = get_module_config(r);
    if config.has_error_output() {
        r.add_output_filter("FIXUP_HEADERS_ERR");
    }
}

fn output_filter(_: &mut Filter, r: &Request, _: Event) -> Flow {
    log_server!(r, APLOG_TRACE2, "AH01502: headers: ap_headers_output_filter()");
    let (config, ()) = get_module_config(r);
    answer(config, r);
    Flow::Remove
}

fn error_filter(_: &mut Filter, r: &Request, _: Event) -> Flow {
    log_server!(r, APLOG_DEBUG, "AH01503: headers: ap_headers_error_filter()");
    let (config, ()) = get_module_config(r);
    error_answer(config, r);
    Flow::Remove
}

/// `Header always`, then `Header`; a failure in the first does not keep the second from running.
fn answer(config: &Config, r: &Request) {
    error_answer(config, r);
    let _ = do_headers_fixup(r, r.headers_out(), &config.fixup_out, Pass::Late);
}

/// `Header always`, all there is for the answer that httpd makes itself where a request fails.
fn error_answer(config: &Config, r: &Request) {
    let _ = do_headers_fixup(r, r.err_headers_out(), &config.fixup_err, Pass::Late);
}
