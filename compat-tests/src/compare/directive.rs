//! httpd's configuration grammar: lines, continuations, words and sections. Knows no directive's meaning.

use std::ops::Range;
use std::path::PathBuf;

/// Where a line of a configuration stands, for messages to the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The file, as the configuration's reader found it.
    pub file: PathBuf,
    /// The line in that file, from 1. Of a continued line, the last, which is what httpd reports.
    pub line: usize,
}

/// One logical line: what httpd sees as a directive, a section's begin or end, a comment, or nothing.
#[derive(Clone, Debug)]
pub struct Line {
    /// Where it was read.
    pub source: Source,
    /// As written, continuations and all: may hold newlines, ends without one.
    pub text: String,
}

/// A word of a line and where it stands in the joined line, quotes included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word without its quotes.
    pub value: String,
    /// The bytes of the joined line that it takes.
    pub span: Range<usize>,
}

/// A line taken apart.
#[derive(Clone, Debug)]
pub struct Directive {
    /// The name in lower case; a section's begin with its `<`, its end with `</`.
    pub name: String,
    /// What follows the name; of a section without the closing `>`.
    pub args: Vec<Word>,
    /// The line with its continuations joined, to which the words' spans refer.
    pub joined: String,
}

impl Line {
    /// The line taken apart, or nothing if it is empty or a comment.
    pub fn directive(&self) -> Option<Directive> {
        let joined = join(&self.text);
        let start = joined.len() - joined.trim_start().len();
        if joined[start..].is_empty() || joined[start..].starts_with('#') {
            return None;
        }
        let section = joined[start..].starts_with('<');
        let end = joined[start..].find(char::is_whitespace).map_or(joined.len(), |at| start + at);
        let name = joined[start..end].trim_end_matches('>').to_ascii_lowercase();
        let until = if section { joined.rfind('>').map_or(joined.len(), |at| at.max(end)) } else { joined.len() };
        let args = words(&joined, end..until);
        Some(Directive { name, args, joined })
    }
}

impl Directive {
    /// The value of the word at `index`, from 0.
    pub fn arg(&self, index: usize) -> Option<&str> {
        self.args.get(index).map(|word| word.value.as_str())
    }

    /// The line with the words of `args` from `index` to before `until` replaced by a text.
    pub fn with_args(&self, index: usize, until: usize, text: &str) -> String {
        let Some(first) = self.args.get(index) else { return self.joined.clone() };
        let last = self.args.get(until.saturating_sub(1)).unwrap_or(first);
        format!("{}{text}{}", &self.joined[..first.span.start], &self.joined[last.span.end..])
    }
}

/// Splits a configuration into logical lines: each is the number of its last line and its text.
///
/// A backslash before the newline continues the line, also that of a comment (`util.c:ap_cfg_getline_core`).
pub fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    let mut pending: Option<String> = None;
    for (index, physical) in text.lines().enumerate() {
        let mut line = pending.take().map_or_else(String::new, |before| before + "\n");
        line.push_str(physical);
        if physical.ends_with('\\') {
            pending = Some(line);
        } else {
            lines.push((index + 1, line));
        }
    }
    lines.extend(pending.map(|line| (text.lines().count(), line)));
    lines
}

fn join(text: &str) -> String {
    text.replace("\\\n", "")
}

/// Words as `util.c:ap_getword_conf` splits them: quoted by `"` or `'`, in which `\"` and `\\` are escapes.
fn words(line: &str, range: Range<usize>) -> Vec<Word> {
    let mut words = Vec::new();
    let mut chars = line[range.clone()].char_indices().map(|(at, c)| (at + range.start, c)).peekable();
    while let Some(&(start, first)) = chars.peek() {
        if first.is_whitespace() {
            chars.next();
            continue;
        }
        let quote = matches!(first, '"' | '\'').then_some(first);
        if quote.is_some() {
            chars.next();
        }
        let mut value = String::new();
        let mut end = range.end;
        while let Some((at, c)) = chars.next() {
            match quote {
                Some(quote) if c == quote => {
                    end = at + 1;
                    break;
                }
                Some(quote) if c == '\\' => match chars.peek() {
                    Some(&(_, next)) if next == quote || next == '\\' => {
                        value.push(next);
                        chars.next();
                    }
                    _ => value.push(c),
                },
                None if c.is_whitespace() => {
                    end = at;
                    break;
                }
                _ => value.push(c),
            }
        }
        words.push(Word { value, span: start..end });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directive(text: &str) -> Directive {
        let source = Source { file: "httpd.conf".into(), line: 1 };
        Line { source, text: text.into() }.directive().unwrap()
    }

    fn values(text: &str) -> Vec<String> {
        directive(text).args.into_iter().map(|word| word.value).collect()
    }

    #[test]
    fn words_are_httpds() {
        assert_eq!(values(r#"Header set X "a \"b\" \\ \c" 'd "e"' f"#), ["set", "X", r#"a "b" \ \c"#, r#"d "e""#, "f"]);
        assert_eq!(values("  Header  set\tX \\\n  y"), ["set", "X", "y"]);
    }

    #[test]
    fn a_section_ends_at_its_last_bracket() {
        assert_eq!(directive("<If \"%{REQUEST_URI} =~ m#>#\">").args[0].value, "%{REQUEST_URI} =~ m#>#");
        assert_eq!(directive("<VirtualHost *:80>").name, "<virtualhost");
        assert_eq!(directive("</VirtualHost>").name, "</virtualhost");
    }

    #[test]
    fn a_word_is_replaced_where_it_stands() {
        let log = directive("    CustomLog \"|rotate logs/a 86400\" combined env=!quiet");
        assert_eq!(log.with_args(0, 1, "access.log"), "    CustomLog access.log combined env=!quiet");
        let host = directive("<VirtualHost 1.2.3.4:80 *:81>");
        assert_eq!(host.with_args(0, 2, "a:1 b:2"), "<VirtualHost a:1 b:2>");
    }

    #[test]
    fn continued_lines_are_one_and_carry_the_last_number() {
        let lines = logical_lines("a\nb \\\n c\n# d \\\n e\nf\r\ng");
        let numbers: Vec<_> = lines.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [1, 3, 5, 6, 7]);
        assert_eq!(lines[1].1, "b \\\n c");
    }
}
