//! The error log: levels are checked before anything is formatted.

use crate::Request;
use crate::ffi;

/// Logs about a request what is given as for [`format!`]: `log!(r, APLOG_INFO, "{count} words")`.
#[macro_export]
macro_rules! log {
    ($r:expr, $level:ident, $($format:tt)+) => {
        if $r.logs($crate::$level) {
            $crate::log::rerror($r, file!(), line!(), $crate::$level, format!($($format)+).as_bytes());
        }
    };
}

/// Logs about a request the bytes that are given one after the other: `log_bytes!(r, APLOG_ERR, "no such file: ", path)`.
#[macro_export]
macro_rules! log_bytes {
    ($r:expr, $level:ident, $($part:expr),+ $(,)?) => {
        if $r.logs($crate::$level) {
            let mut message = Vec::new();
            $(message.extend_from_slice(AsRef::<[u8]>::as_ref($part));)+
            $crate::log::rerror($r, file!(), line!(), $crate::$level, &message);
        }
    };
}

/// Logs about the request's server, without the client (ap_log_error).
#[macro_export]
macro_rules! log_server {
    ($r:expr, $level:ident, $($format:tt)+) => {
        if $r.server_logs($crate::$level) {
            $crate::log::error($r, file!(), line!(), $crate::$level, format!($($format)+).as_bytes());
        }
    };
}

/// `ap_log_rerror` without a status; the message is bytes.
pub fn rerror(r: &Request, file: &str, line: u32, level: u32, message: &[u8]) {
    ffi::ap_log_rerror(r.handle(), file.as_bytes(), line, level, 0, message);
}

/// `ap_log_error` about the request's server, without a status; the message is bytes.
pub fn error(r: &Request, file: &str, line: u32, level: u32, message: &[u8]) {
    ffi::ap_log_error(r.handle(), file.as_bytes(), line, level, 0, message);
}

/// `ap_log_rerror` with a status of APR, whose text httpd puts before the message.
pub fn rerror_status(r: &Request, file: &str, line: u32, level: u32, status: i32, message: &[u8]) {
    ffi::ap_log_rerror(r.handle(), file.as_bytes(), line, level, status, message);
}

#[doc(hidden)]
pub fn panics_are_logged() {
    std::panic::set_hook(Box::new(|panic| {
        let (file, line) = panic.location().map_or(("unknown", 0), |at| (at.file(), at.line()));
        ffi::ap_log_error(0, file.as_bytes(), line, ffi::constant::APLOG_ERR, 0, panic.to_string().as_bytes());
    }));
}
