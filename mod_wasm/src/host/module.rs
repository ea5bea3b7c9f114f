//! Group `module`: the module describes itself, parses directives, asks for its configuration.

use super::number::directive_field;
use super::{Code, Given, Host, ModuleFunctions, Reply};
use crate::extension::describe::hook_bit;
use crate::extension::{Description, DirectiveSpec, FilterSpec, Filters, Order, Record};
use crate::httpd::command::is_args_how;
use crate::httpd::mutex::GlobalMutex;
use crate::httpd::{Pool, configuring, server};
use std::ffi::CString;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Most directives, or filters of a kind, of one module.
const MOST: usize = 1_000;
/// Longest name or help text in bytes.
const LONGEST: usize = 4_096;
/// Most global mutexes of one module.
const MOST_MUTEXES: usize = 16;
/// Longest text that a hook gives beside its status.
const LONGEST_TEXT: usize = 256;

impl Host {
    /// What the module has said so far. `names` are printed by httpd as they are, so they have no control characters.
    fn describing_now(&mut self, names: &[&[u8]]) -> Reply<&mut Description> {
        let is_name = |name: &&[u8]| !name.is_empty() && name.len() <= LONGEST && name.iter().all(u8::is_ascii_graphic);
        if !names.iter().all(is_name) {
            return Err(Code::BAD_VALUE);
        }
        self.description.as_mut().ok_or(Code::NOT_NOW)
    }

    fn record(&self) -> Reply<&Record> {
        self.record.as_deref().ok_or(Code::NOT_NOW)
    }
}

/// A text that httpd prints to a terminal as it is: control characters of the guest become question marks.
fn printable(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| if byte.is_ascii_control() && *byte != b'\t' { b'?' } else { *byte }).collect()
}

impl ModuleFunctions for Host {
    fn ap_module_name(&mut self, name: &[u8]) -> Reply<()> {
        self.describing_now(&[name])?.name = name.to_vec();
        Ok(())
    }

    fn ap_module_directive(&mut self, name: &[u8], args_how: u32, allowed: u32, help: &[u8]) -> Reply<()> {
        let description = self.describing_now(&[name])?;
        if !is_args_how(args_how) || help.len() > LONGEST {
            return Err(Code::BAD_VALUE);
        }
        if description.directives.len() >= MOST {
            return Err(Code::LIMIT);
        }
        description.directives.push(DirectiveSpec { name: name.to_vec(), args_how, allowed, help: printable(help) });
        Ok(())
    }

    fn ap_module_hook(&mut self, hook: &[u8], order: i32, predecessors: &[u8], successors: &[u8]) -> Reply<()> {
        let description = self.describing_now(&[hook])?;
        if predecessors.len().max(successors.len()) > LONGEST {
            return Err(Code::BAD_VALUE);
        }
        let bit = hook_bit(hook).ok_or(Code::BAD_VALUE)?;
        let list = |names: &[u8]| -> Vec<CString> {
            names
                .split(|byte| *byte == b' ')
                .filter(|name| !name.is_empty())
                .filter_map(|name| CString::new(name).ok())
                .collect()
        };
        description.hooks.retain(|(other, _)| *other != bit);
        description.hooks.push((bit, Order { order, predecessors: list(predecessors), successors: list(successors) }));
        Ok(())
    }

    fn ap_module_handler(&mut self, name: &[u8]) -> Reply<()> {
        let handlers = &mut self.describing_now(&[name])?.handlers;
        if handlers.len() >= MOST {
            return Err(Code::LIMIT);
        }
        handlers.push(name.to_vec());
        Ok(())
    }

    fn ap_module_output_filter(&mut self, name: &[u8], filter_type: u32) -> Reply<()> {
        let description = self.describing_now(&[name])?;
        add_filter(description, |filters| &mut filters.output, name, filter_type)
    }

    fn ap_module_input_filter(&mut self, name: &[u8], filter_type: u32) -> Reply<()> {
        let description = self.describing_now(&[name])?;
        add_filter(description, |filters| &mut filters.input, name, filter_type)
    }

    fn ap_directive_args(&mut self) -> Reply<&[u8]> {
        Ok(&self.record()?.args)
    }

    fn ap_directive_field(&mut self, field: u32) -> Reply<&[u8]> {
        let context = &self.record()?.context;
        match field {
            directive_field::NAME => Ok(&context.name),
            directive_field::PATH => context.path.as_deref().ok_or(Code::NONE),
            directive_field::FILE => Ok(&context.file),
            _ => Err(Code::BAD_VALUE),
        }
    }

    fn ap_directive_number(&mut self, field: u32) -> Reply<i64> {
        let context = &self.record()?.context;
        match field {
            directive_field::LINE => Ok(context.line.into()),
            directive_field::OVERRIDE => Ok(context.overrides.into()),
            directive_field::IN_HTACCESS => Ok(context.in_htaccess.into()),
            directive_field::IS_VIRTUAL => Ok(context.is_virtual.into()),
            directive_field::SERVER_ID => Ok(context.server_id),
            directive_field::FIRST_PARSE => Ok((!self.record()?.parsed.load(Ordering::Relaxed)).into()),
            _ => Err(Code::BAD_VALUE),
        }
    }

    fn ap_directive_error(&mut self, text: &[u8]) -> Reply<()> {
        self.record()?;
        self.directive_error = Some(printable(text));
        Ok(())
    }

    fn ap_get_module_config(&mut self, r: u32, kind: u32) -> Reply<i64> {
        if r != 0 {
            return Err(Code::BAD_HANDLE);
        }
        let [dir, server] = self.current.map(i64::from);
        match kind {
            0 => Ok(dir),
            1 => Ok(server),
            2 => Ok(server << 32 | dir),
            _ => Err(Code::BAD_VALUE),
        }
    }

    fn ap_module_configs_at(&mut self, place: u32) -> Reply<()> {
        // Once, so that what a guest keeps there later is its own.
        if self.configs_at.is_some() {
            return Err(Code::NOT_NOW);
        }
        self.configs_at = Some(place);
        Ok(())
    }

    fn ap_ivm_get(&mut self, key: &[u8]) -> Reply<&[u8]> {
        self.answer.clear();
        if self.store.get(key, &mut self.answer) { Ok(&self.answer) } else { Err(Code::NONE) }
    }

    fn ap_ivm_set(&mut self, key: &[u8], value: &[u8]) -> Reply<()> {
        if self.store.set(key, value) { Ok(()) } else { Err(Code::LIMIT) }
    }

    fn ap_ivm_unset(&mut self, key: &[u8]) -> Reply<()> {
        self.store.unset(key);
        Ok(())
    }

    fn ap_ivm_add(&mut self, key: &[u8], delta: i64) -> Reply<&[u8]> {
        let mut sum = Err(Code::BAD_VALUE);
        self.store.update(key, |before| {
            let before = match before {
                None => 0,
                Some([b'i', number @ ..]) => i64::from_le_bytes(number.try_into().ok()?),
                Some(_) => return None,
            };
            sum = before.checked_add(delta).ok_or(Code::LIMIT);
            sum.ok().map(|sum| [&b"i"[..], &sum.to_le_bytes()].concat())
        });
        self.answer = sum?.to_le_bytes().to_vec();
        Ok(&self.answer)
    }

    fn ap_ivm_compare_and_set(&mut self, key: &[u8], present: u32, expected: &[u8], value: &[u8]) -> Reply<i64> {
        if present > 1 {
            return Err(Code::BAD_VALUE);
        }
        let mut is_it = false;
        let kept = self.store.update(key, |before| {
            is_it = before == (present == 1).then_some(expected);
            is_it.then(|| value.to_vec())
        });
        if kept { Ok(is_it.into()) } else { Err(Code::LIMIT) }
    }

    fn ap_error_text(&mut self) -> Reply<&[u8]> {
        Ok(&self.error)
    }

    fn ap_error_status(&mut self) -> Reply<i64> {
        Ok(self.status.into())
    }

    fn ap_answer(&mut self) -> Reply<&[u8]> {
        Ok(&self.answer)
    }

    fn ap_module_mutex(&mut self, name: &[u8]) -> Reply<()> {
        let description = self.describing_now(&[name])?;
        let mutexes = Arc::get_mut(&mut description.mutexes).ok_or(Code::NOT_NOW)?;
        if name.is_empty() {
            return Err(Code::BAD_VALUE);
        }
        if mutexes.len() >= MOST_MUTEXES {
            return Err(Code::LIMIT);
        }
        mutexes.push(GlobalMutex::declare(name).ok_or(Code::BAD_VALUE)?);
        Ok(())
    }

    fn ap_hook_number(&mut self) -> Reply<i64> {
        if let Given::Number(number) = self.given { Ok(number) } else { Err(Code::NOT_NOW) }
    }

    fn ap_hook_text(&mut self) -> Reply<&[u8]> {
        if let Given::Text(text) = &self.given { Ok(text) } else { Err(Code::NOT_NOW) }
    }

    fn ap_hook_set_text(&mut self, text: &[u8]) -> Reply<()> {
        let Given::Back(given) = &mut self.given else { return Err(Code::NOT_NOW) };
        // It is written into the log as it is.
        if text.is_empty() || text.len() > LONGEST_TEXT || !text.iter().all(u8::is_ascii_graphic) {
            return Err(Code::BAD_VALUE);
        }
        *given = Some(text.to_vec());
        Ok(())
    }

    fn ap_module_offers(&mut self, name: &[u8]) -> Reply<()> {
        let description = self.describing_now(&[name])?;
        if name != b"ap_register_rewrite_mapfunc" {
            return Err(Code::NONE);
        }
        description.offers_map_functions = true;
        Ok(())
    }

    fn ap_server_root_relative(&mut self, path: &[u8]) -> Reply<&[u8]> {
        self.relative(path, |pool| pool.server_root_relative(path).map(<[u8]>::to_vec))
    }
}

impl Host {
    /// Answers with a path that `relative` makes of one in a pool.
    pub(super) fn relative(&mut self, path: &[u8], relative: impl Fn(Pool<'_>) -> Option<Vec<u8>>) -> Reply<&[u8]> {
        let path = match self.lent.request_for_little(path.len().saturating_mul(3)) {
            Some(r) => relative(r.pool()),
            // A directive that an instance learns of later is parsed outside of both; long ones don't fill the request's pool.
            None => configuring::with(|now| relative(now.pool()))
                .unwrap_or_else(|| server::with_own_pool(&relative).flatten()),
        };
        match path {
            Some(path) => {
                self.answer = path;
                Ok(&self.answer)
            }
            None => self.fail(b"bad path"),
        }
    }
}

fn add_filter(
    description: &mut Description,
    of: impl FnOnce(&mut Filters) -> &mut Vec<FilterSpec>,
    name: &[u8],
    filter_type: u32,
) -> Reply<()> {
    let filters = of(Arc::get_mut(&mut description.filters).ok_or(Code::NOT_NOW)?);
    if !matches!(filter_type, 10..=39) {
        return Err(Code::BAD_VALUE);
    }
    if filters.len() >= MOST {
        return Err(Code::LIMIT);
    }
    filters.push(FilterSpec::new(name, filter_type));
    Ok(())
}
