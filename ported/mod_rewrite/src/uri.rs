//! r->filename as a URI: its query string, our own host in it, and what makes it a full one.

use crate::atoi::atoi;
use crate::config::ServerConfig;
use crate::flags::Bits;
use crate::log::rewritelog;
use crate::options::LEGACY_PREFIX_DOCROOT;
use crate::record::Record;
use crate::scheme::is_absolute_uri;
use crate::text::position;
use apache_module::ffi::table::NOTES;
use apache_module::field;

/// M_CONNECT.
const M_CONNECT: i64 = 4;

/// Noted where our own host was taken off a result.
pub const URI_REDUCED: &str = "mod_rewrite_uri_reduced";

/// Moves the query string from r->filename to r->args (mod_rewrite.c:splitout_queryargs).
pub fn splitout_queryargs(record: &mut Record<'_>, flags: Bits) {
    if flags.has(Bits::QS_NONE) {
        rewritelog!(record, 2, None, b"discarding query string, no parse from substitution");
        record.set_args(None);
        return;
    }
    let scheme = is_absolute_uri(record.name());
    if scheme.is_some_and(|scheme| !scheme.has_query) {
        record.set_args(None);
        return;
    }
    if flags.has(Bits::QS_DISCARD) {
        record.set_args(None);
        rewritelog!(record, 2, None, b"discarding query string");
    }
    let start = scheme.map_or(0, |scheme| scheme.length);
    let path = record.name().get(start..).unwrap_or_default();
    let last = |path: &[u8]| path.iter().rposition(|byte| *byte == b'?');
    let mark = if flags.has(Bits::QS_LAST) { last(path) } else { position(path, b'?') };
    if let Some(mark) = mark {
        split_at(start + mark, record, flags);
    }
}

/// The query string begins behind this question mark.
#[inline(never)]
fn split_at(mark: usize, record: &mut Record<'_>, flags: Bits) {
    let old = record.name().to_vec();
    let (uri, query) = old.split_at(mark);
    let query = query.get(1..).unwrap_or_default();
    let mut args = match (flags.has(Bits::QS_APPEND), query) {
        (true, []) => record.args().map(<[u8]>::to_vec),
        (true, _) => Some([query, b"&", record.args().unwrap_or_default()].concat()),
        (false, _) => Some(query.to_vec()),
    };
    if let Some(text) = &mut args
        && text.last() == Some(&b'&')
    {
        text.pop();
    } else if args.as_ref().is_some_and(Vec::is_empty) {
        args = None;
    }
    record.set_filename(uri.to_vec());
    record.set_args(args);
    rewritelog!(
        record,
        3,
        None,
        b"split uri=",
        &old,
        b" -> uri=",
        record.name(),
        b", args=",
        record.args().unwrap_or(b"<none>"),
    );
}

/// Takes scheme and host off a URI that leads to the request's own virtual host (mod_rewrite.c:reduce_uri).
pub fn reduce_uri(record: &mut Record<'_>, server: &ServerConfig) {
    if !record.name().starts_with(b"/") {
        reduce_absolute(record, server);
    }
}

#[inline(never)]
fn reduce_absolute(record: &mut Record<'_>, server: &ServerConfig) {
    let Some(scheme) = record.text(field::REQUEST_SCHEME) else { return };
    let name = record.name();
    let length = scheme.len() + b"://".len();
    let is_ours = name.len() > length
        && name.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(&scheme))
        && name.get(scheme.len()..length) == Some(b"://");
    if !is_ours {
        return;
    }
    let rest = name.get(length..).unwrap_or_default();
    let authority = rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(authority);
    let mut parts = authority.splitn(2, |byte| *byte == b':');
    let host = parts.next().unwrap_or_default();
    let port = match parts.next() {
        Some(port) => atoi(port) as u16,
        None => record.r.number(field::DEFAULT_PORT) as u16,
    };
    let path = if path.is_empty() { b"/".to_vec() } else { path.to_vec() };
    if record.r.matches_request_vhost(host, port) {
        rewritelog!(record, 3, None, b"reduce ", record.name(), b" -> ", &path);
        record.set_filename(path);
        if !server.has(LEGACY_PREFIX_DOCROOT) {
            record.reduced = true;
            record.edits.set(NOTES, URI_REDUCED.as_bytes(), b"true");
        }
    }
}

/// Puts scheme and host before a path (mod_rewrite.c:fully_qualify_uri).
pub fn fully_qualify_uri(record: &mut Record<'_>) {
    if is_absolute_uri(record.name()).is_some() || record.r.number(field::METHOD_NUMBER) == M_CONNECT {
        return;
    }
    let mut uri = record.base().to_vec();
    if !record.name().starts_with(b"/") {
        uri.push(b'/');
    }
    uri.extend_from_slice(record.name());
    record.set_filename(uri);
}
