//! Bounds and permissions of guests, as `<WasmApacheModule>` or a section gives them, and the defaults, which are the safe
//! ones; knows no guest.

use crate::httpd::own::{ACCESS_CONF, ITERATE, OR_ALL, RSRC_CONF, TAKE1, TAKE123};
use crate::own::{Command, Dir, Directive, Merge};
use crate::runtime::Limits;
use std::ffi::CStr;
use std::time::Duration;

/// Those that hold for what a section runs.
pub(crate) const COMMANDS: &[Command] = &[
    command(c"WasmApi", ITERATE, c"groups of host functions to add (+group) or to take away (-group)"),
    command(c"WasmMemoryLimit", TAKE1, c"the most bytes of memory of one instance, with K, M or G"),
    command(c"WasmTimeLimit", TAKE1, c"the longest time of one call, with ms, s, min or h"),
    command(c"WasmOnTrap", TAKE1, c"what becomes of a request whose guest failed: fail or decline"),
    Command {
        name: c"WasmScope",
        args_how: TAKE123,
        allowed: OR_ALL,
        never: 0,
        help: c"how long an instance lives: once, request, conn, thread or server, the last with the least and the most instances",
        run: take,
    },
];

/// A setting in a server's or a directory's section; who writes a .htaccess file can't lift what bounds him.
const fn command(name: &'static CStr, args_how: u32, help: &'static CStr) -> Command {
    Command { name, args_how, allowed: ACCESS_CONF | RSRC_CONF, never: 0, help, run: take }
}

fn take(dir: &mut Dir, directive: &Directive<'_>) -> Result<(), Vec<u8>> {
    if directive.context.in_htaccess && directive.words.len() > 1 {
        return Err(b"WasmScope: how many instances there are is not for a .htaccess file to say".to_vec());
    }
    dir.settings.edit()?.set(&directive.context.name, &directive.words)
}

/// Most instances that a server's scope may keep.
const MOST_INSTANCES: usize = 10_000;

/// What becomes of a request whose guest failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum OnTrap {
    /// It is answered with 500.
    Fail,
    /// It goes on as if the module had declined.
    Decline,
}

/// How long an instance lives, and whom it serves meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scope {
    /// One call, or one body for a filter.
    Once,
    /// One request, with those that it is redirected to internally.
    Request,
    /// One connection.
    Conn,
    /// One thread.
    Thread,
    /// One child of the server: so many are made at once, and so many are kept.
    Server {
        /// Made at the first use.
        min: usize,
        /// Kept at most.
        max: usize,
    },
}

impl Default for Scope {
    /// As many as are needed at a time, of which as many are kept as a child's threads may call.
    fn default() -> Self {
        Scope::Server { min: 1, max: usize::MAX }
    }
}

impl Scope {
    /// Whether instances come and go with requests.
    pub(crate) fn is_short(self) -> bool {
        matches!(self, Scope::Once | Scope::Request)
    }

    fn parse(words: &[std::borrow::Cow<'_, str>]) -> Option<Scope> {
        let (name, counts) = words.split_first()?;
        Some(match (name.to_ascii_lowercase().as_str(), counts) {
            ("once", []) => Scope::Once,
            ("request", []) => Scope::Request,
            ("conn", []) => Scope::Conn,
            ("thread", []) => Scope::Thread,
            ("server", []) => Scope::default(),
            ("server", [..]) if counts.len() <= 2 => {
                let mut counts =
                    counts.iter().map(|count| count.parse().ok().filter(|count| (1..=MOST_INSTANCES).contains(count)));
                let min = counts.next().unwrap_or(Some(1))?;
                let max = counts.next().unwrap_or(Some(min))?;
                (min <= max).then_some(Scope::Server { min, max })?
            }
            _ => return None,
        })
    }
}

/// Settings of one module or section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Settings {
    groups: Vec<(bool, String)>,
    memory: Option<usize>,
    time: Option<Duration>,
    on_trap: Option<OnTrap>,
    scope: Option<Scope>,
}

impl Merge for Settings {
    fn merge(&self, add: &Settings) -> Settings {
        Settings {
            groups: [&self.groups[..], &add.groups].concat(),
            memory: add.memory.or(self.memory),
            time: add.time.or(self.time),
            on_trap: add.on_trap.or(self.on_trap),
            scope: add.scope.or(self.scope),
        }
    }
}

impl Settings {
    /// Takes one line of the section.
    ///
    /// # Errors
    /// A text for the administrator.
    pub(crate) fn set(&mut self, name: &[u8], words: &[&[u8]]) -> Result<(), Vec<u8>> {
        let name = String::from_utf8_lossy(name);
        let words: Vec<_> = words.iter().map(|word| String::from_utf8_lossy(word)).collect();
        match (name.to_ascii_lowercase().as_str(), words.as_slice()) {
            ("wasmapi", [_, ..]) => {
                for word in &words {
                    self.groups.push(group(word)?);
                }
            }
            ("wasmmemorylimit", [size]) => self.memory = Some(bytes(size).ok_or("WasmMemoryLimit takes a number of bytes, with K, M or G, from 64K to 4G")?),
            ("wasmtimelimit", [time]) => self.time = Some(duration(time).ok_or("WasmTimeLimit takes a time of 1ms to 1h, such as 500ms or 2s")?),
            ("wasmontrap", [word]) if word.eq_ignore_ascii_case("fail") => self.on_trap = Some(OnTrap::Fail),
            ("wasmontrap", [word]) if word.eq_ignore_ascii_case("decline") => self.on_trap = Some(OnTrap::Decline),
            ("wasmscope", _) => {
                self.scope = Some(Scope::parse(&words).ok_or("WasmScope takes once, request, conn, thread, or server with the least and the most instances, from 1 to 10000")?);
            }
            ("wasmontrap", _) => return Err("WasmOnTrap takes fail or decline".into()),
            ("wasmapi" | "wasmmemorylimit" | "wasmtimelimit", _) => return Err(format!("{name} takes {} argument", if name.eq_ignore_ascii_case("wasmapi") { "at least one" } else { "one" }).into()),
            _ => return Err(format!("{name} is not allowed in <WasmApacheModule>: WasmApi, WasmMemoryLimit, WasmTimeLimit, WasmOnTrap, WasmScope, WasmArg, WasmEnv, WasmDir, WasmMapDir are").into()),
        }
        Ok(())
    }

    /// Most bytes of linear memory of one instance, and longest time of one call.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            memory: self.memory.unwrap_or(64 << 20),
            time: self.time.unwrap_or(Duration::from_secs(1)),
            ..Limits::default()
        }
    }

    /// See [`OnTrap`].
    pub(crate) fn on_trap(&self) -> OnTrap {
        self.on_trap.unwrap_or(OnTrap::Fail)
    }

    /// See [`Scope`].
    pub(crate) fn scope(&self) -> Scope {
        self.scope.unwrap_or_default()
    }

    /// Whether the module may import from a group.
    pub(crate) fn allows(&self, group: &str) -> bool {
        // The module group is how a guest describes itself.
        let default = crate::host::DEFAULT_GROUPS.contains(&group);
        group == "module"
            || self.groups.iter().rev().find(|(_, name)| name == group).map_or(default, |(given, _)| *given)
    }
}

fn group(word: &str) -> Result<(bool, String), Vec<u8>> {
    let (given, name) = match word.strip_prefix('-') {
        Some(name) => (false, name),
        None => (true, word.strip_prefix('+').unwrap_or(word)),
    };
    let name = name.to_ascii_lowercase();
    if crate::host::GROUPS.contains(&name.as_str()) {
        Ok((given, name))
    } else {
        Err(format!("WasmApi: no group {name}; there are {}", crate::host::GROUPS.join(", ")).into())
    }
}

/// Bytes from `64K`, `16M`, `1G` or a plain number.
fn bytes(text: &str) -> Option<usize> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit: usize = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return None,
    };
    let size = digits.parse::<usize>().ok()?.checked_mul(unit)?;
    (64 << 10..=4 << 30).contains(&size).then_some(size)
}

/// A time from `500ms`, `2s`, `1min` or plain seconds.
fn duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "ms" => 1,
        "" | "s" => 1_000,
        "min" | "mi" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let time = digits.parse::<u64>().ok()?.checked_mul(unit)?;
    (1..=3_600_000).contains(&time).then(|| Duration::from_millis(time))
}
