//! The server's rules: a URL is rewritten before it is mapped to a file.

use crate::config::{DirConfig, ServerConfig};
use crate::context::Context;
use crate::list::{Action, REALLY_LAST, apply_rewrite_list};
use crate::log::rewritelog;
use crate::options::{ANY_URI, LEGACY_PREFIX_DOCROOT, UNSAFE_PREFIX_STAT};
use crate::outcome::{self, OfResult};
use crate::path::{expand_tildepaths, prefix_stat};
use crate::record::Record;
use crate::rule::Rule;
use crate::text::Text;
use crate::uri::{self, URI_REDUCED};
use apache_module::{Request, Status, field};

/// Noted once the server's rules were applied, with what came of them.
const REWRITTEN: &str = "mod_rewrite_rewritten";
const SCRIPT_URL: &str = "SCRIPT_URL";
const SCRIPT_URI: &str = "SCRIPT_URI";
const REDIRECT_SCRIPT_URL: &str = "REDIRECT_SCRIPT_URL";

/// mod_rewrite.c:hook_uri2file.
pub fn translate_name(r: &Request, dir: &DirConfig, server: &ServerConfig) -> Status {
    if !dir.is_on() || !server.is_of(r.number(field::SERVER_ID)) {
        return Status::DECLINED;
    }
    let record = &mut Record::read(r);
    if r.userdata(REALLY_LAST.as_bytes()).is_some() {
        rewritelog!(record, 8, None, b"Declining, no further rewriting due to END flag");
        return Status::DECLINED;
    }
    let is_star = || r.text(field::UNPARSED_URI).is_some_and(|uri| uri == b"*");
    if !dir.has(ANY_URI) && (!record.uri.starts_with(b"/") || is_star()) {
        rewritelog!(
            record, 8, None, b"Declining, request-URI '", &record.uri,
            b"' is not a URL-path. Consult the manual entry for the RewriteOptions directive for options and caveats \
              about matching other strings.",
        );
        return Status::DECLINED;
    }
    let old_args = record.args().map(<[u8]>::to_vec);
    set_script_variables(record);
    let (action, last_rule) = rewrite(record, dir, server);
    let status = match action {
        Action::None => {
            rewritelog!(record, 1, None, b"pass through ", record.name());
            Status::DECLINED
        }
        action => finish(action, last_rule, old_args, record, server),
    };
    record.write_back();
    status
}

/// What the client asked for, whatever becomes of it: of a subrequest and after an internal redirect, what was asked
/// for first.
fn set_script_variables(record: &mut Record<'_>) {
    let r = record.r;
    let url = match r.main() {
        None => Some(r.subprocess_env().get(REDIRECT_SCRIPT_URL).unwrap_or_else(|| record.uri.clone())),
        Some(main) => main.subprocess_env().get(SCRIPT_URL),
    };
    let mut uri = uri::base(record);
    match url {
        Some(url) => {
            uri.extend_from_slice(&url);
            r.subprocess_env().set(SCRIPT_URL, &url);
        }
        None => r.subprocess_env().unset(SCRIPT_URL),
    }
    r.subprocess_env().set(SCRIPT_URI, &uri);
}

fn rewrite<'s>(
    record: &mut Record<'_>,
    dir: &DirConfig,
    server: &'s ServerConfig,
) -> (Action, Option<&'s Rule>) {
    if let Some(before) = record.r.notes().get(REWRITTEN) {
        rewritelog!(
            record, 2, None, b"uri already rewritten. Status ", &before, b", Uri ", &record.uri, b", r->filename ",
            record.filename().unwrap_or(b"(null)"),
        );
        return (Action::from_number(crate::atoi::atoi(&before)), None);
    }
    if record.filename().is_none() {
        record.set_filename(record.uri.clone());
        rewritelog!(record, 2, None, b"init rewrite engine with requested uri ", record.name());
    } else {
        rewritelog!(
            record, 2, None, b"init rewrite engine with passed filename ", record.name(), b". Original uri = ",
            &record.uri,
        );
    }
    let mut context = Context::new(None, dir, server);
    let (action, last_rule) = apply_rewrite_list(&server.rules, &mut context, record);
    record.r.notes().set(REWRITTEN, (action as i32).to_string());
    (action, last_rule)
}

fn finish(
    action: Action,
    last_rule: Option<&Rule>,
    old_args: Option<Vec<u8>>,
    record: &mut Record<'_>,
    server: &ServerConfig,
) -> Status {
    let result = match outcome::of_result(action, record, outcome::SERVER) {
        Ok(result) => result,
        Err(status) => return status,
    };
    match result {
        OfResult::Proxy => {
            if let Some(info) = record.path_info() {
                let name = [record.name(), info].concat();
                record.set_filename(name);
            }
            outcome::proxy(action, outcome::SERVER, record)
        }
        OfResult::Absolute(scheme) => outcome::redirect(action, scheme, old_args, None, record),
        OfResult::Local => match record.name().strip_prefix(b"passthrough:") {
            Some(uri) if !uri.is_empty() => {
                record.r.set_text(field::URI, Some(uri));
                Status::DECLINED
            }
            _ => local_path(last_rule, record, server),
        },
    }
}

fn local_path(last_rule: Option<&Rule>, record: &mut Record<'_>, server: &ServerConfig) -> Status {
    if let Some(path) = expand_tildepaths(record.name()) {
        record.set_filename(path);
    }
    rewritelog!(record, 2, None, b"local path result: ", record.name());
    if !record.name().starts_with(b"/") {
        return Status(400);
    }
    let reduced = !server.has(LEGACY_PREFIX_DOCROOT) && record.r.notes().has(URI_REDUCED);
    let path = record.name().to_vec();
    let last_rule = last_rule.filter(|_| !server.has(UNSAFE_PREFIX_STAT));
    if !prefix_stat(&path, last_rule, record) || reduced {
        record.write_back();
        // The core maps r->uri, which is the result for as long as it does.
        record.r.set_text(field::URI, Some(&path));
        let status = record.r.core_translate();
        record.r.set_text(field::URI, Some(&record.uri));
        record.read_filename();
        if status != Status::OK {
            rewritelog!(record, 1, None, b"prefixing with document_root of ", record.name(), b" FAILED");
            return status;
        }
        rewritelog!(record, 2, None, b"prefixed with document_root to ", record.name());
    }
    rewritelog!(record, 1, None, b"go-ahead with ", record.name(), b" [OK]");
    Status::OK
}

impl<'c> Context<'c> {
    /// The state at the start of a pass.
    pub fn new(perdir: Option<&'c [u8]>, dir: &'c DirConfig, server: &'c ServerConfig) -> Context<'c> {
        let (uri, vary_this, vary) = Default::default();
        Context { perdir, server, dir, uri, rule_match: None, condition_match: None, vary_this, vary }
    }
}

impl Record<'_> {
    /// A field that is usually there.
    pub fn text_or_empty(&mut self, number: u32) -> Text {
        self.text(number).unwrap_or(Text::EMPTY)
    }
}
