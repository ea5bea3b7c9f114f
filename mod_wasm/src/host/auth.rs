//! Group `auth`: credentials of the request, and passwords. Hashing takes long by design, and nothing interrupts it, so
//! what would take longer than a call of the module may is refused beforehand.

use super::{AuthFunctions, Code, Host, Reply};
use crate::httpd::digest::{Algorithm, password_hash, password_validate};
use std::time::{Duration, Instant};

/// Longest password in bytes, as htpasswd's.
const LONGEST: usize = 255;
/// Roughly what bcrypt takes at cost 0; each step doubles it.
const BCRYPT: Duration = Duration::from_micros(80);
/// What a pool takes for what is made of the Authorization header, roughly, in bytes.
const CREDENTIALS: usize = 256;
/// bcrypt's cost where 0 is asked for.
const USUAL_COST: u32 = 5;
/// Roughly what a thousand rounds of crypt's SHA methods take.
const THOUSAND_ROUNDS: Duration = Duration::from_millis(1);

impl Host {
    /// Refuses bcrypt of a cost that takes too long; the host isn't interrupted.
    fn affordable(&self, cost: u32) -> Reply<()> {
        if BCRYPT.saturating_mul(1 << cost.min(31)) > self.time { Err(Code::LIMIT) } else { Ok(()) }
    }

    /// Refuses a hash that takes too long to check, or of whose kind that isn't known.
    fn can_be_checked(&self, hash: &[u8]) -> Reply<()> {
        let number = |text: Option<&[u8]>| text.and_then(|text| std::str::from_utf8(text).ok()?.parse::<u32>().ok());
        let mut parts = hash.split(|byte| *byte == b'$').skip(1);
        match (parts.next(), parts.next()) {
            (None, _) => {
                let des =
                    hash.len() == 13 && hash.iter().all(|byte| byte.is_ascii_alphanumeric() || b"./".contains(byte));
                if des || hash.starts_with(b"{SHA}") { Ok(()) } else { Err(Code::BAD_VALUE) }
            }
            (Some(b"apr1" | b"1"), _) | (Some(b"y"), Some(b"j9T")) => Ok(()),
            (Some(b"2y" | b"2a" | b"2b"), cost) => {
                self.affordable(number(cost).filter(|cost| (4..=31).contains(cost)).ok_or(Code::BAD_VALUE)?)
            }
            (Some(b"5" | b"6"), salt) => match salt.and_then(|salt| salt.strip_prefix(b"rounds=")) {
                None => Ok(()),
                Some(rounds) => {
                    let rounds = number(Some(rounds)).ok_or(Code::BAD_VALUE)?;
                    if THOUSAND_ROUNDS.saturating_mul(rounds / 1_000) > self.time { Err(Code::LIMIT) } else { Ok(()) }
                }
            },
            _ => Err(Code::BAD_VALUE),
        }
    }
}

impl AuthFunctions for Host {
    fn ap_get_basic_auth_pw(&mut self, r: u32) -> Reply<&[u8]> {
        self.takes(CREDENTIALS)?;
        self.request(r)?.basic_auth_pw().ok_or(Code::NONE)
    }

    fn ap_get_basic_auth_components(&mut self, r: u32) -> Reply<&[u8]> {
        self.takes(CREDENTIALS)?;
        let (user, password) = self.request(r)?.basic_auth_components().ok_or(Code::NONE)?;
        self.answer = [user, b"\0", password, b"\0"].concat();
        Ok(&self.answer)
    }

    fn ap_note_auth_failure(&mut self, r: u32) -> Reply<()> {
        self.takes(CREDENTIALS)?;
        self.request(r)?.note_auth_failure();
        Ok(())
    }

    fn ap_check_password(&mut self, r: u32, provider: &[u8], user: &[u8], password: &[u8]) -> Reply<i64> {
        self.takes(user.len().saturating_add(password.len()).saturating_add(CREDENTIALS))?;
        let begin = Instant::now();
        let answer = self.request(r)?.check_password(provider, user, password)?;
        self.waited(begin.elapsed());
        answer.map(i64::from).ok_or(Code::NONE)
    }

    fn ap_mk_password_hash(&mut self, password: &[u8], algorithm: u32, cost: u32) -> Reply<&[u8]> {
        let algorithm = match algorithm {
            0 => Algorithm::Apmd5,
            1 => Algorithm::Sha,
            2 => Algorithm::Bcrypt(if cost == 0 { USUAL_COST } else { cost }),
            3 => Algorithm::Crypt,
            _ => return Err(Code::BAD_VALUE),
        };
        if password.len() > LONGEST || cost != 0 && !(4..=17).contains(&cost) {
            return Err(Code::BAD_VALUE);
        }
        if let Algorithm::Bcrypt(cost) = algorithm {
            self.affordable(cost)?;
        }
        self.answer = password_hash(password, algorithm).ok_or(Code::BAD_VALUE)?;
        Ok(&self.answer)
    }

    fn apr_password_validate(&mut self, password: &[u8], hash: &[u8]) -> Reply<i64> {
        if password.len() > LONGEST || hash.len() > LONGEST {
            return Err(Code::BAD_VALUE);
        }
        self.can_be_checked(hash)?;
        password_validate(password, hash).map(i64::from).ok_or(Code::BAD_VALUE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extension::Description;

    #[test]
    fn hashes_that_take_for_ever_are_refused() {
        let host = Host::serving(-1, &Description::default(), Duration::from_secs(1), None);
        let salted = |hash: &str| host.can_be_checked(hash.as_bytes());
        for hash in [
            "$apr1$abcdefgh$x",
            "{SHA}x",
            "abJnggxhB/yWI",
            "$2y$05$x",
            "$6$salt$x",
            "$5$rounds=5000$salt$x",
            "$y$j9T$salt$x",
        ] {
            assert_eq!(salted(hash), Ok(()), "{hash}");
        }
        for hash in ["$2y$31$x", "$2b$17$x", "$6$rounds=999999999$salt$x"] {
            assert_eq!(salted(hash), Err(Code::LIMIT), "{hash}");
        }
        for hash in [
            "",
            "$",
            "plain",
            "_J9..rasmBYk8r9AiWNc",
            "$7$x",
            "$y$jD5$x$y",
            "$2y$99$x",
            "$2y$$",
            "$5$rounds=-1$x",
            "$sha1$99999999$x$y",
        ] {
            assert_eq!(salted(hash), Err(Code::BAD_VALUE), "{hash}");
        }
    }
}
