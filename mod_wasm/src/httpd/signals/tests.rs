//! Tests of the handlers, each in a fork of the test, since they are the process's: it plays httpd's parent or child.

use super::*;
use crate::runtime::tests::{LIMITS, State, link, slots_forget};
use crate::runtime::{Failure, Instance, Limits, Place, Runtime, Settings};
use std::time::{Duration, Instant};
use wasmtime::TypedFunc;

/// How a fork ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Exit(i32),
    Signal(i32),
}

/// Runs a test in a process of its own: what is forked there has no locks of other tests' threads to wait for.
pub(crate) fn alone<F: FnOnce()>(test: F) {
    const ALONE: &str = "MOD_WASM_TEST_ALONE";
    if std::env::var_os(ALONE).is_some() {
        return test();
    }
    // `crate::module::test::{{closure}}`
    let name = std::any::type_name::<F>();
    let (_, name) = name.split_once("::").unwrap();
    let (name, _) = name.split_once("::{{").unwrap();
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

/// Runs `f` in a fork; the exit status is 0, or 101 if it panicked.
pub(crate) fn fork(f: impl FnOnce()) -> Ended {
    // SAFETY: the child has one thread, runs `f` and exits without returning. No other thread of the test holds a
    // lock, since `alone` made sure that none but libtest's waits for it.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0);
    if pid == 0 {
        // SAFETY: sets a timer, since a hanging test must end.
        unsafe { libc::alarm(20) };
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f));
        // SAFETY: ends the child without running the parent's destructors.
        unsafe { libc::_exit(if ended.is_ok() { 0 } else { 101 }) };
    }
    let mut status = 0;
    // SAFETY: `status` is a valid place.
    assert_eq!(unsafe { libc::waitpid(pid, &mut status, 0) }, pid);
    if libc::WIFSIGNALED(status) {
        Ended::Signal(libc::WTERMSIG(status))
    } else {
        Ended::Exit(libc::WEXITSTATUS(status))
    }
}

pub(crate) fn limit_address_space(bytes: u64) {
    let limit = libc::rlimit { rlim_cur: bytes, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: `limit` is valid.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_AS, &limit) }, 0);
}

/// A bug of the server.
#[inline(never)]
pub(crate) fn crash() {
    // SAFETY: none; that is the point.
    unsafe { std::ptr::without_provenance_mut::<u8>(8).write_volatile(1) };
}

/// Stands for mpm_unix.c:sig_coredump.
extern "C" fn sig_coredump(_signal: c_int) {
    // SAFETY: ends the process.
    unsafe { libc::_exit(42) };
}

/// Does what httpd does after modules are loaded.
fn ap_fatal_signal_setup() {
    for signal in FAULTS {
        swap(signal, &fatal());
    }
}

fn fatal() -> sigaction {
    let mut action = empty();
    action.sa_sigaction = sig_coredump as *const () as usize;
    action.sa_flags = libc::SA_RESETHAND;
    action
}

/// The parent of a server that has loaded this module, whatever other tests did in this process before.
fn parent() -> Runtime {
    let (runtime, _) = Runtime::new(&Settings { pool_instances: 4, ..Settings::default() }).unwrap();
    runtime
}

/// Undoes what other tests did, in a fork.
fn as_parent() {
    IN_CHILD.store(false, Ordering::SeqCst);
    ap_fatal_signal_setup();
}

fn instance(runtime: &Runtime, limits: &Limits, body: &str) -> (Instance<State>, TypedFunc<(), i32>) {
    let wat = format!(
        "(module (import \"host\" \"crash\" (func $crash)) (memory 1) (func $run (export \"run\") (result i32) {body}))"
    );
    let mut instance = link(runtime, &wat).instantiate(State::default(), limits, Place::Fresh).unwrap();
    let func = instance.func("run").unwrap();
    (instance, func)
}

const TRAPS: [&str; 4] = [
    "(i32.load (i32.const 65536))",
    "unreachable",
    "(i32.div_s (i32.const 1) (i32.const 0))",
    "(i32.add (call $run) (i32.const 1))",
];

fn all_trap(runtime: &Runtime) {
    for body in TRAPS {
        let (mut instance, func) = instance(runtime, &LIMITS, body);
        let failure = instance.call(&func, ()).unwrap_err();
        assert!(matches!(failure, Failure::Trap { .. } | Failure::Stack { .. }), "{failure}");
    }
}

#[test]
fn the_parent_keeps_its_own_handlers() {
    alone(|| {
        let runtime = parent();
        assert_eq!(
            fork(|| {
                as_parent();
                let _again = parent();
                for signal in FAULTS {
                    assert_eq!(current(signal).unwrap().sa_sigaction, sig_coredump as *const () as usize);
                }
                drop(runtime);
            }),
            Ended::Exit(0)
        );
    });
}

#[test]
fn guests_trap_in_the_parent_within_the_guard() {
    alone(|| {
        let runtime = parent();
        let ended = fork(|| {
            as_parent();
            // Twice, as the configuration is read twice, and again at each restart.
            for _ in 0..3 {
                let guard = runtime.in_parent();
                all_trap(&runtime);
                let nested = runtime.in_parent();
                all_trap(&runtime);
                drop(nested);
                all_trap(&runtime);
                drop(guard);
                for signal in FAULTS {
                    assert_eq!(current(signal).unwrap().sa_sigaction, fatal().sa_sigaction);
                    assert_ne!(current(signal).unwrap().sa_flags & libc::SA_RESETHAND, 0);
                }
            }
        });
        assert_eq!(ended, Ended::Exit(0));
        // Without the guard the same would kill the parent: the test above tests something.
        let ended = fork(|| {
            as_parent();
            all_trap(&runtime);
        });
        assert_eq!(ended, Ended::Exit(42));
    });
}

#[test]
fn endless_loops_end_in_the_parent_and_its_timer_goes_on() {
    alone(|| {
        let runtime = parent();
        let ended = fork(|| {
            as_parent();
            let mine = empty();
            let mine = sigaction { sa_sigaction: libc::SIG_IGN, ..mine };
            swap(libc::SIGALRM, &mine);
            with_signals_blocked(|| {
                let guard = runtime.in_parent();
                let (mut instance, func) = instance(&runtime, &LIMITS, "(loop (br 0)) unreachable");
                let began = Instant::now();
                let failure = instance.call(&func, ()).unwrap_err();
                assert!(matches!(failure, Failure::TimeLimit { .. }), "{failure}");
                assert!(began.elapsed() >= LIMITS.time && began.elapsed() < LIMITS.time * 5);
                drop(guard);
            });
            assert_eq!(current(libc::SIGALRM).unwrap().sa_sigaction, libc::SIG_IGN);
            // `fork` has set an alarm.
            let mut timer = MaybeUninit::<libc::itimerval>::zeroed();
            // SAFETY: a valid place, of which all-zero is a valid value.
            let timer = unsafe {
                libc::getitimer(libc::ITIMER_REAL, timer.as_mut_ptr());
                timer.assume_init()
            };
            assert!((15..=20).contains(&timer.it_value.tv_sec) && timer.it_interval.tv_usec == 0);
        });
        assert_eq!(ended, Ended::Exit(0));
    });
}

#[test]
fn a_child_traps_ticks_and_still_tells_of_crashes() {
    alone(|| {
        let runtime = parent();
        let child = || {
            as_parent();
            {
                let _guard = runtime.in_parent();
                all_trap(&runtime);
            }
            in_child();
            runtime.in_child().unwrap();
            let _nothing = runtime.in_parent();
        };
        let ended = fork(|| {
            child();
            all_trap(&runtime);
            slots_forget(&runtime);
            let (mut instance, func) = instance(&runtime, &LIMITS, "(loop (br 0)) unreachable");
            assert!(matches!(instance.call(&func, ()), Err(Failure::TimeLimit { .. })));
            std::thread::scope(|scope| (0..3).for_each(|_| drop(scope.spawn(|| all_trap(&runtime)))));
        });
        assert_eq!(ended, Ended::Exit(0));

        let ended = fork(|| {
            child();
            let shown = std::process::Command::new("ls").args(["-l", "/proc/self/fd"]).output().unwrap();
            let shown = String::from_utf8(shown.stdout).unwrap();
            assert!(shown.contains("/proc/") && !shown.contains("pagemap"), "{shown}");
        });
        assert_eq!(ended, Ended::Exit(0), "programs don't inherit the page map");

        let ended = fork(|| {
            child();
            all_trap(&runtime);
            crash();
        });
        assert_eq!(ended, Ended::Exit(42), "a crash outside of guests reaches httpd's handler");

        let ended = fork(|| {
            child();
            let (mut instance, func) = instance(&runtime, &LIMITS, "(call $crash) (i32.const 0)");
            let _ = instance.call(&func, ());
        });
        assert_eq!(ended, Ended::Exit(42), "a crash in a host function isn't taken for a trap");

        let ended = fork(|| {
            child();
            // SAFETY: sends a signal.
            unsafe { libc::kill(libc::getpid(), libc::SIGSEGV) };
            std::thread::sleep(Duration::from_secs(5));
        });
        assert_eq!(ended, Ended::Exit(42), "a signal that was sent reaches httpd's handler");

        let ended = fork(|| {
            as_parent();
            for signal in FAULTS {
                swap(signal, &empty());
            }
            in_child();
            crash();
        });
        assert_eq!(ended, Ended::Signal(libc::SIGSEGV), "without a handler the process ends as it would");
    });
}

/// Calls a guest in a thread that C made, with a stack of so many bytes.
fn in_c_thread(runtime: &Runtime, stack: usize, body: &str) -> Ended {
    struct Work(Instance<State>, TypedFunc<(), i32>, Option<Result<i32, Failure>>);
    extern "C" fn work(work: *mut c_void) -> *mut c_void {
        // SAFETY: the thread that made this one waits for it.
        let work = unsafe { &mut *work.cast::<Work>() };
        work.2 = Some(work.0.call(&work.1, ()));
        null_mut()
    }
    fork(|| {
        as_parent();
        in_child();
        let (instance, func) = instance(runtime, &LIMITS, body);
        let mut given = Work(instance, func, None);
        // SAFETY: the attributes are initialized before they are used; `given` outlives the thread.
        unsafe {
            let mut attr = MaybeUninit::uninit();
            let mut thread = MaybeUninit::uninit();
            libc::pthread_attr_init(attr.as_mut_ptr());
            assert_eq!(libc::pthread_attr_setstacksize(attr.as_mut_ptr(), stack), 0);
            let rc = libc::pthread_create(thread.as_mut_ptr(), attr.as_ptr(), work, (&raw mut given).cast());
            assert_eq!(rc, 0);
            assert_eq!(libc::pthread_join(thread.assume_init(), null_mut()), 0);
        }
        assert!(matches!(given.2, Some(Err(Failure::Trap { .. } | Failure::Stack { .. }))), "{:?}", given.2);
    })
}

#[test]
fn a_guest_that_overflows_its_stack_traps_in_threads_made_by_c() {
    alone(|| {
        let runtime = parent();
        for stack in [runtime.stack_needed(), 512 << 10, 1 << 20, 8 << 20] {
            assert!(runtime.fits(stack));
            for body in TRAPS {
                assert_eq!(in_c_thread(&runtime, stack, body), Ended::Exit(0), "{stack} bytes, {body}");
            }
        }
        assert!(!runtime.fits(256 << 10));
        assert_eq!(
            in_c_thread(&runtime, 256 << 10, TRAPS[3]),
            // httpd's handler can't run either: it isn't on an alternate stack.
            Ended::Signal(libc::SIGSEGV),
            "without room the thread's stack overflows, which is what `fits` is for"
        );
    });
}
