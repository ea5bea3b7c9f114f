//! The second word of a RewriteCond: which kind of test it asks for; not how the test is made.

/// What a condition tests (mod_rewrite.c:pattern_type).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternType {
    Regex,
    /// `-f`, `-s`, `-l`, `-d`, `-x`.
    File(FileTest),
    /// `-U`.
    LookupUrl,
    /// `-F`.
    LookupFile,
    /// `<`, `<=`, `=`, `>`, `>=`: as texts.
    Text(Comparison),
    /// `-lt`, `-le`, `-eq`, `-gt`, `-ge`: as numbers.
    Number(Comparison),
    /// The test string is `expr`.
    Expr,
}

/// What is asked of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileTest {
    Exists,
    HasSize,
    IsLink,
    IsDirectory,
    IsExecutable,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// Whether it holds for the order of two values.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Equal => order.is_eq(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// What a pattern without its `!` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'p> {
    pub of: PatternType,
    /// The pattern without its operator.
    pub operand: &'p [u8],
    /// Whether the operator itself means the opposite: `-ne`.
    pub inverted: bool,
}

/// Finds the operator of a pattern (mod_rewrite.c:cmd_rewritecond). Without one it is a regular expression, and so is
/// an operator in small that something follows, or a comparison of numbers that nothing follows.
pub fn find_operator(pattern: &[u8]) -> Asked<'_> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    let asked = |of, operand| Asked { of, operand, inverted: false };
    let file = |test| asked(PatternType::File(test), pattern);
    match pattern {
        b"-f" => file(FileTest::Exists),
        b"-s" => file(FileTest::HasSize),
        b"-d" => file(FileTest::IsDirectory),
        b"-x" => file(FileTest::IsExecutable),
        b"-h" | b"-L" | b"-l" => file(FileTest::IsLink),
        b"-U" => asked(PatternType::LookupUrl, pattern),
        b"-F" => asked(PatternType::LookupFile, pattern),
        [b'-', b'l', b't', operand @ ..] if !operand.is_empty() => asked(PatternType::Number(Less), operand),
        [b'-', b'l', b'e', operand @ ..] if !operand.is_empty() => asked(PatternType::Number(LessOrEqual), operand),
        [b'-', b'g', b't', operand @ ..] if !operand.is_empty() => asked(PatternType::Number(Greater), operand),
        [b'-', b'g', b'e', operand @ ..] if !operand.is_empty() => asked(PatternType::Number(GreaterOrEqual), operand),
        [b'-', b'e', b'q', operand @ ..] if !operand.is_empty() => asked(PatternType::Number(Equal), operand),
        [b'-', b'n', b'e', operand @ ..] if !operand.is_empty() => {
            Asked { of: PatternType::Number(Equal), operand, inverted: true }
        }
        [_] => asked(PatternType::Regex, pattern),
        [b'>', b'=', operand @ ..] => asked(PatternType::Text(GreaterOrEqual), operand),
        [b'>', operand @ ..] => asked(PatternType::Text(Greater), operand),
        [b'<', b'=', operand @ ..] => asked(PatternType::Text(LessOrEqual), operand),
        [b'<', operand @ ..] => asked(PatternType::Text(Less), operand),
        b"=\"\"" => asked(PatternType::Text(Equal), b""),
        [b'=', operand @ ..] => asked(PatternType::Text(Equal), operand),
        _ => asked(PatternType::Regex, pattern),
    }
}
