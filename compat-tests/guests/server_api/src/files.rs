//! Group `file`, and apr_stat.

use crate::{all_shown, done, failed, number, shown};
use apache_module::file::{self, APR_FPROT_OS_DEFAULT, File};
use apache_module::{Error, ffi, stat};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicU32, Ordering};

/// The handle of a file from an earlier call.
static KEPT: AtomicU32 = AtomicU32::new(0);

pub fn call(function: &[u8], arguments: &[&[u8]]) -> Option<String> {
    let path = arguments.first().copied().unwrap_or_default();
    let second = arguments.get(1).copied();
    let permissions = second
        .map_or(APR_FPROT_OS_DEFAULT, |word| u32::from_str_radix(&String::from_utf8_lossy(word), 16).unwrap_or(0));
    Some(match function {
        b"stat" => format!("{:?}", stat::stat(path)),
        b"get_direntries" => file::get_direntries(path).map_or_else(failed, |mut names| {
            names.sort();
            all_shown(&names)
        }),
        b"mkdir" => done(file::mkdir(path, permissions)),
        b"mkrdir" => done(file::mkrdir(path, permissions)),
        b"rmdir" => done(file::rmdir(path)),
        b"touch" => done(file::touch(path, second.map(number))),
        b"remove" => done(file::remove(path)),
        b"rename" => done(file::rename(path, second.unwrap_or_default())),
        b"read" => file::read(path).map_or_else(failed, |bytes| shown(&bytes)),
        b"write" => done(file::write(path, second.unwrap_or_default())),
        b"append" => done(file::append(path, second.unwrap_or_default())),
        b"exclusive" => {
            let flags =
                apache_module::APR_FOPEN_WRITE | apache_module::APR_FOPEN_CREATE | apache_module::APR_FOPEN_EXCL;
            done(File::open(path, flags).map(drop))
        }
        b"open" => done(File::open(path, number(second.unwrap_or_default()) as u32).map(drop)),
        b"seeks" => seeks(path).unwrap_or_else(|why| why.to_string()),
        b"forged" => forged(),
        b"keep" => {
            let handle = ffi::apr_file_open(path, apache_module::APR_FOPEN_READ, 0);
            KEPT.store(handle as u32, Ordering::Relaxed);
            format!("kept {}", ffi::apr_file_read_full(handle as u32, 0, 1, &mut [0]))
        }
        b"kept" => ffi::apr_file_read_full(KEPT.load(Ordering::Relaxed), 0, 1, &mut [0]).to_string(),
        b"many" => {
            let open = || ffi::apr_file_open(path, apache_module::APR_FOPEN_READ, 0);
            let refused = (0..10_000).map(|_| open()).find(|handle| *handle < 0);
            format!("{refused:?}")
        }
        _ => return None,
    })
}

/// Writes and reads a file by the traits of the standard library.
fn seeks(path: &[u8]) -> Result<String, Box<dyn std::error::Error>> {
    let flags = apache_module::APR_FOPEN_READ | apache_module::APR_FOPEN_WRITE | apache_module::APR_FOPEN_CREATE;
    let mut file = File::open(path, flags)?;
    writeln!(file, "first line")?;
    writeln!(file, "second line")?;
    let end = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(6))?;
    file.write_all(b"LINE")?;
    file.rewind()?;
    let lines: Vec<String> = BufReader::new(&mut file).lines().collect::<Result<_, _>>()?;
    file.set_size(5)?;
    file.rewind()?;
    let mut left = String::new();
    file.read_to_string(&mut left)?;
    let before = file.seek(SeekFrom::Current(-100)).map_err(|why| why.kind());
    Ok(format!("{end} {lines:?} {left} {} {before:?}", file.info()?.size))
}

/// The different answers to handles that were never given, or lead to something else.
fn forged() -> String {
    let mut answers = std::collections::BTreeSet::new();
    for forged in (0..1_000).chain([u32::MAX, u32::MAX - 1, 1 << 31]) {
        answers.extend([
            ffi::apr_file_read_full(forged, 0, 10, &mut []),
            ffi::apr_file_write_full(forged, 0, b"x"),
            ffi::apr_file_info_get(forged, &mut []),
            ffi::apr_file_trunc(forged, 0),
            ffi::apr_file_close(forged),
        ]);
    }
    let bad = [
        ffi::apr_dir_read(b"/tmp\0x", &mut []),
        ffi::apr_dir_make(b"/tmp/a\0", 0),
        ffi::apr_dir_make_recursive(b"\0", 0),
        ffi::apr_dir_remove(b"/tmp\0"),
        ffi::apr_file_mtime_set(b"/tmp\0", 0),
        ffi::apr_file_remove(b"a\0b"),
        ffi::apr_file_rename(b"a", b"b\0"),
        ffi::apr_file_open(b"/tmp\0", 1, 0) as i32,
        ffi::apr_file_open(b"/tmp", 0, 0) as i32,
        ffi::apr_file_open(b"/tmp", u32::MAX, 0) as i32,
        ffi::apr_stat(b"/\0", 0, &mut []),
    ];
    let opened = File::open(b"/dev/null", apache_module::APR_FOPEN_READ).expect("there is /dev/null");
    let negative =
        (opened.read_at(-1, 10), opened.write_at(-1, b"x"), opened.set_size(-1), opened.write_at(0, b"x").is_err());
    let limits = negative == (Err(Error::BadValue), Err(Error::BadValue), Err(Error::BadValue), true);
    format!("{answers:?} {bad:?} {limits}")
}
