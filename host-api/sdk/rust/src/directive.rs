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

    /// A number for the server that the directive belongs to, as a request's `SERVER_ID` (cmd->server).
    pub fn server_id(&self) -> i64 {
        ffi::ap_directive_number(directive_field::SERVER_ID)
    }

    /// Logs about the server that the directive belongs to (ap_log_error); the message is bytes.
    pub fn log(&self, file: &str, line: u32, level: u32, message: &[u8]) {
        ffi::ap_log_error(0, file.as_bytes(), line, level, 0, message);
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

/// What the host is told of a directive's outcome: 0, or 1 with the error's text.
#[doc(hidden)]
pub fn answer<E: AsRef<[u8]>>(outcome: Result<(), E>) -> i32 {
    let Err(text) = outcome else { return 0 };
    ffi::ap_directive_error(text.as_ref());
    1
}

/// Takes the next word from a RAW_ARGS string as httpd's `ap_getword_conf` does: a word or a quoted text, white space
/// around it, two backslashes for one, and a backslash before the quote that encloses it.
pub fn getword_conf(line: &mut &[u8]) -> Vec<u8> {
    let text = without_leading_space(line);
    let quote = text.first().copied().filter(|first| matches!(first, b'"' | b'\''));
    let mut word = Vec::new();
    let mut rest = &text[usize::from(quote.is_some())..];
    while let [byte, after @ ..] = rest {
        rest = after;
        match (quote, byte, after) {
            (Some(quote), byte, _) if *byte == quote => break,
            (None, byte, _) if is_space(*byte) => break,
            (_, b'\\', [escaped, after @ ..]) if *escaped == b'\\' || quote == Some(*escaped) => {
                word.push(*escaped);
                rest = after;
            }
            _ => word.push(*byte),
        }
    }
    *line = without_leading_space(rest);
    word
}

/// C's isspace in the C locale.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

fn without_leading_space(text: &[u8]) -> &[u8] {
    text.split_at(text.iter().position(|byte| !is_space(*byte)).unwrap_or(text.len())).1
}
