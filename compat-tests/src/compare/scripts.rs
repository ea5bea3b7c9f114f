//! Scripts of a configuration: mod_lua runs them on the native side, mod_wasm the guests on the other, whichever of the
//! two the configuration was written for. Knows where script and guest are looked for, and nothing of what they do.

use std::path::{Path, PathBuf};

use regex::Regex;

use super::directive::Line;
use super::expand::Configuration;
use crate::migrate::{migrate, to_lua};
use crate::server::{Flavour, modules};
use crate::swap::Swap;

/// Whether a configuration names scripts or guests by directives.
pub fn named(lines: &[Line]) -> bool {
    lines.iter().any(|line| language(line).is_some())
}

/// The file extension that a line's script has, `lua` or `wasm`, if it is about one.
fn language(line: &Line) -> Option<&'static str> {
    let directive = line.directive()?;
    let script = |prefix: &str| {
        let rest = directive.name.strip_prefix(prefix)?;
        let about = ["hook", "maphandler", "quickhandler", "inputfilter", "outputfilter", "authzprovider"];
        about.iter().any(|word| rest.starts_with(word)).then_some(())
    };
    let handler = |name: &str| (directive.name.ends_with("handler") && directive.arg(0) == Some(name)).then_some(());
    match (script("lua").or_else(|| handler("lua-script")), script("wasm").or_else(|| handler("wasm-script"))) {
        (Some(()), _) => Some("lua"),
        (_, Some(())) => Some("wasm"),
        _ => None,
    }
}

/// The lines as one side needs them: in its language, with the files that are there. `alone` says that the host is loaded
/// for scripts only, where mod_lua would be.
pub fn translate(
    lines: Vec<Line>,
    flavour: Flavour,
    configuration: &Configuration,
    swap: &Swap,
    alone: bool,
) -> Vec<Line> {
    let mut root = configuration.server_root.clone();
    let mut loaded = false;
    let mut translated: Vec<Line> = lines
        .into_iter()
        .map(|line| {
            let text = match flavour {
                Flavour::Native => to_lua(line.text.as_bytes()),
                Flavour::Wasm => migrate(line.text.as_bytes()),
            };
            let mut line = Line { text: String::from_utf8_lossy(&text).into_owned(), ..line };
            let Some(directive) = line.directive() else { return line };
            match (directive.name.as_str(), directive.arg(0)) {
                ("loadmodule", Some("lua_module" | "wasm_module")) => {
                    loaded = true;
                    line.text = load(flavour, swap, alone);
                }
                ("luaroot" | "wasmroot", Some(path)) => root = configuration.path(path),
                _ if language(&line).is_some() => line.text = with_files(&line, &root, configuration, swap),
                _ => {}
            }
            line
        })
        .collect();
    if !loaded {
        let source = super::directive::Source { file: "(added)".into(), line: 0 };
        translated.insert(0, Line { source, text: load(flavour, swap, alone) });
    }
    translated
}

/// What loads mod_lua or, in its place, mod_wasm.
fn load(flavour: Flavour, swap: &Swap, alone: bool) -> String {
    match flavour {
        Flavour::Native => format!("LoadModule lua_module \"{}\"", modules().join("mod_lua.so").display()),
        Flavour::Wasm if alone => {
            format!(
                "LoadModule wasm_module \"{}\"\n{}",
                swap.dist.join("mod_wasm.so").display(),
                swap.settings().trim_end()
            )
        }
        Flavour::Wasm => "# mod_wasm is loaded already".into(),
    }
}

/// A line with the script files that are there: where it says, beside the configuration, or in dist/.
fn with_files(line: &Line, root: &Path, configuration: &Configuration, swap: &Swap) -> String {
    let file = Regex::new(r#"(?:"[^"]*\.(?:lua|wasm)")|(?:[^\s"]+\.(?:lua|wasm))"#).expect("a pattern of this file");
    let found = |named: &str| -> Option<PathBuf> {
        let named = configuration.substitute(named.trim_matches('"'));
        let name = Path::new(&named).file_name()?;
        let beside = line.source.file.parent().unwrap_or(Path::new("/"));
        let places = [root.join(&named), beside.join(&named), beside.join(name), swap.dist.join(name)];
        places.into_iter().find(|place| place.exists())
    };
    let put = |captures: &regex::Captures| match found(&captures[0]) {
        Some(path) => format!("\"{}\"", path.display()),
        None => captures[0].to_owned(),
    };
    file.replace(&line.text, put).into_owned()
}
