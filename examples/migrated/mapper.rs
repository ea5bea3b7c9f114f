//! Which file a URL stands for: by language of the client, and by hosts below a domain.

use apache_module::{Request, Status};

apache_module::script! {
    functions: { map; }
}

fn map(r: &Request) -> Status {
    let root = r.document_root().unwrap_or_default();
    let uri = r.uri();
    let host = r.hostname().unwrap_or_default();
    if let Some(site) = host.strip_suffix(b".sites.example")
        && !site.is_empty()
        && site.iter().all(u8::is_ascii_alphanumeric)
    {
        r.set_filename(Some(&[&root[..], b"/sites/", site, &uri].concat()));
        return Status::OK;
    }
    if let Some(rest) = uri.strip_prefix(b"/docs").filter(|rest| rest.starts_with(b"/")) {
        let accepted = r.headers_in().get("Accept-Language").unwrap_or_default();
        let language = if accepted.starts_with(b"de") { "de" } else { "en" };
        r.set_filename(Some(&[&root[..], b"/", language.as_bytes(), rest].concat()));
        r.notes().set("language", language);
        return Status::OK;
    }
    Status::DECLINED
}
