//! Instances that begin anew: what a call leaves behind is never seen by the next, whatever it was.

use super::*;
use crate::httpd::pages;

static TURN: AtomicU32 = AtomicU32::new(0);

/// A child's runtime, and whether this system tells which pages were written.
fn renewing() -> (Runtime, bool) {
    let runtime = child(&Settings::default());
    pages::find_map();
    let page = vec![0; 3 * 4096];
    let at = page.as_ptr().align_offset(4096);
    let told = pages::written(&page[at..at + 4096], 4096, &mut Vec::new());
    (runtime, told)
}

fn open(runtime: &Runtime, wat: &str) -> Guest<State> {
    let dir = Dir::new();
    let artifact = runtime.load_open(&dir.file("guest.wasm", wat::parse_str(wat).unwrap())).unwrap();
    Guest::link(&artifact, &runtime.linker()).unwrap()
}

fn made(guest: &Guest<State>) -> Instance<State> {
    guest.instantiate(State::default(), &LIMITS, Place::Anew).unwrap()
}

fn memory(instance: &mut Instance<State>) -> &mut [u8] {
    let memory = instance.data().memory.unwrap();
    memory.data_mut(&mut instance.store)
}

/// Calls `run`, and whether the instance could begin anew after it.
fn run_and_renew(instance: &mut Instance<State>) -> (i32, bool) {
    let run = instance.func::<(), i32>("run").unwrap();
    let answer = instance.call(&run, ()).unwrap();
    let renewed = instance.renew(&LIMITS, State::default);
    if renewed {
        // By turns: it may be in other hands, and in these alone.
        instance.stays(TURN.fetch_xor(1, Ordering::Relaxed) == 0);
        instance.begin().unwrap();
    }
    (answer, renewed)
}

/// The first call of each instance answers 1, and would find whatever another one had left.
const CHANGES_ALL: &str = r#"(module
    (memory (export "memory") 3)
    (data (i32.const 65530) "across two pages")
    (global $small (mut i32) (i32.const -1)) (global $large (mut i64) (i64.const 1))
    (global $single (mut f32) (f32.const 1.5)) (global $double (export "double") (mut f64) (f64.const nan:0x123))
    (global (export "constant") i32 (i32.const 3))
    (func (export "_initialize")
      (i32.store (i32.const 9000) (i32.add (i32.load (i32.const 9000)) (i32.const 1))))
    (func (export "run") (result i32)
      (i32.eq (global.get $small) (i32.const -1))
      (i32.and (i64.eq (global.get $large) (i64.const 1)))
      (i32.and (f32.eq (global.get $single) (f32.const 1.5)))
      (i32.and (i64.eq (i64.reinterpret_f64 (global.get $double)) (i64.const 0x7ff0000000000123)))
      (i32.and (i32.eq (i32.load (i32.const 9000)) (i32.const 1)))
      (i32.and (i32.eqz (i32.load (i32.const 100000))))
      (i32.and (i64.eq (i64.load (i32.const 65532)) (i64.const 0x6f77742073736f72)))
      (i32.and (i32.eq (i32.load (i32.const 65530)) (i32.const 0x6f726361)))
      (global.set $small (i32.const 5)) (global.set $large (i64.const -5))
      (global.set $single (f32.const 0)) (global.set $double (f64.const 0))
      (memory.fill (i32.const 60000) (i32.const 7) (i32.const 50000))))"#;

#[test]
fn nothing_is_left_of_a_call() {
    let (runtime, told) = renewing();
    let guest = open(&runtime, CHANGES_ALL);
    let mut instance = made(&guest);
    let fresh = memory(&mut instance).to_vec();
    for _ in 0..100 {
        assert_eq!(run_and_renew(&mut instance), (1, told));
        if !told {
            return;
        }
        assert!(memory(&mut instance) == fresh);
        assert_eq!(instance.data().memory.map(|memory| memory.data_size(&instance.store)), Some(3 << 16));
    }
}

#[test]
fn wherever_it_wrote_the_memory_is_as_it_was() {
    let (runtime, told) = renewing();
    let guest = open(
        &runtime,
        r#"(module (memory (export "memory") 16) (data (i32.const 70000) "one") (data (i32.const 1000000) "two")
             (func (export "run") (result i32) (i32.const 0)))"#,
    );
    let mut instance = made(&guest);
    let fresh = memory(&mut instance).to_vec();
    let mut random = 1u64;
    let mut next = |below: usize| {
        random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (random >> 33) as usize % below
    };
    let (mut renewed, mut not) = (0, 0);
    for _ in 0..1_000 {
        for _ in 0..next(10) {
            let at = next(fresh.len());
            let most = [1, 100, 100_000][next(3)];
            let end = (at + next(most)).min(fresh.len());
            memory(&mut instance)[at..end].fill(next(256) as u8);
        }
        if run_and_renew(&mut instance).1 {
            renewed += 1;
        } else {
            not += 1;
            instance = made(&guest);
        }
        assert!(memory(&mut instance) == fresh);
    }
    assert_eq!(told, renewed > 100 && not > 10, "{renewed} {not}");
}

#[test]
fn what_cannot_be_put_back_is_never_used_again() {
    let (runtime, _) = renewing();
    let run = r#"(memory (export "memory") 1) (data $d "passive") (elem $e func 0) (func (export "run") (result i32) "#;
    for (what, wat) in [
        ("a table is written", "(table 2 funcref) RUN (table.set (i32.const 0) (ref.func 0)) (i32.const 1))"),
        (
            "a table is filled",
            "(table 2 funcref) RUN (table.fill (i32.const 0) (ref.func 0) (i32.const 1)) (i32.const 1))",
        ),
        (
            "a table grows",
            "(table 2 funcref) RUN (i32.shr_u (table.grow (ref.null func) (i32.const 1)) (i32.const 1)))",
        ),
        (
            "a table is copied",
            "(table 2 funcref) RUN (table.copy (i32.const 0) (i32.const 1) (i32.const 1)) (i32.const 1))",
        ),
        (
            "elements are copied",
            "(table 2 funcref) RUN (table.init $e (i32.const 0) (i32.const 0) (i32.const 1)) (i32.const 1))",
        ),
        ("elements are dropped", "(table 2 funcref) RUN (elem.drop $e) (i32.const 1))"),
        ("data are dropped", "RUN (data.drop $d) (i32.const 1))"),
        ("a start function", "RUN (i32.const 1)) (func $s) (start $s)"),
        ("a variable that is no number", "(global (mut funcref) (ref.null func)) RUN (i32.const 1))"),
        ("many variables", &format!("{} RUN (i32.const 1))", "(global (mut i32) (i32.const 0))".repeat(17))),
        ("a name of the host's", r#"(global (export "\00variable 0") (mut i32) (i32.const 0)) RUN (i32.const 1))"#),
        ("no memory", r#"(func (export "run") (result i32) (i32.const 1))"#),
        ("a hidden memory", r#"(memory 1) (func (export "run") (result i32) (i32.const 1))"#),
        (
            "much changes",
            "RUN (memory.grow (i32.const 9)) (memory.fill (i32.const 0) (i32.const 1) (i32.const 262145)))",
        ),
        ("changes far apart", "(local i32) RUN2"),
        ("it grows much", "RUN (memory.grow (i32.const 17)))"),
    ] {
        let far = (0..33).map(|at| format!("(i32.store (i32.const {}) (i32.const 1))", at * 8192)).collect::<String>();
        let wat = match wat {
            "(local i32) RUN2" => {
                format!(r#"(memory (export "memory") 5) (func (export "run") (result i32) {far} (i32.const 1))"#)
            }
            wat => wat.replace("RUN", run),
        };
        let guest = open(&runtime, &format!("(module {wat})"));
        let limits = Limits { memory: 2 << 20, ..LIMITS };
        let mut instance = guest.instantiate(State::default(), &limits, Place::Anew).unwrap();
        assert_eq!(run_and_renew(&mut instance), (1, false), "{what}");
    }
}

#[test]
fn what_failed_is_never_used_again() {
    let (runtime, _) = renewing();
    let guest =
        open(&runtime, r#"(module (memory (export "memory") 1) (func (export "run") (result i32) unreachable))"#);
    let mut instance = made(&guest);
    let run = instance.func::<(), i32>("run").unwrap();
    assert!(instance.call(&run, ()).is_err());
    assert!(!instance.renew(&LIMITS, State::default));
}

#[test]
fn what_grows_at_each_call_has_as_much_left_each_time() {
    let (runtime, told) = renewing();
    // 15 pages are all that the limit leaves; it asks for one more than it gets.
    let guest = open(
        &runtime,
        r#"(module (memory (export "memory") 1) (func (export "run") (result i32)
             (drop (memory.grow (i32.const 1)))
             (i32.store (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4)) (i32.const 1))
             (i32.eqz (i32.load (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 65536))))
             (i32.and (i32.eq (memory.grow (i32.const 15)) (i32.const -1)))))"#,
    );
    let mut instance = made(&guest);
    let mut renewed = 0;
    for _ in 0..16 {
        assert_eq!(run_and_renew(&mut instance), (1, told));
        renewed += 1;
    }
    // A mebibyte more than it began with is enough.
    assert_eq!((renewed, run_and_renew(&mut instance)), (16, (1, false)));
}

#[test]
fn a_module_that_never_can_is_not_made_for_it_again_and_again() {
    let (runtime, told) = renewing();
    let guest = open(
        &runtime,
        r#"(module (memory (export "memory") 1) (func (export "run") (result i32) (memory.grow (i32.const 20))))"#,
    );
    let limits = Limits { memory: 4 << 20, ..LIMITS };
    let mut promising = 0;
    for _ in 0..40 {
        promising += usize::from(guest.promises());
        let mut instance = guest.instantiate(State::default(), &limits, Place::Anew).unwrap();
        assert_eq!(run_and_renew(&mut instance), (1, false));
    }
    assert_eq!(promising, if told { 16 } else { 0 });
}
