//! ap_expr.h: httpd's expressions.

use super::bindings::*;
use super::bytes::bytes;
use super::expr_scan::jams;
use super::pool::OwnPool;
use super::regex::{Group, MAX_GROUPS};
use super::request::Request;
use std::ptr::null;

/// A parsed expression in a pool of its own. Evaluation only reads it, so threads can share it.
pub(crate) struct Expr {
    info: *mut ap_expr_info_t,
    _pool: OwnPool,
}

// SAFETY: the tree is written by `parse` only; ap_expr_exec reads it and allocates from the request's pool.
unsafe impl Send for Expr {}
// SAFETY: as above.
unsafe impl Sync for Expr {}

/// Where an expression was written.
pub(crate) struct Place<'a> {
    /// The configuration file's name.
    pub(crate) file: &'a [u8],
    /// The line in it, from 1.
    pub(crate) line: u32,
    /// Whose words it is.
    pub(crate) trust: Trust,
    /// Index of the module, for log messages.
    pub(crate) module_index: i32,
}

/// Whose words an expression is, which decides whether it may look at files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// The administrator's: it may do everything.
    Administrator,
    /// Those of a .htaccess file: it may test files but not read them (AP_EXPR_FLAG_RESTRICTED_FILE_FUNC).
    Htaccess,
    /// The guest's own, found in no directive: nothing that touches files, which is another group's to allow.
    Guest,
}

impl Expr {
    /// Parses with AP_EXPR_FLAG_* bits; the error is httpd's text (ap_expr_parse_cmd).
    pub(crate) fn parse(text: &[u8], flags: u32, place: &Place<'_>) -> Result<Expr, Vec<u8>> {
        let refuse = |why: &str| why.as_bytes().to_vec();
        if jams(text, flags & AP_EXPR_FLAG_STRING_RESULT != 0) {
            return Err(refuse("a quote in a function's argument, or a backslash at the end of a string"));
        }
        let own = OwnPool::new().ok_or_else(|| refuse("out of memory"))?;
        let pool = own.pool();
        let text = pool.strdup(text).ok_or_else(|| refuse("the expression holds a NUL"))?;
        let restricted = match place.trust {
            Trust::Administrator => 0,
            Trust::Htaccess => AP_EXPR_FLAG_RESTRICTED_FILE_FUNC,
            Trust::Guest => AP_EXPR_FLAG_RESTRICTED | AP_EXPR_FLAG_RESTRICTED_FILE_FUNC,
        };
        let info = ap_expr_info_t {
            root_node: std::ptr::null_mut(),
            filename: pool.strdup_cut(place.file),
            line_number: place.line,
            flags: flags | restricted,
            module_index: place.module_index,
        };
        // SAFETY: the pool is ours; the structure is written whole before it is used; NULL means the usual lookup.
        // The error text is in the pool, which lives until it is copied.
        unsafe {
            let address = apr_palloc(pool.raw(), size_of::<ap_expr_info_t>()).cast::<ap_expr_info_t>();
            address.write(info);
            match bytes(ap_expr_parse(pool.raw(), pool.raw(), address, text, None)) {
                Some(error) => Err(error.to_vec()),
                None => Ok(Expr { info: address, _pool: own }),
            }
        }
    }

    /// Whether its result is a string.
    pub(crate) fn is_string(&self) -> bool {
        // SAFETY: `parse` wrote the structure, which lives as long as the pool.
        unsafe { (*self.info).flags & AP_EXPR_FLAG_STRING_RESULT != 0 }
    }

    /// Whether a boolean expression holds (ap_expr_exec); the error is httpd's text.
    pub(crate) fn exec<'r>(&self, r: Request<'r>) -> Result<bool, &'r [u8]> {
        let mut error = null();
        // SAFETY: the request and the expression live; the error text is in the request's pool.
        unsafe {
            let value = ap_expr_exec(r.raw(), self.info, &mut error);
            bytes(error).map_or(Ok(value > 0), Err)
        }
    }

    /// As [`Expr::exec`], with the groups of a subject as the match before (ap_expr_exec_re). Also the groups of the
    /// last match inside of the expression and their subject, if there was one.
    #[allow(clippy::type_complexity)]
    pub(crate) fn exec_re<'r>(
        &self,
        r: Request<'r>,
        subject: &[u8],
        before: &[Group],
    ) -> Result<(bool, Option<([Group; MAX_GROUPS], &'r [u8])>), &'r [u8]> {
        let mut error = null();
        let mut raw = [ap_regmatch_t { rm_so: -1, rm_eo: -1 }; MAX_GROUPS];
        let subject = r.pool().strdup_cut(subject);
        // httpd copies what a group says without a look at the subject's length.
        // SAFETY: the copy is a C string.
        let length = unsafe { bytes(subject) }.map_or(0, <[u8]>::len);
        for (raw, (start, end)) in raw.iter_mut().zip(before) {
            let inside = 0 <= *start && start <= end && usize::try_from(*end).is_ok_and(|end| end <= length);
            if inside {
                *raw = ap_regmatch_t { rm_so: *start, rm_eo: *end };
            }
        }
        let mut source = if before.is_empty() { null() } else { subject.cast_const() };
        let first = source;
        // SAFETY: as in `exec`; there is room for so many groups, and those given are inside of the source. A match
        // changes the source, to a string in the request's pool or of the configuration.
        unsafe {
            let value = ap_expr_exec_re(
                r.raw(),
                self.info,
                MAX_GROUPS as apr_size_t,
                raw.as_mut_ptr(),
                &mut source,
                &mut error,
            );
            if let Some(error) = bytes(error) {
                return Err(error);
            }
            let matched = bytes(source).filter(|_| source != first);
            Ok((value > 0, matched.map(|source| (raw.map(|group| (group.rm_so, group.rm_eo)), source))))
        }
    }

    /// The value of a string expression (ap_expr_str_exec); the error is httpd's text.
    pub(crate) fn str_exec<'r>(&self, r: Request<'r>) -> Result<&'r [u8], &'r [u8]> {
        let mut error = null();
        // SAFETY: as in `exec`; the value is in the request's pool.
        unsafe {
            let value = ap_expr_str_exec(r.raw(), self.info, &mut error);
            bytes(error).map_or(Ok(bytes(value).unwrap_or_default()), Err)
        }
    }
}
