//! Group `match`: httpd's regular expressions and expressions. What a directive's parser had compiled is kept with
//! the directive, so that every instance uses the same.

use super::state::Compiled;
use super::{Code, Host, MatchFunctions, Reply};
use crate::httpd::expr::{Expr, Place};
use crate::httpd::regex::{Group, MAX_GROUPS, Regex};
use std::sync::{Arc, PoisonError};

/// Longest pattern or expression in bytes.
const LONGEST: usize = 1 << 20;
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
        if let Some(record) = &self.record {
            let mut kept = record.compiled.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() >= MOST_OF_ONE {
                return Err(Code::LIMIT);
            }
            kept.push(compiled.clone());
        }
        self.hold(compiled)
    }

    fn expr(&self, handle: u32) -> Reply<&Arc<Expr>> {
        match self.compiled.get(handle as usize) {
            Some(Compiled::Expr(.., expr)) => Ok(expr),
            _ => Err(Code::BAD_HANDLE),
        }
    }
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
        for (start, end) in groups {
            self.answer.extend_from_slice(&start.to_le_bytes());
            self.answer.extend_from_slice(&end.to_le_bytes());
        }
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
            // What is parsed outside of a directive may come from anywhere.
            restricted: context.is_none_or(|context| context.in_htaccess),
            module_index: self.module_index,
        };
        match Expr::parse(text, flags, &place) {
            Ok(expr) => self.compiled(Compiled::Expr(text.to_vec(), flags, Arc::new(expr))),
            Err(why) => self.fail(&why),
        }
    }

    fn ap_expr_exec(&mut self, r: u32, expression: u32) -> Reply<i64> {
        match self.expr(expression)?.exec(self.request(r)?) {
            Ok(holds) => Ok(holds.into()),
            Err(why) => {
                let why = why.to_vec();
                self.fail(&why)
            }
        }
    }

    fn ap_expr_str_exec(&mut self, r: u32, expression: u32) -> Reply<&[u8]> {
        let value = match self.expr(expression)?.str_exec(self.request(r)?) {
            Ok(value) => Ok(value.to_vec()),
            Err(why) => Err(why.to_vec()),
        };
        match value {
            Ok(value) => {
                self.answer = value;
                Ok(&self.answer)
            }
            Err(why) => self.fail(&why),
        }
    }

    fn ap_expr_exec_re(&mut self, _r: u32, _expression: u32, _subject: &[u8], _groups: &[u8]) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }

    fn ap_regex_list(&mut self, _list: &[u8]) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }

    fn ap_regexec_first(&mut self, _list: u32, _start: u32, _subject: &[u8], _count: u32) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }
}
