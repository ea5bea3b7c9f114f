//! apr_buckets.h: what APR has as macros, and bytes put into a brigade. Knows no filter.

use super::bindings::*;
use super::bytes::copy_to;
use std::ptr::null_mut;

/// More than what APR gathers in one bucket (apr_buckets.h:APR_BUCKET_BUFF_SIZE).
const LARGE: usize = 8_000;

/// Puts a copy of the bytes at a brigade's end; `false` where there is no memory.
///
/// # Safety
/// `brigade` lives.
pub(super) unsafe fn append(brigade: *mut apr_bucket_brigade, data: &[u8]) -> bool {
    // SAFETY: the caller's promise. Small ones APR copies into the bucket before; large ones get one of their own, whose
    // memory is written whole before anybody reads it.
    unsafe {
        let (length, list) = (data.len() as apr_size_t, (*brigade).bucket_alloc);
        if data.len() <= LARGE {
            return apr_brigade_write(brigade, None, null_mut(), data.as_ptr().cast(), length) == 0;
        }
        let place = apr_bucket_alloc(length, list).cast::<u8>();
        if place.is_null() {
            return false;
        }
        copy_to(place, data);
        insert_tail(brigade, apr_bucket_heap_create(place.cast(), length, Some(apr_bucket_free), list));
        true
    }
}

/// APR_BRIGADE_CONCAT.
///
/// # Safety
/// Both live.
pub(super) unsafe fn concat(to: *mut apr_bucket_brigade, from: *mut apr_bucket_brigade) {
    // SAFETY: the caller's promise.
    unsafe {
        let Some(first) = first_of(from) else { return };
        let (last, end) = ((*from).list.prev, (*to).list.prev);
        (*end).link.next = first;
        (*first).link.prev = end;
        (*last).link.next = sentinel(to);
        (*to).list.prev = last;
        (*from).list.next = sentinel(from);
        (*from).list.prev = sentinel(from);
    }
}

/// The sum of its buckets' lengths, all of which are known.
///
/// # Safety
/// `brigade` lives, and holds what [`append`] put there.
pub(super) unsafe fn length_of(brigade: *mut apr_bucket_brigade) -> usize {
    // SAFETY: the caller's promise.
    unsafe {
        let (mut length, mut bucket) = (0, (*brigade).list.next);
        while bucket != sentinel(brigade) {
            length += (*bucket).length;
            bucket = (*bucket).link.next;
        }
        length
    }
}

/// The first bucket of a brigade: APR_BRIGADE_FIRST, or `None` where APR_BRIGADE_EMPTY.
///
/// # Safety
/// `brigade` lives.
pub(super) unsafe fn first_of(brigade: *mut apr_bucket_brigade) -> Option<*mut apr_bucket> {
    // SAFETY: the caller's promise.
    unsafe { Some((*brigade).list.next).filter(|first| *first != sentinel(brigade)) }
}

/// APR_RING_SENTINEL: the address at which the ring's head would be a bucket.
///
/// # Safety
/// `brigade` lives.
pub(super) unsafe fn sentinel(brigade: *mut apr_bucket_brigade) -> *mut apr_bucket {
    // SAFETY: only an address is computed; the ring's links are the first member of a bucket.
    unsafe { (&raw mut (*brigade).list).cast() }
}

/// APR_BUCKET_REMOVE and APR_BRIGADE_INSERT_TAIL.
///
/// # Safety
/// `bucket` is in a brigade, `brigade` lives.
pub(super) unsafe fn move_to(bucket: *mut apr_bucket, brigade: *mut apr_bucket_brigade) {
    // SAFETY: the caller's promise.
    unsafe {
        unlink(bucket);
        insert_tail(brigade, bucket);
    }
}

/// APR_BUCKET_REMOVE.
///
/// # Safety
/// `bucket` is in a brigade.
unsafe fn unlink(bucket: *mut apr_bucket) {
    // SAFETY: the caller's promise: both neighbours are buckets or a sentinel, which has links in the same place.
    unsafe {
        let (next, previous) = ((*bucket).link.next, (*bucket).link.prev);
        (*previous).link.next = next;
        (*next).link.prev = previous;
    }
}

/// apr_bucket_delete, which is a macro in C.
///
/// # Safety
/// `bucket` is in a brigade and not used afterwards.
pub(super) unsafe fn apr_bucket_delete(bucket: *mut apr_bucket) {
    // SAFETY: the caller's promise; as APR's macro does it.
    unsafe {
        unlink(bucket);
        if let Some(destroy) = (*(*bucket).type_).destroy {
            destroy((*bucket).data);
        }
        if let Some(free) = (*bucket).free {
            free(bucket.cast());
        }
    }
}

/// APR_BRIGADE_INSERT_TAIL.
///
/// # Safety
/// `bucket` is in no brigade, `brigade` lives.
pub(super) unsafe fn insert_tail(brigade: *mut apr_bucket_brigade, bucket: *mut apr_bucket) {
    // SAFETY: the caller's promise; the sentinel stands for the head on both ends.
    unsafe {
        let end = sentinel(brigade);
        let last = (*brigade).list.prev;
        (*bucket).link.next = end;
        (*bucket).link.prev = last;
        (*last).link.next = bucket;
        (*brigade).list.prev = bucket;
    }
}
