//! A real server with guests made for the test: where a test stands, what it sends and what it reads from the logs.
//! It knows what a guest's text is made of, and nothing of what a failure should look like.
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use compat_tests::answer::Answer;
use compat_tests::client::Connection;
#[allow(unused_imports, reason = "not all tests that share this file ask for all of it")]
pub use compat_tests::guest::{assemble, binary, guests, text};
use compat_tests::memcheck::patience;
#[allow(unused_imports, reason = "as above")]
pub use compat_tests::process::private_kilobytes;
use compat_tests::server::{Mpm, Server, Site, free_port, modules};
use compat_tests::swap::Swap;
use tempfile::TempDir;

/// A server's directory, and the config that it will be started with.
pub struct Ground {
    pub root: TempDir,
    pub site: Site,
    mpm: Mpm,
    swap: Swap,
}

/// The config that every server here shares; `%MPM%` and so on are replaced.
const BASE: &str = r#"
ServerRoot "%ROOT%"
ServerName localhost
Listen 127.0.0.1:%PORT%
PidFile "%ROOT%/httpd.pid"
DefaultRuntimeDir "%ROOT%/run"
ErrorLog "%ROOT%/error.log"
LogLevel info
Timeout %TIMEOUT%
KeepAliveTimeout 10
MaxKeepAliveRequests 0
LoadModule mpm_%MPM%_module modules/mod_mpm_%MPM%.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule dir_module modules/mod_dir.so
LoadModule mime_module modules/mod_mime.so
User www-data
Group www-data
StartServers 1
<IfModule !mpm_prefork_module>
    ThreadsPerChild 8
    ThreadLimit 8
    ServerLimit 4
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
AddType text/plain .txt
DocumentRoot "%ROOT%/htdocs"
DirectoryIndex index.html
LogFormat "%P %>s %m %U%q" hazards
CustomLog "%ROOT%/access.log" hazards
<Directory />
    AllowOverride None
    Require all granted
</Directory>
"#;

/// What `/index.html` says.
pub const INDEX: &str = "All is well.\n";

impl Ground {
    /// A new directory with `htdocs/index.html`, the same as `htdocs/plain`, `htdocs/quiet.txt` and `htdocs/long.txt` (1 MB).
    pub fn new(mpm: Mpm) -> Ground {
        let root = tempfile::Builder::new().prefix("hazard-").tempdir_in("/tmp").unwrap();
        std::fs::set_permissions(root.path(), PermissionsExt::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink(modules(), root.path().join("modules")).unwrap();
        let site = Site::at(root.path(), free_port().unwrap());
        let swap = Swap::new(["headers_module"]);
        swap.make_cache().unwrap();
        let mut ground = Ground { root, site, mpm, swap };
        if std::env::var_os("COMPAT_KEEP").is_some() {
            ground.root.disable_cleanup(true);
            eprintln!("{}", ground.root.path().display());
        }
        ground.file("run/.keep", b"");
        ground.file("htdocs/index.html", INDEX.as_bytes());
        ground.file("htdocs/plain", INDEX.as_bytes());
        ground.file("htdocs/quiet.txt", b"quiet\n");
        ground.file("htdocs/long.txt", "0123456789abcdef".repeat(65_536).as_bytes());
        ground
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Writes a file that the server's user can read, replacing it whole.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        let parent = path.parent().unwrap();
        std::fs::create_dir_all(parent).unwrap();
        std::fs::set_permissions(parent, PermissionsExt::from_mode(0o755)).unwrap();
        let part = path.with_extension("part");
        std::fs::write(&part, bytes).unwrap();
        std::fs::rename(&part, &path).unwrap();
        path
    }

    /// Writes a guest and gives its `WasmApacheModule` line.
    pub fn module(&self, name: &str, wasm: &[u8]) -> String {
        self.file(&format!("{name}.wasm"), wasm);
        format!("WasmApacheModule {name}_module {name}.wasm\n")
    }

    /// The same with settings.
    pub fn module_with(&self, name: &str, wasm: &[u8], settings: &str) -> String {
        self.file(&format!("{name}.wasm"), wasm);
        format!("<WasmApacheModule {name}_module {name}.wasm>\n{settings}\n</WasmApacheModule>\n")
    }

    /// A guest that ships, from `dist/`.
    pub fn dist(&self, name: &str) -> PathBuf {
        self.swap.dist.join(name)
    }

    /// Writes the config: the base, mod_wasm, and `own.conf` with these lines.
    pub fn configure(&self, own: &str) -> &Ground {
        self.configure_with(&self.preamble(), own)
    }

    /// How mod_wasm is loaded, unless a test says otherwise.
    pub fn preamble(&self) -> String {
        self.swap.preamble()
    }

    /// The same with another way to load mod_wasm.
    pub fn configure_with(&self, preamble: &str, own: &str) -> &Ground {
        let base = BASE
            .replace("%ROOT%", &self.root.path().display().to_string())
            .replace("%PORT%", &self.site.port.to_string())
            .replace("%TIMEOUT%", &patience(Duration::from_secs(20)).as_secs().to_string())
            .replace("%MPM%", self.mpm.name());
        self.file("httpd.conf", format!("{base}\n{preamble}\nInclude own.conf\n").as_bytes());
        self.file("own.conf", own.as_bytes());
        self
    }

    /// `LoadModule wasm_module` and no more.
    pub fn load_mod_wasm(&self) -> String {
        format!("LoadModule wasm_module \"{}\"\n", self.dist("mod_wasm.so").display())
    }

    /// Starts the server.
    pub fn start(&self) -> Server {
        Server::start(&self.site).unwrap()
    }

    /// The first line that httpd printed for `-t`, and whether it failed with status 1 as for any bad config.
    pub fn refusal(&self) -> String {
        let outcome = self.site.config_test().unwrap();
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        let root = self.root.path().display().to_string();
        let said = outcome.stderr.replace(&root, "ROOT");
        said.lines().filter(|line| !line.starts_with("[")).collect::<Vec<_>>().join("\n")
    }

    /// Process and request of every request so far, from the access log.
    pub fn served(&self) -> Vec<(i32, String)> {
        let log = std::fs::read_to_string(self.path("access.log")).unwrap_or_default();
        log.lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(pid, rest)| (pid.parse().unwrap(), rest.to_owned()))
            .collect()
    }

    /// The processes that served a request, by its end as the access log shows it.
    pub fn processes(&self, request: &str) -> BTreeSet<i32> {
        self.served().into_iter().filter(|(_, line)| line.ends_with(request)).map(|(pid, _)| pid).collect()
    }
}

impl Drop for Ground {
    /// What the server said last stands beside a test that failed, and what its threads were doing.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let log = self.site.error_log_text();
        let lines: Vec<_> = log.lines().collect();
        eprintln!("the last lines of {}:", self.site.error_log.display());
        lines.iter().skip(lines.len().saturating_sub(40)).for_each(|line| eprintln!("  {line}"));
    }
}

/// The threads of a server's processes: state, and the system call that each waits in.
pub fn threads_of(parent: i32) -> String {
    let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    let mut told = String::new();
    for pid in std::iter::once(parent).chain(children.split_whitespace().filter_map(|pid| pid.parse().ok())) {
        for task in std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten() {
            let read =
                |name: &str| std::fs::read_to_string(task.path().join(name)).unwrap_or_default().trim().to_owned();
            let state =
                read("stat").rsplit_once(") ").map_or(String::new(), |(_, rest)| rest.chars().take(1).collect());
            let (name, at, call) = (read("comm"), read("wchan"), read("syscall"));
            told += &format!("  {pid} {} {name}: {state} {at} {call}\n", task.file_name().to_string_lossy());
        }
    }
    told
}

/// One request and its answer on a connection.
pub fn get(connection: &mut Connection, target: &str) -> Answer {
    connection.send(format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes()).unwrap();
    connection.receive(false).unwrap_or_else(|e| panic!("GET {target}: {e:#}"))
}

/// How long an answer may take. Under mpm_worker native httpd too answers nobody for two seconds at each graceful restart
/// (the old child's place is given to the next by a maintenance that runs once a second), and longer on a busy machine: see
/// docs/reliability.md.
const PATIENCE: Duration = Duration::from_secs(60);

/// One request on a connection of its own.
pub fn fetch(server: &Server, target: &str) -> Answer {
    let mut connection = Connection::open_with(server.address(), patience(PATIENCE)).unwrap();
    connection.send(format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes()).unwrap();
    connection.receive(false).unwrap_or_else(|e| panic!("GET {target}: {e:#}\n{}", threads_of(server.pid())))
}

/// A POST with a body.
pub fn post(connection: &mut Connection, target: &str, body: &str) -> Answer {
    let length = body.len();
    let head = format!("POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{body}");
    connection.send(head.as_bytes()).unwrap();
    connection.receive(false).unwrap_or_else(|e| panic!("POST {target}: {e:#}"))
}

/// The status of an answer.
pub fn status(answer: &Answer) -> u16 {
    answer.head.code().unwrap_or(0)
}

/// A header's value as text.
pub fn header(answer: &Answer, name: &str) -> Option<String> {
    answer.head.values(name).next().map(|value| String::from_utf8_lossy(value).into_owned())
}

/// The lines of a log that hold every one of these words.
pub fn lines_with<'l>(log: &'l str, words: &[&str]) -> Vec<&'l str> {
    log.lines().filter(|line| words.iter().all(|word| line.contains(word))).collect()
}

/// The log since a mark, once it holds `words`; waits up to 10 s, since some lines follow the answer.
pub fn log_with(server: &Server, mark: u64, words: &[&str]) -> String {
    let began = Instant::now();
    loop {
        let log = server.log_since(mark).unwrap();
        if !lines_with(&log, words).is_empty() || began.elapsed() > patience(Duration::from_secs(10)) {
            return log;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Waits until `done` says so, at most `seconds`.
pub fn wait(seconds: u64, what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < patience(Duration::from_secs(seconds)), "after {seconds} s still not: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Someone else who uses the server meanwhile: every answer has to be right.
pub struct Bystander {
    stop: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
    /// Gives how long the slowest answer took.
    thread: Option<JoinHandle<Duration>>,
}

impl Bystander {
    /// Asks for `/quiet.txt` again and again, by one connection per request.
    pub fn at(server: &Server) -> Bystander {
        Bystander::asking(server, "Connection: close\r\n")
    }

    /// The same by one connection for all requests.
    pub fn who_stays(server: &Server) -> Bystander {
        Bystander::asking(server, "")
    }

    fn asking(server: &Server, headers: &'static str) -> Bystander {
        let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (address, pid, stopped, count) = (server.address(), server.pid(), stop.clone(), asked.clone());
        let thread = std::thread::spawn(move || {
            let (mut slowest, mut kept) = (Duration::ZERO, None);
            while !stopped.load(Ordering::Relaxed) {
                let began = Instant::now();
                let mut connection =
                    kept.take().unwrap_or_else(|| Connection::open_with(address, patience(PATIENCE)).unwrap());
                connection
                    .send(format!("GET /quiet.txt HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").as_bytes())
                    .unwrap();
                let answer = connection
                    .receive(false)
                    .unwrap_or_else(|e| panic!("a bystander got no answer: {e:#}\n{}", threads_of(pid)));
                assert_eq!(answer.body, b"quiet\n", "a bystander got {}", answer.render());
                kept = headers.is_empty().then_some(connection);
                count.fetch_add(1, Ordering::Relaxed);
                slowest = slowest.max(began.elapsed());
                std::thread::sleep(Duration::from_millis(2));
            }
            slowest
        });
        Bystander { stop, asked, thread: Some(thread) }
    }

    /// How many answers there were so far.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// Stops, and gives the number of answers, all of them right.
    pub fn done(mut self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        let slowest = self.thread.take().unwrap().join().unwrap_or_else(|e| std::panic::resume_unwind(e));
        println!("a bystander's slowest answer took {slowest:?}");
        self.asked()
    }
}

/// Someone whose request is in the midst of its work: a program that has a part of a body and waits for the rest.
pub struct Held(Connection);

impl Held {
    /// The lines that such a program needs.
    pub fn config(ground: &Ground) -> String {
        let program = ground.dist("program.wasm").display().to_string();
        format!("<Location /held>\nSetHandler wasm-handler\nWasmModule \"{program}\"\nWasmArg echo\n</Location>\n")
    }

    /// Sends a part of the body.
    pub fn at(server: &Server) -> Held {
        let mut connection = Connection::open_with(server.address(), patience(PATIENCE)).unwrap();
        connection.send(b"POST /held HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\nthe ").unwrap();
        Held(connection)
    }

    /// Sends the rest: all of it has to come back.
    pub fn done(mut self) {
        self.0.send(b"rest").unwrap();
        let answer =
            self.0.receive(false).unwrap_or_else(|e| panic!("who was in the midst of it got no answer: {e:#}"));
        assert_eq!((status(&answer), &answer.body[..]), (200, &b"the rest"[..]), "{}", answer.render());
    }
}
