//! The request of a pass: what is read of request_rec is read once, what a pass changes is written back once.

use crate::text::Text;
use apache_module::{APLOG_DEBUG, Request, field};
use std::rc::Rc;

/// request_rec as a pass sees it.
pub struct Record<'r> {
    pub r: &'r Request,
    pub uri: Vec<u8>,
    pub is_subreq: bool,
    level: i64,
    filename: Option<Vec<u8>>,
    args: Option<Vec<u8>>,
    path_info: Option<Vec<u8>>,
    status: i32,
    limit_req_line: Option<i64>,
    changed: Changed,
    texts: Vec<(u32, Option<Rc<[u8]>>)>,
    headers: Vec<(Rc<[u8]>, Option<Rc<[u8]>>)>,
}

/// What differs from what httpd has.
#[derive(Clone, Copy, Debug, Default)]
struct Changed {
    filename: bool,
    args: bool,
    path_info: bool,
    status: bool,
}

impl<'r> Record<'r> {
    /// The request as httpd has it now.
    pub fn read(r: &'r Request) -> Record<'r> {
        Record {
            r,
            uri: r.uri(),
            is_subreq: r.number(field::IS_SUBREQ) != 0,
            level: r.log_level(),
            filename: r.text(field::FILENAME),
            args: r.text(field::ARGS),
            path_info: r.text(field::PATH_INFO),
            status: i32::try_from(r.number(field::STATUS)).unwrap_or(0),
            limit_req_line: None,
            changed: Changed::default(),
            texts: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// Whether the trace level is on (APLOG_DEBUG and so many more).
    pub fn logs(&self, level: u32) -> bool {
        self.level >= i64::from(APLOG_DEBUG + level)
    }

    /// r->filename.
    pub fn filename(&self) -> Option<&[u8]> {
        self.filename.as_deref()
    }

    /// r->filename, or nothing.
    pub fn name(&self) -> &[u8] {
        self.filename.as_deref().unwrap_or_default()
    }

    /// r->args.
    pub fn args(&self) -> Option<&[u8]> {
        self.args.as_deref()
    }

    /// r->path_info; `None` where it is empty.
    pub fn path_info(&self) -> Option<&[u8]> {
        self.path_info.as_deref().filter(|info| !info.is_empty())
    }

    /// r->status.
    pub fn status(&self) -> i32 {
        self.status
    }

    pub fn set_filename(&mut self, name: Vec<u8>) {
        self.changed.filename = true;
        self.filename = Some(name);
    }

    pub fn set_args(&mut self, args: Option<Vec<u8>>) {
        self.changed.args = true;
        self.args = args;
    }

    pub fn discard_path_info(&mut self) {
        self.changed.path_info = true;
        self.path_info = None;
    }

    pub fn set_status(&mut self, status: i32) {
        self.changed.status = true;
        self.status = status;
    }

    /// Reads r->filename again, which httpd has changed.
    pub fn read_filename(&mut self) {
        self.filename = self.r.text(field::FILENAME);
        self.changed.filename = false;
    }

    /// r->server->limit_req_line.
    pub fn limit_req_line(&mut self) -> i64 {
        *self.limit_req_line.get_or_insert_with(|| self.r.number(field::LIMIT_REQ_LINE))
    }

    /// Puts r->filename back to what it was before the pass.
    pub fn restore_filename(&mut self, name: Option<Vec<u8>>) {
        self.changed.filename = name.is_some();
        self.filename = name;
    }

    /// A text field, read at most once.
    pub fn text(&mut self, number: u32) -> Option<Text> {
        if let Some((_, value)) = self.texts.iter().find(|(other, _)| *other == number) {
            return value.clone().map(Text::Shared);
        }
        let value: Option<Rc<[u8]>> = self.r.text(number).map(Rc::from);
        self.texts.push((number, value.clone()));
        value.map(Text::Shared)
    }

    /// A header of the request, read at most once under the same spelling.
    pub fn header(&mut self, name: &[u8]) -> Option<Text> {
        if let Some((_, value)) = self.headers.iter().find(|(other, _)| **other == *name) {
            return value.clone().map(Text::Shared);
        }
        let value: Option<Rc<[u8]>> = self.r.headers_in().get(name).map(Rc::from);
        self.headers.push((Rc::from(name), value.clone()));
        value.map(Text::Shared)
    }

    /// Writes what has changed to httpd's request_rec, before somebody else looks at it.
    pub fn write_back(&mut self) {
        let changed = std::mem::take(&mut self.changed);
        if changed.filename {
            self.r.set_text(field::FILENAME, self.filename.as_deref());
        }
        if changed.args {
            self.r.set_text(field::ARGS, self.args.as_deref());
        }
        if changed.path_info {
            self.r.set_text(field::PATH_INFO, self.path_info.as_deref());
        }
        if changed.status {
            self.r.set_number(field::STATUS, self.status.into());
        }
    }
}
