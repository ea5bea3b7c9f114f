//! Where instances are made: kept or from the pool, and what is done without room for that.

use super::*;

#[test]
fn instances_see_their_memory_and_are_initialized() {
    let runtime = child(&Settings::default());
    let guest = link(
        &runtime,
        r#"(module (memory (export "memory") 1)
             (func (export "_initialize") (i32.store (i32.const 8) (i32.const 7)))
             (func (export "run") (result i32) (i32.load (i32.const 8))))"#,
    );
    let mut instance = guest.instantiate(State::default(), &LIMITS, Place::Kept).unwrap();
    assert!(instance.has("run") && !instance.has("memory") && !instance.has("walk"));
    assert!(instance.func::<i32, i32>("run").is_none(), "of another type");
    let memory = instance.data().memory.unwrap();
    assert_eq!(memory.data(&instance.store)[8], 7);
}

/// Instances find the module's memory however their slots were left; also more of them than there are slots.
pub(crate) fn slots_forget(runtime: &Runtime) {
    let guest = link(
        runtime,
        r#"(module (memory (export "memory") 1) (data (i32.const 0) "image")
             (func (export "run") (result i32)
               (i32.load (i32.const 40000)) (i32.store (i32.const 40000) (i32.const 1))
               (i32.store8 (i32.const 0) (i32.const 0))))"#,
    );
    for _ in 0..10 {
        let mut alive: Vec<_> =
            (0..5).map(|_| guest.instantiate(State::default(), &LIMITS, Place::Fresh).unwrap()).collect();
        for instance in &mut alive {
            let memory = instance.data().memory.unwrap();
            assert_eq!(&memory.data(&instance.store)[..5], b"image");
            let func = instance.func::<(), i32>("run").unwrap();
            assert_eq!(instance.call(&func, ()).unwrap(), 0);
            assert_eq!(instance.call(&func, ()).unwrap(), 1);
        }
    }
}

#[test]
fn a_full_pool_falls_back_and_a_slot_forgets() {
    let settings = Settings { pool_instances: 2, pool_memory: 1 << 20, ..Settings::default() };
    let runtime = child(&settings);
    assert!(runtime.pooled());
    slots_forget(&runtime);
    // Larger than a slot: on demand, where it can grow.
    let limits = Limits { memory: 2 << 20, ..LIMITS };
    let grow = link(&runtime, r#"(module (memory 1) (func (export "run") (result i32) (memory.grow (i32.const 30))))"#);
    let mut instance = grow.instantiate(State::default(), &limits, Place::Fresh).unwrap();
    let func = instance.func::<(), i32>("run").unwrap();
    assert_eq!(instance.call(&func, ()).unwrap(), 1);
}

#[test]
fn a_module_too_large_for_the_pool_is_made_on_demand() {
    let settings = Settings { pool_instances: 2, pool_memory: 1 << 16, ..Settings::default() };
    let runtime = child(&settings);
    let wat = r#"(module (memory 2) (func (export "run") (result i32) (i32.const 5)))"#;
    let artifact = load(&runtime, wat).unwrap();
    assert!(matches!(artifact.notices.as_slice(), [Notice::NotPooled(_)]), "{:?}", artifact.notices);
    assert_eq!(run(&runtime, wat).unwrap(), 5);
}

#[test]
fn little_address_space_is_enough() {
    alone(|| {
        let settings = Settings { pool_instances: 100, ..Settings::default() };
        let _ = child(&settings);
        let ended = fork(|| {
            signals::tests::limit_address_space(100 << 30);
            let (runtime, notices) = Runtime::new(&settings).unwrap();
            assert!(matches!(notices.as_slice(), [Notice::NoRoomForPool { .. }]), "{notices:?}");
            assert!(!runtime.pooled());

            signals::tests::limit_address_space(1 << 30);
            let (runtime, notices) = Runtime::new(&settings).unwrap();
            assert!(
                matches!(notices.as_slice(), [Notice::SmallMemories { .. }, Notice::NoRoomForPool { .. }]),
                "{notices:?}"
            );
            assert_eq!(run(&runtime, CACHED).unwrap(), 5);
            let oob = r#"(module (memory 1) (func (export "run") (result i32) (i32.load (i32.const 65536))))"#;
            assert!(matches!(run(&runtime, oob), Err(Failure::Trap { .. })));
            let guest = link(
                &runtime,
                r#"(module (memory 1) (func (export "run") (result i32) (memory.grow (i32.const 15))))"#,
            );
            let many: Vec<_> = (0..200)
                .map(|_| guest.instantiate(State::default(), &LIMITS, Place::Fresh).unwrap())
                .map(|mut instance| {
                    let func = instance.func::<(), i32>("run").unwrap();
                    assert_eq!(instance.call(&func, ()).unwrap(), 1);
                    instance
                })
                .collect();
            assert_eq!(many.len(), 200);
        });
        assert_eq!(ended, Ended::Exit(0));
    });
}

#[test]
fn nonsense_settings_are_an_error() {
    let settings = Settings { max_wasm_stack: 0, ..Settings::default() };
    assert!(Runtime::new(&settings).is_err());
}
