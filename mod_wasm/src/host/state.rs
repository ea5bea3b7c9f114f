//! What the host knows of one instance.

use super::door::Door;
use super::map::Named;
use super::{Code, Reply};
use crate::counters::Counters;
use crate::extension::store::Store;
use crate::extension::{Description, Filters, Record};
use crate::httpd::edits::{Edits, RequestEdits};
use crate::httpd::expr::Expr;
use crate::httpd::mutex::GlobalMutex;
use crate::httpd::regex::Regex;
use crate::httpd::{Lent, Request};
use crate::process;
use crate::runtime::{Bounds, Data};
use std::collections::HashMap;
use std::fs::File;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use wasmtime::Memory;

/// Most things that one instance may have compiled.
const MOST_COMPILED: usize = 65_536;
/// What an expression takes: the least that a pool does, and for each byte of its text and each pattern in it a guess.
const EXPR: (usize, usize, usize) = (8 << 10, 64, 16 << 10);
/// Most bytes of an answer for which an instance keeps room from one call to the next.
const MOST_ROOM: usize = 256 << 10;

/// What sending may take without being a wait for the client.
const SHORT: Duration = Duration::from_millis(1);

/// Longest time that httpd may spend for one call of a guest before that counts as the guest's own.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Something compiled, with what it was compiled from.
#[derive(Clone)]
pub(crate) enum Compiled {
    /// A pattern, its flags.
    Regex(Vec<u8>, u32, Arc<Regex>),
    /// A text, its flags.
    Expr(Vec<u8>, u32, Arc<Expr>),
    /// Prepared edits, which live for ever.
    Edits(&'static Edits),
    /// Prepared edits of a request's tables, which live for ever.
    RequestEdits(&'static RequestEdits),
    /// Patterns to be tried in order, each with whether it is not to match.
    List(Arc<[(Arc<Regex>, bool)]>),
    /// Something that a directive names, with how it was asked for.
    Named(Vec<u8>, Arc<Named>),
}

impl Compiled {
    /// Bytes that are freed with it, or nearly so: what lives for ever is bounded elsewhere.
    pub(crate) fn size(&self) -> usize {
        match self {
            Compiled::Regex(pattern, _, regex) => pattern.len() + regex.size(),
            Compiled::Expr(text, ..) => {
                let (least, byte, pattern) = EXPR;
                least + text.len() * byte + memchr::memchr_iter(b'~', text).count() * pattern
            }
            Compiled::List(list) => list.len() * size_of::<(Arc<Regex>, bool)>(),
            Compiled::Named(key, _) => key.len(),
            Compiled::Edits(_) | Compiled::RequestEdits(_) => 0,
        }
    }
}

/// What a hook is given beside its request, or gives beside its status.
#[derive(Debug, Default)]
pub(crate) enum Given {
    /// Nothing.
    #[default]
    Nothing,
    /// quick_handler: whether the URL is only looked up.
    Number(i64),
    /// note_auth_failure: a type of authentication.
    Text(Vec<u8>),
    /// generate_log_id: the id, once the guest has given it.
    Back(Option<Vec<u8>>),
}

/// Data of one instance.
pub(crate) struct Host {
    bounds: Bounds,
    memory: Option<Memory>,
    /// The request and the chunk that the instance is called for.
    pub(crate) lent: Lent,
    /// The guest's own addresses of configurations, by node.
    pub(crate) configs: HashMap<u64, u32, BuildHasherDefault<ById>>,
    /// Of the configurations in force: per directory, per server.
    pub(crate) current: [u32; 2],
    /// Where in its memory the guest wants to find them.
    pub(crate) configs_at: Option<u32>,
    /// Whether the directory's configuration is one that will not be met again.
    pub(crate) passing: bool,
    /// Whether the present hook has written a part of the answer.
    pub(crate) wrote: bool,
    /// What the module says of itself, while it does.
    pub(super) description: Option<Description>,
    /// The directive being parsed.
    pub(super) record: Option<Arc<Record>>,
    /// The guest's text about what is wrong with it.
    pub(super) directive_error: Option<Vec<u8>>,
    /// Why the last function failed.
    pub(super) error: Vec<u8>,
    /// What a function answers with, where it is not in httpd's memory.
    pub(super) answer: Vec<u8>,
    /// Lists of values to read, taken apart.
    pub(super) lists: super::batch::Kept,
    /// What hooks find read already.
    pub(super) before: Vec<super::batch::Before>,
    /// By handle, from 0.
    pub(super) compiled: Vec<Compiled>,
    /// Bytes that these take, but for what the server's configuration keeps anyway.
    held: usize,
    /// httpd's index of the module.
    pub(super) module_index: i32,
    /// The module's own filters.
    pub(super) filters: Arc<Filters>,
    /// The module's global mutexes.
    pub(super) mutexes: Arc<Vec<GlobalMutex>>,
    /// What the module's instances share.
    pub(super) store: Arc<Store>,
    /// The module's source name.
    pub(super) name: Vec<u8>,
    /// Longest time of one call.
    pub(super) time: Duration,
    /// APR's status of the last function that failed.
    pub(super) status: i32,
    /// The file that is being read, and its handle.
    pub(super) file: Option<(u32, File)>,
    /// The words of the Require line that is asked, each with a NUL after it.
    pub(crate) require: Option<Vec<u8>>,
    /// What the present hook is given beside its request.
    pub(crate) given: Given,
    /// What is counted of the module, and how much it may log; `None` where it only describes itself.
    pub(super) counters: Option<&'static Counters>,
    /// The URL that the request is to go on with once the hook has answered.
    redirect: Option<Vec<u8>>,
    /// What it has of WASI; `None` for guests that don't import that.
    pub(super) wasi: Option<Box<super::wasi::Own>>,
}

impl Host {
    /// For an instance that only describes the module.
    pub(crate) fn describing() -> Host {
        Host {
            description: Some(Description::default()),
            ..Host::serving(-1, &Description::default(), Duration::ZERO, None)
        }
    }

    /// For an instance that parses directives and serves requests.
    pub(crate) fn serving(
        module_index: i32,
        description: &Description,
        time: Duration,
        counters: Option<&'static Counters>,
    ) -> Host {
        Host {
            bounds: Bounds::default(),
            memory: None,
            lent: Lent::default(),
            configs: HashMap::default(),
            current: [0; 2],
            configs_at: None,
            passing: false,
            wrote: false,
            description: None,
            record: None,
            directive_error: None,
            error: Vec::new(),
            answer: Vec::new(),
            lists: Vec::new(),
            before: Vec::new(),
            compiled: Vec::new(),
            held: 0,
            module_index,
            filters: description.filters.clone(),
            mutexes: description.mutexes.clone(),
            store: description.store.clone(),
            name: description.name.clone(),
            time,
            status: 0,
            file: None,
            require: None,
            given: Given::Nothing,
            counters,
            redirect: None,
            wasi: None,
        }
    }

    /// What the module said of itself.
    pub(crate) fn take_description(&mut self) -> Description {
        self.description.take().unwrap_or_default()
    }

    /// The guest's memory.
    pub(crate) fn memory(&self) -> Option<Memory> {
        self.memory
    }

    /// From now on the guest parses this directive.
    pub(crate) fn begin_directive(&mut self, record: Arc<Record>) {
        self.directive_error = None;
        self.record = Some(record);
    }

    /// Whether the guest parses a directive that was parsed before.
    pub(super) fn is_replaying(&self) -> bool {
        self.record.as_ref().is_some_and(|record| record.parsed.load(Ordering::Relaxed))
    }

    /// The guest has parsed it; its text, if something is wrong.
    pub(crate) fn end_directive(&mut self) -> Option<Vec<u8>> {
        self.record = None;
        self.directive_error.take()
    }

    /// The request of a handle.
    #[inline]
    pub(super) fn request(&self, handle: u32) -> Reply<Request<'_>> {
        match handle {
            0 => self.lent.request().ok_or(Code::NOT_NOW),
            _ => self.lent.other(handle).ok_or(Code::BAD_HANDLE),
        }
    }

    /// Fails where httpd's pools would take more for the request than they may: what guests have them keep isn't in the
    /// memory of an instance, and is given back only when the request ends.
    #[inline]
    pub(super) fn takes(&mut self, bytes: usize) -> Reply<()> {
        if self.lent.takes(bytes) { Ok(()) } else { Err(Code::LIMIT) }
    }

    /// Has the request go on with another URL once the hook has answered.
    pub(super) fn set_redirect(&mut self, uri: &[u8]) {
        self.redirect = Some(uri.to_vec());
    }

    /// The URL that the request is to go on with.
    pub(crate) fn take_redirect(&mut self) -> Option<Vec<u8>> {
        self.redirect.take()
    }

    /// So much of the call's time was not the guest's, whose time is watched again from now on.
    fn pardon(&mut self, time: Duration) {
        self.bounds.pardon(time);
        if let Some(runtime) = process::existing_runtime() {
            runtime.goes_on();
        }
    }

    /// Says that so much of the call's time was spent by httpd and not by the guest. There is an end to that too.
    pub(super) fn waited(&mut self, time: Duration) {
        if self.lent.waited(time) <= LONGEST_WAIT {
            self.pardon(time);
        }
    }

    /// The same for what was spent on the client, to which httpd's own Timeout puts an end.
    fn waited_for_client(&mut self, time: Duration) {
        if time > SHORT {
            self.pardon(time);
        }
    }

    /// A part of a conversation is over. Where the client sent or took something, the guest's time begins anew, so that a
    /// conversation may last while each part of it may not; with one who is gone it doesn't, so that a guest that talks on
    /// comes to its end.
    pub(super) fn conversed(&mut self, begin: Instant, took_part: bool) {
        let time = begin.elapsed();
        if took_part { self.pardon(time.max(self.time)) } else { self.waited_for_client(time) }
    }

    /// A part of the answer went out, or the client is gone. How long a slow client took is neither the guest's time nor
    /// httpd's.
    pub(super) fn answered(&mut self, begin: Instant, sent: bool) -> Reply<()> {
        self.waited_for_client(begin.elapsed());
        self.went_out(sent)
    }

    /// Whether what was to be sent went out; it doesn't where the client is gone.
    pub(super) fn went_out(&mut self, sent: bool) -> Reply<()> {
        if sent { Ok(()) } else { self.fail(b"the client has gone") }
    }

    /// A request whose answer can be added to: no filter is at work, and the answer has not come to its end, after which
    /// bytes would stand before the connection's next one.
    pub(super) fn answering(&self, r: u32) -> Reply<Request<'_>> {
        self.not_in_filter()?;
        let r = self.request(r)?;
        if r.is_over() { Err(Code::NOT_NOW) } else { Ok(r) }
    }

    /// Refuses what would come back through the chain of filters while one of them is at work: httpd's own filters are
    /// not made to be entered twice (protocol.c:ap_old_write_func).
    pub(super) fn not_in_filter(&self) -> Reply<()> {
        if self.lent.chunk().is_some() { Err(Code::NOT_NOW) } else { Ok(()) }
    }

    /// Fails with a text.
    pub(super) fn fail<T>(&mut self, text: &[u8]) -> Reply<T> {
        self.fail_with(0, text)
    }

    /// Fails with a status of APR and a text.
    pub(super) fn fail_with<T>(&mut self, status: i32, text: &[u8]) -> Reply<T> {
        self.error.clear();
        self.error.extend_from_slice(text);
        self.status = status;
        Err(Code::FAILED)
    }

    /// Whether the instance should be replaced: it has had half as much compiled as it may, of which nothing is taken back.
    pub(crate) fn is_full(&self) -> bool {
        self.compiled.len() > MOST_COMPILED / 2 || self.held > self.bounds.memory() / 2
    }

    /// A handle for something compiled. What that takes of httpd's memory is bounded as the guest's own is.
    pub(super) fn hold(&mut self, compiled: Compiled) -> Reply<i64> {
        let of_server = self.record.as_ref().is_some_and(|record| !record.context.in_htaccess);
        let held = self.held + size_of::<Compiled>() + if of_server { 0 } else { compiled.size() };
        if self.compiled.len() >= MOST_COMPILED || held > self.bounds.memory() {
            return Err(Code::LIMIT);
        }
        self.held = held;
        self.compiled.push(compiled);
        Ok(self.compiled.len() as i64 - 1)
    }

    /// Gives back what a long answer took.
    #[inline]
    pub(super) fn end_answer(&mut self) {
        for place in [&mut self.answer, &mut self.error] {
            if place.capacity() > MOST_ROOM {
                *place = Vec::new();
            }
        }
    }
}

impl Data for Host {
    fn bounds(&mut self) -> &mut Bounds {
        &mut self.bounds
    }

    fn set_memory(&mut self, memory: Memory) {
        self.memory = Some(memory);
    }
}

impl Door for Host {
    fn memory(&self) -> Option<Memory> {
        self.memory
    }
}

/// Hashes numbers of nodes, which are spread well enough as it is.
#[derive(Default)]
pub(crate) struct ById(u64);

impl Hasher for ById {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash << 8 | u64::from(*byte));
    }

    fn write_u64(&mut self, number: u64) {
        // Multiplied so that the high bits, which the table looks at first, differ too.
        self.0 = (self.0.rotate_left(32) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
