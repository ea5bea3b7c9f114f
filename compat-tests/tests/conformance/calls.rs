//! How calls are written in a query string; knows the numbers of the interface by their names.

use host_api::fields::{CONSTANTS, DIRECTIVE_FIELDS, FIELDS, TABLES};
use regex::{Captures, Regex};

/// `field.URI`, `table.NOTES`, `directive.NAME` and `const.OR_ALL` become their numbers.
pub fn numbers_for_names(call: &str) -> String {
    let names = Regex::new(r"\b(field|table|directive|const)\.([A-Z0-9_]+)").expect("a pattern of this file");
    let number = |found: &Captures<'_>| {
        let name = &found[2];
        let position = match &found[1] {
            "field" => FIELDS.iter().position(|field| field.name == name).map(|at| at as i64),
            "table" => TABLES.iter().position(|table| table.0 == name).map(|at| at as i64),
            "directive" => DIRECTIVE_FIELDS.iter().position(|field| field.0 == name).map(|at| at as i64),
            _ => CONSTANTS.iter().find(|constant| constant.1 == name).map(|constant| constant.2),
        };
        position.unwrap_or_else(|| panic!("{call}: there is no {}", &found[0])).to_string()
    };
    names.replace_all(call, number).into_owned()
}

/// What can't stand in a request line is escaped; the guests undo it.
pub fn encoded(call: &str) -> String {
    let escaped = |byte: u8| byte <= b' ' || byte >= 0x7f || b"\"<>^{}|\\#`".contains(&byte);
    call.bytes().map(|byte| if escaped(byte) { format!("%{byte:02x}") } else { char::from(byte).to_string() }).collect()
}
