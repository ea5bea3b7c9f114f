//! Which pages of a guest's memory have been written, as Linux 6.7 and later tell it (PAGEMAP_SCAN).

use std::ops::Range;
use std::sync::atomic::{AtomicI32, Ordering};

/// Linux: `_IOWR('f', 16, struct pm_scan_arg)`.
const PAGEMAP_SCAN: libc::Ioctl = 0xc060_6610_u32 as libc::Ioctl;
const PAGE_IS_FILE: u64 = 1 << 2;
const PAGE_IS_PRESENT: u64 = 1 << 3;
const PAGE_IS_SWAPPED: u64 = 1 << 4;
const PAGE_IS_PFNZERO: u64 = 1 << 5;
/// Bytes of a page on every system for which this is asked; pages that are larger are told as several of these.
const PAGE: usize = 4096;
/// Most ranges of pages that are told at a time.
const RANGES: usize = 32;

/// The page map of this process, which wasmtime opened for its pool and opens again after each fork; -1 for none.
static PAGEMAP: AtomicI32 = AtomicI32::new(-1);

/// Linux's `struct pm_scan_arg`.
#[repr(C)]
#[derive(Default)]
struct ScanArg {
    size: u64,
    flags: u64,
    start: u64,
    end: u64,
    walk_end: u64,
    vec: u64,
    vec_len: u64,
    max_pages: u64,
    category_inverted: u64,
    category_mask: u64,
    category_anyof_mask: u64,
    return_mask: u64,
}

/// Linux's `struct page_region`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Region {
    start: u64,
    end: u64,
    categories: u64,
}

/// Finds this process's page map, and keeps CGI programs and piped loggers from inheriting it: wasmtime opens it again at
/// each fork, by a handler that loses the close-on-exec flag.
pub(crate) fn find_map() {
    let Ok(files) = std::fs::read_dir("/proc/self/fd") else {
        return;
    };
    for file in files.flatten() {
        let is_map = std::fs::read_link(file.path()).is_ok_and(|to| to.ends_with("pagemap"));
        let number = file.file_name().to_str().and_then(|name| name.parse::<libc::c_int>().ok());
        if let Some(number) = number.filter(|_| is_map) {
            // SAFETY: sets a flag of an open descriptor, and does nothing if it isn't open any more.
            unsafe { libc::fcntl(number, libc::F_SETFD, libc::FD_CLOEXEC) };
            PAGEMAP.store(number, Ordering::Relaxed);
        }
    }
}

/// Whether anybody tells.
pub(crate) fn are_told() -> bool {
    PAGEMAP.load(Ordering::Relaxed) >= 0
}

/// Puts every range of whole pages that may differ from what was mapped into `ranges`, by their distance from the memory's
/// start. `false` where nobody tells, or where they are more than `most` bytes or lie too far apart: then not all are there.
pub(crate) fn written(memory: &[u8], most: usize, ranges: &mut Vec<Range<usize>>) -> bool {
    let (start, end) = (memory.as_ptr_range().start.addr(), memory.as_ptr_range().end.addr());
    let mut regions = [Region::default(); RANGES];
    let mut arg = ScanArg {
        size: size_of::<ScanArg>() as u64,
        start: start as u64,
        end: end as u64,
        vec: regions.as_mut_ptr().expose_provenance() as u64,
        vec_len: RANGES as u64,
        max_pages: (most / PAGE) as u64,
        // Neither a page of the file that the memory is mapped from nor the one of zeros, but there or swapped out.
        category_inverted: PAGE_IS_FILE | PAGE_IS_PFNZERO,
        category_mask: PAGE_IS_FILE | PAGE_IS_PFNZERO,
        category_anyof_mask: PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
        ..ScanArg::default()
    };
    // SAFETY: the kernel writes to `arg` and to the `vec_len` elements of `regions`, both of which live until it returns, and
    // looks at the page tables of `memory`, not at memory itself. On another descriptor than a page map it fails.
    let told = unsafe { libc::ioctl(PAGEMAP.load(Ordering::Relaxed), PAGEMAP_SCAN, &raw mut arg) };
    let Some(told) = usize::try_from(told).ok().and_then(|told| regions.get(..told)) else {
        return false;
    };
    ranges.clear();
    let at = |address: u64| (address as usize).wrapping_sub(start);
    ranges.extend(told.iter().map(|region| at(region.start)..at(region.end)));
    arg.walk_end == end as u64
}

/// Page faults of this thread so far. Where there was none, no page was written for the first time.
pub(crate) fn faults() -> Option<i64> {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::uninit();
    // SAFETY: the kernel fills the one `rusage`, if it answers 0.
    let usage = unsafe {
        let rc = libc::getrusage(libc::RUSAGE_THREAD, usage.as_mut_ptr());
        (rc == 0).then(|| usage.assume_init())?
    };
    Some(usage.ru_minflt + usage.ru_majflt)
}

/// Has every page of a memory come by a fault of its own: the kernel doesn't put pages together behind the back of [`faults`].
pub(crate) fn stay_small(memory: &[u8]) {
    // SAFETY: changes how the kernel backs these whole pages, not what is in them; where it knows no larger pages it fails,
    // and there is nothing to forbid.
    unsafe { libc::madvise(memory.as_ptr().cast_mut().cast(), memory.len(), libc::MADV_NOHUGEPAGE) };
}
