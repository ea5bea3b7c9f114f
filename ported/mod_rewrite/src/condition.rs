//! One RewriteCond as it stands in the configuration; how its test is made is known by `test`.

use crate::ErrorText;
use crate::argline::parse_arg_line;
use crate::expansion::Expansion;
use crate::flagfield::parse_flag_field;
use crate::pattern::{PatternType, find_operator};
use crate::prefix::Prefix;
use apache_module::matching::{Expr, Regex};
use apache_module::{APLOG_WARNING, Directive, EXPR_DONT_VARY, REG_ICASE, directive_field};

/// One directive (mod_rewrite.c:rewritecond_entry).
#[derive(Debug)]
pub struct Condition {
    /// The test string.
    pub input: Expansion,
    /// The pattern as it is shown, with its `!` and its operator.
    pub shown: Vec<u8>,
    pub test: Test,
    pub flags: Flags,
}

/// What is tested, with what it is tested against.
#[derive(Debug)]
pub enum Test {
    Regex(Regex, Prefix),
    Expr(Expr),
    /// Any other kind, and the pattern without its operator.
    Other(PatternType, Vec<u8>),
}

/// The flags of a condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `NC`.
    pub no_case: bool,
    /// `!`, or `-ne` without it.
    pub not_match: bool,
    /// `OR`.
    pub or_next: bool,
    /// `NV`.
    pub no_vary: bool,
}

impl Condition {
    /// Reads the arguments (mod_rewrite.c:cmd_rewritecond).
    pub fn parse(directive: &Directive) -> Result<Condition, ErrorText> {
        let line = directive.raw_args();
        let Some(words) = parse_arg_line(&line) else {
            return Err([b"RewriteCond: bad argument line '", &line[..], b"'"].concat());
        };
        let mut flags = Flags::default();
        if let Some(field) = &words.third {
            parse_flag_field(field, |key, value| flags.set(key, value))
                .map_err(|why| [b"RewriteCond: ", &why[..]].concat())?;
        }
        let pattern = words.second.strip_prefix(b"!").unwrap_or(&words.second);
        flags.not_match = pattern.len() < words.second.len();
        let is_expr = words.first.eq_ignore_ascii_case(b"expr");
        let (of, operand) = if is_expr {
            (PatternType::Expr, pattern)
        } else {
            let asked = find_operator(pattern);
            flags.not_match ^= asked.inverted;
            (asked.of, asked.operand)
        };
        if flags.no_case && !matches!(of, PatternType::Regex | PatternType::Text(_)) {
            warn_of_no_case(directive, operand);
            flags.no_case = false;
        }
        let test = match of {
            PatternType::Regex => {
                let compiled = Regex::compile(operand, if flags.no_case { REG_ICASE } else { 0 });
                let error = || [b"RewriteCond: cannot compile regular expression '", operand, b"'"].concat();
                Test::Regex(compiled.ok_or_else(error)?, Prefix::of(operand))
            }
            PatternType::Expr => {
                let place: &[u8] = if directive.in_htaccess() { b" in htaccess context" } else { b"" };
                Test::Expr(Expr::parse(operand, if flags.no_vary { EXPR_DONT_VARY } else { 0 }).map_err(|why| {
                    [b"RewriteCond: cannot compile expression", place, b" \"", operand, b"\" ", &why].concat()
                })?)
            }
            of => Test::Other(of, operand.to_vec()),
        };
        Ok(Condition { input: Expansion::parse(&words.first), shown: words.second, test, flags })
    }
}

impl Flags {
    fn set(&mut self, key: &[u8], _: &[u8]) -> Result<(), ErrorText> {
        match &key.to_ascii_lowercase()[..] {
            b"nocase" | b"nc" => self.no_case = true,
            b"ornext" | b"or" => self.or_next = true,
            b"novary" | b"nv" => self.no_vary = true,
            _ => return Err([b"unknown flag '", key, b"'"].concat()),
        }
        Ok(())
    }
}

fn warn_of_no_case(directive: &Directive, operand: &[u8]) {
    let file = directive.text(directive_field::FILE).unwrap_or_default();
    let line = directive.number(directive_field::LINE).to_string();
    let before = b"AH00665: RewriteCond: NoCase option for non-regex pattern '";
    let after = b"' is not supported and will be ignored. (";
    let parts: [&[u8]; 7] = [before, operand, after, &file, b":", line.as_bytes(), b")"];
    directive.log(file!(), line!(), APLOG_WARNING, &parts.concat());
}
