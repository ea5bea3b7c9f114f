//! httpd's error log in a form that two servers can be compared by; it knows the log's format and
//! which lines speak of the server rather than of a request.
use std::sync::OnceLock;

use regex::Regex;

use crate::difference::Volatile;

/// One line of httpd's default ErrorLogFormat, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Module name without `mod_` and `.c`, such as `headers`; empty for bare text (a CGI script's).
    pub module: String,
    /// Level name, such as `error` or `trace2`.
    pub level: String,
    /// `AHnnnnn`, where the message has one.
    pub id: Option<String>,
    /// The message, with volatile values replaced.
    pub message: String,
}

/// What names the process, the thread, the client's port or a place in source code or memory.
const VOLATILE: &[(&str, &str)] = &[
    (r"\[client ([0-9.]+):\d+\]", "[client $1]"),
    (r"\[remote ([0-9.]+):\d+\]", "[remote $1]"),
    (r"\b(pid|process|child) \d+", "$1 <pid>"),
    (r"0x[0-9a-f]{6,}", "<pointer>"),
    (r"\b([sr]id)#[0-9a-f]+", "$1#<pointer>"),
];

impl Line {
    /// Takes a line of the log apart.
    pub fn parse(text: &str) -> Line {
        static LINE: OnceLock<(Regex, Volatile)> = OnceLock::new();
        let (pattern, volatile) = LINE.get_or_init(|| {
            let pattern = r"(?x)^\[[^\]]*\]\ \[(?<module>[^:\]]*):(?<level>\w+)\]\ \[pid\ \d+(?::tid\ \d+)?\]\ 
                (?:[\w./-]+\.\w+\(\d+\):\ )?(?<rest>.*)$";
            (Regex::new(pattern).expect("a pattern of this file"), Volatile::compile(VOLATILE))
        });
        let Some(found) = pattern.captures(text) else {
            return Line {
                module: String::new(),
                level: String::new(),
                id: None,
                message: Volatile::get().replace(text),
            };
        };
        let message = volatile.replace(&Volatile::get().replace(&found["rest"]));
        let id = message.split([' ', ':']).find(|word| is_id(word)).map(str::to_owned);
        Line { module: found["module"].to_owned(), level: found["level"].to_owned(), id, message }
    }

    /// Whether the line is of level error, crit, alert or emerg.
    pub fn is_error(&self) -> bool {
        matches!(self.level.as_str(), "error" | "crit" | "alert" | "emerg")
    }

    /// Whether the line tells of the server's own life (start, stop, its children) or of the Wasm
    /// host's, which has no counterpart on the native side.
    fn is_about_the_server(&self) -> bool {
        // Now and then a connection is kept alive at the moment in which a child ends (event.c:process_socket), or a slow
        // machine's only thread is found at work by the maintenance of each second.
        let now_and_then = ["AH03093: ", "server reached MaxRequestWorkers setting"];
        if now_and_then.iter().any(|words| self.message.contains(words)) {
            return true;
        }
        if self.is_error() || self.message.contains("exit signal") {
            return false;
        }
        self.module.starts_with("mpm_")
            // core: the command line, and the PID file that goes at the end.
            || ["AH00094: ", "AH00096: "].iter().any(|id| self.message.starts_with(id))
            || matches!(self.module.as_str(), "wasm" | "cgid" | "watchdog" | "so")
    }
}

fn is_id(word: &str) -> bool {
    word.len() == 7 && word.starts_with("AH") && word[2..].bytes().all(|b| b.is_ascii_digit())
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.module.is_empty() && self.level.is_empty() {
            return write!(f, "{}", self.message);
        }
        write!(f, "[{}:{}] {}", self.module, self.level, self.message)
    }
}

/// The lines of a log that can be compared between two servers, in their order.
pub fn comparable(log: &str) -> Vec<Line> {
    log.lines().map(Line::parse).filter(|line| !line.is_about_the_server()).collect()
}

/// The comparable lines as text.
pub fn render(log: &str) -> String {
    comparable(log).iter().map(|line| format!("{line}\n")).collect()
}

/// The comparable lines where mod_lua runs scripts on one server and mod_wasm guests on the other: what a script logs is
/// of the module `script`, and what the two modules say of their own work below the level of errors is left out.
pub fn render_scripts(log: &str) -> String {
    let lines = log.lines().map(Line::parse).filter_map(|mut line| {
        if matches!(line.module.as_str(), "lua" | "wasm") {
            if line.id.is_some() && !line.is_error() {
                return None;
            }
            // Only what is about a request can come from a script.
            if !line.is_error() && !line.message.contains("[client ") && line.module == "wasm" {
                return None;
            }
            // At debug and above a message begins with its place in the script.
            let place = Regex::new(r"^@\S+\(\d+\): ").expect("a pattern of this file");
            line.message = place.replace(&line.message, "").into_owned();
            if line.message.contains("mapped handler details: ") {
                return None;
            }
            line.module = "script".to_owned();
        }
        (!line.is_about_the_server()).then(|| format!("{line}\n"))
    });
    lines.collect()
}

/// The lines that tell of a crashed child.
pub fn crashes(log: &str) -> Vec<&str> {
    log.lines().filter(|line| line.contains("exit signal")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_loses_its_time_its_process_and_its_place_in_the_source() {
        let line = Line::parse(
            "[Sun Nov 22 16:00:00.000001 2026] [headers:trace2] [pid 1:tid 2] mod_headers.c(921): AH01502: headers: done",
        );
        assert_eq!(line.to_string(), "[headers:trace2] AH01502: headers: done");
        assert_eq!(line.id.as_deref(), Some("AH01502"));
    }

    #[test]
    fn the_client_s_port_goes_but_its_address_stays() {
        let line =
            Line::parse("[Sun Nov 22 16:00:00 2026] [core:error] [pid 1] [client 127.0.0.1:4711] AH00126: Invalid URI");
        assert_eq!(line.to_string(), "[core:error] [client 127.0.0.1] AH00126: Invalid URI");
    }
}
