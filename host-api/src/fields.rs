//! The values that are read and written by number: tables, request fields, fields of the directive being parsed, and
//! the constants of httpd that the interface uses; knows nothing of how they are stored.

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bytes, NONE where httpd has NULL.
    Text,
    /// A number.
    Number,
}

/// One field of request_rec, conn_rec or server_rec.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in constants: `FILENAME`.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether a guest may write it.
    pub writable: bool,
    /// One line: the member or function of httpd, and units.
    pub doc: &'static str,
    /// What does the same in mod_lua; empty where nothing does.
    pub lua: &'static str,
}

macro_rules! fields {
    ($($name:ident: $kind:ident $($w:ident)?, $doc:literal, $lua:literal;)*) => {
        /// Every field; its number is its position.
        pub const FIELDS: &[Field] = &[$(Field {
            name: stringify!($name),
            kind: Kind::$kind,
            writable: fields!(@w $($w)?),
            doc: $doc,
            lua: $lua,
        },)*];
    };
    (@w rw) => { true };
    (@w) => { false };
}

fields! {
    METHOD: Text, "r->method", "r.method";
    METHOD_NUMBER: Number, "r->method_number", "";
    THE_REQUEST: Text, "r->the_request", "r.the_request";
    PROTOCOL: Text, "r->protocol", "r.protocol";
    PROTO_NUM: Number, "r->proto_num", "";
    HOSTNAME: Text, "r->hostname", "r.hostname";
    UNPARSED_URI: Text, "r->unparsed_uri", "r.unparsed_uri";
    URI: Text rw, "r->uri", "r.uri";
    ARGS: Text rw, "r->args", "r.args";
    FILENAME: Text rw, "r->filename", "r.filename";
    CANONICAL_FILENAME: Text rw, "r->canonical_filename", "r.canonical_filename";
    PATH_INFO: Text rw, "r->path_info", "r.path_info";
    HANDLER: Text rw, "r->handler", "r.handler";
    CONTENT_TYPE: Text rw, "r->content_type; written by ap_set_content_type", "r.content_type";
    CONTENT_ENCODING: Text, "r->content_encoding", "r.content_encoding";
    USER: Text rw, "r->user", "r.user";
    AP_AUTH_TYPE: Text rw, "r->ap_auth_type", "r.ap_auth_type";
    RANGE: Text, "r->range", "r.range";
    USERAGENT_IP: Text, "r->useragent_ip", "r.useragent_ip";
    LOG_ID: Text, "r->log_id", "r.log_id";
    STATUS: Number rw, "r->status", "r.status";
    STATUS_LINE: Text rw, "r->status_line", "";
    PROXYREQ: Number rw, "r->proxyreq", "r.proxyreq";
    ASSBACKWARDS: Number, "r->assbackwards", "r.assbackwards";
    HEADER_ONLY: Number, "r->header_only", "";
    REQUEST_TIME: Number, "r->request_time, microseconds since 1970", "";
    BYTES_SENT: Number, "r->bytes_sent", "";
    CLENGTH: Number, "r->clength", "";
    MTIME: Number, "r->mtime, microseconds since 1970", "";
    IS_INITIAL_REQ: Number, "ap_is_initial_req", "r.is_initial_req";
    IS_SUBREQ: Number, "1 where r->main is not NULL", "";
    IS_REDIRECT: Number, "1 where r->prev is not NULL", "";
    IS_HTTPS: Number, "ap_ssl_conn_is_ssl", "r.is_https";
    PORT: Number, "ap_get_server_port", "r.port";
    SERVER_NAME: Text, "ap_get_server_name", "r.server_name";
    DOCUMENT_ROOT: Text, "ap_document_root", "r.document_root";
    SERVER_HOSTNAME: Text, "r->server->server_hostname", "";
    CLIENT_IP: Text, "r->connection->client_ip", "";
    LOCAL_IP: Text, "r->connection->local_ip", "";
    KEEPALIVES: Number, "r->connection->keepalives", "";
    REMOTE_HOST: Text, "ap_get_remote_host with REMOTE_NAME: looked up where HostnameLookups says so", "";
    USERAGENT_HOST: Text, "ap_get_useragent_host with REMOTE_NOLOOKUP", "r.useragent_host";
    REMOTE_IDENT: Text, "ap_get_remote_logname; asks the client's machine where IdentityCheck says so", "r.remote_ident";
    REMOTE_PORT: Number, "r->useragent_addr->port", "";
    IPV6: Number, "1 where the client's address is IPv6 and not a mapped IPv4 one", "";
    SERVER_ADMIN: Text, "r->server->server_admin", "";
    SERVER_BANNER: Text, "ap_get_server_banner", "r.banner";
    SERVER_NAME_FOR_URL: Text, "ap_get_server_name_for_url", "";
    REQUEST_SCHEME: Text, "ap_http_scheme", "";
    DEFAULT_PORT: Number, "ap_default_port", "";
    API_VERSION: Text, "MODULE_MAGIC_NUMBER_MAJOR and _MINOR with a colon between them", "";
    CONTEXT_PREFIX: Text, "ap_context_prefix", "r.context_prefix";
    CONTEXT_DOCUMENT_ROOT: Text, "ap_context_document_root", "r.context_document_root";
    SCRIPT_USER: Text, "name of the user who owns the file of r->finfo; NONE where that is not known", "";
    SCRIPT_GROUP: Text, "the same of the group", "";
    FINFO_FILETYPE: Number, "r->finfo.filetype", "";
    FINFO_PROTECTION: Number, "r->finfo.protection", "";
    FINFO_SIZE: Number, "r->finfo.size", "";
    FINFO_MTIME: Number, "r->finfo.mtime, microseconds since 1970", "";
    USED_PATH_INFO: Number rw, "r->used_path_info", "r.used_path_info";
    ALLOW_OPTIONS: Number, "ap_allow_options, as OPT_ bits", "r.allow_options";
    LIMIT_REQ_LINE: Number, "r->server->limit_req_line, bytes", "";
    SOME_AUTHN_REQUIRED: Number, "ap_some_authn_required", "r.some_auth_required";
    SERVER_ID: Number, "a number for r->server, the same for as long as the configuration lives; also that of a directive's server", "";
    REQUEST_ID: Number, "a number for r, unlike that of other requests at the time", "";
}

/// The tables of a request, by number: `(name, doc, lua)`.
pub const TABLES: &[(&str, &str, &str)] = &[
    ("HEADERS_IN", "r->headers_in", "r.headers_in"),
    ("HEADERS_OUT", "r->headers_out", "r.headers_out"),
    ("ERR_HEADERS_OUT", "r->err_headers_out", "r.err_headers_out"),
    ("NOTES", "r->notes", "r.notes"),
    ("SUBPROCESS_ENV", "r->subprocess_env", "r.subprocess_env"),
    ("TRAILERS_IN", "r->trailers_in", ""),
    ("TRAILERS_OUT", "r->trailers_out", ""),
];

/// What is known of the directive being parsed, by number: `(name, kind, doc)`.
pub const DIRECTIVE_FIELDS: &[(&str, Kind, &str)] = &[
    ("NAME", Kind::Text, "cmd->cmd->name"),
    ("PATH", Kind::Text, "cmd->path; NONE outside of a directory section"),
    ("FILE", Kind::Text, "cmd->directive->filename"),
    ("LINE", Kind::Number, "cmd->directive->line_num"),
    ("OVERRIDE", Kind::Number, "cmd->override"),
    ("IN_HTACCESS", Kind::Number, "1 in a .htaccess file"),
    ("IS_VIRTUAL", Kind::Number, "1 inside of a VirtualHost"),
    ("SERVER_ID", Kind::Number, "the number of cmd->server, as a request's SERVER_ID"),
    ("FIRST_PARSE", Kind::Number, "1 where it is parsed for the first time, 0 where another instance learns what a section says"),
];

/// Constants of httpd and APR that the interface uses: `(group, name, value)`.
pub const CONSTANTS: &[(&str, &str, i64)] = &[
    ("result", "OK", 0),
    ("result", "DECLINED", -1),
    ("result", "DONE", -2),
    ("args", "RAW_ARGS", 0),
    ("args", "TAKE1", 1),
    ("args", "TAKE2", 2),
    ("args", "ITERATE", 3),
    ("args", "ITERATE2", 4),
    ("args", "FLAG", 5),
    ("args", "NO_ARGS", 6),
    ("args", "TAKE12", 7),
    ("args", "TAKE3", 8),
    ("args", "TAKE23", 9),
    ("args", "TAKE123", 10),
    ("args", "TAKE13", 11),
    ("args", "TAKE_ARGV", 12),
    ("allowed", "OR_LIMIT", 1),
    ("allowed", "OR_OPTIONS", 2),
    ("allowed", "OR_FILEINFO", 4),
    ("allowed", "OR_AUTHCFG", 8),
    ("allowed", "OR_INDEXES", 16),
    ("allowed", "OR_ALL", 31),
    ("allowed", "ACCESS_CONF", 64),
    ("allowed", "RSRC_CONF", 128),
    ("order", "REALLY_FIRST", -10),
    ("order", "FIRST", 0),
    ("order", "MIDDLE", 10),
    ("order", "LAST", 20),
    ("order", "REALLY_LAST", 30),
    ("filter", "FTYPE_RESOURCE", 10),
    ("filter", "FTYPE_CONTENT_SET", 20),
    ("filter", "FTYPE_PROTOCOL", 30),
    ("event", "FILTER_START", 0),
    ("event", "FILTER_DATA", 1),
    ("event", "FILTER_FLUSH", 2),
    ("event", "FILTER_EOS", 3),
    ("answer", "FILTER_PASS", 0),
    ("answer", "FILTER_REPLACE", 1),
    ("answer", "FILTER_REMOVE", 2),
    ("authz", "AUTHZ_DENIED", 0),
    ("authz", "AUTHZ_GRANTED", 1),
    ("authz", "AUTHZ_NEUTRAL", 2),
    ("authz", "AUTHZ_GENERAL_ERROR", 3),
    ("authz", "AUTHZ_DENIED_NO_USER", 4),
    ("level", "APLOG_EMERG", 0),
    ("level", "APLOG_ALERT", 1),
    ("level", "APLOG_CRIT", 2),
    ("level", "APLOG_ERR", 3),
    ("level", "APLOG_WARNING", 4),
    ("level", "APLOG_NOTICE", 5),
    ("level", "APLOG_INFO", 6),
    ("level", "APLOG_DEBUG", 7),
    ("level", "APLOG_TRACE1", 8),
    ("level", "APLOG_TRACE2", 9),
    ("level", "APLOG_TRACE3", 10),
    ("level", "APLOG_TRACE4", 11),
    ("level", "APLOG_TRACE5", 12),
    ("level", "APLOG_TRACE6", 13),
    ("level", "APLOG_TRACE7", 14),
    ("level", "APLOG_TRACE8", 15),
    ("fopen", "APR_FOPEN_READ", 0x01),
    ("fopen", "APR_FOPEN_WRITE", 0x02),
    ("fopen", "APR_FOPEN_CREATE", 0x04),
    ("fopen", "APR_FOPEN_APPEND", 0x08),
    ("fopen", "APR_FOPEN_TRUNCATE", 0x10),
    ("fopen", "APR_FOPEN_EXCL", 0x40),
    ("mpm", "AP_MPMQ_MAX_DAEMON_USED", 1),
    ("mpm", "AP_MPMQ_IS_THREADED", 2),
    ("mpm", "AP_MPMQ_IS_FORKED", 3),
    ("mpm", "AP_MPMQ_HARD_LIMIT_DAEMONS", 4),
    ("mpm", "AP_MPMQ_HARD_LIMIT_THREADS", 5),
    ("mpm", "AP_MPMQ_MAX_THREADS", 6),
    ("mpm", "AP_MPMQ_MIN_SPARE_DAEMONS", 7),
    ("mpm", "AP_MPMQ_MIN_SPARE_THREADS", 8),
    ("mpm", "AP_MPMQ_MAX_SPARE_DAEMONS", 9),
    ("mpm", "AP_MPMQ_MAX_SPARE_THREADS", 10),
    ("mpm", "AP_MPMQ_MAX_REQUESTS_DAEMON", 11),
    ("mpm", "AP_MPMQ_MAX_DAEMONS", 12),
    ("mpm", "AP_MPMQ_MPM_STATE", 13),
    ("mpm", "AP_MPMQ_IS_ASYNC", 14),
    ("mpm", "AP_MPMQ_GENERATION", 15),
    ("mpm", "AP_MPMQ_HAS_SERF", 16),
    ("state", "AP_SQ_MAIN_STATE", 0),
    ("state", "AP_SQ_RUN_MODE", 1),
    ("state", "AP_SQ_CONFIG_GEN", 2),
    ("filetype", "APR_NOFILE", 0),
    ("filetype", "APR_REG", 1),
    ("filetype", "APR_DIR", 2),
    ("filetype", "APR_CHR", 3),
    ("filetype", "APR_BLK", 4),
    ("filetype", "APR_PIPE", 5),
    ("filetype", "APR_LNK", 6),
    ("filetype", "APR_SOCK", 7),
    ("filetype", "APR_UNKFILE", 127),
    ("protection", "APR_UEXECUTE", 0x100),
    ("protection", "APR_GEXECUTE", 0x10),
    ("protection", "APR_WEXECUTE", 1),
    ("options", "OPT_INDEXES", 1),
    ("options", "OPT_INCLUDES", 2),
    ("options", "OPT_SYM_LINKS", 4),
    ("options", "OPT_EXECCGI", 8),
    ("options", "OPT_INC_WITH_EXEC", 32),
    ("options", "OPT_SYM_OWNER", 64),
    ("options", "OPT_MULTI", 128),
    ("proxyreq", "PROXYREQ_NONE", 0),
    ("proxyreq", "PROXYREQ_PROXY", 1),
    ("proxyreq", "PROXYREQ_REVERSE", 2),
    ("proxyreq", "PROXYREQ_RESPONSE", 3),
    ("regex", "REG_ICASE", 1),
    ("regex", "REG_NEWLINE", 2),
    ("regex", "REG_NOTBOL", 4),
    ("regex", "REG_NOTEOL", 8),
    ("regex", "REG_DOTALL", 64),
    ("regex", "REG_DOLLAR_ENDONLY", 512),
    ("regex", "REG_NO_DEFAULT", 1024),
    ("expr", "EXPR_SSL_COMPAT", 1),
    ("expr", "EXPR_DONT_VARY", 2),
    ("expr", "EXPR_RESTRICTED", 4),
    ("expr", "EXPR_STRING_RESULT", 8),
];
