//! The request's body and its form.

use crate::{Answer, number, shown};
use apache_module::{Request, Status, ffi, text};
use std::io::Read;

pub fn call(r: &Request, function: &[u8], arguments: &[&[u8]]) -> Option<Answer> {
    Some(match (function, arguments) {
        (b"pieces", [size]) => pieces(r, number(size) as usize),
        (b"body", [most]) => {
            r.body(number(most) as usize).map(|body| format!("{} {}", body.len(), shown(&text::md5(&body))))
        }
        (b"reader", []) => {
            let mut reader = r.body_reader();
            let mut all = String::new();
            match reader.read_to_string(&mut all) {
                Ok(length) => Ok(format!("{length} {}", shown(all.as_bytes()))),
                Err(_) => Err(reader.status().unwrap_or(Status::INTERNAL_SERVER_ERROR)),
            }
        }
        (b"echo", []) => echo(r),
        (b"save", [path, most]) => r.save_body(path, number(most) as u64).map(|size| size.to_string()),
        (b"discard", []) => match r.discard_request_body() {
            Status::OK => Ok("discarded".into()),
            status => Err(status),
        },
        (b"args", ..) => {
            Ok(r.parse_args().iter().map(|(name, value)| format!("{}={}|", shown(name), shown(value))).collect())
        }
        (b"form", [fields, size]) => form(r, number(fields) as u32, number(size) as u32),
        (b"form-codes", []) => {
            let codes = [
                ffi::ap_read_body(0, 0, &mut []),
                ffi::ap_read_body(77, 1, &mut []),
                ffi::ap_parse_form_data(77, 1, 1, &mut []),
            ];
            Ok(format!("{codes:?} {}", ffi::ap_discard_request_body(77)))
        }
        _ => return None,
    })
}

/// Reads by pieces of a size: how many there were, their sum and the MD5 of all.
fn pieces(r: &Request, size: usize) -> Answer {
    let (mut count, mut longest, mut all) = (0, 0, Vec::new());
    let mut piece = vec![0; size];
    loop {
        let length = r.read_body(&mut piece)?;
        if length == 0 {
            break;
        }
        count += 1;
        longest = longest.max(length);
        all.extend_from_slice(&piece[..length]);
    }
    // The end stays the end.
    let after = r.read_body(&mut piece)?;
    Ok(format!("{} {} {} {after} {}", count > 0, all.len(), longest <= size, shown(&text::md5(&all))))
}

/// Sends the body back as it comes.
fn echo(r: &Request) -> Answer {
    let mut piece = vec![0; 16 << 10];
    loop {
        let length = r.read_body(&mut piece)?;
        if length == 0 {
            return Ok("end".into());
        }
        r.write(&piece[..length]);
        r.flush();
    }
}

fn form(r: &Request, fields: u32, size: u32) -> Answer {
    let Some(form) = r.parse_body(fields, size)? else { return Ok("no form".into()) };
    let mut all = String::new();
    for field in &form.0 {
        let [filename, kind] =
            [&field.filename, &field.content_type].map(|text| text.as_ref().map_or("-".into(), |text| shown(text)));
        all += &format!("{}[{filename},{kind}]={}|", shown(&field.name), shown(&field.value));
    }
    // The form stays, whoever asks for it.
    assert_eq!(r.parse_body(0, 0)?.as_ref(), Some(&form));
    Ok(all)
}
