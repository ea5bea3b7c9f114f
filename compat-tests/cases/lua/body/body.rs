//! What a guest reads of a request's body.

use apache_module::{Request, Status, file};
use std::collections::BTreeMap;

apache_module::exports! {
    functions: { body_query; body_form; body_small_form; body_raw; body_limited; body_saved; }
}

fn list(r: &Request, fields: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>) {
    let names: BTreeMap<Vec<u8>, Vec<u8>> = fields.into_iter().collect();
    for (name, value) in names {
        r.write([&name[..], b": ", &value, b" | ", &value, b"\n"].concat());
    }
    r.write("end\n");
}

fn body_query(r: &Request) -> Status {
    //: r:parseargs
    let fields = r.parse_args();
    list(r, fields);
    Status::OK
}

fn body_form(r: &Request) -> Status {
    //: r:parsebody
    let form = r.parse_body(500, 8192).ok().flatten().unwrap_or_default();
    list(r, form.0.into_iter().map(|field| (field.name, field.value)));
    Status::OK
}

fn body_small_form(r: &Request) -> Status {
    let form = r.parse_body(500, 10).ok().flatten().unwrap_or_default();
    list(r, form.0.into_iter().map(|field| (field.name, field.value)));
    Status::OK
}

fn body_raw(r: &Request) -> Status {
    //: r:requestbody
    let data = r.body(1 << 20).unwrap_or_default();
    r.write(format!("{} bytes: ", data.len()));
    r.write(data);

    r.write("\n");
    Status::OK
}

fn body_limited(r: &Request) -> Status {
    match r.body(10) {
        Ok(data) => r.write(format!("{}, {}\n", String::from_utf8_lossy(&data), data.len())),
        Err(_) => r.write("nil, nil\n"),
    }
    Status::OK
}

fn body_saved(r: &Request) -> Status {
    let path = [&r.document_root().unwrap_or_default()[..], b"/../saved/body"].concat();
    let mut piece = [0; 8192];
    let mut size = 0;
    let _ = file::write(&path, "");
    while let Ok(length @ 1..) = r.read_body(&mut piece) {
        let _ = file::append(&path, &piece[..length]);
        size += length;
    }
    r.write(format!("saved: {size}\n"));
    let _ = file::send(r, &path);
    Status::OK
}
