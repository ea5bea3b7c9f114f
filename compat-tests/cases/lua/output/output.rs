//! What a guest sends.

use apache_module::{Request, Status, file};

apache_module::exports! {
    functions: {
        output_text; output_flush; output_file; output_interim; output_error; output_keepalive; output_etag;
        output_nothing; output_status;
    }
}

fn output_text(r: &Request) -> Status {
    //: r:puts
    r.set_content_type(Some(b"text/plain"));
    r.write(format!("one two {}\n", 3));

    //: r:write
    let bytes = b"a\0b\n";
    r.write(bytes);
    r.write(format!("write: {}\n", bytes.len()));
    Status::OK
}

fn output_flush(r: &Request) -> Status {
    //: r:flush
    r.write("before\n");
    let flushed = r.flush();
    r.write(format!("flushed: {flushed}\n"));
    Status::OK
}

fn output_file(r: &Request) -> Status {
    let root = r.document_root().unwrap_or_default();
    let below = |name: &str| [&root[..], name.as_bytes()].concat();
    //: r:sendfile
    let sent = file::send(r, &below("/lines.txt"));
    r.write(format!("sent: {}\n", sent.map_or("false".into(), |bytes| bytes.to_string())));
    r.write(format!("a folder: {}\n", file::send(r, &root).is_ok()));
    r.write(format!("nothing: {}\n", file::send(r, &below("/none")).is_ok()));
    Status::OK
}

fn output_interim(r: &Request) -> Status {
    //: r:send_interim_response
    r.headers_out().set("Link", "</style.css>; rel=preload");
    r.send_interim_response(103, true);
    r.write("the answer\n");
    Status::OK
}

fn output_error(r: &Request) -> Status {
    //: r:custom_response
    r.custom_response(403, "\"Not for you.");
    Status::FORBIDDEN
}

fn output_keepalive(r: &Request) -> Status {
    //: r:set_keepalive
    let kept = r.set_keepalive();
    r.write(format!("kept: {kept}\n"));
    Status::OK
}

fn output_etag(r: &Request) -> Status {
    //: r:make_etag
    let tag = r.make_etag(true).unwrap_or_default();
    r.write([&tag[..], b"\n"].concat());
    Status::OK
}

fn output_nothing(_: &Request) -> Status {
    Status::OK
}

fn output_status(r: &Request) -> Status {
    let args = r.args().unwrap_or_default();
    Status(String::from_utf8_lossy(&args).parse().unwrap_or(500))
}
