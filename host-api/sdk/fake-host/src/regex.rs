//! httpd's regular expressions on PCRE2, the library that httpd uses.

use pcre2::bytes::{Regex, RegexBuilder};

const NO_GROUP: i32 = -1;

/// Compiles a pattern with what httpd adds to each (RegexDefaultOptions DOTALL; DOLLAR_ENDONLY, which only matters for
/// a subject that ends with a line end, is not at hand).
pub fn compile(pattern: &[u8], flags: u32) -> Option<Regex> {
    let mut builder = RegexBuilder::new();
    builder.dotall(true).caseless(flags & apache_module::REG_ICASE != 0);
    builder.build(std::str::from_utf8(pattern).ok()?).ok()
}

/// Start and end of up to `count` groups, as `ap_regexec` of the host API answers; `None` where nothing matches.
pub fn exec(regex: &Regex, subject: &[u8], count: usize) -> Option<Vec<u8>> {
    let mut locations = regex.capture_locations();
    regex.captures_read(&mut locations, subject).ok()??;
    let groups = (0..count).map(|group| locations.get(group));
    Some(groups.flat_map(pair).collect())
}

fn pair(group: Option<(usize, usize)>) -> Vec<u8> {
    let (start, end) = group.map_or((NO_GROUP, NO_GROUP), |(start, end)| (start as i32, end as i32));
    [start.to_le_bytes(), end.to_le_bytes()].concat()
}
