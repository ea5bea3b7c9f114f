//! A file in a guest's place, loaded as an extension, a script or a program: a module that was damaged, or none at all.
use crate::ground::{Ground, assemble};
use crate::mutate::{invented, mutated};
use crate::{config_test, dice, kept, run};
use compat_tests::dice::Dice;
use compat_tests::server::Mpm;

/// Files of a run unless `COMPAT_CASES` says otherwise.
const COUNT: usize = 80;
/// Ways to load a guest.
const LOADED: &[&str] = &[
    "<WasmApacheModule fuzz_module guest.wasm>\nWasmApi +file +database +status +websocket\nWasmTimeLimit 500ms\nWasmMemoryLimit 8M\n</WasmApacheModule>\n",
    "WasmMemoryLimit 8M\nWasmHookFixups guest.wasm greet\nWasmOutputFilter F guest.wasm count\n",
    "<Location /program>\nSetHandler wasm-handler\nWasmModule guest.wasm\nWasmTimeLimit 500ms\n</Location>\n",
];

/// Guests of several makers, each with the way that it is meant to be loaded.
fn guests(ground: &Ground) -> Vec<(Vec<u8>, usize)> {
    let dist =
        |name: &str| std::fs::read(ground.dist(name)).unwrap_or_else(|e| panic!("{name}: {e}; scripts/build makes it"));
    let own = |place: &str, values: &[(&str, &str)]| {
        assemble(place, "unreachable", &[&[("NAME", "fuzz"), ("TRIGGER", "fuzz")], values].concat())
    };
    vec![
        (dist("mod_hello_c.wasm"), 0),
        (own("hook", &[("HOOK", "fixups")]), 0),
        (own("output_filter", &[("EVENT", "1"), ("CHUNK", "0")]), 0),
        (own("config", &[("CREATE", ""), ("DIRECTIVE", ""), ("MERGE", ""), ("HOOKS", "")]), 0),
        (dist("hello_script.wasm"), 1),
        (dist("conformance_c.wasm"), 0),
        (dist("program.wasm"), 2),
    ]
}

fn file(guests: &[(Vec<u8>, usize)], dice: &mut Dice) -> (Vec<u8>, usize) {
    if dice.below(8) == 0 {
        return (invented(dice), dice.below(LOADED.len()));
    }
    // The last is large, and takes its time where it is still valid.
    let most = if dice.below(10) == 0 { guests.len() } else { guests.len() - 1 };
    let ((guest, meant), (other, _)) = (&guests[dice.below(most)], &guests[dice.below(guests.len())]);
    let loaded = if dice.below(6) == 0 { dice.below(LOADED.len()) } else { *meant };
    (mutated(guest, other, dice), loaded)
}

#[test]
fn a_file_that_is_no_good_guest_is_refused_or_does_no_harm() {
    let (seed, count) = run(COUNT);
    let ground = Ground::new(Mpm::Event);
    let (guests, mut dice) = (guests(&ground), dice(seed));
    let preamble = format!("{}WasmCacheDir none\n", ground.load_mod_wasm());
    for (guest, meant) in &guests {
        ground.file("guest.wasm", guest);
        ground.configure_with(&preamble, LOADED[*meant]);
        assert_eq!(config_test(&ground).unwrap().said, "Syntax OK\n");
    }
    let (mut refused, mut findings) = (0, Vec::new());
    for i in 0..count {
        let (bytes, loaded) = file(&guests, &mut dice);
        ground.file("guest.wasm", &bytes);
        ground.configure_with(&preamble, LOADED[loaded]);
        let ended = config_test(&ground).and_then(|ended| match ended.code {
            1 if !ended.said.contains("guest.wasm") => Err(format!("it doesn't name the file: {}", ended.said)),
            code => Ok(code),
        });
        match ended {
            Ok(code) => refused += usize::from(code == 1),
            Err(why) => findings.push(format!(
                "{}, loaded by\n{}{why}",
                kept(&bytes, &format!("loader-{seed}-{i}.wasm")).display(),
                LOADED[loaded]
            )),
        }
    }
    println!("{count} files, {refused} of them refused");
    assert!(findings.is_empty(), "COMPAT_SEED={seed}\n{}", findings.join("\n\n"));
    // About one in twelve is still a guest: neither all nor hardly any.
    assert!(count < 300 || (refused > count / 4 && refused < count), "{refused} of {count} were refused");
}
