//! ap_regex.h: httpd's regular expressions (PCRE2).

use super::bindings::*;
use super::bytes::with_cstr;
use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::sync::OnceLock;

/// What a pattern is taken to need where PCRE2 can't be asked, as with an httpd that is built with another library: a short
/// one may come to as much as its length says nothing of.
const UNKNOWN: usize = 16 << 10;

/// pcre2.h: PCRE2_INFO_JITSIZE, PCRE2_INFO_SIZE.
const INFO: [u32; 2] = [10, 22];

type PatternInfo = unsafe extern "C" fn(*const c_void, u32, *mut c_void) -> c_int;

/// pcre2_pattern_info of the library that httpd has loaded.
fn pattern_info() -> Option<PatternInfo> {
    static FOUND: OnceLock<Option<PatternInfo>> = OnceLock::new();
    *FOUND.get_or_init(|| {
        // SAFETY: asks for a symbol of what is loaded; pcre2.h gives its type.
        unsafe {
            let found = libc::dlsym(libc::RTLD_DEFAULT, c"pcre2_pattern_info_8".as_ptr());
            (!found.is_null()).then(|| std::mem::transmute::<*mut c_void, PatternInfo>(found))
        }
    })
}

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

    /// Bytes that the compiled pattern takes, with its machine code.
    pub(crate) fn size(&self) -> usize {
        let Some(info) = pattern_info() else { return UNKNOWN };
        INFO.iter().fold(0, |sum, what| {
            let mut size = 0_usize;
            // SAFETY: re_pcre is the compiled pattern, which PCRE2 tells from anything else; these two answer with a size_t.
            let status = unsafe { info(self.0.re_pcre.cast_const(), *what, (&raw mut size).cast()) };
            sum + if status == 0 { size } else { UNKNOWN }
        })
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
