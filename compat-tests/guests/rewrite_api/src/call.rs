//! Functions that need nothing but the request.

use crate::{about_server, number, own_server, shown, shown_or_none};
use apache_module::ffi::{self, field};
use apache_module::{Expr, Regex, RegexList, Request, stat, text};

pub fn call(r: &Request, function: &[u8], arguments: &[&[u8]]) -> Option<String> {
    Some(match (function, arguments) {
        (b"fields", [from]) => fields(&request(from)?),
        (b"server", []) => own_server(r).to_string(),
        (b"order", []) => shown_or_none(r.notes().get("order")),
        (b"here", []) => here(r),
        (b"uri", [uri]) => r.sub_req_lookup_uri(uri).map_or("NONE".into(), |sub| about(&sub)),
        (b"file", [file]) => r.sub_req_lookup_file(file).map_or("NONE".into(), |sub| about(&sub)),
        (b"include", [uri]) => format!("{:?}", r.include(uri).map(|status| status.0)),
        (b"translate", [uri]) => {
            let status = r.core_translate(uri);
            format!("{} {}", status.0, shown_or_none(r.text(field::FILENAME)))
        }
        (b"vhost", [name, port]) => r.matches_request_vhost(name, number(port) as u16).to_string(),
        (b"userdata", [key, value]) => {
            r.set_userdata(key, value);
            shown_or_none(r.userdata(key))
        }
        (b"stat", [path]) => {
            format!("{:?}", stat::stat(path).map(|found| (found.filetype, found.size, found.is_executable())))
        }
        (b"lstat", [path]) => format!("{:?}", stat::lstat(path).map(|found| found.filetype)),
        (b"mtime", [path]) => format!("{:?}", stat::stat(path).map(|found| found.mtime)),
        (b"check", [path]) => stat::stat_check(path).to_string(),
        (b"home", [user]) => shown_or_none(stat::uid_homepath(user)),
        (b"escape", [how, what]) => shown(&match *how {
            b"uri" => text::escape_uri(what),
            b"path" => text::os_escape_path(what, false),
            b"segment" => text::escape_path_segment(what),
            b"form" => text::escape_urlencoded(what),
            b"html" => text::escape_html(what),
            _ => text::unescape_url(what),
        }),
        (b"gmt", [time]) => format!("{:?}", text::time_exp_gmt(number(time))),
        (b"local", [time]) => format!("{:?}", text::time_exp_lt(number(time))),
        (b"random", [min, max]) => text::random_pick(number(min) as u32, number(max) as u32).to_string(),
        (b"list", [subject, patterns @ ..]) => list(subject, patterns),
        (b"expr", [expr]) => expression(r, expr, None),
        (b"expr", [expr, pattern, subject]) => expression(r, expr, Some((pattern, subject))),
        (_, [argument]) => return about_server(function, argument),
        _ => return None,
    })
}

/// The request that a word says: itself, a subrequest, the main request of one. By handle, as a guest without the SDK has it.
fn request(which: &[u8]) -> Option<Request> {
    let answer = match which {
        b"self" => 0,
        b"prev" => ffi::ap_request_prev(0),
        _ => ffi::ap_sub_req_lookup_uri(0, b"/plain", 0),
    };
    let of = |answer| Some(Request::from_handle(u32::try_from(answer).ok()?));
    if which == b"main" { of(ffi::ap_request_main(u32::try_from(answer).ok()?)) } else { of(answer) }
}

/// The answer of every field as text and as number, up to the first that neither has.
fn fields(r: &Request) -> String {
    let mut out = String::new();
    for number in 0.. {
        let as_text = ffi::read(|buffer| ffi::ap_request_field(handle(r), number, buffer));
        let as_number = ffi::ap_request_number(handle(r), number);
        match (as_text, as_number) {
            (Ok(text), _) => out += &format!("{number} {}\n", shown_or_none(text)),
            (Err(_), as_number) if as_number != i64::from(ffi::code::BAD_VALUE) => {
                out += &format!("{number} {as_number}\n")
            }
            _ => return out,
        }
    }
    out
}

/// The SDK keeps a request's handle to itself; what it prints shows it.
fn handle(r: &Request) -> u32 {
    format!("{r:?}").trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(u32::MAX)
}

fn about(sub: &Request) -> String {
    let main = sub.main().map(|main| handle(&main));
    format!(
        "status {} file {} main {main:?} order {}",
        sub.number(field::STATUS),
        shown_or_none(sub.text(field::FILENAME)),
        shown_or_none(sub.notes().get("order"))
    )
}

/// Where an internal redirect led to, and what is still known.
fn here(r: &Request) -> String {
    let prev = r.prev().map(|prev| shown_or_none(prev.text(field::URI)));
    format!("prev {prev:?} userdata {}", shown_or_none(r.userdata(b"before")))
}

/// Every pattern that does what is asked of it, one call for each, with its first two groups. `!` negates.
fn list(subject: &[u8], patterns: &[&[u8]]) -> String {
    let compiled: Option<Vec<_>> = patterns
        .iter()
        .map(|pattern| {
            let plain = pattern.strip_prefix(b"!");
            Some((Regex::compile(plain.unwrap_or(pattern), 0)?, plain.is_some()))
        })
        .collect();
    let Some(list) = compiled.and_then(|compiled| RegexList::new(&compiled)) else { return "NONE".to_string() };
    let mut out = String::new();
    let mut start = 0;
    while let Some((number, matches)) = list.first(start, subject, apache_module::matching::MAX_GROUPS) {
        let groups = [0, 1].map(|group| matches.group(group, subject).map(shown));
        out += &format!("{number} {groups:?} ");
        start = number + 1;
    }
    out
}

fn expression(r: &Request, expr: &[u8], before: Option<(&[u8], &[u8])>) -> String {
    let expr = match Expr::parse(expr, 0) {
        Ok(expr) => expr,
        Err(why) => return shown(&why),
    };
    let before = before.and_then(|(pattern, subject)| Some((subject, Regex::compile(pattern, 0)?.matches(subject)?)));
    match expr.holds_re(r, before) {
        Ok((holds, matched)) => {
            let groups =
                matched.map(|(subject, matches)| [0, 1].map(|group| matches.group(group, &subject).map(shown)));
            let vary = shown_or_none(r.headers_out().get("Vary"));
            format!("{holds} {groups:?} vary {vary}")
        }
        Err(why) => shown(&why),
    }
}
