//! What the result of a pass means, of the server's rules and of a directory's alike: a status, a proxy's URL, another
//! server's, or something local.

use crate::escape::{escape_uri, is_visible};
use crate::list::Action;
use crate::log::rewritelog;
use crate::record::Record;
use crate::response::is_redirect;
use crate::scheme::{Scheme, escape_absolute_uri, is_absolute_uri};
use apache_module::ffi::table::HEADERS_OUT;
use apache_module::{PROXYREQ_NONE, PROXYREQ_PROXY, PROXYREQ_REVERSE, Status, field, log_bytes, server};

/// What a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfResult {
    /// `proxy:…`.
    Proxy,
    /// A URI with a scheme.
    Absolute(Scheme),
    Local,
}

/// Of whose rules the result is: where the log says it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'p> {
    pub perdir: Option<&'p [u8]>,
    /// The numbers of two messages.
    no_proxy: &'static [u8],
    control_characters: &'static [u8],
}

/// The server's rules.
pub const SERVER: Place<'static> = Place { perdir: None, no_proxy: b"AH00669", control_characters: b"AH10410" };

impl<'p> Place<'p> {
    /// A directory's rules.
    pub fn directory(path: &'p [u8]) -> Place<'p> {
        Place { perdir: Some(path), no_proxy: b"AH10160", control_characters: b"AH10411" }
    }
}

/// What the result is; the error is the status that a rule forces, or that of a query string which nobody has escaped.
#[inline]
pub fn of_result(action: Action, record: &mut Record<'_>, place: Place<'_>) -> Result<OfResult, Status> {
    // Most results are a path, with nothing behind it that the rules made.
    if matches!(action, Action::Normal | Action::NoEscape) && record.name().starts_with(b"/") && record.args().is_none()
    {
        return Ok(OfResult::Local);
    }
    of_any_result(action, record, place)
}

#[inline(never)]
fn of_any_result(action: Action, record: &mut Record<'_>, place: Place<'_>) -> Result<OfResult, Status> {
    let scheme = is_absolute_uri(record.name());
    let will_escape = scheme.is_some() && action != Action::NoEscape;
    if !will_escape && record.args().is_some_and(|args| !args.iter().copied().all(is_visible)) {
        log_bytes!(
            record.r,
            APLOG_ERR,
            place.control_characters,
            b": Rewritten query string contains control characters or spaces",
        );
        return Err(Status::FORBIDDEN);
    }
    match action {
        Action::Status => {
            let status = Status(record.status());
            record.set_status(200);
            Err(status)
        }
        Action::StatusSet => Err(Status(record.status())),
        _ if record.name().len() > 6 && record.name().starts_with(b"proxy:") => Ok(OfResult::Proxy),
        _ => Ok(scheme.map_or(OfResult::Local, OfResult::Absolute)),
    }
}

/// Hands the request to mod_proxy.
pub fn proxy(action: Action, place: Place<'_>, record: &mut Record<'_>) -> Status {
    if !server::has_module(b"mod_proxy.c") {
        log_bytes!(
            record.r,
            APLOG_ERR,
            place.no_proxy,
            b": attempt to make remote request from mod_rewrite without proxy enabled: ",
            record.name(),
        );
        return Status::FORBIDDEN;
    }
    let r = record.r;
    if action == Action::NoEscape {
        r.notes().set("proxy-nocanon", "1");
    }
    let proxyreq = r.number(field::PROXYREQ);
    // In a directory the query string of a forward proxy's request is left to mod_proxy.
    let is_forward = place.perdir.is_none() && proxyreq == i64::from(PROXYREQ_PROXY);
    if let Some(args) = record.args()
        && (is_forward || r.notes().has("proxy-nocanon"))
    {
        let name = [record.name(), b"?", args].concat();
        record.set_filename(name);
    }
    if proxyreq == i64::from(PROXYREQ_NONE) {
        r.set_number(field::PROXYREQ, PROXYREQ_REVERSE.into());
    }
    r.set_text(field::HANDLER, Some(b"proxy-server"));
    rewritelog!(record, 1, place.perdir, b"go-ahead with proxy request ", record.name(), b" [OK]");
    Status::OK
}

/// Answers with a redirection to r->filename and r->args.
pub fn redirect(action: Action, scheme: Scheme, perdir: Option<&[u8]>, record: &mut Record<'_>) -> Status {
    if action != Action::NoEscape {
        rewritelog!(record, 1, perdir, b"escaping ", record.name(), b" for redirect");
        let escaped = escape_absolute_uri(record.name(), scheme);
        record.set_filename(escaped);
    }
    if let Some(args) = record.args().map(<[u8]>::to_vec) {
        // What the client sent is escaped already.
        let as_is = action == Action::NoEscape || record.old_args() == Some(&args);
        let escaped = if as_is { args.clone() } else { escape_uri(&args) };
        let name = [record.name(), b"?", &escaped].concat();
        record.set_filename(name);
        rewritelog!(
            record,
            1,
            perdir,
            if as_is { "copying " } else { "escaping " },
            &args,
            b" to query string for redirect ",
            if as_is { &[][..] } else { &escaped },
        );
    }
    let mut status = 302;
    if is_redirect(record.status()) {
        status = record.status();
        record.set_status(200);
    }
    let location = record.name().to_vec();
    record.edits.set(HEADERS_OUT, b"Location", &location);
    rewritelog!(record, 1, perdir, b"redirect to ", record.name(), b" [REDIRECT/", status.to_string().as_bytes(), b"]",);
    Status(status)
}
