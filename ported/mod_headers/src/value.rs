//! The value of an entry: text with format specifiers, or an expression; not where the text goes.

use crate::entry::ErrorText;
use apache_module::matching::Expr;
use apache_module::{EXPR_STRING_RESULT, Request, field, log_bytes, server};
use std::borrow::Cow;

/// A value.
#[derive(Debug)]
pub enum Value {
    /// The same for every request.
    Constant(Vec<u8>),
    /// Parts that are put together for each request.
    Format(Vec<Tag>),
    /// `expr=…`: a string expression.
    Expr(Expr),
}

/// A part of a format string (mod_headers.c:format_tag).
#[derive(Debug, PartialEq)]
pub enum Tag {
    Text(Vec<u8>),
    /// `%t`: when the request was received.
    RequestTime,
    /// `%D`: how long ago that is.
    RequestDuration,
    /// `%{name}e`: a variable of r->subprocess_env.
    Env(Vec<u8>),
    /// `%{name}s`: an SSL variable.
    Ssl(Vec<u8>),
    /// `%l`: the load.
    LoadAvg,
    /// `%i`: percent of workers that are idle.
    Idle,
    /// `%b`: percent of workers that are busy.
    Busy,
}

impl Default for Value {
    fn default() -> Self {
        Value::Constant(Vec::new())
    }
}

impl Value {
    /// Reads a value as it stands in the directive (mod_headers.c:parse_format_string).
    pub fn parse(text: &[u8]) -> Result<Value, ErrorText> {
        if let Some(expr) = text.strip_prefix(b"expr=") {
            let parsed = Expr::parse(expr, EXPR_STRING_RESULT);
            return parsed.map(Value::Expr).map_err(|why| [b"Can't parse value expression : ", &why[..]].concat());
        }
        let mut tags = Vec::new();
        let mut rest = text;
        while let Some(tag) = Tag::take(&mut rest)? {
            match (tags.last_mut(), tag) {
                (Some(Tag::Text(before)), Tag::Text(more)) => before.extend(more),
                (_, tag) => tags.push(tag),
            }
        }
        Ok(match tags.pop() {
            None => Value::default(),
            Some(Tag::Text(text)) if tags.is_empty() => Value::Constant(text),
            Some(last) => {
                tags.push(last);
                Value::Format(tags)
            }
        })
    }

    /// The text, if it is the same for every request.
    pub fn constant(&self) -> Option<&[u8]> {
        if let Value::Constant(text) = self { Some(text) } else { None }
    }

    /// The text for a request; that of an expression that fails is empty (mod_headers.c:process_tags).
    pub fn text(&self, r: &Request) -> Cow<'_, [u8]> {
        match self {
            Value::Constant(text) => Cow::Borrowed(text),
            Value::Format(tags) => {
                let mut text = Vec::new();
                tags.iter().for_each(|tag| tag.append(r, &mut text));
                Cow::Owned(text)
            }
            Value::Expr(expr) => Cow::Owned(expr.value(r).unwrap_or_else(|why| {
                log_bytes!(r, APLOG_ERR, "AH02557: Can't evaluate value expression: ", &why);
                Vec::new()
            })),
        }
    }
}

impl Tag {
    /// Takes the next part from a format string (mod_headers.c:parse_format_tag).
    fn take(rest: &mut &[u8]) -> Result<Option<Tag>, ErrorText> {
        let after = match **rest {
            [] => return Ok(None),
            [b'%'] => {
                *rest = &[];
                return Ok(Some(Tag::Text(b"%".to_vec())));
            }
            [b'%', b'%', ref after @ ..] => {
                *rest = after;
                return Ok(Some(Tag::Text(b"%".to_vec())));
            }
            [b'%', ref after @ ..] => after,
            _ => return Ok(Some(Tag::Text(literal(rest)))),
        };
        let (argument, after) = match after {
            [b'{', after @ ..] => getword(after, b'}'),
            after => (&after[..0], after),
        };
        let tag = match after.first() {
            Some(b't') => Tag::RequestTime,
            Some(b'D') => Tag::RequestDuration,
            Some(b'e') => Tag::Env(argument.to_vec()),
            Some(b's') => Tag::Ssl(argument.to_vec()),
            Some(b'l') => Tag::LoadAvg,
            Some(b'i') => Tag::Idle,
            Some(b'b') => Tag::Busy,
            _ => {
                let unknown = after.get(..1).unwrap_or_default();
                return Err([b"Unrecognized header format %", unknown].concat());
            }
        };
        *rest = after.get(1..).unwrap_or_default();
        Ok(Some(tag))
    }

    fn append(&self, r: &Request, text: &mut Vec<u8>) {
        match self {
            Tag::Text(literal) => text.extend_from_slice(literal),
            Tag::RequestTime => text.extend_from_slice(format!("t={}", r.number(field::REQUEST_TIME)).as_bytes()),
            Tag::RequestDuration => {
                let duration = server::time_now() - r.number(field::REQUEST_TIME);
                text.extend_from_slice(format!("D={duration}").as_bytes());
            }
            Tag::Env(name) => text.extend(on_one_line(r.subprocess_env().get(name))),
            Tag::Ssl(name) => text.extend(on_one_line(server::ssl_var(r, name).filter(|value| !value.is_empty()))),
            Tag::LoadAvg => {
                let [one, five, fifteen] = server::loadavg();
                text.extend_from_slice(format!("l={one:.2}/{five:.2}/{fifteen:.2}").as_bytes());
            }
            Tag::Idle => text.extend_from_slice(format!("i={}", server::sload().0).as_bytes()),
            Tag::Busy => text.extend_from_slice(format!("b={}", server::sload().1).as_bytes()),
        }
    }
}

/// Takes what precedes the next `%`. Of the escapes only `\\`, `\r`, `\n` and `\t` are known; another backslash stays.
fn literal(rest: &mut &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    while let [byte, after @ ..] = *rest {
        let escaped = match (byte, after.first()) {
            (b'%', _) => break,
            (b'\\', Some(b'\\')) => Some(b'\\'),
            (b'\\', Some(b'r')) => Some(b'\r'),
            (b'\\', Some(b'n')) => Some(b'\n'),
            (b'\\', Some(b't')) => Some(b'\t'),
            _ => None,
        };
        text.push(escaped.unwrap_or(*byte));
        *rest = if escaped.is_some() { after.get(1..).unwrap_or_default() } else { after };
    }
    text
}

/// What precedes `stop`, and what follows it and its repetitions (util.c:ap_getword).
fn getword(text: &[u8], stop: u8) -> (&[u8], &[u8]) {
    let (word, rest) = text.split_at(text.iter().position(|byte| *byte == stop).unwrap_or(text.len()));
    let repeated = rest.iter().take_while(|byte| **byte == stop).count();
    (word, rest.get(repeated..).unwrap_or_default())
}

/// A variable's value with line ends made blanks, so that it stays one header line (mod_headers.c:unwrap_header).
fn on_one_line(value: Option<Vec<u8>>) -> Vec<u8> {
    let Some(mut value) = value else { return b"(null)".to_vec() };
    value.iter_mut().filter(|byte| matches!(byte, b'\r' | b'\n')).for_each(|byte| *byte = b' ');
    value
}
