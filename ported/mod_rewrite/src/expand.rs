//! What an expansion comes to at a request: its parts looked up and put together in one go.

use crate::context::Context;
use crate::escape::BackrefEscape;
use crate::expansion::{Expansion, Piece};
use crate::log::rewritelog;
use crate::lookup::lookup_variable;
use crate::map::lookup_map;
use crate::record::Record;
use crate::text::{Text, position};

/// Where the question mark comes from that ends the path of a substitution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionMark {
    /// There is none.
    None,
    /// The directive.
    Literal,
    /// Something that was inserted.
    Inserted,
}

/// The text of an expansion. Back-references are escaped where `escape` is given (mod_rewrite.c:do_expand).
pub fn expand<'r>(
    expansion: &Expansion,
    context: &mut Context<'_>,
    record: &mut Record<'r>,
    escape: Option<&BackrefEscape>,
) -> Text<'r> {
    // Most test strings are one variable; its text need not be copied.
    match &expansion.0[..] {
        [] => Text::EMPTY,
        [Piece::Variable(variable)] => lookup_variable(variable, context, record),
        pieces => {
            let mut out = Vec::with_capacity(64);
            for piece in pieces {
                append(piece, context, record, escape, &mut out);
            }
            Text::Owned(out)
        }
    }
}

/// As [`expand`], and whence the first question mark comes, or with `last` the last.
pub fn expand_substitution(
    expansion: &Expansion,
    context: &mut Context<'_>,
    record: &mut Record<'_>,
    escape: Option<&BackrefEscape>,
    last: bool,
) -> (Vec<u8>, QuestionMark) {
    let mut out = Vec::with_capacity(64);
    let mut found = QuestionMark::None;
    for piece in &expansion.0 {
        let asked = last || found == QuestionMark::None;
        if let Piece::Literal { text, question_mark } = piece {
            out.extend_from_slice(text);
            if asked && *question_mark {
                found = QuestionMark::Literal;
            }
            continue;
        }
        let before = out.len();
        append(piece, context, record, escape, &mut out);
        if asked && out.get(before..).is_some_and(|added| position(added, b'?').is_some()) {
            found = QuestionMark::Inserted;
        }
    }
    (out, found)
}

fn append(
    piece: &Piece,
    context: &mut Context<'_>,
    record: &mut Record<'_>,
    escape: Option<&BackrefEscape>,
    out: &mut Vec<u8>,
) {
    match piece {
        Piece::Literal { text, .. } => out.extend_from_slice(text),
        Piece::Variable(variable) => out.extend_from_slice(&lookup_variable(variable, context, record)),
        Piece::Map { name, key, default } => {
            let value = match &key.0[..] {
                // Most keys are one group; its text need not be copied.
                [Piece::RuleGroup(number)] if escape.is_none() => {
                    lookup_map(context.server, record, name, context.rule_group(*number))
                }
                _ => {
                    let key = expand(key, context, record, escape);
                    lookup_map(context.server, record, name, &key)
                }
            };
            match value {
                Some(value) => out.extend_from_slice(&value),
                None => {
                    if let Some(default) = default {
                        out.extend_from_slice(&expand(default, context, record, escape));
                    }
                }
            }
        }
        Piece::RuleGroup(number) => insert(context.rule_group(*number), context.perdir, record, escape, out),
        Piece::ConditionGroup(number) => insert(context.condition_group(*number), context.perdir, record, escape, out),
    }
}

/// Appends a group, escaped; of one that is empty the log says nothing.
fn insert(group: &[u8], perdir: Option<&[u8]>, record: &Record<'_>, escape: Option<&BackrefEscape>, out: &mut Vec<u8>) {
    match escape {
        None => out.extend_from_slice(group),
        Some(_) if group.is_empty() => {}
        Some(escape) => {
            let escaped = escape.escape(group);
            rewritelog!(record, 5, perdir, b"escaping backreference '", group, b"' to '", &escaped, b"'");
            out.extend_from_slice(&escaped);
        }
    }
}
