//! The clock behind the time limit: a thread per child that advances the epoch, and sleeps when no guest is called.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::thread::Thread;
use std::time::Duration;

/// A call began since the last tick.
const CALLED: u8 = 0;
/// No call began since the last tick.
const QUIET: u8 = 1;
/// The ticker sleeps until the next call.
const ASLEEP: u8 = 2;

/// What calls and the ticker tell each other. A child without traffic must not wake up 100 times a second, and a
/// call must pay no more than one read of a shared byte.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    state: AtomicU8,
    /// The most ticks that any call may last.
    longest: AtomicU64,
    ticker: OnceLock<Thread>,
}

impl Pulse {
    /// Says that a call begins.
    #[inline(always)]
    pub(super) fn beat(&self) {
        if self.state.load(Ordering::Relaxed) != CALLED {
            self.wake();
        }
    }

    #[cold]
    fn wake(&self) {
        if self.state.swap(CALLED, Ordering::SeqCst) == ASLEEP
            && let Some(ticker) = self.ticker.get()
        {
            ticker.unpark();
        }
    }

    /// Says that calls may last this many ticks.
    pub(super) fn may_last(&self, ticks: u64) {
        if self.longest.load(Ordering::Relaxed) < ticks {
            self.longest.fetch_max(ticks, Ordering::SeqCst);
        }
    }

    /// Ticks for ever in the calling thread.
    pub(super) fn run(&self, every: Duration, tick: impl Fn()) {
        // A second ticker of the same runtime would make time run twice as fast.
        if self.ticker.set(std::thread::current()).is_err() {
            return;
        }
        let mut quiet = 0;
        loop {
            std::thread::sleep(every);
            tick();
            if self.state.swap(QUIET, Ordering::SeqCst) == CALLED {
                quiet = 0;
                continue;
            }
            quiet += 1;
            // Only when even the longest call must have met its deadline is it certain that no guest runs.
            if quiet > self.longest.load(Ordering::SeqCst) + 100
                && self.state.compare_exchange(QUIET, ASLEEP, Ordering::SeqCst, Ordering::SeqCst).is_ok()
            {
                while self.state.load(Ordering::SeqCst) == ASLEEP {
                    std::thread::park();
                }
                quiet = 0;
            }
        }
    }

    #[cfg(test)]
    pub(super) fn asleep(&self) -> bool {
        self.state.load(Ordering::SeqCst) == ASLEEP
    }
}
