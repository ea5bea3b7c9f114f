//! Comparing and copying bytes, eight at a time: what the compiler's own functions do byte by byte, or by leaving the
//! guest, which for the short strings of requests takes longer than the copying. It knows nothing but memory.

/// Reads eight bytes from any address.
///
/// # Safety
/// They are readable.
#[inline(always)]
unsafe fn word(at: *const u8) -> u64 {
    // SAFETY: the caller's promise.
    unsafe { at.cast::<u64>().read_unaligned() }
}

/// C's memcmp.
///
/// # Safety
/// `count` bytes are readable at both addresses.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub unsafe extern "C" fn memcmp(a: *const u8, b: *const u8, count: usize) -> i32 {
    // SAFETY: no byte past `count` is read; the last bytes may be read twice, which are equal up to where they were read
    // before.
    unsafe {
        if count >= 8 {
            let mut at = 0;
            while at + 8 <= count {
                let (left, right) = (word(a.add(at)), word(b.add(at)));
                if left != right {
                    return order(left, right);
                }
                at += 8;
            }
            return order(word(a.add(count - 8)), word(b.add(count - 8)));
        }
        if count >= 4 {
            let half = |at: *const u8| u64::from(at.cast::<u32>().read_unaligned());
            let two = |at: *const u8| half(at) | half(at.add(count - 4)) << 32;
            return order(two(a), two(b));
        }
        let mut at = 0;
        while at < count {
            let (left, right) = (*a.add(at), *b.add(at));
            if left != right {
                return i32::from(left) - i32::from(right);
            }
            at += 1;
        }
    }
    0
}

/// The order of two texts of eight bytes, as they were read.
#[inline(always)]
fn order(left: u64, right: u64) -> i32 {
    if left == right {
        0
    } else if left.swap_bytes() < right.swap_bytes() {
        -1
    } else {
        1
    }
}

/// C's bcmp: whether bytes differ.
///
/// # Safety
/// As for [`memcmp`].
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub unsafe extern "C" fn bcmp(a: *const u8, b: *const u8, count: usize) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { memcmp(a, b, count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_compared_as_c_does() {
        let texts: [&[u8]; 13] = [
            b"",
            b"a",
            b"b",
            b"\xff",
            b"abc1",
            b"abd0",
            b"abcde",
            b"1234567",
            b"12345678",
            b"12345679",
            b"123456780",
            b"12345678abcdefgh",
            b"12345678abcdefgH",
        ];
        for a in texts {
            for b in texts {
                let count = a.len().min(b.len());
                // SAFETY: both are as long at least.
                let (order, differ) =
                    unsafe { (memcmp(a.as_ptr(), b.as_ptr(), count), bcmp(a.as_ptr(), b.as_ptr(), count)) };
                assert_eq!(order.cmp(&0), a[..count].cmp(&b[..count]));
                assert_eq!(differ != 0, a[..count] != b[..count]);
            }
        }
    }
}
