//! Paths of files and below a base: which first segment exists, which prefix is replaced, where a user's home is.

use crate::flags::Bits;
use crate::log::rewritelog;
use crate::record::Record;
use crate::rule::Rule;
use crate::text::{Text, position};
use apache_module::{field, stat};
use std::borrow::Cow;

/// Whether a result of the server's rules whose first segment exists is a file's path and not one below DocumentRoot: it
/// is if the directive says so, not the client (mod_rewrite.c:prefix_stat). Without `last_rule` the segment alone decides.
#[inline(never)]
pub fn is_prefix(last_rule: Option<&Rule>, record: &mut Record<'_>) -> bool {
    let path = &record.name_kept();
    let segment = &first_segment(path);
    let Some(rule) = last_rule else {
        rewritelog!(record, 3, None, b"prefix_stat no lastsub subst prefix ", segment);
        return true;
    };
    rewritelog!(
        record,
        3,
        None,
        b"prefix_stat compare statpath ",
        segment,
        b" and lastsub output ",
        &rule.output,
        b" STATOK ",
        rule.flags.bits.number(Bits::UNSAFE_PREFIX_STAT).to_string().as_bytes(),
        b" ",
    );
    if rule.has(Bits::UNSAFE_PREFIX_STAT) || starts_with(&rule.output, segment, record) {
        return true;
    }
    let root = record.text(field::DOCUMENT_ROOT).unwrap_or(Text::EMPTY);
    if starts_with(path, &root, record) {
        return true;
    }
    let context_root = record.text(field::CONTEXT_DOCUMENT_ROOT).unwrap_or(Text::EMPTY);
    *root != *context_root && starts_with(path, &context_root, record)
}

fn starts_with(haystack: &[u8], needle: &[u8], record: &Record<'_>) -> bool {
    let starts = haystack.starts_with(needle);
    let shown: &[u8] = if starts { b"1" } else { b"0" };
    rewritelog!(record, 5, None, b"prefix_stat startsWith(", haystack, b", ", needle, b") ", shown);
    starts
}

/// `/segment` of a path, which is `/` where it leads nowhere else (apr_filepath_root, apr_filepath_merge).
pub fn first_segment(path: &[u8]) -> Cow<'_, [u8]> {
    // The usual path has one slash at its start, and no dots behind it.
    if let [b'/', second, rest @ ..] = path
        && !b"/.".contains(second)
    {
        let length = position(rest, b'/').unwrap_or(rest.len());
        return Cow::Borrowed(path.get(..2 + length).unwrap_or(path));
    }
    let start = path.iter().position(|byte| *byte != b'/').unwrap_or(path.len());
    let segment = path.get(start..).unwrap_or_default();
    let segment = segment.split(|byte| *byte == b'/').next().unwrap_or_default();
    let with_slash = start.checked_sub(1).and_then(|slash| path.get(slash..start + segment.len()));
    match (segment, with_slash) {
        (b"." | b"..", _) => Cow::Borrowed(b"/"),
        (_, Some(with_slash)) => Cow::Borrowed(with_slash),
        (_, None) => Cow::Owned([b"/", segment].concat()),
    }
}

/// `input` with the directory `from`, which ends at a slash, replaced by `to`; `None` where it is not below it
/// (mod_rewrite.c:subst_prefix_path).
pub fn subst_prefix_path(input: &[u8], from: &[u8], to: &[u8], record: &Record<'_>) -> Option<Vec<u8>> {
    let rest = input.strip_prefix(from.strip_suffix(b"/").unwrap_or(from))?.strip_prefix(b"/")?;
    rewritelog!(record, 5, None, b"strip matching prefix: ", input, b" -> ", rest);
    let slash: &[u8] = if to.is_empty() || to.ends_with(b"/") { b"" } else { b"/" };
    let output = [to, slash, rest].concat();
    rewritelog!(record, 4, None, b"add subst prefix: ", rest, b" -> ", &output);
    Some(output)
}

/// The path with `/~user` replaced by the user's home; `None` where it has none (mod_rewrite.c:expand_tildepaths).
pub fn expand_tildepaths(path: &[u8]) -> Option<Vec<u8>> {
    let named = path.strip_prefix(b"/~")?;
    let (user, rest) = named.split_at(named.iter().position(|byte| *byte == b'/').unwrap_or(named.len()));
    if user.is_empty() {
        return None;
    }
    let home = stat::uid_homepath(user)?;
    let home = if rest.is_empty() { &home[..] } else { home.strip_suffix(b"/").unwrap_or(&home) };
    Some([home, rest].concat())
}
