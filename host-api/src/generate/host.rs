//! The host's side: a trait per group for the functions themselves, and the linking of each to its import.

use super::core_parameters;
use crate::fields::{DIRECTIVE_FIELDS, FIELDS, TABLES};
use crate::hooks::HOOKS;
use crate::table::{FUNCTIONS, Function, GROUPS, Returns, Type};
use crate::{CODES, MARKER, import_module};
use std::fmt::Write;

/// Rust source of the traits `<Group>Functions` and of `link`, to be included by mod_wasm.
///
/// The traits take decoded arguments and answer with values, and know nothing of linear memory, so that another door
/// (a component) can call them as well. Expects in scope: `Reply<T>`, and `door::{parts, bytes, nothing, number, fill}`.
pub fn glue() -> String {
    let mut out = String::new();
    for group in GROUPS {
        writeln!(out, "/// Group `{}`: {}.", group.name, group.doc).unwrap();
        writeln!(out, "pub trait {}Functions {{", capital(group.name)).unwrap();
        for function in functions(group.name) {
            writeln!(out, "    /// {}.", function.doc).unwrap();
            writeln!(out, "    fn {}(&mut self{}) -> {};", function.name, signature(function), reply(function))
                .unwrap();
        }
        out.push_str("}\n\n");
    }
    let bounds: Vec<_> = GROUPS.iter().map(|g| format!("{}Functions", capital(g.name))).collect();
    writeln!(
        out,
        "/// Links the functions of every group for which `allowed` says yes.\n\
         pub fn link<T: door::Door + {}>(linker: &mut wasmtime::Linker<T>, allowed: impl Fn(&str) -> bool) -> wasmtime::Result<()> {{",
        bounds.join(" + ")
    )
    .unwrap();
    for group in GROUPS {
        writeln!(out, "    if allowed(\"{}\") {{", group.name).unwrap();
        for function in functions(group.name) {
            link_one(&mut out, function);
        }
        out.push_str("    }\n");
    }
    out.push_str("    Ok(())\n}\n");
    numbers(&mut out);
    out
}

/// The numbers by which fields and tables are asked for.
fn numbers(out: &mut String) {
    out.push_str(
        "/// Numbers of the interface.\n#[allow(missing_docs, dead_code)]\npub mod number {\n    pub mod field {\n",
    );
    for (number, field) in FIELDS.iter().enumerate() {
        writeln!(out, "        pub const {}: u32 = {number};", field.name).unwrap();
    }
    out.push_str("    }\n    pub mod table {\n");
    for (number, (name, ..)) in TABLES.iter().enumerate() {
        writeln!(out, "        pub const {name}: u32 = {number};").unwrap();
    }
    out.push_str("    }\n    pub mod directive_field {\n");
    for (number, (name, ..)) in DIRECTIVE_FIELDS.iter().enumerate() {
        writeln!(out, "        pub const {name}: u32 = {number};").unwrap();
    }
    out.push_str("    }\n}\n/// Every hook's export, in the order of its bit.\npub const HOOK_EXPORTS: &[&str] = &[\n");
    for hook in HOOKS {
        writeln!(out, "    \"ap_hook_{}\",", hook.name).unwrap();
    }
    out.push_str(
        "];\n/// Groups that a module has without being given them.\npub const DEFAULT_GROUPS: &[&str] = &[\n",
    );
    for group in GROUPS.iter().filter(|g| g.default) {
        writeln!(out, "    \"{}\",", group.name).unwrap();
    }
    out.push_str("];\n/// Every group.\npub const GROUPS: &[&str] = &[\n");
    for group in GROUPS {
        writeln!(out, "    \"{}\",", group.name).unwrap();
    }
    out.push_str("];\n/// Every function: import module and name.\npub const FUNCTIONS: &[(&str, &str)] = &[\n");
    for function in FUNCTIONS {
        writeln!(out, "    (\"{}\", \"{}\"),", import_module(function.group), function.name).unwrap();
    }
    out.push_str("];\n/// Codes of failed calls.\n#[allow(dead_code)]\npub mod code {\n");
    for (value, name, doc) in CODES {
        writeln!(out, "    /// {doc}.\n    pub const {name}: i32 = {value};").unwrap();
    }
    writeln!(out, "}}\n/// Export that marks an extension.\npub const MARKER: &str = \"{MARKER}\";").unwrap();
}

fn functions(group: &'static str) -> impl Iterator<Item = &'static Function> {
    FUNCTIONS.iter().filter(move |f| f.group == group)
}

fn link_one(out: &mut String, function: &Function) {
    let core: String = core_parameters(function)
        .iter()
        .map(|(name, signed, bits)| format!(", {name}: {}{bits}", if *signed { 'i' } else { 'u' }))
        .collect();
    let answer = if function.returns == Returns::Number { "i64" } else { "i32" };
    writeln!(
        out,
        "        linker.func_wrap(\"{}\", \"{}\", |mut caller: wasmtime::Caller<'_, T>{core}| -> wasmtime::Result<{answer}> {{",
        import_module(function.group),
        function.name
    )
    .unwrap();
    let uses_memory = function.returns == Returns::Bytes || function.parameters.iter().any(|(_, t)| *t == Type::Bytes);
    let memory = if uses_memory { "memory" } else { "_" };
    writeln!(out, "            let ({memory}, host) = door::parts(&mut caller);").unwrap();
    let mut arguments = Vec::new();
    for (name, kind) in function.parameters {
        if *kind == Type::Bytes {
            arguments.push(format!("door::bytes(memory, {name}, {name}_len)?"));
        } else {
            arguments.push(name.to_string());
        }
    }
    let call = format!("host.{}({})", function.name, arguments.join(", "));
    match function.returns {
        Returns::Nothing => writeln!(out, "            Ok(door::nothing({call}))"),
        Returns::Number => writeln!(out, "            Ok(door::number({call}))"),
        Returns::Bytes => {
            writeln!(out, "            let answer = {call};\n            door::fill(memory, buffer, capacity, answer)")
        }
    }
    .unwrap();
    out.push_str("        })?;\n");
}

fn signature(function: &Function) -> String {
    function.parameters.iter().fold(String::new(), |mut out, (name, kind)| {
        let rust = match kind {
            Type::Bytes => "&[u8]",
            Type::I32 => "i32",
            Type::I64 => "i64",
            Type::Request | Type::Table | Type::Handle | Type::U32 => "u32",
        };
        write!(out, ", {name}: {rust}").unwrap();
        out
    })
}

fn reply(function: &Function) -> &'static str {
    match function.returns {
        Returns::Nothing => "Reply<()>",
        Returns::Number => "Reply<i64>",
        Returns::Bytes => "Reply<&[u8]>",
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
