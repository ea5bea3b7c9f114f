//! Instances that begin anew: what calls have changed is put back, for a fraction of what a new instance takes (ADR 6).
//! Only for modules that are open to the host (`open`).

use super::bounds::Data;
use super::open;
use crate::httpd::pages;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use wasmtime::{Global, Instance, Memory, Store, Val};

/// Most bytes of memory that are put back; with more, a new instance is as fast. As much as the pool keeps of one.
const MOST_CHANGED: usize = 256 << 10;
/// Most bytes by which a memory may have grown, which can't be undone. Allocators ask for more at each beginning.
const MOST_GROWN: usize = 1 << 20;
/// Most bytes from the first to the last that a memory begins with other than zero.
const MOST_BEGUN: usize = 4 << 20;
/// Most such instances of a process. Each keeps what it has changed at a time, and addresses of its own.
const MOST: usize = 256;
/// So often in a row instances of a module could not begin anew before no more is made to.
const IN_VAIN: u32 = 16;

/// How many there are.
static THERE: AtomicUsize = AtomicUsize::new(0);

/// One of the places of a process.
struct Seat;

impl Seat {
    fn take() -> Option<Seat> {
        let free = |there| (there < MOST).then_some(there + 1);
        THERE.fetch_update(Ordering::Relaxed, Ordering::Relaxed, free).ok().map(|_| Seat)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        THERE.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How a module's instances begin.
struct Beginning {
    /// Size of its memory, in bytes.
    size: usize,
    /// Where the memory begins to be other than zero, and what it is from there on.
    bytes: (usize, Box<[u8]>),
    /// Its variables.
    values: Box<[Val]>,
}

impl Beginning {
    /// Puts back a part of the memory.
    fn restore(&self, at: usize, part: &mut [u8]) {
        part.fill(0);
        let (begin, bytes) = (self.bytes.0, &self.bytes.1);
        let first = at.max(begin);
        let last = (at + part.len()).min(begin + bytes.len());
        if let (Some(to), Some(from)) =
            (part.get_mut(first - at..last.saturating_sub(at)), bytes.get(first - begin..last.saturating_sub(begin)))
        {
            to.copy_from_slice(from);
        }
    }
}

/// What is known of a module whose instances may begin anew.
pub(super) struct Plan {
    variables: usize,
    /// As the first instance was found; `None` if it can't be put back.
    beginning: OnceLock<Option<Beginning>>,
    in_vain: AtomicU32,
}

impl Plan {
    pub(super) fn new(variables: usize) -> Arc<Plan> {
        Arc::new(Plan { variables, beginning: OnceLock::new(), in_vain: AtomicU32::new(0) })
    }

    /// Whether an instance is worth being made for it.
    pub(super) fn promises(&self) -> bool {
        self.in_vain.load(Ordering::Relaxed) < IN_VAIN
            && THERE.load(Ordering::Relaxed) < MOST
            && self.beginning.get().is_none_or(Option::is_some)
            && pages::are_told()
    }

    fn read<T>(&self, store: &mut Store<T>, memory: Memory, variables: &[Global]) -> Option<Beginning> {
        let values = variables.iter().map(|variable| variable.get(&mut *store)).collect();
        let data = memory.data(store);
        let first = data.iter().position(|byte| *byte != 0).unwrap_or(0);
        let end = data.iter().rposition(|byte| *byte != 0).map_or(first, |last| last + 1);
        let bytes = data.get(first..end).filter(|bytes| bytes.len() <= MOST_BEGUN)?;
        Some(Beginning { size: data.len(), bytes: (first, bytes.into()), values })
    }
}

/// What an instance that begins anew has beside others.
pub(super) struct Renewal {
    plan: Arc<Plan>,
    pub(super) memory: Memory,
    variables: Box<[Global]>,
    /// Parts of the memory that may be other than they were, since a look at it when it had this size.
    changed: Vec<Range<usize>>,
    looked: Option<usize>,
    /// Page faults of the thread before the call, if it is known on which thread the call is.
    faults: Option<i64>,
    _seat: Seat,
}

impl Renewal {
    /// For an instance that was just made; `None` where it can't begin anew.
    pub(super) fn new<T>(plan: &Arc<Plan>, store: &mut Store<T>, instance: &Instance) -> Option<Renewal> {
        let memory = instance.get_memory(&mut *store, "memory")?;
        let variables: Option<Box<[Global]>> =
            (0..plan.variables).map(|number| instance.get_global(&mut *store, &open::name(number))).collect();
        let variables = variables?;
        plan.beginning.get_or_init(|| plan.read(store, memory, &variables)).as_ref()?;
        Some(Renewal {
            plan: plan.clone(),
            memory,
            variables,
            changed: Vec::new(),
            looked: None,
            faults: None,
            _seat: Seat::take()?,
        })
    }

    /// From now on this thread alone is in the instance, until it is put back: no look is needed if nothing is written for the
    /// first time.
    pub(super) fn watch(&mut self, stays: bool) {
        self.faults = stays.then(pages::faults).flatten();
    }

    /// Puts back the guest's memory and its variables. The answer is by how many bytes the memory is larger than it was,
    /// or `None` where not everything could be put back.
    pub(super) fn renew<T: Data>(&mut self, store: &mut Store<T>) -> Option<usize> {
        let grown = self.plan.beginning.get().and_then(Option::as_ref).and_then(|as_it_was| {
            let memory = self.memory.data_mut(&mut *store);
            let grown = memory.len().checked_sub(as_it_was.size).filter(|grown| *grown <= MOST_GROWN)?;
            let size = Some(memory.len());
            let before = self.faults.take();
            if self.looked != size || before.is_none() || pages::faults() != before {
                if self.looked != size {
                    pages::stay_small(memory);
                }
                pages::written(memory, MOST_CHANGED, &mut self.changed).then_some(())?;
                self.looked = size;
            }
            for range in &self.changed {
                as_it_was.restore(range.start, memory.get_mut(range.clone())?);
            }
            let done =
                self.variables.iter().zip(&as_it_was.values).all(|(of, value)| of.set(&mut *store, *value).is_ok());
            done.then_some(grown)
        });
        let in_vain = &self.plan.in_vain;
        match (grown, in_vain.load(Ordering::Relaxed)) {
            (Some(_), 0) => {}
            (Some(_), _) => in_vain.store(0, Ordering::Relaxed),
            (None, times) => in_vain.store(times.saturating_add(1), Ordering::Relaxed),
        }
        grown
    }
}
