//! A very small ap_expr: enough to see what a guest does with an answer, a value, and an error.

/// `true`, `false`, `fail <why>`, or for a string expression any other text, with `%{NAME}` for a variable of
/// r->subprocess_env.
#[derive(Clone, Debug)]
pub struct Expr {
    text: String,
}

impl Expr {
    /// Parses; a text with the word `syntax` is a syntax error.
    pub fn parse(text: &[u8]) -> Result<Expr, String> {
        let text = String::from_utf8_lossy(text).into_owned();
        if text.contains("syntax") { Err(format!("syntax error near '{text}'")) } else { Ok(Expr { text }) }
    }

    /// The text of a runtime error, if it is one that fails.
    pub fn failure(&self) -> Option<&str> {
        self.text.strip_prefix("fail ")
    }

    /// Whether it holds.
    pub fn holds(&self) -> bool {
        self.text == "true"
    }

    /// Its value where `variable` knows the variables.
    pub fn value(&self, variable: impl Fn(&str) -> Option<Vec<u8>>) -> Vec<u8> {
        let Some((before, rest)) = self.text.split_once("%{") else { return self.text.clone().into_bytes() };
        let (name, after) = rest.split_once('}').unwrap_or((rest, ""));
        [before.as_bytes(), &variable(name).unwrap_or_default(), after.as_bytes()].concat()
    }
}
