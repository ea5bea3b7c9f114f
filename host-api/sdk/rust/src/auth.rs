//! Credentials of the request, and passwords.

use crate::{ALG_APMD5, ALG_APSHA, ALG_BCRYPT, ALG_CRYPT, Request, ffi, table};

/// How a password is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// `$apr1$`, htpasswd's usual.
    Apmd5,
    /// `{SHA}`, unsalted: not for new passwords.
    Sha,
    /// `$2y$` with a cost of 4 to 17, 0 for 5.
    Bcrypt(u32),
    /// The system's crypt, of which the first 8 bytes count: not for new passwords.
    Crypt,
}

/// A password as htpasswd keeps it; `None` where it is longer than 255 bytes or hashing it would take too long.
pub fn password_hash(password: &[u8], algorithm: Algorithm) -> Option<Vec<u8>> {
    let (algorithm, cost) = match algorithm {
        Algorithm::Apmd5 => (ALG_APMD5, 0),
        Algorithm::Sha => (ALG_APSHA, 0),
        Algorithm::Bcrypt(cost) => (ALG_BCRYPT, cost),
        Algorithm::Crypt => (ALG_CRYPT, 0),
    };
    ffi::read(|buffer| ffi::ap_mk_password_hash(password, algorithm, cost, buffer)).ok().flatten()
}

/// Whether a password is the one of a hash; no for a hash of an unknown kind (apr_password_validate).
pub fn password_validate(password: &[u8], hash: &[u8]) -> bool {
    ffi::apr_password_validate(password, hash) == 1
}

impl Request {
    /// The password of Basic authentication, where AuthType is that; sets r->user (ap_get_basic_auth_pw).
    pub fn basic_auth_pw(&self) -> Option<Vec<u8>> {
        ffi::read(|buffer| ffi::ap_get_basic_auth_pw(self.handle(), buffer)).ok().flatten()
    }

    /// User and password of Basic authentication, whatever AuthType says (ap_get_basic_auth_components).
    pub fn basic_auth_components(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        table::pairs(
            ffi::read(|buffer| ffi::ap_get_basic_auth_components(self.handle(), buffer))
                .ok()
                .flatten()
                .unwrap_or_default(),
        )
        .pop()
    }

    /// Sets the header that asks the client for credentials (ap_note_auth_failure).
    pub fn note_auth_failure(&self) {
        ffi::ap_note_auth_failure(self.handle());
    }

    /// What a provider of AuthBasicProvider says of a password: AUTH_GRANTED, AUTH_DENIED and so on; `None` without
    /// one of that name.
    pub fn check_password(&self, provider: &str, user: &[u8], password: &[u8]) -> Option<i32> {
        let answer = ffi::ap_check_password(self.handle(), provider.as_bytes(), user, password);
        i32::try_from(answer).ok().filter(|answer| *answer >= 0)
    }
}
