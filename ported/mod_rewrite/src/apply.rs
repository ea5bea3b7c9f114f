//! What a rule does to a request once its pattern has matched; which rules come to that is known by `list`.

use crate::context::Context;
use crate::cookie::add_cookie;
use crate::expand::{QuestionMark, expand, expand_substitution};
use crate::flags::Bits;
use crate::log::rewritelog;
use crate::record::Record;
use crate::rule::Rule;
use crate::scheme::is_absolute_uri;
use crate::test::{Outcome, apply_rewrite_cond};
use crate::text::Text;
use crate::uri;
use apache_module::ffi::table::{NOTES, SUBPROCESS_ENV};
use apache_module::log_bytes;

/// The notes by which the last fixup learns of `T=` and `H=`.
pub const FORCED_MIMETYPE: &str = "rewrite-forced-mimetype";
pub const FORCED_HANDLER: &str = "rewrite-forced-handler";

/// What came of a rule (mod_rewrite.c:rule_return_type).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    NoMatch,
    Match,
    /// It matched, and substitutes nothing.
    NoSub,
    /// r->status says what becomes of the request.
    StatusSet,
}

/// Carries out a rule whose pattern matched `context.uri` (mod_rewrite.c:apply_rewrite_rule, after the match).
pub fn apply_rewrite_rule<'c, 'r: 'c>(
    rule: &'r Rule,
    is_proxy: bool,
    context: &mut Context<'c>,
    record: &mut Record<'r>,
) -> Applied {
    if !rule.conditions.is_empty() {
        match conditions_hold(rule, context, record) {
            Outcome::Matched => {}
            Outcome::NotMatched => return Applied::NoMatch,
            Outcome::StatusSet => return Applied::StatusSet,
        }
    }
    match &rule.plain_path {
        Some(path) => apply_plain_path(rule, path, context, record),
        None => apply_substitution(rule, is_proxy, context, record),
    }
}

/// A path of this server that is the same for every request.
fn apply_plain_path<'r>(rule: &Rule, path: &'r [u8], context: &mut Context<'_>, record: &mut Record<'r>) -> Applied {
    rewritelog!(record, 2, context.perdir, b"rewrite '", &context.uri, b"' -> '", path, b"'");
    set_variables_and_cookies(rule, context, record);
    record.set_filename(Text::There(path));
    if context.perdir.is_some() && rule.has(Bits::DISCARD_PATH_INFO) {
        record.discard_path_info();
    }
    force_type_handler(rule, context, record);
    Applied::Match
}

/// `E` and `CO`.
#[inline]
fn set_variables_and_cookies(rule: &Rule, context: &mut Context<'_>, record: &mut Record<'_>) {
    if !rule.flags.env.is_empty() || !rule.flags.cookies.is_empty() {
        set_all_variables_and_cookies(rule, context, record);
    }
}

#[inline(never)]
fn set_all_variables_and_cookies(rule: &Rule, context: &mut Context<'_>, record: &mut Record<'_>) {
    for variable in &rule.flags.env {
        let text = expand(variable, context, record, None);
        set_env(&text, record);
    }
    for cookie in &rule.flags.cookies {
        let text = expand(cookie, context, record, None);
        add_cookie(&text, record);
    }
}

/// Any substitution, or none.
#[inline(never)]
fn apply_substitution(rule: &Rule, is_proxy: bool, context: &mut Context<'_>, record: &mut Record<'_>) -> Applied {
    if rule.has(Bits::NO_SUB) {
        return apply_nothing(rule, context, record);
    }
    let perdir = context.perdir;
    let escape = rule.has(Bits::ESCAPE_BACKREF).then_some(&rule.flags.escape);
    let last = rule.has(Bits::QS_LAST);
    let (mut new_uri, question_mark) = expand_substitution(&rule.substitution, context, record, escape, last);
    rewritelog!(record, 2, perdir, b"rewrite '", &context.uri, b"' -> '", &new_uri, b"'");
    if question_mark == QuestionMark::Inserted && !rule.has(Bits::UNSAFE_ALLOW_3F) {
        log_bytes!(record.r, APLOG_ERR, b"AH10508: Unsafe URL with %3f URL rewritten without UnsafeAllow3F");
        record.set_status(403);
        return Applied::StatusSet;
    }
    set_variables_and_cookies(rule, context, record);
    let prefix_added = add_prefix(rule, is_proxy, perdir, record, &mut new_uri);
    record.set_filename(new_uri);
    if perdir.is_some() && rule.has(Bits::DISCARD_PATH_INFO) {
        record.discard_path_info();
    }
    uri::splitout_queryargs(record, rule.flags.bits);
    if rule.has(Bits::PROXY.or(Bits::FORCE_REDIRECT)) {
        force(rule, perdir, record);
        return Applied::Match;
    }
    uri::reduce_uri(record, context.server);
    if is_absolute_uri(record.name()).is_some() {
        let status = rule.flags.forced_response_code;
        rewritelog!(
            record,
            2,
            perdir,
            b"implicitly forcing redirect (rc=",
            status.to_string().as_bytes(),
            b" with ",
            record.name(),
        );
        record.set_status(status);
        return Applied::Match;
    }
    let literal_slashes = rule.output.starts_with(b"//");
    if record.name().starts_with(b"//") && !rule.has(Bits::UNC) && !prefix_added && !literal_slashes {
        let more = record.name().iter().take_while(|byte| **byte == b'/').count() - 1;
        let merged = record.name().get(more..).unwrap_or_default().to_vec();
        record.set_filename(merged);
    }
    force_type_handler(rule, context, record);
    Applied::Match
}

/// What a rule does that substitutes nothing.
#[inline(never)]
fn apply_nothing(rule: &Rule, context: &mut Context<'_>, record: &mut Record<'_>) -> Applied {
    set_variables_and_cookies(rule, context, record);
    force_type_handler(rule, context, record);
    if rule.has(Bits::STATUS) {
        let status = rule.flags.forced_response_code;
        rewritelog!(
            record,
            2,
            context.perdir,
            b"forcing responsecode ",
            status.to_string().as_bytes(),
            b" for ",
            record.name(),
        );
        record.set_status(status);
    }
    Applied::NoSub
}

/// `P` and `R`.
#[inline(never)]
fn force(rule: &Rule, perdir: Option<&[u8]>, record: &mut Record<'_>) {
    uri::fully_qualify_uri(record);
    if rule.has(Bits::PROXY) {
        rewritelog!(record, 2, perdir, b"forcing proxy-throughput with ", record.name());
        record.set_filename([b"proxy:", record.name()].concat());
    } else {
        rewritelog!(record, 2, perdir, b"explicitly forcing redirect with ", record.name());
        record.set_status(rule.flags.forced_response_code);
    }
}

/// Whether the conditions of a rule hold, and what the answer varies by then.
#[inline(never)]
fn conditions_hold<'c, 'r: 'c>(rule: &Rule, context: &mut Context<'c>, record: &mut Record<'r>) -> Outcome {
    let mut conditions = rule.conditions.iter();
    while let Some(condition) = conditions.next() {
        let outcome = apply_rewrite_cond(condition, context, record);
        if outcome == Outcome::StatusSet {
            return outcome;
        }
        if condition.flags.no_vary {
            context.vary_this.clear();
        }
        match (condition.flags.or_next, outcome) {
            (true, Outcome::NotMatched) => {
                // Another may hold yet.
                context.vary_this.clear();
                continue;
            }
            // The rest of the alternatives, up to and with the first that is followed by none.
            (true, _) => while conditions.next().is_some_and(|other| other.flags.or_next) {},
            (false, Outcome::NotMatched) => return outcome,
            (false, _) => {}
        }
        context.keep_vary();
    }
    Outcome::Matched
}

/// Puts the directory, or in the server's rules a slash, before a result that is neither path nor absolute URI.
fn add_prefix(rule: &Rule, is_proxy: bool, perdir: Option<&[u8]>, record: &Record<'_>, uri: &mut Vec<u8>) -> bool {
    if is_proxy || uri.starts_with(b"/") || is_absolute_uri(uri).is_some() {
        return false;
    }
    let prefix = match perdir {
        Some(directory) => {
            rewritelog!(record, 3, perdir, b"add per-dir prefix: ", &uri, b" -> ", directory, &uri);
            directory
        }
        None if rule.has(Bits::PROXY.or(Bits::FORCE_REDIRECT)) => return false,
        None => {
            rewritelog!(record, 3, perdir, b"add root prefix: ", &uri, b" -> /", &uri);
            b"/"
        }
    };
    uri.splice(..0, prefix.iter().copied());
    true
}

/// `E=`: sets or unsets a variable of r->subprocess_env (mod_rewrite.c:do_expand_env).
fn set_env(text: &[u8], record: &mut Record<'_>) {
    if let Some(name) = text.strip_prefix(b"!") {
        record.edits.unset(SUBPROCESS_ENV, name);
        rewritelog!(record, 5, None, b"unsetting env variable '", name, b"'");
        return;
    }
    let mut parts = text.splitn(2, |byte| *byte == b':');
    let (name, value) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    record.edits.set(SUBPROCESS_ENV, name, value);
    rewritelog!(record, 5, None, b"setting env variable '", name, b"' to '", value, b"'");
}

/// `T=` and `H=`: noted for the last fixup (mod_rewrite.c:force_type_handler).
#[inline]
fn force_type_handler(rule: &Rule, context: &mut Context<'_>, record: &mut Record<'_>) {
    if rule.flags.forces_type_or_handler() {
        remember_type_handler(rule, context, record);
    }
}

#[inline(never)]
fn remember_type_handler(rule: &Rule, context: &mut Context<'_>, record: &mut Record<'_>) {
    let escape = rule.has(Bits::ESCAPE_BACKREF).then_some(&rule.flags.escape);
    for (forced, what, note) in [
        (&rule.flags.forced_mimetype, "MIME-type", FORCED_MIMETYPE),
        (&rule.flags.forced_handler, "Content-handler", FORCED_HANDLER),
    ] {
        let Some(forced) = forced else { continue };
        let value = expand(forced, context, record, escape).to_ascii_lowercase();
        if !value.is_empty() {
            rewritelog!(
                record,
                2,
                context.perdir,
                b"remember ",
                record.name(),
                b" to have ",
                what,
                b" '",
                &value,
                b"'",
            );
            record.edits.set(NOTES, note.as_bytes(), &value);
        }
    }
}
