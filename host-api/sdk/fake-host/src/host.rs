//! The functions of the host API on [`State`]; what is not here answers NOT_NOW.

use crate::expr::Expr;
use crate::{Entries, FakeHost, State, regex};
use apache_module::ffi::{Host, code, table};
use apache_module::field;
use std::cell::RefCell;

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

/// What precedes the next NUL, and what follows it.
fn string(list: &[u8]) -> (&[u8], &[u8]) {
    let (string, rest) = list.split_at(list.iter().position(|byte| *byte == 0).unwrap_or(list.len()));
    (string, rest.get(1..).unwrap_or_default())
}

/// Bytes after their length, and what follows them.
fn sized(list: &[u8]) -> (&[u8], &[u8]) {
    let (length, rest) = list.split_first_chunk().unwrap_or((&[0; 4], &[]));
    rest.split_at_checked(u32::from_le_bytes(*length) as usize).unwrap_or_default()
}

/// Answers bytes as the host does: the whole length, and the bytes only if they fit.
fn answer(bytes: Option<&[u8]>, buffer: &mut [u8]) -> i32 {
    let Some(bytes) = bytes else { return code::NONE };
    if let Some(room) = buffer.get_mut(..bytes.len()) {
        room.copy_from_slice(bytes);
    }
    bytes.len() as i32
}

thread_local! {
    /// Of ap_request_prepare. A guest keeps its handles as long as its instance lives, which is here the thread.
    static PREPARED: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

impl FakeHost {
    /// Does what ap_request_write does.
    fn write(&self, edits: &[u8]) -> i32 {
        let mut state = self.state_mut();
        let mut rest = edits;
        while let [action, number, after @ ..] = rest {
            let number = u32::from(*number);
            rest = match action {
                b'f' => {
                    let (value, after) = sized(after);
                    state.texts.insert(number, value.to_vec());
                    after
                }
                b'u' => {
                    state.texts.remove(&number);
                    after
                }
                b'n' => {
                    let Some((value, after)) = after.split_first_chunk() else { return code::BAD_VALUE };
                    state.numbers.insert(number, i64::from_le_bytes(*value));
                    after
                }
                b'p' => {
                    let Some((handle, after)) = after.split_first_chunk() else { return code::BAD_VALUE };
                    let edits = PREPARED.with_borrow(|all| all.get(u32::from_le_bytes(*handle) as usize).cloned());
                    let Some(edits) = edits else { return code::BAD_HANDLE };
                    drop(state);
                    self.write(&edits);
                    state = self.state_mut();
                    after
                }
                b'j' => {
                    let (name, after) = sized(after);
                    let (fields, after) = sized(after);
                    let texts = fields.iter().filter_map(|field| state.texts.get(&u32::from(*field)));
                    let value = texts.flatten().copied().collect::<Vec<u8>>();
                    state.edit(number, &[b"s", name, b"\0", &value, b"\0"].concat());
                    after
                }
                action => {
                    let (name, after) = sized(after);
                    let (value, after) = sized(after);
                    let action = if *action == b'x' { b'u' } else { *action };
                    state.edit(number, &[&[action], name, b"\0", value, b"\0"].concat());
                    after
                }
            };
        }
        0
    }
}

impl Host for FakeHost {
    fn ap_directive_args(&mut self, buffer: &mut [u8]) -> i32 {
        answer(Some(&self.state().directive_args), buffer)
    }

    fn ap_ivm_get(&mut self, key: &[u8], buffer: &mut [u8]) -> i32 {
        answer(self.state().shared.get(key).map(Vec::as_slice), buffer)
    }

    fn ap_ivm_set(&mut self, key: &[u8], value: &[u8]) -> i32 {
        self.state_mut().shared.insert(key.to_vec(), value.to_vec());
        0
    }

    fn ap_directive_number(&mut self, number: u32) -> i64 {
        self.state().directive_numbers.get(&number).copied().unwrap_or_default()
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

    fn ap_request_read(&mut self, _: u32, wants: &[u8], buffer: &mut [u8]) -> i32 {
        let state = self.state();
        let number = |number: i64| number.to_le_bytes().to_vec();
        let text = |text: Option<&Vec<u8>>| match text {
            Some(text) => [&(text.len() as i32).to_le_bytes()[..], text].concat(),
            None => (-1i32).to_le_bytes().to_vec(),
        };
        let mut rest = wants;
        let mut read = Vec::new();
        while let [kind, after @ ..] = rest {
            let (answer, after) = match (kind, after) {
                (b'l', after) => (number(state.log_level.into()), after),
                (b'f', [field, after @ ..]) => (text(state.texts.get(&u32::from(*field))), after),
                (b'n', [field, after @ ..]) => {
                    (number(state.numbers.get(&u32::from(*field)).copied().unwrap_or_default()), after)
                }
                (b't', [table, after @ ..]) => {
                    let (name, after) = string(after);
                    (text(state.tables.get(&u32::from(*table)).and_then(|table| table.values(name).next())), after)
                }
                (b'd', after) => {
                    let (key, after) = string(after);
                    (number(state.userdata.contains_key(key).into()), after)
                }
                _ => return code::BAD_VALUE,
            };
            read.extend(answer);
            rest = after;
        }
        answer(Some(&read), buffer)
    }

    fn ap_request_write(&mut self, _: u32, edits: &[u8]) -> i32 {
        *self.state_mut().calls.entry("ap_request_write").or_default() += 1;
        self.write(edits)
    }

    fn ap_request_prepare(&mut self, edits: &[u8]) -> i64 {
        PREPARED.with_borrow_mut(|all| {
            all.push(edits.to_vec());
            all.len() as i64 - 1
        })
    }

    fn ap_core_translate_unless(&mut self, r: u32, edits: &[u8], path: &[u8], uri: &[u8]) -> i64 {
        match self.write(edits) {
            0 if self.state().files.contains_key(path) => code::NONE.into(),
            0 => self.ap_core_translate(r, uri),
            code => code.into(),
        }
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

    fn ap_regex_list(&mut self, list: &[u8]) -> i64 {
        let mut state = self.state_mut();
        let numbers: Vec<u32> = list.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
        state.regex_lists.push(numbers.as_chunks::<2>().0.iter().map(|[regex, not]| (*regex, *not != 0)).collect());
        state.regex_lists.len() as i64 - 1
    }

    fn ap_regexec_first(&mut self, list: u32, start: u32, subject: &[u8], count: u32, buffer: &mut [u8]) -> i32 {
        let state = self.state();
        let Some(list) = state.regex_lists.get(list as usize) else { return code::BAD_HANDLE };
        for (number, (regex, not)) in list.iter().enumerate().skip(start as usize) {
            let Some(regex) = state.regexes.get(*regex as usize) else { return code::BAD_HANDLE };
            let groups = regex::exec(regex, subject, count as usize);
            if groups.is_some() != *not {
                let groups = groups.unwrap_or_else(|| vec![0xff; count as usize * 8]);
                return answer(Some(&[&(number as u32).to_le_bytes()[..], &groups].concat()), buffer);
            }
        }
        code::NONE
    }

    fn ap_request_main(&mut self, _: u32) -> i64 {
        code::NONE.into()
    }

    fn ap_request_prev(&mut self, _: u32) -> i64 {
        code::NONE.into()
    }

    fn apr_pool_userdata_get(&mut self, _: u32, key: &[u8], buffer: &mut [u8]) -> i32 {
        answer(self.state().userdata.get(key).map(Vec::as_slice), buffer)
    }

    fn apr_pool_userdata_set(&mut self, _: u32, key: &[u8], value: &[u8]) -> i32 {
        self.state_mut().userdata.insert(key.to_vec(), value.to_vec());
        0
    }

    fn ap_core_translate(&mut self, _: u32, uri: &[u8]) -> i64 {
        let mut state = self.state_mut();
        let root = state.texts.get(&field::DOCUMENT_ROOT).cloned().unwrap_or_default();
        state.texts.insert(field::FILENAME, [&root, uri].concat());
        0
    }

    fn ap_matches_request_vhost(&mut self, _: u32, host: &[u8], port: u32) -> i64 {
        let state = self.state();
        let name = state.texts.get(&field::SERVER_NAME).is_some_and(|name| name == host);
        (name && state.numbers.get(&field::PORT) == Some(&port.into())).into()
    }

    fn ap_stat_check(&mut self, _: &[u8]) -> i32 {
        0
    }

    fn apr_stat(&mut self, path: &[u8], _: u32, buffer: &mut [u8]) -> i32 {
        let mut state = self.state_mut();
        let Some(contents) = state.files.get(path) else {
            const ENOENT: i32 = 2;
            state.error_status = ENOENT;
            return code::FAILED;
        };
        let (size, mtime) = (contents.len() as i64, state.now);
        let head = [apache_module::APR_REG, 0].map(u32::to_le_bytes).concat();
        let rest = [0; 2 * 8 + 3 * 4].to_vec();
        answer(Some(&[head, [size, mtime, mtime, mtime].map(i64::to_le_bytes).concat(), rest].concat()), buffer)
    }

    fn ap_error_status(&mut self) -> i64 {
        self.state().error_status.into()
    }

    fn ap_server_root_relative(&mut self, path: &[u8], buffer: &mut [u8]) -> i32 {
        let root: &[u8] = if path.first() == Some(&b'/') { b"" } else { b"/root/" };
        answer(Some(&[root, path].concat()), buffer)
    }

    fn ap_map_file(&mut self, name: &[u8]) -> i64 {
        let mut state = self.state_mut();
        let root: &[u8] = if name.first() == Some(&b'/') { b"" } else { b"/root/" };
        state.map_files.push([root, name].concat());
        state.map_files.len() as i64 - 1
    }

    fn ap_map_file_state(&mut self, file: u32) -> i64 {
        const ENOENT: i32 = 2;
        let mut state = self.state_mut();
        let length = state.map_files.get(file as usize).and_then(|name| state.files.get(name)).map(Vec::len);
        match length {
            Some(length) => state.now << 32 | length as i64,
            None => {
                state.error_status = ENOENT;
                code::FAILED.into()
            }
        }
    }

    fn apr_file_read(&mut self, file: u32, offset: u32, count: u32, buffer: &mut [u8]) -> i32 {
        let mut state = self.state_mut();
        *state.calls.entry("apr_file_read").or_default() += 1;
        let Some(name) = state.map_files.get(file as usize) else { return code::BAD_HANDLE };
        let Some(contents) = state.files.get(name) else { return code::FAILED };
        let rest = contents.get(offset as usize..).unwrap_or_default();
        answer(Some(rest.get(..count as usize).unwrap_or(rest)), buffer)
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
