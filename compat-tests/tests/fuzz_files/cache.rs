//! Something in the place of code that was compiled before: it isn't used, the guest is compiled anew, and what was wrong is
//! mended by that.
use crate::ground::Ground;
use crate::mutate::mutated;
use crate::{config_test, dice, kept, run};
use compat_tests::dice::Dice;
use compat_tests::server::Mpm;
use std::path::Path;
use std::process::Command;

/// Files of a run unless `COMPAT_CASES` says otherwise.
const COUNT: usize = 40;
/// Where links lead that stand in a file's place.
const LINKS: &[&str] = &["nowhere", "/dev/null", "/dev/zero", "/etc", "/etc/hostname", "/"];
/// Two guests, told apart by their directives.
const CONFIG: &str = "WasmApacheModule hello_module guest.wasm\nHelloGreeting fuzz\n";

/// What is put in the place of a cached file; whether a file can be renamed over it.
fn put(path: &Path, code: &[u8], other: &[u8], dice: &mut Dice) -> (Vec<u8>, bool) {
    std::fs::remove_file(path).unwrap();
    let digest = &code[..32];
    let bytes = match dice.below(14) {
        0 => Vec::new(),
        1 => code[..dice.below(40)].to_vec(),
        2 => digest.to_vec(),
        3 => [digest, &code[32..32 + dice.below(code.len() - 32)]].concat(),
        4 => vec![dice.number() as u8; dice.below(100_000)],
        // Another guest's code, behind this one's digest.
        5 => [digest, &other[32..]].concat(),
        6 => {
            std::os::unix::fs::symlink(dice.of(LINKS), path).unwrap();
            return (Vec::new(), true);
        }
        7 => {
            std::fs::create_dir(path).unwrap();
            return (Vec::new(), false);
        }
        // Another guest's code, behind its own.
        8 => other.to_vec(),
        9 => {
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
            return (Vec::new(), true);
        }
        _ => mutated(code, other, dice),
    };
    std::fs::write(path, &bytes).unwrap();
    (bytes, true)
}

fn compiled(ground: &Ground, guest: &str) -> std::path::PathBuf {
    let before = files(ground);
    ground.file(
        "guest.wasm",
        &std::fs::read(ground.dist(guest)).unwrap_or_else(|e| panic!("{guest}: {e}; scripts/build makes it")),
    );
    assert_eq!(config_test(ground).unwrap().said, "Syntax OK\n");
    files(ground).into_iter().find(|path| !before.contains(path)).expect("the cache has one file more")
}

fn files(ground: &Ground) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(ground.path("cache"))
        .map_or(Vec::new(), |entries| entries.map(|entry| entry.unwrap().path()).collect())
}

#[test]
fn damaged_code_is_compiled_anew() {
    let (seed, count) = run(COUNT);
    let (ground, mut dice) = (Ground::new(Mpm::Event), dice(seed));
    let cache = ground.path("cache");
    ground.configure_with(&format!("{}WasmCacheDir \"{}\"\n", ground.load_mod_wasm(), cache.display()), CONFIG);
    let other = std::fs::read(compiled(&ground, "mod_hello.wasm")).unwrap();
    let path = compiled(&ground, "mod_hello_c.wasm");
    let code = std::fs::read(&path).unwrap();
    let mut findings = Vec::new();
    for i in 0..count {
        let (bytes, mended) = put(&path, &code, &other, &mut dice);
        let harm = |why: String| format!("{}: {why}", kept(&bytes, &format!("cache-{seed}-{i}.cwasm")).display());
        match config_test(&ground) {
            Ok(first) if first.code != 0 => findings.push(harm(format!("the guest is refused: {}", first.said))),
            Ok(_) if mended && std::fs::read(&path).unwrap() != code => {
                findings.push(harm("it is used as it is".to_owned()))
            }
            Ok(_) if !mended => std::fs::remove_dir(&path).unwrap(),
            Ok(_) => {}
            Err(why) => findings.push(harm(why)),
        }
        match config_test(&ground) {
            Ok(second) if second.said == "Syntax OK\n" => {}
            Ok(second) => findings.push(harm(format!("and it is not mended: {}", second.said))),
            Err(why) => findings.push(harm(why)),
        }
    }
    println!("{count} files");
    assert!(findings.is_empty(), "COMPAT_SEED={seed}\n{}", findings.join("\n\n"));
}
