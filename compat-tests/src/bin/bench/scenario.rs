//! What is measured: a module, its directives, a request.

mod headers;
mod lua;
mod rewrite;

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
    /// Directives that every contender has; `{root}` is the server's folder.
    pub common: &'static str,
    /// Its directives; `{root}` is the server's folder.
    pub config: String,
    /// Files below the server's folder, for whoever has the module.
    pub files: Vec<(&'static str, String)>,
    /// The path that is asked for.
    pub path: &'static str,
    /// The path that gives the same answer without the module.
    pub path_without: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// A Lua script that does the same, and the directive that calls it.
    pub lua: Option<&'static str>,
    /// See `lua`.
    pub lua_hook: &'static str,
    /// The directives that have the script `scripted.wasm` do the same, where a script and not a module is measured.
    pub script: &'static str,
}

impl Scenario {
    /// Who takes part, the one without the module first.
    pub fn contenders(&self) -> impl Iterator<Item = Contender> {
        let both = if self.script.is_empty() {
            [Some(Contender::Native), Some(Contender::Wasm), self.lua.map(|_| Contender::Lua), None]
        } else {
            // A filter of mod_lua aborts the child at the second body where its state outlives the first.
            let lua = (!self.lua_hook.starts_with("LuaOutputFilter")).then_some(Contender::Lua);
            [lua, Some(Contender::LuaOnce), Some(Contender::Script), Some(Contender::ScriptOnce)]
        };
        [Some(Contender::None)].into_iter().chain(both).flatten()
    }

    /// The path that a contender is asked for.
    pub fn path_of(&self, contender: Contender) -> &'static str {
        if contender == Contender::None { self.path_without } else { self.path }
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
    let mut all = headers::scenarios();
    all.extend(rewrite::scenarios());
    all.extend(lua::scenarios());
    all
}
