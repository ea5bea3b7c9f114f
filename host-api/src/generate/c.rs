//! The C guest's side: one header.

use super::core_parameters;
use crate::fields::{CONSTANTS, DIRECTIVE_FIELDS, FIELDS, TABLES};
use crate::hooks::HOOKS;
use crate::table::{FUNCTIONS, GROUPS, Returns};
use crate::{ABI_VERSION, CODES, import_module};
use std::fmt::Write;

/// Text of `host-api/sdk/c/include/apache_functions.h`.
pub fn header() -> String {
    let mut out = format!(
        "/* Host functions of mod_wasm, interface version {ABI_VERSION}. Made from host-api/src/table.rs: do not edit. */\n\
         #ifndef APACHE_FUNCTIONS_H\n#define APACHE_FUNCTIONS_H\n\n#include <stdint.h>\n\n"
    );
    for (value, name, doc) in CODES {
        writeln!(out, "#define AP_{name} ({value}) /* {doc} */").unwrap();
    }
    out.push('\n');
    for (_, name, value) in CONSTANTS {
        writeln!(out, "#define {name} ({value})").unwrap();
    }
    out.push('\n');
    for (number, field) in FIELDS.iter().enumerate() {
        writeln!(out, "#define AP_FIELD_{} {number} /* {} */", field.name, field.doc).unwrap();
    }
    out.push('\n');
    for (number, (name, doc, _)) in TABLES.iter().enumerate() {
        writeln!(out, "#define AP_TABLE_{name} {number} /* {doc} */").unwrap();
    }
    out.push('\n');
    for (number, (name, _, doc)) in DIRECTIVE_FIELDS.iter().enumerate() {
        writeln!(out, "#define AP_DIRECTIVE_{name} {number} /* {doc} */").unwrap();
    }
    out.push('\n');
    for (number, hook) in HOOKS.iter().enumerate() {
        writeln!(out, "#define AP_HOOK_{} (1u << {number}) /* {} */", hook.name.to_uppercase(), hook.doc).unwrap();
    }
    for group in GROUPS {
        writeln!(out, "\n/* Group {}: {}. */", group.name, group.doc).unwrap();
        for function in FUNCTIONS.iter().filter(|f| f.group == group.name) {
            let core: Vec<_> = core_parameters(function)
                .iter()
                .map(|(name, signed, bits)| {
                    let pointer = *bits == 32 && (name == "buffer" || core_is_bytes(function, name));
                    match (pointer, signed) {
                        (true, _) if name == "buffer" => "void *buffer".to_string(),
                        (true, _) => format!("const void *{name}"),
                        (false, true) => format!("int{bits}_t {name}"),
                        (false, false) => format!("uint{bits}_t {name}"),
                    }
                })
                .collect();
            let core = if core.is_empty() { "void".to_string() } else { core.join(", ") };
            let answer = if function.returns == Returns::Number { "int64_t" } else { "int32_t" };
            writeln!(
                out,
                "/* {}. */\n__attribute__((import_module(\"{}\"), import_name(\"{}\")))\n{answer} {}({core});",
                function.doc,
                import_module(group.name),
                function.name,
                function.name
            )
            .unwrap();
        }
    }
    out.push_str("\n#endif\n");
    out
}

fn core_is_bytes(function: &crate::table::Function, name: &str) -> bool {
    function.parameters.iter().any(|(n, t)| *n == name && *t == crate::table::Type::Bytes)
}
