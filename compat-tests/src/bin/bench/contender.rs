//! Who serves the same thing: httpd alone, with its own module, with the Wasm port, with a Lua hook.

use crate::scenario::Scenario;
use anyhow::{Context, Result};
use compat_tests::server::{Mpm, Site, free_port, modules};
use compat_tests::swap::Swap;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use tempfile::TempDir;

/// One way to serve a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    /// Without the module and its directives.
    None,
    /// With httpd's own module.
    Native,
    /// With the port.
    Wasm,
    /// With a script in mod_lua that keeps its state with the thread.
    Lua,
    /// With a script in mod_lua that begins anew for each call.
    LuaOnce,
    /// With a script in WebAssembly, with an instance for each thread.
    Script,
    /// With a script in WebAssembly, with an instance for each call.
    ScriptOnce,
}

/// Threads of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threads {
    /// One that serves requests.
    One,
    /// httpd's defaults.
    Usual,
}

impl Contender {
    /// As in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Contender::None => "no module",
            Contender::Native => "native",
            Contender::Wasm => "Wasm",
            Contender::Lua => "mod_lua, thread scope",
            Contender::LuaOnce => "mod_lua, once",
            Contender::Script => "Wasm, thread scope",
            Contender::ScriptOnce => "Wasm, once",
        }
    }

    /// Whom it is to be compared with.
    pub fn counterpart(self) -> Option<Contender> {
        match self {
            Contender::None => None,
            Contender::Native | Contender::Wasm => Some(Contender::Native),
            Contender::Lua | Contender::Script => Some(Contender::Lua),
            Contender::LuaOnce | Contender::ScriptOnce => Some(Contender::LuaOnce),
        }
    }

    /// A folder with documents and config, ready to be started; owned by `owner`, who starts the server. With one
    /// thread, so that every request finds what the first ones made, or with as many as httpd has.
    pub fn site(self, scenario: &Scenario, owner: Option<u32>, threads: Threads) -> Result<(TempDir, Site)> {
        let dir = TempDir::with_prefix("bench-")?;
        let root = dir.path();
        let site = Site::at(root, free_port()?);
        let htdocs = root.join("htdocs");
        std::fs::create_dir(&htdocs)?;
        std::fs::create_dir(root.join("cache"))?;
        std::fs::write(htdocs.join("file.html"), vec![b'x'; 1024])?;
        if self != Contender::None || scenario.path_without == scenario.path {
            scenario.write_files(root)?;
        }
        if matches!(self, Contender::Lua | Contender::LuaOnce) {
            std::fs::write(root.join("hook.lua"), scenario.lua.unwrap_or_default())?;
        }
        std::fs::write(&site.conf, self.config(scenario, &site, threads))?;
        std::fs::set_permissions(root, std::fs::Permissions::from_mode(0o755))?;
        if let Some(owner) = owner {
            own(root, owner).context("give the folder to the server's user")?;
        }
        Ok((dir, site))
    }

    fn config(self, scenario: &Scenario, site: &Site, threads: Threads) -> Vec<u8> {
        let module = |name: &str| format!("LoadModule {name}_module {}/mod_{name}.so\n", modules().display());
        let mut config = format!(
            "ServerName localhost\nListen 127.0.0.1:{}\nPidFile {}\nErrorLog {}\nUser www-data\nGroup www-data\n\
             MaxKeepAliveRequests 0\nKeepAliveTimeout 60\nDocumentRoot {}/htdocs\nTypesConfig /dev/null\nAddType text/html .html\n",
            site.port,
            site.pid_file.display(),
            site.error_log.display(),
            site.root.display()
        );
        for name in [&format!("mpm_{}", Mpm::Event.name()), "authz_core", "mime"]
            .into_iter()
            .chain(scenario.modules.iter().copied())
        {
            config.insert_str(0, &module(name));
        }
        if threads == Threads::One {
            config += "StartServers 1\nServerLimit 1\nThreadsPerChild 1\nMaxRequestWorkers 1\n";
        }
        let root = site.root.display().to_string();
        config += &scenario.common.replace("{root}", &root);
        match self {
            Contender::None => {}
            Contender::Native | Contender::Wasm => {
                config += &module(scenario.module);
                config += &scenario.config.replace("{root}", &root);
            }
            Contender::Lua | Contender::LuaOnce => {
                config += &module("lua");
                let scope = if self == Contender::Lua { "thread" } else { "once" };
                config += &format!("LuaScope {scope}\n{}\n", scenario.lua_hook.replace("{root}", &root));
            }
            Contender::Script | Contender::ScriptOnce => {
                let dist = Swap::new(["none"]).dist.display().to_string();
                let scope = if self == Contender::Script { "thread" } else { "once" };
                config += &format!(
                    "LoadModule wasm_module {dist}/mod_wasm.so\nWasmCacheDir {root}/cache\nWasmRoot {dist}\nWasmScope {scope}\n{}\n",
                    scenario.script
                );
            }
        }
        if self != Contender::Wasm {
            return config.into_bytes();
        }
        let swap = Swap { cache: site.root.join("cache"), ..Swap::new([format!("{}_module", scenario.module)]) };
        [swap.preamble().as_bytes(), &swap.apply(config.as_bytes())].concat()
    }
}

fn own(path: &Path, owner: u32) -> Result<()> {
    chown(path, Some(owner), Some(owner))?;
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            own(&entry?.path(), owner)?;
        }
    }
    Ok(())
}
