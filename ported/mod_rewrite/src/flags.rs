//! The flags of RewriteRule: their names, and what each sets; not what a rule does with it.

use crate::ErrorText;
use crate::atoi::atoi;
use crate::escape::BackrefEscape;
use crate::expansion::Expansion;
use crate::response;

/// The flags of one rule that are on or off, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bits(u32);

macro_rules! bits {
    ($($(#[$doc:meta])* $name:ident = $bit:literal;)*) => {
        impl Bits {
            $($(#[$doc])* pub const $name: Bits = Bits(1 << $bit);)*
        }
    };
}

// The numbers are native ones where the log shows them (mod_rewrite.c:RULEFLAG_UNSAFE_PREFIX_STAT).
bits! {
    /// `R`.
    FORCE_REDIRECT = 1;
    /// `L`.
    LAST = 2;
    /// `N`.
    NEW_ROUND = 3;
    /// `C`.
    CHAIN = 4;
    /// `NS`.
    IGNORE_ON_SUBREQ = 5;
    /// `!pattern`.
    NOT_MATCH = 6;
    /// `P`.
    PROXY = 7;
    /// `PT`.
    PASS_THROUGH = 8;
    /// `QSA`.
    QS_APPEND = 9;
    /// `NC`.
    NO_CASE = 10;
    /// `NE`.
    NO_ESCAPE = 11;
    /// The substitution `-`, and whatever forces a status.
    NO_SUB = 12;
    /// `F`, `G`, `R` with a status that is no redirection.
    STATUS = 13;
    /// `B`, `BCTLS`.
    ESCAPE_BACKREF = 14;
    /// `DPI`.
    DISCARD_PATH_INFO = 15;
    /// `QSD`.
    QS_DISCARD = 16;
    /// `END`.
    END = 17;
    /// `QSL`.
    QS_LAST = 19;
    /// No query string at all: a question mark ends the substitution, or `QSD` and there is none in it.
    QS_NONE = 20;
    /// `UnsafePrefixStat`.
    UNSAFE_PREFIX_STAT = 22;
    /// `UnsafeAllow3F`.
    UNSAFE_ALLOW_3F = 23;
    /// `UNC`.
    UNC = 24;
}

impl Bits {
    /// Whether one of the others is set here.
    pub fn has(self, others: Bits) -> bool {
        self.0 & others.0 != 0
    }

    /// Sets the others as well.
    pub fn set(&mut self, others: Bits) {
        self.0 |= others.0;
    }

    /// Both together.
    pub const fn or(self, others: Bits) -> Bits {
        Bits(self.0 | others.0)
    }

    /// The number of those of the others that are set here.
    pub fn number(self, others: Bits) -> u32 {
        self.0 & others.0
    }
}

/// All that the flags of one rule say.
#[derive(Debug)]
pub struct Flags {
    pub bits: Bits,
    /// `T=`.
    pub forced_mimetype: Option<Expansion>,
    /// `H=`.
    pub forced_handler: Option<Expansion>,
    /// The status of a redirection, or of a rule that forces one.
    pub forced_response_code: i32,
    /// `E=`, in order.
    pub env: Vec<Expansion>,
    /// `CO=`, in order.
    pub cookies: Vec<Expansion>,
    /// `S=`: how many rules to pass over after a match.
    pub skip: i32,
    /// `N=`: how many rounds at most.
    pub max_rounds: i32,
    /// `B=`, `BNE=`, `BNP`, `BCTLS`.
    pub escape: BackrefEscape,
}

/// REWRITE_MAX_ROUNDS.
const MAX_ROUNDS: i32 = 32_000;

impl Default for Flags {
    fn default() -> Flags {
        Flags {
            bits: Bits::default(),
            forced_mimetype: None,
            forced_handler: None,
            forced_response_code: 302,
            env: Vec::new(),
            cookies: Vec::new(),
            skip: 0,
            max_rounds: MAX_ROUNDS,
            escape: BackrefEscape::default(),
        }
    }
}

impl Flags {
    /// The texts of `T=`, `H=`, `E=` and `CO=`.
    pub fn expansions(&self) -> impl Iterator<Item = &Expansion> {
        self.forced_mimetype.iter().chain(&self.forced_handler).chain(&self.env).chain(&self.cookies)
    }

    /// Whether there is a `T=` or `H=`.
    pub fn forces_type_or_handler(&self) -> bool {
        self.forced_mimetype.is_some() || self.forced_handler.is_some()
    }

    /// Takes in one flag (mod_rewrite.c:cmd_rewriterule_setflag). Names are compared without case; a value that a flag
    /// does not take is not looked at.
    pub fn set(&mut self, key: &[u8], value: &[u8]) -> Result<(), ErrorText> {
        let some = |value: &[u8]| (!value.is_empty()).then(|| value.to_vec());
        match &key.to_ascii_lowercase()[..] {
            b"b" | b"backrefescaping" => {
                self.bits.set(Bits::ESCAPE_BACKREF);
                self.escape.only = some(value).or(self.escape.only.take());
            }
            b"bne" if value.is_empty() => {
                return Err(b"flag 'BNE' wants a list of characters (i.e. [BNE=...])".to_vec());
            }
            b"bne" => self.escape.except = some(value),
            b"bnp" | b"backrefernoplus" => self.escape.no_plus = true,
            b"bctls" => {
                self.bits.set(Bits::ESCAPE_BACKREF);
                self.escape.controls = true;
            }
            b"c" | b"chain" => self.bits.set(Bits::CHAIN),
            b"co" | b"cookie" => self.cookies.push(Expansion::parse(value)),
            b"d" | b"dpi" | b"discardpath" => self.bits.set(Bits::DISCARD_PATH_INFO),
            // Native takes any other word with this letter, and does nothing.
            [b'd', ..] => {}
            b"e" | b"env" => self.env.push(Expansion::parse(value)),
            b"end" => self.bits.set(Bits::END),
            b"f" | b"forbidden" => self.force_status(403),
            b"g" | b"gone" => self.force_status(410),
            b"h" | b"handler" => self.forced_handler = Some(Expansion::parse(value)),
            b"l" | b"last" => self.bits.set(Bits::LAST),
            b"ne" | b"noescape" => self.bits.set(Bits::NO_ESCAPE),
            b"n" | b"next" => {
                self.bits.set(Bits::NEW_ROUND);
                if !value.is_empty() {
                    self.max_rounds = atoi(value);
                }
            }
            b"ns" | b"nosubreq" => self.bits.set(Bits::IGNORE_ON_SUBREQ),
            b"nc" | b"nocase" => self.bits.set(Bits::NO_CASE),
            b"p" | b"proxy" => self.bits.set(Bits::PROXY),
            b"pt" | b"passthrough" => self.bits.set(Bits::PASS_THROUGH),
            b"qsa" | b"qsappend" => self.bits.set(Bits::QS_APPEND),
            b"qsd" | b"qsdiscard" => self.bits.set(Bits::QS_DISCARD),
            b"qsl" | b"qslast" => self.bits.set(Bits::QS_LAST),
            b"r" | b"redirect" => {
                self.bits.set(Bits::FORCE_REDIRECT);
                self.set_redirect(value)?;
            }
            b"s" | b"skip" => self.skip = atoi(value),
            b"t" | b"type" => self.forced_mimetype = Some(Expansion::parse(value)),
            b"unsafeprefixstat" => self.bits.set(Bits::UNSAFE_PREFIX_STAT),
            b"unsafeallow3f" => self.bits.set(Bits::UNSAFE_ALLOW_3F),
            b"unc" => self.bits.set(Bits::UNC),
            _ => return Err([b"unknown flag '", key, b"'"].concat()),
        }
        Ok(())
    }

    fn force_status(&mut self, status: i32) {
        self.bits.set(Bits::STATUS.or(Bits::NO_SUB));
        self.forced_response_code = status;
    }

    fn set_redirect(&mut self, value: &[u8]) -> Result<(), ErrorText> {
        self.forced_response_code = match &value.to_ascii_lowercase()[..] {
            [] => return Ok(()),
            b"permanent" => 301,
            b"temp" => 302,
            b"seeother" => 303,
            [b'0'..=b'9', ..] => {
                let status = atoi(value);
                if !response::is_known(status) {
                    return Err([b"invalid HTTP response code '", value, b"' for flag 'R'"].concat());
                }
                if !response::is_redirect(status) {
                    self.bits.set(Bits::STATUS.or(Bits::NO_SUB));
                }
                status
            }
            // Another word is no error, and no status either.
            _ => 0,
        };
        Ok(())
    }
}
