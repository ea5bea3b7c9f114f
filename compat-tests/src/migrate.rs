//! A configuration of mod_lua as one of mod_wasm, and the other way: the same lines with other names. It knows the names
//! and no meaning.
use regex::bytes::{Captures, Regex};

/// The same configuration for mod_wasm, line by line: `LuaHookFixups hooks.lua f` becomes `WasmHookFixups hooks.wasm f`.
///
/// Directives begin with `Wasm` instead of `Lua`, files end in `.wasm`, handlers are `wasm-…`, `LogLevel lua:…` speaks of
/// `wasm`, and the line that loads mod_lua loads mod_wasm. No line moves.
pub fn migrate(config: &[u8]) -> Vec<u8> {
    let name = Regex::new(
        r#"(?mx) ^(?<load>[\ \t]*LoadModule[\ \t]+)lua_module(?<path>[^\r\n]*)mod_lua\.so
        | ^(?<indent>[\ \t]*)Lua(?<directive>[A-Z]\w*)
        | \blua(?<handler>-script|-map-handler)\b
        | ^(?<level>[\ \t]*LogLevel\b[^\r\n]*?)\blua:
        | \.lua\b"#,
    )
    .expect("a pattern of this file");
    let new = |found: &Captures| {
        let text = |name: &str| found.name(name).map(|part| String::from_utf8_lossy(part.as_bytes()).into_owned());
        if let (Some(load), Some(path)) = (text("load"), text("path")) {
            format!("{load}wasm_module{path}mod_wasm.so")
        } else if let (Some(indent), Some(directive)) = (text("indent"), text("directive")) {
            format!("{indent}Wasm{directive}")
        } else if let Some(handler) = text("handler") {
            format!("wasm{handler}")
        } else if let Some(level) = text("level") {
            format!("{level}wasm:")
        } else {
            ".wasm".to_owned()
        }
        .into_bytes()
    };
    name.replace_all(config, new).into_owned()
}

/// What follows `Lua` or `Wasm` in the directives that both modules have.
const SHARED: &str = "Root|Scope|CodeCache|Inherit|MapHandler|QuickHandler|InputFilter|OutputFilter|AuthzProvider\
    |Hook(?:PreTranslateName|TranslateName|MapToStorage|AccessChecker|CheckUserID|AuthChecker|TypeChecker|Fixups|Log)";

/// The other way: what mod_lua has too gets its name there, what only mod_wasm has becomes a comment. No line moves.
pub fn to_lua(config: &[u8]) -> Vec<u8> {
    let pattern = format!(
        r#"(?mx) ^(?<load>[\ \t]*LoadModule[\ \t]+)wasm_module[\ \t]+(?<path>"?[^"\r\n]*?)mod_wasm\.so
        | ^(?<indent>[\ \t]*)Wasm(?<directive>{SHARED})\b
        | ^(?<own>[\ \t]*</?Wasm\w+|[\ \t]*Wasm\w+)
        | \bwasm(?<handler>-script|-map-handler)\b
        | ^(?<level>[\ \t]*LogLevel\b[^\r\n]*?)\bwasm:
        | \.wasm\b"#
    );
    let new = |found: &Captures| {
        let text = |name: &str| found.name(name).map(|part| String::from_utf8_lossy(part.as_bytes()).into_owned());
        if let (Some(load), Some(path)) = (text("load"), text("path")) {
            format!("{load}lua_module {path}mod_lua.so")
        } else if let (Some(indent), Some(directive)) = (text("indent"), text("directive")) {
            format!("{indent}Lua{directive}")
        } else if let Some(own) = text("own") {
            format!("#{own}")
        } else if let Some(handler) = text("handler") {
            format!("lua{handler}")
        } else if let Some(level) = text("level") {
            format!("{level}lua:")
        } else {
            ".lua".to_owned()
        }
        .into_bytes()
    };
    Regex::new(&pattern).expect("a pattern of this file").replace_all(config, new).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_and_nothing_else() {
        let lua = "LoadModule lua_module modules/mod_lua.so\nLogLevel warn lua:debug\n<Location /lua>\n\
                   \tLuaHookFixups \"${ROOT}/a.lua\" fix early\n  SetHandler lua-script\n</Location>\n\
                   <IfModule mod_lua.c>\n</IfModule>\nLuaMapHandler ^/(a)$ dir/$1.lua handle_$1\nAlias /Lua /x/LuaRoot\n";
        let wasm = "LoadModule wasm_module modules/mod_wasm.so\nLogLevel warn wasm:debug\n<Location /lua>\n\
                    \tWasmHookFixups \"${ROOT}/a.wasm\" fix early\n  SetHandler wasm-script\n</Location>\n\
                    <IfModule mod_lua.c>\n</IfModule>\nWasmMapHandler ^/(a)$ dir/$1.wasm handle_$1\nAlias /Lua /x/LuaRoot\n";
        assert_eq!(String::from_utf8(migrate(lua.as_bytes())).unwrap(), wasm);
        assert_eq!(String::from_utf8(to_lua(wasm.as_bytes())).unwrap(), lua);
    }

    #[test]
    fn what_only_mod_wasm_has_is_a_comment_for_mod_lua() {
        let wasm = "WasmApi +file\n  WasmHookInsertFilter a.wasm f\n<WasmApacheModule a_module a.wasm>\nWasmHookFixups a.wasm f\n";
        let lua = "#WasmApi +file\n#  WasmHookInsertFilter a.lua f\n#<WasmApacheModule a_module a.lua>\nLuaHookFixups a.lua f\n";
        assert_eq!(String::from_utf8(to_lua(wasm.as_bytes())).unwrap(), lua);
    }
}
