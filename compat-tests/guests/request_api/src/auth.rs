//! Credentials and passwords.

use crate::{Answer, number, shown_or_none};
use apache_module::auth::{Algorithm, password_hash, password_validate};
use apache_module::{HTTP_UNAUTHORIZED, Request, Status, ffi};

pub fn call(r: &Request, function: &[u8], arguments: &[&[u8]]) -> Option<Answer> {
    Some(match (function, arguments) {
        (b"basic", []) => {
            let password = r.basic_auth_pw();
            let [password, user, kind] = [password, r.user(), r.ap_auth_type()].map(shown_or_none);
            Ok(format!("{password} {user} {kind}"))
        }
        (b"components", []) => {
            let (user, password) = r.basic_auth_components().unzip();
            Ok(format!("{} {}", shown_or_none(user), shown_or_none(password)))
        }
        (b"challenge", []) => {
            r.note_auth_failure();
            Err(Status(HTTP_UNAUTHORIZED))
        }
        (b"check", [provider, user, password]) => {
            Ok(format!("{:?}", r.check_password(&String::from_utf8_lossy(provider), user, password)))
        }
        (b"hash", [algorithm, cost, password]) => {
            let algorithm = match number(algorithm) {
                0 => Algorithm::Apmd5,
                1 => Algorithm::Sha,
                2 => Algorithm::Bcrypt(number(cost) as u32),
                _ => Algorithm::Crypt,
            };
            Ok(shown_or_none(password_hash(password, algorithm)))
        }
        (b"hash-code", [algorithm, cost]) => {
            Ok(ffi::ap_mk_password_hash(b"x", number(algorithm) as u32, number(cost) as u32, &mut []).to_string())
        }
        (b"validate", [password, hash]) => Ok(password_validate(password, hash).to_string()),
        (b"validate-code", [hash]) => Ok(ffi::apr_password_validate(b"x", hash).to_string()),
        _ => return None,
    })
}
