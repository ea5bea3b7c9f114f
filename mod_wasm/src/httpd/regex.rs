//! ap_regex.h: httpd's regular expressions (PCRE2).

use super::bindings::*;
use super::bytes::with_cstr;
use std::mem::MaybeUninit;

/// A compiled pattern. Matching keeps its state elsewhere, so threads can share it.
pub(crate) struct Regex(ap_regex_t);

// SAFETY: ap_regexec_len only reads the compiled pattern; its match data is per thread or on the stack.
unsafe impl Send for Regex {}
// SAFETY: as above.
unsafe impl Sync for Regex {}

/// Most groups that are asked for: AP_MAX_REG_MATCH.
pub(crate) const MAX_GROUPS: usize = AP_MAX_REG_MATCH as usize;

/// Start and end of a group in the subject, -1 for a group that took no part.
pub(crate) type Group = (i32, i32);

impl Regex {
    /// Compiles with RegexDefaultOptions added, as ap_regcomp does; `None` where the pattern is wrong.
    pub(crate) fn compile(pattern: &[u8], flags: u32) -> Option<Regex> {
        let mut raw = MaybeUninit::<ap_regex_t>::zeroed();
        // SAFETY: `raw` is a valid place; 0 says that it was initialized.
        let compiled = with_cstr(pattern, |p| unsafe { ap_regcomp(raw.as_mut_ptr(), p.as_ptr(), flags as i32) == 0 })?;
        // SAFETY: as above.
        compiled.then(|| Regex(unsafe { raw.assume_init() }))
    }

    /// Fills `groups` with what matched; `false` where nothing did (ap_regexec_len).
    pub(crate) fn exec(&self, subject: &[u8], groups: &mut [Group], flags: u32) -> bool {
        let mut raw = [ap_regmatch_t { rm_so: -1, rm_eo: -1 }; MAX_GROUPS];
        let count = groups.len().min(MAX_GROUPS);
        // SAFETY: the pattern is compiled; the subject is readable for its length and `raw` has room for `count`.
        let status = unsafe {
            ap_regexec_len(&self.0, subject.as_ptr().cast(), subject.len(), count, raw.as_mut_ptr(), flags as i32)
        };
        for (group, raw) in groups.iter_mut().zip(raw) {
            *group = (raw.rm_so, raw.rm_eo);
        }
        status == 0
    }
}

impl Drop for Regex {
    fn drop(&mut self) {
        // SAFETY: `compile` initialized it; nobody else has it.
        unsafe { ap_regfree(&mut self.0) };
    }
}
