//! What a .htaccess file may say: what AllowOverride lets it, and never which files the server opens.
use crate::ground::{Ground, get, log_with, status, text};

fn ground(allow: &str) -> Ground {
    let ground = Ground::new(&format!(
        "<Directory %ROOT%/htdocs/u>\n{allow}\nSetHandler wasm-handler\nWasmModule %PROGRAM%\nWasmArg env\nWasmEnv A server\n</Directory>\n"
    ));
    ground.file("htdocs/u/x", b"");
    ground
}

#[test]
fn options_let_it_say_what_the_program_is_told() {
    let ground = ground("AllowOverride Options");
    let server = ground.start();
    assert_eq!(text(&get(&server, "/u/x")), "A=server\n");
    ground.file("htdocs/u/.htaccess", b"WasmEnv A file\nWasmEnv B file\n");
    assert_eq!(text(&get(&server, "/u/x")), "A=file\nB=file\n");
    ground.file("htdocs/u/.htaccess", b"WasmEnableCGI On\n");
    assert!(text(&get(&server, "/u/x")).contains("REQUEST_METHOD=GET\n"));
    ground.file("htdocs/u/.htaccess", b"WasmArg say\nWasmArg changed\n");
    assert_eq!(text(&get(&server, "/u/x")), "changed\n");
}

#[test]
fn nothing_is_let_by_default() {
    let ground = ground("AllowOverride FileInfo AuthConfig Limit Indexes");
    let server = ground.start();
    for line in ["WasmEnv A file", "WasmArg say", "WasmEnableCGI On", "WasmEntryPoint x", "WasmMapCGIFileNames On"] {
        ground.file("htdocs/u/.htaccess", format!("{line}\n").as_bytes());
        let mark = server.mark();
        assert_eq!(status(&get(&server, "/u/x")), 500);
        log_with(&server, mark, " not allowed here");
    }
}

#[test]
fn files_of_the_server_are_not_its_to_open() {
    let ground = ground("AllowOverride All");
    let server = ground.start();
    for line in ["WasmDir /etc", "WasmMapDir /e /etc", "WasmModule %P%", "WasmTimeLimit 1h", "WasmMemoryLimit 4G"] {
        let program = ground.dist("program.wasm").display().to_string();
        ground.file("htdocs/u/.htaccess", format!("{}\n", line.replace("%P%", &program)).as_bytes());
        let mark = server.mark();
        assert_eq!(status(&get(&server, "/u/x")), 500, "{line}");
        log_with(&server, mark, " not allowed here");
    }
}

#[test]
fn the_administrator_may_name_what_is_let() {
    let ground = ground("AllowOverride None\nAllowOverrideList WasmModule WasmMapDir WasmArg");
    ground.file("data/f", b"from a mapped directory\n");
    let server = ground.start();
    let root = ground.root.path().display().to_string();
    let program = ground.dist("program.wasm").display().to_string();
    ground.file(
        "htdocs/u/.htaccess",
        format!("WasmModule {program}\nWasmMapDir /d {root}/data\nWasmArg read\nWasmArg /d/f\n").as_bytes(),
    );
    assert_eq!(text(&get(&server, "/u/x")), "from a mapped directory\n");
    // But nothing that the server hasn't loaded.
    std::fs::copy(&program, ground.path("htdocs/u/own.wasm")).unwrap();
    ground.file("htdocs/u/.htaccess", format!("WasmModule {root}/htdocs/u/own.wasm\n").as_bytes());
    let mark = server.mark();
    assert_eq!(status(&get(&server, "/u/x")), 500);
    log_with(
        &server,
        mark,
        "WasmModule in a .htaccess file takes a program that the server's configuration has loaded",
    );
}
