//! A script: each function is of the kind that one directive of mod_wasm names. See script.conf beside it.

use apache_module::{Authz, Event, Filter, Flow, Request, Status};
use std::cell::Cell;

apache_module::script! {
    functions: { handle; greet; turn_away; has_badge; }
    filters: { shout; }
}

thread_local! {
    /// Pages that this instance has made: how long it lives, WasmScope says.
    static PAGES: Cell<u32> = const { Cell::new(0) };
}

/// `SetHandler wasm-script` and `WasmMapHandler`: a page.
fn handle(r: &Request) -> Status {
    PAGES.set(PAGES.get() + 1);
    r.set_content_type(Some(b"text/plain"));
    r.write("Hello, ");
    r.write(r.headers_in().get("X-Name").unwrap_or_else(|| b"whoever you are".to_vec()));
    r.write(format!(".\nPages of this instance: {}.\n", PAGES.get()));
    Status::OK
}

/// `WasmHookFixups`: a header on every answer.
fn greet(r: &Request) -> Status {
    r.headers_out().set("X-Greeting", [b"Hi, ", &r.method()[..]].concat());
    Status::OK
}

/// `WasmHookAccessChecker`: some are not let in.
fn turn_away(r: &Request) -> Status {
    if r.headers_in().get("X-Robot").is_some() { Status::FORBIDDEN } else { Status::DECLINED }
}

/// `WasmOutputFilter`: capitals, with a line before and after.
fn shout(f: &mut Filter, _: &Request, event: Event) -> Flow {
    match event {
        Event::Start => f.write("LISTEN!\n"),
        Event::Data(_) => {
            f.write(f.read().to_ascii_uppercase());
            return Flow::Replace;
        }
        Event::Flush => {}
        Event::Eos => f.write("THAT IS ALL.\n"),
    }
    Flow::Pass
}

/// `WasmAuthzProvider`: whether a header has one of the words of the Require line.
fn has_badge(r: &Request) -> Authz {
    let badge = r.headers_in().get("X-Badge");
    if badge.is_some_and(|badge| r.require_args().contains(&badge)) { Authz::GRANTED } else { Authz::DENIED }
}
