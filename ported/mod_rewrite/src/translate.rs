//! The server's rules: a URL is rewritten before it is mapped to a file.

use crate::config::{DirConfig, ServerConfig};
use crate::context::Context;
use crate::list::{Action, apply_rewrite_list};
use crate::log::rewritelog;
use crate::options::{ANY_URI, LEGACY_PREFIX_DOCROOT, UNSAFE_PREFIX_STAT};
use crate::outcome::{self, OfResult};
use crate::path::{expand_tildepaths, is_prefix};
use crate::record::{Record, SCRIPT_URL, of_server};
use crate::rule::Rule;
use crate::text::Text;
use crate::uri::URI_REDUCED;
use apache_module::batch::Answers;
use apache_module::{Request, Status, field};

/// mod_rewrite.c:hook_uri2file.
pub fn translate_name(r: &Request, dir: &DirConfig, server: &ServerConfig) -> Status {
    if !dir.is_on() {
        return Status::DECLINED;
    }
    r.with_read_before(of_server, |answers| pass(r, answers, dir, server))
}

fn pass<'r>(r: &'r Request, answers: Answers<'r>, dir: &'r DirConfig, server: &'r ServerConfig) -> Status {
    let (ref mut record, [server_id, has_ended], [rewritten, redirect_url]) = Record::at_start(r, answers);
    if !server.is_of(server_id) {
        return Status::DECLINED;
    }
    if has_ended == 1 {
        rewritelog!(record, 8, None, b"Declining, no further rewriting due to END flag");
        return Status::DECLINED;
    }
    if !dir.has(ANY_URI) && !record.uri.starts_with(b"/") {
        rewritelog!(
            record,
            8,
            None,
            b"Declining, request-URI '",
            &record.uri,
            b"' is not a URL-path. Consult the manual entry for the RewriteOptions directive for options and caveats \
              about matching other strings.",
        );
        return Status::DECLINED;
    }
    set_script_variables(record, redirect_url);
    let (action, last_rule) = match rewritten {
        Some(before) => (what_it_came_to(before, record), None),
        None => rewrite(record, dir, server),
    };
    let status = match action {
        Action::None => {
            rewritelog!(record, 1, None, b"pass through ", record.name());
            Status::DECLINED
        }
        action => finish(action, last_rule, rewritten.is_some(), record, server),
    };
    record.write_back();
    status
}

/// What the client asked for, whatever becomes of it: of a subrequest and after an internal redirect, what was asked
/// for first.
#[inline]
fn set_script_variables(record: &mut Record<'_>, redirect_url: Option<&[u8]>) {
    if record.is_subreq {
        let url = record.r.main().and_then(|main| main.subprocess_env().get(SCRIPT_URL));
        record.set_script_variables(url.as_deref());
    } else if redirect_url.is_some() {
        record.set_script_variables(redirect_url);
    } else {
        record.set_script_variables_to_uri();
    }
}

/// What came of the rules when they were applied before.
#[inline(never)]
fn what_it_came_to(before: &[u8], record: &Record<'_>) -> Action {
    rewritelog!(
        record,
        2,
        None,
        b"uri already rewritten. Status ",
        before,
        b", Uri ",
        &record.uri,
        b", r->filename ",
        record.filename().unwrap_or(b"(null)"),
    );
    Action::from_number(crate::atoi::atoi(before))
}

fn rewrite<'r>(record: &mut Record<'r>, dir: &'r DirConfig, server: &'r ServerConfig) -> (Action, Option<&'r Rule>) {
    if record.filename().is_none() {
        record.set_filename(record.uri.clone());
        rewritelog!(record, 2, None, b"init rewrite engine with requested uri ", record.name());
    } else {
        rewritelog!(
            record,
            2,
            None,
            b"init rewrite engine with passed filename ",
            record.name(),
            b". Original uri = ",
            &record.uri,
        );
    }
    let mut context = Context::new(None, dir, server);
    let (action, last_rule) = apply_rewrite_list(&server.rules, &mut context, record);
    record.note_rewritten(action);
    (action, last_rule)
}

fn finish(
    action: Action,
    last_rule: Option<&Rule>,
    passed_before: bool,
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
        OfResult::Absolute(scheme) => outcome::redirect(action, scheme, None, record),
        OfResult::Local => match record.name().strip_prefix(b"passthrough:") {
            Some(uri) if !uri.is_empty() => {
                let uri = uri.to_vec();
                record.edits.text(field::URI, Some(&uri));
                Status::DECLINED
            }
            _ => local_path(last_rule, passed_before, record, server),
        },
    }
}

fn local_path(last_rule: Option<&Rule>, passed_before: bool, record: &mut Record<'_>, server: &ServerConfig) -> Status {
    if let Some(path) = expand_tildepaths(record.name()) {
        record.set_filename(path);
    }
    rewritelog!(record, 2, None, b"local path result: ", record.name());
    if !record.name().starts_with(b"/") {
        return Status(400);
    }
    let reduced =
        !server.has(LEGACY_PREFIX_DOCROOT) && (record.reduced || passed_before && record.r.notes().has(URI_REDUCED));
    let last_rule = last_rule.filter(|_| !server.has(UNSAFE_PREFIX_STAT));
    let translated = record.core_translate_unless_there().or_else(|| {
        // What is there may be a path below DocumentRoot all the same.
        let is_path = is_prefix(last_rule, record) && !reduced;
        (!is_path).then(|| record.core_translate())
    });
    if let Some(status) = translated {
        if status != Status::OK {
            rewritelog!(record, 1, None, b"prefixing with document_root of ", record.name(), b" FAILED");
            return status;
        }
        if record.logs(1) {
            record.read_filename();
        }
        rewritelog!(record, 2, None, b"prefixed with document_root to ", record.name());
    }
    rewritelog!(record, 1, None, b"go-ahead with ", record.name(), b" [OK]");
    Status::OK
}

impl<'c> Context<'c> {
    /// The state at the start of a pass.
    pub fn new(perdir: Option<&'c [u8]>, dir: &'c DirConfig, server: &'c ServerConfig) -> Context<'c> {
        let (vary_this, vary) = Default::default();
        Context { perdir, server, dir, uri: Text::EMPTY, rule_match: None, condition_match: None, vary_this, vary }
    }
}
