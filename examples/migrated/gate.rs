//! Only requests with the right key come in, and none by the way of a careless proxy.

use apache_module::{Request, Status, log};

apache_module::script! {
    functions: { gate; }
}

fn gate(r: &Request) -> Status {
    if r.headers_in().has("X-Forwarded-For") {
        log!(r, APLOG_WARNING, "refused: it came through a proxy");
        return Status::FORBIDDEN;
    }
    if r.headers_in().get("X-Gate") != r.subprocess_env().get("GATE_KEY") {
        r.err_headers_out().set("X-Refused", "key");
        return Status::FORBIDDEN;
    }
    Status::OK
}
