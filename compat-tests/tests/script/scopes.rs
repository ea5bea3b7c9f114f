//! WasmScope: what an instance remembers, from call to call, request to request, connection to connection.

use super::site::{get, header, serve};
use anyhow::Result;
use compat_tests::client::Connection;
use compat_tests::server::Server;

/// What the function counted in each of some requests, some on one connection.
fn counts(server: &Server, connections: usize, requests: usize, path: &str) -> Result<Vec<Vec<u32>>> {
    (0..connections)
        .map(|_| {
            let mut connection = Connection::open(server.address())?;
            (0..requests)
                .map(|_| {
                    connection.send(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes())?;
                    let answer = connection.receive(false)?;
                    Ok(header(&answer, "X-Count").and_then(|count| count.parse().ok()).unwrap_or(0))
                })
                .collect()
        })
        .collect()
}

/// One phase or two in which the function counts.
fn conf(scope: &str) -> String {
    format!(
        "WasmRoot ${{root}}\nWasmScope {scope}\nWasmHookTypeChecker scripted.wasm count\nWasmHookFixups scripted.wasm count\n"
    )
}

#[test]
fn once_forgets_at_once() -> Result<()> {
    let (_place, server) = serve(&conf("once"))?;
    assert_eq!(counts(&server, 2, 3, "/plain.txt")?, [[1; 3]; 2]);
    Ok(())
}

#[test]
fn request_remembers_from_phase_to_phase() -> Result<()> {
    let (_place, server) = serve(&conf("request"))?;
    assert_eq!(counts(&server, 2, 3, "/plain.txt")?, [[2; 3]; 2]);
    Ok(())
}

#[test]
fn conn_remembers_from_request_to_request() -> Result<()> {
    let (_place, server) = serve(&conf("conn"))?;
    assert_eq!(counts(&server, 2, 3, "/plain.txt")?, [[2, 4, 6]; 2]);
    Ok(())
}

#[test]
fn thread_and_server_remember_from_connection_to_connection() -> Result<()> {
    for scope in ["thread", "server", "server 1 1"] {
        let (_place, server) = serve(&conf(scope))?;
        let all = counts(&server, 12, 2, "/plain.txt")?.concat();
        let most = all.iter().copied().max().unwrap_or(0);
        if scope == "thread" {
            // Four threads at most, so some thread has served three connections.
            assert!(most >= 12, "{all:?}");
        } else {
            assert_eq!(all, (1..=24).map(|request| request * 2).collect::<Vec<u32>>(), "{scope}");
        }
    }
    Ok(())
}

#[test]
fn server_has_as_many_as_it_is_told_and_never_waits_for_one() -> Result<()> {
    let (_place, server) = serve(&conf("server 3 3"))?;
    let all = counts(&server, 6, 1, "/plain.txt")?.concat();
    // Each counts for itself: no number comes more often than there are instances, whichever processor asks.
    assert!(all.iter().all(|count| all.iter().filter(|other| *other == count).count() <= 3), "{all:?}");
    let (_place, server) = serve("WasmRoot ${root}\nWasmScope server 1 1\nWasmHookFixups scripted.wasm looks_ahead\n")?;
    assert_eq!(get(&server, "/index.html")?.head.code(), Some(200));
    Ok(())
}

#[test]
fn sections_have_scopes_of_their_own() -> Result<()> {
    let (_place, server) =
        serve(&format!("{}<Directory ${{root}}/htdocs/inner>\nWasmScope once\n</Directory>\n", conf("conn")))?;
    assert_eq!(counts(&server, 1, 3, "/plain.txt")?, [[2, 4, 6]]);
    assert_eq!(counts(&server, 1, 3, "/inner/index.html")?, [[1; 3]]);
    Ok(())
}

#[test]
fn a_scope_is_one_of_five() -> Result<()> {
    for scope in ["always", "server 0", "server 3 2", "server x", "once 1", "server 1 2 3", "server 1 10001"] {
        let said = super::site::said_of(&format!("WasmScope {scope}\n"))?;
        assert!(said.contains("WasmScope takes"), "{scope}: {said}");
    }
    for scope in ["ONCE", "request", "server 2", "server 2 10000"] {
        assert!(super::site::said_of(&format!("WasmScope {scope}\n"))?.contains("Syntax OK"), "{scope}");
    }
    Ok(())
}

#[test]
fn a_module_of_any_scope_does_the_same() -> Result<()> {
    for scope in ["once", "request", "conn", "thread", "server 2 4"] {
        let (place, server) = serve(&format!(
            "<WasmApacheModule hello_module \"{}/mod_hello.wasm\">\nWasmScope {scope}\n</WasmApacheModule>\nHelloGreeting outside\n\
             <Directory ${{root}}/htdocs/inner>\nAllowOverride FileInfo\nHelloGreeting inside\nSetOutputFilter HELLO\n</Directory>\n",
            compat_tests::swap::Swap::new(["none"]).dist.display()
        ))?;
        for _ in 0..3 {
            assert_eq!(header(&get(&server, "/plain.txt")?, "X-Hello").as_deref(), Some("outside"), "{scope}");
            let answer = get(&server, "/inner/index.html")?;
            assert_eq!(header(&answer, "X-Hello").as_deref(), Some("inside"), "{scope}");
            assert_eq!(answer.body, b"HELLO\n", "{scope}");
        }
        drop(place);
    }
    Ok(())
}
