//! A linked module and its instances: making them, calling them, and never entering one again that failed.

use super::bounds::{Bounds, Data, Limits, Refused};
use super::engine::Linker;
use super::failure::{Failure, plain};
use super::module::{Artifact, Kind, LoadError};
use super::renewal::{Plan, Renewal};
use super::ticker::Pulse;
use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;
use wasmtime::{
    Caller, Extern, InstancePre, PoolConcurrencyLimitError, Store, Trap, TypedFunc, UnknownImportError, UpdateDeadline,
    WasmParams, WasmResults,
};

/// Where an instance lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// For long: made on demand, so that it doesn't take a place in the pool for ever.
    Kept,
    /// For a moment: from the pool if there is one with room, else on demand.
    Fresh,
    /// For one call, after which it begins anew for the next if it can ([`Instance::renew`]); else as [`Place::Fresh`].
    Anew,
}

/// A module whose imports are resolved, ready to be instantiated in any thread or child.
pub struct Guest<T: 'static> {
    on_demand: InstancePre<T>,
    pooled: Option<InstancePre<T>>,
    pool_memory: usize,
    /// Whether instances are set up by `_initialize`, as toolchains do it for WASI reactors.
    initialize: bool,
    /// How its instances begin anew, if they can.
    plan: Option<Arc<Plan>>,
    name: Arc<str>,
    epoch: Duration,
    pulse: Arc<Pulse>,
}

impl<T: Data> Guest<T> {
    /// Resolves the module's imports.
    ///
    /// # Errors
    /// [`LoadError::Import`] names an import that the linker doesn't define.
    pub fn link(artifact: &Artifact, linker: &Linker<T>) -> Result<Guest<T>, LoadError> {
        let mut linked =
            artifact.modules.iter().zip(linker.each()).map(|(module, linker)| linker.instantiate_pre(module));
        let on_demand = linked
            .next()
            .unwrap_or_else(|| Err(wasmtime::Error::msg("no engine")))
            .map_err(|error| link_error(&error))?;
        let pooled = linked.next().transpose().map_err(|error| link_error(&error))?;
        Ok(Guest {
            on_demand,
            pooled,
            pool_memory: artifact.runtime.pool_memory(),
            initialize: artifact.kind != Kind::Command && artifact.has("_initialize"),
            plan: artifact.variables.map(Plan::new),
            name: artifact.name.clone(),
            epoch: artifact.runtime.epoch(),
            pulse: artifact.runtime.pulse().clone(),
        })
    }

    /// Makes an instance, and calls its `_initialize` if it has one.
    ///
    /// # Errors
    /// When the guest's start fails, or the operating system has no memory for it; never because the pool is full.
    pub fn instantiate(&self, mut data: T, limits: &Limits, place: Place) -> Result<Instance<T>, Failure> {
        *data.bounds() = Bounds::new(limits);
        let mut beyond_pool = false;
        if let Some(plan) = self.plan.as_ref().filter(|_| place == Place::Anew && self.promises()) {
            let made = self.instantiate_in(&self.on_demand, data, limits);
            let mut instance = made.map_err(|(store, error)| self.failure(store, &error, limits))?;
            instance.renewal = Renewal::new(plan, &mut instance.store, &instance.instance);
            return self.initialized(instance);
        }
        // A pooled memory can't grow past its slot, so one that may become larger isn't pooled.
        let pooled = self.pooled.as_ref().filter(|_| place != Place::Kept && limits.memory <= self.pool_memory);
        if let Some(pooled) = pooled {
            match self.instantiate_in(pooled, data, limits) {
                Err((store, error)) if error.is::<PoolConcurrencyLimitError>() => {
                    data = store.into_data();
                    beyond_pool = true;
                }
                Err((store, error)) => return Err(self.failure(store, &error, limits)),
                Ok(instance) => return self.initialized(instance),
            }
        }
        match self.instantiate_in(&self.on_demand, data, limits) {
            Err((store, error)) => Err(self.failure(store, &error, limits)),
            Ok(instance) => self.initialized(Instance { beyond_pool, ..instance }),
        }
    }

    /// Whether an instance is worth being made to begin anew after its call.
    pub(super) fn promises(&self) -> bool {
        self.plan.as_ref().is_some_and(|plan| plan.promises())
    }

    fn instantiate_in(
        &self,
        pre: &InstancePre<T>,
        data: T,
        limits: &Limits,
    ) -> Result<Instance<T>, (Store<T>, wasmtime::Error)> {
        let mut store = Store::new(pre.module().engine(), data);
        store.limiter(|data| data.bounds());
        let ticks = ticks(limits.time, self.epoch);
        self.pulse.may_last(ticks);
        self.pulse.beat();
        store.set_epoch_deadline(ticks);
        let (epoch, limit) = (self.epoch, limits.time);
        store.epoch_deadline_callback(move |mut store| {
            let pardoned = store.data_mut().bounds().take_pardoned();
            // A wait that was longer than the limit is over by now, and leaves the guest no more than that. Less than a tick is
            // nothing, or a guest that waits a moment again and again would never come to its end.
            match whole_ticks(pardoned.min(limit), epoch) {
                0 => Err(Trap::Interrupt.into()),
                more => Ok(UpdateDeadline::Continue(more)),
            }
        });
        let instance = match pre.instantiate(&mut store) {
            Ok(instance) => instance,
            Err(error) => return Err((store, error)),
        };
        if let Some(memory) = instance.get_memory(&mut store, "memory") {
            store.data_mut().set_memory(memory);
        }
        Ok(Instance {
            store,
            instance,
            ticks,
            pulse: self.pulse.clone(),
            poisoned: false,
            beyond_pool: false,
            renewal: None,
            initialize: None,
            time: limits.time,
            name: self.name.clone(),
        })
    }

    fn initialized(&self, mut instance: Instance<T>) -> Result<Instance<T>, Failure> {
        if self.initialize {
            instance.initialize = instance.func("_initialize");
            instance.begin()?;
        }
        Ok(instance)
    }

    fn failure(&self, mut store: Store<T>, error: &wasmtime::Error, limits: &Limits) -> Failure {
        let refused = store.data_mut().bounds().refused();
        match Failure::new(error, &self.name, limits.time, refused) {
            // The memory that it starts with is refused by an error, not by a trap.
            Failure::Host { what, backtrace } => match refused {
                Some(Refused::Memory(limit)) => Failure::MemoryLimit { limit, what, backtrace },
                Some(Refused::Table(limit)) => Failure::TableLimit { limit, what, backtrace },
                None => Failure::Host { what, backtrace },
            },
            failure => failure,
        }
    }
}

impl<T: 'static> Clone for Guest<T> {
    fn clone(&self) -> Self {
        Guest {
            on_demand: self.on_demand.clone(),
            pooled: self.pooled.clone(),
            pool_memory: self.pool_memory,
            initialize: self.initialize,
            plan: self.plan.clone(),
            name: self.name.clone(),
            epoch: self.epoch,
            pulse: self.pulse.clone(),
        }
    }
}

thread_local! {
    /// Calls that this thread is in.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// How many calls of guests stand within one another on this thread.
#[inline]
pub fn depth() -> u32 {
    DEPTH.get()
}

/// A call that this thread is in.
struct Inside;

impl Inside {
    #[inline]
    fn enter() -> Inside {
        DEPTH.set(DEPTH.get() + 1);
        Inside
    }
}

impl Drop for Inside {
    #[inline]
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

/// An instance of a guest, with the host's data about it.
pub struct Instance<T: 'static> {
    /// wasmtime's store.
    pub store: Store<T>,
    instance: wasmtime::Instance,
    ticks: u64,
    pulse: Arc<Pulse>,
    poisoned: bool,
    beyond_pool: bool,
    renewal: Option<Renewal>,
    initialize: Option<TypedFunc<(), ()>>,
    time: Duration,
    name: Arc<str>,
}

impl<T: Data> Instance<T> {
    /// The exported function of this name and type. Look it up once and keep it.
    pub fn func<P: WasmParams, R: WasmResults>(&mut self, name: &str) -> Option<TypedFunc<P, R>> {
        // Not `get_typed_func`, whose error for a missing export is dear.
        self.instance.get_func(&mut self.store, name)?.typed(&self.store).ok()
    }

    /// Whether a function of this name is exported, of whatever type.
    pub fn has(&mut self, name: &str) -> bool {
        self.instance.get_func(&mut self.store, name).is_some()
    }

    /// Calls an export of this instance, within its time limit. After a failure, or a panic in a host function,
    /// the instance is poisoned.
    ///
    /// # Errors
    /// What the guest or a host function did wrong.
    #[inline]
    pub fn call<P: WasmParams, R: WasmResults>(&mut self, func: &TypedFunc<P, R>, params: P) -> Result<R, Failure> {
        if self.poisoned {
            return Err(Failure::Poisoned);
        }
        self.pulse.beat();
        self.store.set_epoch_deadline(self.ticks);
        self.store.data_mut().bounds().take_pardoned();
        self.poisoned = true;
        let _inside = Inside::enter();
        match func.call(&mut self.store, params) {
            Ok(results) => {
                self.poisoned = false;
                Ok(results)
            }
            Err(error) => Err(self.failure(&error)),
        }
    }

    #[cold]
    fn failure(&mut self, error: &wasmtime::Error) -> Failure {
        let refused = self.store.data_mut().bounds().refused();
        Failure::new(error, &self.name, self.time, refused)
    }

    /// What the host functions see.
    pub fn data(&self) -> &T {
        self.store.data()
    }

    /// What the host functions see.
    pub fn data_mut(&mut self) -> &mut T {
        self.store.data_mut()
    }

    /// Puts back what calls have changed and takes other data, so that after [`Instance::begin`] it is as if it had just been
    /// made, though its memory may stay larger. Whether it could; else it must be dropped.
    pub fn renew(&mut self, limits: &Limits, data: impl FnOnce() -> T) -> bool {
        let Some(renewal) = self.renewal.as_mut().filter(|_| !self.poisoned) else {
            return false;
        };
        let Some(grown) = renewal.renew(&mut self.store) else {
            return false;
        };
        let mut data = data();
        *data.bounds() = Bounds::anew(limits, grown);
        data.set_memory(renewal.memory);
        *self.store.data_mut() = data;
        true
    }

    /// Says whether the instance is in this thread's hands alone until it is put back ([`Instance::renew`]), which is faster.
    pub fn stays(&mut self, stays: bool) {
        if let Some(renewal) = &mut self.renewal {
            renewal.watch(stays);
        }
    }

    /// Has the guest set itself up, as it did when the instance was made.
    ///
    /// # Errors
    /// When that fails.
    pub fn begin(&mut self) -> Result<(), Failure> {
        self.initialize.clone().map_or(Ok(()), |initialize| self.call(&initialize, ()))
    }

    /// Whether its linear memory has grown past half of its limit.
    pub fn memory_is_half_full(&mut self) -> bool {
        let most = self.store.data_mut().bounds().memory();
        let memory = self.instance.get_memory(&mut self.store, "memory");
        memory.is_some_and(|memory| memory.data_size(&self.store) > most / 2)
    }

    /// Whether it was made on demand because the pool was full.
    pub fn is_beyond_pool(&self) -> bool {
        self.beyond_pool
    }

    /// Whether the instance failed and must be dropped.
    pub fn poisoned(&self) -> bool {
        self.poisoned
    }
}

/// The memory and the data of a guest that calls a host function while it is instantiated (its start function), which is
/// before [`Data::set_memory`].
#[cold]
pub fn parts_at_start<'c, T: 'static>(caller: &'c mut Caller<'_, T>) -> (&'c mut [u8], &'c mut T) {
    match caller.get_export("memory").and_then(Extern::into_memory) {
        Some(memory) => memory.data_and_store_mut(caller),
        None => (&mut [], caller.data_mut()),
    }
}

/// Ticks after which a limit has surely passed: the first may come at once.
pub fn ticks(limit: Duration, epoch: Duration) -> u64 {
    let ticks = limit.as_nanos().div_ceil(epoch.as_nanos().max(1)) + 1;
    u64::try_from(ticks).unwrap_or(u64::MAX / 4).min(u64::MAX / 4)
}

/// Ticks that pass within a time.
fn whole_ticks(time: Duration, epoch: Duration) -> u64 {
    u64::try_from(time.as_nanos() / epoch.as_nanos().max(1)).unwrap_or(u64::MAX).min(u64::MAX / 4)
}

fn link_error(error: &wasmtime::Error) -> LoadError {
    match error.downcast_ref::<UnknownImportError>() {
        Some(import) => LoadError::Import { module: plain(import.module(), 200), name: plain(import.name(), 200) },
        None => LoadError::Link(plain(&format!("{error:#}"), 400)),
    }
}
