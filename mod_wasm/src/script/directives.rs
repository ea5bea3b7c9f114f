//! The directives of scripts, in the form that mod_lua's have.

use super::authz::{Provider, Requirement};
use super::config::{CodeCache, Function, Inherit, MapHandler, NamedFilter, Phase, When};
use super::{hooks, load};
use crate::httpd::own::{NOT_IN_DIRECTORY, NOT_IN_FILES, NOT_IN_HTACCESS, OR_ALL, TAKE1, TAKE2, TAKE3, TAKE23};
use crate::httpd::regex::Regex;
use crate::httpd::{Pool, script};
use crate::own::{Command, Dir, Directive};
use crate::process;
use std::ffi::CStr;
use std::sync::Arc;

/// Its directives.
pub(crate) const COMMANDS: &[Command] = &[
    hook(c"WasmHookPreTranslateName", TAKE2, 0, FILE_FUNCTION),
    hook(c"WasmHookTranslateName", TAKE23, ONLY_SERVERS, FILE_FUNCTION_WHEN),
    hook(c"WasmHookMapToStorage", TAKE2, 0, FILE_FUNCTION),
    hook(c"WasmHookAccessChecker", TAKE23, 0, FILE_FUNCTION_WHEN),
    hook(c"WasmHookCheckUserID", TAKE23, 0, FILE_FUNCTION_WHEN),
    hook(c"WasmHookAuthChecker", TAKE23, 0, FILE_FUNCTION_WHEN),
    hook(c"WasmHookTypeChecker", TAKE2, 0, FILE_FUNCTION),
    hook(c"WasmHookFixups", TAKE2, 0, FILE_FUNCTION),
    hook(c"WasmHookInsertFilter", TAKE2, 0, FILE_FUNCTION),
    hook(c"WasmHookLog", TAKE2, 0, FILE_FUNCTION),
    hook(c"WasmQuickHandler", TAKE2, ONLY_SERVERS, FILE_FUNCTION),
    command(
        c"WasmMapHandler",
        TAKE23,
        ONLY_SERVERS,
        map_handler,
        c"a regular expression of URLs, a WebAssembly file, and a function of it (handle)",
    ),
    command(
        c"WasmOutputFilter",
        TAKE3,
        ONLY_SERVERS,
        output_filter,
        c"the name of a filter, a WebAssembly file, and a function of it",
    ),
    command(
        c"WasmInputFilter",
        TAKE3,
        ONLY_SERVERS,
        input_filter,
        c"the name of a filter, a WebAssembly file, and a function of it",
    ),
    command(c"WasmCodeCache", TAKE1, 0, code_cache, c"when files are loaded again: stat, forever or never"),
    command(
        c"WasmInherit",
        TAKE1,
        0,
        inherit,
        c"whether functions of outer sections run: none, parent-first or parent-last",
    ),
    command(c"WasmRoot", TAKE1, 0, root, c"the folder in which relative paths of the directives that follow begin"),
];

/// The function of a handler that no directive names.
pub(super) const HANDLE: &str = "handle";

const FILE_FUNCTION: &CStr = c"a WebAssembly file, and a function of it";
const FILE_FUNCTION_WHEN: &CStr = c"a WebAssembly file, a function of it, and perhaps early or late";
/// In servers and in Location sections: what is asked before directories are known.
const ONLY_SERVERS: u32 = NOT_IN_DIRECTORY | NOT_IN_FILES | NOT_IN_HTACCESS;

type Run = fn(&mut Dir, &Directive<'_>) -> Result<(), Vec<u8>>;

const fn command(name: &'static CStr, args_how: u32, never: u32, run: Run, help: &'static CStr) -> Command {
    Command { name, args_how, allowed: OR_ALL, never, help, run }
}

const fn hook(name: &'static CStr, args_how: u32, never: u32, help: &'static CStr) -> Command {
    command(name, args_how, never, run_hook, help)
}

fn phase(directive: &[u8]) -> Option<Phase> {
    const PHASES: [(&[u8], Phase); 11] = [
        (b"WasmHookPreTranslateName", Phase::PreTranslateName),
        (b"WasmHookTranslateName", Phase::TranslateName),
        (b"WasmHookMapToStorage", Phase::MapToStorage),
        (b"WasmHookAccessChecker", Phase::AccessChecker),
        (b"WasmHookCheckUserID", Phase::CheckUserId),
        (b"WasmHookAuthChecker", Phase::AuthChecker),
        (b"WasmHookTypeChecker", Phase::TypeChecker),
        (b"WasmHookFixups", Phase::Fixups),
        (b"WasmHookInsertFilter", Phase::InsertFilter),
        (b"WasmHookLog", Phase::Log),
        (b"WasmQuickHandler", Phase::QuickHandler),
    ];
    PHASES.iter().find(|(name, _)| name.eq_ignore_ascii_case(directive)).map(|(_, phase)| *phase)
}

fn run_hook(dir: &mut Dir, directive: &Directive<'_>) -> Result<(), Vec<u8>> {
    let phase = phase(&directive.context.name).ok_or("no such hook")?;
    let when = match directive.words.get(2) {
        None => When::Middle,
        Some(word) if word.eq_ignore_ascii_case(b"early") => When::Early,
        Some(word) if word.eq_ignore_ascii_case(b"late") => When::Late,
        Some(_) => return Err("Third argument must be 'early' or 'late'".into()),
    };
    let function = function(dir, directive, directive.word(0), directive.word(1), 1)?;
    if matches!(phase, Phase::AccessChecker | Phase::CheckUserId | Phase::AuthChecker) && !process::serving() {
        script::ask_again_for_subrequests();
    }
    dir.script.edit()?.add(phase, when, function);
    script::say();
    Ok(())
}

fn map_handler(dir: &mut Dir, directive: &Directive<'_>) -> Result<(), Vec<u8>> {
    let [pattern, file, name @ ..] = directive.words.as_slice() else {
        return Err("a pattern and a file are missing".into());
    };
    let name = name.first().copied().unwrap_or(HANDLE.as_bytes());
    let pattern = Regex::compile(pattern, 0).ok_or("Invalid regex pattern!")?;
    let has_groups = hooks::has_groups(file) || hooks::has_groups(name);
    let template = if has_groups {
        Function::new(path(dir, directive, file)?, text(name)?)
    } else {
        function(dir, directive, file, name, 1)?
    };
    script::say();
    dir.script.edit()?.map_handlers.push(Arc::new(MapHandler { pattern, template, has_groups }));
    Ok(())
}

fn output_filter(dir: &mut Dir, directive: &Directive<'_>) -> Result<(), Vec<u8>> {
    filter(dir, directive, true)
}

fn input_filter(dir: &mut Dir, directive: &Directive<'_>) -> Result<(), Vec<u8>> {
    filter(dir, directive, false)
}

fn filter(dir: &mut Dir, directive: &Directive<'_>, output: bool) -> Result<(), Vec<u8>> {
    let [name, file, function_name] = directive.words.as_slice() else {
        return Err("a name, a file and a function are needed".into());
    };
    let function = function(dir, directive, file, function_name, 4)?;
    if !script::register_filter(name, output) {
        return Err(format!(
            "a filter named {} is registered by another module already",
            String::from_utf8_lossy(name)
        )
        .into());
    }
    dir.script.edit()?.filters.push(Arc::new(NamedFilter { name: name.to_ascii_lowercase(), output, function }));
    Ok(())
}

fn code_cache(dir: &mut Dir, directive: &Directive<'_>) -> Result<(), Vec<u8>> {
    dir.script.edit()?.code_cache = Some(match directive.word(0).to_ascii_lowercase().as_slice() {
        b"stat" => CodeCache::Stat,
        b"forever" => CodeCache::Forever,
        b"never" => CodeCache::Never,
        _ => return Err("WasmCodeCache takes stat, forever or never".into()),
    });
    Ok(())
}

fn inherit(dir: &mut Dir, directive: &Directive<'_>) -> Result<(), Vec<u8>> {
    dir.script.edit()?.inherit = Some(match directive.word(0).to_ascii_lowercase().as_slice() {
        b"none" => Inherit::None,
        b"parent-first" => Inherit::ParentFirst,
        b"parent-last" => Inherit::ParentLast,
        _ => return Err("WasmInherit takes none, parent-first or parent-last".into()),
    });
    Ok(())
}

fn root(dir: &mut Dir, directive: &Directive<'_>) -> Result<(), Vec<u8>> {
    let root = directive.pool.server_root_relative(directive.word(0)).ok_or("WasmRoot: invalid path")?;
    dir.script.edit()?.root = Some(root.to_vec());
    Ok(())
}

/// The function that a directive names. While the configuration is read its file is loaded, so that what is wrong has
/// httpd's file and line.
fn function(
    dir: &Dir,
    directive: &Directive<'_>,
    file: &[u8],
    name: &[u8],
    parameters: usize,
) -> Result<Arc<Function>, Vec<u8>> {
    let (path, name) = (path(dir, directive, file)?, text(name)?);
    if !process::serving() {
        check(&path, name, parameters, directive.pool)?;
    }
    Ok(Function::new(path, name))
}

fn check(path: &[u8], function: &str, parameters: usize, pool: Pool<'_>) -> Result<(), Vec<u8>> {
    let default_cache = pool.runtime_dir_relative(b"mod_wasm").map(process::path);
    Ok(load::check(&process::path(path), function, parameters, default_cache, pool)?)
}

fn text(name: &[u8]) -> Result<&str, Vec<u8>> {
    std::str::from_utf8(name).map_err(|_| b"the name of a function is UTF-8".to_vec())
}

fn path(dir: &Dir, directive: &Directive<'_>, file: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
    let dirs = std::iter::once(dir).chain(directive.outer.iter().copied().flatten());
    below_root(dirs, file, directive.pool)
}

/// A file's whole path: below the first WasmRoot of the sections, else below ServerRoot.
fn below_root<'d>(mut dirs: impl Iterator<Item = &'d Dir>, file: &[u8], pool: Pool<'_>) -> Result<Vec<u8>, Vec<u8>> {
    let root = dirs.find_map(|dir| dir.script.get()?.root.as_deref());
    let path = match root {
        Some(root) if !file.starts_with(b"/") => pool.server_root_relative(&[root, b"/", file].concat()),
        _ => pool.server_root_relative(file),
    };
    Ok(path.ok_or_else(|| format!("invalid path {}", String::from_utf8_lossy(file)))?.to_vec())
}

/// One Require line with the name of a provider, in a server's or directory's section.
pub(crate) fn require<'d>(
    provider: &Provider,
    dirs: impl Iterator<Item = &'d Dir>,
    arguments: Vec<u8>,
    pool: Pool<'_>,
) -> Result<Requirement, Vec<u8>> {
    let path = below_root(dirs, &provider.file, pool)?;
    if !process::serving() {
        check(&path, &provider.function, 1, pool)?;
    }
    Ok(Requirement { function: Function::new(path, &provider.function), arguments })
}
