//! The directive being parsed: its arguments and where it stands (httpd's cmd_parms).

use crate::ffi::{self, directive_field};

/// The directive being parsed.
pub struct Directive(());

impl Directive {
    #[doc(hidden)]
    pub fn current() -> Self {
        Directive(())
    }

    /// The arguments of a RAW_ARGS directive as one string.
    pub fn raw_args(&self) -> Vec<u8> {
        ffi::read(ffi::ap_directive_args).ok().flatten().unwrap_or_default()
    }

    /// The words of any other directive; fewer than it may take where optional ones are missing.
    pub fn words(&self) -> Vec<Vec<u8>> {
        let mut all = self.raw_args();
        all.pop();
        if all.is_empty() { Vec::new() } else { all.split(|b| *b == 0).map(<[u8]>::to_vec).collect() }
    }

    /// The only or first word, as text.
    pub fn word(&self) -> String {
        self.words().first().map(|word| String::from_utf8_lossy(word).into_owned()).unwrap_or_default()
    }

    /// The state of a FLAG directive.
    pub fn is_on(&self) -> bool {
        self.raw_args().first() == Some(&b'1')
    }

    /// The directive's name (cmd->cmd->name).
    pub fn name(&self) -> Vec<u8> {
        self.text(directive_field::NAME).unwrap_or_default()
    }

    /// The section's path; `None` outside of a directory section (cmd->path).
    pub fn path(&self) -> Option<Vec<u8>> {
        self.text(directive_field::PATH)
    }

    /// Whether the directive stands in a .htaccess file.
    pub fn in_htaccess(&self) -> bool {
        ffi::ap_directive_number(directive_field::IN_HTACCESS) == 1
    }

    /// A text of [`directive_field`].
    pub fn text(&self, field: u32) -> Option<Vec<u8>> {
        ffi::read(|buffer| ffi::ap_directive_field(field, buffer)).ok().flatten()
    }

    /// A number of [`directive_field`].
    pub fn number(&self, field: u32) -> i64 {
        ffi::ap_directive_number(field)
    }
}

/// Takes the next word from a RAW_ARGS string as httpd's `ap_getword_conf` does: quotes of both kinds, backslashes
/// before a quote or a backslash inside of quotes, white space around.
pub fn getword_conf(line: &mut &[u8]) -> Vec<u8> {
    *line = line.trim_ascii_start_c();
    let Some(&first) = line.first() else { return Vec::new() };
    if first == b'"' || first == b'\'' {
        let body = &line[1..];
        let mut word = Vec::new();
        let mut at = 0;
        while at < body.len() && body[at] != first {
            if body[at] == b'\\' && at + 1 < body.len() && (body[at + 1] == b'\\' || body[at + 1] == first) {
                at += 1;
            }
            word.push(body[at]);
            at += 1;
        }
        *line = body.get(at + 1..).unwrap_or_default().trim_ascii_start_c();
        return word;
    }
    let end = line.iter().position(|b| is_space(*b)).unwrap_or(line.len());
    let word = line[..end].to_vec();
    *line = line[end..].trim_ascii_start_c();
    word
}

/// C's isspace in the C locale.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

trait TrimC {
    fn trim_ascii_start_c(&self) -> &Self;
}

impl TrimC for [u8] {
    fn trim_ascii_start_c(&self) -> &[u8] {
        let start = self.iter().position(|b| !is_space(*b)).unwrap_or(self.len());
        &self[start..]
    }
}
