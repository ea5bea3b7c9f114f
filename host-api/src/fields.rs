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
    METHOD: Text rw, "r->method; written together with r->method_number", "r.method";
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
    CONTENT_ENCODING: Text rw, "r->content_encoding", "r.content_encoding";
    USER: Text rw, "r->user", "r.user";
    AP_AUTH_TYPE: Text rw, "r->ap_auth_type", "r.ap_auth_type";
    RANGE: Text, "r->range", "r.range";
    USERAGENT_IP: Text, "r->useragent_ip", "r.useragent_ip";
    LOG_ID: Text, "r->log_id", "r.log_id";
    STATUS: Number rw, "r->status", "r.status";
    STATUS_LINE: Text rw, "r->status_line; holds no control characters", "";
    PROXYREQ: Number rw, "r->proxyreq", "r.proxyreq";
    ASSBACKWARDS: Number, "r->assbackwards", "r.assbackwards";
    HEADER_ONLY: Number, "r->header_only", "";
    REQUEST_TIME: Number, "r->request_time, microseconds since 1970", "";
    BYTES_SENT: Number, "r->bytes_sent", "";
    CLENGTH: Number rw, "r->clength; written by ap_set_content_length, which sets the header too", "";
    MTIME: Number rw, "r->mtime, microseconds since 1970; written by ap_update_mtime, which keeps the later time", "";
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
    SERVER_URL: Text, "ap_construct_url of an empty path: scheme, `://`, server name, and the port where it is not the scheme's", "";
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
    SOME_AUTHN_REQUIRED: Number, "ap_some_authn_required", "";
    SERVER_ID: Number, "a number for r->server, the same for as long as the configuration lives; also that of a directive's server", "";
    REQUEST_ID: Number, "a number for r, unlike that of other requests at the time", "";
    AUTH_NAME: Text, "ap_auth_name: AuthName in force", "r.auth_name";
    AUTH_TYPE: Text, "ap_auth_type: AuthType in force", "";
    SERVER_BUILT: Text, "ap_get_server_built", "r.server_built";
    OPTIONS: Text, "ap_allow_options in words, Indexes Includes FollowSymLinks ExecCGI MultiViews All, with nothing between two spaces for what is off", "r.options";
    ALLOWOVERRIDES: Text, "ap_allow_overrides in words: All, None, or those of Limit Options FileInfo AuthCfg Indexes", "r.allowoverrides";
    CONTENT_LANGUAGES: Text rw, "r->content_languages, with commas between them", "";
    VLIST_VALIDATOR: Text, "r->vlist_validator", "";
    PARSED_URI_SCHEME: Text, "r->parsed_uri.scheme", "";
    PARSED_URI_HOSTINFO: Text, "r->parsed_uri.hostinfo", "";
    PARSED_URI_USER: Text, "r->parsed_uri.user", "";
    PARSED_URI_PASSWORD: Text, "r->parsed_uri.password", "";
    PARSED_URI_HOSTNAME: Text, "r->parsed_uri.hostname", "";
    PARSED_URI_PORT_STR: Text, "r->parsed_uri.port_str", "";
    PARSED_URI_PATH: Text, "r->parsed_uri.path", "";
    PARSED_URI_QUERY: Text, "r->parsed_uri.query", "";
    PARSED_URI_FRAGMENT: Text, "r->parsed_uri.fragment", "";
    PARSED_URI_PORT: Number, "r->parsed_uri.port, 0 where the request line names none", "";
    ALLOWED: Number rw, "r->allowed: the methods of an Allow header, each 1 << its method_number", "";
    SENT_BODYCT: Number, "r->sent_bodyct: 1 once the head of the answer is out", "";
    READ_LENGTH: Number, "r->read_length: bytes of the request's body that were read", "";
    REMAINING: Number, "r->remaining: the length of the request's body from the first ap_read_body on, 0 once it has been read, and where that isn't known", "r.remaining";
    READ_CHUNKED: Number, "r->read_chunked: 1 where the request's body is chunked, from the first ap_read_body on", "";
    CHUNKED: Number, "r->chunked: 1 where the answer is sent in chunks", "";
    EXPECTING_100: Number, "r->expecting_100: 1 while the client waits for 100 (Continue)", "";
    EOS_SENT: Number, "r->eos_sent", "";
    KEPT_BODY: Number, "bytes in r->kept_body; NONE where no body is kept", "";
    NO_CACHE: Number rw, "r->no_cache, 0 or 1", "";
    NO_LOCAL_COPY: Number rw, "r->no_local_copy, 0 or 1", "";
    ALLOW_OVERRIDES: Number, "ap_allow_overrides, as OR_ bits", "";
    SOME_AUTH_REQUIRED: Number, "ap_some_auth_required", "r.some_auth_required";
    LIMIT_REQ_BODY: Number, "ap_get_limit_req_body, bytes; 0 for no limit", "r.limit_req_body";
    LIMIT_XML_BODY: Number, "ap_get_limit_xml_body, bytes; 0 for no limit", "";
    STARTED: Number, "when the server was started or restarted, seconds since 1970; NONE without a scoreboard", "r.started";
    FINFO_VALID: Number, "r->finfo.valid, which members are set, as APR_FINFO_ bits", "";
    FINFO_ATIME: Number, "r->finfo.atime, microseconds since 1970", "";
    FINFO_CTIME: Number, "r->finfo.ctime, microseconds since 1970", "";
    FINFO_INODE: Number, "r->finfo.inode", "";
    FINFO_DEVICE: Number, "r->finfo.device", "";
    FINFO_NLINK: Number, "r->finfo.nlink", "";
    FINFO_USER: Number, "r->finfo.user, a number", "";
    FINFO_GROUP: Number, "r->finfo.group, a number", "";
    CONN_ID: Number, "r->connection->id, unlike that of other connections at the time", "";
    CONN_LOG_ID: Text, "r->connection->log_id", "";
    CONN_PROTOCOL: Text, "ap_get_protocol of r->connection: http/1.1, h2", "";
    CONN_KEEPALIVE: Number, "r->connection->keepalive: AP_CONN_UNKNOWN, AP_CONN_CLOSE, AP_CONN_KEEPALIVE", "";
    CONN_ABORTED: Number, "r->connection->aborted: 1 where the client has gone", "";
    CONN_OUTGOING: Number, "r->connection->outgoing: 1 on a connection to a backend", "";
    CONN_SECONDARY: Number, "1 where r->connection has a master, as an HTTP/2 stream has", "";
    CONN_DATA_IN_INPUT_FILTERS: Number, "r->connection->data_in_input_filters", "";
    CLIENT_PORT: Number, "r->connection->client_addr->port", "";
    LOCAL_PORT: Number, "r->connection->local_addr->port", "";
    LOCAL_HOST: Text, "r->connection->local_host; NONE before it was asked for", "";
    SERVER_PORT: Number, "r->server->port, 0 where its ServerName names none", "";
    SERVER_SCHEME: Text, "r->server->server_scheme", "";
    SERVER_PATH: Text, "r->server->path: ServerPath", "";
    SERVER_ERROR_FNAME: Text, "r->server->error_fname: ErrorLog", "";
    SERVER_DEFN_NAME: Text, "r->server->defn_name: the file that defines the server", "";
    SERVER_DEFN_LINE_NUMBER: Number, "r->server->defn_line_number", "";
    SERVER_NAMES: Text, "r->server->names, then wild_names: ServerAlias, with spaces between them", "";
    SERVER_IS_VIRTUAL: Number, "r->server->is_virtual", "";
    SERVER_TIMEOUT: Number, "r->server->timeout, microseconds", "";
    SERVER_KEEP_ALIVE: Number, "r->server->keep_alive", "";
    SERVER_KEEP_ALIVE_MAX: Number, "r->server->keep_alive_max", "";
    SERVER_KEEP_ALIVE_TIMEOUT: Number, "r->server->keep_alive_timeout, microseconds", "";
    LIMIT_REQ_FIELDSIZE: Number, "r->server->limit_req_fieldsize, bytes", "";
    LIMIT_REQ_FIELDS: Number, "r->server->limit_req_fields", "";
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
    ("CONN_NOTES", "r->connection->notes: kept for all requests of a connection", ""),
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
    (
        "FIRST_PARSE",
        Kind::Number,
        "1 where it is parsed for the first time, 0 where another instance learns what a section says",
    ),
];

/// Constants of httpd and APR that the interface uses: `(group, name, value)`.
pub const CONSTANTS: &[(&str, &str, i64)] = &[
    ("result", "OK", 0),
    ("result", "DECLINED", -1),
    ("result", "DONE", -2),
    ("result", "AP_FILTER_ERROR", -102),
    ("result", "HTTP_CONTINUE", 100),
    ("result", "HTTP_SWITCHING_PROTOCOLS", 101),
    ("result", "HTTP_PROCESSING", 102),
    ("result", "HTTP_EARLY_HINTS", 103),
    ("result", "HTTP_OK", 200),
    ("result", "HTTP_CREATED", 201),
    ("result", "HTTP_ACCEPTED", 202),
    ("result", "HTTP_NON_AUTHORITATIVE", 203),
    ("result", "HTTP_NO_CONTENT", 204),
    ("result", "HTTP_RESET_CONTENT", 205),
    ("result", "HTTP_PARTIAL_CONTENT", 206),
    ("result", "HTTP_MULTI_STATUS", 207),
    ("result", "HTTP_ALREADY_REPORTED", 208),
    ("result", "HTTP_IM_USED", 226),
    ("result", "HTTP_MULTIPLE_CHOICES", 300),
    ("result", "HTTP_MOVED_PERMANENTLY", 301),
    ("result", "HTTP_MOVED_TEMPORARILY", 302),
    ("result", "HTTP_SEE_OTHER", 303),
    ("result", "HTTP_NOT_MODIFIED", 304),
    ("result", "HTTP_USE_PROXY", 305),
    ("result", "HTTP_TEMPORARY_REDIRECT", 307),
    ("result", "HTTP_PERMANENT_REDIRECT", 308),
    ("result", "HTTP_BAD_REQUEST", 400),
    ("result", "HTTP_UNAUTHORIZED", 401),
    ("result", "HTTP_PAYMENT_REQUIRED", 402),
    ("result", "HTTP_FORBIDDEN", 403),
    ("result", "HTTP_NOT_FOUND", 404),
    ("result", "HTTP_METHOD_NOT_ALLOWED", 405),
    ("result", "HTTP_NOT_ACCEPTABLE", 406),
    ("result", "HTTP_PROXY_AUTHENTICATION_REQUIRED", 407),
    ("result", "HTTP_REQUEST_TIME_OUT", 408),
    ("result", "HTTP_CONFLICT", 409),
    ("result", "HTTP_GONE", 410),
    ("result", "HTTP_LENGTH_REQUIRED", 411),
    ("result", "HTTP_PRECONDITION_FAILED", 412),
    ("result", "HTTP_REQUEST_ENTITY_TOO_LARGE", 413),
    ("result", "HTTP_REQUEST_URI_TOO_LARGE", 414),
    ("result", "HTTP_UNSUPPORTED_MEDIA_TYPE", 415),
    ("result", "HTTP_RANGE_NOT_SATISFIABLE", 416),
    ("result", "HTTP_EXPECTATION_FAILED", 417),
    ("result", "HTTP_MISDIRECTED_REQUEST", 421),
    ("result", "HTTP_UNPROCESSABLE_ENTITY", 422),
    ("result", "HTTP_LOCKED", 423),
    ("result", "HTTP_FAILED_DEPENDENCY", 424),
    ("result", "HTTP_UPGRADE_REQUIRED", 426),
    ("result", "HTTP_PRECONDITION_REQUIRED", 428),
    ("result", "HTTP_TOO_MANY_REQUESTS", 429),
    ("result", "HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE", 431),
    ("result", "HTTP_UNAVAILABLE_FOR_LEGAL_REASONS", 451),
    ("result", "HTTP_INTERNAL_SERVER_ERROR", 500),
    ("result", "HTTP_NOT_IMPLEMENTED", 501),
    ("result", "HTTP_BAD_GATEWAY", 502),
    ("result", "HTTP_SERVICE_UNAVAILABLE", 503),
    ("result", "HTTP_GATEWAY_TIME_OUT", 504),
    ("result", "HTTP_VERSION_NOT_SUPPORTED", 505),
    ("result", "HTTP_VARIANT_ALSO_VARIES", 506),
    ("result", "HTTP_INSUFFICIENT_STORAGE", 507),
    ("result", "HTTP_LOOP_DETECTED", 508),
    ("result", "HTTP_NOT_EXTENDED", 510),
    ("result", "HTTP_NETWORK_AUTHENTICATION_REQUIRED", 511),
    ("method", "M_GET", 0),
    ("method", "M_PUT", 1),
    ("method", "M_POST", 2),
    ("method", "M_DELETE", 3),
    ("method", "M_CONNECT", 4),
    ("method", "M_OPTIONS", 5),
    ("method", "M_TRACE", 6),
    ("method", "M_PATCH", 7),
    ("method", "M_PROPFIND", 8),
    ("method", "M_PROPPATCH", 9),
    ("method", "M_MKCOL", 10),
    ("method", "M_COPY", 11),
    ("method", "M_MOVE", 12),
    ("method", "M_LOCK", 13),
    ("method", "M_UNLOCK", 14),
    ("method", "M_VERSION_CONTROL", 15),
    ("method", "M_CHECKOUT", 16),
    ("method", "M_UNCHECKOUT", 17),
    ("method", "M_CHECKIN", 18),
    ("method", "M_UPDATE", 19),
    ("method", "M_LABEL", 20),
    ("method", "M_REPORT", 21),
    ("method", "M_MKWORKSPACE", 22),
    ("method", "M_MKACTIVITY", 23),
    ("method", "M_BASELINE_CONTROL", 24),
    ("method", "M_MERGE", 25),
    ("method", "M_INVALID", 26),
    ("authz", "AUTHZ_DENIED", 0),
    ("authz", "AUTHZ_GRANTED", 1),
    ("authz", "AUTHZ_NEUTRAL", 2),
    ("authz", "AUTHZ_GENERAL_ERROR", 3),
    ("authz", "AUTHZ_DENIED_NO_USER", 4),
    ("authn", "AUTH_DENIED", 0),
    ("authn", "AUTH_GRANTED", 1),
    ("authn", "AUTH_USER_FOUND", 2),
    ("authn", "AUTH_USER_NOT_FOUND", 3),
    ("authn", "AUTH_GENERAL_ERROR", 4),
    ("keepalive", "AP_CONN_UNKNOWN", 0),
    ("keepalive", "AP_CONN_CLOSE", 1),
    ("keepalive", "AP_CONN_KEEPALIVE", 2),
    ("password", "ALG_APMD5", 0),
    ("password", "ALG_APSHA", 1),
    ("password", "ALG_BCRYPT", 2),
    ("password", "ALG_CRYPT", 3),
    ("cookie", "COOKIE_SECURE", 1),
    ("cookie", "COOKIE_HTTPONLY", 2),
    ("cookie", "COOKIE_PARTITIONED", 4),
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
    ("allowed", "OR_NONE", 0),
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
    ("options", "OPT_ALL", 47),
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
