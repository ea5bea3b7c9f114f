//! How long a guest's own state lives.

use apache_module::{Request, Status};
use std::sync::atomic::{AtomicU32, Ordering};

apache_module::exports! {
    functions: { scope_count; scope_show; }
}

static COUNT: AtomicU32 = AtomicU32::new(0);

fn count() -> u32 {
    COUNT.fetch_add(1, Ordering::Relaxed) + 1
}

fn scope_count(r: &Request) -> Status {
    let before = r.notes().get("scope").unwrap_or_default();
    let counts = [before, format!("{} ", count()).into_bytes()].concat();
    r.notes().set("scope", &counts);
    r.err_headers_out().set("X-Count", counts);
    Status::DECLINED
}

fn scope_show(r: &Request) -> Status {
    let before = r.notes().get("scope").unwrap_or_else(|| b"none".to_vec());
    r.write(format!("count {}, before {}\n", count(), String::from_utf8_lossy(&before)));
    Status::OK
}
