//! How long a large program takes to answer first after a start: interpreters that others wrote, those that are in dist/.

use crate::content::median;
use anyhow::{Context, Result, ensure};
use compat_tests::client::Connection;
use compat_tests::server::{Server, Site, free_port, modules};
use compat_tests::swap::Swap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Instant;
use tempfile::TempDir;

/// An interpreter.
struct Interpreter {
    /// Its file in dist/.
    file: &'static str,
    /// What it runs, and its text.
    script: (&'static str, &'static str),
    /// Where it is asked.
    path: &'static str,
}

const ALL: [Interpreter; 2] = [
    Interpreter {
        file: "javascript.wasm",
        script: ("form.js", include_str!("../../../interpreters/javascript/form.js")),
        path: "/javascript",
    },
    Interpreter {
        file: "python.wasm",
        script: ("form.py", include_str!("../../../interpreters/python/form.py")),
        path: "/python",
    },
];

fn there(root: &Path) -> impl Iterator<Item = &'static Interpreter> {
    ALL.iter().filter(move |each| root.join(each.file).exists())
}

/// A server with the interpreters that there are: one of their own, since a process that holds them is dear to fork.
fn site() -> Result<(TempDir, Site)> {
    let dir = TempDir::with_prefix("bench-")?;
    let root = dir.path();
    std::fs::set_permissions(root, PermissionsExt::from_mode(0o755))?;
    let site = Site::at(root, free_port()?);
    let swap = Swap::new(Vec::<String>::new());
    swap.make_cache()?;
    let load = |name: &str| format!("LoadModule {name}_module {}/mod_{name}.so\n", modules().display());
    let mut config = ["mpm_event", "authz_core"].map(load).concat() + &swap.preamble();
    config += &format!(
        "ServerRoot {}\nServerName localhost\nListen 127.0.0.1:{}\nPidFile {}\nErrorLog {}\nUser www-data\nGroup www-data\nStartServers 1\n",
        root.display(),
        site.port,
        site.pid_file.display(),
        site.error_log.display()
    );
    std::fs::write(&site.conf, config + &sections(root, &swap.dist)?)?;
    Ok((dir, site))
}

/// Copies the interpreters, and gives their sections.
fn sections(root: &Path, dist: &Path) -> Result<String> {
    let mut sections = String::new();
    for Interpreter { file, script: (name, text), path } in there(dist) {
        std::fs::copy(dist.join(file), root.join(file))?;
        std::fs::write(root.join(name), text)?;
        sections += &format!(
            "<Location {path}>\nSetHandler wasm-handler\nWasmModule {file}\nWasmArg /{name}\nWasmMapDir / {}\nWasmEnableCGI On\n\
             WasmTimeLimit 10s\nWasmMemoryLimit 256M\n</Location>\n",
            root.display()
        );
    }
    Ok(sections)
}

/// Starts a server several times, and asks each interpreter once.
pub fn first_answers() -> Result<()> {
    let (_dir, site) = site()?;
    if there(&site.root).next().is_none() {
        println!("(no dist/javascript.wasm: scripts/build interpreters makes it)");
    }
    for Interpreter { file, path, .. } in there(&site.root) {
        let (mut answers, mut reads) = (Vec::new(), Vec::new());
        for _ in 0..5 {
            let began = Instant::now();
            site.config_test()?;
            reads.push(began.elapsed().as_secs_f64() * 1e3);
            let server = Server::start(&site)?;
            let mut connection = Connection::open(server.address())?;
            let began = Instant::now();
            connection.send(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes())?;
            let answer = connection.receive(false).with_context(|| site.error_log_text())?;
            ensure!(answer.head.code() == Some(200), "{file} failed: {}", site.error_log_text());
            answers.push(began.elapsed().as_secs_f64() * 1e3);
            server.stop()?;
        }
        let size = std::fs::metadata(site.root.join(file))?.len() as f64 / 1e6;
        println!(
            "{file}, {size:.1} MB: the first answer after a start takes {:.0} ms; to read the whole configuration, all programs from the cache, {:.0} ms.\n",
            median(answers.into_iter()),
            median(reads.into_iter())
        );
    }
    Ok(())
}
