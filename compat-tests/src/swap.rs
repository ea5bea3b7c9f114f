//! Turns a config for native httpd into the same config with some modules served by Wasm guests; it
//! knows `LoadModule` lines, and leaves those of mod_lua to `migrate`.
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::memcheck;
use crate::migrate::migrate;

/// Which modules are swapped and where the Wasm build is.
#[derive(Clone, Debug)]
pub struct Swap {
    /// Module identifiers, such as `headers_module`.
    pub modules: Vec<String>,
    /// The directory with `mod_wasm.so` and the guests (`mod_headers.wasm`, …).
    pub dist: PathBuf,
    /// Where compiled code is kept between runs; only the server's user may write to it.
    pub cache: PathBuf,
}

impl Swap {
    /// Swaps `modules` with what `dist/` of this repository holds. `MOD_WASM_DIST` and
    /// `MOD_WASM_CACHE` name other places.
    pub fn new<S: Into<String>>(modules: impl IntoIterator<Item = S>) -> Swap {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("/"));
        let place = |variable: &str, default: &str| {
            std::env::var_os(variable).map_or_else(|| repository.join(default), PathBuf::from)
        };
        Swap {
            modules: modules.into_iter().map(Into::into).collect(),
            dist: place("MOD_WASM_DIST", "dist"),
            cache: place("MOD_WASM_CACHE", "target/wasm-cache"),
        }
    }

    /// The lines that load the host itself; they stand before everything else. Where it takes mod_lua's place it is
    /// loaded there, so that hooks run in the same order.
    pub fn preamble(&self) -> String {
        if self.scripts() {
            return String::new();
        }
        format!("LoadModule wasm_module \"{}\"\n{}", self.dist.join("mod_wasm.so").display(), self.settings())
    }

    /// Where compiled code is kept, and how long scripts may take under valgrind; after the host is loaded, before any guest is.
    pub fn settings(&self) -> String {
        let limit = memcheck::time_limit().filter(|_| self.scripts()).unwrap_or_default();
        format!("WasmCacheDir \"{}\"\n{limit}", self.cache.display())
    }

    /// The line that loads the host, with the build's own file.
    fn load_host(&self, config: &[u8]) -> Vec<u8> {
        let line = regex::bytes::Regex::new(r#"(?m)^([ \t]*LoadModule[ \t]+wasm_module[ \t]+)"?[^"\r\n]*"?"#)
            .expect("a pattern of this file");
        let host = self.dist.join("mod_wasm.so").display().to_string();
        line.replace_all(config, format!("${{1}}\"{host}\"").as_bytes()).into_owned()
    }

    /// Whether the scripts of mod_lua are swapped for guests, rather than a module for its port.
    pub fn scripts(&self) -> bool {
        self.modules.iter().any(|module| module == "lua_module")
    }

    /// Each `LoadModule` line of a swapped module becomes a `WasmApacheModule` line at the same
    /// place, so that every other line keeps its number. mod_lua's lines become those of mod_wasm.
    pub fn apply(&self, config: &[u8]) -> Vec<u8> {
        let migrated = if self.scripts() { self.load_host(&migrate(config)) } else { config.to_vec() };
        let line = regex::bytes::Regex::new(
            r#"(?mi)^([ \t]*)LoadModule[ \t]+"?([a-z0-9_]+)"?[ \t]+"?([^\r\n"]*?)([a-z0-9_.-]+)\.so"?[ \t]*(\r?)$"#,
        )
        .expect("a pattern of this file");
        line.replace_all(&migrated, |found: &regex::bytes::Captures| {
            let identifier = String::from_utf8_lossy(&found[2]).into_owned();
            if !self.modules.contains(&identifier) {
                return found[0].to_vec();
            }
            let guest = self.dist.join(format!("{}.wasm", String::from_utf8_lossy(&found[4])));
            let mut swapped = found[1].to_vec();
            let guest = guest.display();
            let line = match memcheck::time_limit() {
                None => format!("WasmApacheModule {identifier} \"{guest}\""),
                // Lines that follow in the same file get other numbers; those of a case are in a file of its own.
                Some(limit) => format!("<WasmApacheModule {identifier} \"{guest}\">\n{limit}</WasmApacheModule>"),
            };
            swapped.extend_from_slice(line.as_bytes());
            swapped.extend_from_slice(&found[5]);
            swapped
        })
        .into_owned()
    }

    /// Makes the cache directory if it isn't there, for its owner alone.
    pub fn make_cache(&self) -> std::io::Result<()> {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.cache)
    }
}

/// The identifiers that a config loads with `LoadModule`, in order.
pub fn loaded(config: &str) -> Vec<String> {
    let line = Regex::new(r#"(?mi)^[ \t]*LoadModule[ \t]+"?([a-z0-9_]+)"#).expect("a pattern of this file");
    line.captures_iter(config).map(|found| found[1].to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_module_is_swapped_and_lines_stay() {
        let swap = Swap { modules: vec!["headers_module".into()], dist: "/d".into(), cache: "/c".into() };
        let native = b"LoadModule dir_module modules/mod_dir.so\n  LoadModule headers_module \"/x/mod_headers.so\"\nHeader set A b\n";
        let wasm = b"LoadModule dir_module modules/mod_dir.so\n  WasmApacheModule headers_module \"/d/mod_headers.wasm\"\nHeader set A b\n";
        assert_eq!(swap.apply(native), wasm);
    }
}
