//! The request's body: piece by piece, whole, or as a form. An error is the status that the hook is to answer with, so
//! that `?` hands it on.

use crate::file::File;
use crate::{
    APR_FOPEN_CREATE, APR_FOPEN_TRUNCATE, APR_FOPEN_WRITE, HTTP_REQUEST_ENTITY_TOO_LARGE, Request, Status, ffi, table,
};
use std::io;

/// Bytes that are read at a time where the whole body is wanted.
const PIECE: usize = 64 << 10;

/// One field of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormField {
    /// Its name.
    pub name: Vec<u8>,
    /// The name of the file that the client sent, in a multipart form.
    pub filename: Option<Vec<u8>>,
    /// The type that the client gives for it, in a multipart form.
    pub content_type: Option<Vec<u8>>,
    /// What it holds.
    pub value: Vec<u8>,
}

/// The fields of a form, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form(pub Vec<FormField>);

impl Form {
    /// The first field of a name.
    pub fn field(&self, name: impl AsRef<[u8]>) -> Option<&FormField> {
        self.0.iter().find(|field| field.name == name.as_ref())
    }

    /// The value of the first field of a name.
    pub fn get(&self, name: impl AsRef<[u8]>) -> Option<&[u8]> {
        self.field(name).map(|field| field.value.as_slice())
    }
}

/// Reads a body as [`io::Read`]; what fails is an error that [`BodyReader::status`] names.
#[derive(Debug)]
pub struct BodyReader<'r> {
    request: &'r Request,
    status: Option<Status>,
}

impl BodyReader<'_> {
    /// With what the hook is to answer, once a read has failed.
    pub fn status(&self) -> Option<Status> {
        self.status
    }
}

impl io::Read for BodyReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.request.read_body(buffer).map_err(|status| {
            self.status = Some(status);
            io::Error::other("the request's body can't be read")
        })
    }
}

impl Request {
    /// Reads the next bytes of the body into a buffer, and says how many; 0 at the end (ap_read_body).
    pub fn read_body(&self, buffer: &mut [u8]) -> Result<usize, Status> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let length = ffi::ap_read_body(self.handle(), buffer.len() as u32, buffer);
        usize::try_from(length).map_err(|_| status_of(length))
    }

    /// The body as a stream.
    pub fn body_reader(&self) -> BodyReader<'_> {
        BodyReader { request: self, status: None }
    }

    /// The whole body, or what is left of it; 413 where it has more than `most` bytes.
    pub fn body(&self, most: usize) -> Result<Vec<u8>, Status> {
        let mut body = Vec::new();
        let mut piece = vec![0; PIECE];
        loop {
            match self.read_body(&mut piece)? {
                0 => return Ok(body),
                length if body.len() + length > most => return Err(Status(HTTP_REQUEST_ENTITY_TOO_LARGE)),
                length => body.extend_from_slice(piece.get(..length).unwrap_or_default()),
            }
        }
    }

    /// Writes the body, piece by piece, into a file that is made anew; how many bytes. 413 where it has more than `most`,
    /// 500 where the file can't be written. Needs the group `file`.
    pub fn save_body(&self, path: &[u8], most: u64) -> Result<u64, Status> {
        let failed = |_| Status::INTERNAL_SERVER_ERROR;
        let file = File::open(path, APR_FOPEN_WRITE | APR_FOPEN_CREATE | APR_FOPEN_TRUNCATE).map_err(failed)?;
        let (mut piece, mut size) = (vec![0; PIECE], 0);
        loop {
            let length = self.read_body(&mut piece)?;
            if length == 0 {
                return Ok(size);
            }
            if size + length as u64 > most {
                return Err(Status(HTTP_REQUEST_ENTITY_TOO_LARGE));
            }
            file.write_at(size as i64, piece.get(..length).unwrap_or_default()).map_err(failed)?;
            size += length as u64;
        }
    }

    /// Reads the body to its end; OK or what the hook is to answer (ap_discard_request_body).
    pub fn discard_request_body(&self) -> Status {
        Status(ffi::ap_discard_request_body(self.handle()).try_into().unwrap_or(crate::HTTP_INTERNAL_SERVER_ERROR))
    }

    /// The fields of the query string, unescaped but for `+`, the last of each name (ap_args_to_table).
    pub fn parse_args(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        table::pairs(
            ffi::read(|buffer| ffi::ap_args_to_table(self.handle(), buffer)).ok().flatten().unwrap_or_default(),
        )
    }

    /// The body as a form, urlencoded or multipart/form-data, with at most so many fields and bytes; `None` where it is
    /// none (ap_parse_form_data). It is read once; a later call, in another hook too, gives the same form.
    pub fn parse_body(&self, fields: u32, size: u32) -> Result<Option<Form>, Status> {
        let all = match ffi::read(|buffer| ffi::ap_parse_form_data(self.handle(), fields, size, buffer)) {
            Ok(None) => return Ok(None),
            Ok(Some(all)) => all,
            Err(code) => return Err(status_of(code)),
        };
        let mut rest = all.as_slice();
        let mut text = || {
            let (length, after) = rest.split_first_chunk()?;
            rest = after;
            let (text, after) = rest.split_at_checked(usize::try_from(i32::from_le_bytes(*length)).ok()?)?;
            rest = after;
            Some(text.to_vec())
        };
        let mut form = Form::default();
        while let Some(name) = text() {
            form.0.push(FormField { name, filename: text(), content_type: text(), value: text().unwrap_or_default() });
        }
        Ok(Some(form))
    }
}

/// What the hook is to answer where a function gave a code.
fn status_of(code: i32) -> Status {
    match ffi::error_status() {
        status if code == ffi::code::FAILED && status != 0 => Status(status),
        _ => Status::INTERNAL_SERVER_ERROR,
    }
}
