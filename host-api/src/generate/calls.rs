//! Calling any function of the table by its name or number, in C and in Rust: for the guests that test the interface,
//! which must not forget a function. Knows how a call is written, not where its arguments come from.

use crate::table::{FUNCTIONS, Function, Returns, Type};
use std::fmt::Write;

/// The letter of a type: `r`equest, `t`able, `h`andle, `u`nsigned, `i`nteger, `l`ong, `b`ytes.
fn letter(kind: Type) -> char {
    match kind {
        Type::Request => 'r',
        Type::Table => 't',
        Type::Handle => 'h',
        Type::U32 => 'u',
        Type::I32 => 'i',
        Type::I64 => 'l',
        Type::Bytes => 'b',
    }
}

/// Text of `compat-tests/guests/calls_c/calls.h`: `EACH_FUNCTION(X)` has `X(name, parameters, answer, call)` for each
/// function; in `call` the core arguments are `P(n)`, `U(n)`, `I(n)` and `L(n)`: pointer, 32 bits and 64 bits.
pub fn calls_c() -> String {
    let mut out = String::from(
        "/* Every host function with how it is called. Made from host-api/src/table.rs: do not edit. */\n#define EACH_FUNCTION(X)",
    );
    for function in FUNCTIONS {
        let mut call = Vec::new();
        let mut put = |how: char| call.push(format!("{how}({})", call.len()));
        for (_, kind) in function.parameters {
            match kind {
                Type::Bytes => ['P', 'U'].into_iter().for_each(&mut put),
                Type::I64 => put('L'),
                Type::I32 => put('I'),
                Type::Request | Type::Table | Type::Handle | Type::U32 => put('U'),
            }
        }
        if function.returns == Returns::Bytes {
            ['P', 'U'].into_iter().for_each(&mut put);
        }
        let letters: String = function.parameters.iter().map(|(_, kind)| letter(*kind)).collect();
        let name = function.name;
        write!(out, " \\\n    X({name}, \"{letters}\", '{}', {name}({}))", answer(function), call.join(", ")).unwrap();
    }
    out.push('\n');
    out
}

/// Rust source of `call`, for a guest over the SDK's `ffi`. Expects in scope: `Arguments` with a method for each
/// type, and `Answer`.
pub fn calls_rust() -> String {
    let mut out = String::from(
        "/// Calls a host function by name; `None` where there is none of it.\n\
         pub fn call(name: &str, a: &mut Arguments) -> Option<Answer> {\n    Some(match name {\n",
    );
    for function in FUNCTIONS {
        writeln!(out, "        \"{}\" => {{", function.name).unwrap();
        let mut names = Vec::new();
        for (at, (_, kind)) in function.parameters.iter().enumerate() {
            let (method, borrow) = match kind {
                Type::Bytes => ("bytes", "&"),
                Type::I32 => ("i32", ""),
                Type::I64 => ("i64", ""),
                Type::Request | Type::Table | Type::Handle | Type::U32 => ("u32", ""),
            };
            writeln!(out, "            let p{at} = a.{method}();").unwrap();
            names.push(format!("{borrow}p{at}"));
        }
        let arguments = names.join(", ");
        let comma = if names.is_empty() { "" } else { ", " };
        let name = function.name;
        match function.returns {
            Returns::Nothing => writeln!(out, "            Answer::Number(ffi::{name}({arguments}).into())"),
            Returns::Number => writeln!(out, "            Answer::Number(ffi::{name}({arguments}))"),
            Returns::Bytes => {
                writeln!(out, "            Answer::bytes(|buffer| ffi::{name}({arguments}{comma}buffer))")
            }
        }
        .unwrap();
        out.push_str("        }\n");
    }
    out.push_str("        _ => return None,\n    })\n}\n");
    out
}

/// The letter of an answer: `n`othing, `l`ong, `b`ytes.
fn answer(function: &Function) -> char {
    match function.returns {
        Returns::Nothing => 'n',
        Returns::Number => 'l',
        Returns::Bytes => 'b',
    }
}
