//! A full pool: more instances at a time than a child has room for beforehand. Nobody waits and nobody is refused; it is
//! told and counted, and over when they are gone.
use compat_tests::answer::Answer;
use compat_tests::client::Connection;
use compat_tests::server::Mpm;
use std::time::Duration;

use crate::ground::{Bystander, Ground, fetch, lines_with, private_kilobytes, status, wait};
use crate::{mpm, status as counted};

/// Places in the pool of a child.
const POOL: u64 = 256;
/// Requests at a time.
const REQUESTS: u64 = 300;

#[test]
fn more_requests_at_a_time_than_the_pool_has_places() {
    // A child of prefork serves one at a time.
    if mpm() == Mpm::Prefork {
        return;
    }
    let ground = Ground::new(mpm());
    std::fs::copy(ground.dist("program.wasm"), ground.path("echo.wasm")).unwrap();
    let own = "ThreadLimit 320\nThreadsPerChild 320\nMaxRequestWorkers 320\nServerLimit 1\nMinSpareThreads 1\nMaxSpareThreads 320\nTimeout 120\n\
               <Location /echo>\nSetHandler wasm-handler\nWasmModule echo.wasm\nWasmArg echo\n</Location>\n";
    ground.configure(&(own.to_owned() + counted::CONFIG));
    let server = ground.start();
    assert_eq!(status(&fetch(&server, "/plain")), 200);
    let children = server.children();
    let name = ground.path("echo.wasm").display().to_string();
    let number = |what: &str| counted::number(&server, &name, what);
    let bystander = Bystander::at(&server);
    let mut memory = Vec::new();
    for round in 1..=2 {
        // Each program waits for the rest of its request's body.
        let mut held: Vec<Connection> = (0..REQUESTS)
            .map(|_| {
                let mut connection = Connection::open_with(server.address(), Duration::from_secs(100)).unwrap();
                connection.send(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\nthe ").unwrap();
                connection
            })
            .collect();
        wait(60, "all programs run", || number("Instances") == REQUESTS * round + (round - 1) * 20);
        // An instance is counted before it is known where it was made.
        wait(60, "those beyond the pool are made", || number("BeyondPool") == (REQUESTS - POOL) * round);
        assert_eq!(status(&fetch(&server, "/plain")), 200);
        for connection in &mut held {
            connection.send(b"rest").unwrap();
        }
        for mut connection in held {
            let answer: Answer = connection.receive(false).unwrap();
            assert_eq!((status(&answer), answer.body.as_slice()), (200, &b"the rest"[..]), "{}", answer.render());
        }
        // There is room again.
        for _ in 0..20 {
            assert_eq!(status(&fetch(&server, "/echo")), 200);
        }
        assert_eq!(number("BeyondPool"), (REQUESTS - POOL) * round);
        memory.push(children.iter().map(|pid| private_kilobytes(*pid)).sum::<u64>());
    }
    // What 44 instances more have taken is given back.
    assert!(memory[1] < memory[0] + 4_000, "the child grows (kilobytes after each round): {memory:?}");
    println!("kilobytes after each round: {memory:?}");
    assert!(bystander.done() > 20);
    let told = || {
        let log = ground.site.error_log_text();
        let lines = lines_with(
            &log,
            &[
                "mod_wasm: ",
                &format!(
                    " instances of {name} were made on demand, which is slower, as a child's pool of 256 was full"
                ),
            ],
        );
        lines
            .iter()
            .filter_map(|line| line.split("mod_wasm: ").nth(1)?.split(' ').next()?.parse::<u64>().ok())
            .sum::<u64>()
    };
    wait(40, "it is told", || told() == (REQUESTS - POOL) * 2);
    let log = ground.site.error_log_text();
    assert!(lines_with(&log, &["were made on demand"]).len() <= 4 && !log.contains("[:error]"), "{log}");
    assert_eq!(number("Traps") + number("HostErrors"), 0);
    assert_eq!(server.children(), children);
    server.stop().unwrap();
}
