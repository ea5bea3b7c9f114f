//! What `<WasmApacheModule>` says of one module, and the defaults, which are the safe ones; knows no runtime.

use std::time::Duration;

/// What becomes of a request whose guest failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnTrap {
    /// It is answered with 500.
    Fail,
    /// It goes on as if the module had declined.
    Decline,
}

/// Settings of one module.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Groups added to and taken from the default ones.
    pub(crate) groups: Vec<(bool, String)>,
    /// Most bytes of linear memory of one instance.
    pub(crate) memory: usize,
    /// Longest time of one call.
    pub(crate) time: Duration,
    /// See [`OnTrap`].
    pub(crate) on_trap: OnTrap,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            groups: Vec::new(),
            memory: 64 << 20,
            time: Duration::from_secs(1),
            on_trap: OnTrap::Fail,
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
            ("wasmmemorylimit", [size]) => self.memory = bytes(size).ok_or("WasmMemoryLimit takes a number of bytes, with K, M or G, from 64K to 4G")?,
            ("wasmtimelimit", [time]) => self.time = duration(time).ok_or("WasmTimeLimit takes a time of 1ms to 1h, such as 500ms or 2s")?,
            ("wasmontrap", [word]) if word.eq_ignore_ascii_case("fail") => self.on_trap = OnTrap::Fail,
            ("wasmontrap", [word]) if word.eq_ignore_ascii_case("decline") => self.on_trap = OnTrap::Decline,
            ("wasmontrap", _) => return Err("WasmOnTrap takes fail or decline".into()),
            ("wasmapi" | "wasmmemorylimit" | "wasmtimelimit", _) => return Err(format!("{name} takes {} argument", if name.eq_ignore_ascii_case("wasmapi") { "at least one" } else { "one" }).into()),
            _ => return Err(format!("{name} is not allowed in <WasmApacheModule>: WasmApi, WasmMemoryLimit, WasmTimeLimit, WasmOnTrap are").into()),
        }
        Ok(())
    }

    /// Whether the module may import from a group.
    pub(crate) fn allows(&self, group: &str) -> bool {
        // The module group is how a guest describes itself.
        let default = crate::host::DEFAULT_GROUPS.contains(&group);
        group == "module" || self.groups.iter().rev().find(|(_, name)| name == group).map_or(default, |(given, _)| *given)
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
