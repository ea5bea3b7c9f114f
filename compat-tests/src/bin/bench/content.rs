//! What content costs: the same greeting as a WASI program, a native CGI program, a Lua script and a file, on one server.

use crate::account::Account;
use crate::interpreters;
use crate::load::{cpu_ticks, wrk_at};
use crate::markdown;
use anyhow::{Context, Result, ensure};
use compat_tests::client::Connection;
use compat_tests::server::{Server, Site, free_port, modules};
use compat_tests::swap::Swap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const GREETING: &str = "fn main() { println!(\"Content-Type: text/plain\\n\\nHello, world!\"); }\n";
/// The same by a program that looks at its environment, which CGI's variables are made for.
const ASKING: &str =
    "fn main() { println!(\"Content-Type: text/plain\\n\\nHello, {}!\", std::env::vars_os().count()); }\n";

/// What is asked for: a name and a path; the first is what the others are compared with.
const ROWS: &[(&str, &str)] = &[
    ("file of 1 KB", "/file.html"),
    ("WASI program", "/plain"),
    ("WASI program, CGI mode", PROGRAM),
    ("WASI program, CGI mode, reading its environment", "/asking"),
    ("mod_lua, scope once", "/once.lua"),
    ("mod_lua, scope thread", "/thread.lua"),
    ("native program, mod_cgid", "/cgi"),
];
/// The row that the native program is compared with.
const PROGRAM: &str = "/wasm";

/// Measures all of them in turns, and prints a table.
pub fn run(seconds: u64, rounds: usize) -> Result<()> {
    println!("\n## content\n\nA greeting, 8 connections under event; CPU time with all processes, a client's not.\n");
    let (_dir, site) = site()?;
    let server = Server::start(&site)?;
    let account = Account::open(&server);
    if account.is_none() {
        println!("(no control group can be made here: mod_cgid's programs are counted as the whole machine's time)\n");
    }
    let mut measured = vec![Vec::new(); ROWS.len()];
    for _ in 0..rounds.max(1) {
        for ((name, path), measured) in ROWS.iter().zip(&mut measured) {
            check(&server, path).with_context(|| (*name).to_owned())?;
            let used = || match &account {
                Some(account) => account.micros(),
                None if path.contains("cgi") => Ok(micros(busy_ticks()?)),
                None => Ok(micros(cpu_ticks(&server))),
            };
            wrk_at(site.port, path, 200, 1)?;
            let before = used()?;
            let (requests, rate) = wrk_at(site.port, path, 200, seconds.max(1))?;
            measured.push((rate, (used()? - before) / requests as f64));
        }
    }
    let mut table = markdown(&["content", "requests/s", "to a file", "CPU µs/request", "to a file", "to the program"]);
    let medians: Vec<(f64, f64)> =
        measured.iter().map(|list| (median(list.iter().map(|m| m.0)), median(list.iter().map(|m| m.1)))).collect();
    let program = ROWS.iter().position(|(_, path)| *path == PROGRAM).unwrap_or(0);
    for ((name, _), (rate, cpu)) in ROWS.iter().zip(&medians) {
        table.add_row([
            (*name).to_owned(),
            format!("{rate:.0}"),
            format!("{:.2}", rate / medians[0].0),
            format!("{cpu:.0}"),
            format!("{:.2}", cpu / medians[0].1),
            format!("{:.2}", cpu / medians[program].1),
        ]);
    }
    println!("{table}\n");
    server.stop()?;
    drop(account);
    interpreters::first_answers()
}

/// The middle one.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn micros(ticks: u64) -> f64 {
    ticks as f64 / rustix::param::clock_ticks_per_second() as f64 * 1e6
}

fn check(server: &Server, path: &str) -> Result<()> {
    let mut connection = Connection::open(server.address())?;
    connection.send(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes())?;
    let answer = connection.receive(false)?;
    ensure!(answer.head.code() == Some(200), "{path}: {}", answer.render());
    Ok(())
}

/// Busy time of the whole machine without that of load generators that have ended: httpd's CGI daemon doesn't account for
/// its programs.
fn busy_ticks() -> Result<u64> {
    let stat = std::fs::read_to_string("/proc/stat")?;
    let fields: Vec<u64> = stat
        .lines()
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .skip(1)
        .filter_map(|word| word.parse().ok())
        .collect();
    let of = |at: usize| fields.get(at).copied().unwrap_or(0);
    let own = std::fs::read_to_string("/proc/self/stat")?;
    let own: Vec<&str> = own.rsplit_once(") ").map_or(Vec::new(), |(_, rest)| rest.split_whitespace().collect());
    // cutime and cstime: of wrk.
    let clients: u64 = [13, 14].iter().filter_map(|at| own.get(*at)?.parse::<u64>().ok()).sum();
    Ok((of(0) + of(1) + of(2) + of(5) + of(6)).saturating_sub(clients))
}

fn site() -> Result<(TempDir, Site)> {
    let dir = TempDir::with_prefix("bench-")?;
    let root = dir.path();
    std::fs::set_permissions(root, PermissionsExt::from_mode(0o755))?;
    let site = Site::at(root, free_port()?);
    std::fs::create_dir(root.join("htdocs"))?;
    std::fs::write(root.join("htdocs/file.html"), vec![b'x'; 1024])?;
    let lua = "function handle(r)\n    r.content_type = 'text/plain'\n    r:puts('Hello, world!\\n')\n    return apache2.OK\nend\n";
    for name in ["once.lua", "thread.lua"] {
        std::fs::write(root.join("htdocs").join(name), lua)?;
    }
    for (name, source) in [("greeting", GREETING), ("asking", ASKING)] {
        std::fs::write(root.join(name).with_extension("rs"), source)?;
        compile(root, name, "wasm", &["--target", "wasm32-wasip1", "-Cpanic=abort"])?;
    }
    compile(root, "greeting", "cgi", &[])?;
    let swap = Swap::new(Vec::<String>::new());
    swap.make_cache()?;
    let load = |name: &str| format!("LoadModule {name}_module {}/mod_{name}.so\n", modules().display());
    let root = root.display();
    let config = ["mpm_event", "authz_core", "alias", "cgid", "lua"].map(load).concat()
        + &swap.preamble()
        + &format!(
            "ServerRoot {root}\nServerName localhost\nListen 127.0.0.1:{}\nPidFile {}\nErrorLog {}\nScriptSock {root}/cgisock\nUser www-data\nGroup www-data\n\
             StartServers 1\nServerLimit 1\nThreadsPerChild 16\nMaxRequestWorkers 16\nMinSpareThreads 1\nMaxSpareThreads 16\n\
             MaxKeepAliveRequests 0\nKeepAliveTimeout 60\nDocumentRoot {root}/htdocs\n<Directory />\nAllowOverride None\n</Directory>\n\
             ScriptAlias /cgi {root}/greeting.cgi\n\
             <Location /wasm>\nSetHandler wasm-handler\nWasmModule greeting.wasm\nWasmEnableCGI On\n</Location>\n\
             <Location /asking>\nSetHandler wasm-handler\nWasmModule asking.wasm\nWasmEnableCGI On\n</Location>\n\
             <Location /plain>\nSetHandler wasm-handler\nWasmModule greeting.wasm\n</Location>\n\
             <Location /once.lua>\nSetHandler lua-script\nLuaScope once\n</Location>\n\
             <Location /thread.lua>\nSetHandler lua-script\nLuaScope thread\n</Location>\n",
            site.port,
            site.pid_file.display(),
            site.error_log.display()
        );
    std::fs::write(&site.conf, config)?;
    Ok((dir, site))
}

fn compile(root: &Path, name: &str, kind: &str, arguments: &[&str]) -> Result<()> {
    let (source, made) = (format!("{name}.rs"), format!("{name}.{kind}"));
    let status = Command::new("rustc").args(["-O", "-o", &made, &source]).args(arguments).current_dir(root).status();
    ensure!(status.context("run rustc")?.success(), "rustc failed");
    std::fs::set_permissions(root.join(made), PermissionsExt::from_mode(0o755))?;
    Ok(())
}
