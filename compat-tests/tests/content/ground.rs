//! A server whose content comes from WASI programs: what it has beside the server of `hazards`, and one request at a time.
use std::ops::Deref;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use compat_tests::answer::Answer;
use compat_tests::client::Connection;
use compat_tests::server::{Mpm, Server};

use crate::hazard;
pub use crate::hazard::{header, status};

/// Httpd's modules of which programs are judged by, or that a program's output goes through.
const MODULES: &str = r#"
LoadModule alias_module modules/mod_alias.so
LoadModule include_module modules/mod_include.so
LoadModule cgid_module modules/mod_cgid.so
ScriptSock "%ROOT%/run/cgisock"
"#;

/// A server's directory.
pub struct Ground(hazard::Ground);

impl Deref for Ground {
    type Target = hazard::Ground;

    fn deref(&self) -> &hazard::Ground {
        &self.0
    }
}

impl Ground {
    /// A server with these lines; `%PROGRAM%` is the program that does what it is told.
    pub fn new(own: &str) -> Ground {
        let ground = Ground(hazard::Ground::new(Mpm::from_env().unwrap()));
        ground.configure(own);
        ground
    }

    /// Writes the config: the base, mod_wasm, and these lines.
    pub fn configure(&self, own: &str) {
        let root = self.root.path().display().to_string();
        let own = own.replace("%PROGRAM%", &self.dist("program.wasm").display().to_string());
        self.configure_with(
            &[MODULES, &self.preamble()].concat().replace("%ROOT%", &root),
            &own.replace("%ROOT%", &root),
        );
    }

    /// A folder in which the server's user can write.
    pub fn open_folder(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(&path).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o777)).unwrap();
        path
    }

    /// The interpreter of a language as `LANGUAGE.wasm`, and its script that answers a form in `app/`.
    pub fn interpreter(&self, language: &str, script: &str) {
        let file = format!("{language}.wasm");
        let built = self.dist(&file);
        std::fs::copy(&built, self.path(&file))
            .unwrap_or_else(|e| panic!("{}: {e}; scripts/build interpreters makes it", built.display()));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("interpreters").join(language).join(script);
        self.file(&format!("app/{script}"), &std::fs::read(source).unwrap());
    }

    /// A program in WebAssembly text.
    pub fn program(&self, name: &str, wat: &str) -> PathBuf {
        self.file(name, &hazard::binary(wat))
    }
}

/// One request, as it is written, and its answer, on a connection of its own.
pub fn ask(server: &Server, request: &[u8]) -> Answer {
    let mut connection = Connection::open(server.address()).unwrap();
    connection.send(request).unwrap();
    let head = request.starts_with(b"HEAD");
    connection.receive(head).unwrap_or_else(|e| panic!("{}: {e:#}", String::from_utf8_lossy(request)))
}

/// A GET of a path.
pub fn get(server: &Server, path: &str) -> Answer {
    hazard::fetch(server, path)
}

/// A GET of `/form`, the first after something was done, is answered before so much time has gone by.
pub fn first_answer(server: &Server, after: &str, most: Duration) {
    let mut connection = Connection::open(server.address()).unwrap();
    let began = Instant::now();
    connection.send(b"GET /form HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    assert_eq!(status(&connection.receive(false).unwrap()), 200);
    let took = began.elapsed();
    println!("the first answer after {after} took {took:?}");
    assert!(took < most, "{took:?} after {after}");
}

/// A GET of a path of a host.
pub fn get_at(server: &Server, host: &str, path: &str) -> Answer {
    ask(server, format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())
}

/// A POST of a body.
pub fn post(server: &Server, path: &str, body: &str) -> Answer {
    hazard::post(&mut Connection::open(server.address()).unwrap(), path, body)
}

/// The body of a good answer, as text.
pub fn text(answer: &Answer) -> String {
    assert_eq!(status(answer), 200, "{}", answer.render());
    String::from_utf8_lossy(&answer.body).into_owned()
}

/// The log since a mark, once it holds `words`.
pub fn log_with(server: &Server, mark: u64, words: &str) -> String {
    let log = hazard::log_with(server, mark, &[words]);
    assert!(log.contains(words), "no {words:?} in:\n{log}");
    log
}
