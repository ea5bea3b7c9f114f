//! A log of its own: one line of JSON a request, in a file and in the error log. Needs `WasmApi +file`.

use apache_module::{Request, Status, file, log_bytes};

apache_module::script! {
    functions: { log; }
}

fn quoted(text: &[u8]) -> Vec<u8> {
    let mut quoted = vec![b'"'];
    for byte in text {
        match byte {
            b'"' | b'\\' | 0..0x20 | 0x7f => quoted.extend(format!("\\u{byte:04x}").bytes()),
            _ => quoted.push(*byte),
        }
    }
    quoted.push(b'"');
    quoted
}

fn log(r: &Request) -> Status {
    let agent = r.headers_in().get("User-Agent").unwrap_or_default();
    let [method, uri, agent] = [r.method(), r.uri(), agent].map(|text| quoted(&text));
    let parts = [b"{\"method\":", &method[..], b",\"uri\":", &uri, b",\"agent\":", &agent, b",\"status\":"];
    let mut line = parts.concat();
    line.extend(format!("{}}}", r.status()).bytes());
    log_bytes!(r, APLOG_INFO, &line);
    line.push(b'\n');
    if let Some(path) = r.subprocess_env().get("JSON_LOG") {
        let _ = file::append(&path, &line);
    }
    Status::DECLINED
}
