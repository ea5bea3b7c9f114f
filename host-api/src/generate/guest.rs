//! The Rust guest's side: its imports, a safe function over slices for each, and the constants.

use super::core_parameters;
use crate::fields::{CONSTANTS, DIRECTIVE_FIELDS, FIELDS, TABLES};
use crate::hooks::HOOKS;
use crate::table::{FUNCTIONS, Function, GROUPS, Returns, Type};
use crate::{CODES, import_module};
use std::fmt::Write;

/// Rust source to be included by the Rust SDK: `raw` (the imports), one function over slices for each, the trait
/// `Host` that stands for them where the target is not Wasm, and the constants.
pub fn imports() -> String {
    let mut out = String::new();
    raw(&mut out);
    for function in FUNCTIONS {
        wrapper(&mut out, function);
    }
    host_trait(&mut out);
    constants(&mut out);
    out
}

fn raw(out: &mut String) {
    out.push_str("#[cfg(target_arch = \"wasm32\")]\nmod raw {\n");
    for group in GROUPS {
        writeln!(
            out,
            "    #[link(wasm_import_module = \"{}\")]\n    unsafe extern \"C\" {{",
            import_module(group.name)
        )
        .unwrap();
        for function in FUNCTIONS.iter().filter(|f| f.group == group.name) {
            let core: Vec<_> = core_parameters(function)
                .iter()
                .map(|(name, signed, bits)| format!("{name}: {}{bits}", if *signed { 'i' } else { 'u' }))
                .collect();
            writeln!(out, "        pub fn {}({}) -> {};", function.name, core.join(", "), answer(function)).unwrap();
        }
        out.push_str("    }\n");
    }
    out.push_str("}\n");
}

fn wrapper(out: &mut String, function: &Function) {
    let mut arguments = Vec::new();
    for (name, kind) in function.parameters {
        if *kind == Type::Bytes {
            arguments.extend([format!("{name}.as_ptr() as u32"), format!("{name}.len() as u32")]);
        } else {
            arguments.push(name.to_string());
        }
    }
    let mut names: Vec<_> = function.parameters.iter().map(|(name, _)| *name).collect();
    if function.returns == Returns::Bytes {
        arguments.extend(["buffer.as_mut_ptr() as u32".to_string(), "buffer.len() as u32".to_string()]);
        names.push("buffer");
    }
    writeln!(
        out,
        "/// {}.\n#[inline]\npub fn {}({}) -> {} {{\n    \
         #[cfg(target_arch = \"wasm32\")]\n    // SAFETY: the host reads and writes only inside of the slices whose addresses and lengths it is given.\n    \
         return unsafe {{ raw::{}({}) }};\n    \
         #[cfg(not(target_arch = \"wasm32\"))]\n    crate::fake::with(|host| host.{}({}))\n}}",
        function.doc,
        function.name,
        slices(function),
        answer(function),
        function.name,
        arguments.join(", "),
        function.name,
        names.join(", ")
    )
    .unwrap();
}

fn host_trait(out: &mut String) {
    out.push_str(
        "/// What stands for the host where a guest's logic is tested without httpd; what is not overridden answers NOT_NOW.\n\
         #[allow(unused_variables)]\npub trait Host {\n",
    );
    for function in FUNCTIONS {
        let parameters = slices(function);
        let comma = if parameters.is_empty() { "" } else { ", " };
        writeln!(
            out,
            "    /// {}.\n    fn {}(&mut self{comma}{parameters}) -> {} {{\n        {}\n    }}",
            function.doc,
            function.name,
            answer(function),
            if function.returns == Returns::Number { "code::NOT_NOW.into()" } else { "code::NOT_NOW" }
        )
        .unwrap();
    }
    out.push_str("}\n");
}

fn slices(function: &Function) -> String {
    let mut parameters: Vec<_> = function
        .parameters
        .iter()
        .map(|(name, kind)| match kind {
            Type::Bytes => format!("{name}: &[u8]"),
            Type::I32 => format!("{name}: i32"),
            Type::I64 => format!("{name}: i64"),
            Type::Request | Type::Table | Type::Handle | Type::U32 => format!("{name}: u32"),
        })
        .collect();
    if function.returns == Returns::Bytes {
        parameters.push("buffer: &mut [u8]".to_string());
    }
    parameters.join(", ")
}

fn answer(function: &Function) -> &'static str {
    if function.returns == Returns::Number { "i64" } else { "i32" }
}

fn constants(out: &mut String) {
    out.push_str("/// Negative answers of host functions.\npub mod code {\n");
    for (value, name, doc) in CODES {
        writeln!(out, "    /// {doc}.\n    pub const {name}: i32 = {value};").unwrap();
    }
    out.push_str("}\n/// Numbers of the fields of a request.\npub mod field {\n");
    for (number, field) in FIELDS.iter().enumerate() {
        writeln!(out, "    /// {}.\n    pub const {}: u32 = {number};", field.doc, field.name).unwrap();
    }
    out.push_str("}\n/// Numbers of the tables of a request.\npub mod table {\n");
    for (number, (name, doc, _)) in TABLES.iter().enumerate() {
        writeln!(out, "    /// {doc}.\n    pub const {name}: u32 = {number};").unwrap();
    }
    out.push_str("}\n/// Numbers of what is known of the directive being parsed.\npub mod directive_field {\n");
    for (number, (name, _, doc)) in DIRECTIVE_FIELDS.iter().enumerate() {
        writeln!(out, "    /// {doc}.\n    pub const {name}: u32 = {number};").unwrap();
    }
    out.push_str("}\n/// Bits of hooks in the mask of `ap_config_hooks`.\npub mod hook {\n");
    for (number, hook) in HOOKS.iter().enumerate() {
        writeln!(out, "    /// {}.\n    pub const {}: u64 = 1 << {number};", hook.doc, hook.name.to_uppercase())
            .unwrap();
    }
    out.push_str("}\n/// Constants of httpd.\n#[allow(missing_docs)]\npub mod constant {\n");
    for (group, name, value) in CONSTANTS {
        let kind =
            if matches!(*group, "result" | "order" | "event" | "answer" | "authz" | "authn") { "i32" } else { "u32" };
        writeln!(out, "    pub const {name}: {kind} = {value};").unwrap();
    }
    out.push_str("}\n");
}
