//! The tables of a request: headers both ways, notes, the environment.

use crate::show::show;
use apache_module::{Request, Status, Table};
use std::collections::BTreeMap;

apache_module::exports! {
    functions: { tables; tables_whole; tables_newline; tables_return; }
}

fn tables(r: &Request) -> Status {
    //: r.headers_in
    show(r, "user agent", r.headers_in().get("user-AGENT"));
    r.headers_in().set("X-Added", "by the script");
    show(r, "added", r.headers_in().get("X-Added"));

    //: r.headers_out
    r.headers_out().set("X-Out", "one");
    r.headers_out().set("X-Gone", "two");
    r.headers_out().unset("X-Gone");
    show(r, "gone", r.headers_out().get("X-Gone"));

    //: r.err_headers_out
    r.err_headers_out().set("X-Err", "sent with errors as well");
    show(r, "err", r.err_headers_out().get("x-err"));

    //: r.notes
    r.notes().set("a note", "line one\nline two");
    show(r, "note", r.notes().get("a note"));

    //: r.subprocess_env
    r.subprocess_env().set("COLOUR", "green");
    show(r, "colour", r.subprocess_env().get("COLOUR"));
    show(r, "SetEnv", r.subprocess_env().get("FROM_CONF"));

    // A name that is not there.
    show(r, "nothing", r.headers_in().get("No-Such"));
    Status::OK
}

/// One line a name, in the order of the alphabet.
fn list(r: &Request, what: &str, table: &Table) {
    let mut names = BTreeMap::<Vec<u8>, Vec<Vec<u8>>>::new();
    for (name, value) in table.entries() {
        names.entry(name).or_default().push(value);
    }
    for (name, values) in names {
        r.write([what.as_bytes(), b" ", &name, b": ", &values[0], b" | ", &values.join(&b" | "[..]), b"\n"].concat());
    }
}

fn tables_whole(r: &Request) -> Status {
    //: r:headers_in_table
    list(r, "in", &r.headers_in());

    //: r:headers_out_table
    r.headers_out().set("X-Out", "one");
    list(r, "out", &r.headers_out());

    //: r:err_headers_out_table
    r.err_headers_out().set("X-Err", "two");
    list(r, "err", &r.err_headers_out());

    //: r:notes_table
    r.notes().set("kept", "three");
    let kept = r.notes().get_all("kept");
    r.write([b"note ", &kept[0][..], b" | ", &kept.join(&b" | "[..]), b"\n"].concat());

    //: r:subprocess_env_table
    r.subprocess_env().set("COLOUR", "green");
    let colours = r.subprocess_env().get_all("COLOUR");
    r.write([b"env ", &colours[0][..], b" | ", &colours.join(&b" | "[..]), b"\n"].concat());
    Status::OK
}

fn tables_newline(r: &Request) -> Status {
    r.headers_out().set("X-Split", "a\nX-Smuggled: b");
    r.err_headers_out().set("X-Line", "a\nb");
    r.write("done\n");
    Status::OK
}

fn tables_return(r: &Request) -> Status {
    r.headers_out().set("X-Split", "a\r\nX-Smuggled: b");
    r.write("done\n");
    Status::OK
}
