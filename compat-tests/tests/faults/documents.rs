//! What docs/ says is shown by a test is the name of one: a file and a test of it in backquotes.
use std::collections::BTreeMap;
use std::path::Path;

use regex::Regex;

/// Names of the test functions of each file or folder of `compat-tests/tests/`.
fn tests() -> BTreeMap<String, Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let function = Regex::new(r"#\[test\]\nfn (\w+)\(").unwrap();
    let mut tests: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in glob::glob(&format!("{}/**/*.rs", folder.display())).unwrap().flatten() {
        let inner = path.strip_prefix(&folder).unwrap();
        let name = inner.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        tests.entry(name).or_default().extend(function.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    tests
}

#[test]
fn the_tests_that_documents_name_are_there() {
    let tests = tests();
    let named = Regex::new(r"`(\w+): (\w+)`").unwrap();
    let mut count = 0;
    for document in ["security.md", "reliability.md"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(document);
        let text = std::fs::read_to_string(&path).unwrap();
        for found in named.captures_iter(&text) {
            let (file, test) = (&found[1], &found[2]);
            assert!(
                tests.get(file).is_some_and(|names| names.iter().any(|name| name == test)),
                "{document} names {file}: {test}"
            );
            count += 1;
        }
    }
    assert!(count > 15, "{count}");
}
