//! Files and directories: what the guest does to them, and what the system says of them.

use super::{ALL, call, ground, writable};
use crate::ground::{Ground, get};
use compat_tests::client::Connection;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

#[test]
fn directories_are_made_read_and_removed() {
    let ground = ground(ALL, "");
    let folder = writable(&ground);
    let server = ground.start();
    assert_eq!(call(&server, &format!("mkdir;{folder}/one;750")), "done");
    let made = std::fs::metadata(format!("{folder}/one")).unwrap();
    assert_eq!((made.permissions().mode() & 0o7777, made.is_dir()), (0o750, true));
    assert!(call(&server, &format!("mkdir;{folder}/one")).starts_with("Failed(17, "));
    assert!(call(&server, &format!("mkdir;{folder}/a/b/c")).starts_with("Failed(2, "));
    assert_eq!(call(&server, &format!("mkrdir;{folder}/a/b/c")), "done");
    assert_eq!(call(&server, &format!("mkrdir;{folder}/a/b/c")), "done");
    assert_eq!(call(&server, &format!("get_direntries;{folder}")), ". .. a one");
    assert!(call(&server, &format!("rmdir;{folder}/a")).starts_with("Failed(39, "));
    assert_eq!(call(&server, &format!("rmdir;{folder}/a/b/c")), "done");
    assert!(!ground.path("writable/a/b/c").exists());
    assert!(call(&server, "get_direntries;/nowhere").starts_with("Failed(2, "));
    assert!(call(&server, "mkdir;/usr/not-mine").starts_with("Failed(13, "));
}

#[test]
fn files_are_written_read_renamed_and_removed() {
    let ground = ground(ALL, "");
    let folder = writable(&ground);
    let server = ground.start();
    let path = format!("{folder}/file");
    assert_eq!(call(&server, &format!("write;{path};some%20text")), "done");
    assert_eq!(call(&server, &format!("append;{path};,%20more%00")), "done");
    assert_eq!(std::fs::read(&path).unwrap(), b"some text, more\0");
    assert_eq!(call(&server, &format!("read;{path}")), "some text, more\\x00");
    assert!(call(&server, &format!("exclusive;{path}")).starts_with("Failed(17, "));
    assert_eq!(call(&server, &format!("rename;{path};{path}2")), "done");
    assert!(call(&server, &format!("read;{path}")).starts_with("Failed(2, "));
    assert_eq!(call(&server, &format!("write;{path}2;short")), "done");
    assert_eq!(std::fs::read(format!("{path}2")).unwrap(), b"short");
    assert_eq!(call(&server, &format!("remove;{path}2")), "done");
    assert!(!ground.path("writable/file2").exists());
    assert!(call(&server, &format!("remove;{path}2")).starts_with("Failed(2, "));
    let large: Vec<u8> = (0..3_000_000u32).map(|n| b'a' + (n % 26) as u8).collect();
    std::fs::write(&path, &large).unwrap();
    assert_eq!(call(&server, &format!("read;{path}")).as_bytes(), large);
    let lines = r#"23 ["first LINE", "second line"] first 5 Err(InvalidInput)"#;
    assert_eq!(call(&server, &format!("seeks;{folder}/new")), lines);
}

#[test]
fn times_and_the_rest_of_what_stat_says() {
    let ground = ground(ALL, "");
    let folder = writable(&ground);
    let server = ground.start();
    let path = format!("{folder}/file");
    assert_eq!(call(&server, &format!("write;{path};text")), "done");
    assert_eq!(call(&server, &format!("touch;{path};1234567890123456")), "done");
    let found = std::fs::metadata(&path).unwrap();
    assert_eq!((found.mtime(), found.mtime_nsec()), (1_234_567_890, 123_456_000));
    symlink(&path, format!("{folder}/link")).unwrap();
    let micro = |seconds: i64, nanos: i64| seconds * 1_000_000 + nanos / 1_000;
    let expected = format!(
        "Ok(Finfo {{ filetype: 1, protection: {}, size: 4, mtime: 1234567890123456, atime: {}, ctime: {}, inode: {}, device: {}, nlink: 1, user: {}, group: {} }})",
        0x644,
        micro(found.atime(), found.atime_nsec()),
        micro(found.ctime(), found.ctime_nsec()),
        found.ino(),
        found.dev(),
        found.uid(),
        found.gid(),
    );
    assert_eq!(call(&server, &format!("stat;{folder}/link")), expected);
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs() as i64;
    assert_eq!(call(&server, &format!("touch;{path}")), "done");
    assert!((now - 1..now + 10).contains(&std::fs::metadata(&path).unwrap().mtime()));
    assert_eq!(
        call(&server, "touch;/nowhere/file"),
        "Failed(2, [116, 104, 101, 32, 116, 105, 109, 101, 32, 99, 97, 110, 39, 116, 32, 98, 101, 32, 115, 101, 116]): the time can't be set (status 2)"
    );
}

#[test]
fn what_is_no_file_of_ours_is_an_error() {
    let ground = ground(ALL, "");
    let folder = writable(&ground);
    let pipe = format!("{folder}/pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let server = ground.start();
    // -2 BAD_HANDLE, -3 BAD_VALUE.
    assert_eq!(call(&server, "forged"), "{-2} [-3, -3, -3, -3, -3, -3, -3, -3, -3, -3, -3] true");
    assert!(call(&server, "read;/etc/shadow").starts_with("Failed(13, "));
    assert!(call(&server, &format!("read;{folder}")).starts_with("Failed(21, "));
    assert!(call(&server, "write;/etc/passwd;x").starts_with("Failed(13, "));
    // A pipe that nobody writes to keeps nobody waiting, and can't be read at an offset.
    assert!(call(&server, &format!("read;{pipe}")).starts_with("Failed(29, "));
    assert!(call(&server, "open;/dev/null;2000").starts_with("BadValue"));
}

#[test]
fn what_is_open_is_closed_when_the_call_ends() {
    let ground: Ground = ground(ALL, "");
    let server = ground.start();
    let mut connection = Connection::open(server.address()).unwrap();
    let mut call =
        |call: &str| String::from_utf8_lossy(&get(&mut connection, &format!("/api?{call}")).body).trim().to_string();
    let pid: i32 = call("stat;/proc/self").len() as i32;
    assert!(pid > 0);
    let open = |call: &mut dyn FnMut(&str) -> String| call("get_direntries;/proc/self/fd").split(' ').count();
    let before = open(&mut call);
    for _ in 0..5 {
        assert_eq!(call("many;/etc/passwd"), "Some(-6)");
    }
    assert_eq!(call("keep;/etc/passwd"), "kept 1");
    assert_eq!(call("kept"), "-2");
    assert!(open(&mut call) <= before + 3, "{before} {}", open(&mut call));
}
