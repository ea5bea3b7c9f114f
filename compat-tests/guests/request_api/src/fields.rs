//! Fields by number, read and written, and the tables.

use crate::{Answer, number, shown, shown_or_none};
use apache_module::{Request, Table, ffi};

pub fn call(r: &Request, function: &[u8], arguments: &[&[u8]]) -> Option<Answer> {
    Some(Ok(match (function, arguments) {
        (b"text", [field]) => shown_or_none(r.text(number(field) as u32)),
        (b"number", [field]) => r.number(number(field) as u32).to_string(),
        (b"set", [field, value]) => {
            let field = number(field) as u32;
            let code = ffi::ap_request_set_field(0, field, value);
            format!("{code} {}", shown_or_none(r.text(field)))
        }
        (b"unset", [field]) => {
            let field = number(field) as u32;
            let code = ffi::ap_request_unset_field(0, field);
            format!("{code} {}", shown_or_none(r.text(field)))
        }
        (b"set-number", [field, value]) => {
            let field = number(field) as u32;
            let code = ffi::ap_request_set_number(0, field, number(value));
            format!("{code} {}", r.number(field))
        }
        (b"connection", []) => {
            let notes = r.conn_notes();
            let before = notes.get("requests").map_or(0, |count| number(&count));
            notes.set("requests", (before + 1).to_string());
            format!("{before} {}", r.keepalives())
        }
        (b"tables", []) => tables(r),
        (b"kin", []) => {
            let prev = r.prev();
            format!(
                "{} {} {:?}",
                r.main().is_some(),
                r.next().is_some(),
                prev.and_then(|prev| Some(shown(&prev.next()?.uri())))
            )
        }
        (b"trailers", []) => {
            let length = match r.body(1 << 20) {
                Ok(body) => body.len(),
                Err(status) => return Some(Err(status)),
            };
            format!("{length} {}", entries(r.trailers_in()))
        }
        (b"prefix", [prefix, root]) => {
            let done = (r.set_document_root(root), r.set_context_info(prefix, root));
            let [prefix, context, root] =
                [r.context_prefix(), r.context_document_root(), r.document_root()].map(shown_or_none);
            format!("{done:?} {prefix} {context} {root}")
        }
        (b"url", [uri]) => shown_or_none(r.construct_url(uri)),
        _ => return None,
    }))
}

/// What can be done with a table, on one that nobody else reads.
fn tables(r: &Request) -> String {
    let table = r.trailers_out();
    table.set("Name", "first");
    table.add("name", "second");
    table.merge("NAME", "more");
    table.add("other", b"line\r\nbreak");
    let all = entries(table);
    let several = table.get_all("name").len();
    table.unset("name");
    let nul = ffi::apr_table_set(0, ffi::table::TRAILERS_OUT, b"a\0b", b"c");
    format!("{all} {several} {} {nul}", entries(table))
}

fn entries(table: Table) -> String {
    table.entries().iter().map(|(name, value)| format!("{}={};", shown(name), shown(value))).collect()
}
