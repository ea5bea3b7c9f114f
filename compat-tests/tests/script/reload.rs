//! WasmCodeCache, and restarts: when a changed file is loaded again.

use super::site::{get, header, replace, serve, text};
use anyhow::Result;
use std::fs::{File, FileTimes};
use std::time::{Duration, SystemTime};

/// A script whose function `f` answers with a status, padded to one size.
fn script(status: u32) -> Vec<u8> {
    // (module (func (export "apache_abi_version_1")) (memory (export "memory") 1)
    //         (func (export "f") (param i32) (result i32) i32.const STATUS))
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    let mut section = |id: u8, content: &[u8]| {
        wasm.push(id);
        wasm.push(content.len() as u8);
        wasm.extend_from_slice(content);
    };
    section(1, &[2, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f]);
    section(3, &[2, 0, 1]);
    section(5, &[1, 0, 1]);
    let mut exports = vec![3];
    for (name, kind, index) in [("apache_abi_version_1", 0, 0), ("memory", 2, 0), ("f", 0, 1)] {
        exports.push(name.len() as u8);
        exports.extend_from_slice(name.as_bytes());
        exports.extend_from_slice(&[kind, index]);
    }
    section(7, &exports);
    section(10, &[2, 2, 0, 0x0b, 5, 0, 0x41, (status & 0x7f) as u8 | 0x80, (status >> 7) as u8, 0x0b]);
    wasm
}

#[test]
fn a_changed_file_is_loaded_as_the_directive_says() -> Result<()> {
    for (cache, follows) in
        [("", true), ("WasmCodeCache stat", true), ("WasmCodeCache forever", false), ("WasmCodeCache never", true)]
    {
        for scope in ["once", "conn", "thread", "server"] {
            let (place, server) = serve(&format!("WasmCodeCache forever\n{cache}\nWasmScope {scope}\n"))?;
            server.stop()?;
            let file = place.path("f.wasm");
            std::fs::write(&file, script(403))?;
            let conf = format!("WasmRoot ${{root}}\n{cache}\nWasmScope {scope}\nWasmHookFixups f.wasm f\n");
            place.write(&conf)?;
            let server = place.start()?;
            let status = |wanted: [u16; 2]| -> Result<()> {
                // Each thread has a memory of its own.
                for _ in 0..6 {
                    assert_eq!(
                        get(&server, "/plain.txt")?.head.code(),
                        Some(wanted[usize::from(!follows)]),
                        "{cache} {scope}"
                    );
                }
                Ok(())
            };
            status([403, 403])?;
            replace(&file, &script(410))?;
            status([410, 403])?;
            // What is broken is told, and mended without a restart.
            replace(&file, b"not a module")?;
            let mark = server.mark();
            status([500, 403])?;
            assert_eq!(server.log_since(mark)?.contains("not a WebAssembly module"), follows);
            replace(&file, &script(404))?;
            status([404, 403])?;
            server.graceful()?;
            std::thread::sleep(Duration::from_millis(300));
            assert_eq!(get(&server, "/plain.txt")?.head.code(), Some(404), "{cache} {scope}");
        }
    }
    Ok(())
}

#[test]
fn never_looks_at_the_content_and_not_at_the_time() -> Result<()> {
    for (cache, status) in [("stat", 403), ("never", 410)] {
        let (place, server) = serve("")?;
        server.stop()?;
        let file = place.path("f.wasm");
        let time = FileTimes::new().set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000));
        std::fs::write(&file, script(403))?;
        File::options().write(true).open(&file)?.set_times(time)?;
        place.write(&format!("WasmRoot ${{root}}\nWasmCodeCache {cache}\nWasmHookFixups f.wasm f\n"))?;
        let server = place.start()?;
        assert_eq!(get(&server, "/plain.txt")?.head.code(), Some(403));
        // The same file, size and time.
        std::fs::write(&file, script(410))?;
        File::options().write(true).open(&file)?.set_times(time)?;
        assert_eq!(get(&server, "/plain.txt")?.head.code(), Some(status), "{cache}");
    }
    Ok(())
}

#[test]
fn a_restart_takes_what_is_there_and_keeps_serving_when_it_is_wrong() -> Result<()> {
    let (place, server) = serve("WasmRoot ${root}\nWasmHookFixups scripted.wasm count\n")?;
    assert_eq!(header(&get(&server, "/plain.txt")?, "X-Count").as_deref(), Some("1"));
    for _ in 0..2 {
        server.graceful()?;
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(text(&get(&server, "/plain.txt")?), "hello\n");
    }
    server.restart_hard()?;
    assert!(header(&get(&server, "/plain.txt")?, "X-Count").is_some());
    drop(place);
    Ok(())
}
