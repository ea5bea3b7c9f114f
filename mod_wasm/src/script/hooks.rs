//! Hooks and handlers: which functions run here, and what their answers become.

use super::config::{Function, MapHandler, Phase, When};
use super::{instances, log, on_trap};
use crate::call::{self, DECLINED, INTERNAL_SERVER_ERROR, Kind, Left};
use crate::httpd::Request;
use crate::own::Dir;
use crate::settings::OnTrap;

/// Most groups of a pattern that a handler's file or function may hold, `$0` to `$9`.
const GROUPS: usize = 10;

/// Runs the functions of a phase up to the first that doesn't decline; all of them in one that answers nothing.
#[inline]
pub(crate) fn run(phase: Phase, when: When, r: Request<'_>) -> i32 {
    let Some((dir, config)) = r.own().and_then(|dir| Some((dir, dir.script.get()?))) else { return DECLINED };
    for function in config.functions(phase, when) {
        let kind = if phase == Phase::Log { Kind::Log } else { Kind::Other };
        let status = call(dir, function, phase.name(), kind, r);
        if phase == Phase::InsertFilter {
            if status >= 400 {
                r.fail();
            }
        } else if status != DECLINED {
            return status;
        }
    }
    DECLINED
}

fn call(dir: &Dir, function: &Function, doing: &str, kind: Kind, r: Request<'_>) -> i32 {
    let mut left = Left::default();
    let result = instances::with(dir, function, r, |guest| {
        let (instance, export) = guest.hook(&function.name)?;
        call::hook(instance, export, r, &mut left)
    });
    call::answer(result, left, kind, r, |failure| {
        log(function, doing, r, failure);
        if on_trap(dir) == OnTrap::Decline { DECLINED } else { INTERNAL_SERVER_ERROR }
    })
}

/// Has the function `handle` of the file that was asked for make the answer.
pub(crate) fn handle(r: Request<'_>) -> i32 {
    let Some((dir, file)) = r.own().zip(r.filename()) else { return DECLINED };
    // Two requests for a file have no directive in common; its path tells it.
    let function = Function { id: 0, file: file.to_vec(), name: HANDLE.with(Clone::clone) };
    call(dir, &function, "the handler", Kind::Handler, r)
}

thread_local! {
    static HANDLE: std::sync::Arc<str> = super::directives::HANDLE.into();
}

/// Whether a URL is one that a `WasmMapHandler` answers.
pub(crate) fn is_mapped(r: Request<'_>) -> bool {
    let Some((config, uri)) = r.own().and_then(|dir| Some((dir.script.get()?, r.uri()?))) else { return false };
    config.map_handlers.iter().any(|handler| handler.pattern.exec(uri, &mut [], 0))
}

/// Has the functions of every `WasmMapHandler` that matches make the answer, up to the first that doesn't decline.
#[inline]
pub(crate) fn map_handler(r: Request<'_>) -> i32 {
    let Some((dir, config)) = r.own().and_then(|dir| Some((dir, dir.script.get()?))) else { return DECLINED };
    for handler in &config.map_handlers {
        // Each time anew, since a function may have written the URL.
        let Some(uri) = r.uri() else { return DECLINED };
        let mut groups = [(-1, -1); GROUPS];
        if !handler.pattern.exec(uri, &mut groups, 0) {
            continue;
        }
        let status = if handler.has_groups {
            filled_in(dir, handler, uri, &groups, r)
        } else {
            call(dir, &handler.template, "the handler", Kind::Handler, r)
        };
        if status != DECLINED {
            return status;
        }
    }
    DECLINED
}

fn filled_in(dir: &Dir, handler: &MapHandler, uri: &[u8], groups: &[(i32, i32)], r: Request<'_>) -> i32 {
    let file = interpolate(&handler.template.file, uri, groups);
    let name = interpolate(handler.template.name.as_bytes(), uri, groups);
    let function = Function { id: 0, file, name: String::from_utf8_lossy(&name).into() };
    call(dir, &function, "the handler", Kind::Handler, r)
}

/// Whether a text holds `$0` to `$9`.
pub(super) fn has_groups(text: &[u8]) -> bool {
    text.array_windows().any(|[first, second]| *first == b'$' && second.is_ascii_digit())
}

/// A text with what matched in place of `$0` to `$9`; a group that took no part is empty.
fn interpolate(template: &[u8], subject: &[u8], groups: &[(i32, i32)]) -> Vec<u8> {
    let mut text = Vec::with_capacity(template.len() + subject.len());
    let mut rest = template.iter();
    while let Some(byte) = rest.next() {
        let digit = rest.as_slice().first().filter(|digit| *byte == b'$' && digit.is_ascii_digit());
        let Some(digit) = digit else {
            text.push(*byte);
            continue;
        };
        rest.next();
        let group = groups
            .get(usize::from(digit - b'0'))
            .and_then(|(start, end)| usize::try_from(*start).ok().zip(usize::try_from(*end).ok()));
        text.extend_from_slice(group.and_then(|(start, end)| subject.get(start..end)).unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_filled_in() {
        let groups = [(0, 9), (1, 4), (-1, -1), (5, 9)];
        let fill = |template: &str| String::from_utf8(interpolate(template.as_bytes(), b"/one/four", &groups)).unwrap();
        assert_eq!(fill("/srv/$1/$3.wasm"), "/srv/one/four.wasm");
        assert_eq!(fill("$0"), "/one/four");
        assert_eq!(fill("[$2][$9]"), "[][]");
        assert_eq!(fill("$$1 $x $"), "$one $x $");
        assert!(has_groups(b"a$0") && has_groups(b"$9.wasm") && !has_groups(b"$x") && !has_groups(b"a$"));
    }
}
