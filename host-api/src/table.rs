//! The table of host functions: name, group, types, meaning, counterpart in mod_lua; knows nothing of how they work.

/// Type of a parameter. All but [`Type::Bytes`] are one core value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A request: 0 is the one being served, others come from functions that say so. 32 bits.
    Request,
    /// One of a request's tables, by number (see `fields::TABLES`). 32 bits.
    Table,
    /// Any other handle: a regular expression, an expression, prepared edits. 32 bits.
    Handle,
    /// An unsigned number of 32 bits.
    U32,
    /// A signed number of 32 bits.
    I32,
    /// A signed number of 64 bits.
    I64,
    /// Bytes in the guest's memory: address and length, 32 bits each.
    Bytes,
}

/// What a host function answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returns {
    /// 32 bits: 0, or a negative code.
    Nothing,
    /// 64 bits: the number, or a negative code.
    Number,
    /// The function takes a buffer and its capacity as last parameters and answers with 32 bits: the whole length in
    /// bytes, or a negative code. The bytes are written only if all of them fit.
    Bytes,
}

/// One function that a guest may import.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Group that an administrator allows or withholds; also the import module's name.
    pub group: &'static str,
    /// Name of the import; httpd's own name where there is one.
    pub name: &'static str,
    /// Names and types of the parameters.
    pub parameters: &'static [(&'static str, Type)],
    /// The answer.
    pub returns: Returns,
    /// One line: what it does.
    pub doc: &'static str,
    /// What does the same in mod_lua; empty where nothing does.
    pub lua: &'static str,
}

/// A group of functions.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// Its name in `WasmApi` and in the import module.
    pub name: &'static str,
    /// Whether a module has it without being given it.
    pub default: bool,
    /// One line: what it lets a module do.
    pub doc: &'static str,
}

const fn group(name: &'static str, default: bool, doc: &'static str) -> Group {
    Group { name, default, doc }
}

/// Every group, in the order of the reference page.
pub const GROUPS: &[Group] = &[
    group("module", true, "describe the module, parse its directives, hold its configuration"),
    group("log", true, "write to the error log"),
    group("request", true, "read and write the fields of request_rec, and of its connection and server"),
    group("table", true, "read and edit the request's tables"),
    group("match", true, "httpd's regular expressions and ap_expr"),
    group("filter", true, "see and change bodies as they pass"),
    group("server", true, "read-only facts about the server: load, workers, SSL variables"),
];

use Returns::{Bytes as ReturnsBytes, Nothing, Number};
use Type::{Bytes, Handle, I32, I64, Request, Table, U32};

macro_rules! functions {
    ($($group:literal { $($name:ident($($p:ident: $t:expr),*) -> $r:expr, $doc:literal, $lua:literal;)* })*) => {
        /// Every host function, in the order of the reference page.
        pub const FUNCTIONS: &[Function] = &[$($(Function {
            group: $group,
            name: stringify!($name),
            parameters: &[$((stringify!($p), $t)),*],
            returns: $r,
            doc: $doc,
            lua: $lua,
        },)*)*];
    };
}

functions! {
    "module" {
        ap_module_name(name: Bytes) -> Nothing, "gives the module's name as `<IfModule>` knows it, `mod_hello.c`", "";
        ap_module_directive(name: Bytes, args_how: U32, allowed: U32, help: Bytes) -> Nothing, "declares the next directive; they are numbered from 0 in this order (command_rec)", "";
        ap_module_hook(hook: Bytes, order: I32, predecessors: Bytes, successors: Bytes) -> Nothing, "orders an exported hook as ap_hook_* does; the lists hold module names separated by spaces", "";
        ap_module_output_filter(name: Bytes, filter_type: U32) -> Nothing, "declares the next output filter; numbered from 0 (ap_register_output_filter)", "LuaOutputFilter";
        ap_module_input_filter(name: Bytes, filter_type: U32) -> Nothing, "declares the next input filter; numbered from 0 (ap_register_input_filter)", "LuaInputFilter";
        ap_directive_args() -> ReturnsBytes, "the arguments of the directive being parsed: as one string for RAW_ARGS, else words that each end with a NUL", "";
        ap_directive_field(field: U32) -> ReturnsBytes, "a text of the cmd_parms of the directive being parsed", "";
        ap_directive_number(field: U32) -> Number, "a number of the cmd_parms of the directive being parsed", "";
        ap_directive_error(text: Bytes) -> Nothing, "gives the error text; the directive's function then returns 1", "";
        ap_get_module_config(r: Request, kind: U32) -> Number, "this module's configuration for the request, as its own create or merge function returned it: 0 per directory, 1 per server", "";
        ap_error_text() -> ReturnsBytes, "why the last host function answered FAILED", "";
    }
    "log" {
        ap_log_rerror(r: Request, file: Bytes, line: U32, level: U32, status: I32, message: Bytes) -> Nothing, "logs about a request; a status other than 0 is printed as APR's error text", "r:emerg … r:trace8";
        ap_log_error(r: Request, file: Bytes, line: U32, level: U32, status: I32, message: Bytes) -> Nothing, "logs about the server of a request, without the client; outside a request about the main server", "";
        ap_log_level(r: Request) -> Number, "the level in force for this module and request: messages above it are dropped", "";
        ap_server_log_level(r: Request) -> Number, "the same for ap_log_error: that of the request's server, whatever its directories say", "";
    }
    "request" {
        ap_request_field(r: Request, field: U32) -> ReturnsBytes, "a text field of the request, its connection or its server", "r.filename …";
        ap_request_number(r: Request, field: U32) -> Number, "a numeric field of the request, its connection or its server", "r.status …";
        ap_request_set_field(r: Request, field: U32, value: Bytes) -> Nothing, "writes a text field", "r.filename = …";
        ap_request_unset_field(r: Request, field: U32) -> Nothing, "sets a text field to NULL", "r.filename = nil";
        ap_request_set_number(r: Request, field: U32, value: I64) -> Nothing, "writes a numeric field", "r.status = …";
        ap_set_content_type_ex(r: Request, value: Bytes, trusted: U32) -> Nothing, "sets the content type; trusted is 1 where it comes from the configuration", "r.content_type = …";
        ap_rwrite(r: Request, data: Bytes) -> Nothing, "sends bytes of the response body", "r:write, r:puts";
        ap_rflush(r: Request) -> Nothing, "sends what is buffered", "r:flush";
        apr_time_now() -> Number, "the time in microseconds since 1970", "r:clock";
    }
    "table" {
        apr_table_get(r: Request, table: Table, name: Bytes) -> ReturnsBytes, "the first value of a name", "t[k]";
        apr_table_get_all(r: Request, table: Table, name: Bytes) -> ReturnsBytes, "every value of a name, each ending with a NUL; NONE where there is none", "r:headers_in_table()";
        apr_table_elts(r: Request, table: Table) -> ReturnsBytes, "the whole table in order: name, NUL, value, NUL, and so on", "r:headers_in_table()";
        apr_table_set(r: Request, table: Table, name: Bytes, value: Bytes) -> Nothing, "replaces every value of a name by one", "t[k] = v";
        apr_table_add(r: Request, table: Table, name: Bytes, value: Bytes) -> Nothing, "adds an entry", "";
        apr_table_merge(r: Request, table: Table, name: Bytes, value: Bytes) -> Nothing, "appends to the first value of a name, after a comma", "";
        apr_table_unset(r: Request, table: Table, name: Bytes) -> Nothing, "removes every value of a name", "t[k] = nil";
        apr_table_clear(r: Request, table: Table) -> Nothing, "removes everything", "";
        ap_table_prepare(edits: Bytes) -> Number, "makes a handle of a list of edits, each `s`et, `a`dd, `m`erge or `u`nset, then name, NUL, value, NUL", "";
        ap_table_apply(r: Request, table: Table, edits: Handle) -> Nothing, "does a list of prepared edits in one call, without copying a string", "";
    }
    "match" {
        ap_regcomp(pattern: Bytes, flags: U32) -> Number, "a handle of a compiled pattern with RegexDefaultOptions added; FAILED where it does not compile", "r:regex";
        ap_regexec(regex: Handle, subject: Bytes, count: U32, flags: U32) -> ReturnsBytes, "matches: start and end (32-bit little endian, -1 for a group that did not take part) of each group, up to count; NONE where it does not match", "r:regex";
        ap_expr_parse(text: Bytes, flags: U32) -> Number, "a handle of a parsed expression; FAILED with an error text", "r:expr";
        ap_expr_exec(r: Request, expression: Handle) -> Number, "1 where a boolean expression holds, else 0; FAILED with an error text", "r:expr";
        ap_expr_str_exec(r: Request, expression: Handle) -> ReturnsBytes, "the value of a string expression; FAILED with an error text", "";
    }
    "filter" {
        ap_add_output_filter(r: Request, name: Bytes) -> Nothing, "adds an output filter by name; NONE where no such filter is registered", "r:add_output_filter";
        ap_add_input_filter(r: Request, name: Bytes) -> Nothing, "adds an input filter by name; NONE where no such filter is registered", "r:add_input_filter";
        ap_filter_read(offset: U32, count: U32) -> ReturnsBytes, "bytes of the present chunk from an offset on, at most so many", "bucket";
        ap_filter_write(data: Bytes) -> Nothing, "passes bytes on in place of the present chunk", "coroutine.yield(data)";
    }
    "server" {
        ap_get_loadavg() -> ReturnsBytes, "the load of 1, 5 and 15 minutes, three 64-bit floats, little endian", "";
        ap_get_sload() -> ReturnsBytes, "idle and busy workers in percent, two 32-bit numbers, little endian", "";
        ap_ssl_var_lookup(r: Request, name: Bytes) -> ReturnsBytes, "an SSL variable; NONE without mod_ssl or where it is empty", "r:ssl_var_lookup";
        ap_exists_config_define(name: Bytes) -> Number, "1 where -D or Define gave the name, else 0", "r.exists_config_define";
    }
}
