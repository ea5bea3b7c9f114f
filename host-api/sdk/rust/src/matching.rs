//! Regular expressions and expressions, httpd's own: what they match is what native modules match.

use crate::Request;
use crate::ffi;

/// Groups that a match can have, as AP_MAX_REG_MATCH.
pub const MAX_GROUPS: usize = 10;

/// A compiled pattern (ap_regcomp). Lives as long as the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Regex(u32);

/// Start and end, both -1, of a group that took no part in a match.
const NO_PART: u64 = u64::MAX;

/// Start and end of each group; `None` for one that took no part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matches([u64; MAX_GROUPS]);

impl Regex {
    /// Compiles a pattern with flags `REG_*`; `None` where it does not compile.
    pub fn compile(pattern: &[u8], flags: u32) -> Option<Regex> {
        u32::try_from(ffi::ap_regcomp(pattern, flags)).ok().map(Regex)
    }

    /// Whether the subject matches.
    pub fn is_match(&self, subject: &[u8]) -> bool {
        ffi::ap_regexec(self.0, subject, 0, 0, &mut []) >= 0
    }

    /// Where the subject matches (ap_regexec with ten groups).
    pub fn matches(&self, subject: &[u8]) -> Option<Matches> {
        let mut raw = [0u8; MAX_GROUPS * 8];
        let length = ffi::ap_regexec(self.0, subject, MAX_GROUPS as u32, 0, &mut raw);
        Some(Matches::from_answer(raw.get(..usize::try_from(length).ok()?)?))
    }
}

/// Patterns to be tried one after the other in one call of the host. Lives as long as the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegexList(u32);

impl RegexList {
    /// A list of patterns, each with whether it is *not* to match.
    pub fn new(patterns: &[(Regex, bool)]) -> Option<RegexList> {
        let list: Vec<u8> = patterns.iter().flat_map(|(regex, not)| [regex.0, u32::from(*not)]).flat_map(u32::to_le_bytes).collect();
        u32::try_from(ffi::ap_regex_list(&list)).ok().map(RegexList)
    }

    /// The number of the first pattern from `start` on that does what is asked of it, and where it matches; nowhere
    /// for one that is not to match. So many groups are looked for, at most [`MAX_GROUPS`].
    pub fn first(&self, start: usize, subject: &[u8], groups: usize) -> Option<(usize, Matches)> {
        let mut raw = [0u8; 4 + MAX_GROUPS * 8];
        let start = u32::try_from(start).ok()?;
        let length = ffi::ap_regexec_first(self.0, start, subject, groups.min(MAX_GROUPS) as u32, &mut raw);
        let (number, groups) = raw.get(..usize::try_from(length).ok()?)?.split_first_chunk::<4>()?;
        Some((u32::from_le_bytes(*number) as usize, Matches::from_answer(groups)))
    }
}

impl Matches {
    /// The match of a subject of this length that was compared as a whole, without groups.
    pub fn of_whole(length: usize) -> Matches {
        let mut matches = Matches([NO_PART; MAX_GROUPS]);
        matches.0[0] = (length as u64) << 32;
        matches
    }

    fn from_answer(raw: &[u8]) -> Matches {
        let mut groups = [NO_PART; MAX_GROUPS];
        for (group, pair) in groups.iter_mut().zip(raw.as_chunks::<8>().0) {
            *group = u64::from_le_bytes(*pair);
        }
        Matches(groups)
    }

    fn to_bytes(self) -> Vec<u8> {
        self.0.map(u64::to_le_bytes).concat()
    }

    fn range(&self, number: usize) -> Option<(usize, usize)> {
        let pair = *self.0.get(number)?;
        let (start, end) = (pair as i32, (pair >> 32) as i32);
        usize::try_from(start).ok().zip(usize::try_from(end).ok())
    }

    /// Start and end of the whole match.
    pub fn whole(&self) -> (usize, usize) {
        self.range(0).unwrap_or((0, 0))
    }

    /// The bytes of a group of the subject; `None` for one that took no part or has no such number.
    pub fn group<'s>(&self, number: usize, subject: &'s [u8]) -> Option<&'s [u8]> {
        let (start, end) = self.range(number)?;
        subject.get(start..end)
    }

    /// `input` with `$0`–`$9` replaced by the groups of the subject, and without the backslash that keeps a byte from
    /// being special (ap_pregsub). `None` where the result would reach AP_PREGSUB_MAXLEN, 65,536 bytes.
    pub fn pregsub(&self, input: &[u8], subject: &[u8]) -> Option<Vec<u8>> {
        const MAXLEN: usize = 65_536;
        let mut out = Vec::with_capacity(input.len());
        let mut rest = input;
        while let [byte, after @ ..] = rest {
            rest = after;
            match (byte, after) {
                (b'$', [digit @ b'0'..=b'9', after @ ..]) => {
                    out.extend_from_slice(self.group(usize::from(digit - b'0'), subject).unwrap_or_default());
                    rest = after;
                }
                (b'\\', [escaped, after @ ..]) => {
                    out.push(*escaped);
                    rest = after;
                }
                _ => out.push(*byte),
            }
            if out.len() >= MAXLEN {
                return None;
            }
        }
        Some(out)
    }
}

/// A parsed ap_expr. Lives as long as the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expr(u32);

impl Expr {
    /// Parses with flags `EXPR_*`; the error is httpd's text. In a .htaccess file the functions that httpd withholds
    /// there are withheld here too.
    pub fn parse(text: &[u8], flags: u32) -> Result<Expr, Vec<u8>> {
        u32::try_from(ffi::ap_expr_parse(text, flags)).map(Expr).map_err(|_| ffi::error_text())
    }

    /// Whether it holds; the error is httpd's text (ap_expr_exec).
    pub fn holds(&self, r: &Request) -> Result<bool, Vec<u8>> {
        match ffi::ap_expr_exec(r.handle(), self.0) {
            answer @ 0.. => Ok(answer != 0),
            _ => Err(ffi::error_text()),
        }
    }

    /// Whether it holds, where `before` is the subject and groups of a match before; also the subject and groups of the
    /// last match inside of the expression, if there was one (ap_expr_exec_re).
    #[allow(clippy::type_complexity)]
    pub fn holds_re(
        &self,
        r: &Request,
        before: Option<(&[u8], Matches)>,
    ) -> Result<(bool, Option<(Vec<u8>, Matches)>), Vec<u8>> {
        let (subject, groups) = before.map_or((&b""[..], Vec::new()), |(subject, groups)| (subject, groups.to_bytes()));
        let holds = match ffi::ap_expr_exec_re(r.handle(), self.0, subject, &groups) {
            answer @ 0.. => answer != 0,
            _ => return Err(ffi::error_text()),
        };
        let answer = ffi::answer();
        let matched = answer.split_at_checked(MAX_GROUPS * 8);
        Ok((holds, matched.map(|(groups, subject)| (subject.to_vec(), Matches::from_answer(groups)))))
    }

    /// Its value, of an expression parsed with EXPR_STRING_RESULT; the error is httpd's text (ap_expr_str_exec).
    pub fn value(&self, r: &Request) -> Result<Vec<u8>, Vec<u8>> {
        match ffi::read(|buffer| ffi::ap_expr_str_exec(r.handle(), self.0, buffer)) {
            Ok(value) => Ok(value.unwrap_or_default()),
            Err(_) => Err(ffi::error_text()),
        }
    }
}
