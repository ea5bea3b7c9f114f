//! C strings as bytes and back; knows no structure of httpd.

use std::ffi::{CStr, c_char};

/// Longest string that is made into a C string without an allocation, with its NUL.
const SHORT: usize = 128;

/// Bytes that are copied at once. glibc copies more than that by `rep movsb`, which takes fifteen times as long on some
/// processors (AMD's Zen 3 to 5) where source and destination are aligned unlike each other.
const PIECE: usize = 2_048;

/// Copies bytes into a place of the same length.
#[inline]
pub(crate) fn copy(to: &mut [u8], from: &[u8]) {
    debug_assert_eq!(to.len(), from.len());
    let from = from.get(..to.len()).unwrap_or(from);
    // SAFETY: no longer than `to`, and nothing else is at the address of a `&mut`.
    unsafe { copy_to(to.as_mut_ptr(), from) };
}

/// Copies bytes to an address.
///
/// # Safety
/// As many can be written there, and they are not `from`'s own.
#[inline]
pub(super) unsafe fn copy_to(to: *mut u8, from: &[u8]) {
    for (at, piece) in from.chunks(PIECE).enumerate() {
        // SAFETY: the caller's promise.
        unsafe { piece.as_ptr().copy_to_nonoverlapping(to.add(at * PIECE), piece.len()) };
    }
}

/// The bytes of a C string; `None` for NULL.
///
/// # Safety
/// `text` is NULL or ends with a NUL, and is neither changed nor freed during `'a`.
pub(crate) unsafe fn bytes<'a>(text: *const c_char) -> Option<&'a [u8]> {
    // SAFETY: the caller's promise.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_bytes())
}

/// Calls `with` with the bytes as a C string, or answers `None` where they hold a NUL.
pub(crate) fn with_cstr<R>(text: &[u8], with: impl FnOnce(&CStr) -> R) -> Option<R> {
    let mut short = [0u8; SHORT];
    if let Some(place) = short.get_mut(..text.len()).filter(|place| place.len() < SHORT) {
        place.copy_from_slice(text);
        // SAFETY: the last byte is a NUL at least.
        let string = unsafe { CStr::from_ptr(short.as_ptr().cast()) };
        return (string.count_bytes() == text.len()).then(|| with(string));
    }
    let long = std::ffi::CString::new(text).ok()?;
    Some(with(&long))
}
