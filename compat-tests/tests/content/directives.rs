//! Each directive, and what inner sections make of what outer ones say.
use crate::ground::{Ground, get, get_at, header, status, text};

const CGI: &str = "SetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmEnableCGI On\n";

#[test]
fn a_program_answers() {
    let ground =
        Ground::new("<Location /hello>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmArg hello\n</Location>\n");
    let server = ground.start();
    let answer = get(&server, "/hello");
    assert_eq!(text(&answer), "Hello, world!\n");
    assert_eq!(header(&answer, "Content-Type"), None);
    assert_eq!(header(&answer, "Content-Length").as_deref(), Some("14"));
    // Outside of CGI mode httpd says of what type it is.
    assert_eq!(text(&get(&server, "/")), "All is well.\n");
}

#[test]
fn the_type_of_plain_output_is_httpds_to_say() {
    let ground = Ground::new(
        "<Location /hello>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmArg hello\n</Location>\n\
         <Location /hello/typed>\nForceType text/x-greeting\n</Location>\n\
         AddType image/x-hello .img\n<Location /hi.img>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmArg hello\n</Location>\n",
    );
    let server = ground.start();
    assert_eq!(header(&get(&server, "/hello"), "Content-Type"), None);
    assert_eq!(header(&get(&server, "/hello/typed"), "Content-Type").as_deref(), Some("text/x-greeting"));
    assert_eq!(header(&get(&server, "/hi.img"), "Content-Type").as_deref(), Some("image/x-hello"));
}

#[test]
fn arguments_come_in_order_behind_the_name() {
    let ground = Ground::new(
        "<Location /a>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmArg args\nWasmArg \"with space\"\nWasmArg --x=\u{fc}\n</Location>\n",
    );
    let server = ground.start();
    let program = ground.dist("program.wasm").display().to_string();
    assert_eq!(text(&get(&server, "/a")), format!("{program}\nargs\nwith space\n--x=\u{fc}\n"));
}

#[test]
fn the_environment_is_what_the_configuration_says_and_nothing_else() {
    let ground = Ground::new(
        "<Location /e>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmArg env\nWasmEnv B 2\nWasmEnv A \"1 and 1\"\nWasmEnv B 3\n</Location>\n",
    );
    assert_eq!(text(&get(&ground.start(), "/e?A=9")), "A=1 and 1\nB=3\n");
}

#[test]
fn inner_sections_add_to_outer_ones_and_replace() {
    let ground = Ground::new(
        "WasmEnv WHERE server\nWasmEnv SERVER 1\n\
         <Location /app>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmArg env\nWasmEnv WHERE app\n</Location>\n\
         <Location /app/inner>\nWasmEnv WHERE inner\nWasmEnv INNER 1\n</Location>\n\
         <Location /app/inner/args>\nWasmArg args\nWasmArg x\n</Location>\n\
         <Location /app/other>\nWasmModule other.wasm\n</Location>\n",
    );
    std::fs::copy(ground.dist("program.wasm"), ground.path("other.wasm")).unwrap();
    let server = ground.start();
    assert_eq!(text(&get(&server, "/app")), "SERVER=1\nWHERE=app\n");
    assert_eq!(text(&get(&server, "/app/inner")), "INNER=1\nSERVER=1\nWHERE=inner\n");
    assert_eq!(text(&get(&server, "/app/inner/args")).lines().skip(1).collect::<Vec<_>>(), ["args", "x"]);
    // Another program begins without the outer one's arguments.
    assert_eq!(status(&get(&server, "/app/other")), 500);
    for _ in 0..50 {
        assert_eq!(text(&get(&server, "/app/inner")), "INNER=1\nSERVER=1\nWHERE=inner\n");
    }
}

#[test]
fn cgi_mode_is_inherited_and_switched_off() {
    let ground = Ground::new(&format!(
        "WasmEnableCGI On\n<Location /c>\n{}WasmArg env\n</Location>\n<Location /c/off>\nWasmEnableCGI Off\n</Location>\n",
        CGI.replace("WasmEnableCGI On\n", "")
    ));
    let server = ground.start();
    let on = get(&server, "/c?x");
    assert!(text(&on).contains("QUERY_STRING=x\n"), "{}", on.render());
    assert_eq!(header(&on, "Content-Type").as_deref(), Some("text/plain"));
    assert_eq!(text(&get(&server, "/c/off?x")), "");
}

#[test]
fn what_wasmenv_gives_stands_over_what_the_request_brings() {
    let ground = Ground::new(&format!(
        "<Location /c>\n{CGI}WasmArg env\nWasmEnv HTTP_X_ROLE user\nWasmEnv QUERY_STRING fixed\n</Location>\n"
    ));
    let server = ground.start();
    let answer = crate::ground::ask(
        &server,
        b"GET /c?other HTTP/1.1\r\nHost: localhost\r\nX-Role: admin\r\nX-Else: yes\r\n\r\n",
    );
    let lines = text(&answer);
    let lines: Vec<&str> =
        lines.lines().filter(|line| line.starts_with("HTTP_X") || line.starts_with("QUERY")).collect();
    assert_eq!(lines, ["HTTP_X_ELSE=yes", "HTTP_X_ROLE=user", "QUERY_STRING=fixed"]);
}

#[test]
fn an_entry_point_is_called_in_place_of_start() {
    let own = "<Location /p>\nSetHandler wasm-handler\nWasmModule several.wasm\nWasmEntryPoint second\n</Location>\n\
               <Location /p/first>\nWasmEntryPoint first\n</Location>\n";
    let ground = Ground::new(own);
    let one = |name: &str, at: u32| {
        format!(
            "(func (export \"{name}\") (i32.store (i32.const 0) (i32.const {at})) (i32.store (i32.const 4) (i32.const 6)) (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))"
        )
    };
    let wat = format!(
        "(module (import \"wasi_snapshot_preview1\" \"fd_write\" (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export \"memory\") 1) (data (i32.const 16) \"first\\n\") (data (i32.const 24) \"second\\n\") {} {})",
        one("first", 16),
        one("second", 24)
    );
    ground.program("several.wasm", &wat);
    let server = ground.start();
    assert_eq!(text(&get(&server, "/p")), "second");
    assert_eq!(text(&get(&server, "/p/first")), "first\n");
}

#[test]
fn paths_are_told_as_the_longest_map_has_them() {
    let own = format!(
        "Alias /site %ROOT%/site\n<Location /site>\n{CGI}WasmArg env\nWasmMapCGIFileNames On\nWasmMapDir /app %ROOT%/site\n\
         WasmMapDir /inner %ROOT%/site/in/\nWasmMapDir /all /\n</Location>\n<Location /site/off>\nWasmMapCGIFileNames Off\n</Location>\n"
    );
    let ground = Ground::new(&own);
    for name in ["site/a.x", "site/in/b.x", "site/index.x"] {
        ground.file(name, b"");
    }
    let server = ground.start();
    let told = |path: &str, name: &str| {
        let lines = text(&get(&server, path));
        lines.lines().find_map(|line| line.strip_prefix(&format!("{name}=")).map(str::to_owned)).unwrap_or_default()
    };
    let root = ground.root.path().display().to_string();
    assert_eq!(told("/site/a.x", "SCRIPT_FILENAME"), "/app/a.x");
    assert_eq!(told("/site/in/b.x", "SCRIPT_FILENAME"), "/inner/b.x");
    assert_eq!(told("/site/a.x", "DOCUMENT_ROOT"), format!("/all{root}/htdocs"));
    assert_eq!(told("/site/a.x/more", "PATH_TRANSLATED"), format!("/all{root}/htdocs/more"));
    assert_eq!(told("/site/a.x/more", "PATH_INFO"), "/more");
    assert_eq!(told("/site/off", "SCRIPT_FILENAME"), format!("{root}/site/off"));
}

#[test]
fn programs_and_hosts_stand_side_by_side() {
    let section = |word: &str| {
        format!(
            "<Location /same>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmArg say\nWasmArg {word}\n</Location>\n"
        )
    };
    let ground = Ground::new(&format!(
        "{}<VirtualHost *:*>\nServerName one\n{}</VirtualHost>\n<VirtualHost *:*>\nServerName two\n{}</VirtualHost>\n<VirtualHost *:*>\nServerName none\n</VirtualHost>\n",
        section("main"),
        section("one"),
        section("two")
    ));
    let server = ground.start();
    assert_eq!(text(&get_at(&server, "one", "/same")), "one\n");
    assert_eq!(text(&get_at(&server, "two", "/same")), "two\n");
    // As httpd merges sections: a host has the main server's too.
    assert_eq!(text(&get_at(&server, "none", "/same")), "main\n");
}

#[test]
fn a_handler_may_be_given_by_a_file_s_name() {
    let own = "<Directory %ROOT%/htdocs>\nAddHandler wasm-handler .do\nWasmModule %PROGRAM%\nWasmEnableCGI On\nWasmMapDir / /\nWasmArg raw\nWasmArg %ROOT%/htdocs/x.do\n</Directory>\n";
    let ground = Ground::new(own);
    ground.file("htdocs/x.do", b"Content-Type: text/x-done\n\ndone\n");
    let server = ground.start();
    let answer = get(&server, "/x.do");
    assert_eq!(text(&answer), "done\n");
    assert_eq!(header(&answer, "Content-Type").as_deref(), Some("text/x-done"));
    assert_eq!(text(&get(&server, "/index.html")), "All is well.\n");
}

#[test]
fn a_path_behind_is_refused_where_it_is_to_be() {
    let ground = Ground::new(&format!(
        "Alias /f %ROOT%/htdocs/index.html\n<Location /f>\n{CGI}WasmArg hello\n</Location>\n<Location /f/no>\nAcceptPathInfo Off\n</Location>\n"
    ));
    let server = ground.start();
    assert_eq!(text(&get(&server, "/f/yes")), "Hello, world!\n");
    assert_eq!(status(&get(&server, "/f/no")), 404);
}

#[test]
fn all_eight_directives_stand_together() {
    // As a configuration for vmware-labs/mod_wasm has them.
    let own = "<Location /eight>\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmEntryPoint _start\nWasmArg env\nWasmEnv OWN value\nWasmDir %ROOT%/htdocs\n\
               WasmMapDir /app %ROOT%/htdocs\nWasmEnableCGI On\nWasmMapCGIFileNames On\n</Location>\n<Location /eight/read>\nWasmArg read\nWasmArg /app/index.html\n</Location>\n\
               <Location /eight/direct>\nWasmArg read\nWasmArg %ROOT%/htdocs/index.html\n</Location>\n";
    let ground = Ground::new(own);
    let server = ground.start();
    let told = text(&get(&server, "/eight?a=b"));
    for line in ["OWN=value", "QUERY_STRING=a=b", "DOCUMENT_ROOT=/app", "SCRIPT_FILENAME=/app/eight"] {
        assert!(told.lines().any(|told| told == line), "no {line} in:\n{told}");
    }
    assert_eq!(text(&get(&server, "/eight/read")), "All is well.\n");
    assert_eq!(text(&get(&server, "/eight/direct")), "All is well.\n");
}
