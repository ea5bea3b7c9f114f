//! A server with the script `scripted.wasm` and whatever a test's configuration says; knows no directive of scripts.

use anyhow::Result;
use compat_tests::answer::Answer;
use compat_tests::client::Connection;
use compat_tests::server::{Mpm, Outcome, Server, Site, free_port, modules};
use compat_tests::swap::Swap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder for a server, gone with its value.
pub struct Place {
    /// ServerRoot; `htdocs` is the documents'.
    pub dir: TempDir,
    site: Site,
}

impl Place {
    /// A folder with some documents, a copy of the script, and a configuration that loads mod_wasm and goes on with
    /// `conf`, in which `${root}` is the folder.
    pub fn new(conf: &str) -> Result<Place> {
        let dir = TempDir::with_prefix("script-")?;
        let root = dir.path().to_owned();
        std::fs::set_permissions(&root, std::fs::Permissions::from_mode(0o755))?;
        for folder in ["htdocs/inner/deep", "htdocs/filtered"] {
            std::fs::create_dir_all(root.join(folder))?;
        }
        for file in ["index.html", "plain.txt", "inner/index.html", "inner/deep/index.html", "filtered/index.html"] {
            std::fs::write(root.join("htdocs").join(file), "hello\n")?;
        }
        let place = Place { site: Site::at(&root, free_port()?), dir };
        place.copy("scripted.wasm", "scripted.wasm")?;
        place.write(conf)?;
        Ok(place)
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Puts a guest that was built into the folder, as a new file.
    pub fn copy(&self, guest: &str, to: &str) -> Result<()> {
        let from = Swap::new(["none"]).dist.join(guest);
        replace(&self.path(to), &std::fs::read(from)?)
    }

    /// Writes the configuration anew.
    pub fn write(&self, conf: &str) -> Result<()> {
        let swap = Swap::new(["none"]);
        swap.make_cache()?;
        let site = &self.site;
        let mut text = String::new();
        let mpm = Mpm::from_env()?;
        let mpm_name = format!("mpm_{}", mpm.name());
        for name in [mpm_name.as_str(), "authz_core", "authz_user", "authn_core", "dir", "mime", "filter", "alias"] {
            text += &format!("LoadModule {name}_module {}/mod_{name}.so\n", modules().display());
        }
        // One child, so that what an instance counts can be told.
        text += match mpm {
            Mpm::Prefork => "StartServers 1\nMinSpareServers 1\nMaxSpareServers 1\nMaxRequestWorkers 1\n",
            _ => {
                "StartServers 1\nServerLimit 1\nThreadsPerChild 4\nMaxRequestWorkers 4\nMinSpareThreads 1\nMaxSpareThreads 4\n"
            }
        };
        text += &format!(
            "ServerName localhost\nListen 127.0.0.1:{}\nPidFile \"{}\"\nErrorLog \"{}\"\nUser www-data\nGroup www-data\nTypesConfig /dev/null\n\
             DocumentRoot \"{root}/htdocs\"\nLoadModule wasm_module {}/mod_wasm.so\nWasmCacheDir \"{}\"\n",
            site.port,
            site.pid_file.display(),
            site.error_log.display(),
            swap.dist.display(),
            swap.cache.display(),
            root = site.root.display()
        );
        text += &conf.replace("${root}", &site.root.display().to_string());
        Ok(std::fs::write(&site.conf, text)?)
    }

    /// Starts the server.
    pub fn start(&self) -> Result<Server> {
        Server::start(&self.site)
    }

    /// `httpd -t`.
    pub fn test(&self) -> Result<Outcome> {
        self.site.config_test()
    }
}

/// A server with a configuration.
pub fn serve(conf: &str) -> Result<(Place, Server)> {
    let place = Place::new(conf)?;
    let server = place.start()?;
    Ok((place, server))
}

/// What `httpd -t` says about a configuration.
pub fn said_of(conf: &str) -> Result<String> {
    let outcome = Place::new(conf)?.test()?;
    assert_eq!(outcome.code == Some(0), outcome.stderr.contains("Syntax OK"), "{outcome:?}");
    Ok(outcome.stderr)
}

/// Replaces a file by renaming.
pub fn replace(path: &Path, content: &[u8]) -> Result<()> {
    let new = path.with_extension("new");
    std::fs::write(&new, content)?;
    Ok(std::fs::rename(new, path)?)
}

/// One request on a connection of its own.
pub fn get(server: &Server, path: &str) -> Result<Answer> {
    ask(server, "GET", path, "", "")
}

/// One request with headers and a body.
pub fn ask(server: &Server, method: &str, path: &str, headers: &str, body: &str) -> Result<Answer> {
    let mut connection = Connection::open(server.address())?;
    connection.send(format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n{body}").as_bytes())?;
    connection.receive(method == "HEAD")
}

/// The first value of a header of an answer.
pub fn header(answer: &Answer, name: &str) -> Option<String> {
    answer.head.values(name).next().map(|value| String::from_utf8_lossy(value).into_owned())
}

/// The body as text.
pub fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}
