//! Guests made of templates, the texts of `guests/`: something that fails, in a place where it fails. Knows wat, and no server.
use std::path::{Path, PathBuf};

/// The guests' folder.
pub fn guests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("guests")
}

/// A file of the guests' folder, such as `fail/unreachable`.
pub fn text(name: &str) -> String {
    let path = guests().join(format!("{name}.wat"));
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Assembles a guest of `place/<place>.wat` in its frame. `fail` is a file of `fail/`; `values` replace `@NAME@` and so on.
pub fn assemble(place: &str, fail: &str, values: &[(&str, &str)]) -> Vec<u8> {
    let mut wat = text("place/frame").replace("@FAIL@", &text(&format!("fail/{fail}")));
    // What a place imports beside the frame stands with the frame's own, before anything else.
    let place = text(&format!("place/{place}"));
    let (imports, body): (Vec<&str>, Vec<&str>) = place.lines().partition(|line| line.starts_with("(import "));
    wat = wat.replace("(memory (export", &format!("{}\n  (memory (export", imports.join("\n  ")));
    wat = wat.replace("@BODY@", &body.join("\n"));
    for (name, value) in values {
        wat = wat.replace(&format!("@{name}@"), value);
    }
    binary(&wat)
}

/// Assembles a guest's text.
pub fn binary(wat: &str) -> Vec<u8> {
    wat::parse_str(wat).unwrap_or_else(|e| panic!("{e}\n{wat}"))
}
