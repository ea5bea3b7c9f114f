//! A real server whose content comes from WASI programs: where it stands, what is sent, what is read from its log.
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use compat_tests::answer::Answer;
use compat_tests::client::Connection;
use compat_tests::server::{Mpm, Outcome, Server, Site, free_port, modules};
use compat_tests::swap::Swap;
use tempfile::TempDir;

const BASE: &str = r#"
ServerRoot "%ROOT%"
ServerName localhost
Listen 127.0.0.1:%PORT%
PidFile "%ROOT%/httpd.pid"
DefaultRuntimeDir "%ROOT%/run"
ErrorLog "%ROOT%/error.log"
LogLevel info
Timeout 20
KeepAliveTimeout 10
MaxKeepAliveRequests 0
LoadModule mpm_%MPM%_module modules/mod_mpm_%MPM%.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule alias_module modules/mod_alias.so
LoadModule dir_module modules/mod_dir.so
LoadModule include_module modules/mod_include.so
LoadModule mime_module modules/mod_mime.so
LoadModule cgid_module modules/mod_cgid.so
ScriptSock "%ROOT%/run/cgisock"
User www-data
Group www-data
StartServers 1
<IfModule !mpm_prefork_module>
    ThreadsPerChild 8
    ThreadLimit 8
    ServerLimit 2
    MaxRequestWorkers 8
    MinSpareThreads 1
    MaxSpareThreads 8
</IfModule>
<IfModule mpm_prefork_module>
    StartServers 4
    ServerLimit 6
    MaxRequestWorkers 6
    MinSpareServers 1
    MaxSpareServers 6
</IfModule>
TypesConfig /dev/null
AddType text/html .html
DocumentRoot "%ROOT%/htdocs"
DirectoryIndex index.html
<Directory />
    AllowOverride None
    Require all granted
</Directory>
"#;

/// A server's directory.
pub struct Ground {
    pub root: TempDir,
    pub site: Site,
    swap: Swap,
}

impl Ground {
    /// A server with these lines; `%PROGRAM%` is the program that does what it is told.
    pub fn new(own: &str) -> Ground {
        let root = tempfile::Builder::new().prefix("content-").tempdir_in("/tmp").unwrap();
        std::fs::set_permissions(root.path(), PermissionsExt::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink(modules(), root.path().join("modules")).unwrap();
        let site = Site::at(root.path(), free_port().unwrap());
        let swap = Swap::new(Vec::<String>::new());
        swap.make_cache().unwrap();
        let mut ground = Ground { root, site, swap };
        if std::env::var_os("COMPAT_KEEP").is_some() {
            ground.root.disable_cleanup(true);
            eprintln!("{}", ground.root.path().display());
        }
        ground.file("run/.keep", b"");
        ground.file("htdocs/index.html", b"All is well.\n");
        ground.configure(own);
        ground
    }

    /// Writes the config: the base, mod_wasm, and these lines.
    pub fn configure(&self, own: &str) {
        let base = BASE.replace("%MPM%", Mpm::from_env().unwrap().name()).replace("%PORT%", &self.site.port.to_string());
        let program = self.dist("program.wasm").display().to_string();
        let all = format!("{base}\n{}\nInclude own.conf\n", self.swap.preamble());
        self.file("httpd.conf", all.replace("%ROOT%", &self.root.path().display().to_string()).as_bytes());
        let own = own.replace("%ROOT%", &self.root.path().display().to_string()).replace("%PROGRAM%", &program);
        self.file("own.conf", own.as_bytes());
    }

    /// A guest that scripts/build has made.
    pub fn dist(&self, name: &str) -> PathBuf {
        self.swap.dist.join(name)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Writes a file that the server's user can read.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        let parent = path.parent().unwrap();
        std::fs::create_dir_all(parent).unwrap();
        std::fs::set_permissions(parent, PermissionsExt::from_mode(0o755)).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// A folder in which the server's user can write.
    pub fn open_folder(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(&path).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o777)).unwrap();
        path
    }

    /// A program in WebAssembly text.
    pub fn program(&self, name: &str, wat: &str) -> PathBuf {
        self.file(name, &wat::parse_str(wat).unwrap_or_else(|e| panic!("{e}\n{wat}")))
    }

    pub fn start(&self) -> Server {
        Server::start(&self.site).unwrap()
    }

    /// What httpd says of a config that it refuses.
    pub fn refusal(&self) -> String {
        let Outcome { code, stderr, .. } = self.site.config_test().unwrap();
        assert_eq!(code, Some(1), "{stderr}");
        stderr.replace(&self.root.path().display().to_string(), "ROOT")
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
    get_at(server, "localhost", path)
}

/// A GET of a path of a host.
pub fn get_at(server: &Server, host: &str, path: &str) -> Answer {
    ask(server, format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())
}

/// A POST of a body.
pub fn post(server: &Server, path: &str, body: &str) -> Answer {
    ask(server, format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes())
}

/// The body of a good answer, as text.
pub fn text(answer: &Answer) -> String {
    assert_eq!(status(answer), 200, "{}", answer.render());
    String::from_utf8_lossy(&answer.body).into_owned()
}

pub fn status(answer: &Answer) -> u16 {
    answer.head.code().unwrap_or(0)
}

/// The first value of a header.
pub fn header(answer: &Answer, name: &str) -> Option<String> {
    answer.head.values(name).next().map(|value| String::from_utf8_lossy(value).into_owned())
}

/// The log since a mark, once it holds `words`; waits up to 10 s.
pub fn log_with(server: &Server, mark: u64, words: &str) -> String {
    let began = Instant::now();
    loop {
        let log = server.log_since(mark).unwrap();
        if log.contains(words) || began.elapsed() > Duration::from_secs(10) {
            assert!(log.contains(words), "no {words:?} in:\n{log}");
            return log;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The most memory that a process ever had, in KiB.
pub fn peak_kib(pid: i32) -> u64 {
    let status = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
