//! Instances of the scope `once` that are put back to how they began: whatever a call left, the next finds nothing of it.

use compat_tests::errorlog::crashes;

use crate::ground::{Ground, binary, fetch, private_kilobytes, status};
use crate::mpm;

/// Each function answers 410 if it finds everything as the module says, and 409 if not, and then leaves what it can.
const LEAVES: &str = r#"(module
  (memory (export "memory") 4)
  (data (i32.const 131068) "\01\02\03\04\05\06\07\08")
  (table 2 funcref) (elem (i32.const 0) $fresh)
  (global $stack (mut i32) (i32.const 4096)) (global $wide (mut i64) (i64.const -1)) (global $part (mut f64) (f64.const 0.5))
  (func (export "apache_abi_version_1"))
  (func (export "_initialize") (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1))))
  (func $fresh (result i32)
    (i32.eq (global.get $stack) (i32.const 4096))
    (i32.and (i64.eq (global.get $wide) (i64.const -1)))
    (i32.and (f64.eq (global.get $part) (f64.const 0.5)))
    (i32.and (i32.eq (i32.load (i32.const 64)) (i32.const 1)))
    (i32.and (i64.eq (i64.load (i32.const 131068)) (i64.const 0x0807060504030201)))
    (i32.and (i64.eqz (i64.or (i64.load (i32.const 20000)) (i64.load (i32.const 200000))))))
  (func $leave (result i32)
    (select (i32.const 410) (i32.const 409) (call_indirect (result i32) (i32.const 0)))
    (global.set $stack (i32.const 1)) (global.set $wide (i64.const 1)) (global.set $part (f64.const 1))
    (i64.store (i32.const 20000) (i64.const 1)) (i64.store (i32.const 200000) (i64.const 1))
    (i64.store (i32.const 131068) (i64.const 1)))
  (func (export "writes") (param i32) (result i32) (call $leave))
  (func (export "floods") (param i32) (result i32) (call $leave)
    (memory.fill (i32.const 0) (i32.const 255) (i32.const 262144)))
  (func (export "spreads") (param i32) (result i32) (local $at i32) (call $leave)
    (loop $more
      (i32.store8 (local.get $at) (i32.const 9))
      (local.set $at (i32.add (local.get $at) (i32.const 8192)))
      (br_if $more (i32.lt_u (local.get $at) (i32.const 262144)))))
  (func (export "grows") (param i32) (result i32) (call $leave)
    (memory.fill (i32.shl (memory.grow (i32.const 1)) (i32.const 16)) (i32.const 255) (i32.const 65536)))
  (func (export "hoards") (param i32) (result i32) (drop (call $leave))
    (i32.eq (memory.grow (i32.const 13)) (i32.const -1)) (if (then (unreachable))) (i32.const 410))
  (func (export "traps") (param i32) (result i32) (drop (call $leave)) (unreachable))
  (func (export "loops") (param i32) (result i32) (drop (call $leave)) (loop $ever (br $ever)) (unreachable)))"#;

#[test]
fn nothing_of_a_call_is_left_for_the_next() {
    let ground = Ground::new(mpm());
    let file = ground.file("leaves.wasm", &binary(LEAVES)).display().to_string();
    let functions = ["writes", "floods", "spreads", "grows", "traps", "loops", "hoards"];
    let handlers = functions.map(|function| format!("WasmMapHandler ^/{function}$ \"{file}\" {function}\n")).concat();
    ground.configure(&format!("WasmScope once\nWasmTimeLimit 50ms\nWasmMemoryLimit 1M\n{handlers}"));
    let server = ground.start();
    let ask = |rounds: usize, clients: usize| {
        std::thread::scope(|scope| {
            for client in 0..clients {
                let server = &server;
                scope.spawn(move || {
                    for round in 0..rounds {
                        // Mostly what can be put back, each of the others after each; the slow one seldom.
                        let at = match (round * 7 + client) % 100 {
                            0 => 5,
                            at => [0, 3, 0, 2, 0, 1, 3, 0, 4, 0][at % 10],
                        };
                        let code = status(&fetch(server, &format!("/{}", functions[at])));
                        assert_eq!(code, if at < 4 { 410 } else { 500 }, "{}", functions[at]);
                    }
                });
            }
        });
    };
    // What others have had it grow by is not counted.
    (0..10).for_each(|_| assert_eq!(status(&fetch(&server, "/grows")), 410));
    assert_eq!(status(&fetch(&server, "/hoards")), 500);
    let log = ground.site.error_log_text();
    assert!(log.contains(": memory limit of 1048576 bytes reached, then"), "{log}");
    ask(200, 6);
    let memory = || -> u64 { server.children().into_iter().map(private_kilobytes).sum() };
    let warm = memory();
    ask(400, 6);
    let grown = memory().saturating_sub(warm);
    assert!(grown <= server.children().len() as u64 * 24 << 10, "{grown} KB");
    assert_eq!(crashes(&ground.site.error_log_text()), Vec::<&str>::new());
    server.stop().unwrap();
}
