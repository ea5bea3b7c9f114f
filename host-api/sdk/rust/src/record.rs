//! The members of request_rec, conn_rec and server_rec by their names in httpd; reading and writing is
//! [`Request::text`] and its like.

use crate::{Request, Table, field};

macro_rules! texts {
    ($($name:ident $(/ $set:ident)? = $field:ident;)*) => {
        impl Request {
            $(
                #[doc = concat!("The text of [`field::", stringify!($field), "`]; `None` where httpd has NULL.")]
                pub fn $name(&self) -> Option<Vec<u8>> {
                    self.text(field::$field)
                }
                $(
                    #[doc = concat!("Writes [`field::", stringify!($field), "`]; `None` is NULL. `false` where httpd can't take it.")]
                    pub fn $set(&self, value: Option<&[u8]>) -> bool {
                        self.try_set_text(field::$field, value)
                    }
                )?
            )*
        }
    };
}

macro_rules! numbers {
    ($($name:ident $(/ $set:ident)? = $field:ident;)*) => {
        impl Request {
            $(
                #[doc = concat!("The number of [`field::", stringify!($field), "`].")]
                pub fn $name(&self) -> i64 {
                    self.number(field::$field)
                }
                $(
                    #[doc = concat!("Writes [`field::", stringify!($field), "`]; `false` where it is out of range.")]
                    pub fn $set(&self, value: i64) -> bool {
                        self.try_set_number(field::$field, value)
                    }
                )?
            )*
        }
    };
}

macro_rules! flags {
    ($($name:ident $(/ $set:ident)? = $field:ident;)*) => {
        impl Request {
            $(
                #[doc = concat!("Whether [`field::", stringify!($field), "`] holds.")]
                pub fn $name(&self) -> bool {
                    self.number(field::$field) > 0
                }
                $(
                    #[doc = concat!("Writes [`field::", stringify!($field), "`].")]
                    pub fn $set(&self, value: bool) {
                        self.set_number(field::$field, value.into());
                    }
                )?
            )*
        }
    };
}

texts! {
    the_request = THE_REQUEST;
    protocol = PROTOCOL;
    hostname = HOSTNAME;
    unparsed_uri = UNPARSED_URI;
    args / set_args = ARGS;
    filename / set_filename = FILENAME;
    canonical_filename / set_canonical_filename = CANONICAL_FILENAME;
    path_info / set_path_info = PATH_INFO;
    content_encoding / set_content_encoding = CONTENT_ENCODING;
    content_languages / set_content_languages = CONTENT_LANGUAGES;
    user / set_user = USER;
    ap_auth_type / set_ap_auth_type = AP_AUTH_TYPE;
    auth_name = AUTH_NAME;
    auth_type = AUTH_TYPE;
    range = RANGE;
    useragent_ip = USERAGENT_IP;
    useragent_host = USERAGENT_HOST;
    log_id = LOG_ID;
    status_line / set_status_line = STATUS_LINE;
    document_root = DOCUMENT_ROOT;
    context_prefix = CONTEXT_PREFIX;
    context_document_root = CONTEXT_DOCUMENT_ROOT;
    server_name = SERVER_NAME;
    server_name_for_url = SERVER_NAME_FOR_URL;
    server_hostname = SERVER_HOSTNAME;
    server_admin = SERVER_ADMIN;
    server_banner = SERVER_BANNER;
    server_built = SERVER_BUILT;
    http_scheme = REQUEST_SCHEME;
    client_ip = CLIENT_IP;
    local_ip = LOCAL_IP;
    remote_host = REMOTE_HOST;
    remote_logname = REMOTE_IDENT;
    options = OPTIONS;
    allowoverrides = ALLOWOVERRIDES;
    vlist_validator = VLIST_VALIDATOR;
}

numbers! {
    method_number = METHOD_NUMBER;
    proto_num = PROTO_NUM;
    status / set_status = STATUS;
    proxyreq / set_proxyreq = PROXYREQ;
    request_time = REQUEST_TIME;
    bytes_sent = BYTES_SENT;
    clength / set_content_length = CLENGTH;
    mtime / update_mtime = MTIME;
    allowed / set_allowed = ALLOWED;
    used_path_info / set_used_path_info = USED_PATH_INFO;
    remaining = REMAINING;
    read_length = READ_LENGTH;
    limit_req_body = LIMIT_REQ_BODY;
    port = PORT;
    default_port = DEFAULT_PORT;
    remote_port = REMOTE_PORT;
    local_port = LOCAL_PORT;
    keepalives = KEEPALIVES;
    conn_id = CONN_ID;
    allow_options = ALLOW_OPTIONS;
    allow_overrides = ALLOW_OVERRIDES;
    started = STARTED;
}

flags! {
    assbackwards = ASSBACKWARDS;
    header_only = HEADER_ONLY;
    chunked = CHUNKED;
    expecting_100 = EXPECTING_100;
    no_cache / set_no_cache = NO_CACHE;
    no_local_copy / set_no_local_copy = NO_LOCAL_COPY;
    is_initial_req = IS_INITIAL_REQ;
    is_subreq = IS_SUBREQ;
    is_redirect = IS_REDIRECT;
    is_https = IS_HTTPS;
    some_authn_required = SOME_AUTHN_REQUIRED;
    some_auth_required = SOME_AUTH_REQUIRED;
    conn_aborted = CONN_ABORTED;
}

impl Request {
    /// Writes r->uri; `false` where it holds a NUL.
    pub fn set_uri(&self, uri: &[u8]) -> bool {
        self.try_set_text(field::URI, Some(uri))
    }

    /// Writes r->method and r->method_number; `false` where it is no method.
    pub fn set_method(&self, method: &[u8]) -> bool {
        self.try_set_text(field::METHOD, Some(method))
    }

    /// Writes r->handler; `None` is NULL.
    pub fn set_handler(&self, handler: Option<&[u8]>) -> bool {
        self.try_set_text(field::HANDLER, handler)
    }

    /// r->trailers_in.
    pub fn trailers_in(&self) -> Table<'_> {
        Table::of(self, crate::ffi::table::TRAILERS_IN)
    }

    /// r->trailers_out.
    pub fn trailers_out(&self) -> Table<'_> {
        Table::of(self, crate::ffi::table::TRAILERS_OUT)
    }

    /// r->connection->notes: kept for all requests of a connection.
    pub fn conn_notes(&self) -> Table<'_> {
        Table::of(self, crate::ffi::table::CONN_NOTES)
    }
}
