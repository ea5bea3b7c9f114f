//! Stands for httpd where a guest's logic is tested without it; knows what the functions of the host API do to plain
//! data, and neither phases nor configuration.

mod expr;
mod host;
mod regex;
mod table;

pub use table::Entries;

use apache_module::Request;
use std::cell::{Ref, RefCell, RefMut};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a test prepares and looks at: one request, the directive being parsed, the log.
#[derive(Debug, Default)]
pub struct State {
    /// The request's tables by number, [`apache_module::ffi::table`].
    pub tables: BTreeMap<u32, Entries>,
    /// Text fields of the request by number, [`apache_module::field`].
    pub texts: BTreeMap<u32, Vec<u8>>,
    /// Numeric fields of the request by number.
    pub numbers: BTreeMap<u32, i64>,
    /// Whether r->content_type was set last as coming from the configuration.
    pub content_type_is_trusted: bool,
    /// The arguments of the directive being parsed.
    pub directive_args: Vec<u8>,
    /// Numeric fields of the directive being parsed.
    pub directive_numbers: BTreeMap<u32, i64>,
    /// The error text of the directive being parsed.
    pub directive_error: Option<Vec<u8>>,
    /// The time in microseconds since 1970.
    pub now: i64,
    /// The load of 1, 5 and 15 minutes.
    pub loadavg: [f64; 3],
    /// Idle and busy workers in percent.
    pub sload: [i32; 2],
    /// SSL variables.
    pub ssl: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Level up to which messages are logged.
    pub log_level: u32,
    /// What was logged: level and message.
    pub log: Vec<(u32, Vec<u8>)>,
    /// How often each function was called.
    pub calls: BTreeMap<&'static str, usize>,
    /// What the module keeps with the request.
    pub userdata: BTreeMap<Vec<u8>, Vec<u8>>,
    /// What the module's instances share.
    pub shared: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Files by path; their time of change is always the present.
    pub files: BTreeMap<Vec<u8>, Vec<u8>>,
    pub(crate) error_text: Vec<u8>,
    pub(crate) error_status: i32,
    pub(crate) map_files: Vec<Vec<u8>>,
    pub(crate) regex_lists: Vec<Vec<(u32, bool)>>,
    pub(crate) regexes: Vec<pcre2::bytes::Regex>,
    pub(crate) expressions: Vec<expr::Expr>,
    pub(crate) edits: Vec<Vec<u8>>,
}

/// The host of the current thread.
#[derive(Clone, Debug, Default)]
pub struct FakeHost(Rc<RefCell<State>>);

impl FakeHost {
    /// A host with an empty request, in place for the current thread until the next one.
    pub fn install() -> FakeHost {
        let host = FakeHost::default();
        apache_module::fake::install(host.clone());
        host
    }

    /// The request.
    pub fn request(&self) -> Request {
        Request::from_handle(0)
    }

    /// What the host knows. To be given back before the guest's code runs.
    pub fn state(&self) -> Ref<'_, State> {
        self.0.borrow()
    }

    /// As [`FakeHost::state`], to change it.
    pub fn state_mut(&self) -> RefMut<'_, State> {
        self.0.borrow_mut()
    }

    /// Entries of a table as text, lossy where they are not UTF-8.
    pub fn table(&self, table: u32) -> Vec<(String, String)> {
        let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
        let state = self.state();
        state.tables.get(&table).map(|t| t.iter().map(|(k, v)| (text(k), text(v))).collect()).unwrap_or_default()
    }
}
