//! Whose signal handlers are in place: wasmtime's while guests run, httpd's at all other times; knows no guest.
//!
//! wasmtime turns hardware faults of guest code into traps, and so needs SIGSEGV, SIGILL and SIGFPE. httpd takes the
//! same signals for itself after modules are loaded (unixd.c:ap_fatal_signal_setup), to tell of a crash in the error
//! log and to dump core, and loses nothing here:
//!
//! - When the first engine is made, a handler of ours ([`forward`]) is in place for a moment. wasmtime takes that for
//!   the process's own, and calls it for ever after for each fault that isn't a guest's. Then httpd's are put back.
//! - In a child ([`in_child`]), wasmtime's handlers are put before httpd's, whose actions are noted.
//! - In the parent they are only around calls of guests ([`InParent`]), since httpd installs its own again at each
//!   restart and would take ours for what was there before.
//!
//! So wasmtime is never unloaded, and `forward` can always give a fault of the server itself to httpd's handler.

use crate::runtime::Runtime;
use libc::{c_int, c_void, sigaction, siginfo_t};
use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

/// The signals that wasmtime takes on one platform or another.
const FAULTS: [c_int; 4] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE];

type Actions = [Option<sigaction>; FAULTS.len()];

/// wasmtime's action of each signal, if it takes that one.
static WASMTIME: OnceLock<Actions> = OnceLock::new();
/// Held while the first engine is made.
static FIRST: Mutex<()> = Mutex::new(());
/// The actions that wasmtime's stand before.
static NEXT: Next = Next(UnsafeCell::new([None; FAULTS.len()]));
/// Whether wasmtime's handlers are in place for good.
static IN_CHILD: AtomicBool = AtomicBool::new(false);
/// How many [`InParent`] live.
static DEPTH: AtomicUsize = AtomicUsize::new(0);
/// What SIGALRM ticks.
static TICKS: AtomicPtr<Runtime> = AtomicPtr::new(null_mut());

struct Next(UnsafeCell<Actions>);

// SAFETY: written only by `take`, which runs in the parent, or in a child before it has threads, and always before
// wasmtime's handlers are installed there; `forward`, which reads it, is only called by those.
unsafe impl Sync for Next {}

/// Makes an engine, by `make`, such that wasmtime's handlers can be put in place later and are not now.
/// Every engine of the process must be made in here.
pub(crate) fn remember<T>(make: impl FnOnce() -> T) -> T {
    if WASMTIME.get().is_some() {
        return make();
    }
    let _first = FIRST.lock().unwrap_or_else(|poison| poison.into_inner());
    if WASMTIME.get().is_some() {
        return make();
    }
    let before = FAULTS.map(|signal| swap(signal, &forwarding()));
    let made = make();
    let mut taken = false;
    let actions = std::array::from_fn(|i| {
        let action = before[i].and_then(|before| swap(FAULTS[i], &before));
        let action = action.filter(|action| action.sa_sigaction != forward as *const () as usize);
        taken |= action.is_some();
        action
    });
    // `make` may have failed before wasmtime got that far.
    if taken {
        let _ = WASMTIME.set(actions);
    }
    made
}

/// Puts wasmtime's handlers before httpd's in a child, for good. Call it in child_init: after the MPM installed
/// httpd's handlers and before it starts threads.
pub(crate) fn in_child() {
    if !IN_CHILD.swap(true, Ordering::SeqCst) {
        take();
    }
}

/// Runs `f` with all signals blocked but those of faults, so that a thread made by it never takes httpd's signals.
pub(crate) fn with_signals_blocked<T>(f: impl FnOnce() -> T) -> T {
    let mut mask = MaybeUninit::uninit();
    let mut old = MaybeUninit::uninit();
    // SAFETY: `sigfillset` initializes the mask before it is used; `old` is a valid place for a mask.
    let blocked = unsafe {
        libc::sigfillset(mask.as_mut_ptr());
        for signal in FAULTS {
            libc::sigdelset(mask.as_mut_ptr(), signal);
        }
        libc::pthread_sigmask(libc::SIG_SETMASK, mask.as_ptr(), old.as_mut_ptr()) == 0
    };
    let made = f();
    if blocked {
        // SAFETY: `pthread_sigmask` succeeded and has initialized `old`.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, old.as_ptr(), null_mut()) };
    }
    made
}

/// While it lives, guests can be called in the parent: wasmtime's handlers are in place, and SIGALRM ticks since the
/// parent has no thread that could. Guards may be nested; the outermost one's runtime is ticked.
pub struct InParent {
    /// Set in the outermost guard, outside of a child.
    before: Option<Before>,
    nested: bool,
    /// Handlers are the process's, but the mask is the thread's.
    _not_send: PhantomData<*const ()>,
}

struct Before {
    alarm: Option<sigaction>,
    timer: libc::itimerval,
    mask: libc::sigset_t,
}

impl InParent {
    /// Makes guests of this runtime callable.
    pub(crate) fn enter(runtime: &Runtime) -> InParent {
        let mut guard = InParent { before: None, nested: false, _not_send: PhantomData };
        if IN_CHILD.load(Ordering::SeqCst) {
            return guard;
        }
        guard.nested = true;
        if DEPTH.fetch_add(1, Ordering::SeqCst) > 0 {
            return guard;
        }
        take();
        TICKS.store(Box::into_raw(Box::new(runtime.clone())), Ordering::SeqCst);
        let alarm = swap(libc::SIGALRM, &ticking());
        let every = libc::timeval {
            tv_sec: 0,
            tv_usec: runtime.epoch().as_micros().clamp(1_000, 999_999) as libc::suseconds_t,
        };
        let every = libc::itimerval { it_interval: every, it_value: every };
        let mut timer = MaybeUninit::zeroed();
        let mut mask = MaybeUninit::zeroed();
        // SAFETY: the places are valid; all-zero is a valid value of both types should a call fail, and of
        // `unblocked`, which `sigemptyset` sets in any case.
        guard.before = Some(unsafe {
            let mut unblocked = MaybeUninit::zeroed();
            libc::sigemptyset(unblocked.as_mut_ptr());
            libc::sigaddset(unblocked.as_mut_ptr(), libc::SIGALRM);
            libc::pthread_sigmask(libc::SIG_UNBLOCK, unblocked.as_ptr(), mask.as_mut_ptr());
            libc::setitimer(libc::ITIMER_REAL, &every, timer.as_mut_ptr());
            Before { alarm, timer: timer.assume_init(), mask: mask.assume_init() }
        });
        guard
    }
}

impl Drop for InParent {
    fn drop(&mut self) {
        if !self.nested {
            return;
        }
        // The one who entered first need not leave last; whoever leaves last has nothing to restore then, so the
        // outermost restores when it goes. Guards are values on the stack, so this is in order.
        DEPTH.fetch_sub(1, Ordering::SeqCst);
        let Some(before) = self.before.take() else {
            return;
        };
        // SAFETY: an all-zero `itimerval` stops the timer; the others are what `enter` found.
        unsafe {
            let stop: libc::itimerval = std::mem::zeroed();
            libc::setitimer(libc::ITIMER_REAL, &stop, null_mut());
            // A tick may be pending still, and the action before may be to end the process: ignoring discards it.
            let mut ignore = empty();
            ignore.sa_sigaction = libc::SIG_IGN;
            libc::sigaction(libc::SIGALRM, &ignore, null_mut());
            if let Some(alarm) = &before.alarm {
                libc::sigaction(libc::SIGALRM, alarm, null_mut());
            }
            libc::pthread_sigmask(libc::SIG_SETMASK, &before.mask, null_mut());
            libc::setitimer(libc::ITIMER_REAL, &before.timer, null_mut());
        }
        give_back();
        let runtime = TICKS.swap(null_mut(), Ordering::SeqCst);
        if !runtime.is_null() {
            // SAFETY: `enter` made it from a box; no handler reads it any more.
            drop(unsafe { Box::from_raw(runtime) });
        }
    }
}

/// Puts wasmtime's handlers in place and notes what was there.
fn take() {
    let Some(actions) = WASMTIME.get() else {
        return;
    };
    for (i, (signal, action)) in FAULTS.into_iter().zip(actions).enumerate() {
        let Some(action) = action else { continue };
        let current = current(signal);
        if current.is_some_and(|current| current.sa_sigaction == action.sa_sigaction) {
            continue;
        }
        // SAFETY: see `Next`: nobody reads it before the next line installs the handler. `i` is below its length.
        unsafe { (*NEXT.0.get())[i] = current };
        swap(signal, action);
    }
}

/// Puts back what [`take`] noted, unless somebody else has installed a handler since.
fn give_back() {
    let Some(actions) = WASMTIME.get() else {
        return;
    };
    for (i, (signal, action)) in FAULTS.into_iter().zip(actions).enumerate() {
        // SAFETY: read in the thread that wrote it.
        let next = unsafe { (*NEXT.0.get())[i] };
        if let (Some(action), Some(next), Some(current)) = (action, next, current(signal))
            && current.sa_sigaction == action.sa_sigaction
        {
            swap(signal, &next);
        }
    }
}

/// Called by wasmtime for a fault that isn't a guest's: puts httpd's action in place and lets the fault happen again,
/// so that the kernel calls httpd's handler with the mask and flags that httpd asked for, and a core dump shows the
/// fault and not this.
extern "C" fn forward(signal: c_int, info: *mut siginfo_t, _context: *mut c_void) {
    let Some(i) = FAULTS.iter().position(|fault| *fault == signal) else {
        return;
    };
    // SAFETY: see `Next`. The kernel passes a valid `info` to a handler with SA_SIGINFO, and wasmtime passes it on.
    // `sigaction` and `raise` are async-signal-safe. The fallback is all-zero, which is SIG_DFL.
    unsafe {
        let sent = (*info).si_code <= 0;
        let next = (*NEXT.0.get())[i].unwrap_or(std::mem::zeroed());
        if sent && next.sa_sigaction == libc::SIG_IGN {
            return;
        }
        libc::sigaction(signal, &next, null_mut());
        // A signal that a process sent doesn't happen again by itself.
        if sent {
            libc::raise(signal);
        }
    }
}

/// Lets time pass in the parent.
extern "C" fn tick(_signal: c_int) {
    let runtime = TICKS.load(Ordering::SeqCst);
    // SAFETY: null, or valid until `InParent::drop` has stopped the timer and taken this handler away. `tick` adds to
    // atomic counters.
    if let Some(runtime) = unsafe { runtime.as_ref() } {
        runtime.tick();
    }
}

fn forwarding() -> sigaction {
    let mut action = empty();
    action.sa_sigaction = forward as *const () as usize;
    action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_NODEFER;
    action
}

fn ticking() -> sigaction {
    let mut action = empty();
    action.sa_sigaction = tick as *const () as usize;
    // Host functions of httpd read files; their system calls must not be interrupted.
    action.sa_flags = libc::SA_RESTART | libc::SA_ONSTACK;
    action
}

fn empty() -> sigaction {
    // SAFETY: all-zero is a valid `sigaction`: SIG_DFL, no flags, an empty mask.
    unsafe { std::mem::zeroed() }
}

fn current(signal: c_int) -> Option<sigaction> {
    let mut action = empty();
    // SAFETY: `action` is a valid place for one `sigaction`.
    (unsafe { libc::sigaction(signal, null(), &mut action) } == 0).then_some(action)
}

/// Installs an action and returns the one before.
fn swap(signal: c_int, action: &sigaction) -> Option<sigaction> {
    let mut before = empty();
    // SAFETY: both are valid; the handlers in them are wasmtime's, httpd's or ours, and async-signal-safe.
    (unsafe { libc::sigaction(signal, action, &mut before) } == 0).then_some(before)
}

#[cfg(test)]
pub(crate) mod tests;
