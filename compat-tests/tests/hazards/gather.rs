//! What a hostile guest can have kept for it beyond its call (compiled patterns, notes of a connection, filters, drivers of
//! databases) has an end, over many requests as well as in one.

use compat_tests::client::Connection;
use compat_tests::errorlog::crashes;
use compat_tests::server::Server;

use crate::ground::{Ground, INDEX, binary, fetch, get, private_kilobytes, status, text};
use crate::mpm;

/// A server with a guest that does something so many times in each request with `?gather`. Its name has 4 letters.
fn serve(name: &str, does: &str, times: u32) -> (Ground, Server) {
    let ground = Ground::new(mpm());
    let wat = text("gather").replace("@NAME@", name).replace("@DO@", does).replace("@TIMES@", &times.to_string());
    let settings = "WasmApi +database\nWasmMemoryLimit 4M";
    ground.configure(&ground.module_with(name, &binary(&wat), settings));
    let server = ground.start();
    (ground, server)
}

fn memory(server: &Server) -> u64 {
    server.children().into_iter().map(private_kilobytes).sum()
}

fn ends_well(ground: &Ground, server: Server) {
    let answer = fetch(&server, "/index.html");
    assert_eq!((status(&answer), answer.body.as_slice()), (200, INDEX.as_bytes()));
    assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new());
    server.stop().unwrap();
}

/// Each takes some 20 KB, of which the guest's own memory knows nothing.
const REGCOMP: &str = "(call $ap_regcomp (i32.const 4096) (i32.const 1000) (i32.const 0))";

#[test]
fn what_is_compiled_for_a_guest_takes_no_more_than_its_memory_may() {
    let (ground, server) = serve("regs", REGCOMP, 50);
    (0..20).for_each(|_| drop(fetch(&server, "/index.html?gather")));
    let warm = memory(&server);
    for _ in 0..600 {
        assert_eq!(status(&fetch(&server, "/index.html?gather")), 200);
    }
    let grown = memory(&server).saturating_sub(warm);
    assert!(grown <= server.children().len() as u64 * 24 << 10, "{grown} KB for 30,000 patterns");
    ends_well(&ground, server);
    let (ground, server) = serve("regs", REGCOMP, 100_000);
    assert_eq!(status(&fetch(&server, "/index.html?gather")), 409);
    ends_well(&ground, server);
}

#[test]
fn notes_of_a_connection_come_to_an_end() {
    let add = "(i64.extend_i32_s (call $apr_table_add (i32.const 0) (i32.const 7) (i32.const 128) (i32.const 6) (i32.const 4096) (i32.const 1000)))";
    let (ground, server) = serve("note", add, 100);
    for _ in 0..2 {
        let mut connection = Connection::open(server.address()).unwrap();
        let codes: Vec<u16> = (0..20).map(|_| status(&get(&mut connection, "/index.html?gather"))).collect();
        assert_eq!((codes[0], codes[19]), (200, 409), "{codes:?}");
    }
    ends_well(&ground, server);
    // What is appended to is copied each time.
    let merge = "(i64.extend_i32_s (call $apr_table_merge (i32.const 0) (i32.const 7) (i32.const 128) (i32.const 6) (i32.const 4096) (i32.const 1)))";
    let (ground, server) = serve("note", merge, 5_000);
    assert_eq!(status(&fetch(&server, "/index.html?gather")), 409);
    ends_well(&ground, server);
}

/// The connection's notes outlive the request in whose memory such a value is.
#[test]
fn a_value_of_a_request_is_not_put_among_a_connection_s_notes() {
    let put = "(i32.store8 (i32.const 600) (i32.const 112)) (i32.store8 (i32.const 601) (i32.const 0))
        (i32.store (i32.const 602) (i32.wrap_i64 (call $ap_request_prepare (i32.const 256) (i32.const 12))))
        (i64.extend_i32_s (call $ap_request_write (i32.const 0) (i32.const 600) (i32.const 6)))";
    let (ground, server) = serve("join", put, 1);
    assert_eq!(status(&fetch(&server, "/index.html?gather")), 409);
    ends_well(&ground, server);
}

/// Each filter calls the next, natively too, until the stack is used up.
#[test]
fn a_chain_of_filters_has_an_end() {
    let own = "(i64.extend_i32_s (call $ap_add_output_filter (i32.const 0) (i32.const 64) (i32.const 11)))";
    let (ground, server) = serve("many", own, 50);
    assert_eq!(fetch(&server, "/index.html?gather").body, INDEX.as_bytes());
    ends_well(&ground, server);
    let (ground, server) = serve("many", own, 100_000);
    assert_eq!(status(&fetch(&server, "/index.html?gather")), 409);
    ends_well(&ground, server);
}

#[test]
fn drivers_that_there_are_not_leave_nothing() {
    let open = "(drop (call $ap_dbd_open (i32.const 128) (i32.const 6) (i32.const 128) (i32.const 6))) (i64.const 0)";
    let (ground, server) = serve("open", open, 1_000);
    (0..20).for_each(|_| drop(fetch(&server, "/index.html?gather")));
    let warm = memory(&server);
    for _ in 0..50 {
        assert_eq!(status(&fetch(&server, "/index.html?gather")), 200);
    }
    let grown = memory(&server).saturating_sub(warm);
    assert!(grown <= server.children().len() as u64 * 4 << 10, "{grown} KB for 50,000 times");
    ends_well(&ground, server);
}
