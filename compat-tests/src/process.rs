//! What a process uses, as Linux tells it; knows no server.
use crate::memcheck;

/// Resident memory of a process in kilobytes, what it shares with its parent left out; 0 if it is gone, and under valgrind,
/// whose own memory it would be.
pub fn private_kilobytes(pid: i32) -> u64 {
    if memcheck::folder().is_some() {
        return 0;
    }
    let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    field(&rollup, "Private_Dirty:") + field(&rollup, "Private_Clean:")
}

/// The most memory that a process ever had, in kilobytes; 0 if it is gone, and under valgrind.
pub fn peak_kilobytes(pid: i32) -> u64 {
    if memcheck::folder().is_some() {
        return 0;
    }
    field(&std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default(), "VmHWM:")
}

/// The number behind a name in a file of /proc.
fn field(file: &str, name: &str) -> u64 {
    let line = file.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()).and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Files and sockets that a process has open; 0 if it is gone.
pub fn open_files(pid: i32) -> u64 {
    std::fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, |entries| entries.count() as u64)
}
