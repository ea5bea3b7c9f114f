//! The module's own lines in the error log, `RewriteLog` of old: what stands before the text, and at which level.

use crate::record::Record;
use apache_module::{APLOG_DEBUG, field};

/// Logs at trace level `$level` what the parts make together, if that level is on for the request
/// (mod_rewrite.c:rewritelog). `$perdir` is the directory of a per-directory pass.
macro_rules! rewritelog {
    ($record:expr, $level:literal, $perdir:expr, $($part:expr),+ $(,)?) => {
        if $record.logs($level) {
            $crate::log::write(&$record, $level, $perdir, line!(), &[$(AsRef::<[u8]>::as_ref($part)),+]);
        }
    };
}
pub(crate) use rewritelog;

/// As [`rewritelog!`], where the level is known to be on.
#[cold]
#[inline(never)]
pub fn write(record: &Record<'_>, level: u32, perdir: Option<&[u8]>, line: u32, parts: &[&[u8]]) {
    let r = record.r;
    let or = |value: Option<Vec<u8>>, other: &str| value.unwrap_or_else(|| other.into());
    let user = match r.text(field::USER) {
        Some(user) if user.is_empty() => b"\"\"".to_vec(),
        user => or(user, "-"),
    };
    let mut message = or(r.text(field::USERAGENT_HOST), "UNKNOWN-HOST");
    let mut add = |part: &[u8]| message.extend_from_slice(part);
    add(b" ");
    add(&or(r.text(field::REMOTE_IDENT), "-"));
    add(b" ");
    add(&user);
    add(b" [");
    add(&or(r.text(field::SERVER_NAME), "(null)"));
    add(format!("/sid#{:x}][rid#{:x}/", r.number(field::SERVER_ID), r.number(field::REQUEST_ID)).as_bytes());
    add(if record.is_subreq { b"subreq" } else { b"initial" });
    match redirects(r) {
        0 => {}
        count => add(format!("/redir#{count}").as_bytes()),
    }
    add(b"] ");
    if let Some(perdir) = perdir {
        add(b"[perdir ");
        add(perdir);
        add(b"] ");
    }
    parts.iter().for_each(|part| add(part));
    apache_module::log::rerror(r, file!(), line, APLOG_DEBUG + level, &message);
}

/// How often the request was redirected internally before.
fn redirects(r: &apache_module::Request) -> usize {
    std::iter::successors(r.prev(), apache_module::Kin::prev).count()
}
