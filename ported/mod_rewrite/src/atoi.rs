//! Numbers as C's atoi and atol read them.

use apache_module::directive::is_space;

/// The number that a text starts with, after white space and a sign; 0 where there is none (glibc's strtol, base 10).
pub fn atol(text: &[u8]) -> i64 {
    let start = text.iter().position(|byte| !is_space(*byte)).unwrap_or(text.len());
    let text = text.get(start..).unwrap_or_default();
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let mut number = 0i64;
    for digit in digits.iter().take_while(|byte| byte.is_ascii_digit()) {
        let digit = i64::from(digit - b'0');
        // A number past the end stays at the end.
        number = number.saturating_mul(10);
        number = if negative { number.saturating_sub(digit) } else { number.saturating_add(digit) };
    }
    number
}

/// The low 32 bits of [`atol`], as glibc's atoi answers.
pub fn atoi(text: &[u8]) -> i32 {
    atol(text) as i32
}
