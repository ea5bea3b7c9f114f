//! What the module's instances share (ivm).

use crate::number;
use apache_module::ivm::{self, Value};

pub fn call(function: &[u8], arguments: &[&[u8]]) -> Option<String> {
    let key = arguments.first().copied().unwrap_or_default();
    let value = |at: usize| arguments.get(at).map(|word| value(word));
    Some(match function {
        b"ivm_get" => format!("{:?}", ivm::get(key)),
        b"ivm_set" => {
            ivm::set(key, value(1)?);
            "set".to_string()
        }
        b"ivm_unset" => {
            ivm::unset(key);
            "unset".to_string()
        }
        b"ivm_add" => format!("{:?}", ivm::add(key, number(arguments.get(1)?))),
        b"ivm_compare_and_set" => ivm::compare_and_set(key, value(2).as_ref(), value(1)?).to_string(),
        _ => return None,
    })
}

/// A value as it is written: `true`, `5`, `2.5`, or text.
fn value(word: &[u8]) -> Value {
    match std::str::from_utf8(word) {
        Ok("true") => true.into(),
        Ok("false") => false.into(),
        Ok(text) => match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(number), _) => number.into(),
            (_, Ok(number)) => number.into(),
            _ => text.into(),
        },
        Err(_) => word.into(),
    }
}
