//! The values of `%{…}` for a request; the names are read by `variable`.

use crate::context::Context;
use crate::log::rewritelog;
use crate::record::Record;
use crate::text::Text;
use crate::variable::{Time, Variable};
use apache_module::{field, server, text};

/// The text of a variable; empty where httpd has NULL (mod_rewrite.c:lookup_variable).
pub fn lookup_variable<'r>(variable: &Variable, context: &mut Context<'_>, record: &mut Record<'r>) -> Text<'r> {
    match variable {
        Variable::Unknown => Text::EMPTY,
        Variable::Env(name) => env(name, record),
        Variable::Ssl(name) => server::ssl_var(record.r, name).map_or(Text::EMPTY, Text::Owned),
        Variable::Header(name) => {
            let value = record.header(name);
            if value.is_some() {
                context.looked_at(name);
            }
            value.unwrap_or(Text::EMPTY)
        }
        Variable::LookAhead { by_file, variable, shown } => look_ahead(*by_file, variable, shown, context, record),
        Variable::Text(number) => record.text(*number).unwrap_or(Text::EMPTY),
        Variable::Uri => record.uri.clone(),
        Variable::Filename => record.name_kept(),
        Variable::Args => Text::Owned(record.args().unwrap_or_default().to_vec()),
        Variable::PathInfo => Text::Owned(record.path_info().unwrap_or_default().to_vec()),
        Variable::Owner(number) => record.text(*number).unwrap_or(Text::There(b"<unknown>")),
        Variable::Number(number) => decimal(record.r.number(*number)),
        Variable::Https => on_or_off(record.r.number(field::IS_HTTPS) != 0),
        Variable::Ipv6 => {
            let flag = on_or_off(record.r.number(field::IPV6) != 0);
            rewritelog!(record, 1, context.perdir, b"IPV6='", &flag, b"'");
            flag
        }
        Variable::IsSubreq => Text::There(if record.is_subreq { b"true" } else { b"false" }),
        Variable::Time(part) => time(*part, context.perdir, record),
    }
}

fn on_or_off(flag: bool) -> Text<'static> {
    Text::There(if flag { b"on" } else { b"off" })
}

fn decimal(number: i64) -> Text<'static> {
    Text::Owned(number.to_string().into_bytes())
}

/// r->notes, then r->subprocess_env, then the environment of httpd.
fn env(name: &[u8], record: &mut Record<'_>) -> Text<'static> {
    record.write_back();
    let value = record.r.notes().get(name).or_else(|| record.r.subprocess_env().get(name));
    value.or_else(|| server::env(name)).map_or(Text::EMPTY, Text::Owned)
}

fn time(part: Time, perdir: Option<&[u8]>, record: &Record<'_>) -> Text<'static> {
    let now = text::time_exp_lt(server::time_now());
    let (year, month) = (now.year + 1900, now.mon + 1);
    Text::Owned(
        match part {
            Time::All => {
                let (day, hour, minute, second) = (now.mday, now.hour, now.min, now.sec);
                let all = format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}");
                rewritelog!(record, 1, perdir, b"RESULT='", &all, b"'");
                all
            }
            Time::Year => format!("{year:04}"),
            Time::Month => format!("{month:02}"),
            Time::Day => format!("{:02}", now.mday),
            Time::Hour => format!("{:02}", now.hour),
            Time::Minute => format!("{:02}", now.min),
            Time::Second => format!("{:02}", now.sec),
            Time::Weekday => now.wday.to_string(),
        }
        .into_bytes(),
    )
}

/// Whether a subrequest can't go on for ever: not in one, or in one for another URL (mod_rewrite.c:subreq_ok).
pub fn subreq_ok(record: &Record<'_>) -> bool {
    !record.is_subreq || record.r.main().is_none_or(|main| main.uri() != *record.uri)
}

/// What a variable will be once the request is mapped, by a subrequest.
fn look_ahead(
    by_file: bool,
    variable: &Variable,
    shown: &[u8],
    context: &mut Context<'_>,
    record: &mut Record<'_>,
) -> Text<'static> {
    if !subreq_ok(record) {
        return Text::EMPTY;
    }
    record.write_back();
    let is_url = context.uri.first() == Some(&b'/');
    // In a directory only a URL path can be looked up as it is; what is relative stands below the directory.
    let by_file = by_file && !(context.perdir.is_some() && is_url);
    let start = match (context.perdir, is_url) {
        (None, _) | (_, true) => &[][..],
        (Some(_), false) if by_file => context.dir.directory.as_deref().unwrap_or_default(),
        (Some(_), false) => context.dir.base_url.as_deref().or(context.dir.directory.as_deref()).unwrap_or_default(),
    };
    let path = [start, &context.uri].concat();
    let r = record.r;
    let sub = if by_file { r.sub_req_lookup_file(&path) } else { r.sub_req_lookup_uri(&path) };
    let Some(sub) = sub else { return Text::EMPTY };
    let value = lookup_variable(variable, context, &mut Record::read(&sub)).into_bytes();
    drop(sub);
    rewritelog!(record, 5, context.perdir, b"lookahead: path=", &path, b" var=", shown, b" -> val=", &value);
    Text::Owned(value)
}
