//! One `Header` or `RequestHeader` directive: its words, their errors, and what they make; not what happens at a request.

use crate::condition::Condition;
use crate::config::{Config, Entries};
use crate::value::Value;
use apache_module::Directive;
use apache_module::directive::getword_conf;
use apache_module::matching::Regex;

/// One directive (mod_headers.c:header_entry).
#[derive(Debug)]
pub struct Entry {
    pub action: Action,
    /// The header's name, without a colon and what follows it.
    pub header: Vec<u8>,
    /// The value; of an edit, the replacement; empty where an action takes none.
    pub value: Value,
    pub condition: Condition,
}

/// What is done with the header.
#[derive(Debug, PartialEq)]
pub enum Action {
    Add,
    Set,
    SetIfEmpty,
    Append,
    Merge,
    Unset,
    /// Request headers whose names match are added to the answer.
    Echo(Regex),
    /// Matches are replaced by the value: the first in each line, or with `every` all of them.
    Edit {
        regex: Regex,
        every: bool,
    },
    /// The header is kept in r->notes under the name that the value gives.
    Note,
}

/// An error text, in the words of the native module.
pub type ErrorText = Vec<u8>;

/// Which headers a directive is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Request,
    Answer,
}

/// `Header`.
pub fn header(directive: &Directive, config: &mut Config) -> Result<(), ErrorText> {
    let args = directive.raw_args();
    let mut rest = &args[..];
    let mut probe = rest;
    let table = getword_conf(&mut probe).to_ascii_lowercase();
    let mut list: &mut Entries = &mut config.fixup_out;
    if table == b"always" || table == b"onsuccess" {
        rest = probe;
    }
    if table == b"always" {
        list = &mut config.fixup_err;
    }
    list.push(Entry::parse("Header", Of::Answer, rest)?);
    Ok(())
}

/// `RequestHeader`.
pub fn request_header(directive: &Directive, config: &mut Config) -> Result<(), ErrorText> {
    config.fixup_in.push(Entry::parse("RequestHeader", Of::Request, &directive.raw_args())?);
    Ok(())
}

impl Entry {
    /// Reads what follows the directive's name and the optional `always` (mod_headers.c:header_cmd and
    /// header_inout_cmd). The order of the checks is the native one, so that the same mistake gives the same text.
    pub fn parse(directive: &str, of: Of, mut args: &[u8]) -> Result<Entry, ErrorText> {
        let action = getword_conf(&mut args).to_ascii_lowercase();
        let header = getword_conf(&mut args);
        let [value, subs, clause] = [(); 3].map(|()| (!args.is_empty()).then(|| getword_conf(&mut args)));
        if !args.is_empty() {
            return Err([directive.as_bytes(), b" has too many arguments"].concat());
        }
        let (action, value, clause) = arguments(of, &action, &header, [value, subs, clause])?;
        let condition = clause.map_or(Ok(Condition::None), |clause| Condition::parse(&clause))?;
        let value = value.map_or(Ok(Value::default()), |value| Value::parse(&value))?;
        let name = header.split(|byte| *byte == b':').next().unwrap_or_default();
        Ok(Entry { action, header: name.to_vec(), value, condition })
    }
}

type Optional = Option<Vec<u8>>;

/// Tells what the third, fourth and fifth word are under an action: the action, its value and its condition.
fn arguments(
    of: Of,
    action: &[u8],
    header: &[u8],
    words: [Optional; 3],
) -> Result<(Action, Optional, Optional), ErrorText> {
    let (action, [value, subs, clause]) = match action {
        b"set" => (Action::Set, words),
        b"setifempty" => (Action::SetIfEmpty, words),
        b"add" => (Action::Add, words),
        b"append" => (Action::Append, words),
        b"merge" => (Action::Merge, words),
        b"note" if of == Of::Request => return error("RequestHeader does not support the 'note' action"),
        b"note" => (Action::Note, words),
        b"unset" => {
            let clause = clause_in_place_of_value(words, "header unset takes two arguments")?;
            return Ok((Action::Unset, None, clause));
        }
        b"echo" => {
            let clause = clause_in_place_of_value(words, "Header echo takes two arguments")?;
            if of == Of::Request {
                return error("Header echo only valid on Header directives");
            }
            let regex = Regex::compile(header, 0).ok_or("Header echo regex could not be compiled")?;
            return Ok((Action::Echo(regex), None, clause));
        }
        b"edit" | b"edit*" => {
            let [value, Some(subs), clause] = words else {
                return error("Header edit requires a match and a substitution");
            };
            let regex =
                Regex::compile(&value.unwrap_or_default(), 0).ok_or("Header edit regex could not be compiled")?;
            return Ok((Action::Edit { regex, every: action == b"edit*" }, Some(subs), clause));
        }
        _ => {
            return error(
                "first argument must be 'add', 'set', 'setifempty', 'append', 'merge', 'unset', 'echo', 'note', 'edit', \
                 or 'edit*'.",
            );
        }
    };
    if clause.is_some() {
        return error("Too many arguments to directive");
    }
    if value.is_none() {
        return error("Header requires three arguments");
    }
    Ok((action, value, subs))
}

/// `unset` and `echo` take no value: a third word is the condition, and a fourth a mistake.
fn clause_in_place_of_value([value, subs, clause]: [Optional; 3], too_many: &str) -> Result<Optional, ErrorText> {
    if clause.is_some() {
        return error("Too many arguments to directive");
    }
    if subs.is_some() {
        return error(too_many);
    }
    Ok(value)
}

fn error<T>(text: &str) -> Result<T, ErrorText> {
    Err(text.into())
}
