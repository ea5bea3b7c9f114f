//! The guests' allocator: free lists by size for what requests make and drop, Rust's own allocator for the rest.
//!
//! A guest makes many short strings per request. With lists an allocation is a few instructions, where the allocator of
//! Rust's Wasm targets takes about eighty. The first memory is there from the start: to grow it costs the host two calls
//! of the operating system, which an instance that lives for one call would make each time.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::UnsafeCell;
use std::ptr::null_mut;

/// Sizes of the lists: 16, 32, 64 … 131,072 bytes.
const CLASSES: usize = 14;
/// The lists of sizes that are always rounded up to theirs, up to 2,048 bytes; larger blocks are so only in the arena.
const SMALL: usize = 8;
const SMALLEST: usize = 16;
/// Bytes that a list takes from the system when it is empty.
const REFILL: usize = 4_096;
/// Bytes that are there from the start.
const ARENA: usize = 256 << 10;

/// An allocator for guests, which have one thread.
pub struct FreeLists {
    lists: UnsafeCell<[*mut Block; CLASSES]>,
    arena: UnsafeCell<Arena>,
    /// How much of the arena was ever handed out.
    used: UnsafeCell<usize>,
}

#[repr(align(16))]
struct Arena {
    _bytes: [u8; ARENA],
}

struct Block {
    next: *mut Block,
}

// SAFETY: a guest has one thread (the target has no others).
unsafe impl Sync for FreeLists {}

impl FreeLists {
    /// An allocator whose lists are empty.
    pub const fn new() -> Self {
        FreeLists {
            lists: UnsafeCell::new([null_mut(); CLASSES]),
            arena: UnsafeCell::new(Arena { _bytes: [0; ARENA] }),
            used: UnsafeCell::new(0),
        }
    }

    /// The list of a layout, if it is one of the small sizes.
    #[inline]
    fn class(layout: Layout) -> Option<usize> {
        Self::any_class(layout).filter(|class| *class < SMALL)
    }

    /// The list of a layout, if there is one.
    #[inline]
    fn any_class(layout: Layout) -> Option<usize> {
        let size = layout.size().max(layout.align()).max(SMALLEST);
        let class = (usize::BITS - (size - 1).leading_zeros()) as usize - SMALLEST.ilog2() as usize;
        (class < CLASSES && layout.align() <= SMALLEST).then_some(class)
    }

    /// Whether a block is one of the arena.
    #[inline]
    fn is_own(&self, block: *mut u8) -> bool {
        (block as usize).wrapping_sub(self.arena.get() as usize) < ARENA
    }

    /// A block of more than the small sizes.
    #[cold]
    fn large(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise for `System`; the list holds free blocks only, and what is taken from the arena
        // lies inside of it and was never handed out. See `Sync`.
        unsafe {
            let Some(class) = Self::any_class(layout) else { return System.alloc(layout) };
            let list = self.lists.get().cast::<*mut Block>().add(class);
            let (block, size) = (*list, SMALLEST << class);
            if !block.is_null() {
                *list = (*block).next;
                return block.cast();
            }
            let used = *self.used.get();
            if ARENA - used < size {
                return System.alloc(layout);
            }
            *self.used.get() = used + size;
            self.arena.get().cast::<u8>().add(used)
        }
    }

    /// Cuts new memory into blocks of a class; one of them, or null where there is no memory.
    #[cold]
    fn refill(&self, class: usize) -> *mut u8 {
        let size = SMALLEST << class;
        let count = REFILL / size;
        // SAFETY: the layout's size is not 0. The blocks lie inside of what the system gave, aligned to their size's
        // smallest class, and are on no list yet.
        unsafe {
            let all = self.large(Layout::from_size_align_unchecked(REFILL, SMALLEST));
            if all.is_null() {
                return all;
            }
            for at in 1..count {
                self.push(class, all.add(at * size));
            }
            all
        }
    }

    /// # Safety
    /// `block` has the size of the class and is used by nobody.
    #[inline]
    unsafe fn push(&self, class: usize, block: *mut u8) {
        // SAFETY: the caller's promise; see `Sync`. `class` is below CLASSES.
        unsafe {
            let list = self.lists.get().cast::<*mut Block>().add(class);
            let block = block.cast::<Block>();
            (*block).next = *list;
            *list = block;
        }
    }
}

impl Default for FreeLists {
    fn default() -> Self {
        FreeLists::new()
    }
}

// SAFETY: blocks are handed out once until they come back, are as large as their class and aligned to SMALLEST. A small
// layout always leads to the same class; a larger one does for the blocks of the arena, and the others are the system's.
unsafe impl GlobalAlloc for FreeLists {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise for `System`; the list holds free blocks only.
        unsafe {
            let Some(class) = Self::class(layout) else { return self.large(layout) };
            let list = self.lists.get().cast::<*mut Block>().add(class);
            let block = *list;
            if block.is_null() {
                return self.refill(class);
            }
            *list = (*block).next;
            block.cast()
        }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller gives back what `alloc` gave for the same layout.
        unsafe {
            match Self::class(layout) {
                Some(class) => self.push(class, block),
                None if self.is_own(block) => self.push(Self::any_class(layout).unwrap_or(0), block),
                None => System.dealloc(block, layout),
            }
        }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's promise; the new block doesn't overlap the old one.
        unsafe {
            let new = Layout::from_size_align_unchecked(size, layout.align());
            let class = if self.is_own(block) { Self::any_class } else { Self::class };
            match (class(layout), class(new)) {
                (Some(before), Some(after)) if before == after => block,
                (None, None) => System.realloc(block, layout, size),
                _ => {
                    let moved = self.alloc(new);
                    if !moved.is_null() {
                        std::ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                        self.dealloc(block, layout);
                    }
                    moved
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_come_back_and_keep_what_they_hold() {
        let lists = FreeLists::new();
        let mut held = Vec::new();
        for size in [1, 15, 16, 17, 100, 2_048, 2_049, 4_096, 40_000, 65_536, 100_000, 131_072, 131_073, 1_000_000] {
            let layout = Layout::from_size_align(size, 8).expect("a layout");
            // SAFETY: each block is written inside of its size, and given back with its layout.
            unsafe {
                let block = lists.alloc(layout);
                block.write_bytes(size as u8, size);
                held.push((block, layout));
            }
        }
        for (block, layout) in &mut held {
            let (old, mark) = (layout.size(), layout.size() as u8);
            // SAFETY: as above.
            unsafe {
                *block = lists.realloc(*block, *layout, old * 3);
                *layout = Layout::from_size_align(old * 3, 8).expect("a layout");
                assert!((0..old).all(|at| *block.add(at) == mark));
            }
        }
        for (block, layout) in held {
            // SAFETY: as above.
            unsafe { lists.dealloc(block, layout) };
        }
        let layout = Layout::from_size_align(40, 8).expect("a layout");
        // SAFETY: as above.
        unsafe {
            let first = lists.alloc(layout);
            lists.dealloc(first, layout);
            assert_eq!(lists.alloc(layout), first);
            lists.dealloc(first, layout);
        }
    }
}
