//! Hooks and handlers: each directive does its work, functions run in their order, sections inherit.

use super::site::{ask, get, header, said_of, serve, text};
use anyhow::Result;

fn order(path: &str, conf: &str) -> Result<Option<String>> {
    let (_place, server) = serve(conf)?;
    Ok(header(&get(&server, path)?, "X-Order"))
}

#[test]
fn each_phase_runs_its_functions() -> Result<()> {
    let conf = |directives: &str| format!("WasmRoot ${{root}}\n{directives}\n");
    for directive in
        ["PreTranslateName", "TranslateName", "MapToStorage", "AccessChecker", "TypeChecker", "Fixups", "InsertFilter"]
    {
        let (_place, server) =
            serve(&conf(&format!("WasmHook{directive} scripted.wasm one\nWasmHook{directive} scripted.wasm two")))?;
        let answer = get(&server, "/plain.txt")?;
        assert_eq!(answer.head.code(), Some(200), "{directive}");
        assert_eq!(header(&answer, "X-Order").as_deref(), Some("one, two"), "{directive}");
    }
    let (_place, server) = serve(&conf("WasmHookTranslateName scripted.wasm finds"))?;
    assert_eq!(text(&get(&server, "/anything")?), "hello\n");
    let (_place, server) = serve(&conf("WasmHookTypeChecker scripted.wasm types"))?;
    assert_eq!(header(&get(&server, "/plain.txt")?, "Content-Type").as_deref(), Some("text/x-typed"));
    let (_place, server) = serve(&conf("WasmHookAccessChecker scripted.wasm forbids"))?;
    assert_eq!(get(&server, "/plain.txt")?.head.code(), Some(403));
    let (_place, server) =
        serve(&conf("WasmOutputFilter AROUND scripted.wasm around\nWasmHookInsertFilter scripted.wasm inserts"))?;
    assert_eq!(text(&get(&server, "/plain.txt")?), "[pre](HELLO\n)[post]");
    let (_place, server) = serve(&conf("WasmQuickHandler scripted.wasm handle"))?;
    assert!(text(&get(&server, "/anything")?).starts_with("handle 1 /anything"));
    Ok(())
}

#[test]
fn who_is_it_and_may_he() -> Result<()> {
    let (_place, server) = serve(
        "WasmRoot ${root}\n<Location />\nAuthType Wasm\nAuthName it\nRequire valid-user\nWasmHookCheckUserID scripted.wasm logs_in\n\
         WasmHookAuthChecker scripted.wasm lets_in early\n</Location>\n",
    )?;
    assert_eq!(get(&server, "/plain.txt")?.head.code(), Some(401));
    assert_eq!(ask(&server, "GET", "/plain.txt", "X-User: alice\r\n", "")?.head.code(), Some(200));
    assert_eq!(ask(&server, "GET", "/plain.txt", "X-User: bob\r\n", "")?.head.code(), Some(403));
    Ok(())
}

#[test]
fn the_log_hook_runs_and_may_end_the_log() -> Result<()> {
    for (function, logged) in [("tells_log", true), ("ends_log", false)] {
        let (place, server) = serve(&format!(
            "WasmRoot ${{root}}\nWasmHookLog scripted.wasm {function}\nLogFormat \"%U\" short\nCustomLog ${{root}}/access.log short\n"
        ))?;
        get(&server, "/plain.txt")?;
        let log = place.path("access.log");
        // The answer is out before it is logged.
        let written = || std::fs::read_to_string(&log).is_ok_and(|lines| lines.contains("/plain.txt"));
        (0..50).take_while(|_| !written()).for_each(|_| std::thread::sleep(std::time::Duration::from_millis(20)));
        server.stop()?;
        let lines = std::fs::read_to_string(&log).unwrap_or_default();
        assert_eq!(lines.contains("/plain.txt"), logged, "{function}: {lines}");
        let errors = std::fs::read_to_string(place.path("error.log"))?;
        assert_eq!(errors.contains("the log hook ran"), logged, "{function}");
    }
    Ok(())
}

#[test]
fn early_and_late_are_kept_to_whatever_the_order_of_lines() -> Result<()> {
    for hook in ["WasmHookTranslateName", "WasmHookAccessChecker"] {
        let conf = format!(
            "WasmRoot ${{root}}\n{hook} scripted.wasm three late\n{hook} scripted.wasm two\n{hook} scripted.wasm one early\n"
        );
        assert_eq!(order("/plain.txt", &conf)?.as_deref(), Some("one, two, three"), "{hook}");
    }
    for hook in ["WasmHookCheckUserID", "WasmHookAuthChecker"] {
        let conf = format!(
            "WasmRoot ${{root}}\n<Location />\nAuthType Wasm\nAuthName it\nRequire valid-user\n{} scripted.wasm {}\n\
             {hook} scripted.wasm three late\n{hook} scripted.wasm two\n{hook} scripted.wasm one early\n</Location>\n",
            "WasmHookCheckUserID",
            // httpd's own function of that phase, which knows no AuthType Wasm, is among those that run last.
            if hook == "WasmHookAuthChecker" { "logs_in" } else { "logs_in late" },
        );
        let (_place, server) = serve(&conf)?;
        let answer = ask(&server, "GET", "/plain.txt", "X-User: alice\r\n", "")?;
        let order = header(&answer, "X-Order").unwrap_or_default();
        assert!(order.starts_with("one, two"), "{hook}: {order} {:?}", answer.head.code());
    }
    assert!(
        said_of("WasmHookFixups ${root}/scripted.wasm one early\n")?.contains("WasmHookFixups takes two arguments")
    );
    assert!(
        said_of("WasmHookAccessChecker ${root}/scripted.wasm one soon\n")?
            .contains("Third argument must be 'early' or 'late'")
    );
    Ok(())
}

#[test]
fn sections_inherit_as_they_are_told() -> Result<()> {
    for (inherit, wanted) in [
        ("", "one, two, three"),
        ("WasmInherit parent-first", "one, two, three"),
        ("WasmInherit parent-last", "two, three, one"),
        ("WasmInherit none", "two, three"),
    ] {
        let conf = format!(
            "WasmRoot ${{root}}\nWasmHookFixups scripted.wasm one\n\
             <Directory ${{root}}/htdocs/inner>\n{inherit}\nWasmHookFixups scripted.wasm two\nWasmHookFixups scripted.wasm three\n</Directory>\n"
        );
        assert_eq!(order("/inner/index.html", &conf)?.as_deref(), Some(wanted), "{inherit}");
    }
    Ok(())
}

#[test]
fn contexts_are_those_of_mod_lua() -> Result<()> {
    let everywhere = [
        "WasmHookPreTranslateName",
        "WasmHookMapToStorage",
        "WasmHookAccessChecker",
        "WasmHookCheckUserID",
        "WasmHookAuthChecker",
        "WasmHookTypeChecker",
        "WasmHookFixups",
        "WasmHookInsertFilter",
        "WasmHookLog",
    ];
    let servers = [
        "WasmHookTranslateName",
        "WasmQuickHandler",
        "WasmMapHandler ^/x",
        "WasmOutputFilter NAME",
        "WasmInputFilter NAME",
    ];
    for (directives, in_directories) in [(&everywhere[..], true), (&servers, false)] {
        for directive in directives {
            let function = if directive.contains("putFilter") { "keeps" } else { "one" };
            let line = format!("{directive} ${{root}}/scripted.wasm {function}\n");
            for around in [["", ""], ["<VirtualHost *:80>\n", "</VirtualHost>\n"], ["<Location /x>\n", "</Location>\n"]]
            {
                let said = said_of(&format!("{}{line}{}", around[0], around[1]))?;
                assert!(said.contains("Syntax OK"), "{line} in {around:?}: {said}");
            }
            for around in [["<Directory ${root}>\n", "</Directory>\n"], ["<Files x>\n", "</Files>\n"]] {
                let said = said_of(&format!("{}{line}{}", around[0], around[1]))?;
                assert_eq!(said.contains("Syntax OK"), in_directories, "{line} in {around:?}: {said}");
                assert!(in_directories || said.contains("cannot occur within"), "{said}");
            }
        }
    }
    Ok(())
}

#[test]
fn a_htaccess_file_names_functions_of_its_own() -> Result<()> {
    let (place, server) = serve("<Directory ${root}/htdocs/inner>\nAllowOverride All\n</Directory>\n")?;
    let file = place.path("htdocs/inner/.htaccess");
    let script = place.path("scripted.wasm").display().to_string();
    for wanted in ["one", "two"] {
        std::fs::write(&file, format!("WasmHookFixups {script} {wanted}\n"))?;
        for _ in 0..3 {
            assert_eq!(header(&get(&server, "/inner/index.html")?, "X-Order").as_deref(), Some(wanted));
        }
    }
    for (line, error) in [
        (format!("WasmHookTranslateName {script} one"), "not allowed here"),
        (format!("WasmMapHandler ^/ {script}"), "not allowed here"),
        ("WasmTimeLimit 1h".to_owned(), "not allowed here"),
        ("WasmHookFixups".to_owned(), "takes two arguments"),
    ] {
        std::fs::write(&file, format!("{line}\n"))?;
        let mark = server.mark();
        assert_eq!(get(&server, "/inner/index.html")?.head.code(), Some(500));
        let log = server.log_since(mark)?;
        assert!(log.contains(error) || log.contains("cannot occur within"), "{line}: {log}");
    }
    Ok(())
}

#[test]
fn mapped_urls_are_answered_with_groups_filled_in() -> Result<()> {
    let (place, server) = serve(
        "WasmRoot ${root}\nFallbackResource /plain.txt\nWasmMapHandler ^/hello scripted.wasm\nWasmMapHandler ^/do/([a-z]+)$ scripted.wasm $1\n\
         WasmMapHandler ^/from/([a-z]+)/([a-z]+)$ $1.wasm $2\nWasmMapHandler ^/both scripted.wasm declines\nWasmMapHandler ^/both scripted.wasm other\n\
         WasmMapHandler ^/no scripted.wasm forbids\nWasmMapHandler ^/again scripted.wasm redirects\n",
    )?;
    assert!(text(&get(&server, "/hello/you")?).ends_with(" /hello/you\n"));
    assert_eq!(text(&get(&server, "/do/other")?), "other\n");
    assert_eq!(text(&get(&server, "/from/scripted/other")?), "other\n");
    assert_eq!(text(&get(&server, "/both")?), "other\n");
    assert_eq!(get(&server, "/no")?.head.code(), Some(403));
    assert!(text(&get(&server, "/again")?).ends_with(" /hello/there\n"));
    assert_eq!(text(&get(&server, "/elsewhere")?), "hello\n");
    for (path, error) in
        [("/do/nothing", "it exports no function of this name"), ("/from/missing/other", "cannot load")]
    {
        let mark = server.mark();
        assert_eq!(get(&server, path)?.head.code(), Some(500), "{path}");
        let log = server.log_since(mark)?;
        assert!(log.contains(error), "{path}: {log}");
    }
    // A name that a client made up is no function of another kind either.
    assert_eq!(get(&server, "/do/around")?.head.code(), Some(500));
    drop(place);
    Ok(())
}

#[test]
fn a_file_is_its_own_handler() -> Result<()> {
    let (place, server) = serve(
        "<Directory ${root}/htdocs/inner>\nAddHandler wasm-script .wasm\n</Directory>\n<Location /set>\nSetHandler wasm-script\n</Location>\n",
    )?;
    place.copy("scripted.wasm", "htdocs/inner/page.wasm")?;
    let answer = get(&server, "/inner/page.wasm")?;
    assert_eq!((answer.head.code(), text(&answer).as_str()), (Some(200), "handle 1 /inner/page.wasm\n"));
    let head = ask(&server, "HEAD", "/inner/page.wasm", "", "")?;
    assert!(header(&head, "X-Calls").is_some() && head.body.is_empty());
    assert_eq!(get(&server, "/inner/missing.wasm")?.head.code(), Some(404));
    assert_eq!(get(&server, "/set/missing")?.head.code(), Some(404));
    std::fs::write(place.path("htdocs/inner/bad.wasm"), "no module")?;
    let mark = server.mark();
    assert_eq!(get(&server, "/inner/bad.wasm")?.head.code(), Some(500));
    assert!(server.log_since(mark)?.contains("not a WebAssembly module"));
    assert_eq!(get(&server, "/inner/page.wasm")?.head.code(), Some(200));
    Ok(())
}

#[test]
fn a_script_is_entered_again_by_its_own_subrequests() -> Result<()> {
    let (_place, server) = serve("WasmRoot ${root}\nWasmHookFixups scripted.wasm looks_ahead\n")?;
    let answer = get(&server, "/index.html")?;
    assert!(header(&answer, "X-Ahead").is_some_and(|file| file.ends_with("/htdocs/plain.txt")));
    Ok(())
}

#[test]
fn require_lines_ask_a_function() -> Result<()> {
    let requires =
        [("grants", 200), ("denies", 403), ("neutral", 403), ("fails", 500), ("authz_traps", 500), ("no_user", 401)];
    let mut conf = String::from("WasmRoot ${root}\nWasmAuthzProvider words scripted.wasm by_args\n");
    for (name, _) in requires {
        conf += &format!("<Location /{name}>\nWasmHookCheckUserID scripted.wasm logs_in\n</Location>\n");
        conf += &format!(
            "WasmAuthzProvider {name} scripted.wasm {name}\n<Location /{name}>\nAuthType Basic\nAuthName it\nRequire {name}\n</Location>\n"
        );
    }
    conf += "<Location /plain.txt>\nRequire words red \"dark green\"\n</Location>\n";
    let (place, server) = serve(&conf)?;
    for (name, status) in requires {
        std::fs::write(place.path("htdocs").join(name), "it\n")?;
        let mark = server.mark();
        assert_eq!(get(&server, &format!("/{name}"))?.head.code(), Some(status), "{name}");
        assert_eq!(server.log_since(mark)?.contains("wasm trap"), name == "authz_traps");
    }
    assert_eq!(get(&server, "/plain.txt?red")?.head.code(), Some(200));
    let answer = get(&server, "/plain.txt?blue")?;
    assert_eq!((answer.head.code(), header(&answer, "X-Words").as_deref()), (Some(403), Some("red|dark green")));
    let said = said_of("WasmAuthzProvider it ${root}/scripted.wasm nothing\n<Location />\nRequire it\n</Location>\n")?;
    assert!(said.contains("does not export a function nothing"), "{said}");
    let said = said_of("WasmAuthzProvider all ${root}/scripted.wasm grants\n")?;
    assert!(said.contains("registered by another module already"), "{said}");
    Ok(())
}
