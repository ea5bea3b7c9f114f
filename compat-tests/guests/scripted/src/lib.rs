//! Functions for every directive that names one: they tell that they ran, in which order, in which instance, or fail.

use apache_module::{Authz, Event, Filter, Flow, Request, Status, field};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

apache_module::script! {
    functions: {
        grants; denies; neutral; fails; no_user; by_args; authz_traps;
        handle; other; declines; forbids; redirects; looks_ahead;
        one; two; three; four; count; finds; logs_in; lets_in; types; inserts; wipes; ends_log; tells_log;
        traps; loops; answers_7; grows; writes_then_traps; reads_require;
        bench_hello; bench_fixups; bench_access;
    }
    filters: { around; keeps; drops; leaves; sums; filter_traps; filter_loops; counts_bodies; bench_upper; }
}

thread_local! {
    static CALLS: Cell<u32> = const { Cell::new(0) };
    static SUMS: RefCell<HashMap<u32, usize>> = RefCell::default();
}

/// An instruction that traps, without the log line of a panic.
fn trap() -> ! {
    #[cfg(target_arch = "wasm32")]
    core::arch::wasm32::unreachable();
    #[cfg(not(target_arch = "wasm32"))]
    panic!("trap");
}

fn called() -> u32 {
    CALLS.set(CALLS.get() + 1);
    CALLS.get()
}

/// A page: how often this instance was called, and what the request was mapped to.
fn handle(r: &Request) -> Status {
    r.set_content_type(Some(b"text/plain"));
    r.headers_out().set("X-Calls", called().to_string());
    r.write(format!("handle {} ", CALLS.get()));
    r.write(r.uri());
    r.write("\n");
    Status::OK
}

fn other(r: &Request) -> Status {
    r.write("other\n");
    Status::OK
}

fn declines(_: &Request) -> Status {
    Status::DECLINED
}

fn forbids(_: &Request) -> Status {
    Status::FORBIDDEN
}

/// A handler that has the request go on elsewhere.
fn redirects(r: &Request) -> Status {
    r.internal_redirect(b"/hello/there");
    Status::OK
}

/// A fixup that looks up another URL, whose fixups come back into this file.
fn looks_ahead(r: &Request) -> Status {
    if r.main().is_none() {
        let found = r.sub_req_lookup_uri(b"/plain.txt").map(|ahead| ahead.text(field::FILENAME).unwrap_or_default());
        r.headers_out().set("X-Ahead", found.unwrap_or_default());
    }
    r.headers_out().set("X-Calls", called().to_string());
    Status::DECLINED
}

fn order(r: &Request, name: &str) -> Status {
    r.notes().merge("order", name);
    r.err_headers_out().set("X-Order", r.notes().get("order").unwrap_or_default());
    Status::DECLINED
}

fn one(r: &Request) -> Status {
    order(r, "one")
}

fn two(r: &Request) -> Status {
    order(r, "two")
}

fn three(r: &Request) -> Status {
    order(r, "three")
}

fn four(r: &Request) -> Status {
    order(r, "four")
}

/// How often this instance was called, in a header.
fn count(r: &Request) -> Status {
    r.err_headers_out().set("X-Count", called().to_string());
    Status::DECLINED
}

/// translate_name and map_to_storage: another file.
fn finds(r: &Request) -> Status {
    r.set_text(field::FILENAME, Some(&[&r.text(field::DOCUMENT_ROOT).unwrap_or_default()[..], b"/plain.txt"].concat()));
    Status::OK
}

/// check_user_id: whoever the header says.
fn logs_in(r: &Request) -> Status {
    let Some(user) = r.headers_in().get("X-User") else { return Status(401) };
    r.set_text(field::USER, Some(&user));
    Status::OK
}

/// auth_checker: alice alone.
fn lets_in(r: &Request) -> Status {
    if r.text(field::USER).as_deref() == Some(b"alice") { Status::OK } else { Status::FORBIDDEN }
}

fn types(r: &Request) -> Status {
    r.set_content_type(Some(b"text/x-typed"));
    Status::OK
}

fn inserts(r: &Request) -> Status {
    r.add_output_filter("AROUND");
    Status::OK
}

fn wipes(r: &Request) -> Status {
    r.headers_out().unset("X-Order");
    Status::OK
}

/// Nobody logs after this.
fn ends_log(_: &Request) -> Status {
    Status::DONE
}

fn tells_log(r: &Request) -> Status {
    apache_module::log::rerror(r, file!(), line!(), apache_module::APLOG_ERR, b"the log hook ran");
    Status::OK
}

fn traps(_: &Request) -> Status {
    trap()
}

fn loops(_: &Request) -> Status {
    loop {
        std::hint::spin_loop();
    }
}

fn answers_7(_: &Request) -> Status {
    Status(7)
}

fn grows(_: &Request) -> Status {
    let all: Vec<Vec<u8>> = (0..).map_while(|_| Some(vec![1; 1 << 20])).collect();
    Status(all.len() as i32)
}

fn writes_then_traps(r: &Request) -> Status {
    r.write("a part of it");
    trap()
}

/// There is no Require line for a hook.
fn reads_require(r: &Request) -> Status {
    r.headers_out().set("X-Words", r.require_args().len().to_string());
    Status::DECLINED
}

/// A line before and after, the body between in capitals.
fn around(f: &mut Filter, _: &Request, event: Event) -> Flow {
    match event {
        Event::Start => f.write("[pre]"),
        Event::Data(_) => {
            f.write(b"(");
            f.write(f.read().to_ascii_uppercase());
            f.write(b")");
            return Flow::Replace;
        }
        Event::Flush => {}
        Event::Eos => f.write("[post]"),
    }
    Flow::Pass
}

fn keeps(_: &mut Filter, _: &Request, _: Event) -> Flow {
    Flow::Pass
}

/// Nothing of the body passes.
fn drops(_: &mut Filter, _: &Request, _: Event) -> Flow {
    Flow::Replace
}

/// Declines at the start.
fn leaves(_: &mut Filter, _: &Request, _: Event) -> Flow {
    Flow::Remove
}

/// The number of bytes at the end, from what was kept from chunk to chunk.
fn sums(f: &mut Filter, _: &Request, event: Event) -> Flow {
    SUMS.with_borrow_mut(|sums| match event {
        Event::Data(length) => *sums.entry(f.id()).or_default() += length,
        Event::Eos => f.write(format!("{} bytes", sums.remove(&f.id()).unwrap_or_default())),
        _ => {}
    });
    if matches!(event, Event::Data(_)) { Flow::Replace } else { Flow::Pass }
}

fn filter_traps(_: &mut Filter, _: &Request, event: Event) -> Flow {
    if matches!(event, Event::Data(_)) { trap() } else { Flow::Pass }
}

fn filter_loops(_: &mut Filter, _: &Request, _: Event) -> Flow {
    loop {
        std::hint::spin_loop();
    }
}

/// How many bodies this instance has seen.
fn counts_bodies(f: &mut Filter, _: &Request, event: Event) -> Flow {
    match event {
        Event::Start => {
            called();
        }
        Event::Eos => f.write(format!("body {}", CALLS.get())),
        _ => {}
    }
    Flow::Pass
}

fn grants(_: &Request) -> Authz {
    Authz::GRANTED
}

fn denies(_: &Request) -> Authz {
    Authz::DENIED
}

fn neutral(_: &Request) -> Authz {
    Authz::NEUTRAL
}

fn fails(_: &Request) -> Authz {
    Authz::GENERAL_ERROR
}

fn no_user(r: &Request) -> Authz {
    if r.text(field::USER).is_some() { Authz::GRANTED } else { Authz::DENIED_NO_USER }
}

/// Granted where the query string is one of the words.
fn by_args(r: &Request) -> Authz {
    let words = r.require_args();
    let wanted = r.text(field::ARGS).unwrap_or_default();
    r.err_headers_out().set("X-Words", words.join(&b'|'));
    if words.contains(&wanted) { Authz::GRANTED } else { Authz::DENIED }
}

fn authz_traps(_: &Request) -> Authz {
    trap()
}

// What scripts/bench measures, each beside a Lua script that does the same.

fn bench_hello(r: &Request) -> Status {
    r.set_content_type(Some(b"text/plain"));
    r.write("Hello, world\n");
    Status::OK
}

fn bench_fixups(r: &Request) -> Status {
    let fields = [field::METHOD, field::URI, field::PROTOCOL, field::HOSTNAME, field::USERAGENT_IP];
    let names = ["X-Method", "X-Uri", "X-Protocol", "X-Hostname", "X-Client"];
    for (field, name) in fields.into_iter().zip(names) {
        r.headers_out().set(name, r.text(field).unwrap_or_default());
    }
    Status::OK
}

fn bench_access(r: &Request) -> Status {
    if r.headers_in().get("X-Robot").is_some() { Status::FORBIDDEN } else { Status::DECLINED }
}

fn bench_upper(f: &mut Filter, _: &Request, event: Event) -> Flow {
    let Event::Data(_) = event else { return Flow::Pass };
    let mut chunk = f.read();
    // Blocks of a known length, which the compiler makes a few vector instructions of.
    let (blocks, rest) = chunk.as_chunks_mut::<128>();
    blocks.iter_mut().for_each(|block| block.make_ascii_uppercase());
    rest.make_ascii_uppercase();
    f.write(chunk);
    Flow::Replace
}
