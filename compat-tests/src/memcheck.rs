//! httpd under valgrind's memcheck, where the environment variable `COMPAT_MEMCHECK` names a folder for what it finds. It
//! knows valgrind's options and logs, and nothing of what a server is asked.
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

/// How many times longer everything may take.
const SLOWER: u32 = 20;

/// valgrind has not enough address space for memories of 4 GB with their guards; with a limit, in kilobytes, they are small.
const ADDRESS_SPACE: u32 = 6_000_000;

/// The folder for what is found; `None` where servers run as they are.
pub fn folder() -> Option<PathBuf> {
    std::env::var_os("COMPAT_MEMCHECK").filter(|name| !name.is_empty()).map(PathBuf::from)
}

/// How long to wait for what usually takes less than `time`.
pub fn patience(time: Duration) -> Duration {
    if folder().is_some() { time * SLOWER } else { time }
}

/// A line that gives guests the time that they need under valgrind, in place of the default of a second.
pub fn time_limit() -> Option<String> {
    folder().map(|_| format!("WasmTimeLimit {SLOWER}s\n"))
}

/// `httpd`, or valgrind that runs it. Each of its processes writes a log that begins with the name of `root`. What it
/// executes itself (CGI programs, programs of maps) runs as it is.
pub fn command(httpd: &Path, root: &Path) -> Command {
    let Some(folder) = folder() else { return Command::new(httpd) };
    let suppressions = Path::new(env!("CARGO_MANIFEST_DIR")).join("memcheck.supp");
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &format!("ulimit -v {ADDRESS_SPACE}; exec valgrind \"$@\""), "sh"]);
    // Guests are compiled at run time: code may change in memory that belongs to no file.
    // With the suppressions that were used, at each process's end.
    command.args(["--quiet", "--show-error-list=yes", "--vgdb=no", "--smc-check=all-non-file", "--num-callers=40"]);
    // Else valgrind translates what an unconditional jump leads to as if it stood there, and gives the jump's place for a
    // fault behind it. No trap is known at that place, so wasmtime lets the fault end the process: a call of a null pointer.
    command.arg("--vex-guest-chase=no");
    // What is still known at a process's end is a pool's, or lives as long as the process; nobody knows what is lost.
    command.args(["--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite"]);
    command.arg(format!("--suppressions={}", suppressions.display()));
    command.arg(format!("--suppressions={}", traps(&folder).display()));
    command.arg(format!("--log-file={}/{}%p.log", folder.display(), prefix(root)));
    command.arg(httpd);
    command
}

/// A file in `folder` that suppresses how compiled code traps: a check that fails has it read or write at address 0 (cranelift's
/// mitigation of Spectre, where the bounds of a memory or a table are checked by code), or a little above (the type of the
/// function that a call of a null pointer would call), and wasmtime's handler of SIGSEGV takes it from there.
///
/// The frames nearest to it are of code that belongs to no file, two at least, and the next one is mod_wasm's, which called the
/// guest: so it is neither a function of the host's nor a pattern that PCRE compiled, which libpcre2 calls. "Some such frames"
/// can't be said. From deep in a guest's recursion none of the frames that valgrind keeps is the host's.
fn traps(folder: &Path) -> PathBuf {
    static WRITTEN: OnceLock<PathBuf> = OnceLock::new();
    let write = || {
        let file = folder.join("traps.supp");
        std::fs::write(&file, trap_suppressions()).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        file
    };
    WRITTEN.get_or_init(write).clone()
}

/// One for each size that an instruction reads or writes, and each number of frames.
fn trap_suppressions() -> String {
    const DEEP: usize = 8;
    let mut text = String::new();
    for (size, frames) in [1, 2, 4, 8, 16].into_iter().flat_map(|size| (2..=DEEP).map(move |frames| (size, frames))) {
        let (guest, caller) =
            ("   obj:???\n".repeat(frames), if frames < DEEP { "   obj:*/mod_wasm.so\n" } else { "" });
        text += &format!("{{\n   a-guest-traps\n   Memcheck:Addr{size}\n{guest}{caller}}}\n");
    }
    text
}

/// What httpd says on stderr, without what it says because the address space is limited.
pub fn without_notices(said: &str) -> String {
    if folder().is_none() {
        return said.to_owned();
    }
    said.lines()
        .filter(|line| !line.contains("mod_wasm: address space limit of "))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// What the names of a server's logs begin with.
fn prefix(root: &Path) -> String {
    root.file_name().map_or_else(String::new, |name| format!("{}-", name.to_string_lossy().replace('%', "")))
}

/// What was found in the processes that were started from `root` and have ended: each error and each leak with its stack.
pub fn found(root: &Path) -> String {
    let prefix = prefix(root);
    let logs = folder().into_iter().flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten());
    let ours = logs.filter(|log| log.file_name().to_string_lossy().starts_with(&prefix));
    let logs = ours.filter_map(|log| std::fs::read(log.path()).ok());
    logs.map(|log| errors(&String::from_utf8_lossy(&log))).collect()
}

/// A log without its last words: how many errors there were, and what was suppressed. Nothing, if all is well.
fn errors(log: &str) -> String {
    // `==1234== words` is said of an error, `--1234-- words` of valgrind's own work.
    let said = log.lines().filter(|line| {
        let words =
            line.strip_prefix("==").and_then(|rest| rest.split_once("==")).map_or("", |(_, words)| words.trim());
        !words.is_empty() && !words.starts_with("ERROR SUMMARY: ")
    });
    said.map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::{errors, trap_suppressions};

    #[test]
    fn a_trap_is_told_by_what_called_the_guest() {
        let text = trap_suppressions();
        let entries: Vec<_> = text.split("}\n").filter(|entry| !entry.is_empty()).collect();
        assert_eq!(entries.len(), 5 * 7);
        for entry in entries {
            let unknown = entry.matches("obj:???").count();
            assert!(unknown >= 2 && (unknown == 8) != entry.ends_with("obj:*/mod_wasm.so\n"), "{entry}");
        }
    }

    #[test]
    fn what_was_suppressed_is_no_error() {
        let end = "==12== ERROR SUMMARY: 0 errors from 0 contexts (suppressed: 2 from 2)\n--12-- \n\
                   --12-- used_suppression:      2 any s.supp:2 suppressed: 30 bytes in 2 blocks\n==12== \n";
        assert_eq!(errors(end), "");
        let leak = "==12== 10 bytes in 1 blocks are definitely lost in loss record 1 of 1\n==12==    at 0x48: malloc\n";
        assert_eq!(errors(&format!("{leak}==12== \n{end}")), leak);
    }
}
