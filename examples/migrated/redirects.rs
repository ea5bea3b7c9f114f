//! Addresses that have moved, before anything is looked up.

use apache_module::{HTTP_MOVED_TEMPORARILY, Request, Status};

apache_module::script! {
    functions: { redirect; }
}

const MOVED: [(&str, &str); 2] = [("/old", "/new"), ("/shop", "https://shop.example/")];

fn redirect(r: &Request) -> Status {
    let uri = r.uri();
    if let Some((_, to)) = MOVED.iter().find(|(from, _)| from.as_bytes() == uri) {
        let whole = if to.starts_with("http") { Some(to.as_bytes().to_vec()) } else { r.construct_url(to) };
        r.headers_out().set("Location", whole.unwrap_or_default());
        return Status(301);
    }
    if let Some((year, title)) = archived(&uri) {
        let path = [b"/archive/", year, b"/", title].concat();
        r.headers_out().set("Location", r.construct_url(path).unwrap_or_default());
        return Status(HTTP_MOVED_TEMPORARILY);
    }
    Status::DECLINED
}

/// Year and title of `/2024/a-title.html`.
fn archived(uri: &[u8]) -> Option<(&[u8], &[u8])> {
    let (year, rest) = uri.strip_prefix(b"/")?.split_at_checked(4)?;
    let title = rest.strip_prefix(b"/")?.strip_suffix(b".html")?;
    let named = !title.is_empty() && title.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    (named && year.iter().all(u8::is_ascii_digit)).then_some((year, title))
}
