//! The example of examples/greeting: a form, its answer, and the file between them.
use crate::ground::{Ground, get, header, post, status, text};

#[test]
fn guests_are_written_down_and_greeted() {
    let example = include_str!("../../../examples/greeting/greeting.conf");
    let lines: String =
        example.lines().filter(|line| !line.starts_with("LoadModule")).map(|line| format!("{line}\n")).collect();
    let ground = Ground::new("");
    let dist = ground.dist("").display().to_string();
    ground.configure(&lines.replace("${dist}/", &dist).replace("${root}", "%ROOT%"));
    ground.open_folder("book");
    let server = ground.start();
    assert!(!text(&get(&server, "/guests")).contains("Good day"));
    for name in ["name=Anna", "name=J%C3%BCrgen+%3Cb%3E&x=y", "name="] {
        let answer = post(&server, "/guests", name);
        assert_eq!(status(&answer), 303);
        assert_eq!(header(&answer, "Location").as_deref(), Some("/guests"));
    }
    assert!(text(&get(&server, "/guests")).ends_with("<p>Good day, Anna!</p>\n<p>Good day, Jürgen &lt;b&gt;!</p>\n"));
}
