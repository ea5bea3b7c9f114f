//! Where guests come from, and how sections come together.

use apache_module::{Request, Status};

apache_module::exports! {
    functions: { settings_here; settings_outer; settings_inner; settings_package; }
}

fn settings_here(r: &Request) -> Status {
    r.write("found\n");
    Status::OK
}

fn mark(r: &Request, text: &str) -> Status {
    let before = r.err_headers_out().get("X-Marks").unwrap_or_default();
    r.err_headers_out().set("X-Marks", [&before[..], text.as_bytes(), b" "].concat());
    Status::DECLINED
}

fn settings_outer(r: &Request) -> Status {
    mark(r, "outer")
}

fn settings_inner(r: &Request) -> Status {
    mark(r, "inner")
}

/// What a Lua script would find by LuaPackagePath is a module of the guest, or another crate.
mod greeting {
    pub fn hello(whom: &str) -> String {
        format!("hello {whom}")
    }
}

fn settings_package(r: &Request) -> Status {
    r.write(greeting::hello("packages") + "\n");
    Status::OK
}
