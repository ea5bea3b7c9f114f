//! A line at the end of every page, however the page comes.

use apache_module::{Event, Filter, Flow, Request, text};

apache_module::script! {
    filters: { footer; }
}

fn footer(f: &mut Filter, r: &Request, event: Event) -> Flow {
    match event {
        Event::Start if !r.content_type().unwrap_or_default().starts_with(b"text/html") => return Flow::Remove,
        Event::Eos => {
            let host = text::escape_html(&r.hostname().unwrap_or_default());
            f.write([b"<footer>", &host[..], b"</footer>\n"].concat());
        }
        _ => {}
    }
    Flow::Pass
}
