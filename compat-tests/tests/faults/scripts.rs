//! Every failure in every place of a script, and of a program that makes content: the same must hold as of an extension.
use crate::ground::Ground;
use crate::guest::{FAILURES, Failure, NO_PROGRAM_S, failing, failing_program, letter, limits};
use crate::mpm;
use crate::place::{Ends, Place, fails_everywhere, surroundings};

/// A script of its own for each place, by the directive that names its function `f`.
fn scripts(ground: &Ground) -> (Vec<Place>, String) {
    let (mut places, mut own) = (Vec::new(), format!("WasmScope thread\n{}\n", limits()));
    let mut add =
        |name: &str, wat: &str, values: &[(&str, &str)], doing: &str, ends: Ends, target: Option<&str>, lines: &str| {
            // What httpd serves as a script has to be among its documents.
            let file = ground.file(&format!("htdocs/{name}.wasm"), &failing(name, wat, values)).display().to_string();
            let said = format!("f of {file} failed in {doing}: ")
                .replace("f of", if name == "served" { "handle of" } else { "f of" });
            own += &lines.replace("FILE", &format!("\"{file}\""));
            places.push(Place { name: name.to_owned(), guest: file, said, target: target.map(str::to_owned), ends });
        };
    let function = [("BEFORE", ""), ("ANSWER", "-1"), ("F", "f")];
    for (name, directive, doing, ends) in [
        ("pre_translate", "PreTranslateName", "pre_translate_name", Ends::Error),
        ("translate", "TranslateName", "translate_name", Ends::Error),
        ("storage", "MapToStorage", "map_to_storage", Ends::Error),
        ("access", "AccessChecker", "access_checker", Ends::Error),
        ("user", "CheckUserID", "check_user_id", Ends::Authenticating),
        ("auth", "AuthChecker", "auth_checker", Ends::Authenticating),
        ("type", "TypeChecker", "type_checker", Ends::Error),
        ("fixups", "Fixups", "fixups", Ends::Error),
        ("insert", "InsertFilter", "insert_filter", Ends::Error),
        ("log", "Log", "log_transaction", Ends::Served),
    ] {
        add(name, "script", &function, doing, ends, None, &format!("WasmHook{directive} FILE f\n"));
    }
    add("quick", "script", &function, "quick_handler", Ends::Error, None, "WasmQuickHandler FILE f\n");
    let writes = "(drop (call $ap_rwrite (i32.const 0) (i32.const 512) (call $length (i32.const 512))))";
    let writes = [("BEFORE", writes), ("ANSWER", "0"), ("F", "f")];
    add("mapped", "script", &writes, "the handler", Ends::Error, Some("/mapped"), "WasmMapHandler ^/mapped$ FILE f\n");
    let served = [("BEFORE", ""), ("ANSWER", "0"), ("F", "handle")];
    add(
        "served",
        "script",
        &served,
        "the handler",
        Ends::Error,
        Some("/served.wasm"),
        "<Location /served.wasm>\nSetHandler wasm-script\n</Location>\n",
    );
    // AUTHZ_DENIED, so that it fails or lets nobody in.
    let provider = [("BEFORE", ""), ("ANSWER", "0"), ("F", "f")];
    ground.file("htdocs/provided/plain", b"for members\n");
    let lines = "WasmAuthzProvider asked FILE f\n<Location /provided>\nRequire asked\n</Location>\n";
    add("provider", "script", &provider, "an authorization provider", Ends::Error, Some("/provided/plain"), lines);
    for (name, event, chunk, ends) in [
        ("out_start", "0", "0", Ends::Error),
        ("out_data", "1", "0", Ends::Error),
        ("out_later", "1", "3", Ends::CutOff),
        ("out_end", "3", "0", Ends::Error),
    ] {
        let lines = format!("WasmOutputFilter {name} FILE f\nAddOutputFilter {name} .{name}\n");
        let target = format!("/{}.{name}", if ends == Ends::CutOff { "long" } else { "page" });
        let text = if ends == Ends::CutOff { "0123456789abcdef".repeat(65_536) } else { "a page\n".to_owned() };
        ground.file(&format!("htdocs{target}"), text.as_bytes());
        add(
            name,
            "script_filter",
            &[("EVENT", event), ("CHUNK", chunk)],
            &format!("filter {name}"),
            ends,
            Some(&target),
            &lines,
        );
    }
    for (name, event) in [("in_start", "0"), ("in_data", "1"), ("in_end", "3")] {
        let lines = format!(
            "WasmInputFilter {name} FILE f\n<Location /cgi/read.sh/{name}>\nSetInputFilter {name}\n</Location>\n"
        );
        let target = format!("/cgi/read.sh/{name}");
        add(
            name,
            "script_filter",
            &[("EVENT", event), ("CHUNK", "0")],
            &format!("filter {name}"),
            Ends::Posted,
            Some(&target),
            &lines,
        );
    }
    (places, own)
}

#[test]
fn every_failure_in_every_place_of_a_script() {
    let ground = Ground::new(mpm());
    let (places, own) = scripts(&ground);
    ground.configure(&(surroundings(&ground) + &own));
    let server = ground.start();
    fails_everywhere(&ground, &server, &places, &FAILURES.iter().collect::<Vec<_>>(), 4);
    server.stop().unwrap();
}

/// At its start, with a page that is still here, and when a part of its answer has been sent.
#[test]
fn every_failure_of_a_program() {
    let ground = Ground::new(mpm());
    // A program may have more functions.
    let usual = |failure: &Failure| {
        if failure.name == "table" { "table limit of 200000 elements reached, then" } else { failure.usual }
    };
    let failures = FAILURES.iter().filter(|failure| failure.name != NO_PROGRAM_S);
    let failures: Vec<_> = failures.map(|failure| Failure { usual: usual(failure), ..*failure }).collect();
    let (mut places, mut own) = (Vec::new(), String::new());
    for (name, pages, ends) in [("start", 0, Ends::Error), ("written", 1, Ends::CutOff), ("sent", 20, Ends::CutOff)] {
        let file = ground.file(&format!("{name}.wasm"), &failing_program(pages)).display().to_string();
        for failure in &failures {
            let letter = letter(failure);
            own += &format!(
                "<Location /{name}/{}>\nSetHandler wasm-handler\nWasmModule \"{file}\"\nWasmArg {letter}\n{}\n</Location>\n",
                failure.name,
                limits()
            );
        }
        let target = Some(format!("/{name}/@FAILURE@"));
        places.push(Place {
            name: name.to_owned(),
            said: format!("mod_wasm: {name}.wasm failed: "),
            guest: file,
            target,
            ends,
        });
    }
    ground.configure(&(surroundings(&ground) + &own));
    let server = ground.start();
    // Each place of the pool keeps a little of what it had, so it takes as many failures until all that are used have been.
    fails_everywhere(&ground, &server, &places, &failures.iter().collect::<Vec<_>>(), 12);
    server.stop().unwrap();
}
