//! Makes a text that a regular expression matches, to reach what a configuration says about such texts.

use regex_syntax::hir::{Class, Hir, HirKind};

/// The shortest simple text that `pattern` matches; nothing for what only PCRE understands.
pub fn matching(pattern: &str) -> Option<String> {
    let hir = regex_syntax::ParserBuilder::new().utf8(true).build().parse(pattern).ok()?;
    let mut text = String::new();
    write(&hir, &mut text)?;
    Some(text)
}

fn write(hir: &Hir, text: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => {
            text.push(likely(class.ranges().iter().map(|r| (r.start(), r.end())))?)
        }
        HirKind::Class(Class::Bytes(class)) => {
            text.push(likely(class.ranges().iter().map(|r| (r.start().into(), r.end().into())))?);
        }
        HirKind::Repetition(repetition) => {
            for _ in 0..repetition.min {
                write(&repetition.sub, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, text))?,
        HirKind::Alternation(ways) => write(ways.first()?, text)?,
    }
    Some(())
}

/// A character of a class that a person would think of first.
fn likely(ranges: impl Iterator<Item = (char, char)> + Clone) -> Option<char> {
    let within = |c: &char| ranges.clone().any(|(start, end)| (start..=end).contains(c));
    let first = ranges.clone().next().map(|(start, _)| start);
    ('a'..='z').chain('0'..='9').chain('A'..='Z').chain(['-', '_', '.', '/', ' ']).find(within).or(first)
}

#[cfg(test)]
mod tests {
    use super::matching;

    #[test]
    fn matches_what_it_was_made_for() {
        let patterns =
            [r"^https://([a-z]+\.)?example\.(org|com)$", r"\.(?:css|js)$", "^/api/v[0-9]+/", "MSIE [2-6]", "(?i)abc"];
        for pattern in patterns {
            let text = matching(pattern).unwrap();
            assert!(regex::Regex::new(pattern).unwrap().is_match(&text), "{pattern} against {text}");
        }
        assert_eq!(matching(patterns[0]).unwrap(), "https://example.org");
        assert_eq!(matching(r"(?!x)y"), None);
    }
}
