//! What is called and what comes back: at least one call for each function of the table. A call is `function;argument;…`
//! as the guests know it (compat-tests/guests/calls_c/conformance_c.c), with names for numbers (`field.URI`); what is
//! expected is a line, or after `~` a pattern. ROOT is the server's folder.

/// Calls in a row, in one request.
#[derive(Debug)]
pub struct Case {
    pub url: &'static str,
    pub phase: &'static str,
    pub calls: &'static [(&'static str, &'static str)],
}

const fn handler(calls: &'static [(&'static str, &'static str)]) -> Case {
    Case { url: "/calls", phase: "handler", calls }
}

/// What stands before the module in the configuration.
pub const BEFORE: &str = "\
LoadModule dbd_module modules/mod_dbd.so
LoadModule env_module modules/mod_env.so
Define CONFORMANCE
Mutex file:ROOT/run conformance
DBDriver sqlite3
DBDParams \"ROOT/maps/map.db\"
DBDPersist Off
DBDPrepareSQL \"SELECT v FROM map WHERE k = %s\" by_key
";

/// What stands after it.
pub const AFTER: &str = "\
LogLevel info conformance:debug
<Location /calls>
SetHandler conformance
</Location>
<Location /filtered>
SetOutputFilter CONFORMANCE
</Location>
SetEnv FROM_CONF yes
";

/// Files that the server has.
pub const FILES: &[(&str, &str)] = &[
    ("htdocs/filtered/six.txt", "sixsix"),
    ("maps/a.txt", "one 1\ntwo 2\n"),
    ("maps/map.txt", "one 1\n"),
    ("maps/program", "#!/bin/sh\nwhile read -r line; do echo \"asked $line\"; done\n"),
];

/// Programs that are run in the server's folder before it starts.
pub const PROGRAMS: &[(&str, &[&str])] = &[
    ("httxt2dbm", &["-f", "SDBM", "-i", "maps/map.txt", "-o", "maps/map"]),
    ("sqlite3", &["maps/map.db", "CREATE TABLE map (k TEXT, v TEXT); INSERT INTO map VALUES ('one', '1');"]),
    ("sh", &["-c", "chmod a+rw maps maps/*"]),
];

/// One ConformanceCalls directive: name, calls, what they open.
pub type Directive = (&'static str, &'static [(&'static str, &'static str)], &'static str);

/// Directives of the configuration, whose calls happen when they are parsed.
pub const DIRECTIVES: &[Directive] = &[
    (
        "facts",
        &[
            ("ap_directive_args", r"~.facts\\x00ap_directive_args&.*\\x00named\\x00."),
            ("ap_directive_field;directive.NAME", "\"ConformanceCalls\""),
            ("ap_directive_field;directive.PATH", "-1"),
            ("ap_directive_field;directive.FILE", "\"ROOT/own.conf\""),
            ("ap_directive_field;99", "-3"),
            ("ap_directive_number;directive.LINE", r"~\d+"),
            ("ap_directive_number;directive.IN_HTACCESS", "0"),
            ("ap_directive_number;directive.IS_VIRTUAL", "0"),
            // An instance that serves requests has parsed it again, but under prefork it may be the parent's own.
            ("ap_directive_number;directive.FIRST_PARSE", "~[01]"),
            ("ap_directive_number;99", "-3"),
            ("ap_request_field;0;field.URI", "-4"),
            ("ap_server_root_relative;maps/a.txt", "\"ROOT/maps/a.txt\""),
            ("ap_rwrite;0;text", "-4"),
        ],
        "named",
    ),
    (
        "maps",
        &[
            ("ap_map_file;maps/a.txt", r"~\d+"),
            ("ap_map_dbm;sdbm;maps/map", r"~\d+"),
            ("ap_map_dbd;SELECT v FROM map WHERE k = %25s;conformance", r"~\d+"),
            ("ap_map_program;maps/program;;;0", r"~\d+"),
            // Nothing was kept at the first time, and there is no second, but for the parent's own instance under prefork.
            ("ap_map_function;nothing", "~-[14]"),
            ("ap_map_file;/etc/passwd", "~-[34]"),
            ("apr_dbm_get_usednames;sdbm;maps/map", r#""ROOT/maps/map.dir\x00ROOT/maps/map.pag\x00""#),
        ],
        "maps/a.txt sdbm:maps/map prg:maps/program int:nothing \"dbd:SELECT v FROM map WHERE k = %s\"",
    ),
    (
        "post_config",
        &[("ap_program_start;@maps:3", "0"), ("ap_program_start;99999", "-2"), ("ap_log_level;0", "-4")],
        "",
    ),
];

/// Calls by requests.
pub const CASES: &[Case] = &[
    // module
    handler(&[
        ("ap_module_name;x", "-4"),
        ("ap_module_directive;X;0;0;help", "-4"),
        ("ap_module_hook;fixups;0;;", "-4"),
        ("ap_module_output_filter;X;const.FTYPE_RESOURCE", "-4"),
        ("ap_module_input_filter;X;const.FTYPE_RESOURCE", "-4"),
        ("ap_module_handler;x", "-4"),
        ("ap_module_configs_at;0", "-4"),
        ("ap_module_mutex;x", "-4"),
        ("ap_module_offers;ap_register_rewrite_mapfunc", "-4"),
        ("ap_directive_args", "-4"),
        ("ap_directive_field;directive.NAME", "-4"),
        ("ap_directive_number;directive.LINE", "-4"),
        ("ap_directive_error;x", "-4"),
        ("ap_find_linked_module;mod_conformance.c", "1"),
        ("ap_hook_number", "-4"),
        ("ap_hook_text", "-4"),
        ("ap_hook_set_text;x", "-4"),
    ]),
    handler(&[
        ("ap_get_module_config;0;0", r"~\d+"),
        ("ap_get_module_config;0;1", r"~\d+"),
        ("ap_get_module_config;0;2", r"~\d+"),
        ("ap_get_module_config;0;3", "-3"),
        ("ap_get_module_config;7;0", "-2"),
        ("ap_ivm_get;k", "-1"),
        ("ap_ivm_set;k;a%00b", "0"),
        ("ap_ivm_get;k", r#""a\x00b""#),
        ("ap_ivm_compare_and_set;k;1;a%00c;d", "0"),
        ("ap_ivm_compare_and_set;k;1;a%00b;d", "1"),
        ("ap_ivm_compare_and_set;k;2;;", "-3"),
        ("ap_ivm_add;k;1", "-3"),
        ("ap_ivm_unset;k", "0"),
        ("ap_ivm_get;k", "-1"),
        ("ap_ivm_add;k;5", r#""\x05\x00\x00\x00\x00\x00\x00\x00""#),
        ("ap_ivm_add;k;-6", r#""\xff\xff\xff\xff\xff\xff\xff\xff""#),
        ("ap_ivm_unset;k", "0"),
        ("ap_server_root_relative;a/b", "\"ROOT/a/b\""),
        ("ap_server_root_relative;/a/b", "\"/a/b\""),
        ("apr_stat;/missing;0", "-5"),
        ("ap_error_status", "2"),
        ("ap_error_text", r"~.+"),
        ("ap_answer", r"~.*"),
    ]),
    // log
    handler(&[
        ("ap_log_level;0", "7"),
        ("ap_server_log_level;0", "7"),
        ("ap_log_rerror;0;calls;7;const.APLOG_INFO;0;a line", "0"),
        ("ap_log_rerror;0;calls;7;const.APLOG_INFO;2;a line with a status", "0"),
        ("ap_log_rerror;9;calls;7;const.APLOG_INFO;0;a line", "-2"),
        ("ap_log_error;0;calls;7;const.APLOG_DEBUG;0;a line%0awith a line feed", "0"),
        ("ap_log_level;9", "-2"),
    ]),
    // request
    handler(&[
        ("ap_request_field;0;field.URI", "\"/calls\""),
        ("ap_request_field;0;field.METHOD", "\"GET\""),
        ("ap_request_field;0;field.USER", "-1"),
        ("ap_request_field;0;field.STATUS", "-3"),
        ("ap_request_field;0;9999", "-3"),
        ("ap_request_field;1;field.URI", "-2"),
        ("ap_request_number;0;field.STATUS", "200"),
        ("ap_request_number;0;field.URI", "-3"),
        ("ap_request_set_field;0;field.USER;some one", "0"),
        ("ap_request_field;0;field.USER", "\"some one\""),
        ("ap_request_set_field;0;field.METHOD;POST", "0"),
        ("ap_request_field;0;field.METHOD", "\"POST\""),
        ("ap_request_set_field;0;field.METHOD;A B", "-3"),
        ("ap_request_set_field;0;field.THE_REQUEST;x", "-3"),
        ("ap_request_set_field;0;field.STATUS_LINE;200 OK%0d%0aX:y", "-3"),
        ("ap_request_set_field;0;field.USER;a%00b", "-3"),
        ("ap_request_unset_field;0;field.USER", "0"),
        ("ap_request_field;0;field.USER", "-1"),
        ("ap_request_set_number;0;field.STATUS;404", "0"),
        ("ap_request_number;0;field.STATUS", "404"),
        ("ap_request_set_number;0;field.STATUS;200", "0"),
        ("ap_request_set_number;0;field.PORT;1", "-3"),
    ]),
    handler(&[
        // Text of a field, of a number, of a table, of the level.
        ("ap_request_write;0;s%03%01%00%00%00a%01%00%00%001", "0"),
        ("ap_request_read;0;t%03a%00l", r#""\x01\x00\x00\x001\x07\x00\x00\x00\x00\x00\x00\x00""#),
        // A name that is set to r->method, prepared (the handle is one of many) and not.
        ("ap_request_prepare;j%03%01%00%00%00m%01%00%00%00%00", r"~\d+"),
        ("ap_request_prepare;f%00%01%00%00%00x", "-3"),
        ("ap_request_write;0;j%03%01%00%00%00m%01%00%00%00%00", "0"),
        ("ap_request_read;0;t%03m%00", r#""\x03\x00\x00\x00GET""#),
        ("ap_request_write;0;p%00%ff%ff%00%00", "-2"),
        ("ap_request_write;0;?", "-3"),
        ("ap_request_read;0;?", "-3"),
        ("ap_request_read_before;10;l;0;64", "-4"),
        ("ap_set_content_type_ex;0;text/plain; charset=utf-8;1", "0"),
        ("ap_rflush;0", "0"),
        ("apr_time_now", r"~\d{16}"),
        ("ap_request_main;0", "-1"),
        ("ap_request_prev;0", "-1"),
        ("ap_request_next;0", "-1"),
        ("apr_sleep;10", "0"),
        ("apr_sleep;-1", "-3"),
        ("ap_construct_url;0;/a", "\"http://localhost/a\""),
        ("ap_set_document_root;0;/tmp/root", "0"),
        ("ap_set_context_info;0;/p;/tmp/q", "0"),
        ("ap_request_field;0;field.CONTEXT_PREFIX", "\"/p\""),
        ("ap_set_context_info;0;/p%00;/tmp/q", "-3"),
        ("ap_cookie_read;0;a", "-1"),
        ("ap_cookie_read;0;a%00", "-3"),
        ("ap_args_to_table;0", r"~.handler:.*"),
        ("ap_require_args", "-4"),
        ("apr_pool_userdata_get;0;k", "-1"),
        ("apr_pool_userdata_set;0;k;kept", "0"),
        ("apr_pool_userdata_get;0;k", "\"kept\""),
        ("ap_matches_request_vhost;0;localhost;80", r"~[01]"),
        ("ap_matches_request_vhost;0;elsewhere;70000", "-3"),
    ]),
    // What Require said is for the functions of WasmAuthzProvider.
    handler(&[("ap_require_args", "-4")]),
    // What is written comes before what is printed.
    Case { url: "/calls", phase: "handler", calls: &[("ap_rwrite;0;written%0a", "written")] },
    Case {
        url: "/calls",
        phase: "fixups",
        calls: &[
            ("ap_core_translate_unless;0;?;/missing;/calls", "-3"),
            ("ap_core_translate_unless;0;;/missing%00;/calls", "-3"),
            ("ap_core_translate_unless;0;;/etc;/calls", "-1"),
            ("ap_core_translate_unless;0;u%0b;/missing;/other", "0"),
            ("ap_request_field;0;field.FILENAME", "\"ROOT/htdocs/other\""),
            ("ap_core_translate;0;/calls", "0"),
            ("ap_request_field;0;field.FILENAME", "\"ROOT/htdocs/calls\""),
        ],
    },
    // table
    handler(&[
        ("apr_table_set;0;table.NOTES;a;1", "0"),
        ("apr_table_add;0;table.NOTES;A;2", "0"),
        ("apr_table_get;0;table.NOTES;a", "\"1\""),
        ("apr_table_do;0;table.NOTES;a", r#""a\x001\x00A\x002\x00""#),
        ("apr_table_merge;0;table.NOTES;a;3", "0"),
        ("apr_table_elts;0;table.NOTES", r#""a\x001, 3\x00A\x002\x00""#),
        ("apr_table_unset;0;table.NOTES;a", "0"),
        ("apr_table_get;0;table.NOTES;a", "-1"),
        ("apr_table_do;0;table.NOTES;a", "-1"),
        ("apr_table_set;0;table.NOTES;a;a%00b", "-3"),
        ("apr_table_set;0;99;a;b", "-3"),
        ("apr_table_set;99;table.NOTES;a;b", "-2"),
        ("ap_table_prepare;sb%001%00ac%002%00", r"~\d+"),
        ("ap_table_apply;0;table.NOTES;$12", "0"),
        ("apr_table_elts;0;table.NOTES", r#""b\x001\x00c\x002\x00""#),
        ("apr_table_clear;0;table.NOTES", "0"),
        ("apr_table_elts;0;table.NOTES", "\"\""),
        ("ap_table_prepare;nonsense", "-3"),
        ("ap_table_apply;0;table.NOTES;99999", "-2"),
    ]),
    handler(&[
        ("apr_table_get;0;table.HEADERS_IN;host", "\"localhost\""),
        ("apr_table_get;0;table.SUBPROCESS_ENV;FROM_CONF", "\"yes\""),
        ("apr_table_set;0;table.HEADERS_OUT;X-A;b", "0"),
    ]),
    // match
    handler(&[
        ("ap_regcomp;^a(.*)b;0", r"~\d+"),
        ("ap_regexec;$0;axyb;2;0", r#""\x00\x00\x00\x00\x04\x00\x00\x00\x01\x00\x00\x00\x03\x00\x00\x00""#),
        ("ap_regexec;$0;x;2;0", "-1"),
        ("ap_regexec;99999;x;2;0", "-2"),
        ("ap_regcomp;(;0", "-5"),
        ("ap_error_text", "~\".+\""),
        ("ap_regex_list;~0%00%00%00%00", r"~\d+"),
        ("ap_regexec_first;$6;0;axyb;1", r#""\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00""#),
        ("ap_regexec_first;$6;0;x;1", "-1"),
        ("ap_expr_parse;%25{REQUEST_URI} =~ m%23^/(.*)%23;0", r"~\d+"),
        ("ap_expr_exec;0;$9", "1"),
        ("ap_expr_exec_re;0;$9;;", "1"),
        ("ap_answer", r"~.*calls."),
        ("ap_expr_parse;uri:%25{REQUEST_URI};const.EXPR_STRING_RESULT", r"~\d+"),
        ("ap_expr_str_exec;0;$13", "\"uri:/calls\""),
        ("ap_expr_parse;1 ==;0", "-5"),
        ("ap_expr_exec;0;99999", "-2"),
    ]),
    // filter
    Case { url: "/filtered/six.txt", phase: "output", calls: &[("ap_filter_write;first%0a", "first")] },
    Case {
        url: "/filtered/six.txt",
        phase: "output",
        calls: &[
            ("ap_filter_read;0;100", "\"sixsix\""),
            ("ap_filter_read;3;2", "\"si\""),
            ("ap_filter_read;7;2", "-3"),
            ("ap_rwrite;0;text", "-4"),
        ],
    },
    handler(&[
        ("ap_add_output_filter;0;NONESUCH", "-1"),
        ("ap_add_output_filter;0;CONFORMANCE", "0"),
        ("ap_add_input_filter;0;NONESUCH", "-1"),
        ("ap_add_input_filter;0;CONFORMANCE", "0"),
        ("ap_filter_read;0;1", "-4"),
        ("ap_filter_write;x", "-4"),
    ]),
    // server
    handler(&[
        ("ap_get_loadavg", r"~.{24,}"),
        ("ap_get_sload", r"~.{8,}"),
        ("ap_ssl_var_lookup;0;HTTPS", r#"~-1|"off""#),
        ("ap_exists_config_define;CONFORMANCE", "1"),
        ("ap_exists_config_define;NOTHING", "0"),
        ("ap_find_linked_module;mod_none.c", "0"),
        ("ap_index_of_response;404", r"~\d+"),
        ("ap_index_of_response;999", "-1"),
        ("apr_env_get;LC_ALL", "\"C\""),
        ("apr_env_get;NO_SUCH_VARIABLE", "-1"),
        ("ap_mpm_query;const.AP_MPMQ_MAX_DAEMONS", r"~[1-9]\d*"),
        ("ap_mpm_query;9999", "-1"),
        ("ap_state_query;const.AP_SQ_MAIN_STATE", "5"),
        ("ap_state_query;9999", "-1"),
        ("ap_runtime_dir_relative;a", "\"ROOT/run/a\""),
    ]),
    // subrequest
    handler(&[
        ("ap_sub_req_lookup_uri;0;/quiet.txt;0", r"~[1-9]\d*"),
        ("ap_request_field;$0;field.FILENAME", "\"ROOT/htdocs/quiet.txt\""),
        ("ap_request_main;$0", "0"),
        ("ap_destroy_sub_req;$0", "0"),
        ("ap_destroy_sub_req;$0", "-2"),
        ("ap_sub_req_lookup_file;0;quiet.txt;0", r"~[1-9]\d*"),
        ("ap_sub_req_lookup_uri;0;/a%00b;0", "-3"),
        ("ap_run_sub_req;0", "-2"),
    ]),
    Case {
        url: "/calls",
        phase: "handler",
        calls: &[("ap_sub_req_lookup_uri;0;/quiet.txt;1", "quiet"), ("ap_run_sub_req;$0", r"~\d+")],
    },
    Case { url: "/calls", phase: "handler", calls: &[("ap_internal_redirect;0;/a%00b", "-3")] },
    // stat
    handler(&[
        ("ap_stat_check;/etc/passwd", "0"),
        ("apr_stat;/etc;0", r"~.\\x02\\x00\\x00\\x00.*"),
        ("apr_stat;/etc;2", "-3"),
        ("apr_uid_homepath_get;root", "\"/root\""),
        ("apr_uid_homepath_get;nobody-of-that-name", "-5"),
    ]),
    // map
    handler(&[
        ("ap_map_file_state;@maps:0", r"~\d+"),
        ("ap_map_file_state;@maps:1", "-2"),
        ("apr_file_read;@maps:0;4;3", r#""1\x0at""#),
        ("apr_file_read;99999;0;1", "-2"),
        ("apr_dbm_fetch;0;@maps:1;one", "\"1\""),
        ("apr_dbm_fetch;0;@maps:1;two", "-1"),
        ("apr_dbd_pvselect;0;@maps:2;one", r#""1\x00""#),
        ("apr_dbd_pvselect;0;@maps:1;one", "-2"),
        ("ap_program_ask;0;@maps:3;me", "8"),
        ("ap_answer", "\"asked me\""),
        ("ap_program_start;@maps:3", "-4"),
        ("ap_map_call;0;@maps:0;x", "-2"),
        ("ap_map_file;maps/a.txt", "-4"),
        ("ap_map_dbm;sdbm;maps/map", "-4"),
        ("ap_map_dbd;SELECT 1;x", "-4"),
        ("ap_map_program;x;;;0", "-4"),
        ("ap_map_function;x", "-4"),
        ("apr_dbm_get_usednames;sdbm;x", "-4"),
    ]),
    // text
    handler(&[
        ("ap_os_escape_path;a:b c;0", "\"./a:b%20c\""),
        ("ap_os_escape_path;a:b c;1", "\"a:b%20c\""),
        ("ap_escape_path_segment;a/b", "\"a%2fb\""),
        ("ap_escape_urlencoded;a b/c", "\"a+b%2fc\""),
        ("ap_escape_html2;<%26>;0", "\"&lt;&amp;&gt;\""),
        ("ap_unescape_url;%2541%2520", "\"A \""),
        ("apr_time_exp_gmt;1709175721000007", r"~.\\x07\\x00\\x00\\x00\\x01\\x00\\x00\\x00\\x02\\x00.*"),
        ("apr_time_exp_lt;1709175721000007", r"~.\\x07\\x00\\x00\\x00\\x01\\x00\\x00\\x00.*"),
        ("ap_random_pick;3;3", "3"),
        ("ap_random_pick;3;2", "-3"),
        ("ap_unescape_urlencoded;a%2541+b", "\"aA b\""),
        ("ap_unescape_urlencoded;a%25zz", "-5"),
        ("ap_error_status", "400"),
        ("ap_escape_logitem;a%0ab", r#""a\x5cnb""#),
        ("ap_strcmp_match;abc;A*;0", "0"),
        ("ap_strcmp_match;abc;A*;1", "1"),
        ("apr_base64_encode;a%00b", "\"YQBi\""),
        ("apr_base64_decode;YQBi", r#""a\x00b""#),
        ("apr_base64_decode;YQ%00", "-3"),
        ("ap_md5_binary;abc", "\"900150983cd24fb0d6963f7d28e17f72\""),
        ("apr_sha1;abc", "\"a9993e364706816aba3e25717850c26c9cd0d89d\""),
        ("apr_date_parse_rfc;Sun, 06 Nov 1994 08:49:37 GMT", "784111777000000"),
        ("apr_date_parse_rfc;soon", "-1"),
        ("apr_rfc822_date;784111777000000", "\"Sun, 06 Nov 1994 08:49:37 GMT\""),
    ]),
    // body
    handler(&[
        ("ap_read_body;0;100", "\"\""),
        ("ap_read_body;0;0", "-3"),
        ("ap_read_body;9;100", "-2"),
        ("ap_discard_request_body;0", "0"),
        ("ap_parse_form_data;0;10;1000", "-1"),
        ("ap_parse_form_data;9;10;1000", "-2"),
    ]),
    // response
    handler(&[
        ("ap_set_cookie;0;a;b;0;/;;Lax;const.COOKIE_SECURE", "0"),
        ("apr_table_get;0;table.ERR_HEADERS_OUT;Set-Cookie", "\"a=b; Secure;    Path=/; SameSite=Lax;\""),
        ("ap_set_cookie;0;a;b;0;/%0d%0a;;;0", "-3"),
        ("ap_set_cookie;0;a;b;0;/;;;99", "-3"),
        ("ap_custom_response;0;404;gone", "0"),
        ("ap_custom_response;0;4;gone", "-3"),
        ("ap_send_interim_response;0;200;0", "-3"),
        ("ap_set_keepalive;0", r"~[01]"),
        ("ap_make_etag;0;0", r"~.+"),
        ("ap_set_etag;0", "0"),
        ("ap_set_last_modified;0", "0"),
        ("ap_set_accept_ranges;0", "0"),
        ("ap_meets_conditions;0", "0"),
        ("ap_allow_methods;0;1;GET PATCH", "0"),
        ("ap_allow_methods;0;0;GE%0dT", "-3"),
    ]),
    // auth
    handler(&[
        ("ap_get_basic_auth_pw;0", "-1"),
        ("ap_get_basic_auth_components;0", "-1"),
        ("ap_note_auth_failure;0", "0"),
        ("ap_note_auth_failure;9", "-2"),
        ("ap_check_password;0;nothing;user;secret", "-1"),
        ("ap_mk_password_hash;abc;const.ALG_APSHA;0", "\"{SHA}qZk+NkcGgWq6PiVxeFDCbJzQ2J0=\""),
        ("ap_mk_password_hash;abc;9;0", "-3"),
        ("apr_password_validate;abc;{SHA}qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "1"),
        ("apr_password_validate;abd;{SHA}qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "0"),
        ("apr_password_validate;abc;plain", "-3"),
    ]),
    // status
    handler(&[
        ("ap_loaded_modules", r"~.core\.c\\x00.*mod_conformance\.c\\x00."),
        ("ap_module_commands;mod_env.c", r"~.*SetEnv\\x00.+"),
        ("ap_module_commands;mod_none.c", "-1"),
        ("ap_server_info", r"~.*server_root\\x00ROOT\\x00.*"),
        ("ap_get_scoreboard_global", r"~.server_limit\\x00\d+\\x00thread_limit\\x00.*"),
        ("ap_get_scoreboard_process;0", r"~.pid\\x00[1-9]\d*\\x00.*"),
        ("ap_get_scoreboard_process;-1", "-1"),
        ("ap_copy_scoreboard_worker;0;0", r"~.access_count\\x00.*"),
        ("ap_copy_scoreboard_worker;0;99999", "-1"),
        (
            "ap_conftree",
            r"~.0\\x00ServerName\\x00localhost\\x00.*1\\x00SetHandler\\x00conformance\\x00ROOT/own.conf\\x00.*",
        ),
        ("ap_conftree_vhost;0", "-1"),
        ("ap_conftree_vhost;99", "-2"),
    ]),
    // file
    handler(&[
        ("apr_dir_make_recursive;ROOT/maps/inner/most;4095", "0"),
        ("apr_dir_make;ROOT/maps/inner;4095", "-5"),
        ("apr_dir_read;ROOT/maps/inner", r#"".\x00..\x00most\x00""#),
        ("apr_dir_remove;ROOT/maps/inner/most", "0"),
        ("apr_file_open;ROOT/maps/inner/file;7;4095", r"~[1-9]\d*"),
        ("apr_file_write_full;$4;0;some text", "0"),
        ("apr_file_read_full;$4;5;100", "\"text\""),
        ("apr_file_trunc;$4;2", "0"),
        ("ap_send_fd;0;ROOT/maps/inner;0;-1", "-5"),
        ("ap_send_fd;0;ROOT/maps/inner/none;0;-1", "-5"),
        ("ap_send_fd;0;ROOT/maps/inner/file;-1;-1", "-3"),
        ("ap_send_fd;99;ROOT/maps/inner/file;0;-1", "-2"),
        ("ap_send_fd;0;ROOT/maps/inner/file;2;-1", "0"),
        ("apr_file_info_get;$4", r"~.\\x01\\x00\\x00\\x00....*"),
        ("apr_file_close;$4", "0"),
        ("apr_file_close;$4", "-2"),
        ("apr_file_rename;ROOT/maps/inner/file;ROOT/maps/inner/other", "0"),
        ("apr_file_mtime_set;ROOT/maps/inner/other;1000000", "0"),
        ("apr_file_mtime_set;ROOT/maps/inner/file;1000000", "-5"),
        ("apr_file_remove;ROOT/maps/inner/other", "0"),
        ("apr_dir_remove;ROOT/maps/inner", "0"),
        ("apr_dir_remove;a%00b", "-3"),
    ]),
    // database
    handler(&[
        ("ap_dbd_open;mod_dbd;", r"~[1-9]\d*"),
        ("apr_dbd_check_conn;$0", "1"),
        ("ap_dbd_prepared;$0;by_key", r"~[1-9]\d*"),
        ("apr_dbd_pselect;$2;%03%00%00%00one", r"~[1-9]\d*"),
        ("apr_dbd_get_names;$3", r#""v\x00""#),
        ("apr_dbd_get_row;$3;1", r#""\x01\x00\x00\x001""#),
        ("apr_dbd_get_row;$3;2", "-1"),
        ("apr_dbd_get_rows;$3", r#""\x01\x00\x00\x001""#),
        ("apr_dbd_num_tuples;$3", "1"),
        ("apr_dbd_pselect;$2;", "-3"),
        ("ap_dbd_prepared;$0;none", "-1"),
        ("apr_dbd_escape;$0;it's", "\"it''s\""),
        ("apr_dbd_close;$3", "0"),
        ("apr_dbd_num_tuples;$3", "-2"),
        ("apr_dbd_close;$0", "0"),
        ("apr_dbd_pselect;$2;%03%00%00%00one", "-2"),
    ]),
    handler(&[
        ("ap_dbd_open;sqlite3;ROOT/maps/map.db", r"~[1-9]\d*"),
        ("apr_dbd_query;$0;UPDATE map SET v = 'x' WHERE k = 'none'", "0"),
        ("apr_dbd_select;$0;SELECT k FROM map", r"~[1-9]\d*"),
        ("apr_dbd_prepare;$0;UPDATE map SET v = v WHERE k = %25s", r"~[1-9]\d*"),
        ("apr_dbd_pquery;$3;%03%00%00%00one", "1"),
        ("apr_dbd_query;$0;nonsense", "-5"),
        ("ap_error_text", r"~.near .nonsense.: syntax error."),
        ("ap_dbd_open;nonesuch;x", "-5"),
        ("ap_dbd_open;../x;x", "-3"),
    ]),
    // websocket: what a request that asks for none gets; tests/server_api holds the conversations.
    handler(&[
        ("ap_websocket_upgrade;0", "-1"),
        ("ap_websocket_upgrade;9", "-2"),
        ("ap_websocket_read;1", "-2"),
        ("ap_websocket_write;1;257;text", "-2"),
        ("ap_websocket_write;1;3;text", "-3"),
        ("ap_websocket_write_raw;1;text", "-2"),
        ("ap_websocket_peek;1", "-2"),
        ("ap_websocket_ping;1;", "-2"),
        ("ap_websocket_close;1;1000;", "-2"),
        ("ap_websocket_close;1;1005;", "-3"),
    ]),
];
