//! What a module's instances share in a process.

use super::{ALL, call, ground};
use crate::ground::{get, status};
use compat_tests::client::Connection;

#[test]
fn values_keep_their_types() {
    let ground = ground(ALL, "");
    let server = ground.start();
    let mut connection = Connection::open(server.address()).unwrap();
    // One connection is one process under any MPM, and may be any of its threads.
    let mut call = |call: &str| String::from_utf8_lossy(&get(&mut connection, &format!("/api?{call}")).body).trim().to_string();
    assert_eq!(call("ivm_get;key"), "None");
    for (value, kept) in [
        ("true", "Some(Bool(true))"),
        ("false", "Some(Bool(false))"),
        ("5", "Some(Integer(5))"),
        ("-2.5", "Some(Number(-2.5))"),
        ("text", "Some(Text([116, 101, 120, 116]))"),
        ("a%00", "Some(Text([97, 0]))"),
        ("", "Some(Text([]))"),
    ] {
        assert_eq!(call(&format!("ivm_set;key;{value}")), "set");
        assert_eq!(call("ivm_get;key"), kept, "{value}");
    }
    assert_eq!(call("ivm_unset;key"), "unset");
    assert_eq!(call("ivm_get;key"), "None");
    assert_eq!(call("ivm_add;n;-7"), "Ok(-7)");
    assert_eq!(call("ivm_add;n;10"), "Ok(3)");
    assert_eq!(call("ivm_add;n;9223372036854775807"), "Err(Limit)");
    assert_eq!(call("ivm_get;n"), "Some(Integer(3))");
    assert_eq!(call("ivm_set;word;text"), "set");
    assert_eq!(call("ivm_add;word;1"), "Err(BadValue)");
    assert_eq!(call("ivm_compare_and_set;once;1"), "true");
    assert_eq!(call("ivm_compare_and_set;once;2"), "false");
    assert_eq!(call("ivm_compare_and_set;once;2;5"), "false");
    assert_eq!(call("ivm_compare_and_set;once;2;1"), "true");
    assert_eq!(call("ivm_get;once"), "Some(Integer(2))");
}

#[test]
fn nobody_comes_in_between() {
    const CLIENTS: usize = 6;
    const TIMES: usize = 200;
    let ground = ground(ALL, "");
    let server = ground.start();
    let address = server.address();
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let mut connection = Connection::open(address).unwrap();
                for _ in 0..TIMES {
                    assert_eq!(status(&get(&mut connection, "/api?ivm_add;count;1")), 200);
                }
            });
        }
    });
    // Each process has its own count.
    let processes = ground.processes("m GET /api?ivm_add;count;1").len().max(1);
    let mut counts = std::collections::BTreeSet::new();
    if processes == 1 {
        counts.insert(call(&server, "ivm_get;count"));
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), [format!("Some(Integer({}))", CLIENTS * TIMES)]);
    }
}
