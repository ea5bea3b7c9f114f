//! apr_md5.h, apr_sha1.h, apr_base64.h, apr_date.h: digests, passwords as htpasswd keeps them, dates. Takes bytes and
//! gives bytes, and knows no request.

use super::bindings::*;
use super::bytes::{bytes, with_cstr};
use std::ffi::{c_char, c_int, c_uchar, c_void};

/// Room for the hash of a password (passwd_common.h:MAX_PASSWD_LEN has 120).
const HASH_ROOM: usize = 256;
/// Room for what crypt_r works with: 32 KB in libxcrypt, 128 KB in glibc.
const CRYPT_ROOM: usize = 256 << 10;
/// Most bytes that are made into base64 at a time; APR counts in int.
const MOST_ENCODED: usize = 1 << 30;

unsafe extern "C" {
    /// crypt.h; the library is httpd's, by way of libaprutil.
    fn crypt_r(key: *const c_char, salt: *const c_char, data: *mut c_void) -> *mut c_char;
}

/// MD5 in hexadecimal digits.
pub(crate) fn md5(data: &[u8]) -> Vec<u8> {
    let mut digest = [0u8; APR_MD5_DIGESTSIZE as usize];
    // SAFETY: the digest has its size, the data its length.
    unsafe { apr_md5(digest.as_mut_ptr(), data.as_ptr().cast(), data.len() as apr_size_t) };
    hexadecimal(&digest)
}

/// SHA-1 in hexadecimal digits.
pub(crate) fn sha1(data: &[u8]) -> Vec<u8> {
    let mut digest = [0u8; APR_SHA1_DIGESTSIZE as usize];
    let mut context = std::mem::MaybeUninit::<apr_sha1_ctx_t>::zeroed();
    // SAFETY: a valid place that `init` fills; each part has its length, which fits in an int.
    unsafe {
        apr_sha1_init(context.as_mut_ptr());
        for part in data.chunks(MOST_ENCODED) {
            apr_sha1_update_binary(context.as_mut_ptr(), part.as_ptr(), part.len() as u32);
        }
        apr_sha1_final(digest.as_mut_ptr(), context.as_mut_ptr());
    }
    hexadecimal(&digest)
}

fn hexadecimal(digest: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    digest.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}

/// Base64; `None` where there is too much.
pub(crate) fn base64_encode(data: &[u8]) -> Option<Vec<u8>> {
    if data.len() > MOST_ENCODED {
        return None;
    }
    // SAFETY: takes a number; the answer counts a NUL.
    let room = usize::try_from(unsafe { apr_base64_encode_len(data.len() as c_int) }).ok()?;
    let mut coded = vec![0u8; room];
    // SAFETY: the place has the length that APR asked for.
    let length = unsafe { apr_base64_encode_binary(coded.as_mut_ptr().cast(), data.as_ptr(), data.len() as c_int) };
    coded.truncate(usize::try_from(length).unwrap_or(0).saturating_sub(1).min(room));
    Some(coded)
}

/// What base64 stands for, up to the first byte that is none; `None` where there is too much or a NUL.
pub(crate) fn base64_decode(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() > MOST_ENCODED {
        return None;
    }
    with_cstr(text, |text| {
        // SAFETY: a C string; the place has the length that APR asks for.
        unsafe {
            let room = usize::try_from(apr_base64_decode_len(text.as_ptr())).unwrap_or(0);
            let mut plain = vec![0u8; room + 1];
            let length = apr_base64_decode_binary(plain.as_mut_ptr(), text.as_ptr());
            plain.truncate(usize::try_from(length).unwrap_or(0));
            plain
        }
    })
}

/// Microseconds since 1970 of a date in a header's form; `None` where it is none (apr_date_parse_rfc).
pub(crate) fn date_parse_rfc(text: &[u8]) -> Option<i64> {
    // SAFETY: a C string.
    with_cstr(text, |text| unsafe { apr_date_parse_rfc(text.as_ptr()) }).filter(|time| *time != 0)
}

/// A time as headers have it (apr_rfc822_date).
pub(crate) fn rfc822_date(time: i64) -> Option<Vec<u8>> {
    let mut text = [0u8; APR_RFC822_DATE_LEN as usize];
    // SAFETY: the place has the length that APR writes, with its NUL.
    unsafe {
        (apr_rfc822_date(text.as_mut_ptr().cast(), time) == 0)
            .then(|| bytes(text.as_ptr().cast()).unwrap_or_default().to_vec())
    }
}

/// How a password is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// `$apr1$`.
    Apmd5,
    /// `{SHA}`.
    Sha,
    /// `$2y$`, with its cost.
    Bcrypt(u32),
    /// The system's crypt, of which the first 8 bytes count.
    Crypt,
}

/// A password as htpasswd keeps it; `None` where it holds a NUL or hashing fails.
pub(crate) fn password_hash(password: &[u8], algorithm: Algorithm) -> Option<Vec<u8>> {
    let mut random = [0u8; 16];
    // SAFETY: the place has its length.
    if unsafe { apr_generate_random_bytes(random.as_mut_ptr(), random.len() as apr_size_t) } != 0 {
        return None;
    }
    let salt =
        random.map(|byte| b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[usize::from(byte & 63)]);
    let mut hash = vec![0u8; HASH_ROOM];
    let (out, room) = (hash.as_mut_ptr().cast::<c_char>(), hash.len() as apr_size_t);
    let length = c_int::try_from(password.len()).ok()?;
    with_cstr(password, |password| {
        let password = password.as_ptr();
        // SAFETY: C strings; the place for the hash has its length, which is more than any of these write.
        unsafe {
            match algorithm {
                Algorithm::Apmd5 => {
                    with_cstr(&salt[..8], |salt| apr_md5_encode(password, salt.as_ptr(), out, room)) == Some(0)
                }
                Algorithm::Sha => {
                    apr_sha1_base64(password, length, out);
                    true
                }
                Algorithm::Bcrypt(cost) => {
                    apr_bcrypt_encode(password, cost, random.as_ptr(), random.len() as apr_size_t, out, room) == 0
                }
                Algorithm::Crypt => {
                    let mut data = vec![0u64; CRYPT_ROOM / 8];
                    let made =
                        with_cstr(&salt[..8], |salt| bytes(crypt_r(password, salt.as_ptr(), data.as_mut_ptr().cast())));
                    match made.flatten().filter(|made| made.len() < HASH_ROOM && !made.starts_with(b"*")) {
                        Some(made) => {
                            out.cast::<c_uchar>().copy_from_nonoverlapping(made.as_ptr(), made.len());
                            true
                        }
                        None => false,
                    }
                }
            }
        }
    })
    .filter(|made| *made)?;
    hash.truncate(hash.iter().position(|byte| *byte == 0)?);
    Some(hash)
}

/// Whether a password is the one of a hash (apr_password_validate); `None` where one holds a NUL.
pub(crate) fn password_validate(password: &[u8], hash: &[u8]) -> Option<bool> {
    // SAFETY: C strings.
    with_cstr(password, |password| {
        with_cstr(hash, |hash| unsafe { apr_password_validate(password.as_ptr(), hash.as_ptr()) == 0 })
    })?
}
