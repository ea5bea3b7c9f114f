//! Regular expressions applied to one value: `edit` and `edit*`; knows nothing of headers.

use apache_module::Regex;
use std::borrow::Cow;

/// `value` with the first match replaced, or with `every` all of them; `None` where a replacement is too long.
///
/// The replacement is made anew for each match. After a match `every` goes on with the rest as if it were a value of
/// its own: `^` matches at its start, and a look-behind does not see what precedes it (mod_headers.c:process_regexp).
/// Where that rest starts with an empty match, native calls itself until the stack is used up; here the empty match is
/// replaced, unless the match before it was empty too and hence the same, and the rest stays as it is.
pub fn edit_value<'t>(
    regex: Regex,
    every: bool,
    value: &[u8],
    replacement: impl Fn() -> Cow<'t, [u8]>,
) -> Option<Vec<u8>> {
    let mut edited = Vec::with_capacity(value.len());
    let mut rest = value;
    let mut after_empty_match = false;
    while let Some(matches) = regex.matches(rest) {
        let (start, end) = matches.whole();
        let stuck = end == 0;
        if stuck && after_empty_match {
            break;
        }
        let replaced = matches.pregsub(&replacement(), rest)?;
        edited.extend_from_slice(rest.get(..start).unwrap_or_default());
        edited.extend_from_slice(&replaced);
        rest = rest.get(end..).unwrap_or_default();
        after_empty_match = start == end;
        if !every || stuck {
            break;
        }
    }
    edited.extend_from_slice(rest);
    Some(edited)
}
