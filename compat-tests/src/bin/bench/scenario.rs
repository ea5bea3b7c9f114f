//! What is measured: a module, its directives, a request.

use crate::contender::Contender;
use anyhow::Result;
use std::path::Path;

/// One thing to measure.
pub struct Scenario {
    /// `headers/ten-set`.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// The module without `mod_` and `.so`.
    pub module: &'static str,
    /// Other modules that every contender needs.
    pub modules: &'static [&'static str],
    /// Its directives; `{root}` is the server's folder.
    pub config: String,
    /// Files below the server's folder.
    pub files: Vec<(&'static str, String)>,
    /// The path that is asked for.
    pub path: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// A Lua script that does the same, and the directive that calls it.
    pub lua: Option<&'static str>,
    /// See `lua`.
    pub lua_hook: &'static str,
}

impl Scenario {
    /// Who takes part, the one without the module first.
    pub fn contenders(&self) -> impl Iterator<Item = Contender> {
        let lua = self.lua.map(|_| Contender::Lua);
        [Contender::None, Contender::Native, Contender::Wasm].into_iter().chain(lua)
    }

    /// Writes the scenario's files.
    pub fn write_files(&self, root: &Path) -> Result<()> {
        for (name, text) in &self.files {
            let path = root.join(name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, text.replace("{root}", &root.display().to_string()))?;
        }
        Ok(())
    }
}

/// Every scenario.
pub fn all() -> Vec<Scenario> {
    vec![ten_headers(), varied_headers()]
}

fn ten_headers() -> Scenario {
    Scenario {
        name: "headers/ten-set",
        about: "A file of 1 KB with ten `Header set` lines of constant values.",
        module: "headers",
        modules: &[],
        config: (0..10).map(|i| format!("Header set X-Header-{i} \"value number {i} of ten\"\n")).collect(),
        files: Vec::new(),
        path: "/file.html",
        status: 200,
        lua: Some(
            "function fix(r)\n  for i = 0, 9 do\n    r.headers_out['X-Header-' .. i] = 'value number ' .. i .. ' of ten'\n  end\n  return apache2.OK\nend\n",
        ),
        lua_hook: "LuaHookFixups {root}/hook.lua fix",
    }
}

fn varied_headers() -> Scenario {
    Scenario {
        name: "headers/varied",
        about: "The same file with an edit, a condition, an expression, format tags and a request header.",
        module: "headers",
        modules: &["setenvif"],
        config: "SetEnvIf User-Agent bench IS_BENCH\n\
                 RequestHeader set X-Seen %{IS_BENCH}e\n\
                 Header always set X-Frame-Options DENY\n\
                 Header set X-Time \"%t %D\"\n\
                 Header set X-Bench yes env=IS_BENCH\n\
                 Header set X-Other yes env=!IS_BENCH\n\
                 Header set X-Html yes \"expr=%{CONTENT_TYPE} == 'text/html'\"\n\
                 Header edit ETag ^\"(.*)\"$ \"\\\"$1-x\\\"\"\n\
                 Header merge Vary Origin\n\
                 Header append Cache-Control public\n\
                 Header unset Last-Modified\n"
            .to_string(),
        files: Vec::new(),
        path: "/file.html",
        status: 200,
        lua: None,
        lua_hook: "",
    }
}
