//! The imports as they are, over slices, and the reading of answers in bytes; with the allocator, the SDK's only unsafe
//! code.

use std::cell::{RefCell, UnsafeCell};

include!(concat!(env!("OUT_DIR"), "/imports.rs"));

/// Bytes that most answers fit in, so that one call is enough.
const FIRST_TRY: usize = 4_096;

thread_local! {
    /// Where answers are read to before their length is known.
    static FIRST: RefCell<[u8; FIRST_TRY]> = const { RefCell::new([0; FIRST_TRY]) };
}

/// Calls `import` with a buffer until its whole answer fits.
///
/// `Ok(None)` for NONE, `Err(code)` for the other negative codes.
pub fn read(mut import: impl FnMut(&mut [u8]) -> i32) -> Result<Option<Vec<u8>>, i32> {
    let (mut length, bytes) = FIRST.with_borrow_mut(|first| {
        let length = import(first);
        (length, usize::try_from(length).ok().and_then(|n| first.get(..n)).map(<[u8]>::to_vec))
    });
    if bytes.is_some() {
        return Ok(bytes);
    }
    let mut buffer = Vec::new();
    while length >= 0 {
        let wanted = length as usize;
        if wanted <= buffer.len() {
            buffer.truncate(wanted);
            return Ok(Some(buffer));
        }
        buffer.resize(wanted, 0);
        length = import(&mut buffer);
    }
    if length == code::NONE { Ok(None) } else { Err(length) }
}

/// The chunk that a filter is called for, of this length: read by one call, into memory that nobody has to clear before.
pub fn filter_chunk(length: u32) -> Vec<u8> {
    #[cfg(target_arch = "wasm32")]
    {
        let mut chunk = Vec::<u8>::with_capacity(length as usize);
        // SAFETY: the host writes inside of the capacity, all of the bytes that it says it read, and none if they don't fit.
        unsafe {
            let read = raw::ap_filter_read(0, length, chunk.as_mut_ptr() as u32, length);
            chunk.set_len(usize::try_from(read).map_or(0, |read| if read <= length as usize { read } else { 0 }));
        }
        chunk
    }
    #[cfg(not(target_arch = "wasm32"))]
    read(|buffer| ap_filter_read(0, length, buffer)).ok().flatten().unwrap_or_default()
}

/// Why the last import answered FAILED.
pub fn error_text() -> Vec<u8> {
    read(ap_error_text).ok().flatten().unwrap_or_default()
}

/// APR's status with which the last import answered FAILED, 0 where there was none.
pub fn error_status() -> i32 {
    i32::try_from(ap_error_status()).unwrap_or(0)
}

/// What the last import kept that answers with a number only.
pub fn answer() -> Vec<u8> {
    read(ap_answer).ok().flatten().unwrap_or_default()
}

/// Where the host keeps the addresses of the configurations in force: per directory, per server.
struct Configs(UnsafeCell<[u32; 2]>);

// SAFETY: a guest has one thread, and the host writes only while the guest doesn't run.
unsafe impl Sync for Configs {}

static CONFIGS: Configs = Configs(UnsafeCell::new([0; 2]));

/// Has the host keep the addresses of the configurations in force in this module's memory.
pub fn keep_configs() {
    ap_module_configs_at(CONFIGS.0.get() as usize as u32);
}

/// This module's configurations in force for the request being served: per directory, per server.
#[inline]
pub fn configs_in_force() -> [u32; 2] {
    if cfg!(target_arch = "wasm32") {
        // SAFETY: the static lives for ever; nobody writes to it while the guest runs.
        return unsafe { CONFIGS.0.get().read_volatile() };
    }
    let both = ap_get_module_config(0, 2);
    [both as u32, (both >> 32) as u32]
}

/// Bytes that the host may write of a request before a hook.
const BEFORE: usize = 4_096;

/// Where the host keeps what a hook finds read: the length, and values.
#[repr(align(4))]
struct Before(UnsafeCell<[u8; BEFORE]>);

// SAFETY: as `Configs`.
unsafe impl Sync for Before {}

static READ_BEFORE: Before = Before(UnsafeCell::new([0xff; BEFORE]));

/// Has the host read values of the request before each call of a hook; to be called in `_initialize`.
pub fn read_before(hook: u64, wants: &[u8]) {
    ap_request_read_before(hook.trailing_zeros(), wants, READ_BEFORE.0.get() as usize as u32, BEFORE as u32);
}

/// Calls `with` with what the host has read before the hook that runs, which can be had once; `None` where it didn't fit.
#[inline]
pub fn with_read_before<T>(with: impl FnOnce(Option<&[u8]>) -> T) -> T {
    // SAFETY: the host writes only while the guest doesn't run, and `with` ends before the hook does.
    let (length, bytes) = unsafe {
        let place = READ_BEFORE.0.get();
        let length = place.cast::<u32>().replace(u32::MAX);
        (length as usize, (*place).get(size_of::<u32>()..).unwrap_or_default())
    };
    with(bytes.get(..length))
}

/// Address that the host is given for a configuration; the host hands it back and never looks behind it.
///
/// Configurations live as long as the instance, or until the host says that one is not needed any more.
pub fn lend<T>(config: Box<T>) -> u32 {
    Box::into_raw(config) as usize as u32
}

/// The configuration behind an address that [`lend`] made; `None` for 0.
///
/// # Safety
/// `address` comes from [`lend`] of the same type, was not given to [`take`] since, and no other reference to the
/// configuration is in use. The host keeps the addresses of each kind apart and calls an instance once at a time.
pub unsafe fn borrow<'a, T>(address: u32) -> Option<&'a mut T> {
    // SAFETY: the caller's promise.
    unsafe { (address as usize as *mut T).as_mut() }
}

/// Takes back what [`lend`] lent.
///
/// # Safety
/// As for [`borrow`], and the address is not used afterwards.
pub unsafe fn take<T>(address: u32) -> Option<Box<T>> {
    // SAFETY: the caller's promise.
    (address != 0).then(|| unsafe { Box::from_raw(address as usize as *mut T) })
}
