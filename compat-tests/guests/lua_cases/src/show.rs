//! A name and a value on a line of the answer, as the scripts' `show` writes them; knows how Lua writes what.

use apache_module::Request;

/// What a line can show.
pub trait Shown {
    /// As Lua's `tostring`; nothing is `(none)`.
    fn shown(&self) -> Vec<u8>;
}

impl Shown for bool {
    fn shown(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl Shown for i64 {
    fn shown(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl Shown for &str {
    fn shown(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
}

impl Shown for Vec<u8> {
    fn shown(&self) -> Vec<u8> {
        self.clone()
    }
}

impl Shown for &[u8] {
    fn shown(&self) -> Vec<u8> {
        self.to_vec()
    }
}

impl<T: Shown> Shown for Option<T> {
    fn shown(&self) -> Vec<u8> {
        self.as_ref().map_or_else(|| b"(none)".to_vec(), Shown::shown)
    }
}

/// `name = value`.
pub fn show(r: &Request, name: &str, value: impl Shown) {
    line(r, name, " = ", &value);
}

/// `name: value`.
pub fn tell(r: &Request, name: &str, value: impl Shown) {
    line(r, name, ": ", &value);
}

fn line(r: &Request, name: &str, between: &str, value: &impl Shown) {
    r.write([name.as_bytes(), between.as_bytes(), &value.shown(), b"\n"].concat());
}
