//! A directory's rules: a request that is mapped to a file is rewritten and starts anew as another URL. Also what the
//! last fixup and the handler do for rules.

use crate::apply::{FORCED_HANDLER, FORCED_MIMETYPE};
use crate::config::{DirConfig, ServerConfig};
use crate::context::Context;
use crate::list::{Action, apply_rewrite_list};
use crate::log::rewritelog;
use crate::options::{IGNORE_CONTEXT_INFO, NO_SLASH};
use crate::outcome::{self, OfResult, Place};
use crate::path::subst_prefix_path;
use crate::record::{Record, of_dir};
use crate::scheme::Scheme;
use apache_module::batch::{Answers, Wants};
use apache_module::ffi::table::NOTES;
use apache_module::{OPT_SYM_LINKS, OPT_SYM_OWNER, Request, Status, field, log_bytes};

/// The handler that answers with another URL (REWRITE_REDIRECT_HANDLER_NAME); `lib` declares it.
const REDIRECT_HANDLER: &[u8] = b"redirect-handler";

/// mod_rewrite.c:hook_fixup.
pub fn fixups(r: &Request, dir: &DirConfig, server: &ServerConfig) -> Status {
    match dir.directory.as_deref().filter(|_| dir.is_on()) {
        Some(directory) => r.with_read_before(of_dir, |answers| pass(r, answers, directory, dir, server)),
        None => Status::DECLINED,
    }
}

fn pass<'r>(
    r: &'r Request,
    answers: Answers<'r>,
    directory: &'r [u8],
    dir: &'r DirConfig,
    server: &'r ServerConfig,
) -> Status {
    let (record, [has_ended, allow_options], [path_info]) = Record::at_start(r, answers);
    let record = &mut record.with_path_info(path_info);
    // The directory itself without its slash is left to mod_dir.
    let is_proxy = || record.name().starts_with(b"proxy:") && r.number(field::PROXYREQ) != 0;
    let without_slash = directory.strip_suffix(b"/").unwrap_or(directory);
    if !dir.has(NO_SLASH) && record.filename() == Some(without_slash) && !is_proxy() {
        return Status::DECLINED;
    }
    if has_ended == 1 {
        rewritelog!(record, 8, Some(directory), b"Declining, no further rewriting due to END flag");
        return Status::DECLINED;
    }
    if allow_options & i64::from(OPT_SYM_LINKS | OPT_SYM_OWNER) == 0 {
        log_bytes!(
            r,
            APLOG_ERR,
            b"AH00670: Options FollowSymLinks and SymLinksIfOwnerMatch are both off, so the RewriteRule directive is \
              also forbidden due to its similar ability to circumvent directory restrictions : ",
            record.filename().unwrap_or(b"(null)"),
        );
        return Status::FORBIDDEN;
    }
    let old_name = record.filename().map(|_| record.name_kept());
    if old_name.is_none() {
        record.set_filename(record.uri.clone());
        rewritelog!(record, 2, Some(directory), b"init rewrite engine with requested uri ", record.name());
    }
    let mut context = Context::new(Some(directory), dir, server);
    let (action, _) = apply_rewrite_list(&dir.rules, &mut context, record);
    if action == Action::None {
        rewritelog!(record, 1, Some(directory), b"pass through ", record.name());
        record.restore_filename(old_name);
        record.write_back();
        return Status::DECLINED;
    }
    let place = Place::directory(directory);
    let status = match outcome::of_result(action, record, place) {
        Err(status) => status,
        Ok(OfResult::Proxy) => outcome::proxy(action, place, record),
        Ok(OfResult::Absolute(scheme)) => {
            replace_directory_by_base(scheme, dir, directory, record);
            outcome::redirect(action, scheme, Some(directory), record)
        }
        Ok(OfResult::Local) => local_path(old_name.as_deref(), dir, directory, record),
    };
    record.write_back();
    status
}

/// A redirection to `http://host/directory/…`, which a relative substitution makes, leads below RewriteBase instead.
fn replace_directory_by_base(scheme: Scheme, dir: &DirConfig, directory: &[u8], record: &mut Record<'_>) {
    let Some(base) = dir.base_url.as_deref() else { return };
    let slash = record.name().iter().skip(scheme.length).position(|byte| *byte == b'/');
    let Some((start, rest)) = slash.and_then(|slash| record.name().split_at_checked(scheme.length + slash + 1)) else {
        return;
    };
    if rest.is_empty() {
        return;
    }
    log_base(base, directory, record);
    let [from, to] = [directory, base].map(|path| path.strip_prefix(b"/").unwrap_or(path));
    if let Some(replaced) = subst_prefix_path(rest, from, to, record).filter(|replaced| replaced != rest) {
        let name = [start, &replaced].concat();
        record.set_filename(name);
    }
}

fn log_base(base: &[u8], directory: &[u8], record: &Record<'_>) {
    rewritelog!(record, 2, Some(directory), b"trying to replace prefix ", directory, b" with ", base);
}

/// A result that stays here is asked for once more by an internal redirect.
fn local_path(old_name: Option<&[u8]>, dir: &DirConfig, directory: &[u8], record: &mut Record<'_>) -> Status {
    let perdir = Some(directory);
    if let Some(name) = record.name().strip_prefix(b"passthrough:").filter(|name| !name.is_empty()) {
        let name = name.to_vec();
        record.set_filename(name);
    }
    if !record.name().starts_with(b"/") {
        return Status(400);
    }
    if record.filename() == old_name {
        rewritelog!(record, 1, perdir, b"initial URL equal rewritten URL: ", record.name(), b" [IGNORING REWRITE]",);
        return Status::OK;
    }
    let replaced = match &dir.base_url {
        Some(base) => {
            log_base(base, directory, record);
            subst_prefix_path(record.name(), directory, base, record)
        }
        None => without_document_root(perdir, record),
    };
    if let Some(name) = replaced {
        record.set_filename(name);
    } else if !dir.has(IGNORE_CONTEXT_INFO)
        && let Some(root) = record.text(field::CONTEXT_DOCUMENT_ROOT)
        && let Some(prefix) = record.text(field::CONTEXT_PREFIX)
    {
        rewritelog!(record, 2, perdir, b"trying to replace context docroot ", &root, b" with context prefix ", &prefix,);
        if let Some(name) = subst_prefix_path(record.name(), &root, &prefix, record) {
            record.set_filename(name);
        }
    }
    record.edits.set(NOTES, b"redirect-keeps-vary", b"");
    rewritelog!(record, 1, perdir, b"internal redirect with ", record.name(), b" [INTERNAL REDIRECT]");
    let name = [b"redirect:", record.name()].concat();
    record.set_filename(name);
    record.edits.text(field::HANDLER, Some(REDIRECT_HANDLER));
    Status::OK
}

fn without_document_root(perdir: Option<&[u8]>, record: &mut Record<'_>) -> Option<Vec<u8>> {
    let root = record.text(field::DOCUMENT_ROOT)?;
    let rest = record.name().strip_prefix(root.strip_suffix(b"/").unwrap_or(&root))?;
    if !rest.starts_with(b"/") {
        return None;
    }
    rewritelog!(record, 2, perdir, b"strip document_root prefix: ", record.name(), b" -> ", rest);
    Some(rest.to_vec())
}

/// `T=` and `H=` take effect, whoever has set a type since (mod_rewrite.c:hook_mimetype).
pub fn mimetype(r: &Request) -> Status {
    let note = |name| r.notes().get(name).filter(|value| !value.is_empty());
    if let Some(forced) = note(FORCED_MIMETYPE) {
        let record = Record::read(r);
        rewritelog!(record, 1, None, b"force filename ", record.name(), b" to have MIME-type '", &forced, b"'");
        r.set_content_type_trusted(&forced);
    }
    if let Some(forced) = note(FORCED_HANDLER) {
        let record = Record::read(r);
        rewritelog!(
            record,
            1,
            None,
            b"force filename ",
            record.name(),
            b" to have the Content-handler '",
            &forced,
            b"'",
        );
        r.set_text(field::HANDLER, Some(&forced));
    }
    Status::OK
}

/// What the handler begins with.
pub fn of_handler() -> Wants {
    Wants::default().text(field::FILENAME).text(field::ARGS)
}

/// Answers with another URL (mod_rewrite.c:handler_redirect); r->handler is the one for that.
pub fn redirect_handler(r: &Request) -> Status {
    r.with_read_before(of_handler, |mut answers| {
        let (name, args) = (answers.text().unwrap_or_default(), answers.text());
        let Some(url) = name.strip_prefix(b"redirect:") else { return Status::DECLINED };
        match args {
            Some(args) => r.internal_redirect(&[url, b"?", args].concat()),
            None => r.internal_redirect(url),
        }
        Status::OK
    })
}
