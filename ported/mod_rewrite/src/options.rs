//! RewriteOptions: the words, as bits; not what each changes.

use crate::ErrorText;

/// The options of one section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options(u32);

pub const INHERIT: Options = Options(1 << 1);
pub const INHERIT_BEFORE: Options = Options(1 << 2);
pub const NO_SLASH: Options = Options(1 << 3);
pub const ANY_URI: Options = Options(1 << 4);
pub const MERGE_BASE: Options = Options(1 << 5);
pub const INHERIT_DOWN: Options = Options(1 << 6);
pub const INHERIT_DOWN_BEFORE: Options = Options(1 << 7);
pub const IGNORE_INHERIT: Options = Options(1 << 8);
pub const IGNORE_CONTEXT_INFO: Options = Options(1 << 9);
pub const LEGACY_PREFIX_DOCROOT: Options = Options(1 << 10);
pub const UNSAFE_PREFIX_STAT: Options = Options(1 << 12);

impl Options {
    /// Whether an option is set.
    pub fn has(self, option: Options) -> bool {
        self.0 & option.0 != 0
    }

    /// These and more.
    pub fn and(self, more: Options) -> Options {
        Options(self.0 | more.0)
    }

    /// Reads one word; `None` for one that has no effect any more and is only warned of
    /// (mod_rewrite.c:cmd_rewriteoptions).
    pub fn parse(word: &[u8]) -> Result<Option<Options>, ErrorText> {
        let lower = word.to_ascii_lowercase();
        if lower.starts_with(b"maxredirects=") {
            return Ok(None);
        }
        Ok(Some(match &lower[..] {
            b"inherit" => INHERIT,
            b"inheritbefore" => INHERIT_BEFORE,
            b"inheritdown" => INHERIT_DOWN,
            b"inheritdownbefore" => INHERIT_DOWN_BEFORE,
            b"ignoreinherit" => IGNORE_INHERIT,
            b"allownoslash" => NO_SLASH,
            b"allowanyuri" => ANY_URI,
            b"mergebase" => MERGE_BASE,
            b"ignorecontextinfo" => IGNORE_CONTEXT_INFO,
            b"legacyprefixdocroot" => LEGACY_PREFIX_DOCROOT,
            b"unsafeprefixstat" => UNSAFE_PREFIX_STAT,
            _ => return Err([b"RewriteOptions: unknown option '", word, b"'"].concat()),
        }))
    }
}
