//! Group `body`: the request's body, piece by piece or as a form. Time in which the client sends is not the guest's.

use super::multipart::{self, Bad, Field};
use super::number::table;
use super::{BodyFunctions, Code, Host, Reply};
use crate::httpd::{Request, Table};
use std::time::Instant;

/// Most bytes that one call reads.
const MOST_READ: usize = 8 << 20;
/// Most bytes of a form.
const MOST_OF_FORM: usize = 64 << 20;
/// Most fields of a form.
const MOST_FIELDS: usize = 100_000;
const BAD_REQUEST: i32 = 400;
const TOO_LARGE: i32 = 413;

impl Host {
    /// Reads with `read`, and says why where that fails.
    fn reading<T>(&mut self, r: u32, read: impl FnOnce(Request<'_>) -> Result<T, i32>) -> Reply<T> {
        self.not_in_filter()?;
        let begin = Instant::now();
        let result = read(self.request(r)?);
        self.waited(begin.elapsed());
        match result {
            Ok(read) => Ok(read),
            Err(status) => self.fail_with(status, b"the request's body can't be read"),
        }
    }
}

impl BodyFunctions for Host {
    fn ap_read_body(&mut self, r: u32, count: u32) -> Reply<&[u8]> {
        if count == 0 {
            return Err(Code::BAD_VALUE);
        }
        let mut answer = std::mem::take(&mut self.answer);
        answer.clear();
        self.reading(r, |r| r.read_body((count as usize).min(MOST_READ), &mut answer))?;
        self.answer = answer;
        Ok(&self.answer)
    }

    fn ap_discard_request_body(&mut self, r: u32) -> Reply<i64> {
        self.reading(r, |r| Ok(r.discard_body().into()))
    }

    fn ap_parse_form_data(&mut self, r: u32, fields: u32, size: u32) -> Reply<&[u8]> {
        // No key of a guest's own begins so.
        let key = [b"mod_wasm form:", &self.name[..]].concat();
        if self.request(r)?.pool().userdata(&key).is_none() {
            let (fields, size) = ((fields as usize).min(MOST_FIELDS), (size as usize).min(MOST_OF_FORM));
            let form = self.reading(r, |r| form(r, fields, size))?.ok_or(Code::NONE)?;
            self.request(r)?.pool().set_userdata(&key, &written(&form));
        }
        self.request(r)?.pool().userdata(&key).ok_or(Code::NONE)
    }
}

/// Reads a form, `None` where the body is none; the error is an HTTP status.
fn form(r: Request<'_>, fields: usize, size: usize) -> Result<Option<Vec<Field>>, i32> {
    let content_type = r.table(table::HEADERS_IN).map(|headers: Table<'_>| headers.get(b"Content-Type"));
    let Some(Ok(Some(content_type))) = content_type else { return Ok(None) };
    if let Some(boundary) = multipart::boundary(content_type) {
        let mut body = Vec::new();
        loop {
            let before = body.len();
            r.read_body(1 << 16, &mut body)?;
            if body.len() > size {
                return Err(TOO_LARGE);
            }
            if body.len() == before {
                break;
            }
        }
        return multipart::parse(&body, &boundary, fields).map(Some).map_err(|bad| match bad {
            Bad::Malformed => BAD_REQUEST,
            Bad::TooMany => TOO_LARGE,
        });
    }
    let urlencoded = b"application/x-www-form-urlencoded";
    if !content_type.get(..urlencoded.len()).is_some_and(|kind| kind.eq_ignore_ascii_case(urlencoded)) {
        return Ok(None);
    }
    let pairs = r.parse_form(fields, size)?;
    Ok(Some(pairs.into_iter().map(|(name, value)| Field { name, value, ..Field::default() }).collect()))
}

/// A form as guests get it.
fn written(form: &[Field]) -> Vec<u8> {
    let mut all = Vec::new();
    for field in form {
        let texts = [Some(&field.name), field.filename.as_ref(), field.content_type.as_ref(), Some(&field.value)];
        for text in texts {
            super::batch::push_text(text.map(Vec::as_slice), &mut all);
        }
    }
    all
}
