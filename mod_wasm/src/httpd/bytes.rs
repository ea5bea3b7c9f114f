//! C strings as bytes and back; knows no structure of httpd.

use std::ffi::{CStr, c_char};

/// Longest string that is made into a C string without an allocation, with its NUL.
const SHORT: usize = 128;

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
    if text.len() < SHORT {
        let mut short = [0u8; SHORT];
        short[..text.len()].copy_from_slice(text);
        // SAFETY: the last byte is a NUL at least.
        let string = unsafe { CStr::from_ptr(short.as_ptr().cast()) };
        return (string.count_bytes() == text.len()).then(|| with(string));
    }
    let long = std::ffi::CString::new(text).ok()?;
    Some(with(&long))
}
