/* Host functions of mod_wasm, interface version 1. Made from host-api/src/table.rs: do not edit. */
#ifndef APACHE_FUNCTIONS_H
#define APACHE_FUNCTIONS_H

#include <stdint.h>

#define AP_NONE (-1) /* nothing is there: no such entry, no match, a field that is NULL */
#define AP_BAD_HANDLE (-2) /* the handle is not one that this instance holds now */
#define AP_BAD_VALUE (-3) /* an argument is out of its range or holds a NUL byte */
#define AP_NOT_NOW (-4) /* the function has no meaning in the present phase */
#define AP_FAILED (-5) /* httpd refused or failed; ap_error_text says why */
#define AP_LIMIT (-6) /* a limit of this module was reached */

#define OK (0)
#define DECLINED (-1)
#define DONE (-2)
#define AP_FILTER_ERROR (-102)
#define HTTP_CONTINUE (100)
#define HTTP_SWITCHING_PROTOCOLS (101)
#define HTTP_PROCESSING (102)
#define HTTP_EARLY_HINTS (103)
#define HTTP_OK (200)
#define HTTP_CREATED (201)
#define HTTP_ACCEPTED (202)
#define HTTP_NON_AUTHORITATIVE (203)
#define HTTP_NO_CONTENT (204)
#define HTTP_RESET_CONTENT (205)
#define HTTP_PARTIAL_CONTENT (206)
#define HTTP_MULTI_STATUS (207)
#define HTTP_ALREADY_REPORTED (208)
#define HTTP_IM_USED (226)
#define HTTP_MULTIPLE_CHOICES (300)
#define HTTP_MOVED_PERMANENTLY (301)
#define HTTP_MOVED_TEMPORARILY (302)
#define HTTP_SEE_OTHER (303)
#define HTTP_NOT_MODIFIED (304)
#define HTTP_USE_PROXY (305)
#define HTTP_TEMPORARY_REDIRECT (307)
#define HTTP_PERMANENT_REDIRECT (308)
#define HTTP_BAD_REQUEST (400)
#define HTTP_UNAUTHORIZED (401)
#define HTTP_PAYMENT_REQUIRED (402)
#define HTTP_FORBIDDEN (403)
#define HTTP_NOT_FOUND (404)
#define HTTP_METHOD_NOT_ALLOWED (405)
#define HTTP_NOT_ACCEPTABLE (406)
#define HTTP_PROXY_AUTHENTICATION_REQUIRED (407)
#define HTTP_REQUEST_TIME_OUT (408)
#define HTTP_CONFLICT (409)
#define HTTP_GONE (410)
#define HTTP_LENGTH_REQUIRED (411)
#define HTTP_PRECONDITION_FAILED (412)
#define HTTP_REQUEST_ENTITY_TOO_LARGE (413)
#define HTTP_REQUEST_URI_TOO_LARGE (414)
#define HTTP_UNSUPPORTED_MEDIA_TYPE (415)
#define HTTP_RANGE_NOT_SATISFIABLE (416)
#define HTTP_EXPECTATION_FAILED (417)
#define HTTP_MISDIRECTED_REQUEST (421)
#define HTTP_UNPROCESSABLE_ENTITY (422)
#define HTTP_LOCKED (423)
#define HTTP_FAILED_DEPENDENCY (424)
#define HTTP_UPGRADE_REQUIRED (426)
#define HTTP_PRECONDITION_REQUIRED (428)
#define HTTP_TOO_MANY_REQUESTS (429)
#define HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE (431)
#define HTTP_UNAVAILABLE_FOR_LEGAL_REASONS (451)
#define HTTP_INTERNAL_SERVER_ERROR (500)
#define HTTP_NOT_IMPLEMENTED (501)
#define HTTP_BAD_GATEWAY (502)
#define HTTP_SERVICE_UNAVAILABLE (503)
#define HTTP_GATEWAY_TIME_OUT (504)
#define HTTP_VERSION_NOT_SUPPORTED (505)
#define HTTP_VARIANT_ALSO_VARIES (506)
#define HTTP_INSUFFICIENT_STORAGE (507)
#define HTTP_LOOP_DETECTED (508)
#define HTTP_NOT_EXTENDED (510)
#define HTTP_NETWORK_AUTHENTICATION_REQUIRED (511)
#define M_GET (0)
#define M_PUT (1)
#define M_POST (2)
#define M_DELETE (3)
#define M_CONNECT (4)
#define M_OPTIONS (5)
#define M_TRACE (6)
#define M_PATCH (7)
#define M_PROPFIND (8)
#define M_PROPPATCH (9)
#define M_MKCOL (10)
#define M_COPY (11)
#define M_MOVE (12)
#define M_LOCK (13)
#define M_UNLOCK (14)
#define M_VERSION_CONTROL (15)
#define M_CHECKOUT (16)
#define M_UNCHECKOUT (17)
#define M_CHECKIN (18)
#define M_UPDATE (19)
#define M_LABEL (20)
#define M_REPORT (21)
#define M_MKWORKSPACE (22)
#define M_MKACTIVITY (23)
#define M_BASELINE_CONTROL (24)
#define M_MERGE (25)
#define M_INVALID (26)
#define AUTHZ_DENIED (0)
#define AUTHZ_GRANTED (1)
#define AUTHZ_NEUTRAL (2)
#define AUTHZ_GENERAL_ERROR (3)
#define AUTHZ_DENIED_NO_USER (4)
#define AUTH_DENIED (0)
#define AUTH_GRANTED (1)
#define AUTH_USER_FOUND (2)
#define AUTH_USER_NOT_FOUND (3)
#define AUTH_GENERAL_ERROR (4)
#define AP_CONN_UNKNOWN (0)
#define AP_CONN_CLOSE (1)
#define AP_CONN_KEEPALIVE (2)
#define ALG_APMD5 (0)
#define ALG_APSHA (1)
#define ALG_BCRYPT (2)
#define ALG_CRYPT (3)
#define COOKIE_SECURE (1)
#define COOKIE_HTTPONLY (2)
#define COOKIE_PARTITIONED (4)
#define RAW_ARGS (0)
#define TAKE1 (1)
#define TAKE2 (2)
#define ITERATE (3)
#define ITERATE2 (4)
#define FLAG (5)
#define NO_ARGS (6)
#define TAKE12 (7)
#define TAKE3 (8)
#define TAKE23 (9)
#define TAKE123 (10)
#define TAKE13 (11)
#define TAKE_ARGV (12)
#define OR_NONE (0)
#define OR_LIMIT (1)
#define OR_OPTIONS (2)
#define OR_FILEINFO (4)
#define OR_AUTHCFG (8)
#define OR_INDEXES (16)
#define OR_ALL (31)
#define ACCESS_CONF (64)
#define RSRC_CONF (128)
#define REALLY_FIRST (-10)
#define FIRST (0)
#define MIDDLE (10)
#define LAST (20)
#define REALLY_LAST (30)
#define FTYPE_RESOURCE (10)
#define FTYPE_CONTENT_SET (20)
#define FTYPE_PROTOCOL (30)
#define FILTER_START (0)
#define FILTER_DATA (1)
#define FILTER_FLUSH (2)
#define FILTER_EOS (3)
#define FILTER_PASS (0)
#define FILTER_REPLACE (1)
#define FILTER_REMOVE (2)
#define APLOG_EMERG (0)
#define APLOG_ALERT (1)
#define APLOG_CRIT (2)
#define APLOG_ERR (3)
#define APLOG_WARNING (4)
#define APLOG_NOTICE (5)
#define APLOG_INFO (6)
#define APLOG_DEBUG (7)
#define APLOG_TRACE1 (8)
#define APLOG_TRACE2 (9)
#define APLOG_TRACE3 (10)
#define APLOG_TRACE4 (11)
#define APLOG_TRACE5 (12)
#define APLOG_TRACE6 (13)
#define APLOG_TRACE7 (14)
#define APLOG_TRACE8 (15)
#define APR_FOPEN_READ (1)
#define APR_FOPEN_WRITE (2)
#define APR_FOPEN_CREATE (4)
#define APR_FOPEN_APPEND (8)
#define APR_FOPEN_TRUNCATE (16)
#define APR_FOPEN_EXCL (64)
#define AP_MPMQ_MAX_DAEMON_USED (1)
#define AP_MPMQ_IS_THREADED (2)
#define AP_MPMQ_IS_FORKED (3)
#define AP_MPMQ_HARD_LIMIT_DAEMONS (4)
#define AP_MPMQ_HARD_LIMIT_THREADS (5)
#define AP_MPMQ_MAX_THREADS (6)
#define AP_MPMQ_MIN_SPARE_DAEMONS (7)
#define AP_MPMQ_MIN_SPARE_THREADS (8)
#define AP_MPMQ_MAX_SPARE_DAEMONS (9)
#define AP_MPMQ_MAX_SPARE_THREADS (10)
#define AP_MPMQ_MAX_REQUESTS_DAEMON (11)
#define AP_MPMQ_MAX_DAEMONS (12)
#define AP_MPMQ_MPM_STATE (13)
#define AP_MPMQ_IS_ASYNC (14)
#define AP_MPMQ_GENERATION (15)
#define AP_MPMQ_HAS_SERF (16)
#define AP_SQ_MAIN_STATE (0)
#define AP_SQ_RUN_MODE (1)
#define AP_SQ_CONFIG_GEN (2)
#define APR_NOFILE (0)
#define APR_REG (1)
#define APR_DIR (2)
#define APR_CHR (3)
#define APR_BLK (4)
#define APR_PIPE (5)
#define APR_LNK (6)
#define APR_SOCK (7)
#define APR_UNKFILE (127)
#define APR_UEXECUTE (256)
#define APR_GEXECUTE (16)
#define APR_WEXECUTE (1)
#define OPT_INDEXES (1)
#define OPT_INCLUDES (2)
#define OPT_SYM_LINKS (4)
#define OPT_EXECCGI (8)
#define OPT_INC_WITH_EXEC (32)
#define OPT_SYM_OWNER (64)
#define OPT_MULTI (128)
#define OPT_ALL (47)
#define PROXYREQ_NONE (0)
#define PROXYREQ_PROXY (1)
#define PROXYREQ_REVERSE (2)
#define PROXYREQ_RESPONSE (3)
#define REG_ICASE (1)
#define REG_NEWLINE (2)
#define REG_NOTBOL (4)
#define REG_NOTEOL (8)
#define REG_DOTALL (64)
#define REG_DOLLAR_ENDONLY (512)
#define REG_NO_DEFAULT (1024)
#define EXPR_SSL_COMPAT (1)
#define EXPR_DONT_VARY (2)
#define EXPR_RESTRICTED (4)
#define EXPR_STRING_RESULT (8)

#define AP_FIELD_METHOD 0 /* r->method; written together with r->method_number */
#define AP_FIELD_METHOD_NUMBER 1 /* r->method_number */
#define AP_FIELD_THE_REQUEST 2 /* r->the_request */
#define AP_FIELD_PROTOCOL 3 /* r->protocol */
#define AP_FIELD_PROTO_NUM 4 /* r->proto_num */
#define AP_FIELD_HOSTNAME 5 /* r->hostname */
#define AP_FIELD_UNPARSED_URI 6 /* r->unparsed_uri */
#define AP_FIELD_URI 7 /* r->uri */
#define AP_FIELD_ARGS 8 /* r->args */
#define AP_FIELD_FILENAME 9 /* r->filename */
#define AP_FIELD_CANONICAL_FILENAME 10 /* r->canonical_filename */
#define AP_FIELD_PATH_INFO 11 /* r->path_info */
#define AP_FIELD_HANDLER 12 /* r->handler */
#define AP_FIELD_CONTENT_TYPE 13 /* r->content_type; written by ap_set_content_type */
#define AP_FIELD_CONTENT_ENCODING 14 /* r->content_encoding */
#define AP_FIELD_USER 15 /* r->user */
#define AP_FIELD_AP_AUTH_TYPE 16 /* r->ap_auth_type */
#define AP_FIELD_RANGE 17 /* r->range */
#define AP_FIELD_USERAGENT_IP 18 /* r->useragent_ip */
#define AP_FIELD_LOG_ID 19 /* r->log_id */
#define AP_FIELD_STATUS 20 /* r->status */
#define AP_FIELD_STATUS_LINE 21 /* r->status_line; holds no control characters */
#define AP_FIELD_PROXYREQ 22 /* r->proxyreq */
#define AP_FIELD_ASSBACKWARDS 23 /* r->assbackwards */
#define AP_FIELD_HEADER_ONLY 24 /* r->header_only */
#define AP_FIELD_REQUEST_TIME 25 /* r->request_time, microseconds since 1970 */
#define AP_FIELD_BYTES_SENT 26 /* r->bytes_sent */
#define AP_FIELD_CLENGTH 27 /* r->clength; written by ap_set_content_length, which sets the header too */
#define AP_FIELD_MTIME 28 /* r->mtime, microseconds since 1970; written by ap_update_mtime, which keeps the later time */
#define AP_FIELD_IS_INITIAL_REQ 29 /* ap_is_initial_req */
#define AP_FIELD_IS_SUBREQ 30 /* 1 where r->main is not NULL */
#define AP_FIELD_IS_REDIRECT 31 /* 1 where r->prev is not NULL */
#define AP_FIELD_IS_HTTPS 32 /* ap_ssl_conn_is_ssl */
#define AP_FIELD_PORT 33 /* ap_get_server_port */
#define AP_FIELD_SERVER_NAME 34 /* ap_get_server_name */
#define AP_FIELD_DOCUMENT_ROOT 35 /* ap_document_root */
#define AP_FIELD_SERVER_HOSTNAME 36 /* r->server->server_hostname */
#define AP_FIELD_CLIENT_IP 37 /* r->connection->client_ip */
#define AP_FIELD_LOCAL_IP 38 /* r->connection->local_ip */
#define AP_FIELD_KEEPALIVES 39 /* r->connection->keepalives */
#define AP_FIELD_REMOTE_HOST 40 /* ap_get_remote_host with REMOTE_NAME: looked up where HostnameLookups says so */
#define AP_FIELD_USERAGENT_HOST 41 /* ap_get_useragent_host with REMOTE_NOLOOKUP */
#define AP_FIELD_REMOTE_IDENT 42 /* ap_get_remote_logname; asks the client's machine where IdentityCheck says so */
#define AP_FIELD_REMOTE_PORT 43 /* r->useragent_addr->port */
#define AP_FIELD_IPV6 44 /* 1 where the client's address is IPv6 and not a mapped IPv4 one */
#define AP_FIELD_SERVER_ADMIN 45 /* r->server->server_admin */
#define AP_FIELD_SERVER_BANNER 46 /* ap_get_server_banner */
#define AP_FIELD_SERVER_NAME_FOR_URL 47 /* ap_get_server_name_for_url */
#define AP_FIELD_REQUEST_SCHEME 48 /* ap_http_scheme */
#define AP_FIELD_SERVER_URL 49 /* ap_construct_url of an empty path: scheme, `://`, server name, and the port where it is not the scheme's */
#define AP_FIELD_DEFAULT_PORT 50 /* ap_default_port */
#define AP_FIELD_API_VERSION 51 /* MODULE_MAGIC_NUMBER_MAJOR and _MINOR with a colon between them */
#define AP_FIELD_CONTEXT_PREFIX 52 /* ap_context_prefix */
#define AP_FIELD_CONTEXT_DOCUMENT_ROOT 53 /* ap_context_document_root */
#define AP_FIELD_SCRIPT_USER 54 /* name of the user who owns the file of r->finfo; NONE where that is not known */
#define AP_FIELD_SCRIPT_GROUP 55 /* the same of the group */
#define AP_FIELD_FINFO_FILETYPE 56 /* r->finfo.filetype */
#define AP_FIELD_FINFO_PROTECTION 57 /* r->finfo.protection */
#define AP_FIELD_FINFO_SIZE 58 /* r->finfo.size */
#define AP_FIELD_FINFO_MTIME 59 /* r->finfo.mtime, microseconds since 1970 */
#define AP_FIELD_USED_PATH_INFO 60 /* r->used_path_info */
#define AP_FIELD_ALLOW_OPTIONS 61 /* ap_allow_options, as OPT_ bits */
#define AP_FIELD_LIMIT_REQ_LINE 62 /* r->server->limit_req_line, bytes */
#define AP_FIELD_SOME_AUTHN_REQUIRED 63 /* ap_some_authn_required */
#define AP_FIELD_SERVER_ID 64 /* a number for r->server, the same for as long as the configuration lives; also that of a directive's server */
#define AP_FIELD_REQUEST_ID 65 /* a number for r, unlike that of other requests at the time */
#define AP_FIELD_AUTH_NAME 66 /* ap_auth_name: AuthName in force */
#define AP_FIELD_AUTH_TYPE 67 /* ap_auth_type: AuthType in force */
#define AP_FIELD_SERVER_BUILT 68 /* ap_get_server_built */
#define AP_FIELD_OPTIONS 69 /* ap_allow_options in words, Indexes Includes FollowSymLinks ExecCGI MultiViews All, with nothing between two spaces for what is off */
#define AP_FIELD_ALLOWOVERRIDES 70 /* ap_allow_overrides in words: All, None, or those of Limit Options FileInfo AuthCfg Indexes */
#define AP_FIELD_CONTENT_LANGUAGES 71 /* r->content_languages, with commas between them */
#define AP_FIELD_VLIST_VALIDATOR 72 /* r->vlist_validator */
#define AP_FIELD_PARSED_URI_SCHEME 73 /* r->parsed_uri.scheme */
#define AP_FIELD_PARSED_URI_HOSTINFO 74 /* r->parsed_uri.hostinfo */
#define AP_FIELD_PARSED_URI_USER 75 /* r->parsed_uri.user */
#define AP_FIELD_PARSED_URI_PASSWORD 76 /* r->parsed_uri.password */
#define AP_FIELD_PARSED_URI_HOSTNAME 77 /* r->parsed_uri.hostname */
#define AP_FIELD_PARSED_URI_PORT_STR 78 /* r->parsed_uri.port_str */
#define AP_FIELD_PARSED_URI_PATH 79 /* r->parsed_uri.path */
#define AP_FIELD_PARSED_URI_QUERY 80 /* r->parsed_uri.query */
#define AP_FIELD_PARSED_URI_FRAGMENT 81 /* r->parsed_uri.fragment */
#define AP_FIELD_PARSED_URI_PORT 82 /* r->parsed_uri.port, 0 where the request line names none */
#define AP_FIELD_ALLOWED 83 /* r->allowed: the methods of an Allow header, each 1 << its method_number */
#define AP_FIELD_SENT_BODYCT 84 /* r->sent_bodyct: 1 once the head of the answer is out */
#define AP_FIELD_READ_LENGTH 85 /* r->read_length: bytes of the request's body that were read */
#define AP_FIELD_REMAINING 86 /* r->remaining: the length of the request's body from the first ap_read_body on, 0 once it has been read, and where that isn't known */
#define AP_FIELD_READ_CHUNKED 87 /* r->read_chunked: 1 where the request's body is chunked, from the first ap_read_body on */
#define AP_FIELD_CHUNKED 88 /* r->chunked: 1 where the answer is sent in chunks */
#define AP_FIELD_EXPECTING_100 89 /* r->expecting_100: 1 while the client waits for 100 (Continue) */
#define AP_FIELD_EOS_SENT 90 /* r->eos_sent */
#define AP_FIELD_KEPT_BODY 91 /* bytes in r->kept_body; NONE where no body is kept */
#define AP_FIELD_NO_CACHE 92 /* r->no_cache, 0 or 1 */
#define AP_FIELD_NO_LOCAL_COPY 93 /* r->no_local_copy, 0 or 1 */
#define AP_FIELD_ALLOW_OVERRIDES 94 /* ap_allow_overrides, as OR_ bits */
#define AP_FIELD_SOME_AUTH_REQUIRED 95 /* ap_some_auth_required */
#define AP_FIELD_LIMIT_REQ_BODY 96 /* ap_get_limit_req_body, bytes; 0 for no limit */
#define AP_FIELD_LIMIT_XML_BODY 97 /* ap_get_limit_xml_body, bytes; 0 for no limit */
#define AP_FIELD_STARTED 98 /* when the server was started or restarted, seconds since 1970; NONE without a scoreboard */
#define AP_FIELD_FINFO_VALID 99 /* r->finfo.valid, which members are set, as APR_FINFO_ bits */
#define AP_FIELD_FINFO_ATIME 100 /* r->finfo.atime, microseconds since 1970 */
#define AP_FIELD_FINFO_CTIME 101 /* r->finfo.ctime, microseconds since 1970 */
#define AP_FIELD_FINFO_INODE 102 /* r->finfo.inode */
#define AP_FIELD_FINFO_DEVICE 103 /* r->finfo.device */
#define AP_FIELD_FINFO_NLINK 104 /* r->finfo.nlink */
#define AP_FIELD_FINFO_USER 105 /* r->finfo.user, a number */
#define AP_FIELD_FINFO_GROUP 106 /* r->finfo.group, a number */
#define AP_FIELD_CONN_ID 107 /* r->connection->id, unlike that of other connections at the time */
#define AP_FIELD_CONN_LOG_ID 108 /* r->connection->log_id */
#define AP_FIELD_CONN_PROTOCOL 109 /* ap_get_protocol of r->connection: http/1.1, h2 */
#define AP_FIELD_CONN_KEEPALIVE 110 /* r->connection->keepalive: AP_CONN_UNKNOWN, AP_CONN_CLOSE, AP_CONN_KEEPALIVE */
#define AP_FIELD_CONN_ABORTED 111 /* r->connection->aborted: 1 where the client has gone */
#define AP_FIELD_CONN_OUTGOING 112 /* r->connection->outgoing: 1 on a connection to a backend */
#define AP_FIELD_CONN_SECONDARY 113 /* 1 where r->connection has a master, as an HTTP/2 stream has */
#define AP_FIELD_CONN_DATA_IN_INPUT_FILTERS 114 /* r->connection->data_in_input_filters */
#define AP_FIELD_CLIENT_PORT 115 /* r->connection->client_addr->port */
#define AP_FIELD_LOCAL_PORT 116 /* r->connection->local_addr->port */
#define AP_FIELD_LOCAL_HOST 117 /* r->connection->local_host; NONE before it was asked for */
#define AP_FIELD_SERVER_PORT 118 /* r->server->port, 0 where its ServerName names none */
#define AP_FIELD_SERVER_SCHEME 119 /* r->server->server_scheme */
#define AP_FIELD_SERVER_PATH 120 /* r->server->path: ServerPath */
#define AP_FIELD_SERVER_ERROR_FNAME 121 /* r->server->error_fname: ErrorLog */
#define AP_FIELD_SERVER_DEFN_NAME 122 /* r->server->defn_name: the file that defines the server */
#define AP_FIELD_SERVER_DEFN_LINE_NUMBER 123 /* r->server->defn_line_number */
#define AP_FIELD_SERVER_NAMES 124 /* r->server->names, then wild_names: ServerAlias, with spaces between them */
#define AP_FIELD_SERVER_IS_VIRTUAL 125 /* r->server->is_virtual */
#define AP_FIELD_SERVER_TIMEOUT 126 /* r->server->timeout, microseconds */
#define AP_FIELD_SERVER_KEEP_ALIVE 127 /* r->server->keep_alive */
#define AP_FIELD_SERVER_KEEP_ALIVE_MAX 128 /* r->server->keep_alive_max */
#define AP_FIELD_SERVER_KEEP_ALIVE_TIMEOUT 129 /* r->server->keep_alive_timeout, microseconds */
#define AP_FIELD_LIMIT_REQ_FIELDSIZE 130 /* r->server->limit_req_fieldsize, bytes */
#define AP_FIELD_LIMIT_REQ_FIELDS 131 /* r->server->limit_req_fields */

#define AP_TABLE_HEADERS_IN 0 /* r->headers_in */
#define AP_TABLE_HEADERS_OUT 1 /* r->headers_out */
#define AP_TABLE_ERR_HEADERS_OUT 2 /* r->err_headers_out */
#define AP_TABLE_NOTES 3 /* r->notes */
#define AP_TABLE_SUBPROCESS_ENV 4 /* r->subprocess_env */
#define AP_TABLE_TRAILERS_IN 5 /* r->trailers_in */
#define AP_TABLE_TRAILERS_OUT 6 /* r->trailers_out */
#define AP_TABLE_CONN_NOTES 7 /* r->connection->notes: kept for all requests of a connection */

#define AP_DIRECTIVE_NAME 0 /* cmd->cmd->name */
#define AP_DIRECTIVE_PATH 1 /* cmd->path; NONE outside of a directory section */
#define AP_DIRECTIVE_FILE 2 /* cmd->directive->filename */
#define AP_DIRECTIVE_LINE 3 /* cmd->directive->line_num */
#define AP_DIRECTIVE_OVERRIDE 4 /* cmd->override */
#define AP_DIRECTIVE_IN_HTACCESS 5 /* 1 in a .htaccess file */
#define AP_DIRECTIVE_IS_VIRTUAL 6 /* 1 inside of a VirtualHost */
#define AP_DIRECTIVE_SERVER_ID 7 /* the number of cmd->server, as a request's SERVER_ID */
#define AP_DIRECTIVE_FIRST_PARSE 8 /* 1 where it is parsed for the first time, 0 where another instance learns what a section says */

#define AP_HOOK_POST_READ_REQUEST (1u << 0) /* the request's head has been read */
#define AP_HOOK_PRE_TRANSLATE_NAME (1u << 1) /* before the URL is decoded */
#define AP_HOOK_TRANSLATE_NAME (1u << 2) /* the URL becomes a file name */
#define AP_HOOK_MAP_TO_STORAGE (1u << 3) /* per-directory configuration is collected */
#define AP_HOOK_HEADER_PARSER (1u << 4) /* per-directory configuration is known, access is not checked yet */
#define AP_HOOK_ACCESS_CHECKER (1u << 5) /* access by address and the like */
#define AP_HOOK_ACCESS_CHECKER_EX (1u << 6) /* access that can make authentication needless */
#define AP_HOOK_CHECK_USER_ID (1u << 7) /* authentication */
#define AP_HOOK_AUTH_CHECKER (1u << 8) /* authorization */
#define AP_HOOK_TYPE_CHECKER (1u << 9) /* the content type is found */
#define AP_HOOK_FIXUPS (1u << 10) /* the last look before the content is made */
#define AP_HOOK_INSERT_FILTER (1u << 11) /* filters are added */
#define AP_HOOK_HANDLER (1u << 12) /* the content is made */
#define AP_HOOK_INSERT_ERROR_FILTER (1u << 13) /* filters of an error answer are added */
#define AP_HOOK_LOG_TRANSACTION (1u << 14) /* the answer has been sent */
#define AP_HOOK_FIXUPS_2 (1u << 15) /* fixups once more, at another place in their order */
#define AP_HOOK_POST_CONFIG (1u << 16) /* once for each server, main server first, in the parent, when the configuration is whole; ap_get_module_config gives that server's */
#define AP_HOOK_QUICK_HANDLER (1u << 17) /* before anything is known but the URL; ap_hook_number is 1 where a subrequest only looks it up, which is not to be answered */
#define AP_HOOK_POST_PERDIR_CONFIG (1u << 18) /* the configuration of directory and location is known, nothing is checked yet */
#define AP_HOOK_FORCE_AUTHN (1u << 19) /* OK has the client authenticate although access doesn't need it */
#define AP_HOOK_NOTE_AUTH_FAILURE (1u << 20) /* the client is to be asked for credentials of a type, ap_hook_text, by headers in err_headers_out */
#define AP_HOOK_GENERATE_LOG_ID (1u << 21) /* an id for a request that is logged about, which ap_hook_set_text gives; OK then */
#define AP_HOOK_CHILD_INIT (1u << 22) /* once for each server when a child begins, in the child */
#define AP_HOOK_MONITOR (1u << 23) /* once for each server about every ten seconds, in the parent */
#define AP_HOOK_CHECK_CONFIG (1u << 24) /* as post_config, before it and each time that a configuration is read, as by httpd -t: what is logged is seen on the terminal */

/* Group module: describe the module, parse its directives, hold its configuration. */
/* gives the module's name as `<IfModule>` knows it, `mod_hello.c`. */
__attribute__((import_module("apache.module.1"), import_name("ap_module_name")))
int32_t ap_module_name(const void *name, uint32_t name_len);
/* declares the next directive; they are numbered from 0 in this order (command_rec). */
__attribute__((import_module("apache.module.1"), import_name("ap_module_directive")))
int32_t ap_module_directive(const void *name, uint32_t name_len, uint32_t args_how, uint32_t allowed, const void *help, uint32_t help_len);
/* orders an exported hook as ap_hook_* does; the lists hold module names separated by spaces. */
__attribute__((import_module("apache.module.1"), import_name("ap_module_hook")))
int32_t ap_module_hook(const void *hook, uint32_t hook_len, int32_t order, const void *predecessors, uint32_t predecessors_len, const void *successors, uint32_t successors_len);
/* declares a handler: the hook `handler` is called only where r->handler is one that was declared, or always where none was. */
__attribute__((import_module("apache.module.1"), import_name("ap_module_handler")))
int32_t ap_module_handler(const void *name, uint32_t name_len);
/* declares the next output filter; numbered from 0 (ap_register_output_filter). */
__attribute__((import_module("apache.module.1"), import_name("ap_module_output_filter")))
int32_t ap_module_output_filter(const void *name, uint32_t name_len, uint32_t filter_type);
/* declares the next input filter; numbered from 0 (ap_register_input_filter). */
__attribute__((import_module("apache.module.1"), import_name("ap_module_input_filter")))
int32_t ap_module_input_filter(const void *name, uint32_t name_len, uint32_t filter_type);
/* the arguments of the directive being parsed: as one string for RAW_ARGS, else words that each end with a NUL. */
__attribute__((import_module("apache.module.1"), import_name("ap_directive_args")))
int32_t ap_directive_args(void *buffer, uint32_t capacity);
/* a text of the cmd_parms of the directive being parsed. */
__attribute__((import_module("apache.module.1"), import_name("ap_directive_field")))
int32_t ap_directive_field(uint32_t field, void *buffer, uint32_t capacity);
/* a number of the cmd_parms of the directive being parsed. */
__attribute__((import_module("apache.module.1"), import_name("ap_directive_number")))
int64_t ap_directive_number(uint32_t field);
/* gives the error text; the directive's function then returns 1. */
__attribute__((import_module("apache.module.1"), import_name("ap_directive_error")))
int32_t ap_directive_error(const void *text, uint32_t text_len);
/* this module's configuration for the request, as its own create or merge function returned it: 0 per directory, 1 per server, 2 both, that of the server in the high 32 bits. */
__attribute__((import_module("apache.module.1"), import_name("ap_get_module_config")))
int64_t ap_get_module_config(uint32_t r, uint32_t kind);
/* why the last host function answered FAILED. */
__attribute__((import_module("apache.module.1"), import_name("ap_error_text")))
int32_t ap_error_text(void *buffer, uint32_t capacity);
/* the status of APR (an errno) with which the last host function answered FAILED, 0 where there was none; ap_log_rerror takes it. */
__attribute__((import_module("apache.module.1"), import_name("ap_error_status")))
int64_t ap_error_status(void);
/* what the last function kept whose own answer is only a number: it says so. */
__attribute__((import_module("apache.module.1"), import_name("ap_answer")))
int32_t ap_answer(void *buffer, uint32_t capacity);
/* has the host keep at an address of the guest's memory what ap_get_module_config answers, 32 bits per directory and 32 per server: they are in force when the guest is called, and need not be asked for. Once, when an instance begins; NOT_NOW after that. */
__attribute__((import_module("apache.module.1"), import_name("ap_module_configs_at")))
int32_t ap_module_configs_at(uint32_t place);
/* what this module keeps under a key for all its instances in the process, or all scripts for one another; NONE where there is nothing. The SDKs write values as `b` and a byte (0 or 1), `i` and 64 bits, `n` and a 64-bit float, little endian, or `s` and bytes. */
__attribute__((import_module("apache.module.1"), import_name("ap_ivm_get")))
int32_t ap_ivm_get(const void *key, uint32_t key_len, void *buffer, uint32_t capacity);
/* keeps a value under a key for all of this module's instances in the process; past 64 MB everything is forgotten. */
__attribute__((import_module("apache.module.1"), import_name("ap_ivm_set")))
int32_t ap_ivm_set(const void *key, uint32_t key_len, const void *value, uint32_t value_len);
/* forgets what is kept under a key. */
__attribute__((import_module("apache.module.1"), import_name("ap_ivm_unset")))
int32_t ap_ivm_unset(const void *key, uint32_t key_len);
/* adds to the integer (`i`) that is kept under a key, 0 where there is none, and answers the sum, 64 bits; nobody comes in between. BAD_VALUE where something else is kept, LIMIT past 64 bits. */
__attribute__((import_module("apache.module.1"), import_name("ap_ivm_add")))
int32_t ap_ivm_add(const void *key, uint32_t key_len, int64_t delta, void *buffer, uint32_t capacity);
/* keeps a value if what is there is as expected (present is 0: nothing is expected): 1, else 0. */
__attribute__((import_module("apache.module.1"), import_name("ap_ivm_compare_and_set")))
int64_t ap_ivm_compare_and_set(const void *key, uint32_t key_len, uint32_t present, const void *expected, uint32_t expected_len, const void *value, uint32_t value_len);
/* declares the next global mutex under the name that the Mutex directive knows; numbered from 0 (ap_mutex_register). */
__attribute__((import_module("apache.module.1"), import_name("ap_module_mutex")))
int32_t ap_module_mutex(const void *name, uint32_t name_len);
/* the number that the present hook is given beside its request: 1 or 0 for quick_handler; NOT_NOW in others. */
__attribute__((import_module("apache.module.1"), import_name("ap_hook_number")))
int64_t ap_hook_number(void);
/* the text that the present hook is given beside its request: the type of note_auth_failure; NOT_NOW in others. */
__attribute__((import_module("apache.module.1"), import_name("ap_hook_text")))
int32_t ap_hook_text(void *buffer, uint32_t capacity);
/* the text that the present hook answers with beside its status: the id of generate_log_id, printable and at most 256 bytes long; NOT_NOW in others. */
__attribute__((import_module("apache.module.1"), import_name("ap_hook_set_text")))
int32_t ap_hook_set_text(const void *text, uint32_t text_len);
/* has the host offer an optional function to native modules in this module's name; it knows ap_register_rewrite_mapfunc. */
__attribute__((import_module("apache.module.1"), import_name("ap_module_offers")))
int32_t ap_module_offers(const void *name, uint32_t name_len);
/* a path below ServerRoot, or the path itself where it is absolute; FAILED where it is none. */
__attribute__((import_module("apache.module.1"), import_name("ap_server_root_relative")))
int32_t ap_server_root_relative(const void *path, uint32_t path_len, void *buffer, uint32_t capacity);

/* Group log: write to the error log. */
/* logs about a request; a status other than 0 is printed as APR's error text. */
__attribute__((import_module("apache.log.1"), import_name("ap_log_rerror")))
int32_t ap_log_rerror(uint32_t r, const void *file, uint32_t file_len, uint32_t line, uint32_t level, int32_t status, const void *message, uint32_t message_len);
/* logs about the server of a request, without the client; outside a request about the main server. */
__attribute__((import_module("apache.log.1"), import_name("ap_log_error")))
int32_t ap_log_error(uint32_t r, const void *file, uint32_t file_len, uint32_t line, uint32_t level, int32_t status, const void *message, uint32_t message_len);
/* the level in force for this module and request: messages above it are dropped. */
__attribute__((import_module("apache.log.1"), import_name("ap_log_level")))
int64_t ap_log_level(uint32_t r);
/* the same for ap_log_error: that of the request's server, whatever its directories say. */
__attribute__((import_module("apache.log.1"), import_name("ap_server_log_level")))
int64_t ap_server_log_level(uint32_t r);

/* Group request: read and write the fields of request_rec, and of its connection and server. */
/* a text field of the request, its connection or its server. */
__attribute__((import_module("apache.request.1"), import_name("ap_request_field")))
int32_t ap_request_field(uint32_t r, uint32_t field, void *buffer, uint32_t capacity);
/* a numeric field of the request, its connection or its server. */
__attribute__((import_module("apache.request.1"), import_name("ap_request_number")))
int64_t ap_request_number(uint32_t r, uint32_t field);
/* writes a text field. */
__attribute__((import_module("apache.request.1"), import_name("ap_request_set_field")))
int32_t ap_request_set_field(uint32_t r, uint32_t field, const void *value, uint32_t value_len);
/* sets a text field to NULL. */
__attribute__((import_module("apache.request.1"), import_name("ap_request_unset_field")))
int32_t ap_request_unset_field(uint32_t r, uint32_t field);
/* writes a numeric field. */
__attribute__((import_module("apache.request.1"), import_name("ap_request_set_number")))
int32_t ap_request_set_number(uint32_t r, uint32_t field, int64_t value);
/* reads many values in one call. A want is `f` or `n` and the number of a text or numeric field, `t`, the number of a table, a name and a NUL, `d`, a key of apr_pool_userdata_get and a NUL (1 where something is kept, else 0), or `l` (ap_log_level). In that order: of a text its length (32-bit, -1 where there is none) and its bytes, of a number 64 bits, little endian. */
__attribute__((import_module("apache.request.1"), import_name("ap_request_read")))
int32_t ap_request_read(uint32_t r, const void *wants, uint32_t wants_len, void *buffer, uint32_t capacity);
/* has the host read such values before each call of one of a module's hooks, by its bit in the mask of ap_config_hooks, and write them at an address of the guest's memory, after their length (32-bit; all ones where they and the length take more than `room` bytes). Once for each hook, before the first configuration is made: in _initialize. */
__attribute__((import_module("apache.request.1"), import_name("ap_request_read_before")))
int32_t ap_request_read_before(uint32_t hook, const void *wants, uint32_t wants_len, uint32_t place, uint32_t room);
/* writes many values in one call. An edit is `f`, the number of a text field and a value, `u` and the number of a field that becomes NULL, `n`, the number of a numeric field and 64 bits, or `s`, `a`, `m`, `x` (set, add, merge, unset), the number of a table, a name and a value; names and values as their length (32-bit) and their bytes, little endian; or `j`, the number of a table, a name, and a value whose bytes are the numbers of up to four text fields: sets the name to these texts, one after the other; or `p`, a byte 0 and a handle of ap_request_prepare (32-bit). */
__attribute__((import_module("apache.request.1"), import_name("ap_request_write")))
int32_t ap_request_write(uint32_t r, const void *edits, uint32_t edits_len);
/* makes a handle of a list of edits of tables for ap_request_write, which are then done without copying names and values. */
__attribute__((import_module("apache.request.1"), import_name("ap_request_prepare")))
int64_t ap_request_prepare(const void *edits, uint32_t edits_len);
/* sets the content type; trusted is 1 where it comes from the configuration. */
__attribute__((import_module("apache.request.1"), import_name("ap_set_content_type_ex")))
int32_t ap_set_content_type_ex(uint32_t r, const void *value, uint32_t value_len, uint32_t trusted);
/* sends bytes of the response body. */
__attribute__((import_module("apache.request.1"), import_name("ap_rwrite")))
int32_t ap_rwrite(uint32_t r, const void *data, uint32_t data_len);
/* sends what is buffered. */
__attribute__((import_module("apache.request.1"), import_name("ap_rflush")))
int32_t ap_rflush(uint32_t r);
/* the time in microseconds since 1970. */
__attribute__((import_module("apache.request.1"), import_name("apr_time_now")))
int64_t apr_time_now(void);
/* waits so many microseconds, at most for the time that a call of this module may take, against which it counts. */
__attribute__((import_module("apache.request.1"), import_name("apr_sleep")))
int32_t apr_sleep(int64_t time);
/* scheme, host and port of the request's server before a path. */
__attribute__((import_module("apache.request.1"), import_name("ap_construct_url")))
int32_t ap_construct_url(uint32_t r, const void *uri, uint32_t uri_len, void *buffer, uint32_t capacity);
/* what ap_document_root says for the request from now on. */
__attribute__((import_module("apache.request.1"), import_name("ap_set_document_root")))
int32_t ap_set_document_root(uint32_t r, const void *path, uint32_t path_len);
/* what ap_context_prefix and ap_context_document_root say for the request from now on. */
__attribute__((import_module("apache.request.1"), import_name("ap_set_context_info")))
int32_t ap_set_context_info(uint32_t r, const void *prefix, uint32_t prefix_len, const void *document_root, uint32_t document_root_len);
/* the value of a cookie as the client sent it; NONE where it sent none, FAILED where it sent two that differ. */
__attribute__((import_module("apache.request.1"), import_name("ap_cookie_read")))
int32_t ap_cookie_read(uint32_t r, const void *name, uint32_t name_len, void *buffer, uint32_t capacity);
/* the query string as a form: name, NUL, value, NUL, and so on, unescaped but for +; of a name that stands there twice the last value. */
__attribute__((import_module("apache.request.1"), import_name("ap_args_to_table")))
int32_t ap_args_to_table(uint32_t r, void *buffer, uint32_t capacity);
/* a handle of r->main; NONE where r is no subrequest. */
__attribute__((import_module("apache.request.1"), import_name("ap_request_main")))
int64_t ap_request_main(uint32_t r);
/* a handle of r->prev; NONE where r was not redirected internally. */
__attribute__((import_module("apache.request.1"), import_name("ap_request_prev")))
int64_t ap_request_prev(uint32_t r);
/* a handle of r->next; NONE where r did not redirect internally. */
__attribute__((import_module("apache.request.1"), import_name("ap_request_next")))
int64_t ap_request_next(uint32_t r);
/* what this module keeps with the request under a key; internal redirects share it, subrequests have their own. */
__attribute__((import_module("apache.request.1"), import_name("apr_pool_userdata_get")))
int32_t apr_pool_userdata_get(uint32_t r, const void *key, uint32_t key_len, void *buffer, uint32_t capacity);
/* keeps bytes with the request under a key. */
__attribute__((import_module("apache.request.1"), import_name("apr_pool_userdata_set")))
int32_t apr_pool_userdata_set(uint32_t r, const void *key, uint32_t key_len, const void *value, uint32_t value_len);
/* the arguments of the Require line for which an authorization provider is asked, each ending with a NUL. */
__attribute__((import_module("apache.request.1"), import_name("ap_require_args")))
int32_t ap_require_args(void *buffer, uint32_t capacity);
/* maps a URI below DocumentRoot into r->filename, as if it were r->uri, which stays; OK or an HTTP status. */
__attribute__((import_module("apache.request.1"), import_name("ap_core_translate")))
int64_t ap_core_translate(uint32_t r, const void *uri, uint32_t uri_len);
/* 1 where a host and port are those of the request's virtual host, else 0. */
__attribute__((import_module("apache.request.1"), import_name("ap_matches_request_vhost")))
int64_t ap_matches_request_vhost(uint32_t r, const void *name, uint32_t name_len, uint32_t port);

/* Group table: read and edit the request's tables. */
/* the first value of a name. */
__attribute__((import_module("apache.table.1"), import_name("apr_table_get")))
int32_t apr_table_get(uint32_t r, uint32_t table, const void *name, uint32_t name_len, void *buffer, uint32_t capacity);
/* every entry of a name in order: the name as it is spelled, NUL, the value, NUL, and so on; NONE where there is none. */
__attribute__((import_module("apache.table.1"), import_name("apr_table_do")))
int32_t apr_table_do(uint32_t r, uint32_t table, const void *name, uint32_t name_len, void *buffer, uint32_t capacity);
/* the whole table in order: name, NUL, value, NUL, and so on. */
__attribute__((import_module("apache.table.1"), import_name("apr_table_elts")))
int32_t apr_table_elts(uint32_t r, uint32_t table, void *buffer, uint32_t capacity);
/* replaces every value of a name by one. */
__attribute__((import_module("apache.table.1"), import_name("apr_table_set")))
int32_t apr_table_set(uint32_t r, uint32_t table, const void *name, uint32_t name_len, const void *value, uint32_t value_len);
/* adds an entry. */
__attribute__((import_module("apache.table.1"), import_name("apr_table_add")))
int32_t apr_table_add(uint32_t r, uint32_t table, const void *name, uint32_t name_len, const void *value, uint32_t value_len);
/* appends to the first value of a name, after a comma. */
__attribute__((import_module("apache.table.1"), import_name("apr_table_merge")))
int32_t apr_table_merge(uint32_t r, uint32_t table, const void *name, uint32_t name_len, const void *value, uint32_t value_len);
/* removes every value of a name. */
__attribute__((import_module("apache.table.1"), import_name("apr_table_unset")))
int32_t apr_table_unset(uint32_t r, uint32_t table, const void *name, uint32_t name_len);
/* removes everything. */
__attribute__((import_module("apache.table.1"), import_name("apr_table_clear")))
int32_t apr_table_clear(uint32_t r, uint32_t table);
/* makes a handle of a list of edits, each `s`et, `a`dd, `m`erge or `u`nset, then name, NUL, value, NUL. */
__attribute__((import_module("apache.table.1"), import_name("ap_table_prepare")))
int64_t ap_table_prepare(const void *edits, uint32_t edits_len);
/* does a list of prepared edits in one call, without copying a string. */
__attribute__((import_module("apache.table.1"), import_name("ap_table_apply")))
int32_t ap_table_apply(uint32_t r, uint32_t table, uint32_t edits);

/* Group match: httpd's regular expressions and ap_expr. */
/* a handle of a compiled pattern with RegexDefaultOptions added; FAILED where it does not compile. */
__attribute__((import_module("apache.match.1"), import_name("ap_regcomp")))
int64_t ap_regcomp(const void *pattern, uint32_t pattern_len, uint32_t flags);
/* matches: start and end (32-bit little endian, -1 for a group that did not take part) of each group, up to count; NONE where it does not match. */
__attribute__((import_module("apache.match.1"), import_name("ap_regexec")))
int32_t ap_regexec(uint32_t regex, const void *subject, uint32_t subject_len, uint32_t count, uint32_t flags, void *buffer, uint32_t capacity);
/* a handle of a parsed expression; FAILED with an error text. */
__attribute__((import_module("apache.match.1"), import_name("ap_expr_parse")))
int64_t ap_expr_parse(const void *text, uint32_t text_len, uint32_t flags);
/* 1 where a boolean expression holds, else 0; FAILED with an error text. */
__attribute__((import_module("apache.match.1"), import_name("ap_expr_exec")))
int64_t ap_expr_exec(uint32_t r, uint32_t expression);
/* the value of a string expression; FAILED with an error text. */
__attribute__((import_module("apache.match.1"), import_name("ap_expr_str_exec")))
int32_t ap_expr_str_exec(uint32_t r, uint32_t expression, void *buffer, uint32_t capacity);
/* as ap_expr_exec, with $0 to $9 from the groups (as ap_regexec answers them; may be empty) of a subject; ap_answer has the ten groups of the last match inside of it and then their subject, and is empty where nothing was matched. */
__attribute__((import_module("apache.match.1"), import_name("ap_expr_exec_re")))
int64_t ap_expr_exec_re(uint32_t r, uint32_t expression, const void *subject, uint32_t subject_len, const void *groups, uint32_t groups_len);
/* a handle of patterns to be tried in order: for each its handle and 1 where it is not to match, else 0 (32-bit little endian). */
__attribute__((import_module("apache.match.1"), import_name("ap_regex_list")))
int64_t ap_regex_list(const void *list, uint32_t list_len);
/* tries the patterns of a list from number start on and stops at the first that does what is asked of it: its number (32-bit little endian), and its groups as ap_regexec answers them, all -1 where it is not to match; NONE where none does. */
__attribute__((import_module("apache.match.1"), import_name("ap_regexec_first")))
int32_t ap_regexec_first(uint32_t list, uint32_t start, const void *subject, uint32_t subject_len, uint32_t count, void *buffer, uint32_t capacity);

/* Group filter: see and change bodies as they pass. */
/* adds an output filter by name; NONE where no such filter is registered. */
__attribute__((import_module("apache.filter.1"), import_name("ap_add_output_filter")))
int32_t ap_add_output_filter(uint32_t r, const void *name, uint32_t name_len);
/* adds an input filter by name; NONE where no such filter is registered. */
__attribute__((import_module("apache.filter.1"), import_name("ap_add_input_filter")))
int32_t ap_add_input_filter(uint32_t r, const void *name, uint32_t name_len);
/* bytes of the present chunk from an offset on, at most so many. */
__attribute__((import_module("apache.filter.1"), import_name("ap_filter_read")))
int32_t ap_filter_read(uint32_t offset, uint32_t count, void *buffer, uint32_t capacity);
/* passes bytes on in place of the present chunk. */
__attribute__((import_module("apache.filter.1"), import_name("ap_filter_write")))
int32_t ap_filter_write(const void *data, uint32_t data_len);

/* Group server: read-only facts about the server: load, workers, SSL variables, modules, environment. */
/* the load of 1, 5 and 15 minutes, three 64-bit floats, little endian. */
__attribute__((import_module("apache.server.1"), import_name("ap_get_loadavg")))
int32_t ap_get_loadavg(void *buffer, uint32_t capacity);
/* idle and busy workers in percent, two 32-bit numbers, little endian. */
__attribute__((import_module("apache.server.1"), import_name("ap_get_sload")))
int32_t ap_get_sload(void *buffer, uint32_t capacity);
/* an SSL variable; NONE without mod_ssl or where it is empty. */
__attribute__((import_module("apache.server.1"), import_name("ap_ssl_var_lookup")))
int32_t ap_ssl_var_lookup(uint32_t r, const void *name, uint32_t name_len, void *buffer, uint32_t capacity);
/* 1 where -D or Define gave the name, else 0. */
__attribute__((import_module("apache.server.1"), import_name("ap_exists_config_define")))
int64_t ap_exists_config_define(const void *name, uint32_t name_len);
/* 1 where a module is loaded, by its source name `mod_proxy.c`, else 0. */
__attribute__((import_module("apache.server.1"), import_name("ap_find_linked_module")))
int64_t ap_find_linked_module(const void *name, uint32_t name_len);
/* the place of an HTTP status in httpd's list; NONE where httpd doesn't know it. */
__attribute__((import_module("apache.server.1"), import_name("ap_index_of_response")))
int64_t ap_index_of_response(uint32_t status);
/* a variable of the environment that httpd was started with. */
__attribute__((import_module("apache.server.1"), import_name("apr_env_get")))
int32_t apr_env_get(const void *name, uint32_t name_len, void *buffer, uint32_t capacity);
/* what the MPM can do, by number (AP_MPMQ_MAX_THREADS …); NONE where it doesn't say. */
__attribute__((import_module("apache.server.1"), import_name("ap_mpm_query")))
int64_t ap_mpm_query(uint32_t query);
/* in what state the server is, by number (AP_SQ_MAIN_STATE, AP_SQ_RUN_MODE, AP_SQ_CONFIG_GEN); NONE for another. */
__attribute__((import_module("apache.server.1"), import_name("ap_state_query")))
int64_t ap_state_query(uint32_t query);
/* a path below DefaultRuntimeDir, or the path itself where it is absolute; FAILED where it is none. */
__attribute__((import_module("apache.server.1"), import_name("ap_runtime_dir_relative")))
int32_t ap_runtime_dir_relative(const void *path, uint32_t path_len, void *buffer, uint32_t capacity);

/* Group subrequest: look ahead by subrequests, and have the request go on with another URL. */
/* a handle of a subrequest for a URL, looked up as far as the fixups; run is 1 where ap_run_sub_req is to follow. Destroyed at the latest when the present call ends. */
__attribute__((import_module("apache.subrequest.1"), import_name("ap_sub_req_lookup_uri")))
int64_t ap_sub_req_lookup_uri(uint32_t r, const void *uri, uint32_t uri_len, uint32_t run);
/* the same for a file. */
__attribute__((import_module("apache.subrequest.1"), import_name("ap_sub_req_lookup_file")))
int64_t ap_sub_req_lookup_file(uint32_t r, const void *file, uint32_t file_len, uint32_t run);
/* sends the content of a subrequest as part of its request's; its status. */
__attribute__((import_module("apache.subrequest.1"), import_name("ap_run_sub_req")))
int64_t ap_run_sub_req(uint32_t r);
/* ends a subrequest and every handle that came from it. */
__attribute__((import_module("apache.subrequest.1"), import_name("ap_destroy_sub_req")))
int32_t ap_destroy_sub_req(uint32_t r);
/* has the request being served answered as one for another URL, from ap_hook_handler: done when that has answered OK, nothing otherwise. */
__attribute__((import_module("apache.subrequest.1"), import_name("ap_internal_redirect")))
int32_t ap_internal_redirect(uint32_t r, const void *uri, uint32_t uri_len);

/* Group stat: ask for the type, size and time of a file, not for what it holds. */
/* FAILED where httpd refuses to look at a path (on Windows, UNC paths that UNCList doesn't name). */
__attribute__((import_module("apache.stat.1"), import_name("ap_stat_check")))
int32_t ap_stat_check(const void *path, uint32_t path_len);
/* type (APR_REG …) and protection (APR_UEXECUTE …), 32-bit, then size, mtime, atime, ctime (in microseconds), inode, device, 64-bit, then nlink, user, group, 32-bit, little endian; of a link itself where link is 1; FAILED with a status where there is nothing. */
__attribute__((import_module("apache.stat.1"), import_name("apr_stat")))
int32_t apr_stat(const void *path, uint32_t path_len, uint32_t link, void *buffer, uint32_t capacity);
/* ap_request_write, and then, unless there is something at a path, ap_core_translate; NONE where there is. */
__attribute__((import_module("apache.stat.1"), import_name("ap_core_translate_unless")))
int64_t ap_core_translate_unless(uint32_t r, const void *edits, uint32_t edits_len, const void *path, uint32_t path_len, const void *uri, uint32_t uri_len);
/* the home of a user of this machine; FAILED where there is none. */
__attribute__((import_module("apache.stat.1"), import_name("apr_uid_homepath_get")))
int32_t apr_uid_homepath_get(const void *user, uint32_t user_len, void *buffer, uint32_t capacity);

/* Group map: look up in files, databases and programs that a directive of the server's configuration names. */
/* a handle of a file that the directive being parsed names, below ServerRoot; NOT_NOW in directory sections and .htaccess files, BAD_VALUE where the directive doesn't name it. So for the next four. */
__attribute__((import_module("apache.map.1"), import_name("ap_map_file")))
int64_t ap_map_file(const void *name, uint32_t name_len);
/* a handle of a DBM file of a type of APR: default, sdbm, db, gdbm, ndbm. */
__attribute__((import_module("apache.map.1"), import_name("ap_map_dbm")))
int64_t ap_map_dbm(const void *kind, uint32_t kind_len, const void *name, uint32_t name_len);
/* a handle of an SQL statement, prepared under a label that is this module's own (ap_dbd_prepare): its first argument is the key, others are NULL. NONE without mod_dbd. */
__attribute__((import_module("apache.map.1"), import_name("ap_map_dbd")))
int64_t ap_map_dbd(const void *query, uint32_t query_len, const void *label, uint32_t label_len);
/* a handle of a program with arguments, written after `prg:` or `exec:`, that is asked while one of this module's mutexes is held; user and group may be empty. Not started yet. */
__attribute__((import_module("apache.map.1"), import_name("ap_map_program")))
int64_t ap_map_program(const void *command, uint32_t command_len, const void *user, uint32_t user_len, const void *group, uint32_t group_len, uint32_t mutex);
/* a handle of a function that a native module registered by ap_register_rewrite_mapfunc; NONE where there is none. */
__attribute__((import_module("apache.map.1"), import_name("ap_map_function")))
int64_t ap_map_function(const void *name, uint32_t name_len);
/* the files of a DBM file, one or two, each ending with a NUL; FAILED where APR doesn't know the type. */
__attribute__((import_module("apache.map.1"), import_name("apr_dbm_get_usednames")))
int32_t apr_dbm_get_usednames(const void *kind, uint32_t kind_len, const void *name, uint32_t name_len, void *buffer, uint32_t capacity);
/* in what state a file is that a directive names: a number of 0 or more that stays while the times of its last change, its size and its inode do; FAILED with a status where there is nothing. */
__attribute__((import_module("apache.map.1"), import_name("ap_map_file_state")))
int64_t ap_map_file_state(uint32_t file);
/* bytes of a file from an offset on, at most so many; empty at the end. The file is opened anew at offset 0. FAILED with a status. */
__attribute__((import_module("apache.map.1"), import_name("apr_file_read")))
int32_t apr_file_read(uint32_t file, uint32_t offset, uint32_t count, void *buffer, uint32_t capacity);
/* a value of a DBM file; NONE where the key has none, FAILED with a status where it can't be opened. */
__attribute__((import_module("apache.map.1"), import_name("apr_dbm_fetch")))
int32_t apr_dbm_fetch(uint32_t r, uint32_t dbm, const void *key, uint32_t key_len, void *buffer, uint32_t capacity);
/* the first column of each row, ending with a NUL; NONE without a connection to the database, FAILED with the database's text, and a status: 1 where the statement failed, 2 where rows could not be fetched. */
__attribute__((import_module("apache.map.1"), import_name("apr_dbd_pvselect")))
int32_t apr_dbd_pvselect(uint32_t r, uint32_t statement, const void *key, uint32_t key_len, void *buffer, uint32_t capacity);
/* starts a program, during ap_hook_post_config; nothing to do where it runs already. */
__attribute__((import_module("apache.map.1"), import_name("ap_program_start")))
int32_t ap_program_start(uint32_t program);
/* sends a line to a program and gives the length of the line that comes back, which ap_answer has: what came until the program ended, where it did. NONE where it was never started, LIMIT with a log line after this module's time limit. */
__attribute__((import_module("apache.map.1"), import_name("ap_program_ask")))
int64_t ap_program_ask(uint32_t r, uint32_t program, const void *line, uint32_t line_len);
/* what a registered function answers; NONE for NULL. */
__attribute__((import_module("apache.map.1"), import_name("ap_map_call")))
int32_t ap_map_call(uint32_t r, uint32_t function, const void *key, uint32_t key_len, void *buffer, uint32_t capacity);

/* Group text: httpd's own escaping, digests, times, random numbers. */
/* escapes a path for a URL; partial is 1 where it goes on from another (ap_escape_uri). */
__attribute__((import_module("apache.text.1"), import_name("ap_os_escape_path")))
int32_t ap_os_escape_path(const void *path, uint32_t path_len, uint32_t partial, void *buffer, uint32_t capacity);
/* escapes a segment of a path. */
__attribute__((import_module("apache.text.1"), import_name("ap_escape_path_segment")))
int32_t ap_escape_path_segment(const void *segment, uint32_t segment_len, void *buffer, uint32_t capacity);
/* escapes for application/x-www-form-urlencoded. */
__attribute__((import_module("apache.text.1"), import_name("ap_escape_urlencoded")))
int32_t ap_escape_urlencoded(const void *text, uint32_t text_len, void *buffer, uint32_t capacity);
/* escapes for HTML; toasc is 1 where what is not ASCII becomes a number. */
__attribute__((import_module("apache.text.1"), import_name("ap_escape_html2")))
int32_t ap_escape_html2(const void *text, uint32_t text_len, uint32_t toasc, void *buffer, uint32_t capacity);
/* undoes the escapes of a URL; what is no escape stays, and a NUL ends it. */
__attribute__((import_module("apache.text.1"), import_name("ap_unescape_url")))
int32_t ap_unescape_url(const void *url, uint32_t url_len, void *buffer, uint32_t capacity);
/* undoes the escapes of application/x-www-form-urlencoded; FAILED with an HTTP status as ap_error_status where there is a bad one, or one of a NUL. */
__attribute__((import_module("apache.text.1"), import_name("ap_unescape_urlencoded")))
int32_t ap_unescape_urlencoded(const void *text, uint32_t text_len, void *buffer, uint32_t capacity);
/* escapes what could break a line of a log. */
__attribute__((import_module("apache.text.1"), import_name("ap_escape_logitem")))
int32_t ap_escape_logitem(const void *text, uint32_t text_len, void *buffer, uint32_t capacity);
/* 1 where a text matches a pattern of ? and *, else 0; icase is 1 where case doesn't count (ap_strcasecmp_match). */
__attribute__((import_module("apache.text.1"), import_name("ap_strcmp_match")))
int64_t ap_strcmp_match(const void *text, uint32_t text_len, const void *pattern, uint32_t pattern_len, uint32_t icase);
/* base64. */
__attribute__((import_module("apache.text.1"), import_name("apr_base64_encode")))
int32_t apr_base64_encode(const void *data, uint32_t data_len, void *buffer, uint32_t capacity);
/* undoes base64, up to the first byte that is none. */
__attribute__((import_module("apache.text.1"), import_name("apr_base64_decode")))
int32_t apr_base64_decode(const void *text, uint32_t text_len, void *buffer, uint32_t capacity);
/* MD5 in hexadecimal digits. */
__attribute__((import_module("apache.text.1"), import_name("ap_md5_binary")))
int32_t ap_md5_binary(const void *data, uint32_t data_len, void *buffer, uint32_t capacity);
/* SHA-1 in hexadecimal digits. */
__attribute__((import_module("apache.text.1"), import_name("apr_sha1")))
int32_t apr_sha1(const void *data, uint32_t data_len, void *buffer, uint32_t capacity);
/* microseconds since 1970 from a date of RFC 822, 850 or asctime; NONE where it is none. */
__attribute__((import_module("apache.text.1"), import_name("apr_date_parse_rfc")))
int64_t apr_date_parse_rfc(const void *text, uint32_t text_len);
/* a time as headers have it. */
__attribute__((import_module("apache.text.1"), import_name("apr_rfc822_date")))
int32_t apr_rfc822_date(int64_t time, void *buffer, uint32_t capacity);
/* a time in the local zone: tm_usec, tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst, tm_gmtoff, 32-bit little endian. */
__attribute__((import_module("apache.text.1"), import_name("apr_time_exp_lt")))
int32_t apr_time_exp_lt(int64_t time, void *buffer, uint32_t capacity);
/* the same in UTC. */
__attribute__((import_module("apache.text.1"), import_name("apr_time_exp_gmt")))
int32_t apr_time_exp_gmt(int64_t time, void *buffer, uint32_t capacity);
/* a random number from min to max. */
__attribute__((import_module("apache.text.1"), import_name("ap_random_pick")))
int64_t ap_random_pick(uint32_t min, uint32_t max);

/* Group body: the request's body and its form, piece by piece or whole. */
/* the next bytes of the request's body, at most so many, which are to be no more than the buffer holds, since they are gone afterwards; empty at the end. Chunks are taken apart, LimitRequestBody holds. FAILED with an HTTP status as ap_error_status, with which the hook is to answer (AP_FILTER_ERROR where a filter has answered). */
__attribute__((import_module("apache.body.1"), import_name("ap_read_body")))
int32_t ap_read_body(uint32_t r, uint32_t count, void *buffer, uint32_t capacity);
/* reads the body to its end; OK or an HTTP status. */
__attribute__((import_module("apache.body.1"), import_name("ap_discard_request_body")))
int64_t ap_discard_request_body(uint32_t r);
/* the body as a form, urlencoded or multipart/form-data, with at most so many fields and bytes: of each field name, file name, content type and value, as their length (32-bit little endian, -1 where there is none) and their bytes. Read once and kept with the request for this module. NONE where the body is no form, FAILED with an HTTP status as ap_error_status. */
__attribute__((import_module("apache.body.1"), import_name("ap_parse_form_data")))
int32_t ap_parse_form_data(uint32_t r, uint32_t fields, uint32_t size, void *buffer, uint32_t capacity);

/* Group response: how the answer is sent: cookies, validators, error texts, interim answers. */
/* adds a Set-Cookie header to err_headers_out, name and value urlencoded; expires in seconds since 1970, 0 for a cookie of the session; flags are COOKIE_ bits; empty attributes are left out. */
__attribute__((import_module("apache.response.1"), import_name("ap_set_cookie")))
int32_t ap_set_cookie(uint32_t r, const void *name, uint32_t name_len, const void *value, uint32_t value_len, int64_t expires, const void *path, uint32_t path_len, const void *domain, uint32_t domain_len, const void *same_site, uint32_t same_site_len, uint32_t flags);
/* what is sent for a status that this request ends with: a URL, a path that begins with a slash, or a text. */
__attribute__((import_module("apache.response.1"), import_name("ap_custom_response")))
int32_t ap_custom_response(uint32_t r, uint32_t status, const void *text, uint32_t text_len);
/* sends an answer 1xx now, with headers_out and clearing them where send_headers is 1; NOT_NOW once the answer has begun, BAD_VALUE where the status is no such one or a header holds what can't be sent. */
__attribute__((import_module("apache.response.1"), import_name("ap_send_interim_response")))
int32_t ap_send_interim_response(uint32_t r, uint32_t status, uint32_t send_headers);
/* 1 where the connection stays open after this answer, else 0; sets the headers that say so. */
__attribute__((import_module("apache.response.1"), import_name("ap_set_keepalive")))
int64_t ap_set_keepalive(uint32_t r);
/* the ETag of r->finfo, by FileETag; NONE where that says none. */
__attribute__((import_module("apache.response.1"), import_name("ap_make_etag")))
int32_t ap_make_etag(uint32_t r, uint32_t force_weak, void *buffer, uint32_t capacity);
/* sets the ETag header from r->finfo. */
__attribute__((import_module("apache.response.1"), import_name("ap_set_etag")))
int32_t ap_set_etag(uint32_t r);
/* sets the Last-Modified header from r->mtime. */
__attribute__((import_module("apache.response.1"), import_name("ap_set_last_modified")))
int32_t ap_set_last_modified(uint32_t r);
/* sets the Accept-Ranges header, by MaxRanges. */
__attribute__((import_module("apache.response.1"), import_name("ap_set_accept_ranges")))
int32_t ap_set_accept_ranges(uint32_t r);
/* OK, or the status (304, 412) that If-Match, If-Modified-Since and the like ask for. */
__attribute__((import_module("apache.response.1"), import_name("ap_meets_conditions")))
int64_t ap_meets_conditions(uint32_t r);
/* adds methods, separated by spaces, to those of an Allow header; reset is 1 where others are forgotten. */
__attribute__((import_module("apache.response.1"), import_name("ap_allow_methods")))
int32_t ap_allow_methods(uint32_t r, uint32_t reset, const void *methods, uint32_t methods_len);

/* Group auth: credentials of the request, and passwords. */
/* the password of Basic authentication where AuthType is that, which sets r->user and r->ap_auth_type too; NONE where there is none. */
__attribute__((import_module("apache.auth.1"), import_name("ap_get_basic_auth_pw")))
int32_t ap_get_basic_auth_pw(uint32_t r, void *buffer, uint32_t capacity);
/* user, NUL, password of Basic authentication whatever AuthType says; NONE where the client sent none. */
__attribute__((import_module("apache.auth.1"), import_name("ap_get_basic_auth_components")))
int32_t ap_get_basic_auth_components(uint32_t r, void *buffer, uint32_t capacity);
/* sets the header that asks the client for credentials, by AuthType and AuthName. */
__attribute__((import_module("apache.auth.1"), import_name("ap_note_auth_failure")))
int32_t ap_note_auth_failure(uint32_t r);
/* AUTH_GRANTED, AUTH_DENIED, AUTH_USER_NOT_FOUND or AUTH_GENERAL_ERROR by a provider of AuthBasicProvider, file for example, under the configuration in force; NONE where there is no such provider. */
__attribute__((import_module("apache.auth.1"), import_name("ap_check_password")))
int64_t ap_check_password(uint32_t r, const void *provider, uint32_t provider_len, const void *user, uint32_t user_len, const void *password, uint32_t password_len);
/* a password as htpasswd keeps it, by ALG_APMD5, ALG_APSHA, ALG_BCRYPT or ALG_CRYPT; cost is bcrypt's, 4 to 17, 0 for 5. LIMIT where that would take longer than a call of this module may. */
__attribute__((import_module("apache.auth.1"), import_name("ap_mk_password_hash")))
int32_t ap_mk_password_hash(const void *password, uint32_t password_len, uint32_t algorithm, uint32_t cost, void *buffer, uint32_t capacity);
/* 1 where a password is the one of a hash, else 0; BAD_VALUE where the hash is of no kind known, LIMIT where checking would take longer than a call of this module may. */
__attribute__((import_module("apache.auth.1"), import_name("apr_password_validate")))
int64_t apr_password_validate(const void *password, uint32_t password_len, const void *hash, uint32_t hash_len);

/* Group status: what the server is made of: modules and their directives, scoreboard, configuration with all that it holds. */
/* source names of all modules in their order, each ending with a NUL. */
__attribute__((import_module("apache.status.1"), import_name("ap_loaded_modules")))
int32_t ap_loaded_modules(void *buffer, uint32_t capacity);
/* the directives of a module, by its source name: name, NUL, help line, NUL, and so on; NONE where it isn't loaded or has none. */
__attribute__((import_module("apache.status.1"), import_name("ap_module_commands")))
int32_t ap_module_commands(const void *name, uint32_t name_len, void *buffer, uint32_t capacity);
/* server_executable, server_root, scoreboard_fname, server_mpm, as name, NUL, value, NUL; a name is left out where httpd has NULL. So for the next three, whose numbers are decimal. */
__attribute__((import_module("apache.status.1"), import_name("ap_server_info")))
int32_t ap_server_info(void *buffer, uint32_t capacity);
/* server_limit, thread_limit, running_generation, restart_time in microseconds; NONE while there is no scoreboard, so for the next two. */
__attribute__((import_module("apache.status.1"), import_name("ap_get_scoreboard_global")))
int32_t ap_get_scoreboard_global(void *buffer, uint32_t capacity);
/* of a child's place, up to server_limit: pid, generation, connections, keepalive, lingering_close, suspended, wait_io, write_completion, not_accepting, quiescing; NONE past the limit. */
__attribute__((import_module("apache.status.1"), import_name("ap_get_scoreboard_process")))
int32_t ap_get_scoreboard_process(uint32_t child, void *buffer, uint32_t capacity);
/* of a thread's place: access_count, bytes_served, client, client64, conn_bytes, conn_count, generation, last_used, pid, request, start_time, status, stop_time, tid, vhost, protocol, duration, stimes, utimes; NONE past the limits. */
__attribute__((import_module("apache.status.1"), import_name("ap_copy_scoreboard_worker")))
int32_t ap_copy_scoreboard_worker(uint32_t child, uint32_t thread, void *buffer, uint32_t capacity);
/* the configuration as it was read: of each directive its depth from 0, name, arguments, file and line, each ending with a NUL; what a section holds follows it one deeper. */
__attribute__((import_module("apache.status.1"), import_name("ap_conftree")))
int32_t ap_conftree(void *buffer, uint32_t capacity);
/* the same of what the request's `<VirtualHost>` holds; NONE in the main server. */
__attribute__((import_module("apache.status.1"), import_name("ap_conftree_vhost")))
int32_t ap_conftree_vhost(uint32_t r, void *buffer, uint32_t capacity);

/* Group file: read and write files and directories with the rights of httpd's user. */
/* the names in a directory, `.` and `..` first, each ending with a NUL; FAILED with a status, so for all of this group, which is for those who serve requests: NOT_NOW before. */
__attribute__((import_module("apache.file.1"), import_name("apr_dir_read")))
int32_t apr_dir_read(const void *path, uint32_t path_len, void *buffer, uint32_t capacity);
/* makes a directory with permissions as apr_fileperms_t has them (0x0FFF is APR_FPROT_OS_DEFAULT). */
__attribute__((import_module("apache.file.1"), import_name("apr_dir_make")))
int32_t apr_dir_make(const void *path, uint32_t path_len, uint32_t permissions);
/* the same with those above it; nothing to do where it is there. */
__attribute__((import_module("apache.file.1"), import_name("apr_dir_make_recursive")))
int32_t apr_dir_make_recursive(const void *path, uint32_t path_len, uint32_t permissions);
/* removes an empty directory. */
__attribute__((import_module("apache.file.1"), import_name("apr_dir_remove")))
int32_t apr_dir_remove(const void *path, uint32_t path_len);
/* sets the time of the last change, in microseconds since 1970. */
__attribute__((import_module("apache.file.1"), import_name("apr_file_mtime_set")))
int32_t apr_file_mtime_set(const void *path, uint32_t path_len, int64_t mtime);
/* removes a file. */
__attribute__((import_module("apache.file.1"), import_name("apr_file_remove")))
int32_t apr_file_remove(const void *path, uint32_t path_len);
/* gives a file another name, in place of another file of that name. */
__attribute__((import_module("apache.file.1"), import_name("apr_file_rename")))
int32_t apr_file_rename(const void *from, uint32_t from_len, const void *to, uint32_t to_len);
/* a handle of a file, open until apr_file_close or the end of the present call; the flags are APR_FOPEN_*. LIMIT where too many are open. */
__attribute__((import_module("apache.file.1"), import_name("apr_file_open")))
int64_t apr_file_open(const void *path, uint32_t path_len, uint32_t flags, uint32_t permissions);
/* bytes from an offset on, at most so many and 1 MB; fewer at the end, none past it. */
__attribute__((import_module("apache.file.1"), import_name("apr_file_read_full")))
int32_t apr_file_read_full(uint32_t file, int64_t offset, uint32_t count, void *buffer, uint32_t capacity);
/* writes bytes at an offset; at the end where the file was opened with APR_FOPEN_APPEND. */
__attribute__((import_module("apache.file.1"), import_name("apr_file_write_full")))
int32_t apr_file_write_full(uint32_t file, int64_t offset, const void *data, uint32_t data_len);
/* what apr_stat says of an open file. */
__attribute__((import_module("apache.file.1"), import_name("apr_file_info_get")))
int32_t apr_file_info_get(uint32_t file, void *buffer, uint32_t capacity);
/* sets the size of an open file. */
__attribute__((import_module("apache.file.1"), import_name("apr_file_trunc")))
int32_t apr_file_trunc(uint32_t file, int64_t size);
/* closes a file. */
__attribute__((import_module("apache.file.1"), import_name("apr_file_close")))
int32_t apr_file_close(uint32_t file);
/* sends so many bytes of a file from an offset on as part of the body, -1 for all, without a copy here: how many; FAILED with a status where it is no file that httpd can read, or the client has gone. */
__attribute__((import_module("apache.file.1"), import_name("ap_send_fd")))
int64_t ap_send_fd(uint32_t r, const void *path, uint32_t path_len, int64_t offset, int64_t length);

/* Group database: connect to any database, or to that of mod_dbd, and ask it anything. */
/* a handle of a connection, open until apr_dbd_close or the end of the present call: by a driver of APR (sqlite3, pgsql, mysql, odbc …) with its parameters, or by mod_dbd where the driver is `mod_dbd`. FAILED with a text; LIMIT where too much is open, so for all handles. */
__attribute__((import_module("apache.database.1"), import_name("ap_dbd_open")))
int64_t ap_dbd_open(const void *driver, uint32_t driver_len, const void *params, uint32_t params_len);
/* closes a connection with all that came from it; or a statement; or rows. */
__attribute__((import_module("apache.database.1"), import_name("apr_dbd_close")))
int32_t apr_dbd_close(uint32_t handle);
/* 1 where a connection is good, else 0. */
__attribute__((import_module("apache.database.1"), import_name("apr_dbd_check_conn")))
int64_t apr_dbd_check_conn(uint32_t db);
/* runs a statement that gives no rows: the number of rows that it changed. FAILED with the database's text, so for the next five. */
__attribute__((import_module("apache.database.1"), import_name("apr_dbd_query")))
int64_t apr_dbd_query(uint32_t db, const void *statement, uint32_t statement_len);
/* a handle of the rows that a statement gives, all of which are fetched; LIMIT past 64 MB. */
__attribute__((import_module("apache.database.1"), import_name("apr_dbd_select")))
int64_t apr_dbd_select(uint32_t db, const void *statement, uint32_t statement_len);
/* a handle of a statement with %s, %d and so on for its arguments; BAD_VALUE for %pDb and %pDc. */
__attribute__((import_module("apache.database.1"), import_name("apr_dbd_prepare")))
int64_t apr_dbd_prepare(uint32_t db, const void *statement, uint32_t statement_len);
/* a handle of the statement that DBDPrepareSQL gives under a label, for a connection of mod_dbd; NONE where there is none. */
__attribute__((import_module("apache.database.1"), import_name("ap_dbd_prepared")))
int64_t ap_dbd_prepared(uint32_t db, const void *label, uint32_t label_len);
/* as apr_dbd_query, of a prepared statement with its arguments: of each its length (32-bit little endian, -1 for NULL) and its bytes; BAD_VALUE where they are fewer than it takes. */
__attribute__((import_module("apache.database.1"), import_name("apr_dbd_pquery")))
int64_t apr_dbd_pquery(uint32_t statement, const void *arguments, uint32_t arguments_len);
/* as apr_dbd_select, of a prepared statement. */
__attribute__((import_module("apache.database.1"), import_name("apr_dbd_pselect")))
int64_t apr_dbd_pselect(uint32_t statement, const void *arguments, uint32_t arguments_len);
/* a text escaped for a statement of this database. */
__attribute__((import_module("apache.database.1"), import_name("apr_dbd_escape")))
int32_t apr_dbd_escape(uint32_t db, const void *text, uint32_t text_len, void *buffer, uint32_t capacity);
/* how many rows there are. */
__attribute__((import_module("apache.database.1"), import_name("apr_dbd_num_tuples")))
int64_t apr_dbd_num_tuples(uint32_t rows);
/* the names of the columns, each ending with a NUL; some databases give none where there is no row. */
__attribute__((import_module("apache.database.1"), import_name("apr_dbd_get_names")))
int32_t apr_dbd_get_names(uint32_t rows, void *buffer, uint32_t capacity);
/* a row by its number from 1: of each column its length (32-bit little endian, -1 for NULL) and its bytes up to a NUL; NONE past the end. */
__attribute__((import_module("apache.database.1"), import_name("apr_dbd_get_row")))
int32_t apr_dbd_get_row(uint32_t rows, uint32_t row, void *buffer, uint32_t capacity);
/* all rows, one after the other. */
__attribute__((import_module("apache.database.1"), import_name("apr_dbd_get_rows")))
int32_t apr_dbd_get_rows(uint32_t rows, void *buffer, uint32_t capacity);

/* Group websocket: take the connection over as a WebSocket. */
/* answers 101 with the headers set so far and gives a handle of the WebSocket, which ends with the present call; NONE where the request asks for none (RFC 6455), NOT_NOW in a filter or a subrequest or where the answer has begun. */
__attribute__((import_module("apache.websocket.1"), import_name("ap_websocket_upgrade")))
int64_t ap_websocket_upgrade(uint32_t r);
/* waits for a frame, as long as Timeout allows: its opcode (0 continuation, 1 text, 2 binary, 8 close), and 256 where it ends a message; ap_answer has what it holds, up to 8 MB. Pings are answered, pongs passed over. NONE once the client has gone or closed, FAILED where it breaks the protocol, and the WebSocket is closed. */
__attribute__((import_module("apache.websocket.1"), import_name("ap_websocket_read")))
int64_t ap_websocket_read(uint32_t socket);
/* sends a frame: opcode 0, 1, 2, 9 or 10, and 256 where it ends a message; FAILED once the client has gone. */
__attribute__((import_module("apache.websocket.1"), import_name("ap_websocket_write")))
int32_t ap_websocket_write(uint32_t socket, uint32_t opcode, const void *data, uint32_t data_len);
/* sends bytes that are frames already. */
__attribute__((import_module("apache.websocket.1"), import_name("ap_websocket_write_raw")))
int32_t ap_websocket_write_raw(uint32_t socket, const void *data, uint32_t data_len);
/* 1 where something from the client can be read at once, else 0. */
__attribute__((import_module("apache.websocket.1"), import_name("ap_websocket_peek")))
int64_t ap_websocket_peek(uint32_t socket);
/* sends a ping and waits for its pong: 1, or 0 where the client has gone; what comes meanwhile is kept for ap_websocket_read. */
__attribute__((import_module("apache.websocket.1"), import_name("ap_websocket_ping")))
int64_t ap_websocket_ping(uint32_t socket, const void *data, uint32_t data_len);
/* says goodbye, with a status of RFC 6455 or 0 for none; the connection is closed when the call ends. */
__attribute__((import_module("apache.websocket.1"), import_name("ap_websocket_close")))
int32_t ap_websocket_close(uint32_t socket, uint32_t status, const void *reason, uint32_t reason_len);

#endif
