//! The text of a substitution or test string, taken apart once when it is parsed; what the parts stand for at a
//! request is known by `expand`.

use crate::variable::Variable;

/// A text with what is inserted into it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Expansion(pub Vec<Piece>);

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// As it stands.
    Literal {
        text: Vec<u8>,
        /// Whether it has a question mark that no backslash precedes.
        question_mark: bool,
    },
    /// `%{name}`.
    Variable(Variable),
    /// `${map:key|default}`.
    Map { name: Vec<u8>, key: Expansion, default: Option<Expansion> },
    /// `$0` to `$9`: a group of the rule's pattern.
    RuleGroup(usize),
    /// `%0` to `%9`: a group of the last condition's pattern.
    ConditionGroup(usize),
}

impl Expansion {
    /// Takes a text apart (mod_rewrite.c:do_expand). What is not well-formed stays as it is.
    pub fn parse(text: &[u8]) -> Expansion {
        let mut pieces = Pieces::default();
        let mut rest = text;
        while let [byte, after @ ..] = rest {
            rest = match (byte, after) {
                (b'\\', [escaped, after @ ..]) => {
                    pieces.literal(&[*escaped], false);
                    after
                }
                (b'$' | b'%', [b'{', inside @ ..]) => match bracketed(*byte, inside) {
                    Some((piece, after)) => {
                        pieces.0.push(piece);
                        after
                    }
                    None => {
                        pieces.literal(&[*byte, b'{'], false);
                        inside
                    }
                },
                (b'$', [digit @ b'0'..=b'9', after @ ..]) => {
                    pieces.0.push(Piece::RuleGroup(usize::from(digit - b'0')));
                    after
                }
                (b'%', [digit @ b'0'..=b'9', after @ ..]) => {
                    pieces.0.push(Piece::ConditionGroup(usize::from(digit - b'0')));
                    after
                }
                _ => {
                    pieces.literal(&[*byte], *byte == b'?');
                    after
                }
            };
        }
        Expansion(pieces.0)
    }

    /// How many groups of the rule's pattern have to be known, with `$0`, for what is inserted.
    pub fn rule_groups(&self) -> usize {
        let of = |piece: &Piece| match piece {
            Piece::RuleGroup(number) => number + 1,
            Piece::Map { key, default, .. } => {
                key.rule_groups().max(default.as_ref().map_or(0, Expansion::rule_groups))
            }
            Piece::Literal { .. } | Piece::Variable(_) | Piece::ConditionGroup(_) => 0,
        };
        self.0.iter().map(of).max().unwrap_or(0)
    }

    /// The text, if it is the same for every request.
    pub fn constant(&self) -> Option<&[u8]> {
        match &self.0[..] {
            [] => Some(b""),
            [Piece::Literal { text, .. }] => Some(text),
            _ => None,
        }
    }
}

#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn literal(&mut self, more: &[u8], is_question_mark: bool) {
        if let Some(Piece::Literal { text, question_mark }) = self.0.last_mut() {
            text.extend_from_slice(more);
            *question_mark |= is_question_mark;
        } else {
            self.0.push(Piece::Literal { text: more.to_vec(), question_mark: is_question_mark });
        }
    }
}

/// The variable or map look-up that `inside` starts with, and what follows its bracket.
fn bracketed(kind: u8, inside: &[u8]) -> Option<(Piece, &[u8])> {
    let end = position_in_curlies(inside, None)?;
    let (name, after) = (inside.get(..end)?, inside.get(end + 1..)?);
    if kind == b'%' {
        return Some((Piece::Variable(Variable::parse(name)), after));
    }
    let colon = position_in_curlies(name, Some(b':'))?;
    let (name, key) = (name.get(..colon)?, name.get(colon + 1..)?);
    let (key, default) = match position_in_curlies(key, Some(b'|')) {
        Some(bar) => (key.get(..bar)?, key.get(bar + 1..)),
        None => (key, None),
    };
    let default = default.filter(|text| !text.is_empty()).map(Expansion::parse);
    Some((Piece::Map { name: name.to_vec(), key: Expansion::parse(key), default }, after))
}

/// Where a byte stands, or where none is given the closing bracket, outside of inner brackets
/// (mod_rewrite.c:find_char_in_curlies, find_closing_curly).
fn position_in_curlies(text: &[u8], wanted: Option<u8>) -> Option<usize> {
    let mut depth = 1u32;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            byte if depth == 1 && wanted == Some(*byte) => return Some(at),
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return wanted.is_none().then_some(at);
                }
            }
            b'{' => depth += 1,
            _ => {}
        }
    }
    None
}
