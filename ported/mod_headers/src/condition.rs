//! The last word of a directive: when an entry applies; not what it does then.

use crate::entry::ErrorText;
use apache_module::matching::Expr;
use apache_module::{Request, log_bytes};

/// When an entry applies.
#[derive(Debug)]
pub enum Condition {
    /// Always.
    None,
    /// Before the request is mapped, and only then.
    Early,
    /// Where r->subprocess_env has the variable.
    Env(Vec<u8>),
    /// Where r->subprocess_env lacks the variable.
    NoEnv(Vec<u8>),
    /// Where an expression holds.
    Expr(Expr),
}

impl Condition {
    /// Reads `early`, `env=name`, `env=!name` or `expr=expression`.
    pub fn parse(clause: &[u8]) -> Result<Condition, ErrorText> {
        if clause.eq_ignore_ascii_case(b"early") {
            return Ok(Condition::Early);
        }
        if let Some(name) = after(clause, b"env=") {
            return match name {
                [] | [b'!'] => {
                    Err(b"error: missing environment variable name. envclause should be in the form env=envar "
                        .to_vec())
                }
                [b'!', name @ ..] => Ok(Condition::NoEnv(name.to_vec())),
                name => Ok(Condition::Env(name.to_vec())),
            };
        }
        let Some(text) = after(clause, b"expr=") else {
            return Err([b"Unknown parameter: ", clause].concat());
        };
        let parsed = Expr::parse(text, 0);
        parsed.map(Condition::Expr).map_err(|why| [b"Can't parse envclause/expression: ", &why[..]].concat())
    }

    /// Whether the entry is one of the early ones.
    pub fn is_early(&self) -> bool {
        matches!(self, Condition::Early)
    }

    /// Whether the entry applies now. An expression that fails counts as true (mod_headers.c:do_headers_fixup).
    pub fn holds(&self, r: &Request) -> bool {
        match self {
            Condition::None | Condition::Early => true,
            Condition::Env(name) => r.subprocess_env().has(name),
            Condition::NoEnv(name) => !r.subprocess_env().has(name),
            Condition::Expr(expr) => expr.holds(r).unwrap_or_else(|why| {
                log_bytes!(r, APLOG_ERR, "AH01501: Failed to evaluate expression (", &why, ") - ignoring");
                true
            }),
        }
    }
}

/// What follows a prefix that is compared without case.
fn after<'a>(clause: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = clause.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}
