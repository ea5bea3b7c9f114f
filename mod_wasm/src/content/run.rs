//! One run of a program for one request: what it starts with, what becomes of the request when it ends.

use super::config::Config;
use super::output::{End, Errors, Output};
use super::program::Program;
use crate::call;
use crate::host::number::field;
use crate::httpd::lend::{Borrower, with_request};
use crate::httpd::log::{Mark, rerror};
use crate::httpd::own::module_index;
use crate::httpd::{Lent, Request};
use crate::runtime::{Bounds, Data, Failure, Instance, Limits, Place};
use crate::settings::OnTrap;
use crate::wasi::{Standard, Strings, Wasi};
use std::cell::OnceCell;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wasmtime::{Caller, Memory};
use wasmtime_wasi::p1::WasiP1Ctx;

const OK: i32 = 0;
const DECLINED: i32 = -1;
const NOT_FOUND: i32 = 404;
const INTERNAL_SERVER_ERROR: i32 = 500;
const ERR: u32 = 3;
const DEBUG: u32 = 7;

/// Most elements of a program's table: interpreters have tens of thousands of functions.
const TABLE_ELEMENTS: usize = 200_000;
/// Variables of CGI that are paths of the server.
const PATHS: [&[u8]; 4] = [b"SCRIPT_FILENAME", b"PATH_TRANSLATED", b"DOCUMENT_ROOT", b"CONTEXT_DOCUMENT_ROOT"];

/// Data of the instance that runs.
pub(super) struct Run {
    bounds: Bounds,
    /// The program's memory, once it is known.
    memory: Option<Memory>,
    /// The request, and how far its body has been read.
    pub(super) lent: Lent,
    pub(super) program: Arc<Program>,
    config: Arc<Config>,
    /// A CGI program's environment, once it has asked for it.
    environment: OnceCell<Strings>,
    standard: Standard,
    pub(super) output: Output,
    pub(super) errors: Errors,
    /// Why the host ended it, if it did.
    pub(super) end: Option<End>,
    /// wasmtime-wasi's part, made when it is first needed.
    wasi: Option<Box<WasiP1Ctx>>,
    began: Instant,
    /// How much of the time since then was spent waiting for the client.
    pub(super) waited: Duration,
    limit: Duration,
}

impl Data for Run {
    fn bounds(&mut self) -> &mut Bounds {
        &mut self.bounds
    }

    fn set_memory(&mut self, memory: Memory) {
        self.memory = Some(memory);
    }
}

impl Borrower for Instance<Run> {
    fn lent(&mut self) -> &mut Lent {
        &mut self.data_mut().lent
    }
}

impl Run {
    fn new(program: Arc<Program>, config: Arc<Config>, limit: Duration) -> Run {
        Run {
            bounds: Bounds::default(),
            memory: None,
            lent: Lent::default(),
            program,
            environment: OnceCell::new(),
            standard: Standard::default(),
            output: Output::new(config.is_cgi()),
            config,
            errors: Errors::default(),
            end: None,
            wasi: None,
            began: Instant::now(),
            waited: Duration::ZERO,
            limit,
        }
    }

    /// How much longer the program may run.
    pub(super) fn time_left(&self) -> Duration {
        self.limit.saturating_sub(self.began.elapsed().saturating_sub(self.waited))
    }
}

impl Wasi for Run {
    fn memory(&self) -> Option<Memory> {
        self.memory
    }

    fn context(&mut self) -> &mut WasiP1Ctx {
        self.wasi.get_or_insert_with(|| {
            Box::new(self.config.given().context(|why| {
                if let Some(r) = self.lent.request() {
                    log(r, ERR, &format!("{}: {why}", self.program.name()));
                }
            }))
        })
    }

    fn standard(&mut self) -> &mut Standard {
        &mut self.standard
    }

    fn arguments(&self) -> &Strings {
        self.config.arguments()
    }

    /// The environment of the configuration; for a CGI program also what httpd says of the request, which is put together
    /// when the program first asks: most of what CGI costs would be for nothing otherwise.
    fn environment(&self) -> &Strings {
        match self.lent.request().filter(|_| self.config.is_cgi()) {
            Some(r) => self.environment.get_or_init(|| environment(&self.config, r)),
            None => self.config.environment(),
        }
    }

    fn sleep(caller: &mut Caller<'_, Run>, time: Duration) -> wasmtime::Result<()> {
        super::wasi::sleep(caller, time)
    }
}

/// A CGI program's environment: httpd's variables, and over them those of WasmEnv.
fn environment(config: &Config, r: Request<'_>) -> Strings {
    let mut strings = Strings::with_capacity(4 << 10);
    let own = config.environment();
    own.bytes().split(|byte| *byte == 0).take(own.count() as usize).for_each(|variable| strings.push(&[variable]));
    r.each_cgi_variable(|variable| {
        let mut parts = variable.splitn(2, |byte| *byte == b'=');
        let (Some(name), Some(value)) = (parts.next(), parts.next()) else { return };
        if config.given().has_variable(name) {
            return;
        }
        match config.map(value).filter(|_| PATHS.contains(&name)) {
            Some((before, after)) => strings.push(&[name, b"=", before, after]),
            None => strings.push(&[variable]),
        }
    });
    strings
}

/// The handler: runs the program that the configuration names for `wasm-handler`; OK, DECLINED or an HTTP status.
pub(crate) fn handler(r: Request<'_>) -> i32 {
    if r.text(field::HANDLER) != Ok(Some(b"wasm-handler")) {
        return DECLINED;
    }
    if r.rejects_path_info() {
        return NOT_FOUND;
    }
    let own = r.own();
    let config = own.and_then(|own| own.content.get());
    let Some((config, program)) = config.and_then(|config| Some((config, config.program()?))) else {
        log(r, ERR, "no WasmModule for what wasm-handler is to answer");
        return INTERNAL_SERVER_ERROR;
    };
    let settings = own.and_then(|own| own.settings.get());
    let limits = settings.map_or_else(Limits::default, |settings| settings.limits());
    let limits = Limits { table_elements: TABLE_ELEMENTS, ..limits };
    let on_trap = settings.map_or(OnTrap::Fail, |settings| settings.on_trap());
    let run = Run::new(program.clone(), config.clone(), limits.time);
    // A program may answer a subrequest of another one's answer, each with its own share of the stack.
    let outcome = match call::has_room() {
        Err(failure) => Outcome::Failed(None, failure),
        Ok(()) => {
            program.counters.called();
            run_program(run, program, config, &limits, r)
        }
    };
    let status = match outcome {
        Outcome::Ended(run) => finish(run, r),
        Outcome::Failed(run, failure) => failed(run, program, &failure, on_trap, r),
    };
    if status > OK && config.is_cgi() {
        // The document that is sent for it is told of this request by them, under REDIRECT_ names.
        r.add_cgi_variables();
    }
    status
}

/// What became of a program, and what it was run with, where it came that far.
enum Outcome {
    Ended(Run),
    Failed(Option<Run>, Failure),
}

/// Runs the program.
fn run_program(run: Run, program: &Program, config: &Config, limits: &Limits, r: Request<'_>) -> Outcome {
    program.counters.made();
    let mut instance = match program.guest.instantiate(run, limits, Place::Fresh) {
        Ok(instance) => instance,
        Err(failure) => return Outcome::Failed(None, failure),
    };
    if instance.is_beyond_pool() {
        program.counters.made_beyond_pool();
    }
    let result = match instance.func::<(), ()>(config.entry_point()) {
        Some(entry_point) => with_request(&mut instance, r, |instance| {
            let result = instance.call(&entry_point, ());
            let run = instance.data_mut();
            run.errors.finish(r, program);
            result
        }),
        None => {
            let what = format!("it does not export a function {} without parameters and results", config.entry_point());
            Err(Failure::Host { what, backtrace: Vec::new() })
        }
    };
    let run = instance.store.into_data();
    match result {
        Ok(()) | Err(Failure::Exit(0)) => Outcome::Ended(run),
        Err(failure) => Outcome::Failed(Some(run), failure),
    }
}

/// The program has ended well.
fn finish(run: Run, r: Request<'_>) -> i32 {
    r.discard_body();
    let status = run.output.finish(r);
    if status >= 400 && r.has_begun() { r.break_off() } else { status }
}

/// The program has failed, or was ended.
fn failed(run: Option<Run>, program: &Program, failure: &Failure, on_trap: OnTrap, r: Request<'_>) -> i32 {
    let begun = run.as_ref().is_some_and(|run| run.output.has_begun());
    let status = match run.and_then(|run| run.end) {
        Some(End::ClientGone) => {
            log(r, DEBUG, &format!("{} is ended: the client has gone", program.name()));
            return OK;
        }
        // httpd has answered already (AP_FILTER_ERROR).
        Some(End::Status(status)) if status < 0 => return status,
        Some(End::Status(status)) => status,
        None => {
            if program.counters.failed(failure) {
                log(r, ERR, &format!("{} failed: {failure}", program.name()));
            }
            if on_trap == OnTrap::Decline && !begun {
                return DECLINED;
            }
            INTERNAL_SERVER_ERROR
        }
    };
    if r.has_begun() {
        return r.break_off();
    }
    // What the program's head said doesn't hold for the answer that comes now.
    let _ = r.set_text(field::STATUS_LINE, None);
    status
}

fn log(r: Request<'_>, level: u32, text: &str) {
    let mark = Mark { file: file!().as_bytes(), line: line!(), module_index: module_index() };
    rerror(mark, level, 0, r, format!("mod_wasm: {text}").as_bytes());
}
