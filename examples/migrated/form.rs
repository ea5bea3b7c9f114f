//! A page with a form, and the answer to it.

use apache_module::{Request, Status, text};

apache_module::script! {
    functions: { handle; }
}

const PAGE: &str = r#"<!DOCTYPE html>
<title>Feedback</title>
<form method="post">
  <label>Name <input name="name"></label>
  <label>Message <textarea name="message"></textarea></label>
  <button>Send</button>
</form>
"#;

fn handle(r: &Request) -> Status {
    r.set_content_type(Some(b"text/html; charset=utf-8"));
    match r.method().as_slice() {
        b"GET" | b"HEAD" => {
            r.write(PAGE);
            return Status::OK;
        }
        b"POST" => {}
        _ => return Status(405),
    }
    let form = match r.parse_body(500, 8192) {
        Ok(form) => form.unwrap_or_default(),
        Err(status) => return status,
    };
    let name = form.get("name").unwrap_or_default();
    if name.is_empty() {
        r.set_status(422);
        r.write("<p>Please give a name.</p>\n");
        return Status::OK;
    }
    let message = form.get("message").unwrap_or_default();
    r.write([b"<p>Thank you, ", &text::escape_html(name)[..], b".</p>\n"].concat());
    r.write([b"<blockquote>", &text::escape_html(message)[..], b"</blockquote>\n"].concat());
    Status::OK
}
