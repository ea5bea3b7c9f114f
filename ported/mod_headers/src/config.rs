//! What one section says, how sections are merged, and which hooks that makes necessary; not what an entry does.

use crate::entry::Entry;
use crate::fixup::{Pass, Plan, TooLong, do_headers_fixup};
use apache_module::{Merge, Request, hook};
use std::cell::OnceCell;
use std::rc::Rc;

/// The three lists of a section (mod_headers.c:headers_conf).
#[derive(Default)]
pub struct Config {
    /// `RequestHeader`, for r->headers_in.
    pub fixup_in: Entries,
    /// `Header` and `Header onsuccess`, for r->headers_out.
    pub fixup_out: Entries,
    /// `Header always`, for r->err_headers_out.
    pub fixup_err: Entries,
}

impl Merge for Config {
    /// The outer section's entries come first, none is replaced (mod_headers.c:merge_headers_config).
    fn merge(&self, add: &Config) -> Config {
        Config {
            fixup_in: self.fixup_in.followed_by(&add.fixup_in),
            fixup_out: self.fixup_out.followed_by(&add.fixup_out),
            fixup_err: self.fixup_err.followed_by(&add.fixup_err),
        }
    }

    fn hooks(&self) -> u64 {
        let lists = [&self.fixup_in, &self.fixup_out, &self.fixup_err];
        let when = |needed, hook| if needed { hook } else { 0 };
        when(lists.iter().any(|list| list.has(Pass::Early)), hook::POST_READ_REQUEST)
            | when(self.fixup_in.has(Pass::Late), hook::FIXUPS)
            | when(self.has_output(), hook::INSERT_FILTER)
            | when(self.has_error_output(), hook::INSERT_ERROR_FILTER)
    }
}

impl Config {
    /// Whether answers pass through FIXUP_HEADERS_OUT.
    pub fn has_output(&self) -> bool {
        !self.fixup_out.list.is_empty() || self.has_error_output()
    }

    /// Whether answers of failed requests pass through FIXUP_HEADERS_ERR.
    pub fn has_error_output(&self) -> bool {
        !self.fixup_err.list.is_empty()
    }

    /// The early entries of all lists, in httpd's order; the first failure ends it.
    pub fn early(&self, r: &Request) -> Result<(), TooLong> {
        do_headers_fixup(r, r.headers_in(), &self.fixup_in, Pass::Early)?;
        do_headers_fixup(r, r.err_headers_out(), &self.fixup_err, Pass::Early)?;
        do_headers_fixup(r, r.headers_out(), &self.fixup_out, Pass::Early)
    }
}

/// A list of entries, and how it is carried out, which is found out at its first use.
#[derive(Default)]
pub struct Entries {
    list: Vec<Rc<Entry>>,
    plans: [OnceCell<Plan>; 2],
}

impl Entries {
    /// Adds an entry at the end.
    pub fn push(&mut self, entry: Entry) {
        self.list.push(Rc::new(entry));
        self.plans = Default::default();
    }

    /// How the entries of a pass are carried out, of a list that edits the headers of the request or of the answer.
    pub fn plan(&self, pass: Pass, of_request: bool) -> &Plan {
        self.plans[pass as usize].get_or_init(|| Plan::new(self.of(pass), of_request))
    }

    fn of(&self, pass: Pass) -> impl Iterator<Item = &Rc<Entry>> {
        self.list.iter().filter(move |entry| entry.condition.is_early() == (pass == Pass::Early))
    }

    fn has(&self, pass: Pass) -> bool {
        self.of(pass).next().is_some()
    }

    fn followed_by(&self, add: &Entries) -> Entries {
        Entries { list: self.list.iter().chain(&add.list).cloned().collect(), plans: Default::default() }
    }
}
