//! The reference page in Markdown.

use crate::fields::{DIRECTIVE_FIELDS, FIELDS, TABLES};
use crate::hooks::{HOOKS, Shape};
use crate::table::{FUNCTIONS, GROUPS, Returns, Type};
use crate::{ABI_VERSION, CODES, MARKER, import_module};
use std::fmt::Write;

/// Text of `docs/host-api.md`.
pub fn page() -> String {
    let mut out = format!(
        "# The host API, version {ABI_VERSION}\n\n\
         Made from `host-api/src/`; `scripts/build` writes it anew. A guest that is an extension exports `{MARKER}`.\n\n\
         Bytes are given as address and length. A function that answers with bytes takes a buffer and its capacity as \
         last parameters, writes only if all fits, and always answers with the whole length. Strings are bytes, not \
         UTF-8, and hold no NUL. A pointer outside of the guest's memory ends the call with a trap.\n\n\
         ## Codes\n\n| value | name | meaning |\n|---|---|---|\n"
    );
    for (value, name, doc) in CODES {
        writeln!(out, "| {value} | {name} | {doc} |").unwrap();
    }
    for group in GROUPS {
        let given = if group.default { "given to every module" } else { "to be asked for with `WasmApi`" };
        writeln!(
            out,
            "\n## Group `{}`\n\n{}; {given}. Import module `{}`.\n\n| function | meaning | mod_lua |\n|---|---|---|",
            group.name,
            upper_first(group.doc),
            import_module(group.name)
        )
        .unwrap();
        for function in FUNCTIONS.iter().filter(|f| f.group == group.name) {
            let parameters: Vec<_> =
                function.parameters.iter().map(|(n, t)| format!("{n}: {}", type_name(*t))).collect();
            let answer = match function.returns {
                Returns::Nothing => "",
                Returns::Number => " → number",
                Returns::Bytes => " → bytes",
            };
            writeln!(
                out,
                "| `{}({}){answer}` | {} | {} |",
                function.name,
                parameters.join(", "),
                function.doc.replace('|', "\\|"),
                code(function.lua)
            )
            .unwrap();
        }
    }
    lists(&mut out);
    out
}

fn lists(out: &mut String) {
    out.push_str("\n## Fields of a request\n\n| number | name | kind | is | mod_lua |\n|---|---|---|---|---|\n");
    for (number, f) in FIELDS.iter().enumerate() {
        let access = if f.writable { "read, write" } else { "read" };
        writeln!(out, "| {number} | {} | {:?}, {access} | {} | {} |", f.name, f.kind, f.doc, code(f.lua)).unwrap();
    }
    out.push_str("\n## Tables of a request\n\n| number | name | is | mod_lua |\n|---|---|---|---|\n");
    for (number, (name, doc, lua)) in TABLES.iter().enumerate() {
        writeln!(out, "| {number} | {name} | {doc} | {} |", code(lua)).unwrap();
    }
    out.push_str("\n## Fields of the directive being parsed\n\n| number | name | kind | is |\n|---|---|---|---|\n");
    for (number, (name, kind, doc)) in DIRECTIVE_FIELDS.iter().enumerate() {
        writeln!(out, "| {number} | {name} | {kind:?} | {doc} |").unwrap();
    }
    out.push_str("\n## Hooks\n\nA guest is registered for a hook by exporting `ap_hook_<name>`.\n\n| bit | hook | answers | when |\n|---|---|---|---|\n");
    for (number, hook) in HOOKS.iter().enumerate() {
        let shape = match hook.shape {
            Shape::RunAll => "a status; all run until one is neither OK nor DECLINED",
            Shape::RunFirst => "a status; the first that is not DECLINED ends the phase",
            Shape::Void => "nothing",
            Shape::Config => "OK; anything else keeps the server from starting",
            Shape::Server => "nothing that matters",
        };
        writeln!(out, "| {number} | `ap_hook_{}` | {shape} | {} |", hook.name, hook.doc).unwrap();
    }
}

fn type_name(kind: Type) -> &'static str {
    match kind {
        Type::Request => "request",
        Type::Table => "table",
        Type::Handle => "handle",
        Type::U32 => "u32",
        Type::I32 => "i32",
        Type::I64 => "i64",
        Type::Bytes => "bytes",
    }
}

fn code(text: &str) -> String {
    if text.is_empty() { "–".to_string() } else { format!("`{}`", text.replace('|', "\\|")) }
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
