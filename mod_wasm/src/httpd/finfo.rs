//! apr_file_info.h: whether a file is still the one that it was, asked by every request of a map and so without a copy.

use super::stat::stat_cstr;
use std::ffi::CStr;

/// In what state a file is: a number that is another once it was changed or replaced, and not negative. The error is the
/// status of APR, an errno.
pub(crate) fn state(path: &CStr) -> Result<i64, i32> {
    let found = stat_cstr(path, false)?;
    let times = [found.st_mtime, found.st_mtime_nsec, found.st_ctime, found.st_ctime_nsec];
    let words = times.into_iter().map(|time| time as u64).chain([found.st_size as u64, found.st_ino, found.st_dev]);
    // Two states have the same number by a chance of one in 2^63.
    let number = words.fold(0, |number: u64, word| (number.rotate_left(29) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    Ok((number >> 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CString;
    use std::fs;
    use std::os::unix::ffi::OsStrExt;
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_file_that_changes_is_in_another_state() {
        let folder = std::env::temp_dir().join(format!("mod_wasm-state-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("file");
        let path = CString::new(file.as_os_str().as_bytes()).unwrap();
        assert_eq!(state(&path), Err(libc::ENOENT));
        fs::write(&file, "one").unwrap();
        let first = state(&path).unwrap();
        assert!(first >= 0 && state(&path) == Ok(first));
        fs::write(&file, "other").unwrap();
        let second = state(&path).unwrap();
        fs::File::open(&file).unwrap().set_modified(SystemTime::now() - Duration::from_secs(9)).unwrap();
        let third = state(&path).unwrap();
        assert!(first != second && second != third && first != third);
        fs::remove_dir_all(&folder).unwrap();
    }
}
