//! The words of a comma-separated header, as `merge` tells them apart; knows nothing of tables.

use apache_module::directive::is_space;

/// Whether `token` is one of the words of `list` (mod_headers.c:do_headers_fixup, the case of merge).
///
/// A word starts after white space and ends before a comma that is outside of double quotes, or at the end; quotes,
/// white space at its end and case all count. After a final comma there is no further, empty word.
pub fn has_token(list: &[u8], token: &[u8]) -> bool {
    let mut rest = list;
    while !rest.is_empty() {
        let start = rest.iter().position(|byte| !is_space(*byte)).unwrap_or(rest.len());
        let (_, word) = rest.split_at(start);
        let (word, after) = word.split_at(length(word));
        if word == token {
            return true;
        }
        rest = after.get(1..).unwrap_or_default();
    }
    false
}

/// Length of the word that `text` starts with; a quote that is not closed reaches to the end.
fn length(text: &[u8]) -> usize {
    let mut quoted = false;
    let end = text.iter().position(|byte| {
        quoted ^= *byte == b'"';
        *byte == b',' && !quoted
    });
    end.unwrap_or(text.len())
}
