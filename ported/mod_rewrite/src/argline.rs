//! The words of RewriteCond and RewriteRule as these two split them; knows nothing of what the words mean.

use apache_module::directive::is_space;

/// The two or three words of an argument line.
#[derive(Debug, PartialEq, Eq)]
pub struct Words {
    pub first: Vec<u8>,
    pub second: Vec<u8>,
    /// The flags.
    pub third: Option<Vec<u8>>,
}

/// Splits an argument line; `None` where there is no second word (mod_rewrite.c:parseargline).
///
/// White space separates; a word may stand in quotes of either kind, which end at the first of their kind. A backslash
/// keeps the white space after it within the word, and stays in it like any other backslash. What follows the third
/// word is ignored.
pub fn parse_arg_line(line: &[u8]) -> Option<Words> {
    let (first, rest) = word(line);
    let (second, third) = word(rest?);
    let third = third.map(without_leading_space).filter(|rest| !rest.is_empty()).map(|rest| word(rest).0.to_vec());
    Some(Words { first: first.to_vec(), second: second.to_vec(), third })
}

/// The next word, and what follows the byte that ends it; `None` where nothing ends it.
fn word(text: &[u8]) -> (&[u8], Option<&[u8]>) {
    let text = without_leading_space(text);
    let quote = text.first().copied().filter(|first| matches!(first, b'"' | b'\''));
    let text = text.get(usize::from(quote.is_some())..).unwrap_or_default();
    let mut at = 0;
    while let [byte, after @ ..] = text.get(at..).unwrap_or_default() {
        let ends = quote.map_or(is_space(*byte), |quote| *byte == quote);
        if ends {
            return (text.get(..at).unwrap_or_default(), Some(after));
        }
        let keeps_space = *byte == b'\\' && after.first().is_some_and(|next| is_space(*next));
        at += if keeps_space { 2 } else { 1 };
    }
    (text, None)
}

fn without_leading_space(text: &[u8]) -> &[u8] {
    text.get(text.iter().position(|byte| !is_space(*byte)).unwrap_or(text.len())..).unwrap_or_default()
}
