//! A PostgreSQL server in a directory of its own, reached by a Unix socket only: started, asked, ended with this
//! process; it knows nothing of httpd.
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

/// The role that owns everything, and that any local user may be.
pub const USER: &str = "postgres";
/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server. It ends, and its directory goes, when dropped, and also when this process ends in whatever way.
pub struct Postgres {
    root: PathBuf,
    /// Waits for the pipe from this process to break, then ends the server.
    shell: Child,
}

impl Postgres {
    /// The server of this process, started when it is first asked for.
    ///
    /// # Errors
    /// In PostgreSQL's words, the same each time.
    pub fn shared() -> Result<&'static Postgres> {
        static SHARED: OnceLock<Result<Postgres, String>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| Postgres::start().map_err(|e| format!("{e:#}")));
        shared.as_ref().map_err(|why| anyhow!("PostgreSQL: {why}"))
    }

    /// Makes a cluster below /tmp and serves it. As root, by the user `postgres`, since PostgreSQL refuses root.
    ///
    /// # Errors
    /// In PostgreSQL's words.
    pub fn start() -> Result<Postgres> {
        let root = tempfile::Builder::new().prefix("postgres-").tempdir_in("/tmp")?;
        // Clients of any user pass through to the socket; the cluster below is its owner's alone.
        std::fs::set_permissions(root.path(), PermissionsExt::from_mode(0o755))?;
        if rustix::process::geteuid().is_root() {
            let status = Command::new("chown").arg(USER).arg(root.path()).status().context("run chown")?;
            anyhow::ensure!(status.success(), "there is no user {USER}: scripts/setup installs postgresql");
        }
        let data = root.path().join("data");
        let initdb = as_owner(&binaries()?.join("initdb"))
            .args(["--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "--username", USER, "--pgdata"])
            .arg(&data)
            .output()
            .context("run initdb")?;
        if !initdb.status.success() {
            bail!("initdb: {}", String::from_utf8_lossy(&initdb.stderr));
        }
        let mut server = as_owner(&binaries()?.join("postgres"));
        server
            .arg("-F")
            .args(["-c", "listen_addresses=", "-c", "max_connections=200", "-k"])
            .arg(root.path())
            .arg("-D")
            .arg(&data);
        // What remains of this process is a broken pipe; SIGINT has PostgreSQL end at once.
        let script =
            "root=$0; \"$@\" >\"$root/log\" 2>&1 & read word; kill -INT $! 2>/dev/null; wait $!; rm -rf \"$root\"";
        let shell = Command::new("/bin/sh")
            .args(["-c", script])
            .arg(root.path())
            .arg(server.get_program())
            .args(server.get_args())
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("run sh")?;
        let server = Postgres { root: root.keep(), shell };
        let began = Instant::now();
        while let Err(why) = server.run("postgres", "SELECT 1") {
            if began.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(server.root.join("log")).unwrap_or_default();
                bail!("it doesn't answer: {why:#}\n{log}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    /// The directory of its socket: `host` of a connection.
    pub fn host(&self) -> &Path {
        &self.root
    }

    /// What `DBDParams` and other users of libpq take for one of its databases.
    pub fn params(&self, database: &str) -> String {
        format!("host={} user={USER} dbname={database}", self.root.display())
    }

    /// Makes an empty database, in place of another of that name.
    ///
    /// # Errors
    /// In PostgreSQL's words.
    pub fn create_database(&self, name: &str) -> Result<()> {
        self.run("postgres", &format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"))?;
        self.run("postgres", &format!("CREATE DATABASE \"{name}\"")).map(drop)
    }

    /// Takes a database away, and its connections with it.
    ///
    /// # Errors
    /// In PostgreSQL's words.
    pub fn drop_database(&self, name: &str) -> Result<()> {
        self.run("postgres", &format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)")).map(drop)
    }

    /// Runs one statement in a database; its rows as psql shows them without decoration.
    ///
    /// # Errors
    /// In PostgreSQL's words.
    pub fn run(&self, database: &str, statement: &str) -> Result<String> {
        let output = Command::new(binaries()?.join("psql"))
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &self.params(database), "-c", statement])
            .output()
            .context("run psql")?;
        if !output.status.success() {
            bail!("{statement}: {}", String::from_utf8_lossy(&output.stderr).trim_end());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// An empty database of the shared server, gone when dropped.
pub struct Database {
    server: &'static Postgres,
    name: String,
}

impl Database {
    /// One that nobody else has.
    ///
    /// # Errors
    /// In PostgreSQL's words.
    pub fn new() -> Result<Database> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server = Postgres::shared()?;
        let name = format!("test{}", COUNT.fetch_add(1, Ordering::Relaxed));
        server.create_database(&name)?;
        Ok(Database { server, name })
    }

    /// The variables by which PostgreSQL's programs find it.
    pub fn environment(&self) -> [(&'static str, String); 3] {
        let host = self.server.host().display().to_string();
        [("PGHOST", host), ("PGUSER", USER.to_owned()), ("PGDATABASE", self.name.clone())]
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Err(e) = self.server.drop_database(&self.name) {
            eprintln!("{e:#}");
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// The folder of the newest PostgreSQL that Debian's packages have installed.
fn binaries() -> Result<PathBuf> {
    let found = glob::glob("/usr/lib/postgresql/*/bin/initdb")?.filter_map(Result::ok);
    let newest = found.max_by_key(|path| {
        let version = path.iter().nth(4).map(|version| version.to_string_lossy().into_owned());
        version.and_then(|version| version.parse::<u32>().ok())
    });
    let newest = newest.and_then(|path| Some(path.parent()?.to_owned()));
    newest.context("PostgreSQL is not installed: scripts/setup does that")
}

/// A program run by the one who may own a cluster.
fn as_owner(program: &Path) -> Command {
    if !rustix::process::geteuid().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.arg("--reuid").arg(USER).arg("--regid").arg(USER).arg("--init-groups").arg(program).current_dir("/");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_serves_until_it_is_dropped() -> Result<()> {
        let server = Postgres::start()?;
        server.create_database("one")?;
        server.run("one", "CREATE TABLE t (a INT)")?;
        server.run("one", "INSERT INTO t VALUES (7)")?;
        assert_eq!(server.run("one", "SELECT a FROM t")?, "7\n");
        assert!(server.run("one", "SELECT b FROM t").is_err());
        let root = server.host().to_owned();
        drop(server);
        assert!(!root.exists());
        Ok(())
    }
}
