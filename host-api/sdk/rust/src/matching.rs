//! Regular expressions and expressions, httpd's own: what they match is what native modules match.

use crate::Request;
use crate::ffi;

/// Groups that a match can have, as AP_MAX_REG_MATCH.
pub const MAX_GROUPS: usize = 10;

/// A compiled pattern (ap_regcomp). Lives as long as the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Regex(u32);

/// Bytes of a number that precedes the groups in an answer.
const HEAD: usize = 4;
/// Bytes of a group: where it starts and ends, both -1 if it took no part.
const GROUP: usize = 8;

/// Start and end of each group, as the host answered them.
#[derive(Clone, Copy, Debug)]
pub struct Matches {
    raw: [u8; HEAD + MAX_GROUPS * GROUP],
    /// How many groups it holds; those beyond took no part.
    count: usize,
}

impl Default for Matches {
    /// Without any group.
    fn default() -> Matches {
        Matches { raw: [0; HEAD + MAX_GROUPS * GROUP], count: 0 }
    }
}

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
        let mut matches = Matches::default();
        let length = ffi::ap_regexec(self.0, subject, MAX_GROUPS as u32, 0, matches.raw.get_mut(HEAD..)?);
        matches.count = usize::try_from(length).ok()? / GROUP;
        Some(matches)
    }
}

/// Patterns to be tried one after the other in one call of the host. Lives as long as the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegexList(u32);

impl RegexList {
    /// A list of patterns, each with whether it is *not* to match.
    pub fn new(patterns: &[(Regex, bool)]) -> Option<RegexList> {
        let list: Vec<u8> =
            patterns.iter().flat_map(|(regex, not)| [regex.0, u32::from(*not)]).flat_map(u32::to_le_bytes).collect();
        u32::try_from(ffi::ap_regex_list(&list)).ok().map(RegexList)
    }

    /// The number of the first pattern from `start` on that does what is asked of it, and where it matches; nowhere
    /// for one that is not to match. So many groups are looked for, at most [`MAX_GROUPS`].
    pub fn first(&self, start: usize, subject: &[u8], groups: usize) -> Option<(usize, Matches)> {
        let mut matches = Matches::default();
        self.first_into(start, subject, groups, &mut matches).map(|number| (number, matches))
    }

    /// The same, with the groups in place of those that `matches` holds; it holds none where no pattern does.
    pub fn first_into(&self, start: usize, subject: &[u8], groups: usize, matches: &mut Matches) -> Option<usize> {
        matches.count = 0;
        let start = u32::try_from(start).ok()?;
        let length = ffi::ap_regexec_first(self.0, start, subject, groups.min(MAX_GROUPS) as u32, &mut matches.raw);
        matches.count = usize::try_from(length).ok()?.checked_sub(HEAD)? / GROUP;
        Some(u32::from_le_bytes(*matches.raw.first_chunk()?) as usize)
    }
}

impl Matches {
    /// The match of a subject of this length that was compared as a whole, without groups.
    pub fn of_whole(length: usize) -> Matches {
        let mut matches = Matches { count: 1, ..Matches::default() };
        matches.raw[HEAD + 4..HEAD + GROUP].copy_from_slice(&(length as u32).to_le_bytes());
        matches
    }

    /// Holds no group any longer.
    pub fn clear(&mut self) {
        self.count = 0;
    }

    fn from_answer(groups: &[u8]) -> Matches {
        let mut matches = Matches::default();
        if let Some(raw) = matches.raw.get_mut(HEAD..HEAD + groups.len()) {
            raw.copy_from_slice(groups);
            matches.count = groups.len() / GROUP;
        }
        matches
    }

    /// All ten groups.
    fn to_bytes(self) -> Vec<u8> {
        let mut groups = self.raw.get(HEAD..HEAD + self.count * GROUP).unwrap_or_default().to_vec();
        groups.resize(MAX_GROUPS * GROUP, 0xff);
        groups
    }

    fn range(&self, number: usize) -> Option<(usize, usize)> {
        if number >= self.count {
            return None;
        }
        let pair = u64::from_le_bytes(*self.raw.get(HEAD + number * GROUP..)?.first_chunk()?);
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
