//! Random files where the server expects a guest, or code that it compiled before: `httpd -t` ends with 0 or 1, in good time, by
//! no signal, and says what is wrong in a line.
//!
//! `COMPAT_CASES` says how many files, `COMPAT_SEED` repeats a run. `scripts/fuzz loader` and `scripts/fuzz cache` go on for
//! minutes. A file that did harm is kept in target/fuzz/.
#![allow(missing_docs, reason = "tests")]

mod cache;
#[path = "../hazards/ground.rs"]
#[allow(dead_code, reason = "shared with hazards.rs")]
mod ground;
mod loader;
mod mutate;

use compat_tests::dice::Dice;
use compat_tests::memcheck::{patience, without_notices};
use ground::Ground;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// How long `httpd -t` may take: a module may be worth compiling, and its own time is limited.
const PATIENCE: Duration = Duration::from_secs(60);

/// How `httpd -t` ended, and what it said.
struct Ended {
    code: i32,
    said: String,
}

/// Runs `httpd -t`; an error if it hangs, is ended by a signal, panics, or says what can't be read.
fn config_test(ground: &Ground) -> Result<Ended, String> {
    let path = ground.path("said");
    let file = std::fs::File::create(&path).unwrap();
    let mut child = ground.site.command(&["-t"]).stdout(Stdio::null()).stderr(file).spawn().unwrap();
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if began.elapsed() > patience(PATIENCE) {
            child.kill().unwrap();
            child.wait().unwrap();
            return Err(format!("it has not ended after {:?}", patience(PATIENCE)));
        }
        std::thread::sleep(Duration::from_millis(3));
    };
    let said = std::fs::read(path).unwrap();
    let shown = || said[..said.len().min(3_000)].escape_ascii().to_string();
    let code = status.code().ok_or_else(|| format!("{status}: {}", shown()))?;
    if said.iter().any(|byte| *byte != b'\n' && !(b' '..=b'~').contains(byte)) {
        return Err(format!("what it says is no plain text: {}", shown()));
    }
    let said = without_notices(&String::from_utf8_lossy(&said));
    if said.contains("thread '") || said.contains("internal error") {
        return Err(format!("the host panicked: {said}"));
    }
    match code {
        0 if said.ends_with("Syntax OK\n") => Ok(Ended { code, said }),
        1 if said.contains("Syntax error on line ") && said.len() < 4_000 => Ok(Ended { code, said }),
        _ => Err(format!("status {code}: {said}")),
    }
}

/// Keeps a file that did harm; where.
fn kept(bytes: &[u8], name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/fuzz");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
    folder.join(name)
}

/// The seed of this run, and the number of files.
fn run(count: usize) -> (u64, usize) {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let seed = number("COMPAT_SEED").unwrap_or_else(|| RandomState::new().hash_one(0));
    let count = number("COMPAT_CASES").map_or(count, |count| count as usize);
    println!("COMPAT_SEED={seed} COMPAT_CASES={count}");
    (seed, count)
}

fn dice(seed: u64) -> Dice {
    Dice::new(seed)
}
