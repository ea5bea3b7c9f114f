//! The functions of the host API on [`State`]; what is not here answers NOT_NOW.

use crate::expr::Expr;
use crate::{Entries, FakeHost, State, regex};
use apache_module::ffi::{Host, code, table};
use apache_module::field;

impl State {
    fn table(&mut self, function: &'static str, table: u32) -> &mut Entries {
        *self.calls.entry(function).or_default() += 1;
        self.tables.entry(table).or_default()
    }

    fn failed(&mut self, why: String) -> i32 {
        self.error_text = why.into_bytes();
        code::FAILED
    }

    fn edit(&mut self, table: u32, edits: &[u8]) {
        let mut strings = edits.split(|byte| *byte == 0);
        while let (Some([action, name @ ..]), Some(value)) = (strings.next(), strings.next()) {
            let table = self.tables.entry(table).or_default();
            match action {
                b's' => table.set(name, value),
                b'a' => table.add(name, value),
                b'm' => table.merge(name, value),
                _ => table.unset(name),
            }
        }
    }
}

/// Answers bytes as the host does: the whole length, and the bytes only if they fit.
fn answer(bytes: Option<&[u8]>, buffer: &mut [u8]) -> i32 {
    let Some(bytes) = bytes else { return code::NONE };
    if let Some(room) = buffer.get_mut(..bytes.len()) {
        room.copy_from_slice(bytes);
    }
    bytes.len() as i32
}

impl Host for FakeHost {
    fn ap_directive_args(&mut self, buffer: &mut [u8]) -> i32 {
        answer(Some(&self.state().directive_args), buffer)
    }

    fn ap_directive_error(&mut self, text: &[u8]) -> i32 {
        self.state_mut().directive_error = Some(text.to_vec());
        0
    }

    fn ap_error_text(&mut self, buffer: &mut [u8]) -> i32 {
        answer(Some(&self.state().error_text), buffer)
    }

    fn ap_log_rerror(&mut self, _: u32, _: &[u8], _: u32, level: u32, _: i32, message: &[u8]) -> i32 {
        self.state_mut().log.push((level, message.to_vec()));
        0
    }

    fn ap_log_error(&mut self, r: u32, file: &[u8], line: u32, level: u32, status: i32, message: &[u8]) -> i32 {
        self.ap_log_rerror(r, file, line, level, status, message)
    }

    fn ap_log_level(&mut self, _: u32) -> i64 {
        self.state().log_level.into()
    }

    fn ap_server_log_level(&mut self, r: u32) -> i64 {
        self.ap_log_level(r)
    }

    fn ap_request_field(&mut self, _: u32, number: u32, buffer: &mut [u8]) -> i32 {
        answer(self.state().texts.get(&number).map(Vec::as_slice), buffer)
    }

    fn ap_request_number(&mut self, _: u32, number: u32) -> i64 {
        self.state().numbers.get(&number).copied().unwrap_or_default()
    }

    fn ap_request_set_field(&mut self, _: u32, number: u32, value: &[u8]) -> i32 {
        let mut state = self.state_mut();
        if number == field::CONTENT_TYPE && state.texts.get(&number).is_none_or(|present| present != value) {
            state.content_type_is_trusted = false;
        }
        state.texts.insert(number, value.to_vec());
        0
    }

    fn ap_request_unset_field(&mut self, _: u32, number: u32) -> i32 {
        self.state_mut().texts.remove(&number);
        0
    }

    fn ap_set_content_type_ex(&mut self, _: u32, value: &[u8], trusted: u32) -> i32 {
        let mut state = self.state_mut();
        state.texts.insert(field::CONTENT_TYPE, value.to_vec());
        state.content_type_is_trusted = trusted != 0;
        0
    }

    fn apr_time_now(&mut self) -> i64 {
        self.state().now
    }

    fn apr_table_get(&mut self, _: u32, table: u32, name: &[u8], buffer: &mut [u8]) -> i32 {
        let value = self.state_mut().table("apr_table_get", table).values(name).next().cloned();
        answer(value.as_deref(), buffer)
    }

    fn apr_table_do(&mut self, _: u32, table: u32, name: &[u8], buffer: &mut [u8]) -> i32 {
        let mut state = self.state_mut();
        let entries = state.table("apr_table_do", table).iter();
        let named = entries.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        let all: Vec<u8> = named.flat_map(|(name, value)| [&name[..], b"\0", value, b"\0"].concat()).collect();
        answer(Some(&all).filter(|all| !all.is_empty()).map(Vec::as_slice), buffer)
    }

    fn apr_table_elts(&mut self, _: u32, table: u32, buffer: &mut [u8]) -> i32 {
        let mut state = self.state_mut();
        let entries = state.table("apr_table_elts", table).iter();
        let all: Vec<u8> = entries.flat_map(|(name, value)| [&name[..], b"\0", value, b"\0"].concat()).collect();
        answer(Some(&all), buffer)
    }

    fn apr_table_set(&mut self, _: u32, table: u32, name: &[u8], value: &[u8]) -> i32 {
        self.state_mut().table("apr_table_set", table).set(name, value);
        0
    }

    fn apr_table_add(&mut self, _: u32, table: u32, name: &[u8], value: &[u8]) -> i32 {
        self.state_mut().table("apr_table_add", table).add(name, value);
        0
    }

    fn apr_table_merge(&mut self, _: u32, table: u32, name: &[u8], value: &[u8]) -> i32 {
        self.state_mut().table("apr_table_merge", table).merge(name, value);
        0
    }

    fn apr_table_unset(&mut self, _: u32, table: u32, name: &[u8]) -> i32 {
        self.state_mut().table("apr_table_unset", table).unset(name);
        0
    }

    fn ap_table_prepare(&mut self, edits: &[u8]) -> i64 {
        let mut state = self.state_mut();
        state.edits.push(edits.to_vec());
        state.edits.len() as i64 - 1
    }

    fn ap_table_apply(&mut self, _: u32, table: u32, edits: u32) -> i32 {
        let mut state = self.state_mut();
        let Some(edits) = state.edits.get(edits as usize).cloned() else { return code::BAD_HANDLE };
        state.table("ap_table_apply", table);
        state.edit(table, &edits);
        0
    }

    fn ap_regcomp(&mut self, pattern: &[u8], flags: u32) -> i64 {
        let mut state = self.state_mut();
        match regex::compile(pattern, flags) {
            Some(regex) => {
                state.regexes.push(regex);
                state.regexes.len() as i64 - 1
            }
            None => state.failed("does not compile".into()).into(),
        }
    }

    fn ap_regexec(&mut self, regex: u32, subject: &[u8], count: u32, _: u32, buffer: &mut [u8]) -> i32 {
        let state = self.state();
        let Some(regex) = state.regexes.get(regex as usize) else { return code::BAD_HANDLE };
        answer(regex::exec(regex, subject, count as usize).as_deref(), buffer)
    }

    fn ap_expr_parse(&mut self, text: &[u8], _: u32) -> i64 {
        let mut state = self.state_mut();
        match Expr::parse(text) {
            Ok(expr) => {
                state.expressions.push(expr);
                state.expressions.len() as i64 - 1
            }
            Err(why) => state.failed(why).into(),
        }
    }

    fn ap_expr_exec(&mut self, _: u32, expression: u32) -> i64 {
        let mut state = self.state_mut();
        let Some(expr) = state.expressions.get(expression as usize).cloned() else { return code::BAD_HANDLE.into() };
        match expr.failure() {
            Some(why) => state.failed(why.to_string()).into(),
            None => expr.holds().into(),
        }
    }

    fn ap_expr_str_exec(&mut self, _: u32, expression: u32, buffer: &mut [u8]) -> i32 {
        let mut state = self.state_mut();
        let Some(expr) = state.expressions.get(expression as usize).cloned() else { return code::BAD_HANDLE };
        if let Some(why) = expr.failure() {
            return state.failed(why.to_string());
        }
        let env = state.tables.entry(table::SUBPROCESS_ENV).or_default();
        answer(Some(&expr.value(|name| env.values(name.as_bytes()).next().cloned())), buffer)
    }

    fn ap_get_loadavg(&mut self, buffer: &mut [u8]) -> i32 {
        answer(Some(&self.state().loadavg.map(f64::to_le_bytes).concat()), buffer)
    }

    fn ap_get_sload(&mut self, buffer: &mut [u8]) -> i32 {
        answer(Some(&self.state().sload.map(i32::to_le_bytes).concat()), buffer)
    }

    fn ap_ssl_var_lookup(&mut self, _: u32, name: &[u8], buffer: &mut [u8]) -> i32 {
        answer(self.state().ssl.get(name).map(Vec::as_slice), buffer)
    }
}
