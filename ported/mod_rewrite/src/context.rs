//! What one pass over a list of rules knows besides the request: the directory, the last matches, the headers looked at.

use crate::config::{DirConfig, ServerConfig};
use crate::text::Text;
use apache_module::matching::Matches;

/// The state of a pass (mod_rewrite.c:rewrite_ctx).
pub struct Context<'c> {
    /// The directory of a per-directory pass.
    pub perdir: Option<&'c [u8]>,
    /// Whose maps are used.
    pub server: &'c ServerConfig,
    /// Where a look-ahead starts in a per-directory pass.
    pub dir: &'c DirConfig,
    /// What the rule at work is matched against.
    pub uri: Text<'c>,
    /// `$0` to `$9`: groups of `uri`, which stays as it is while the rule is at work; `None` where nothing refers to them.
    pub rule_match: Option<Matches>,
    /// `%0` to `%9`.
    pub condition_match: Option<Match<'c>>,
    /// Headers that the present condition looked at, separated by commas.
    pub vary_this: Vec<u8>,
    /// Headers that the rule's conditions looked at.
    pub vary: Vec<u8>,
}

/// A text and its groups.
pub struct Match<'c> {
    pub subject: Text<'c>,
    pub groups: Matches,
}

impl Context<'_> {
    /// A group of the rule's pattern; empty where it took no part.
    pub fn rule_group(&self, number: usize) -> &[u8] {
        self.rule_match.as_ref().and_then(|groups| groups.group(number, &self.uri)).unwrap_or_default()
    }

    /// A group of the last condition's pattern; empty where it took no part.
    pub fn condition_group(&self, number: usize) -> &[u8] {
        self.condition_match.as_ref().and_then(|of| of.groups.group(number, &of.subject)).unwrap_or_default()
    }

    /// Notes that a header was looked at. Host is left out (RFC 7231, 7.1.4).
    pub fn looked_at(&mut self, header: &[u8]) {
        if !header.eq_ignore_ascii_case(b"Host") {
            append_to_list(&mut self.vary_this, header);
        }
    }

    /// What the present condition looked at counts for the rule.
    pub fn keep_vary(&mut self) {
        if !self.vary_this.is_empty() {
            append_to_list(&mut self.vary, &self.vary_this);
            self.vary_this.clear();
        }
    }
}

fn append_to_list(list: &mut Vec<u8>, more: &[u8]) {
    if !list.is_empty() {
        list.extend_from_slice(b", ");
    }
    list.extend_from_slice(more);
}
