//! A real, daemonized httpd in a directory of its own: started, tested, asked to reload and stopped;
//! it knows processes and sockets, and nothing of what the config says.
use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::memcheck::{self, patience};

/// How long a server may take to start or to restart.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long it may take to stop.
const PATIENCE_AT_THE_END: Duration = Duration::from_secs(20);

/// Which server answers: httpd with its own modules, or with Wasm guests in their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// `LoadModule headers_module …/mod_headers.so`
    Native,
    /// `WasmApacheModule headers_module …/mod_headers.wasm`
    Wasm,
}

impl Flavour {
    /// `native` or `wasm`.
    pub fn name(self) -> &'static str {
        match self {
            Flavour::Native => "native",
            Flavour::Wasm => "wasm",
        }
    }
}

/// httpd's multi-processing modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mpm {
    /// mpm_event_module
    Event,
    /// mpm_worker_module
    Worker,
    /// mpm_prefork_module
    Prefork,
}

impl Mpm {
    /// From the environment variable `COMPAT_MPM`; event if it isn't set.
    pub fn from_env() -> Result<Mpm> {
        match std::env::var("COMPAT_MPM").as_deref() {
            Err(_) | Ok("" | "event") => Ok(Mpm::Event),
            Ok("worker") => Ok(Mpm::Worker),
            Ok("prefork") => Ok(Mpm::Prefork),
            Ok(other) => bail!("COMPAT_MPM={other}: event, worker or prefork is meant"),
        }
    }

    /// `event`, `worker` or `prefork`.
    pub fn name(self) -> &'static str {
        match self {
            Mpm::Event => "event",
            Mpm::Worker => "worker",
            Mpm::Prefork => "prefork",
        }
    }
}

/// httpd's binary: `HTTPD` in the environment, else `/usr/sbin/apache2`.
pub fn httpd() -> PathBuf {
    std::env::var_os("HTTPD").map_or_else(|| "/usr/sbin/apache2".into(), PathBuf::from)
}

/// Where httpd's modules are: `HTTPD_MODULES` in the environment, else `/usr/lib/apache2/modules`.
pub fn modules() -> PathBuf {
    std::env::var_os("HTTPD_MODULES").map_or_else(|| "/usr/lib/apache2/modules".into(), PathBuf::from)
}

/// A TCP port of 127.0.0.1 that nobody listens on now, always of five digits, and never one that
/// this process was given before.
pub fn free_port() -> Result<u16> {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    loop {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("find a free port")?;
        let port = listener.local_addr()?.port();
        let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
        if port >= 10_000 && given.insert(port) {
            return Ok(port);
        }
        if given.len() > 20_000 {
            given.clear();
        }
    }
}

/// What a server is started from. The config named by `conf` must agree with the rest: it sets
/// `PidFile` to `pid_file`, `ErrorLog` to `error_log`, and listens on `port`.
#[derive(Clone, Debug)]
pub struct Site {
    /// ServerRoot (`-d`).
    pub root: PathBuf,
    /// The main config file (`-f`).
    pub conf: PathBuf,
    /// The port of 127.0.0.1 that the server must accept on to count as started.
    pub port: u16,
    /// Where httpd writes its process id; at most 107 bytes long, as for any socket beside it.
    pub pid_file: PathBuf,
    /// Where httpd writes its errors.
    pub error_log: PathBuf,
}

/// How a command of httpd ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The exit status; `None` if a signal ended it.
    pub code: Option<i32>,
    /// What it said on stderr.
    pub stderr: String,
    /// What it said on stdout.
    pub stdout: String,
}

impl Site {
    /// A site in `root` with the usual names: `httpd.conf`, `httpd.pid`, `error.log`.
    pub fn at(root: &Path, port: u16) -> Site {
        Site {
            root: root.to_owned(),
            conf: root.join("httpd.conf"),
            port,
            pid_file: root.join("httpd.pid"),
            error_log: root.join("error.log"),
        }
    }

    /// `httpd -d root -f conf …`, not yet run.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = memcheck::command(&httpd(), &self.root);
        command.arg("-d").arg(&self.root).arg("-f").arg(&self.conf).args(arguments);
        command.env("LC_ALL", "C").current_dir(&self.root).stdin(Stdio::null());
        command
    }

    /// Runs httpd with these arguments to its end (`-t`, `-M`, `-L`, `-S`, …).
    pub fn run(&self, arguments: &[&str]) -> Result<Outcome> {
        let output = self.command(arguments).output().context("run httpd")?;
        Ok(Outcome {
            code: output.status.code(),
            stderr: memcheck::without_notices(&String::from_utf8_lossy(&output.stderr)),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        })
    }

    /// `httpd -t`: reads the config and says what is wrong with it.
    pub fn config_test(&self) -> Result<Outcome> {
        self.run(&["-t"])
    }

    /// The whole error log, as text; empty if there is none yet.
    pub fn error_log_text(&self) -> String {
        std::fs::read(&self.error_log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }
}

/// A running server. It is stopped when dropped, and also if this process is killed.
pub struct Server {
    site: Site,
    pid: Pid,
    /// Where the error log ended when the server was started.
    begun: u64,
    stopped: bool,
    watch: Option<Watch>,
}

/// What httpd logs, always, when its children have been made, at the start and at each restart.
const RUNNING: &str = "resuming normal operations";

/// A shell that ends the server when the pipe from this process breaks before a word has come.
struct Watch(Child);

impl Watch {
    fn over(pid: Pid) -> Result<Watch> {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", "read word || kill -TERM $0", &pid.as_raw_nonzero().to_string()]);
        // A group of its own: a Ctrl-C is not for the shell.
        shell.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Watch(shell.spawn().context("run sh")?))
    }

    /// Ends the watch and lets the server be.
    fn end(mut self) {
        if let Some(mut pipe) = self.0.stdin.take() {
            let _ = pipe.write_all(b"end\n");
        }
        let _ = self.0.wait();
    }
}

impl Server {
    /// `httpd -k start`, and waits until the port accepts connections and the children have been made.
    ///
    /// Fails with httpd's own words, from stderr and the error log.
    pub fn start(site: &Site) -> Result<Server> {
        // Not through a pipe: the daemon keeps stderr open for as long as it lives.
        let said = site.root.join("start.stderr");
        let stderr = std::fs::File::create(&said)?;
        let begun = std::fs::metadata(&site.error_log).map_or(0, |data| data.len());
        let status =
            site.command(&["-k", "start"]).stdout(Stdio::null()).stderr(stderr).status().context("start httpd")?;
        let words = || {
            let said = std::fs::read_to_string(&said).unwrap_or_default();
            format!("{said}\n{}", site.error_log_text())
        };
        if !status.success() {
            bail!("httpd -k start: {status}\n{}", words());
        }
        let began = Instant::now();
        let pid = loop {
            let written = std::fs::read_to_string(&site.pid_file).unwrap_or_default();
            if written.ends_with('\n')
                && let Ok(Some(pid)) = written.trim().parse().map(Pid::from_raw)
            {
                break pid;
            }
            // A daemon that fails after it detached leaves no pid file, only words in its log.
            let failed = site.error_log_text().contains("Configuration Failed")
                || words().contains("no listening sockets available");
            if failed || began.elapsed() > patience(PATIENCE) {
                bail!("httpd did not start\n{}", words());
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let mut server = Server { site: site.clone(), pid, begun, stopped: false, watch: None };
        server.watch = Some(Watch::over(pid)?);
        while TcpStream::connect(server.address()).is_err() {
            if !server.alive() || began.elapsed() > patience(PATIENCE) {
                bail!("httpd does not accept connections\n{}", words());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        // The parent listens before it has made its children.
        while server.times_running()? == 0 {
            if !server.alive() || began.elapsed() > patience(PATIENCE) {
                bail!("httpd does not say that it is running\n{}", words());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(server)
    }

    /// What the server was started from.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The parent's process id.
    pub fn pid(&self) -> i32 {
        self.pid.as_raw_nonzero().get()
    }

    /// Where to connect to.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.site.port))
    }

    /// Whether the parent process still runs.
    pub fn alive(&self) -> bool {
        // After the name in parentheses comes the state; a zombie that nobody reaped is gone.
        std::fs::read_to_string(format!("/proc/{}/stat", self.pid()))
            .ok()
            .and_then(|stat| stat.rsplit_once(") ").map(|(_, rest)| !rest.starts_with(['Z', 'X'])))
            .unwrap_or(false)
    }

    /// The process ids of the children that live now.
    pub fn children(&self) -> Vec<i32> {
        let list = format!("/proc/{0}/task/{0}/children", self.pid());
        let words = std::fs::read_to_string(list).unwrap_or_default();
        words.split_whitespace().filter_map(|word| word.parse().ok()).collect()
    }

    /// Asks for a graceful restart (SIGUSR1) and waits until the log says that it is done.
    pub fn graceful(&self) -> Result<()> {
        self.restart(Signal::USR1)
    }

    /// Asks for a hard restart (SIGHUP) and waits until the log says that it is done.
    pub fn restart_hard(&self) -> Result<()> {
        self.restart(Signal::HUP)
    }

    fn restart(&self, signal: Signal) -> Result<()> {
        let mark = self.mark();
        let before = self.times_running()?;
        kill_process(self.pid, signal).context("signal httpd")?;
        let began = Instant::now();
        while self.times_running()? == before {
            if !self.alive() || began.elapsed() > patience(PATIENCE) {
                bail!("httpd did not come back:\n{}", self.log_since(mark)?);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// How often the server has said that it is running.
    fn times_running(&self) -> Result<usize> {
        Ok(self.log_since(self.begun)?.matches(RUNNING).count())
    }

    /// The present end of the error log, in bytes, for [`Server::log_since`].
    pub fn mark(&self) -> u64 {
        std::fs::metadata(&self.site.error_log).map_or(0, |data| data.len())
    }

    /// What was logged since `mark`.
    pub fn log_since(&self, mark: u64) -> Result<String> {
        let mut bytes = Vec::new();
        let mut log = std::fs::File::open(&self.site.error_log).context("open the error log")?;
        log.seek(SeekFrom::Start(mark))?;
        log.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Leaves the server running when this process ends. Its process id.
    pub fn leave(mut self) -> i32 {
        self.stopped = true;
        if let Some(watch) = self.watch.take() {
            watch.end();
        }
        self.pid()
    }

    /// Stops the server (SIGTERM) and waits until it is gone.
    pub fn stop(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.stopped, true) {
            return Ok(());
        }
        if let Some(watch) = self.watch.take() {
            watch.end();
        }
        let _ = kill_process(self.pid, Signal::TERM);
        let began = Instant::now();
        while self.alive() {
            if began.elapsed() > patience(PATIENCE_AT_THE_END) {
                // httpd leads a process group of its own since it became a daemon.
                let _ = kill_process_group(self.pid, Signal::KILL);
                bail!("httpd {} did not stop in time and was killed", self.pid());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let found = memcheck::found(&self.site.root);
        if !found.is_empty() {
            bail!("valgrind found in httpd {}:\n{found}", self.pid());
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        match self.end() {
            // A test that didn't stop its server is to fail all the same.
            Err(e) if memcheck::folder().is_some() && !std::thread::panicking() => panic!("{e:#}"),
            Err(e) => eprintln!("{e:#}"),
            Ok(()) => {}
        }
    }
}
