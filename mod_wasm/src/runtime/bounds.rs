//! What one instance may take of the host, and the memory of what it was refused.

use std::time::Duration;

/// Limits of one instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of linear memory.
    pub memory: usize,
    /// Longest duration of one call into the guest, host functions included save for what they say that they spent
    /// waiting for others.
    pub time: Duration,
    /// Most elements in one table.
    pub table_elements: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { memory: 64 << 20, time: Duration::from_secs(1), table_elements: 20_000 }
    }
}

/// A growth that was refused, and the limit that it would have exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Of linear memory; the limit in bytes.
    Memory(usize),
    /// Of a table; the limit in elements.
    Table(usize),
}

/// The resource limiter of one instance; remembers that a growth was refused, so that the abort which usually
/// follows can be named for what it is.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    memory: usize,
    /// Bytes that the memory had grown by before the instance began anew, which don't count.
    grown: usize,
    table_elements: usize,
    refused: Option<Refused>,
    pardoned: Duration,
}

impl Bounds {
    /// Bounds for an instance with these limits.
    pub fn new(limits: &Limits) -> Self {
        Bounds {
            memory: limits.memory,
            grown: 0,
            table_elements: limits.table_elements,
            refused: None,
            pardoned: Duration::ZERO,
        }
    }

    /// Bounds for an instance that begins anew with a memory that is so many bytes larger.
    pub(super) fn anew(limits: &Limits, grown: usize) -> Self {
        Bounds { grown, ..Bounds::new(limits) }
    }

    /// Adds to the time of the present call what a host function spent waiting for others.
    pub fn pardon(&mut self, time: Duration) {
        self.pardoned = self.pardoned.saturating_add(time);
    }

    /// Takes the time that was added.
    pub(super) fn take_pardoned(&mut self) -> Duration {
        std::mem::take(&mut self.pardoned)
    }

    /// The last growth that was refused.
    pub fn refused(&self) -> Option<Refused> {
        self.refused
    }

    /// Most bytes of linear memory.
    pub fn memory(&self) -> usize {
        self.memory
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds::new(&Limits::default())
    }
}

impl wasmtime::ResourceLimiter for Bounds {
    fn memory_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        let fits = desired.saturating_sub(self.grown) <= self.memory;
        if !fits {
            self.refused = Some(Refused::Memory(self.memory));
        }
        Ok(fits)
    }

    // The operating system or the pooled slot had no room although the limit would have allowed it.
    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.refused = Some(Refused::Memory(self.memory));
        Ok(())
    }

    fn table_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        let fits = desired <= self.table_elements;
        if !fits {
            self.refused = Some(Refused::Table(self.table_elements));
        }
        Ok(fits)
    }

    fn instances(&self) -> usize {
        1
    }

    fn memories(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        8
    }
}

/// What the store of an instance carries for the host functions.
pub trait Data: Send + 'static {
    /// The resource limiter; [`Guest::instantiate`](super::Guest::instantiate) sets it.
    fn bounds(&mut self) -> &mut Bounds;
    /// Takes the guest's exported `memory`, once, before any of the guest's exports is called.
    /// A start function of the module runs before this.
    fn set_memory(&mut self, memory: wasmtime::Memory);
}
