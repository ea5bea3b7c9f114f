//! What /server-status?auto says of guests, as a program reads it; knows its lines, and not how they come.
use std::collections::BTreeMap;

/// The numbers of each module by name.
pub fn modules(text: &str) -> BTreeMap<String, BTreeMap<String, u64>> {
    let fields: BTreeMap<&str, &str> = text.lines().filter_map(|line| line.split_once(": ")).collect();
    let count: usize = fields.get("WasmModules").and_then(|count| count.parse().ok()).unwrap_or(0);
    let module = |i: usize| {
        let prefix = format!("WasmModule[{i}]");
        let numbers = fields
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(&prefix)?.to_owned(), value.parse().ok()?)));
        (fields.get(&*format!("{prefix}Name")).copied().unwrap_or_default().to_owned(), numbers.collect())
    };
    (0..count).map(module).collect()
}
