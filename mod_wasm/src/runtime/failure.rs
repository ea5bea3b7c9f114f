//! What can go wrong in a guest, told in one line that is safe to log although the guest wrote half of it.

use super::bounds::Refused;
use std::fmt;
use std::time::Duration;

/// Longest text of a failure, in bytes.
const LINE: usize = 1_500;
/// Longest text of one part of a failure, in bytes: a hostile guest must not crowd out the rest.
const PART: usize = 400;

/// Why a call into a guest, or its instantiation, gave no result.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The guest trapped.
    Trap {
        /// wasmtime's words, such as `wasm trap: out of bounds memory access`.
        what: String,
        /// Frames, innermost first: `0: function (module)`.
        backtrace: Vec<String>,
    },
    /// The call lasted longer than its limit.
    TimeLimit {
        /// The limit.
        limit: Duration,
        /// Frames, innermost first.
        backtrace: Vec<String>,
    },
    /// The guest gave up after a growth of its memory was refused.
    MemoryLimit {
        /// The limit in bytes.
        limit: usize,
        /// How it gave up.
        what: String,
        /// Frames, innermost first.
        backtrace: Vec<String>,
    },
    /// The guest gave up after a growth of one of its tables was refused.
    TableLimit {
        /// The limit in elements.
        limit: usize,
        /// How it gave up.
        what: String,
        /// Frames, innermost first.
        backtrace: Vec<String>,
    },
    /// The guest used up its stack, or there was too little left to call it, or too many calls were within one another.
    Stack {
        /// What there is to say of it.
        what: String,
        /// Frames, innermost first.
        backtrace: Vec<String>,
    },
    /// A host function failed.
    Host {
        /// Its error and the causes of that.
        what: String,
        /// Frames, innermost first.
        backtrace: Vec<String>,
    },
    /// The guest ended itself by a host function that returned [`Exit`].
    Exit(i32),
    /// The instance failed before and is never entered again.
    Poisoned,
}

/// The error by which a host function (WASI's `proc_exit`) ends the guest: becomes [`Failure::Exit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("exit with status {0}")]
pub struct Exit(pub i32);

impl Failure {
    /// Classifies an error of wasmtime; `refused` is the growth that was refused before, if one was.
    pub(super) fn new(error: &wasmtime::Error, module: &str, limit: Duration, refused: Option<Refused>) -> Failure {
        if let Some(Exit(status)) = error.downcast_ref() {
            return Failure::Exit(*status);
        }
        let backtrace = frames(error, module);
        match error.downcast_ref::<wasmtime::Trap>() {
            Some(wasmtime::Trap::Interrupt) => Failure::TimeLimit { limit, backtrace },
            Some(trap @ wasmtime::Trap::StackOverflow) => Failure::Stack { what: trap.to_string(), backtrace },
            Some(trap) => {
                let what = trap.to_string();
                match refused {
                    // Out of memory ends in `unreachable` (Rust, AssemblyScript), or in a write near null (C).
                    Some(Refused::Memory(limit)) => Failure::MemoryLimit { limit, what, backtrace },
                    Some(Refused::Table(limit)) => Failure::TableLimit { limit, what, backtrace },
                    None => Failure::Trap { what, backtrace },
                }
            }
            None => Failure::Host { what: causes(error), backtrace },
        }
    }

    /// The guest's frames at the failure, innermost first; empty when there are none.
    pub fn backtrace(&self) -> &[String] {
        match self {
            Failure::Trap { backtrace, .. }
            | Failure::TimeLimit { backtrace, .. }
            | Failure::MemoryLimit { backtrace, .. }
            | Failure::TableLimit { backtrace, .. }
            | Failure::Stack { backtrace, .. }
            | Failure::Host { backtrace, .. } => backtrace,
            Failure::Exit(_) | Failure::Poisoned => &[],
        }
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = match self {
            Failure::Trap { what, .. } => plain(what, PART),
            Failure::TimeLimit { limit, .. } => {
                format!("time limit of {} ms exceeded", limit.as_millis())
            }
            Failure::MemoryLimit { limit, what, .. } => {
                format!("memory limit of {limit} bytes reached, then {}", plain(what, PART))
            }
            Failure::TableLimit { limit, what, .. } => {
                format!("table limit of {limit} elements reached, then {}", plain(what, PART))
            }
            Failure::Stack { what, .. } | Failure::Host { what, .. } => plain(what, PART),
            Failure::Exit(status) => format!("guest exited with status {status}"),
            Failure::Poisoned => "instance failed before".to_owned(),
        };
        for (i, frame) in self.backtrace().iter().enumerate() {
            let frame = plain(frame, PART);
            if line.len() + frame.len() + 8 > LINE {
                line.push_str(" <- ...");
                break;
            }
            line.push_str(if i == 0 { " at " } else { " <- " });
            line.push_str(&frame);
        }
        f.write_str(&line)
    }
}

/// An error and its causes without the backtrace that wasmtime puts among them.
fn causes(error: &wasmtime::Error) -> String {
    let backtrace = error.downcast_ref::<wasmtime::WasmBacktrace>().map(ToString::to_string);
    let parts: Vec<String> =
        error.chain().map(ToString::to_string).filter(|text| Some(text) != backtrace.as_ref()).collect();
    parts.join(": ")
}

/// The frames of an error.
fn frames(error: &wasmtime::Error, module: &str) -> Vec<String> {
    let Some(trace) = error.downcast_ref::<wasmtime::WasmBacktrace>() else {
        return Vec::new();
    };
    // wasmtime demangles names only when it prints the whole trace, a line each: `  0: 0x1234 - module!function`.
    // With a line break in a name that can't be taken apart, and such a name isn't mangled either.
    let text = trace.to_string();
    let lines: Vec<&str> = text.lines().skip(1).collect();
    let whole = lines.len() == trace.frames().len();
    let frame = |(i, frame): (usize, &wasmtime::FrameInfo)| {
        let own = frame.module().name().unwrap_or("<unknown>");
        let printed = lines.get(i).filter(|_| whole).and_then(|line| line.split_once(&format!("{own}!")));
        let function = match (printed, frame.func_name()) {
            (Some((_, function)), Some(name)) if is_mangled(name) => plain(function, PART),
            (_, Some(name)) => plain(name, PART),
            (_, None) => format!("<wasm function {}>", frame.func_index()),
        };
        format!("{i}: {function} ({module})")
    };
    trace.frames().iter().enumerate().map(frame).collect()
}

/// Whether a name is Rust's or C++'s mangled one: wasmtime would take the name `h` for `unsigned char`.
fn is_mangled(name: &str) -> bool {
    ["_Z", "_R"].iter().any(|prefix| name.starts_with(prefix))
}

/// The text without control characters, shortened to `most` bytes.
pub(super) fn plain(text: &str, most: usize) -> String {
    let mut line = String::with_capacity(text.len().min(most + 4));
    for c in text.chars() {
        if line.len() + c.len_utf8() > most {
            line.push_str("...");
            break;
        }
        line.push(if c.is_control() || is_bidi(c) { '?' } else { c });
    }
    line
}

/// Whether a character reorders or breaks the text around it in a terminal.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
