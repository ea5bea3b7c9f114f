//! `poll_oneoff`: a guest waits. Clocks are waited for; standard input and output, and files, are always ready.

use super::{Wasi, errno, parts};
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use wasmtime::{Caller, Result, Trap};

/// Bytes of one subscription, and of one event.
const SUBSCRIPTION: usize = 48;
const EVENT: usize = 32;
/// Most subscriptions of one call.
const MOST: usize = 4_096;
/// The kind of a subscription that is for a clock; the others are for a file.
const CLOCK: u8 = 0;
const REALTIME: u32 = 0;
const MONOTONIC: u32 = 1;
/// The flag of a clock's subscription whose time is a point and not a span.
const ABSTIME: u16 = 1;

/// Where the monotonic clock began.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// What a clock shows, in nanoseconds; `None` for one that there isn't.
pub(super) fn clock(id: u32) -> Option<u64> {
    let since = match id {
        REALTIME => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
        MONOTONIC => START.elapsed(),
        _ => return None,
    };
    u64::try_from(since.as_nanos()).ok()
}

/// What a guest waits for.
struct Wait {
    userdata: [u8; 8],
    kind: u8,
    /// How long until it comes; an error's number where it never does.
    left: Result<Duration, u16>,
}

impl Wait {
    fn of(subscription: &[u8; SUBSCRIPTION]) -> Wait {
        let number = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| subscription[at + i]));
        let (id, timeout, flags) = (number(16) as u32, number(24), number(40) as u16);
        let kind = subscription[8];
        let left = match kind {
            CLOCK => clock(id).map(|now| {
                Duration::from_nanos(if flags & ABSTIME != 0 { timeout.saturating_sub(now) } else { timeout })
            }),
            _ => Some(Duration::ZERO),
        };
        Wait { userdata: std::array::from_fn(|i| subscription[i]), kind, left: left.ok_or(errno::INVAL as u16) }
    }

    fn event(&self) -> [u8; EVENT] {
        let mut event = [0; EVENT];
        event[..8].copy_from_slice(&self.userdata);
        event[8..10].copy_from_slice(&self.left.as_ref().err().copied().unwrap_or(0).to_le_bytes());
        event[10] = self.kind;
        if self.kind != CLOCK {
            // How many bytes are there isn't known; one is enough for those who ask.
            event[16] = 1;
        }
        event
    }
}

/// `poll_oneoff(in, out, nsubscriptions, nevents)`.
pub(super) fn poll_oneoff<T: Wasi>(
    mut caller: Caller<'_, T>,
    subscriptions: u32,
    events: u32,
    count: u32,
    happened: u32,
) -> Result<i32> {
    let count = count as usize;
    if count == 0 || count > MOST {
        return Ok(errno::INVAL);
    }
    let (memory, _) = parts(&mut caller);
    let start = subscriptions as usize;
    let given = memory.get(start..start + count * SUBSCRIPTION).ok_or(Trap::MemoryOutOfBounds)?;
    let waits: Vec<Wait> = given.as_chunks().0.iter().map(Wait::of).collect();
    let shortest = waits.iter().map(|wait| wait.left.unwrap_or_default()).min().unwrap_or_default();
    if !shortest.is_zero() {
        T::sleep(&mut caller, shortest)?;
    }
    let (memory, _) = parts(&mut caller);
    let mut number = 0_usize;
    for wait in waits.iter().filter(|wait| wait.left.unwrap_or_default() <= shortest) {
        let at = events as usize + number * EVENT;
        memory.get_mut(at..at + EVENT).ok_or(Trap::MemoryOutOfBounds)?.copy_from_slice(&wait.event());
        number += 1;
    }
    let at = happened as usize;
    memory.get_mut(at..at + 4).ok_or(Trap::MemoryOutOfBounds)?.copy_from_slice(&(number as u32).to_le_bytes());
    Ok(errno::SUCCESS)
}
