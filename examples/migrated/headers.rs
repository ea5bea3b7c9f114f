//! Headers on every answer, by what is answered.

use apache_module::{REG_ICASE, Regex, Request, Status};
use std::sync::OnceLock;

apache_module::script! {
    functions: { headers; }
}

/// Compiled once for each instance.
static ASSET: OnceLock<Option<Regex>> = OnceLock::new();

fn headers(r: &Request) -> Status {
    let out = r.err_headers_out();
    out.set("X-Content-Type-Options", "nosniff");
    out.set("Referrer-Policy", "same-origin");
    if r.is_https() {
        out.set("Strict-Transport-Security", "max-age=31536000");
    }
    if r.content_type().unwrap_or_default().starts_with(b"text/html") {
        out.set("Content-Security-Policy", "default-src 'self'");
    }
    let asset = ASSET.get_or_init(|| Regex::compile(br"\.(css|js|png)$", REG_ICASE));
    if asset.is_some_and(|pattern| pattern.is_match(&r.uri())) {
        r.headers_out().set("Cache-Control", "public, max-age=86400");
    }
    Status::DECLINED
}
