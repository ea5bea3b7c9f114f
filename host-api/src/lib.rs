//! The contract between mod_wasm and its guests, defined once as data; knows neither wasmtime nor httpd.
//!
//! [`table::FUNCTIONS`] lists every function that a guest may import, [`fields::FIELDS`] every value that it may read
//! by number, [`hooks::HOOKS`] every hook that it may export. The host's glue, the guests' imports, the C header and
//! the reference page are made from these lists by [`generate`].

pub mod fields;
pub mod generate;
pub mod hooks;
pub mod table;

/// Version of the binary interface; the last part of each import module's name and of the marker export.
pub const ABI_VERSION: u32 = 1;

/// Name of the export that marks an extension.
pub const MARKER: &str = "apache_abi_version_1";

/// Import module of a group: `table` becomes `apache.table.1`.
pub fn import_module(group: &str) -> String {
    format!("apache.{group}.{ABI_VERSION}")
}

/// What a negative answer of a host function means, in all languages the same.
///
/// `(value, name, meaning)`; 0 and above are results (a status of 0, a length in bytes, a number).
pub const CODES: &[(i32, &str, &str)] = &[
    (-1, "NONE", "nothing is there: no such entry, no match, a field that is NULL"),
    (-2, "BAD_HANDLE", "the handle is not one that this instance holds now"),
    (-3, "BAD_VALUE", "an argument is out of its range or holds a NUL byte"),
    (-4, "NOT_NOW", "the function has no meaning in the present phase"),
    (-5, "FAILED", "httpd refused or failed; ap_error_text says why"),
    (-6, "LIMIT", "a limit of this module was reached"),
];
