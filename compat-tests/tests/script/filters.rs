//! WasmOutputFilter and WasmInputFilter: bodies of any length, in chunks, in one instance from start to end.

use super::site::{ask, get, header, said_of, serve, text};
use anyhow::Result;
use compat_tests::process::peak_kilobytes;
use std::io::{Read, Write};
use std::net::TcpStream;

const FILTERS: &str = "WasmRoot ${root}\n\
    WasmOutputFilter AROUND scripted.wasm around\nWasmOutputFilter KEEPS scripted.wasm keeps\nWasmOutputFilter DROPS scripted.wasm drops\n\
    WasmOutputFilter LEAVES scripted.wasm leaves\nWasmOutputFilter SUMS scripted.wasm sums\nWasmOutputFilter TRAPS scripted.wasm filter_traps\n\
    WasmOutputFilter LOOPS scripted.wasm filter_loops\nWasmOutputFilter BODIES scripted.wasm counts_bodies\n\
    WasmInputFilter IN scripted.wasm bench_upper\nWasmInputFilter INTRAPS scripted.wasm filter_traps\n";

fn with(filter: &str) -> String {
    format!("{FILTERS}<Location /filtered>\nSetOutputFilter {filter}\n</Location>\n")
}

#[test]
fn what_is_written_passes_in_its_place() -> Result<()> {
    for (filter, body) in [
        ("AROUND", "[pre](HELLO\n)[post]"),
        ("KEEPS", "hello\n"),
        ("DROPS", ""),
        ("LEAVES", "hello\n"),
        ("SUMS", "6 bytes"),
        ("AROUND;SUMS", "19 bytes"),
    ] {
        let (_place, server) = serve(&with(filter))?;
        for _ in 0..2 {
            let answer = get(&server, "/filtered/index.html")?;
            assert_eq!((answer.head.code(), text(&answer).as_str()), (Some(200), body), "{filter}");
            // The validator of the file is not one of what a filter makes of it.
            assert_eq!(header(&answer, "ETag").is_some(), filter == "LEAVES", "{filter}");
        }
        assert_eq!(text(&get(&server, "/plain.txt")?), "hello\n");
    }
    Ok(())
}

#[test]
fn mod_filter_wires_them() -> Result<()> {
    let conf = format!(
        "{FILTERS}<Location /filtered>\nFilterDeclare AROUND\nFilterProvider AROUND AROUND true\nFilterChain AROUND\n</Location>\n"
    );
    let (_place, server) = serve(&conf)?;
    assert_eq!(text(&get(&server, "/filtered/index.html")?), "[pre](HELLO\n)[post]");
    Ok(())
}

#[test]
fn request_bodies_are_filtered() -> Result<()> {
    // mod_lua tells what a native reader of the body gets.
    let conf = format!(
        "LoadModule lua_module {}/mod_lua.so\n{FILTERS}LuaMapHandler ^/echo ${{root}}/echo.lua\n<Location /echo>\nSetInputFilter IN\n</Location>\n<Location /echo/bad>\nSetInputFilter INTRAPS\n</Location>\n",
        compat_tests::server::modules().display()
    );
    let (place, server) = serve(&conf)?;
    std::fs::write(
        place.path("echo.lua"),
        "function handle(r)\n  r:puts(r:requestbody() or 'nothing')\n  return apache2.OK\nend\n",
    )?;
    let answer = ask(&server, "POST", "/echo", "Content-Length: 5\r\n", "abcde")?;
    assert_eq!(text(&answer), "ABCDE");
    let mark = server.mark();
    assert_eq!(ask(&server, "POST", "/echo/bad", "Content-Length: 5\r\n", "abcde")?.head.code(), Some(500));
    assert!(server.log_since(mark)?.contains("failed in filter intraps: wasm trap"));
    Ok(())
}

#[test]
fn a_body_has_one_instance_whatever_else_runs() -> Result<()> {
    for scope in ["once", "request", "conn", "thread", "server"] {
        let conf = format!(
            "{FILTERS}WasmScope {scope}\nWasmMapHandler ^/filtered/page scripted.wasm handle\n<Location /filtered>\nSetOutputFilter SUMS\n</Location>\n"
        );
        let (_place, server) = serve(&conf)?;
        for _ in 0..3 {
            let answer = get(&server, "/filtered/page")?;
            let body = text(&answer);
            // The handler of the same file writes while the filter counts.
            assert!(body.ends_with(" bytes") && body != "0 bytes", "{scope}: {body}");
        }
        let (_place, server) =
            serve(&format!("{FILTERS}WasmScope {scope}\n<Location /filtered>\nSetOutputFilter BODIES\n</Location>\n"))?;
        let bodies: Vec<String> =
            (0..8).map(|_| Ok(text(&get(&server, "/filtered/index.html")?))).collect::<Result<_>>()?;
        let fresh = bodies.iter().all(|body| body == "hello\nbody 1");
        assert_eq!(fresh, matches!(scope, "once" | "request" | "conn"), "{scope}: {bodies:?}");
    }
    Ok(())
}

#[test]
fn those_that_fail_break_their_answer_and_no_other() -> Result<()> {
    for (filter, words) in [("TRAPS", "wasm trap"), ("LOOPS", "time limit of 100 ms exceeded")] {
        let (_place, server) = serve(&format!("WasmTimeLimit 100ms\n{}", with(filter)))?;
        let mark = server.mark();
        assert_eq!(get(&server, "/filtered/index.html")?.head.code(), Some(500), "{filter}");
        let log = server.log_since(mark)?;
        assert_eq!(log.matches(words).count(), 1, "{log}");
        assert!(log.contains("scripted.wasm failed in filter"), "{log}");
        assert_eq!(text(&get(&server, "/plain.txt")?), "hello\n");
        let (_place, server) = serve(&format!("WasmTimeLimit 100ms\nWasmOnTrap decline\n{}", with(filter)))?;
        assert_eq!(text(&get(&server, "/filtered/index.html")?), "hello\n", "{filter}");
    }
    Ok(())
}

#[test]
fn names_of_others_cannot_be_taken() -> Result<()> {
    let said = said_of("WasmOutputFilter BYTERANGE ${root}/scripted.wasm keeps\n")?;
    assert!(said.contains("a filter named BYTERANGE is registered by another module already"), "{said}");
    // Two hosts may have the same name for different things.
    let (_place, server) = serve(
        "WasmRoot ${root}\n<Location /filtered>\nWasmOutputFilter IT scripted.wasm around\nSetOutputFilter IT\n</Location>\n\
         <Location /inner>\nWasmOutputFilter IT scripted.wasm sums\nSetOutputFilter IT\n</Location>\n<Location /plain.txt>\nSetOutputFilter IT\n</Location>\n",
    )?;
    assert_eq!(text(&get(&server, "/filtered/index.html")?), "[pre](HELLO\n)[post]");
    assert_eq!(text(&get(&server, "/inner/index.html")?), "6 bytes");
    assert_eq!(text(&get(&server, "/plain.txt")?), "hello\n");
    Ok(())
}

#[test]
fn a_gigabyte_passes_in_constant_memory() -> Result<()> {
    let (place, server) = serve(&with("AROUND;KEEPS"))?;
    // A file with a hole takes no room on the disk.
    std::fs::File::create(place.path("htdocs/filtered/large"))?.set_len(1 << 30)?;
    let mut small = TcpStream::connect(server.address())?;
    small.write_all(b"GET /filtered/index.html HTTP/1.0\r\n\r\n")?;
    small.read_to_end(&mut Vec::new())?;
    let before = most_kib(&server);
    let mut stream = TcpStream::connect(server.address())?;
    stream.write_all(b"GET /filtered/large HTTP/1.0\r\n\r\n")?;
    let (mut buffer, mut read) = (vec![0; 1 << 20], 0usize);
    loop {
        match stream.read(&mut buffer)? {
            0 => break,
            more => read += more,
        }
    }
    assert!(read > 1 << 30, "{read} bytes");
    let grown = most_kib(&server).saturating_sub(before);
    assert!(grown < 16 << 10, "a child grew by {grown} KiB for a body of 1 GiB");
    Ok(())
}

/// The most memory that a child ever had, in KiB.
fn most_kib(server: &compat_tests::server::Server) -> u64 {
    server.children().iter().map(|pid| peak_kilobytes(*pid)).max().unwrap_or(0)
}
