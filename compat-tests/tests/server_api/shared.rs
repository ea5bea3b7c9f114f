//! What a module's instances share in a process.

use super::{ALL, ground};
use crate::ground::{get, status};
use compat_tests::client::Connection;
use std::collections::BTreeMap;

#[test]
fn values_keep_their_types() {
    let ground = ground(ALL, "");
    let server = ground.start();
    let mut connection = Connection::open(server.address()).unwrap();
    // One connection is one process under any MPM, and may be any of its threads.
    let mut call =
        |call: &str| String::from_utf8_lossy(&get(&mut connection, &format!("/api?{call}")).body).trim().to_string();
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
    let count = || {
        let mut connection = Connection::open(address).unwrap();
        let one = |_| {
            let answer = get(&mut connection, "/api?ivm_add;count;1");
            assert_eq!(status(&answer), 200);
            String::from_utf8_lossy(&answer.body).trim().to_string()
        };
        (0..TIMES).map(one).collect::<Vec<_>>()
    };
    let mut sums: Vec<_> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(count)).collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    drop(server);
    // Each process counts for itself, as the access log says.
    let mut served = BTreeMap::<i32, usize>::new();
    let served = ground.served().into_iter().fold(&mut served, |served, (pid, _)| {
        *served.entry(pid).or_default() += 1;
        served
    });
    let mut expected: Vec<_> = served.values().flat_map(|times| (1..=*times).map(|sum| format!("Ok({sum})"))).collect();
    sums.sort();
    expected.sort();
    assert_eq!(sums.len(), CLIENTS * TIMES);
    assert_eq!(sums, expected);
}
