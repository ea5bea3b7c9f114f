//! A module made open: the host is given a way to all that a call of an instance may change, so that an instance can begin
//! anew (`renewal`). Knows bytes of modules, and no instance.

use wasm_encoder::{ExportKind, ExportSection, Module, RawSection};
use wasmparser::{ExportSectionReader, ExternalKind, Operator, Parser, Payload, TypeRef, ValType};

/// Largest module whose code is looked through, in bytes: it is at each start, also where its code is in the cache.
const LARGEST: usize = 4 << 20;
/// Most variables that are put back. Compilers make one, the stack's pointer.
const MOST: usize = 16;

/// The name under which the host reaches a guest's variable.
pub(super) fn name(number: usize) -> String {
    format!("\0variable {number}")
}

/// The module with each of its variables exported ([`name`]), and how many there are; `None` where a call may change what
/// nobody can put back: a table, which segments are there, what a start function did, something that isn't the instance's own.
pub(super) fn open(wasm: &[u8]) -> Option<(Vec<u8>, usize)> {
    if wasm.len() > LARGEST {
        return None;
    }
    let mut module = Module::new();
    let mut variables = Vec::new();
    let mut exports = None;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.ok()?;
        match &payload {
            Payload::ImportSection(imports) => {
                for import in imports.clone().into_imports() {
                    matches!(import.ok()?.ty, TypeRef::Func(_)).then_some(())?;
                }
            }
            Payload::GlobalSection(globals) => {
                for (number, global) in (0..).zip(globals.clone()) {
                    let kind = global.ok()?.ty;
                    if kind.mutable {
                        let is_number =
                            matches!(kind.content_type, ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64);
                        (is_number && !kind.shared && variables.len() < MOST).then(|| variables.push(number))?;
                    }
                }
            }
            Payload::StartSection { .. } => return None,
            Payload::CodeSectionEntry(body) => {
                for operator in body.get_operators_reader().ok()? {
                    stays(&operator.ok()?).then_some(())?;
                }
            }
            _ => {}
        }
        if let Payload::ExportSection(section) = payload {
            module.section(exports.insert(with(section, &variables)?));
        } else if let Some((id, range)) = payload.as_section() {
            module.section(&RawSection { id, data: wasm.get(range)? });
        }
    }
    exports.map(|_| (module.finish(), variables.len()))
}

/// Whether an instruction leaves tables and segments as they are. Variables and memory are put back.
fn stays(operator: &Operator<'_>) -> bool {
    !matches!(
        operator,
        Operator::TableSet { .. }
            | Operator::TableGrow { .. }
            | Operator::TableFill { .. }
            | Operator::TableCopy { .. }
            | Operator::TableInit { .. }
            | Operator::ElemDrop { .. }
            | Operator::DataDrop { .. }
    )
}

/// The module's exports, and its variables.
fn with(section: ExportSectionReader<'_>, variables: &[u32]) -> Option<ExportSection> {
    let mut exports = ExportSection::new();
    for export in section {
        let export = export.ok()?;
        let kind = match export.kind {
            ExternalKind::Func => ExportKind::Func,
            ExternalKind::Table => ExportKind::Table,
            ExternalKind::Memory => ExportKind::Memory,
            ExternalKind::Global => ExportKind::Global,
            _ => return None,
        };
        // A guest may not speak for the host.
        (!export.name.starts_with('\0')).then(|| exports.export(export.name, kind, export.index))?;
    }
    for (number, variable) in variables.iter().enumerate() {
        exports.export(&name(number), ExportKind::Global, *variable);
    }
    Some(exports)
}
