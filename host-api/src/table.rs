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
    group("server", true, "read-only facts about the server: load, workers, SSL variables, modules, environment"),
    group("subrequest", true, "look ahead by subrequests, and have the request go on with another URL"),
    group("stat", true, "ask for the type, size and time of a file, not for what it holds"),
    group("map", true, "look up in files, databases and programs that a directive of the server's configuration names"),
    group("text", true, "httpd's own escaping, digests, times, random numbers"),
    group("body", true, "the request's body and its form, piece by piece or whole"),
    group("response", true, "how the answer is sent: cookies, validators, error texts, interim answers"),
    group("auth", true, "credentials of the request, and passwords"),
    group(
        "status",
        false,
        "what the server is made of: modules and their directives, scoreboard, configuration with all that it holds",
    ),
    group("file", false, "read and write files and directories with the rights of httpd's user"),
    group("database", false, "connect to any database, or to that of mod_dbd, and ask it anything"),
    group("websocket", false, "take the connection over as a WebSocket"),
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
        ap_module_handler(name: Bytes) -> Nothing, "declares a handler: the hook `handler` is called only where r->handler is one that was declared, or always where none was", "";
        ap_module_output_filter(name: Bytes, filter_type: U32) -> Nothing, "declares the next output filter; numbered from 0 (ap_register_output_filter)", "LuaOutputFilter";
        ap_module_input_filter(name: Bytes, filter_type: U32) -> Nothing, "declares the next input filter; numbered from 0 (ap_register_input_filter)", "LuaInputFilter";
        ap_directive_args() -> ReturnsBytes, "the arguments of the directive being parsed: as one string for RAW_ARGS, else words that each end with a NUL", "";
        ap_directive_field(field: U32) -> ReturnsBytes, "a text of the cmd_parms of the directive being parsed", "";
        ap_directive_number(field: U32) -> Number, "a number of the cmd_parms of the directive being parsed", "";
        ap_directive_error(text: Bytes) -> Nothing, "gives the error text; the directive's function then returns 1", "";
        ap_get_module_config(r: Request, kind: U32) -> Number, "this module's configuration for the request, as its own create or merge function returned it: 0 per directory, 1 per server, 2 both, that of the server in the high 32 bits", "";
        ap_error_text() -> ReturnsBytes, "why the last host function answered FAILED", "";
        ap_error_status() -> Number, "the status of APR (an errno) with which the last host function answered FAILED, 0 where there was none; ap_log_rerror takes it", "";
        ap_answer() -> ReturnsBytes, "what the last function kept whose own answer is only a number: it says so", "";
        ap_module_configs_at(place: U32) -> Nothing, "has the host keep at an address of the guest's memory what ap_get_module_config answers, 32 bits per directory and 32 per server: they are in force when the guest is called, and need not be asked for. Once, when an instance begins; NOT_NOW after that", "";
        ap_ivm_get(key: Bytes) -> ReturnsBytes, "what this module keeps under a key for all its instances in the process, or all scripts for one another; NONE where there is nothing. The SDKs write values as `b` and a byte (0 or 1), `i` and 64 bits, `n` and a 64-bit float, little endian, or `s` and bytes", "r:ivm_get";
        ap_ivm_set(key: Bytes, value: Bytes) -> Nothing, "keeps a value under a key for all of this module's instances in the process; past 64 MB everything is forgotten", "r:ivm_set";
        ap_ivm_unset(key: Bytes) -> Nothing, "forgets what is kept under a key", "r:ivm_set(key, nil)";
        ap_ivm_add(key: Bytes, delta: I64) -> ReturnsBytes, "adds to the integer (`i`) that is kept under a key, 0 where there is none, and answers the sum, 64 bits; nobody comes in between. BAD_VALUE where something else is kept, LIMIT past 64 bits", "";
        ap_ivm_compare_and_set(key: Bytes, present: U32, expected: Bytes, value: Bytes) -> Number, "keeps a value if what is there is as expected (present is 0: nothing is expected): 1, else 0", "";
        ap_module_mutex(name: Bytes) -> Nothing, "declares the next global mutex under the name that the Mutex directive knows; numbered from 0 (ap_mutex_register)", "";
        ap_hook_number() -> Number, "the number that the present hook is given beside its request: 1 or 0 for quick_handler; NOT_NOW in others", "";
        ap_hook_text() -> ReturnsBytes, "the text that the present hook is given beside its request: the type of note_auth_failure; NOT_NOW in others", "";
        ap_hook_set_text(text: Bytes) -> Nothing, "the text that the present hook answers with beside its status: the id of generate_log_id, printable and at most 256 bytes long; NOT_NOW in others", "";
        ap_module_offers(name: Bytes) -> Nothing, "has the host offer an optional function to native modules in this module's name; it knows ap_register_rewrite_mapfunc", "";
        ap_server_root_relative(path: Bytes) -> ReturnsBytes, "a path below ServerRoot, or the path itself where it is absolute; FAILED where it is none", "";
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
        ap_request_read(r: Request, wants: Bytes) -> ReturnsBytes, "reads many values in one call. A want is `f` or `n` and the number of a text or numeric field, `t`, the number of a table, a name and a NUL, `d`, a key of apr_pool_userdata_get and a NUL (1 where something is kept, else 0), or `l` (ap_log_level). In that order: of a text its length (32-bit, -1 where there is none) and its bytes, of a number 64 bits, little endian", "";
        ap_request_read_before(hook: U32, wants: Bytes, place: U32, room: U32) -> Nothing, "has the host read such values before each call of one of a module's hooks, by its bit in the mask of ap_config_hooks, and write them at an address of the guest's memory, after their length (32-bit; all ones where they and the length take more than `room` bytes). Once for each hook, before the first configuration is made: in _initialize", "";
        ap_request_write(r: Request, edits: Bytes) -> Nothing, "writes many values in one call. An edit is `f`, the number of a text field and a value, `u` and the number of a field that becomes NULL, `n`, the number of a numeric field and 64 bits, or `s`, `a`, `m`, `x` (set, add, merge, unset), the number of a table, a name and a value; names and values as their length (32-bit) and their bytes, little endian; or `j`, the number of a table, a name, and a value whose bytes are the numbers of up to four text fields: sets the name to these texts, one after the other; or `p`, a byte 0 and a handle of ap_request_prepare (32-bit)", "";
        ap_request_prepare(edits: Bytes) -> Number, "makes a handle of a list of edits of tables for ap_request_write, which are then done without copying names and values", "";
        ap_set_content_type_ex(r: Request, value: Bytes, trusted: U32) -> Nothing, "sets the content type; trusted is 1 where it comes from the configuration", "r.content_type = …";
        ap_rwrite(r: Request, data: Bytes) -> Nothing, "sends bytes of the response body", "r:write, r:puts";
        ap_rflush(r: Request) -> Nothing, "sends what is buffered", "r:flush";
        apr_time_now() -> Number, "the time in microseconds since 1970", "r:clock";
        apr_sleep(time: I64) -> Nothing, "waits so many microseconds, at most for the time that a call of this module may take, against which it counts", "r.usleep";
        ap_construct_url(r: Request, uri: Bytes) -> ReturnsBytes, "scheme, host and port of the request's server before a path", "r:construct_url";
        ap_set_document_root(r: Request, path: Bytes) -> Nothing, "what ap_document_root says for the request from now on", "r:set_document_root";
        ap_set_context_info(r: Request, prefix: Bytes, document_root: Bytes) -> Nothing, "what ap_context_prefix and ap_context_document_root say for the request from now on", "r:set_context_info";
        ap_cookie_read(r: Request, name: Bytes) -> ReturnsBytes, "the value of a cookie as the client sent it; NONE where it sent none, FAILED where it sent two that differ", "r:getcookie";
        ap_args_to_table(r: Request) -> ReturnsBytes, "the query string as a form: name, NUL, value, NUL, and so on, unescaped but for +; of a name that stands there twice the last value", "r:parseargs";
        ap_request_main(r: Request) -> Number, "a handle of r->main; NONE where r is no subrequest", "r.main";
        ap_request_prev(r: Request) -> Number, "a handle of r->prev; NONE where r was not redirected internally", "r.prev";
        ap_request_next(r: Request) -> Number, "a handle of r->next; NONE where r did not redirect internally", "";
        apr_pool_userdata_get(r: Request, key: Bytes) -> ReturnsBytes, "what this module keeps with the request under a key; internal redirects share it, subrequests have their own", "";
        apr_pool_userdata_set(r: Request, key: Bytes, value: Bytes) -> Nothing, "keeps bytes with the request under a key", "";
        ap_require_args() -> ReturnsBytes, "the arguments of the Require line for which an authorization provider is asked, each ending with a NUL", "function(r, args…)";
        ap_core_translate(r: Request, uri: Bytes) -> Number, "maps a URI below DocumentRoot into r->filename, as if it were r->uri, which stays; OK or an HTTP status", "";
        ap_matches_request_vhost(r: Request, name: Bytes, port: U32) -> Number, "1 where a host and port are those of the request's virtual host, else 0", "";
    }
    "table" {
        apr_table_get(r: Request, table: Table, name: Bytes) -> ReturnsBytes, "the first value of a name", "t[k]";
        apr_table_do(r: Request, table: Table, name: Bytes) -> ReturnsBytes, "every entry of a name in order: the name as it is spelled, NUL, the value, NUL, and so on; NONE where there is none", "r:headers_in_table()";
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
        ap_expr_exec_re(r: Request, expression: Handle, subject: Bytes, groups: Bytes) -> Number, "as ap_expr_exec, with $0 to $9 from the groups (as ap_regexec answers them; may be empty) of a subject; ap_answer has the ten groups of the last match inside of it and then their subject, and is empty where nothing was matched", "";
        ap_regex_list(list: Bytes) -> Number, "a handle of patterns to be tried in order: for each its handle and 1 where it is not to match, else 0 (32-bit little endian)", "";
        ap_regexec_first(list: Handle, start: U32, subject: Bytes, count: U32) -> ReturnsBytes, "tries the patterns of a list from number start on and stops at the first that does what is asked of it: its number (32-bit little endian), and its groups as ap_regexec answers them, all -1 where it is not to match; NONE where none does", "";
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
        ap_find_linked_module(name: Bytes) -> Number, "1 where a module is loaded, by its source name `mod_proxy.c`, else 0", "";
        ap_index_of_response(status: U32) -> Number, "the place of an HTTP status in httpd's list; NONE where httpd doesn't know it", "";
        apr_env_get(name: Bytes) -> ReturnsBytes, "a variable of the environment that httpd was started with", "os.getenv";
        ap_mpm_query(query: U32) -> Number, "what the MPM can do, by number (AP_MPMQ_MAX_THREADS …); NONE where it doesn't say", "r.mpm_query";
        ap_state_query(query: U32) -> Number, "in what state the server is, by number (AP_SQ_MAIN_STATE, AP_SQ_RUN_MODE, AP_SQ_CONFIG_GEN); NONE for another", "r.state_query";
        ap_runtime_dir_relative(path: Bytes) -> ReturnsBytes, "a path below DefaultRuntimeDir, or the path itself where it is absolute; FAILED where it is none", "r:runtime_dir_relative";
    }
    "subrequest" {
        ap_sub_req_lookup_uri(r: Request, uri: Bytes, run: U32) -> Number, "a handle of a subrequest for a URL, looked up as far as the fixups; run is 1 where ap_run_sub_req is to follow. Destroyed at the latest when the present call ends", "";
        ap_sub_req_lookup_file(r: Request, file: Bytes, run: U32) -> Number, "the same for a file", "";
        ap_run_sub_req(r: Request) -> Number, "sends the content of a subrequest as part of its request's; its status", "";
        ap_destroy_sub_req(r: Request) -> Nothing, "ends a subrequest and every handle that came from it", "";
        ap_internal_redirect(r: Request, uri: Bytes) -> Nothing, "has the request being served answered as one for another URL, from ap_hook_handler: done when that has answered OK, nothing otherwise", "r:internal_redirect";
    }
    "stat" {
        ap_stat_check(path: Bytes) -> Nothing, "FAILED where httpd refuses to look at a path (on Windows, UNC paths that UNCList doesn't name)", "";
        apr_stat(path: Bytes, link: U32) -> ReturnsBytes, "type (APR_REG …) and protection (APR_UEXECUTE …), 32-bit, then size, mtime, atime, ctime (in microseconds), inode, device, 64-bit, then nlink, user, group, 32-bit, little endian; of a link itself where link is 1; FAILED with a status where there is nothing", "r:stat";
        ap_core_translate_unless(r: Request, edits: Bytes, path: Bytes, uri: Bytes) -> Number, "ap_request_write, and then, unless there is something at a path, ap_core_translate; NONE where there is", "";
        apr_uid_homepath_get(user: Bytes) -> ReturnsBytes, "the home of a user of this machine; FAILED where there is none", "";
    }
    "map" {
        ap_map_file(name: Bytes) -> Number, "a handle of a file that the directive being parsed names, below ServerRoot; NOT_NOW in directory sections and .htaccess files, BAD_VALUE where the directive doesn't name it. So for the next four", "";
        ap_map_dbm(kind: Bytes, name: Bytes) -> Number, "a handle of a DBM file of a type of APR: default, sdbm, db, gdbm, ndbm", "";
        ap_map_dbd(query: Bytes, label: Bytes) -> Number, "a handle of an SQL statement, prepared under a label that is this module's own (ap_dbd_prepare): its first argument is the key, others are NULL. NONE without mod_dbd", "";
        ap_map_program(command: Bytes, user: Bytes, group: Bytes, mutex: U32) -> Number, "a handle of a program with arguments, written after `prg:` or `exec:`, that is asked while one of this module's mutexes is held; user and group may be empty. Not started yet", "";
        ap_map_function(name: Bytes) -> Number, "a handle of a function that a native module registered by ap_register_rewrite_mapfunc; NONE where there is none", "";
        apr_dbm_get_usednames(kind: Bytes, name: Bytes) -> ReturnsBytes, "the files of a DBM file, one or two, each ending with a NUL; FAILED where APR doesn't know the type", "";
        ap_map_file_state(file: Handle) -> Number, "in what state a file is that a directive names: a number of 0 or more that stays while the times of its last change, its size and its inode do; FAILED with a status where there is nothing", "";
        apr_file_read(file: Handle, offset: U32, count: U32) -> ReturnsBytes, "bytes of a file from an offset on, at most so many; empty at the end. The file is opened anew at offset 0. FAILED with a status", "";
        apr_dbm_fetch(r: Request, dbm: Handle, key: Bytes) -> ReturnsBytes, "a value of a DBM file; NONE where the key has none, FAILED with a status where it can't be opened", "";
        apr_dbd_pvselect(r: Request, statement: Handle, key: Bytes) -> ReturnsBytes, "the first column of each row, ending with a NUL; NONE without a connection to the database, FAILED with the database's text, and a status: 1 where the statement failed, 2 where rows could not be fetched", "";
        ap_program_start(program: Handle) -> Nothing, "starts a program, during ap_hook_post_config; nothing to do where it runs already", "";
        ap_program_ask(r: Request, program: Handle, line: Bytes) -> Number, "sends a line to a program and gives the length of the line that comes back, which ap_answer has: what came until the program ended, where it did. NONE where it was never started, LIMIT with a log line after this module's time limit", "";
        ap_map_call(r: Request, function: Handle, key: Bytes) -> ReturnsBytes, "what a registered function answers; NONE for NULL", "";
    }
    "text" {
        ap_os_escape_path(path: Bytes, partial: U32) -> ReturnsBytes, "escapes a path for a URL; partial is 1 where it goes on from another (ap_escape_uri)", "r:os_escape_path";
        ap_escape_path_segment(segment: Bytes) -> ReturnsBytes, "escapes a segment of a path", "";
        ap_escape_urlencoded(text: Bytes) -> ReturnsBytes, "escapes for application/x-www-form-urlencoded", "r:escape";
        ap_escape_html2(text: Bytes, toasc: U32) -> ReturnsBytes, "escapes for HTML; toasc is 1 where what is not ASCII becomes a number", "r:escape_html";
        ap_unescape_url(url: Bytes) -> ReturnsBytes, "undoes the escapes of a URL; what is no escape stays, and a NUL ends it", "";
        ap_unescape_urlencoded(text: Bytes) -> ReturnsBytes, "undoes the escapes of application/x-www-form-urlencoded; FAILED with an HTTP status as ap_error_status where there is a bad one, or one of a NUL", "r:unescape";
        ap_escape_logitem(text: Bytes) -> ReturnsBytes, "escapes what could break a line of a log", "r:escape_logitem";
        ap_strcmp_match(text: Bytes, pattern: Bytes, icase: U32) -> Number, "1 where a text matches a pattern of ? and *, else 0; icase is 1 where case doesn't count (ap_strcasecmp_match)", "r.strcmp_match";
        apr_base64_encode(data: Bytes) -> ReturnsBytes, "base64", "r:base64_encode";
        apr_base64_decode(text: Bytes) -> ReturnsBytes, "undoes base64, up to the first byte that is none", "r:base64_decode";
        ap_md5_binary(data: Bytes) -> ReturnsBytes, "MD5 in hexadecimal digits", "r:md5";
        apr_sha1(data: Bytes) -> ReturnsBytes, "SHA-1 in hexadecimal digits", "r:sha1";
        apr_date_parse_rfc(text: Bytes) -> Number, "microseconds since 1970 from a date of RFC 822, 850 or asctime; NONE where it is none", "r.date_parse_rfc";
        apr_rfc822_date(time: I64) -> ReturnsBytes, "a time as headers have it", "";
        apr_time_exp_lt(time: I64) -> ReturnsBytes, "a time in the local zone: tm_usec, tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst, tm_gmtoff, 32-bit little endian", "";
        apr_time_exp_gmt(time: I64) -> ReturnsBytes, "the same in UTC", "";
        ap_random_pick(min: U32, max: U32) -> Number, "a random number from min to max", "";
    }
    "body" {
        ap_read_body(r: Request, count: U32) -> ReturnsBytes, "the next bytes of the request's body, at most so many, which are to be no more than the buffer holds, since they are gone afterwards; empty at the end. Chunks are taken apart, LimitRequestBody holds. FAILED with an HTTP status as ap_error_status, with which the hook is to answer (AP_FILTER_ERROR where a filter has answered)", "r:requestbody";
        ap_discard_request_body(r: Request) -> Number, "reads the body to its end; OK or an HTTP status", "";
        ap_parse_form_data(r: Request, fields: U32, size: U32) -> ReturnsBytes, "the body as a form, urlencoded or multipart/form-data, with at most so many fields and bytes: of each field name, file name, content type and value, as their length (32-bit little endian, -1 where there is none) and their bytes. Read once and kept with the request for this module. NONE where the body is no form, FAILED with an HTTP status as ap_error_status", "r:parsebody";
    }
    "response" {
        ap_set_cookie(r: Request, name: Bytes, value: Bytes, expires: I64, path: Bytes, domain: Bytes, same_site: Bytes, flags: U32) -> Nothing, "adds a Set-Cookie header to err_headers_out, name and value urlencoded; expires in seconds since 1970, 0 for a cookie of the session; flags are COOKIE_ bits; empty attributes are left out", "r:setcookie";
        ap_custom_response(r: Request, status: U32, text: Bytes) -> Nothing, "what is sent for a status that this request ends with: a URL, a path that begins with a slash, or a text", "r:custom_response";
        ap_send_interim_response(r: Request, status: U32, send_headers: U32) -> Nothing, "sends an answer 1xx now, with headers_out and clearing them where send_headers is 1; NOT_NOW once the answer has begun, BAD_VALUE where the status is no such one or a header holds what can't be sent", "r:send_interim_response";
        ap_set_keepalive(r: Request) -> Number, "1 where the connection stays open after this answer, else 0; sets the headers that say so", "r:set_keepalive";
        ap_make_etag(r: Request, force_weak: U32) -> ReturnsBytes, "the ETag of r->finfo, by FileETag; NONE where that says none", "r:make_etag";
        ap_set_etag(r: Request) -> Nothing, "sets the ETag header from r->finfo", "";
        ap_set_last_modified(r: Request) -> Nothing, "sets the Last-Modified header from r->mtime", "";
        ap_set_accept_ranges(r: Request) -> Nothing, "sets the Accept-Ranges header, by MaxRanges", "";
        ap_meets_conditions(r: Request) -> Number, "OK, or the status (304, 412) that If-Match, If-Modified-Since and the like ask for", "";
        ap_allow_methods(r: Request, reset: U32, methods: Bytes) -> Nothing, "adds methods, separated by spaces, to those of an Allow header; reset is 1 where others are forgotten", "";
    }
    "auth" {
        ap_get_basic_auth_pw(r: Request) -> ReturnsBytes, "the password of Basic authentication where AuthType is that, which sets r->user and r->ap_auth_type too; NONE where there is none", "r.basic_auth_pw";
        ap_get_basic_auth_components(r: Request) -> ReturnsBytes, "user, NUL, password of Basic authentication whatever AuthType says; NONE where the client sent none", "";
        ap_note_auth_failure(r: Request) -> Nothing, "sets the header that asks the client for credentials, by AuthType and AuthName", "";
        ap_check_password(r: Request, provider: Bytes, user: Bytes, password: Bytes) -> Number, "AUTH_GRANTED, AUTH_DENIED, AUTH_USER_NOT_FOUND or AUTH_GENERAL_ERROR by a provider of AuthBasicProvider, file for example, under the configuration in force; NONE where there is no such provider", "";
        ap_mk_password_hash(password: Bytes, algorithm: U32, cost: U32) -> ReturnsBytes, "a password as htpasswd keeps it, by ALG_APMD5, ALG_APSHA, ALG_BCRYPT or ALG_CRYPT; cost is bcrypt's, 4 to 17, 0 for 5. LIMIT where that would take longer than a call of this module may", "r:htpassword";
        apr_password_validate(password: Bytes, hash: Bytes) -> Number, "1 where a password is the one of a hash, else 0; BAD_VALUE where the hash is of no kind known, LIMIT where checking would take longer than a call of this module may", "";
    }
    "status" {
        ap_loaded_modules() -> ReturnsBytes, "source names of all modules in their order, each ending with a NUL", "r:loaded_modules";
        ap_module_commands(name: Bytes) -> ReturnsBytes, "the directives of a module, by its source name: name, NUL, help line, NUL, and so on; NONE where it isn't loaded or has none", "r.module_info";
        ap_server_info() -> ReturnsBytes, "server_executable, server_root, scoreboard_fname, server_mpm, as name, NUL, value, NUL; a name is left out where httpd has NULL. So for the next three, whose numbers are decimal", "r:server_info";
        ap_get_scoreboard_global() -> ReturnsBytes, "server_limit, thread_limit, running_generation, restart_time in microseconds; NONE while there is no scoreboard, so for the next two", "r.started";
        ap_get_scoreboard_process(child: U32) -> ReturnsBytes, "of a child's place, up to server_limit: pid, generation, connections, keepalive, lingering_close, suspended, wait_io, write_completion, not_accepting, quiescing; NONE past the limit", "r:scoreboard_process";
        ap_copy_scoreboard_worker(child: U32, thread: U32) -> ReturnsBytes, "of a thread's place: access_count, bytes_served, client, client64, conn_bytes, conn_count, generation, last_used, pid, request, start_time, status, stop_time, tid, vhost, protocol, duration, stimes, utimes; NONE past the limits", "r:scoreboard_worker";
        ap_conftree() -> ReturnsBytes, "the configuration as it was read: of each directive its depth from 0, name, arguments, file and line, each ending with a NUL; what a section holds follows it one deeper", "r:config";
        ap_conftree_vhost(r: Request) -> ReturnsBytes, "the same of what the request's `<VirtualHost>` holds; NONE in the main server", "r:activeconfig";
    }
    "file" {
        apr_dir_read(path: Bytes) -> ReturnsBytes, "the names in a directory, `.` and `..` first, each ending with a NUL; FAILED with a status, so for all of this group, which is for those who serve requests: NOT_NOW before", "r:get_direntries";
        apr_dir_make(path: Bytes, permissions: U32) -> Nothing, "makes a directory with permissions as apr_fileperms_t has them (0x0FFF is APR_FPROT_OS_DEFAULT)", "r:mkdir";
        apr_dir_make_recursive(path: Bytes, permissions: U32) -> Nothing, "the same with those above it; nothing to do where it is there", "r:mkrdir";
        apr_dir_remove(path: Bytes) -> Nothing, "removes an empty directory", "r:rmdir";
        apr_file_mtime_set(path: Bytes, mtime: I64) -> Nothing, "sets the time of the last change, in microseconds since 1970", "r:touch";
        apr_file_remove(path: Bytes) -> Nothing, "removes a file", "os.remove";
        apr_file_rename(from: Bytes, to: Bytes) -> Nothing, "gives a file another name, in place of another file of that name", "os.rename";
        apr_file_open(path: Bytes, flags: U32, permissions: U32) -> Number, "a handle of a file, open until apr_file_close or the end of the present call; the flags are APR_FOPEN_*. LIMIT where too many are open", "io.open";
        apr_file_read_full(file: Handle, offset: I64, count: U32) -> ReturnsBytes, "bytes from an offset on, at most so many and 1 MB; fewer at the end, none past it", "file:read";
        apr_file_write_full(file: Handle, offset: I64, data: Bytes) -> Nothing, "writes bytes at an offset; at the end where the file was opened with APR_FOPEN_APPEND", "file:write";
        apr_file_info_get(file: Handle) -> ReturnsBytes, "what apr_stat says of an open file", "file:seek";
        apr_file_trunc(file: Handle, size: I64) -> Nothing, "sets the size of an open file", "";
        apr_file_close(file: Handle) -> Nothing, "closes a file", "file:close";
        ap_send_fd(r: Request, path: Bytes, offset: I64, length: I64) -> Number, "sends so many bytes of a file from an offset on as part of the body, -1 for all, without a copy here: how many; FAILED with a status where it is no file that httpd can read, or the client has gone", "r:sendfile";
    }
    "database" {
        ap_dbd_open(driver: Bytes, params: Bytes) -> Number, "a handle of a connection, open until apr_dbd_close or the end of the present call: by a driver of APR (sqlite3, pgsql, mysql, odbc …) with its parameters, or by mod_dbd where the driver is `mod_dbd`. FAILED with a text; LIMIT where too much is open, so for all handles", "r:dbacquire";
        apr_dbd_close(handle: Handle) -> Nothing, "closes a connection with all that came from it; or a statement; or rows", "db:close";
        apr_dbd_check_conn(db: Handle) -> Number, "1 where a connection is good, else 0", "db:active";
        apr_dbd_query(db: Handle, statement: Bytes) -> Number, "runs a statement that gives no rows: the number of rows that it changed. FAILED with the database's text, so for the next five", "db:query";
        apr_dbd_select(db: Handle, statement: Bytes) -> Number, "a handle of the rows that a statement gives, all of which are fetched; LIMIT past 64 MB", "db:select";
        apr_dbd_prepare(db: Handle, statement: Bytes) -> Number, "a handle of a statement with %s, %d and so on for its arguments; BAD_VALUE for %pDb and %pDc", "db:prepare";
        ap_dbd_prepared(db: Handle, label: Bytes) -> Number, "a handle of the statement that DBDPrepareSQL gives under a label, for a connection of mod_dbd; NONE where there is none", "db:prepared";
        apr_dbd_pquery(statement: Handle, arguments: Bytes) -> Number, "as apr_dbd_query, of a prepared statement with its arguments: of each its length (32-bit little endian, -1 for NULL) and its bytes; BAD_VALUE where they are fewer than it takes", "stmt:query";
        apr_dbd_pselect(statement: Handle, arguments: Bytes) -> Number, "as apr_dbd_select, of a prepared statement", "stmt:select";
        apr_dbd_escape(db: Handle, text: Bytes) -> ReturnsBytes, "a text escaped for a statement of this database", "db:escape";
        apr_dbd_num_tuples(rows: Handle) -> Number, "how many rows there are", "";
        apr_dbd_get_names(rows: Handle) -> ReturnsBytes, "the names of the columns, each ending with a NUL; some databases give none where there is no row", "rs(0, true)";
        apr_dbd_get_row(rows: Handle, row: U32) -> ReturnsBytes, "a row by its number from 1: of each column its length (32-bit little endian, -1 for NULL) and its bytes up to a NUL; NONE past the end", "rs(N)";
        apr_dbd_get_rows(rows: Handle) -> ReturnsBytes, "all rows, one after the other", "rs(0)";
    }
    "websocket" {
        ap_websocket_upgrade(r: Request) -> Number, "answers 101 with the headers set so far and gives a handle of the WebSocket, which ends with the present call; NONE where the request asks for none (RFC 6455), NOT_NOW in a filter or a subrequest or where the answer has begun", "r:wsupgrade";
        ap_websocket_read(socket: Handle) -> Number, "waits for a frame, as long as Timeout allows: its opcode (0 continuation, 1 text, 2 binary, 8 close), and 256 where it ends a message; ap_answer has what it holds, up to 8 MB. Pings are answered, pongs passed over. NONE once the client has gone or closed, FAILED where it breaks the protocol, and the WebSocket is closed", "r:wsread";
        ap_websocket_write(socket: Handle, opcode: U32, data: Bytes) -> Nothing, "sends a frame: opcode 0, 1, 2, 9 or 10, and 256 where it ends a message; FAILED once the client has gone", "r:wswrite";
        ap_websocket_write_raw(socket: Handle, data: Bytes) -> Nothing, "sends bytes that are frames already", "r:wswrite(s, true)";
        ap_websocket_peek(socket: Handle) -> Number, "1 where something from the client can be read at once, else 0", "r:wspeek";
        ap_websocket_ping(socket: Handle, data: Bytes) -> Number, "sends a ping and waits for its pong: 1, or 0 where the client has gone; what comes meanwhile is kept for ap_websocket_read", "r:wsping";
        ap_websocket_close(socket: Handle, status: U32, reason: Bytes) -> Nothing, "says goodbye, with a status of RFC 6455 or 0 for none; the connection is closed when the call ends", "r:wsclose";
    }
}
