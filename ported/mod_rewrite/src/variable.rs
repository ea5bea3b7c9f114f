//! The names that `%{…}` knows; their values are the concern of `lookup`.

use apache_module::field;

/// What a name between `%{` and `}` stands for.
#[derive(Debug, PartialEq, Eq)]
pub enum Variable {
    /// A name that nobody knows, or that is too short: the empty text.
    Unknown,
    /// `ENV:name`.
    Env(Vec<u8>),
    /// `SSL:name`.
    Ssl(Vec<u8>),
    /// A header of the request, which makes the answer vary: `HTTP:name`, `HTTP_…`.
    Header(Vec<u8>),
    /// `LA-U:name`, `LA-F:name`: what the name stands for in a look-ahead, by URL or by file.
    LookAhead {
        by_file: bool,
        variable: Box<Variable>,
        shown: Vec<u8>,
    },
    /// A text that httpd has, by the number of the host API; NULL is the empty text.
    Text(u32),
    /// r->uri, r->filename, r->args and r->path_info, which a pass itself changes.
    Uri,
    Filename,
    Args,
    PathInfo,
    /// The owner or group of the file (SCRIPT_USER, SCRIPT_GROUP).
    Owner(u32),
    /// A number in decimal.
    Number(u32),
    /// `on` or `off`, after a line in the log.
    Ipv6,
    Https,
    IsSubreq,
    Time(Time),
}

/// A part of the local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// Year to second in one, with a line in the log.
    All,
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Weekday,
}

impl Variable {
    /// Reads a name (mod_rewrite.c:lookup_variable). Case does not count, except in what follows a prefix.
    pub fn parse(name: &[u8]) -> Variable {
        match name {
            [_, _, _, b':', rest @ ..] => {
                let prefix = name.get(..3).unwrap_or_default();
                match rest {
                    [] => Variable::Unknown,
                    _ if prefix.eq_ignore_ascii_case(b"ENV") => Variable::Env(rest.to_vec()),
                    _ if prefix.eq_ignore_ascii_case(b"SSL") => Variable::Ssl(rest.to_vec()),
                    _ => Variable::Unknown,
                }
            }
            [_, _, _, _, b':', rest @ ..] => {
                let prefix = name.get(..4).unwrap_or_default();
                match rest {
                    [] => Variable::Unknown,
                    _ if prefix.eq_ignore_ascii_case(b"HTTP") => Variable::Header(rest.to_vec()),
                    _ if prefix.eq_ignore_ascii_case(b"LA-U") => Variable::look_ahead(false, rest),
                    _ if prefix.eq_ignore_ascii_case(b"LA-F") => Variable::look_ahead(true, rest),
                    _ => Variable::Unknown,
                }
            }
            _ => Variable::named(&name.to_ascii_uppercase()),
        }
    }

    fn look_ahead(by_file: bool, name: &[u8]) -> Variable {
        let variable = Box::new(Variable::parse(name));
        // The log shows the name as the look-up leaves it: a plain one in capitals.
        let is_plain = name.len() >= 4 && name.get(3) != Some(&b':') && name.get(4) != Some(&b':');
        let shown = if is_plain { name.to_ascii_uppercase() } else { name.to_vec() };
        Variable::LookAhead { by_file, variable, shown }
    }

    fn named(name: &[u8]) -> Variable {
        match name {
            b"HTTP_ACCEPT" => Variable::Header(b"Accept".to_vec()),
            b"HTTP_COOKIE" => Variable::Header(b"Cookie".to_vec()),
            b"HTTP_FORWARDED" => Variable::Header(b"Forwarded".to_vec()),
            b"HTTP_HOST" => Variable::Header(b"Host".to_vec()),
            b"HTTP_PROXY_CONNECTION" => Variable::Header(b"Proxy-Connection".to_vec()),
            b"HTTP_REFERER" => Variable::Header(b"Referer".to_vec()),
            b"HTTP_USER_AGENT" => Variable::Header(b"User-Agent".to_vec()),
            b"AUTH_TYPE" => Variable::Text(field::AP_AUTH_TYPE),
            b"CONN_REMOTE_ADDR" => Variable::Text(field::CLIENT_IP),
            b"CONTEXT_DOCUMENT_ROOT" => Variable::Text(field::CONTEXT_DOCUMENT_ROOT),
            b"CONTEXT_PREFIX" => Variable::Text(field::CONTEXT_PREFIX),
            b"DOCUMENT_ROOT" => Variable::Text(field::DOCUMENT_ROOT),
            b"REMOTE_ADDR" => Variable::Text(field::USERAGENT_IP),
            b"REMOTE_HOST" => Variable::Text(field::REMOTE_HOST),
            b"REMOTE_IDENT" => Variable::Text(field::REMOTE_IDENT),
            b"REMOTE_USER" => Variable::Text(field::USER),
            b"REQUEST_METHOD" => Variable::Text(field::METHOD),
            b"REQUEST_SCHEME" => Variable::Text(field::REQUEST_SCHEME),
            b"SERVER_ADDR" => Variable::Text(field::LOCAL_IP),
            b"SERVER_ADMIN" => Variable::Text(field::SERVER_ADMIN),
            b"SERVER_NAME" => Variable::Text(field::SERVER_NAME_FOR_URL),
            b"SERVER_PROTOCOL" => Variable::Text(field::PROTOCOL),
            b"SERVER_SOFTWARE" => Variable::Text(field::SERVER_BANNER),
            b"THE_REQUEST" => Variable::Text(field::THE_REQUEST),
            b"SCRIPT_USER" => Variable::Owner(field::SCRIPT_USER),
            b"SCRIPT_GROUP" => Variable::Owner(field::SCRIPT_GROUP),
            b"SERVER_PORT" => Variable::Number(field::PORT),
            b"REMOTE_PORT" => Variable::Number(field::REMOTE_PORT),
            b"REQUEST_URI" => Variable::Uri,
            b"REQUEST_FILENAME" | b"SCRIPT_FILENAME" => Variable::Filename,
            b"QUERY_STRING" => Variable::Args,
            b"PATH_INFO" => Variable::PathInfo,
            b"API_VERSION" => Variable::Text(field::API_VERSION),
            b"HTTPS" => Variable::Https,
            b"IPV6" => Variable::Ipv6,
            b"IS_SUBREQ" => Variable::IsSubreq,
            b"TIME" => Variable::Time(Time::All),
            b"TIME_YEAR" => Variable::Time(Time::Year),
            b"TIME_MON" => Variable::Time(Time::Month),
            b"TIME_DAY" => Variable::Time(Time::Day),
            b"TIME_HOUR" => Variable::Time(Time::Hour),
            b"TIME_MIN" => Variable::Time(Time::Minute),
            b"TIME_SEC" => Variable::Time(Time::Second),
            b"TIME_WDAY" => Variable::Time(Time::Weekday),
            _ => Variable::Unknown,
        }
    }
}
