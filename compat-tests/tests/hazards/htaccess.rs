//! .htaccess files, which anybody may write who may write there: their sections come and go with every request.
use std::fmt::Write;

use compat_tests::client::Connection;
use compat_tests::errorlog::crashes;
use compat_tests::server::{Mpm, Server};

use crate::ground::{Ground, fetch, get, header, private_kilobytes, status};
use crate::mpm;

/// A server whose `/open/` has a .htaccess file, with mod_headers as the guest that ships.
fn open(own: &str) -> (Ground, Server) {
    let ground = Ground::new(mpm());
    let headers = ground.dist("mod_headers.wasm").display().to_string();
    let folder = ground.path("htdocs/open").display().to_string();
    ground.file("htdocs/open/a.txt", b"a\n");
    ground.configure(&format!(
        "WasmApacheModule headers_module \"{headers}\"\n<Directory \"{folder}\">\nAllowOverride All\n</Directory>\n{own}"
    ));
    let server = ground.start();
    (ground, server)
}

/// One child with one thread, so that what it remembers fills up soon.
const SMALL: &str = "
<IfModule !mpm_prefork_module>
    ThreadsPerChild 1
    MaxRequestWorkers 1
    ServerLimit 1
    MinSpareThreads 1
    MaxSpareThreads 1
</IfModule>
<IfModule mpm_prefork_module>
    StartServers 1
    MaxRequestWorkers 1
    MinSpareServers 1
    MaxSpareServers 1
</IfModule>
";

#[test]
fn an_edit_takes_effect_at_once() {
    let (ground, server) = open("");
    let mut connection = Connection::open(server.address()).unwrap();
    for value in ["one", "two", "three", "one", "two"] {
        ground.file("htdocs/open/.htaccess", format!("Header set X-Here {value}\n").as_bytes());
        let answer = get(&mut connection, "/open/a.txt");
        assert_eq!(header(&answer, "X-Here").as_deref(), Some(value));
    }
    ground.file("htdocs/open/.htaccess", b"Header set X-There yes\n");
    let answer = get(&mut connection, "/open/a.txt");
    assert_eq!((header(&answer, "X-Here"), header(&answer, "X-There").as_deref()), (None, Some("yes")));
    std::fs::remove_file(ground.path("htdocs/open/.htaccess")).unwrap();
    assert_eq!(header(&get(&mut connection, "/open/a.txt"), "X-There"), None);
    server.stop().unwrap();
}

#[test]
fn a_broken_one_is_a_500_and_the_child_lives() {
    let (ground, server) = open("");
    for (text, said) in [
        ("Header bake X y\n", "first argument must be"),
        ("Header set X expr=%{bad\n", ""),
        // What belongs into the server's configuration.
        ("WasmApacheModule my_module x.wasm\n", "WasmApacheModule not allowed here"),
        ("<WasmApacheModule my_module x.wasm>\n</WasmApacheModule>\n", "<WasmApacheModule not allowed here"),
        ("WasmCacheDir /tmp\n", "WasmCacheDir not allowed here"),
    ] {
        ground.file("htdocs/open/.htaccess", text.as_bytes());
        let mark = server.mark();
        for _ in 0..2 {
            assert_eq!(status(&fetch(&server, "/open/a.txt")), 500, "{text}");
        }
        let log = server.log_since(mark).unwrap();
        let place = ground.path("htdocs/open/.htaccess").display().to_string();
        assert!(log.contains(&format!("{place}: {said}")), "{text}: {log}");
        assert_eq!(status(&fetch(&server, "/index.html")), 200);
    }
    ground.file("htdocs/open/.htaccess", b"Header set X-Here fine\n");
    assert_eq!(header(&fetch(&server, "/open/a.txt"), "X-Here").as_deref(), Some("fine"));
    assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new());
    server.stop().unwrap();
}

#[test]
fn thousands_of_different_ones_do_not_fill_the_child() {
    let (ground, server) = open(SMALL);
    let mut private = Vec::new();
    let place = ground.path("htdocs/open/.htaccess");
    for round in 0..4 {
        for i in 0..1_500 {
            let value = round * 1_500 + i;
            // A new file each time costs too much; the content is what counts.
            std::fs::write(
                &place,
                format!("Header set X-Number {value}\nHeader edit X-Number ^(.*)$ \"$1 is {value}\"\n"),
            )
            .unwrap();
            // A connection each: event closes those that are kept alive while its only worker is busy.
            let answer = fetch(&server, "/open/a.txt");
            assert_eq!(header(&answer, "X-Number"), Some(format!("{value} is {value}")), "{}", answer.render());
        }
        private.push(private_kilobytes(server.children()[0]));
    }
    // After the second round all that is ever remembered is full; an instance more or less makes 3 MB.
    assert!(private[3] < private[1] + 4_000, "private kilobytes after each 1,500: {private:?}");
    println!("private kilobytes after each 1,500: {private:?}");
    server.stop().unwrap();
}

#[test]
fn very_long_ones_use_up_neither_stack_nor_memory() {
    let (ground, server) = open(SMALL);
    let child = server.children();
    let mut long = String::new();
    for i in 0..50_000 {
        let _ = writeln!(long, "Header set X-Line {i}");
    }
    ground.file("htdocs/open/.htaccess", long.as_bytes());
    for _ in 0..2 {
        let answer = fetch(&server, "/open/a.txt");
        assert_eq!(header(&answer, "X-Line").as_deref(), Some("49999"), "{}", answer.render());
    }
    let mut nested = String::new();
    for i in 0..20_000 {
        let _ = writeln!(nested, "<Files a.txt>\nHeader set X-Section {i}\n</Files>");
    }
    ground.file("htdocs/open/.htaccess", nested.as_bytes());
    for _ in 0..2 {
        let answer = fetch(&server, "/open/a.txt");
        assert!(matches!(status(&answer), 200 | 500), "{}", answer.render());
        if status(&answer) == 200 {
            assert_eq!(header(&answer, "X-Section").as_deref(), Some("19999"));
        }
    }
    ground.file("htdocs/open/.htaccess", b"Header set X-Here again\n");
    assert_eq!(header(&fetch(&server, "/open/a.txt"), "X-Here").as_deref(), Some("again"));
    assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new());
    if mpm() != Mpm::Prefork {
        assert_eq!(server.children(), child);
    }
    server.stop().unwrap();
}

#[test]
fn how_many_instances_there_are_is_not_for_a_file_to_say() {
    let (ground, server) = open("");
    ground.file("htdocs/open/.htaccess", b"WasmScope server 5000 10000\n");
    assert_eq!(status(&fetch(&server, "/open/a.txt")), 500);
    assert!(
        ground
            .site
            .error_log_text()
            .contains("WasmScope: how many instances there are is not for a .htaccess file to say")
    );
    ground.file("htdocs/open/.htaccess", b"WasmScope request\n");
    assert_eq!(status(&fetch(&server, "/open/a.txt")), 200);
    server.stop().unwrap();
}
