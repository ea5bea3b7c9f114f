//! What is wrong: told with file and line while the configuration is read, else one 500 and one line in the log.

use super::site::{Place, get, said_of, serve, text};
use anyhow::Result;
use compat_tests::memcheck::patience;
use compat_tests::swap::Swap;
use std::time::Duration;

#[test]
fn mistakes_are_told_with_file_and_line() -> Result<()> {
    let dist = Swap::new(["none"]).dist.display().to_string();
    for (line, wanted) in [
        ("WasmHookFixups ${root}/missing.wasm f".to_owned(), "missing.wasm: No such file"),
        ("WasmHookFixups ${root}/scripted.wasm missing".to_owned(), "scripted.wasm does not export a function missing"),
        (
            "WasmHookFixups ${root}/scripted.wasm around".to_owned(),
            "exports around, but not as a function that takes 1 numbers",
        ),
        ("WasmHookFixups ${root}/scripted.wasm memory".to_owned(), "exports memory, but not as a function"),
        (
            "WasmOutputFilter X ${root}/scripted.wasm handle".to_owned(),
            "exports handle, but not as a function that takes 4 numbers",
        ),
        ("WasmHookFixups ${root}/htdocs f".to_owned(), "not a regular file"),
        ("WasmHookFixups ${root}/htdocs/plain.txt f".to_owned(), "not a WebAssembly module"),
        (format!("WasmHookFixups {dist}/program.wasm f"), "not a script"),
        ("WasmMapHandler \"(\" ${root}/scripted.wasm".to_owned(), "Invalid regex pattern!"),
        ("WasmCodeCache sometimes".to_owned(), "WasmCodeCache takes stat, forever or never"),
        ("WasmInherit all".to_owned(), "WasmInherit takes none, parent-first or parent-last"),
        ("WasmAuthzProvider a b".to_owned(), "WasmAuthzProvider takes three arguments"),
        ("WasmRoot".to_owned(), "WasmRoot takes one argument"),
        ("WasmHookTranslateName a b c d".to_owned(), "takes two or three arguments"),
    ] {
        let said = said_of(&format!("\n{line}\n"))?;
        assert!(said.contains(wanted), "{line}: {said}");
        assert!(said.contains("Syntax error on line") && said.contains("httpd.conf"), "{line}: {said}");
    }
    // Relative to ServerRoot without a WasmRoot, and to that of the outer section within another.
    assert!(said_of("WasmHookFixups scripted.wasm one\n")?.contains("Syntax OK"));
    assert!(
        said_of("WasmRoot ${root}/htdocs\n<Location /x>\nWasmHookFixups scripted.wasm one\n</Location>\n")?
            .contains("htdocs/scripted.wasm")
    );
    assert!(said_of("WasmRoot ${root}/htdocs\n<VirtualHost *:80>\nWasmRoot ${root}\nWasmHookFixups scripted.wasm one\n</VirtualHost>\n")?.contains("Syntax OK"));
    Ok(())
}

#[test]
fn each_failure_is_one_500_and_one_line() -> Result<()> {
    let time = patience(Duration::from_millis(100)).as_millis();
    for (function, words) in [
        ("traps", "wasm trap"),
        ("loops", &*format!("time limit of {time} ms exceeded")),
        ("answers_7", "its answer 7 is neither OK, DECLINED, DONE nor an HTTP status"),
        ("grows", "memory limit of 16777216 bytes reached"),
    ] {
        for scope in ["once", "thread"] {
            let conf = format!(
                "WasmRoot ${{root}}\nWasmTimeLimit {time}ms\nWasmMemoryLimit 16M\nWasmScope {scope}\n<Location /inner>\nWasmHookFixups scripted.wasm {function}\n</Location>\n"
            );
            let (_place, server) = serve(&conf)?;
            get(&server, "/plain.txt")?;
            let children = server.children();
            for _ in 0..2 {
                let mark = server.mark();
                assert_eq!(get(&server, "/inner/index.html")?.head.code(), Some(500), "{function}");
                let log = server.log_since(mark)?;
                assert_eq!(log.matches(words).count(), 1, "{function}: {log}");
                assert!(log.contains(&format!("{function} of ")) && log.contains("failed in fixups"), "{log}");
                assert!(function == "answers_7" || log.contains(" at 0: "), "{log}");
            }
            assert_eq!(text(&get(&server, "/plain.txt")?), "hello\n");
            assert_eq!(server.children(), children, "{function}");
            let (_place, server) = serve(&format!("WasmOnTrap decline\n{conf}"))?;
            assert_eq!(get(&server, "/inner/index.html")?.head.code(), Some(200), "{function}");
        }
    }
    Ok(())
}

#[test]
fn an_answer_that_has_begun_does_not_pass_for_whole() -> Result<()> {
    let (_place, server) = serve(
        "WasmRoot ${root}\nWasmMapHandler ^/part scripted.wasm writes_then_traps\nWasmMapHandler ^/trap scripted.wasm traps\n",
    )?;
    for path in ["/part", "/trap"] {
        assert_eq!(get(&server, path)?.head.code(), Some(500), "{path}");
    }
    Ok(())
}

#[test]
fn what_is_not_allowed_is_not_linked() -> Result<()> {
    let (_place, server) =
        serve("WasmRoot ${root}\n<Location /inner>\nWasmApi -table\nWasmHookFixups scripted.wasm one\n</Location>\n")?;
    let mark = server.mark();
    assert_eq!(get(&server, "/inner/index.html")?.head.code(), Some(500));
    let log = server.log_since(mark)?;
    assert!(log.contains("of group table, which is not allowed here (WasmApi +table allows it)"), "{log}");
    assert_eq!(get(&server, "/plain.txt")?.head.code(), Some(200));
    Ok(())
}

#[test]
fn a_require_line_is_known_to_its_provider_alone() -> Result<()> {
    let (_place, server) = serve("WasmRoot ${root}\nWasmHookFixups scripted.wasm reads_require\n")?;
    assert_eq!(super::site::header(&get(&server, "/plain.txt")?, "X-Words").as_deref(), Some("0"));
    Ok(())
}

#[test]
fn the_example_does_what_it_says() -> Result<()> {
    let dist = Swap::new(["none"]).dist.display().to_string();
    let example = include_str!("../../../examples/script/script.conf").replace("${dist}", &dist);
    let example: String =
        example.lines().filter(|line| !line.starts_with("LoadModule")).map(|line| format!("{line}\n")).collect();
    let place = Place::new(&example)?;
    std::fs::create_dir_all(place.path("htdocs/scripts"))?;
    std::fs::create_dir_all(place.path("htdocs/loud"))?;
    std::fs::write(place.path("htdocs/loud/index.html"), "hello\n")?;
    std::fs::write(place.path("htdocs/members"), "members\n")?;
    place.copy("script.wasm", "htdocs/scripts/page.wasm")?;
    let server = place.start()?;
    use super::site::{ask, header};
    assert_eq!(header(&get(&server, "/plain.txt")?, "X-Greeting").as_deref(), Some("Hi, GET"));
    assert_eq!(ask(&server, "GET", "/plain.txt", "X-Robot: yes\r\n", "")?.head.code(), Some(403));
    assert!(text(&ask(&server, "GET", "/hello", "X-Name: Ann\r\n", "")?).starts_with("Hello, Ann.\n"));
    assert!(text(&get(&server, "/scripts/page.wasm")?).contains("Pages of this instance: 1.\n"));
    assert_eq!(text(&get(&server, "/loud/index.html")?), "LISTEN!\nHELLO\nTHAT IS ALL.\n");
    assert_eq!(get(&server, "/members")?.head.code(), Some(403));
    assert_eq!(ask(&server, "GET", "/members", "X-Badge: green\r\n", "")?.head.code(), Some(200));
    Ok(())
}
