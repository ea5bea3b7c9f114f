//! Everything that is made from the table; knows how each language writes a function, not what the functions do.

mod c;
mod calls;
mod guest;
mod host;
mod reference;

pub use c::header;
pub use calls::{calls_c, calls_rust};
pub use guest::imports;
pub use host::glue;
pub use reference::page;

use crate::table::{Function, Returns, Type};

/// Core parameters of a function as `(name, signed, bits)`, in order, with the buffer of a [`Returns::Bytes`] last.
fn core_parameters(function: &Function) -> Vec<(String, bool, u32)> {
    let mut core = Vec::new();
    for (name, kind) in function.parameters {
        match kind {
            Type::Bytes => core.extend([(name.to_string(), false, 32), (format!("{name}_len"), false, 32)]),
            Type::I32 => core.push((name.to_string(), true, 32)),
            Type::I64 => core.push((name.to_string(), true, 64)),
            Type::Request | Type::Table | Type::Handle | Type::U32 => core.push((name.to_string(), false, 32)),
        }
    }
    if function.returns == Returns::Bytes {
        core.extend([("buffer".to_string(), false, 32), ("capacity".to_string(), false, 32)]);
    }
    core
}
