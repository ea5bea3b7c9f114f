//! The request of a pass: what it needs of request_rec is read in one call, what it changes is written in one call.

use crate::list::{Action, REALLY_LAST};
use crate::path::first_segment;
use crate::text::Text;
use apache_module::batch::{Answers, Edits, Prepared, Wants};
use apache_module::ffi::table::{NOTES, SUBPROCESS_ENV};
use apache_module::{APLOG_DEBUG, Request, Status, field};
use std::cell::OnceCell;
use std::rc::Rc;

/// Noted once the server's rules were applied, with what came of them.
pub const REWRITTEN: &str = "mod_rewrite_rewritten";
/// The path that the client asked for, and the whole URL.
pub const SCRIPT_URL: &str = "SCRIPT_URL";
const SCRIPT_URI: &str = "SCRIPT_URI";
/// Of a request that was redirected internally, what the client asked for.
const REDIRECT_SCRIPT_URL: &str = "REDIRECT_SCRIPT_URL";

/// request_rec as a pass sees it.
pub struct Record<'r> {
    pub r: &'r Request,
    pub uri: Text<'r>,
    pub is_subreq: bool,
    /// Values that wait to be written.
    pub edits: Edits,
    level: i64,
    filename: Option<Text<'r>>,
    /// r->args as it was, and as it is now if it has changed.
    old_args: Option<Text<'r>>,
    new_args: Option<Option<Vec<u8>>>,
    /// Read when it is asked for, as the next one; most passes of a server don't.
    path_info: OnceCell<Option<Vec<u8>>>,
    status: OnceCell<i32>,
    limit_req_line: i64,
    changed: Changed,
    /// Whether our own host was taken off a result in this pass.
    pub reduced: bool,
    /// What most passes don't ask for.
    looked_up: Option<Box<LookedUp>>,
}

/// What was asked for and is kept for the next time.
#[derive(Default)]
struct LookedUp {
    base: Option<Vec<u8>>,
    texts: Vec<(u32, Value)>,
    headers: Vec<(Rc<[u8]>, Value)>,
}

/// What was read once; `None` where httpd has nothing.
type Value = Option<Rc<[u8]>>;

/// What differs from what httpd has.
#[derive(Clone, Copy, Debug, Default)]
struct Changed {
    filename: bool,
    args: bool,
    path_info: bool,
    status: bool,
}

fn always(wants: Wants) -> Wants {
    wants
        .log_level()
        .number(field::IS_SUBREQ)
        .number(field::LIMIT_REQ_LINE)
        .text(field::URI)
        .text(field::FILENAME)
        .text(field::ARGS)
}

thread_local! {
    static ALWAYS: Wants = always(Wants::default());
    static PREPARED: PreparedEdits = PreparedEdits::new();
}

/// What the server's pass begins with.
pub fn of_server() -> Wants {
    always(Wants::default())
        .number(field::SERVER_ID)
        .has_userdata(REALLY_LAST)
        .table(NOTES, REWRITTEN)
        .table(SUBPROCESS_ENV, REDIRECT_SCRIPT_URL)
}

/// What a directory's pass begins with.
pub fn of_dir() -> Wants {
    always(Wants::default()).has_userdata(REALLY_LAST).number(field::ALLOW_OPTIONS).text(field::PATH_INFO)
}

/// What most passes write.
struct PreparedEdits {
    script_variables: Prepared,
    passed: Noted,
    rewritten: Noted,
}

/// A note of what came of the rules, and the same after the script variables, between which most passes write nothing.
struct Noted {
    alone: Prepared,
    after_variables: Prepared,
}

impl PreparedEdits {
    fn new() -> PreparedEdits {
        let prepared = |put: &dyn Fn(&mut Edits)| {
            let mut edits = Edits::default();
            put(&mut edits);
            Prepared::new(edits)
        };
        let script_variables = |edits: &mut Edits| {
            edits.set_to_fields(SUBPROCESS_ENV, SCRIPT_URL.as_bytes(), &[field::URI]);
            edits.set_to_fields(SUBPROCESS_ENV, SCRIPT_URI.as_bytes(), &[field::SERVER_URL, field::URI]);
        };
        let note = |action: Action| {
            let note = |edits: &mut Edits| edits.set(NOTES, REWRITTEN.as_bytes(), action.number());
            let both = |edits: &mut Edits| {
                script_variables(edits);
                note(edits);
            };
            Noted { alone: prepared(&note), after_variables: prepared(&both) }
        };
        PreparedEdits {
            script_variables: prepared(&script_variables),
            passed: note(Action::None),
            rewritten: note(Action::Normal),
        }
    }
}

impl<'r> Record<'r> {
    /// The request as httpd has it now.
    pub fn read(r: &'r Request) -> Record<'r> {
        let read = ALWAYS.with(|wants| r.read_many(wants));
        Record::of(r, &mut read.answers(), |text| Text::Owned(text.to_vec()))
    }

    /// The request at the start of a pass, and what else that begins with: numbers and texts.
    #[inline]
    pub fn at_start<const N: usize, const T: usize>(
        r: &'r Request,
        mut answers: Answers<'r>,
    ) -> (Record<'r>, [i64; N], [Option<&'r [u8]>; T]) {
        let record = Record::of(r, &mut answers, Text::There);
        (record, answers.numbers(), std::array::from_fn(|_| answers.text()))
    }

    #[inline(always)]
    fn of<'a>(r: &'r Request, answers: &mut Answers<'a>, hold: impl Fn(&'a [u8]) -> Text<'r>) -> Record<'r> {
        let [level, is_subreq, limit_req_line] = answers.numbers();
        Record {
            r,
            level,
            is_subreq: is_subreq != 0,
            limit_req_line,
            uri: answers.text().map_or(Text::EMPTY, &hold),
            filename: answers.text().map(&hold),
            old_args: answers.text().map(&hold),
            new_args: None,
            path_info: OnceCell::new(),
            status: OnceCell::new(),
            edits: Edits::default(),
            changed: Changed::default(),
            reduced: false,
            looked_up: None,
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
        match &self.new_args {
            Some(args) => args.as_deref(),
            None => self.old_args.as_deref(),
        }
    }

    /// r->args before the pass.
    pub fn old_args(&self) -> Option<&[u8]> {
        self.old_args.as_deref()
    }

    /// r->path_info; `None` where it is empty.
    pub fn path_info(&self) -> Option<&[u8]> {
        let info = self.path_info.get_or_init(|| self.r.text(field::PATH_INFO));
        info.as_deref().filter(|info| !info.is_empty())
    }

    /// r->path_info is known.
    pub fn with_path_info(self, info: Option<&[u8]>) -> Record<'r> {
        Record { path_info: OnceCell::from(info.map(<[u8]>::to_vec)), ..self }
    }

    /// r->status.
    pub fn status(&self) -> i32 {
        *self.status.get_or_init(|| i32::try_from(self.r.number(field::STATUS)).unwrap_or(0))
    }

    /// r->server->limit_req_line.
    pub fn limit_req_line(&self) -> i64 {
        self.limit_req_line
    }

    /// `scheme://host`, with the port where it is not the usual one.
    pub fn base(&mut self) -> &[u8] {
        let r = self.r;
        self.looked_up().base.get_or_insert_with(|| r.text(field::SERVER_URL).unwrap_or_default())
    }

    fn looked_up(&mut self) -> &mut LookedUp {
        self.looked_up.get_or_insert_default()
    }

    /// Sets SCRIPT_URL to r->uri, and SCRIPT_URI with the server before it.
    pub fn set_script_variables_to_uri(&mut self) {
        PREPARED.with(|prepared| self.edits.prepared(&prepared.script_variables));
    }

    /// Notes what came of the server's rules.
    pub fn note_rewritten(&mut self, action: Action) {
        PREPARED.with(|prepared| {
            let noted = match action {
                Action::None => &prepared.passed,
                Action::Normal => &prepared.rewritten,
                other => return self.edits.set(NOTES, REWRITTEN.as_bytes(), other.number()),
            };
            if !self.edits.replace(&prepared.script_variables, &noted.after_variables) {
                self.edits.prepared(&noted.alone);
            }
        });
    }

    /// Has httpd map r->filename as a path below DocumentRoot.
    pub fn core_translate(&mut self) -> Status {
        let changed = std::mem::take(&mut self.changed.filename);
        self.write_back();
        let status = self.r.core_translate(self.name());
        self.changed.filename = changed && status != Status::OK;
        status
    }

    /// The same unless there is something at its first segment, after what else has changed is written; `None` where
    /// there is.
    #[inline]
    pub fn core_translate_unless_there(&mut self) -> Option<Status> {
        let changed = std::mem::take(&mut self.changed.filename);
        self.put_changes();
        let name = self.filename.as_deref().unwrap_or_default();
        let status = self.r.core_translate_unless(&first_segment(name), &mut self.edits, name);
        // Where that failed, httpd has left it as it was.
        self.changed.filename = changed && status != Some(Status::OK);
        status
    }

    /// Sets SCRIPT_URL, and SCRIPT_URI with the server before it; of a request without one only the second.
    pub fn set_script_variables(&mut self, url: Option<&[u8]>) {
        let base = self.base().to_vec();
        let edits = &mut self.edits;
        match url {
            Some(url) => edits.set(SUBPROCESS_ENV, SCRIPT_URL.as_bytes(), url),
            None => edits.unset(SUBPROCESS_ENV, SCRIPT_URL.as_bytes()),
        }
        let value = [&base[..], url.unwrap_or_default()];
        edits.set_joined(SUBPROCESS_ENV, SCRIPT_URI.as_bytes(), value);
    }

    pub fn set_filename(&mut self, name: impl Into<Text<'r>>) {
        self.changed.filename = true;
        self.filename = Some(name.into());
    }

    /// r->filename, or nothing, to be kept.
    pub fn name_kept(&self) -> Text<'r> {
        self.filename.clone().unwrap_or(Text::EMPTY)
    }

    pub fn set_args(&mut self, args: Option<Vec<u8>>) {
        self.changed.args = true;
        self.new_args = Some(args);
    }

    pub fn discard_path_info(&mut self) {
        self.changed.path_info = true;
        self.path_info = OnceCell::from(None);
    }

    pub fn set_status(&mut self, status: i32) {
        self.changed.status = true;
        self.status = OnceCell::from(status);
    }

    /// Puts r->filename back to what it was before the pass.
    pub fn restore_filename(&mut self, name: Option<Text<'r>>) {
        self.changed.filename = name.is_some();
        self.filename = name;
    }

    /// Reads r->filename again, which httpd has changed.
    pub fn read_filename(&mut self) {
        self.filename = self.r.text(field::FILENAME).map(Text::Owned);
        self.changed.filename = false;
    }

    /// A text field, read at most once.
    pub fn text(&mut self, number: u32) -> Option<Text<'static>> {
        if let Some((_, value)) = self.looked_up().texts.iter().find(|(other, _)| *other == number) {
            return value.clone().map(Text::Shared);
        }
        let value: Value = self.r.text(number).map(Rc::from);
        self.looked_up().texts.push((number, value.clone()));
        value.map(Text::Shared)
    }

    /// A header of the request, read at most once under the same spelling.
    pub fn header(&mut self, name: &[u8]) -> Option<Text<'static>> {
        if let Some((_, value)) = self.looked_up().headers.iter().find(|(other, _)| **other == *name) {
            return value.clone().map(Text::Shared);
        }
        let value: Value = self.r.headers_in().get(name).map(Rc::from);
        self.looked_up().headers.push((Rc::from(name), value.clone()));
        value.map(Text::Shared)
    }

    /// Writes what has changed to httpd's request_rec, before somebody else looks at it.
    pub fn write_back(&mut self) {
        self.put_changes();
        self.r.write_many(&mut self.edits);
    }

    #[inline]
    fn put_changes(&mut self) {
        let Changed { filename, args, path_info, status } = self.changed;
        if filename | args | path_info | status {
            self.put_what_changed();
        }
    }

    #[inline(never)]
    fn put_what_changed(&mut self) {
        let changed = std::mem::take(&mut self.changed);
        if changed.filename {
            self.edits.text(field::FILENAME, self.filename.as_deref());
        }
        if changed.args {
            self.edits.text(field::ARGS, self.new_args.as_ref().and_then(Option::as_deref));
        }
        if changed.path_info {
            self.edits.text(field::PATH_INFO, self.path_info.get().and_then(Option::as_deref));
        }
        // A word that is no status, as `R` takes it, is not written.
        if let Some(status) = self.status.get().filter(|status| changed.status && **status >= 100) {
            self.edits.number(field::STATUS, (*status).into());
        }
    }
}
