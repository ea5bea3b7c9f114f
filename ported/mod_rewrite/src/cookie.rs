//! `CO=`: a cookie put together and added to the answer, once per request and name.

use crate::atoi::atol;
use crate::log::rewritelog;
use crate::record::Record;
use apache_module::{field, text};

const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MICROSECONDS: i64 = 1_000_000;

/// Adds the cookie of `name:value:domain[:minutes[:path[:secure[:httponly[:samesite]]]]]`; where the text starts with
/// a semicolon, that separates the parts. Without a domain nothing happens (mod_rewrite.c:add_cookie).
pub fn add_cookie(text: &[u8], record: &mut Record<'_>) {
    let (separator, text) = match text {
        [b';', text @ ..] => (b';', text),
        text => (b':', text),
    };
    // As C's strtok: separators in a row count as one.
    let mut parts = text.split(|byte| *byte == separator).filter(|part| !part.is_empty());
    let (Some(name), Some(value), Some(domain)) = (parts.next(), parts.next(), parts.next()) else { return };
    let main = std::iter::successors(record.r.main(), apache_module::Kin::main).last();
    let r = main.as_deref().unwrap_or(record.r);
    let key = [name, b"_rewrite"].concat();
    if r.userdata(&key).is_some() {
        log(record, r, b"skipping already set cookie '", name);
        return;
    }
    let mut cookie = [name, b"=", value].concat();
    let mut add = |part: &[u8]| cookie.extend_from_slice(part);
    let expires = parts.next().map_or(0, atol);
    add(b"; path=");
    add(parts.next().unwrap_or(b"/"));
    add(b"; domain=");
    add(domain);
    if expires != 0 {
        add(b"; expires=");
        add(gmt(record.r.number(field::REQUEST_TIME).saturating_add(expires.saturating_mul(60 * MICROSECONDS)))
            .as_bytes());
    }
    if parts.next().is_some_and(|secure| is_set(secure, b"secure")) {
        add(b"; secure");
    }
    if parts.next().is_some_and(|httponly| is_set(httponly, b"HttpOnly")) {
        add(b"; HttpOnly");
    }
    if let Some(samesite) = parts.next().filter(|site| *site != b"0" && !site.eq_ignore_ascii_case(b"false")) {
        add(b"; SameSite=");
        add(samesite);
    }
    r.err_headers_out().add("Set-Cookie", &cookie);
    r.set_userdata(&key, b"set");
    log(record, r, b"setting cookie '", &cookie);
}

fn is_set(word: &[u8], name: &[u8]) -> bool {
    word == b"1" || word.eq_ignore_ascii_case(b"true") || word.eq_ignore_ascii_case(name)
}

/// A time as cookies have it.
fn gmt(time: i64) -> String {
    let time = text::time_exp_gmt(time);
    let name = |list: &'static [&str], number: i32| {
        usize::try_from(number).ok().and_then(|number| list.get(number)).copied().unwrap_or_default()
    };
    let (day, month) = (name(&DAYS, time.wday), name(&MONTHS, time.mon));
    format!(
        "{day}, {:02}-{month}-{:04} {:02}:{:02}:{:02} GMT",
        time.mday,
        time.year + 1900,
        time.hour,
        time.min,
        time.sec
    )
}

/// The line is about the main request, where there is one.
fn log(record: &Record<'_>, main: &apache_module::Request, what: &[u8], of: &[u8]) {
    if record.is_subreq {
        rewritelog!(Record::read(main), 5, None, what, of, b"'");
    } else {
        rewritelog!(record, 5, None, what, of, b"'");
    }
}
