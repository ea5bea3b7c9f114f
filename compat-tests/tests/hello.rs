//! The examples examples/hello and examples/hello_c on a real httpd: their directive in each place, their hook, their
//! filter. Both are held to the same.

use anyhow::Result;
use compat_tests::answer::Answer;
use compat_tests::client::Connection;
use compat_tests::process::peak_kilobytes;
use compat_tests::server::{Mpm, Server, Site, free_port, modules};
use compat_tests::swap::Swap;
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

/// The config of the example in each language.
const EXAMPLES: [&str; 2] =
    [include_str!("../../examples/hello/hello.conf"), include_str!("../../examples/hello_c/hello_c.conf")];

/// A server with an example's config, and the folder that it runs in.
fn server(example: &str) -> Result<(TempDir, Server)> {
    let dir = TempDir::with_prefix("hello-")?;
    let root = dir.path();
    std::fs::set_permissions(root, std::fs::Permissions::from_mode(0o755))?;
    std::fs::create_dir_all(root.join("htdocs/inner"))?;
    std::fs::create_dir_all(root.join("htdocs/loud"))?;
    std::fs::create_dir_all(root.join("htdocs/greeted"))?;
    for name in ["index.html", "inner/index.html", "loud/index.html", "greeted/index.html"] {
        std::fs::write(root.join("htdocs").join(name), "Hello, Wörld\n")?;
    }
    let site = Site::at(root, free_port()?);
    std::fs::write(&site.conf, config(&site, example)?)?;
    let server = Server::start(&site)?;
    Ok((dir, server))
}

fn config(site: &Site, example: &str) -> Result<String> {
    let swap = Swap::new(["hello_module"]);
    swap.make_cache()?;
    let load = |name: &str| format!("LoadModule {name}_module {}/mod_{name}.so\n", modules().display());
    Ok([
        load(&format!("mpm_{}", Mpm::from_env()?.name())),
        load("authz_core"),
        load("dir"),
        format!(
            "ServerName localhost\nListen 127.0.0.1:{}\nPidFile \"{}\"\nErrorLog \"{}\"\nUser www-data\nGroup www-data\nDocumentRoot \"{}/htdocs\"\n",
            site.port,
            site.pid_file.display(),
            site.error_log.display(),
            site.root.display()
        ),
        example
            .replace("${dist}", &swap.dist.display().to_string())
            .replace("${root}", &site.root.display().to_string())
            .replace("WasmApacheModule", &format!("WasmCacheDir \"{}\"\nWasmApacheModule", swap.cache.display())),
    ]
    .concat())
}

fn get(server: &Server, method: &str, path: &str) -> Result<Answer> {
    let mut connection = Connection::open(server.address())?;
    connection.send(format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes())?;
    connection.receive(method == "HEAD")
}

fn greeting(answer: &Answer) -> Option<String> {
    answer.head.values("X-Hello").next().map(|value| String::from_utf8_lossy(value).into_owned())
}

#[test]
fn the_directive_holds_where_it_stands() -> Result<()> {
    for example in EXAMPLES {
        let (_dir, server) = server(example)?;
        assert_eq!(greeting(&get(&server, "GET", "/index.html")?).as_deref(), Some("Hi from the server"));
        assert_eq!(greeting(&get(&server, "GET", "/inner/index.html")?).as_deref(), Some("Hi from the directory"));
        assert_eq!(greeting(&get(&server, "HEAD", "/inner/index.html")?).as_deref(), Some("Hi from the directory"));
    }
    Ok(())
}

#[test]
fn a_htaccess_file_says_it_for_its_folder() -> Result<()> {
    for example in EXAMPLES {
        let (dir, server) = server(example)?;
        let file = dir.path().join("htdocs/inner/.htaccess");
        for text in ["Hi from the file", "Hi from the edited file"] {
            std::fs::write(&file, format!("HelloGreeting \"{text}\"\n"))?;
            assert_eq!(greeting(&get(&server, "GET", "/inner/index.html")?).as_deref(), Some(text));
        }
        std::fs::write(&file, "HelloGreeting\n")?;
        let mark = server.mark();
        assert_eq!(get(&server, "GET", "/inner/index.html")?.head.code(), Some(500));
        let log = server.log_since(mark)?;
        assert!(log.contains("HelloGreeting takes one argument, what the answers say"), "{log}");
        std::fs::remove_file(&file)?;
        assert_eq!(get(&server, "GET", "/inner/index.html")?.head.code(), Some(200));
    }
    Ok(())
}

#[test]
fn the_filter_changes_bodies_where_it_is_asked_for() -> Result<()> {
    for example in EXAMPLES {
        let (_dir, server) = server(example)?;
        assert_eq!(get(&server, "GET", "/index.html")?.body, "Hello, Wörld\n".as_bytes());
        assert_eq!(get(&server, "GET", "/loud/index.html")?.body, "HELLO, WöRLD\n".as_bytes());
        assert!(get(&server, "HEAD", "/loud/index.html")?.body.is_empty());
    }
    Ok(())
}

#[test]
fn httpd_lists_the_module_and_its_directive() -> Result<()> {
    for example in EXAMPLES {
        let (_dir, server) = server(example)?;
        let said = |argument: &str| server.site().run(&[argument]).map(|outcome| outcome.stdout + &outcome.stderr);
        assert!(said("-t")?.contains("Syntax OK"));
        assert!(said("-M")?.contains(" hello_module (shared)"));
        let directives = said("-L")?;
        let (_, listed) = directives.split_once("HelloGreeting (mod_hello.c)").expect("-L lists the directive");
        assert!(listed.lines().take(3).any(|line| line.contains("what the answers say")), "{listed}");
    }
    Ok(())
}

/// What hello_script.c adds to the example in C.
#[test]
fn a_script_in_c_answers_changes_headers_and_counts() -> Result<()> {
    let (dir, server) = server(EXAMPLES[1])?;
    let ask = |request: &str| -> Result<Answer> {
        let mut connection = Connection::open(server.address())?;
        connection.send(request.as_bytes())?;
        connection.receive(false)
    };
    let page = ask("GET /page/one HTTP/1.1\r\nHost: localhost\r\nX-Name: you\r\n\r\n")?;
    assert_eq!(String::from_utf8_lossy(&page.body), "Hello, you, from /page/one\n");
    assert_eq!(page.head.values("Content-Type").next(), Some(&b"text/plain"[..]));
    let page = get(&server, "GET", "/page")?;
    assert_eq!(String::from_utf8_lossy(&page.body), "Hello, whoever you are, from /page\n");
    let greeted = get(&server, "GET", "/greeted/index.html")?;
    assert_eq!(greeted.head.values("X-Script").next(), Some(&b"Hi from a script"[..]));
    assert_eq!(greeting(&greeted).as_deref(), Some("Hi from the server"));
    assert_eq!(String::from_utf8_lossy(&greeted.body), "Hello, Wörld\n14 bytes\n");
    // Each body is counted by itself, and in more than one piece.
    std::fs::write(dir.path().join("htdocs/greeted/long"), vec![b'x'; 3 << 20])?;
    for _ in 0..2 {
        assert!(get(&server, "GET", "/greeted/long")?.body.ends_with(b"x3145728 bytes\n"));
    }
    Ok(())
}

#[test]
fn a_long_body_passes_through_the_filter_in_little_memory() -> Result<()> {
    for example in EXAMPLES {
        let (dir, server) = server(example)?;
        let long: Vec<u8> = b"abcdefghijklmnop".repeat(4 << 20);
        std::fs::write(dir.path().join("htdocs/loud/long"), &long)?;
        let answer = get(&server, "GET", "/loud/long")?;
        assert_eq!(answer.body.len(), long.len());
        assert!(answer.body == long.to_ascii_uppercase());
        let peak = server.children().iter().map(|pid| peak_kilobytes(*pid)).max().unwrap_or(0);
        assert!(peak < 96 << 10, "a child used {peak} KiB for a body of 64 MiB");
    }
    Ok(())
}
