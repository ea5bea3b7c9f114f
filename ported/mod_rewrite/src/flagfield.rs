//! The bracketed list of flags as text: `[key,key=value]`; what a flag means is known by those who ask.

use apache_module::directive::is_space;

/// Calls `set` with each flag's name and value, the latter empty where there is none.
///
/// # Errors
/// What `set` says of a flag, or that the brackets are missing.
///
/// A text in which only blanks stand before a comma is told as native tells it, with the rest of the list in the
/// flag's name (mod_rewrite.c:cmd_parseflagfield).
pub fn parse_flag_field(field: &[u8], mut set: impl FnMut(&[u8], &[u8]) -> Result<(), Vec<u8>>) -> Result<(), Vec<u8>> {
    let [b'[', list @ .., b']'] = field else { return Err(b"bad flag delimiters".to_vec()) };
    let list = [list, b","].concat();
    let mut rest = &list[..];
    loop {
        let blanks = rest.iter().take_while(|byte| is_space(**byte)).count();
        rest = rest.get(blanks..).unwrap_or_default();
        let Some(comma) = rest.iter().position(|byte| *byte == b',') else { return Ok(()) };
        let (flag, after) = rest.split_at(comma);
        let flag = match (flag, blanks) {
            ([], 1..) => rest,
            _ => without_trailing_space(flag),
        };
        let mut parts = flag.splitn(2, |byte| *byte == b'=');
        set(parts.next().unwrap_or_default(), parts.next().unwrap_or_default())?;
        rest = after.get(1..).unwrap_or_default();
    }
}

fn without_trailing_space(text: &[u8]) -> &[u8] {
    text.get(..text.iter().rposition(|byte| !is_space(*byte)).map_or(0, |last| last + 1)).unwrap_or_default()
}
