//! One RewriteRule as it stands in the configuration; not what it does at a request.

use crate::ErrorText;
use crate::argline::parse_arg_line;
use crate::condition::Condition;
use crate::expansion::Expansion;
use crate::flagfield::parse_flag_field;
use crate::flags::{Bits, Flags};
use crate::prefix::Prefix;
use apache_module::REG_ICASE;
use apache_module::matching::Regex;

/// Flags with which more is to be done to a path than to put it in place.
const NOT_PLAIN: Bits =
    Bits::NO_SUB.or(Bits::PROXY).or(Bits::FORCE_REDIRECT).or(Bits::QS_NONE).or(Bits::QS_DISCARD).or(Bits::QS_LAST);

/// One directive, with the conditions that precede it (mod_rewrite.c:rewriterule_entry).
#[derive(Debug)]
pub struct Rule {
    pub conditions: Vec<Condition>,
    /// The pattern as it is shown, without `!`.
    pub pattern: Vec<u8>,
    pub regex: Regex,
    pub prefix: Prefix,
    /// The substitution as it is shown.
    pub output: Vec<u8>,
    pub substitution: Expansion,
    pub flags: Flags,
    /// How many groups of the pattern, with `$0`, something refers to.
    pub groups: usize,
    /// The substitution, where it is a path of this server, the same for every request, without a query string.
    pub plain_path: Option<Box<[u8]>>,
}

impl Rule {
    /// Reads the arguments (mod_rewrite.c:cmd_rewriterule). The checks are in the native order, so that the same
    /// mistake gives the same text.
    pub fn parse(line: &[u8], conditions: Vec<Condition>) -> Result<Rule, ErrorText> {
        let Some(words) = parse_arg_line(line) else {
            return Err([b"RewriteRule: bad argument line '", line, b"'"].concat());
        };
        let mut flags = Flags::default();
        if let Some(field) = &words.third {
            parse_flag_field(field, |key, value| flags.set(key, value))
                .map_err(|why| [b"RewriteRule: ", &why[..]].concat())?;
        }
        let pattern = match words.first.strip_prefix(b"!") {
            Some(pattern) => {
                flags.bits.set(Bits::NOT_MATCH);
                pattern.to_vec()
            }
            None => words.first,
        };
        let icase = if flags.bits.has(Bits::NO_CASE) { REG_ICASE } else { 0 };
        let Some(regex) = Regex::compile(&pattern, icase) else {
            return Err([b"RewriteRule: cannot compile regular expression '", &pattern[..], b"'"].concat());
        };
        let mut output = words.second;
        if output == b"-" {
            flags.bits.set(Bits::NO_SUB);
        }
        if output.last() == Some(&b'?') {
            if flags.bits.has(Bits::QS_APPEND) {
                flags.bits.set(Bits::QS_LAST);
            } else {
                // It has done its work: nothing that is inserted before it can bring a query string.
                flags.bits.set(Bits::QS_NONE);
                output.pop();
            }
        } else if flags.bits.has(Bits::QS_DISCARD) && !output.contains(&b'?') {
            flags.bits.set(Bits::QS_NONE);
        }
        let substitution = Expansion::parse(&output);
        let prefix = Prefix::of(&pattern);
        let inputs = conditions.iter().map(|condition| &condition.input);
        let groups =
            inputs.chain([&substitution]).chain(flags.expansions()).map(Expansion::rule_groups).max().unwrap_or(0);
        let is_path = |text: &[u8]| text.starts_with(b"/") && !text.starts_with(b"//") && !text.contains(&b'?');
        let plain_path =
            substitution.constant().filter(|text| !flags.bits.has(NOT_PLAIN) && is_path(text)).map(Box::from);
        Ok(Rule { conditions, prefix, pattern, regex, output, substitution, flags, groups, plain_path })
    }

    /// Whether one of the flags is set.
    pub fn has(&self, bits: Bits) -> bool {
        self.flags.bits.has(bits)
    }
}
