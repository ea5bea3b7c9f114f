//! What guests have done since the server started, counted for all processes together, and how much of it may be logged.
//! Knows no guest and no httpd: a counter has a name, and what is counted is said by those who see it.

use crate::httpd::shared;
use crate::runtime::Failure;
use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::time::SystemTime;

/// Most names that are counted; what comes after them shares the last.
const ROWS: usize = 256;
/// Longest name in bytes; of a longer one the end counts, as of a path.
const NAME: usize = 88;
/// Threads count in as many places, so that they don't wait for one another.
const LANES: usize = 16;
/// Seconds in which so much may be logged.
pub(crate) const INTERVAL: u64 = 10;
/// Failures of one module that are reported one by one in an interval.
const REPORTS: u32 = 20;
/// What one module may log in an interval, in lines of up to [`SHORT`] bytes. Debug and trace levels are not counted.
const LINES: u32 = 10_000;
/// Bytes of a line that count as one.
const SHORT: usize = 128;

/// Kinds of failure, as they are counted.
pub(crate) const KINDS: [&str; 7] =
    ["Traps", "TimeLimits", "MemoryLimits", "TableLimits", "StackLimits", "HostErrors", "Exits"];

/// What is counted under one name. All of it lies in memory that the parent and its children share, and starts as zeros.
#[repr(C, align(64))]
pub(crate) struct Counters {
    state: AtomicU32,
    name: [AtomicU8; NAME],
    reports: Bucket,
    lines: Bucket,
    /// Failures that were counted and not reported one by one.
    unreported: AtomicU64,
    /// Lines that were not logged.
    dropped: AtomicU64,
    /// Instances that were made on demand because the pool was full, and of these how many that is still to be told of.
    beyond_pool: AtomicU64,
    beyond_pool_untold: AtomicU64,
    failures: [AtomicU64; KINDS.len()],
    lanes: [Lane; LANES],
}

#[repr(C, align(64))]
struct Lane {
    calls: AtomicU64,
    instances: AtomicU64,
}

/// What was counted under a name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sums {
    /// As in the configuration.
    pub(crate) name: String,
    /// Times that guest code was called.
    pub(crate) calls: u64,
    /// Instances that were made.
    pub(crate) instances: u64,
    /// Failures by kind, in the order of [`KINDS`].
    pub(crate) failures: [u64; KINDS.len()],
    /// Failures among them that were not reported one by one.
    pub(crate) unreported: u64,
    /// Lines of the guest that were not logged.
    pub(crate) dropped: u64,
    /// Instances that were made on demand because the pool was full.
    pub(crate) beyond_pool: u64,
}

/// Nobody has the row.
const FREE: u32 = 0;
/// Somebody writes its name.
const CLAIMED: u32 = 1;
/// Its name stands.
const READY: u32 = 2;

fn rows() -> &'static [Counters] {
    static SHARED: OnceLock<&'static [Counters]> = OnceLock::new();
    SHARED.get_or_init(|| shared::zeroed::<Counters>(ROWS))
}

/// Makes the memory of the counters. To be called in the parent: what a child makes is its own.
pub(crate) fn share() {
    rows();
}

impl Counters {
    /// The counters of a name, which it keeps over restarts.
    pub(crate) fn of(name: &str) -> &'static Counters {
        let bytes = &name.as_bytes()[name.len().saturating_sub(NAME)..];
        for row in rows() {
            let claim = row.state.compare_exchange(FREE, CLAIMED, Ordering::Acquire, Ordering::Acquire);
            match claim {
                Ok(_) => {
                    for (to, from) in row.name.iter().zip(bytes) {
                        to.store(*from, Ordering::Relaxed);
                    }
                    row.state.store(READY, Ordering::Release);
                    return row;
                }
                Err(_) if row.is_named(bytes) => return row,
                Err(_) => {}
            }
        }
        // Every name has a place of its own but where there are more than anybody will read.
        &rows()[ROWS - 1]
    }

    fn is_named(&self, bytes: &[u8]) -> bool {
        // A name is written in no time, once.
        for _ in 0..1_000 {
            match self.state.load(Ordering::Acquire) {
                READY => {
                    let name = self.name.iter().map(|byte| byte.load(Ordering::Relaxed));
                    return name.eq(bytes.iter().copied().chain(std::iter::repeat_n(0, NAME - bytes.len())));
                }
                FREE => return false,
                _ => std::thread::yield_now(),
            }
        }
        false
    }

    /// Guest code is called.
    #[inline]
    pub(crate) fn called(&self) {
        self.lane().calls.fetch_add(1, Ordering::Relaxed);
    }

    /// An instance is made.
    pub(crate) fn made(&self) {
        self.lane().instances.fetch_add(1, Ordering::Relaxed);
    }

    /// One was made on demand because the pool was full.
    pub(crate) fn made_beyond_pool(&self) {
        self.beyond_pool.fetch_add(1, Ordering::Relaxed);
        self.beyond_pool_untold.fetch_add(1, Ordering::Relaxed);
    }

    /// A guest failed. The answer says whether that is to be reported.
    pub(crate) fn failed(&self, failure: &Failure) -> bool {
        self.failures[kind(failure)].fetch_add(1, Ordering::Relaxed);
        let reported = self.reports.admits(interval(), 1, REPORTS);
        if !reported {
            self.unreported.fetch_add(1, Ordering::Relaxed);
        }
        reported
    }

    /// Whether a guest may log a line of so many bytes.
    pub(crate) fn may_log(&self, bytes: usize) -> bool {
        let lines = u32::try_from(1 + bytes / SHORT).unwrap_or(u32::MAX);
        let may = self.lines.admits(interval(), lines, LINES);
        if !may {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        may
    }

    /// What was counted so far.
    pub(crate) fn sums(&self) -> Sums {
        let name: Vec<u8> =
            self.name.iter().map(|byte| byte.load(Ordering::Relaxed)).take_while(|byte| *byte != 0).collect();
        let sum = |of: fn(&Lane) -> &AtomicU64| self.lanes.iter().map(|lane| of(lane).load(Ordering::Relaxed)).sum();
        Sums {
            name: String::from_utf8_lossy(&name).into_owned(),
            calls: sum(|lane| &lane.calls),
            instances: sum(|lane| &lane.instances),
            failures: self.failures.each_ref().map(|count| count.load(Ordering::Relaxed)),
            unreported: self.unreported.load(Ordering::Relaxed),
            dropped: self.dropped.load(Ordering::Relaxed),
            beyond_pool: self.beyond_pool.load(Ordering::Relaxed),
        }
    }

    fn lane(&self) -> &Lane {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        thread_local!(static MINE: Cell<u32> = const { Cell::new(u32::MAX) });
        let mut mine = MINE.get();
        if mine == u32::MAX {
            mine = std::process::id().wrapping_mul(7).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % LANES as u32;
            MINE.set(mine);
        }
        &self.lanes[mine as usize % LANES]
    }
}

/// What was counted under each name.
pub(crate) fn all() -> Vec<Sums> {
    rows().iter().filter(|row| row.state.load(Ordering::Acquire) == READY).map(Counters::sums).collect()
}

/// What is to be told of a name from time to time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct News {
    pub(crate) name: String,
    /// Failures that weren't reported one by one.
    pub(crate) failures: u64,
    /// Lines that weren't logged.
    pub(crate) lines: u64,
    /// Instances that were made on demand because the pool was full.
    pub(crate) beyond_pool: u64,
}

/// What was held back in intervals that have ended, under each name, and what the pool had no room for. Each is told once.
/// With `now` also what the present interval holds.
pub(crate) fn news(now: bool) -> Vec<News> {
    let interval = interval();
    let taken =
        |bucket: &Bucket| if now || bucket.interval() != interval { bucket.held.swap(0, Ordering::Relaxed) } else { 0 };
    let ready = rows().iter().filter(|row| row.state.load(Ordering::Acquire) == READY);
    let told = ready
        .map(|row| (row, taken(&row.reports), taken(&row.lines), row.beyond_pool_untold.swap(0, Ordering::Relaxed)));
    told.filter(|(_, failures, lines, beyond_pool)| *failures + *lines + *beyond_pool > 0)
        .map(|(row, failures, lines, beyond_pool)| News { name: row.sums().name, failures, lines, beyond_pool })
        .collect()
}

fn kind(failure: &Failure) -> usize {
    match failure {
        Failure::Trap { .. } => 0,
        Failure::TimeLimit { .. } => 1,
        Failure::MemoryLimit { .. } => 2,
        Failure::TableLimit { .. } => 3,
        Failure::Stack { .. } => 4,
        Failure::Host { .. } | Failure::Poisoned => 5,
        Failure::Exit(_) => 6,
    }
}

/// The number of the present interval. A clock that is set begins another, which is all that it can do.
fn interval() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    now.as_secs() / INTERVAL
}

/// So much in each interval, and the rest is held back.
#[repr(C)]
struct Bucket {
    /// The interval's number, and what it has had so far.
    state: AtomicU64,
    /// What was held back and not told yet.
    held: AtomicU64,
}

impl Bucket {
    fn admits(&self, interval: u64, cost: u32, most: u32) -> bool {
        let number = interval & 0xffff_ffff;
        let admitted = self.state.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |state| {
            let had = if state >> 32 == number { state as u32 } else { 0 };
            had.checked_add(cost).filter(|sum| *sum <= most).map(|sum| number << 32 | u64::from(sum))
        });
        if admitted.is_err() {
            self.held.fetch_add(1, Ordering::Relaxed);
        }
        admitted.is_ok()
    }

    fn interval(&self) -> u64 {
        self.state.load(Ordering::Relaxed) >> 32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_counters() {
        let one = Counters::of("one_module");
        one.called();
        std::thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| (0..1_000).for_each(|_| Counters::of("one_module").called()));
            }
        });
        Counters::of("another_module").called();
        assert_eq!(Counters::of("one_module").sums().calls, 20_001);
        assert_eq!(all().iter().filter(|sums| sums.name == "one_module").count(), 1);
        let long = format!("{}/a.wasm", "x".repeat(200));
        Counters::of(&long).made();
        assert_eq!(Counters::of(&long).sums().instances, 1);
        assert!(Counters::of(&long).sums().name.ends_with("/a.wasm"));
    }

    #[test]
    fn an_interval_has_so_much_and_no_more() {
        let bucket = Bucket { state: AtomicU64::new(0), held: AtomicU64::new(0) };
        let admitted = (0..100).filter(|_| bucket.admits(7, 1, 20)).count();
        assert_eq!((admitted, bucket.held.swap(0, Ordering::Relaxed)), (20, 80));
        assert!(bucket.admits(8, 20, 20) && !bucket.admits(8, 1, 20) && !bucket.admits(9, 21, 20));
        assert_eq!(bucket.held.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn every_failure_is_counted_and_some_are_reported() {
        let counters = Counters::of("fails_module");
        let trap = Failure::Trap { what: "trap".into(), backtrace: Vec::new() };
        // The interval may change once meanwhile.
        let reported = (0..1_000).filter(|_| counters.failed(&trap)).count() as u64;
        assert!((20..=40).contains(&reported), "{reported}");
        assert!(!counters.failed(&Failure::Exit(3)));
        let sums = counters.sums();
        assert_eq!((sums.failures, sums.unreported), ([1_000, 0, 0, 0, 0, 0, 1], 1_001 - reported));
        let told = |now| news(now).into_iter().filter(|news| news.name == "fails_module").collect::<Vec<_>>();
        assert_eq!(
            told(true),
            [News { name: "fails_module".to_owned(), failures: 1_001 - reported, lines: 0, beyond_pool: 0 }]
        );
        assert_eq!(told(true), []);
    }

    #[test]
    fn long_lines_count_as_more() {
        let counters = Counters::of("talks_module");
        let logged = (0..1_000).filter(|_| counters.may_log(8_191)).count();
        assert!((156..=312).contains(&logged), "{logged}");
    }
}
