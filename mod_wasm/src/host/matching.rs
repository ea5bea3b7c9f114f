//! Group `match`: httpd's regular expressions and expressions. What a directive's parser had compiled is kept with
//! the directive, so that every instance uses the same.

use super::state::Compiled;
use super::{Code, Host, MatchFunctions, Reply};
use crate::httpd::expr::{Expr, Place, Trust};
use crate::httpd::regex::{Group, MAX_GROUPS, Regex};
use std::sync::{Arc, PoisonError};
use std::time::Instant;

/// Longest pattern or expression in bytes.
const LONGEST: usize = 1 << 20;
/// Most patterns in one list.
const MOST_LISTED: usize = 65_536;
/// Patterns of a list that are tried before the time is looked at.
const AT_A_TIME: usize = 64;
/// Most things that one directive may have compiled; they are kept as long as the configuration.
const MOST_OF_ONE: usize = 1_000;

impl Host {
    /// What the directive being parsed had compiled before from the same.
    fn again(&self, same: impl Fn(&Compiled) -> bool) -> Option<Compiled> {
        let compiled = self.record.as_ref()?.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        compiled.iter().find(|compiled| same(compiled)).cloned()
    }

    /// Keeps something compiled with the directive being parsed, and gives a handle.
    fn compiled(&mut self, compiled: Compiled) -> Reply<i64> {
        let handle = self.hold(compiled.clone())?;
        if let Some(record) = &self.record {
            let mut kept = record.compiled.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() >= MOST_OF_ONE {
                return Err(Code::LIMIT);
            }
            kept.push(compiled);
        }
        Ok(handle)
    }

    /// Counts what a pool takes for the pieces of an expression's value, roughly.
    fn takes_for_expr(&mut self, handle: u32) -> Reply<()> {
        let length = match self.compiled.get(handle as usize) {
            Some(Compiled::Expr(text, ..)) => text.len(),
            _ => 0,
        };
        self.takes(length.saturating_mul(4))
    }

    /// An expression whose result is of the kind that is wanted: httpd doesn't look.
    fn expr(&self, handle: u32, string: bool) -> Reply<&Arc<Expr>> {
        match self.compiled.get(handle as usize) {
            Some(Compiled::Expr(.., expr)) if expr.is_string() == string => Ok(expr),
            _ => Err(Code::BAD_HANDLE),
        }
    }
}

/// Whether the text is a part of the arguments, read without the backslashes that quoting may have added.
fn stands_in(args: &[u8], text: &[u8]) -> bool {
    let plain = |bytes: &[u8]| -> Vec<u8> { bytes.iter().copied().filter(|byte| *byte != b'\\').collect() };
    let (args, text) = (plain(args), plain(text));
    text.is_empty() || args.windows(text.len()).any(|part| part == text)
}

/// Appends start and end of each group.
fn push_groups(groups: &[Group], to: &mut Vec<u8>) {
    let mut raw = [[0; 8]; MAX_GROUPS];
    for (pair, (start, end)) in raw.iter_mut().zip(groups) {
        *pair = (u64::from(*end as u32) << 32 | u64::from(*start as u32)).to_le_bytes();
    }
    to.extend_from_slice(raw.get(..groups.len()).unwrap_or_default().as_flattened());
}

impl MatchFunctions for Host {
    fn ap_regcomp(&mut self, pattern: &[u8], flags: u32) -> Reply<i64> {
        let same = |c: &Compiled| matches!(c, Compiled::Regex(p, f, _) if p == pattern && *f == flags);
        if let Some(compiled) = self.again(same) {
            return self.hold(compiled);
        }
        if pattern.len() > LONGEST || pattern.contains(&0) {
            return Err(Code::BAD_VALUE);
        }
        match Regex::compile(pattern, flags) {
            Some(regex) => self.compiled(Compiled::Regex(pattern.to_vec(), flags, Arc::new(regex))),
            None => self.fail(b"the regular expression could not be compiled"),
        }
    }

    fn ap_regexec(&mut self, regex: u32, subject: &[u8], count: u32, flags: u32) -> Reply<&[u8]> {
        let Some(Compiled::Regex(.., regex)) = self.compiled.get(regex as usize) else { return Err(Code::BAD_HANDLE) };
        let mut groups: [Group; MAX_GROUPS] = [(-1, -1); MAX_GROUPS];
        let groups = groups.get_mut(..count as usize).ok_or(Code::BAD_VALUE)?;
        if !regex.exec(subject, groups, flags) {
            return Err(Code::NONE);
        }
        self.answer.clear();
        push_groups(groups, &mut self.answer);
        Ok(&self.answer)
    }

    fn ap_expr_parse(&mut self, text: &[u8], flags: u32) -> Reply<i64> {
        let same = |c: &Compiled| matches!(c, Compiled::Expr(t, f, _) if t == text && *f == flags);
        if let Some(compiled) = self.again(same) {
            return self.hold(compiled);
        }
        if text.len() > LONGEST {
            return Err(Code::BAD_VALUE);
        }
        let context = self.record.as_ref().map(|record| &record.context);
        let place = Place {
            file: context.map_or(b"", |context| &context.file),
            line: context.map_or(0, |context| context.line),
            trust: match &self.record {
                Some(record) if !stands_in(&record.args, text) => Trust::Guest,
                Some(record) if record.context.in_htaccess => Trust::Htaccess,
                Some(_) => Trust::Administrator,
                None => Trust::Guest,
            },
            module_index: self.module_index,
        };
        match Expr::parse(text, flags, &place) {
            Ok(expr) => self.compiled(Compiled::Expr(text.to_vec(), flags, Arc::new(expr))),
            Err(why) => self.fail(&why),
        }
    }

    fn ap_expr_exec(&mut self, r: u32, expression: u32) -> Reply<i64> {
        self.takes_for_expr(expression)?;
        match self.expr(expression, false)?.exec(self.request(r)?) {
            Ok(holds) => Ok(holds.into()),
            Err(why) => {
                let why = why.to_vec();
                self.fail(&why)
            }
        }
    }

    fn ap_expr_str_exec(&mut self, r: u32, expression: u32) -> Reply<&[u8]> {
        self.takes_for_expr(expression)?;
        let value = match self.expr(expression, true)?.str_exec(self.request(r)?) {
            Ok(value) => Ok(value.to_vec()),
            Err(why) => Err(why.to_vec()),
        };
        match value {
            Ok(value) => {
                self.takes(value.len())?;
                self.answer = value;
                Ok(&self.answer)
            }
            Err(why) => self.fail(&why),
        }
    }

    fn ap_expr_exec_re(&mut self, r: u32, expression: u32, subject: &[u8], groups: &[u8]) -> Reply<i64> {
        let before: Vec<Group> = groups
            .as_chunks::<8>()
            .0
            .iter()
            .map(|[a, b, c, d, e, f, g, h]| {
                (i32::from_le_bytes([*a, *b, *c, *d]), i32::from_le_bytes([*e, *f, *g, *h]))
            })
            .collect();
        if before.len() > MAX_GROUPS || !groups.len().is_multiple_of(8) {
            return Err(Code::BAD_VALUE);
        }
        self.takes_for_expr(expression)?;
        self.takes(subject.len())?;
        let matched = self.expr(expression, false)?.exec_re(self.request(r)?, subject, &before);
        match matched.map_err(<[u8]>::to_vec) {
            Ok((holds, matched)) => {
                let mut answer = Vec::new();
                if let Some((groups, subject)) = matched {
                    for (start, end) in groups {
                        answer.extend(start.to_le_bytes());
                        answer.extend(end.to_le_bytes());
                    }
                    answer.extend_from_slice(subject);
                }
                self.answer = answer;
                Ok(holds.into())
            }
            Err(why) => self.fail(&why),
        }
    }

    fn ap_regex_list(&mut self, list: &[u8]) -> Reply<i64> {
        let (entries, rest) = list.as_chunks::<8>();
        if !rest.is_empty() || entries.len() > MOST_LISTED {
            return Err(Code::BAD_VALUE);
        }
        let entry = |[a, b, c, d, e, f, g, h]: &[u8; 8]| {
            let not = match u32::from_le_bytes([*e, *f, *g, *h]) {
                0 => false,
                1 => true,
                _ => return Err(Code::BAD_VALUE),
            };
            match self.compiled.get(u32::from_le_bytes([*a, *b, *c, *d]) as usize) {
                Some(Compiled::Regex(.., regex)) => Ok((regex.clone(), not)),
                _ => Err(Code::BAD_HANDLE),
            }
        };
        let entries: Reply<Vec<_>> = entries.iter().map(entry).collect();
        self.hold(Compiled::List(entries?.into()))
    }

    fn ap_regexec_first(&mut self, list: u32, start: u32, subject: &[u8], count: u32) -> Reply<&[u8]> {
        let Some(Compiled::List(list)) = self.compiled.get(list as usize) else { return Err(Code::BAD_HANDLE) };
        let mut groups: [Group; MAX_GROUPS] = [(-1, -1); MAX_GROUPS];
        let groups = groups.get_mut(..count as usize).ok_or(Code::BAD_VALUE)?;
        let rest = list.get(start as usize..).ok_or(Code::BAD_VALUE)?;
        let (mut found, mut begin) = (None, None);
        for (at, (regex, not)) in rest.iter().enumerate() {
            if regex.exec(subject, if *not { &mut [] } else { groups }, 0) != *not {
                found = Some(at);
                break;
            }
            // Nothing interrupts the host.
            if at % AT_A_TIME == AT_A_TIME - 1 && begin.get_or_insert_with(Instant::now).elapsed() > self.time {
                return Err(Code::LIMIT);
            }
        }
        let found = found.ok_or(Code::NONE)?;
        if rest.get(found).is_some_and(|(_, not)| *not) {
            groups.fill((-1, -1));
        }
        self.answer.clear();
        self.answer.extend((start + found as u32).to_le_bytes());
        push_groups(groups, &mut self.answer);
        Ok(&self.answer)
    }
}
