//! How the test of a condition is made at a request; not which conditions of a rule are tried.

use crate::atoi::atoi;
use crate::condition::{Condition, Test};
use crate::context::{Context, Match};
use crate::expand::expand;
use crate::expansion::Piece;
use crate::log::rewritelog;
use crate::lookup::subreq_ok;
use crate::pattern::{Comparison, FileTest, PatternType};
use crate::prefix::Verdict;
use crate::record::Record;
use crate::text::Text;
use crate::variable::Variable;
use apache_module::matching::Matches;
use apache_module::{APR_DIR, APR_LNK, APR_REG, field, stat};
use std::cmp::Ordering;

/// The outcome of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    NotMatched,
    Matched,
    /// r->status says what becomes of the request.
    StatusSet,
}

/// Makes the test of one condition (mod_rewrite.c:apply_rewrite_cond).
pub fn apply_rewrite_cond<'c, 'r: 'c>(
    condition: &Condition,
    context: &mut Context<'c>,
    record: &mut Record<'r>,
) -> Outcome {
    let input = match condition.test {
        Test::Expr(_) => None,
        _ => Some(expand(&condition.input, context, record, None)),
    };
    let subject = input.as_ref().unwrap_or(&Text::EMPTY);
    let holds = match &condition.test {
        Test::Regex(regex, prefix) => match prefix.verdict(subject) {
            Verdict::No => false,
            Verdict::Try if condition.flags.not_match => regex.is_match(subject),
            verdict => {
                let groups = match verdict {
                    Verdict::Yes => Some(Matches::of_whole(subject.len())),
                    _ => regex.matches(subject),
                };
                if let Some(groups) = groups
                    && !condition.flags.not_match
                {
                    context.condition_match = Some(Match { subject: subject.clone(), groups });
                }
                groups.is_some()
            }
        },
        Test::Expr(expr) => {
            record.write_back();
            match expr.holds_re(record.r, None) {
                Ok((holds, matched)) => {
                    if holds && !condition.flags.not_match {
                        context.condition_match =
                            matched.map(|(subject, groups)| Match { subject: Text::Owned(subject), groups });
                    }
                    holds
                }
                Err(why) => {
                    rewritelog!(
                        record,
                        1,
                        context.perdir,
                        b"RewriteCond: expr='",
                        &condition.shown,
                        b"' evaluation failed: ",
                        &why
                    );
                    false
                }
            }
        }
        Test::Other(PatternType::Text(comparison), operand) => comparison.holds(match condition.flags.no_case {
            true => strcasecmp(subject, operand),
            false if *comparison == Comparison::Equal => (**subject).cmp(&operand[..]),
            false => compare_lexicography(subject, operand),
        }),
        Test::Other(PatternType::Number(comparison), operand) => comparison.holds(atoi(subject).cmp(&atoi(operand))),
        Test::Other(PatternType::LookupUrl, _) => look_up_url(subject, record),
        Test::Other(PatternType::LookupFile, _) => match look_up_file(subject, context.perdir, record) {
            Some(holds) => holds,
            None => return Outcome::StatusSet,
        },
        Test::Other(PatternType::File(test), _) => {
            if is_refused(subject, context.perdir, record) {
                return Outcome::StatusSet;
            }
            file_test(*test, subject)
        }
        Test::Other(PatternType::Regex | PatternType::Expr, _) => false,
    };
    let matched = holds != condition.flags.not_match;
    rewritelog!(
        record,
        4,
        context.perdir,
        // apr_snprintf shows a NULL so, which the test string of an expression is.
        b"RewriteCond: input='",
        input.as_deref().unwrap_or(b"(null)"),
        b"' pattern='",
        &condition.shown,
        b"'",
        if condition.flags.no_case { " [NC]" } else { "" },
        b" => ",
        if matched { "matched" } else { "not-matched" },
    );
    if matched { Outcome::Matched } else { Outcome::NotMatched }
}

/// Whether a rule can be passed over before its own pattern is tried: its first condition is the only one of its kind
/// and asks of the request itself, and what its pattern requires is not there. Nobody sees the order of the two, unless
/// the log tells of it.
#[inline(never)]
pub fn is_ruled_out(conditions: &[Condition], record: &mut Record<'_>) -> bool {
    let Some(condition) = conditions.first() else { return false };
    let (Test::Regex(_, prefix), [Piece::Variable(variable)]) = (&condition.test, &condition.input.0[..]) else {
        return false;
    };
    if condition.flags.or_next || condition.flags.not_match || prefix.is_empty() {
        return false;
    }
    match variable {
        Variable::Header(name) => prefix.verdict(&record.header(name).unwrap_or(Text::EMPTY)) == Verdict::No,
        Variable::Uri => prefix.verdict(&record.uri) == Verdict::No,
        Variable::Args => prefix.verdict(record.args().unwrap_or_default()) == Verdict::No,
        _ => false,
    }
}

/// A shorter text comes before a longer one, whatever they hold (mod_rewrite.c:compare_lexicography).
fn compare_lexicography(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// C's strcasecmp in the C locale.
fn strcasecmp(a: &[u8], b: &[u8]) -> Ordering {
    a.iter().map(u8::to_ascii_lowercase).cmp(b.iter().map(u8::to_ascii_lowercase))
}

fn file_test(test: FileTest, path: &[u8]) -> bool {
    let Some(file) = stat::find(path, test != FileTest::IsLink) else { return false };
    match test {
        FileTest::Exists => file.filetype == APR_REG,
        FileTest::HasSize => file.filetype == APR_REG && file.size > 0,
        FileTest::IsLink => file.filetype == APR_LNK,
        FileTest::IsDirectory => file.filetype == APR_DIR,
        FileTest::IsExecutable => file.is_executable(),
    }
}

/// Whether httpd won't have the path looked at; the request is then forbidden.
fn is_refused(path: &[u8], perdir: Option<&[u8]>, record: &mut Record<'_>) -> bool {
    let refused = !stat::stat_check(path);
    if refused {
        record.set_status(403);
        rewritelog!(record, 4, perdir, b"RewriteCond: refusing to stat input='", path, b"'");
    }
    refused
}

fn look_up_url(url: &[u8], record: &mut Record<'_>) -> bool {
    if url.is_empty() || !subreq_ok(record) {
        return false;
    }
    record.write_back();
    let Some(sub) = record.r.sub_req_lookup_uri(url) else { return false };
    let status = sub.number(field::STATUS);
    rewritelog!(
        record,
        5,
        None,
        b"RewriteCond URI (-U check: path=",
        url,
        b" -> status=",
        status.to_string().as_bytes()
    );
    status < 400
}

/// `None` where the request is forbidden.
fn look_up_file(path: &[u8], perdir: Option<&[u8]>, record: &mut Record<'_>) -> Option<bool> {
    if path.is_empty() || !subreq_ok(record) {
        return Some(false);
    }
    if is_refused(path, perdir, record) {
        return None;
    }
    record.write_back();
    let Some(sub) = record.r.sub_req_lookup_file(path) else { return Some(false) };
    let status = sub.number(field::STATUS);
    let file = sub.text(field::FILENAME);
    // The status alone says nothing of a file that is not there.
    let exists = file.as_ref().is_some_and(|file| stat::exists(file));
    rewritelog!(
        record,
        5,
        None,
        b"RewriteCond file (-F check: path=",
        path,
        b" -> file=",
        file.as_deref().unwrap_or(b"(null)"),
        b" status=",
        status.to_string().as_bytes(),
    );
    Some(status < 300 && exists)
}
