//! What a pattern requires of the start of a subject, so that most subjects need not be given to the host to be told
//! that they don't match; knows no more of regular expressions than is certain.

/// The text that every match of a pattern with `^` at its start begins with. Empty where nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefix {
    text: Vec<u8>,
    /// Whether the pattern is `^text$`.
    whole: bool,
}

/// What a prefix tells of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does not match.
    No,
    /// It matches as a whole, and the pattern has no groups.
    Yes,
    /// The pattern must be tried.
    Try,
}

impl Prefix {
    /// Reads a pattern. Letters are compared without case in any case, since `NC`, an option within the pattern and
    /// RegexDefaultOptions all may say so.
    pub fn of(pattern: &[u8]) -> Prefix {
        let Some(rest) = pattern.strip_prefix(b"^") else { return Prefix::default() };
        if has_alternatives(rest) {
            return Prefix::default();
        }
        let mut text = Vec::new();
        let mut at = rest;
        loop {
            let (byte, after) = match at {
                [b'\\', byte, after @ ..] if byte.is_ascii_punctuation() => (*byte, after),
                [byte, after @ ..] if is_literal(*byte) => (*byte, after),
                _ => break,
            };
            // What may be left out is not required.
            if matches!(after.first(), Some(b'?' | b'*' | b'{')) {
                break;
            }
            text.push(byte);
            at = after;
        }
        Prefix { whole: at == b"$", text }
    }

    /// Whether nothing is required.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether a subject can match.
    #[inline]
    pub fn verdict(&self, subject: &[u8]) -> Verdict {
        let Some(start) = subject.get(..self.text.len()) else { return Verdict::No };
        if differ_in_more_than_case(&self.text, start) {
            return Verdict::No;
        }
        if self.whole && subject == self.text { Verdict::Yes } else { Verdict::Try }
    }
}

/// Whether two texts of the same length differ in more than the bit between capital and small letters, and so in more
/// than case.
#[inline]
fn differ_in_more_than_case(a: &[u8], b: &[u8]) -> bool {
    const CASE: u8 = 0x20;
    let words = |a: &[u8; 8], b: &[u8; 8]| {
        (u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b)) & !u64::from_ne_bytes([CASE; 8]) != 0
    };
    let halves = |a: &[u8; 4], b: &[u8; 4]| {
        (u32::from_ne_bytes(*a) ^ u32::from_ne_bytes(*b)) & !u32::from_ne_bytes([CASE; 4]) != 0
    };
    // The last bytes may be looked at twice.
    if let (Some(a_end), Some(b_end)) = (a.last_chunk(), b.last_chunk()) {
        return a.as_chunks().0.iter().zip(b.as_chunks().0).any(|(a, b)| words(a, b)) || words(a_end, b_end);
    }
    if let (Some(a_start), Some(a_end), Some(b_start), Some(b_end)) =
        (a.first_chunk(), a.last_chunk(), b.first_chunk(), b.last_chunk())
    {
        return halves(a_start, b_start) || halves(a_end, b_end);
    }
    a.iter().zip(b).any(|(a, b)| (a ^ b) & !CASE != 0)
}

/// ASCII that means itself in a pattern.
fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/-_,:;=@%&~!\"'<> ".contains(&byte)
}

/// Whether a bar may stand outside of all groups, so that what precedes it is not required. Where it is not easy to
/// tell, it may.
fn has_alternatives(pattern: &[u8]) -> bool {
    // A comment may hold a parenthesis that closes nothing.
    if pattern.contains(&b'#') && pattern.windows(2).any(|pair| pair == b"(?") {
        return true;
    }
    let mut depth = 0u32;
    let mut rest = pattern;
    while let [byte, after @ ..] = rest {
        rest = after;
        match byte {
            b'\\' => match after {
                // \Q…\E quotes what is between, \c what follows.
                [b'Q' | b'E' | b'c', ..] | [] => return true,
                [_, after @ ..] => rest = after,
            },
            b'|' if depth == 0 => return true,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            // Inside of brackets parentheses and bars mean themselves; a pattern with both is not looked into.
            b'[' if pattern.contains(&b'|') => return true,
            _ => {}
        }
    }
    false
}
