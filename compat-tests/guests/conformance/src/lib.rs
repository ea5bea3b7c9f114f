//! A module that calls any host function as it is told, `function;argument;…&function;…`, and prints what comes back, a
//! line for each call; `../calls_c/conformance_c.c` is the same in C and says how arguments are written.

mod call;

use apache_module::{APLOG_NOTICE, Directive, Event, Filter, Flow, Merge, Request, Status, ffi, field};
use call::Arguments;
use std::cell::RefCell;
use std::collections::BTreeMap;

apache_module::module! {
    name: "mod_conformance.c",
    dir_config: Config,
    directives: {
        "ConformanceCalls", TAKE_ARGV, OR_FILEINFO | ACCESS_CONF | RSRC_CONF, dir: on_calls, "a name, calls, and what they open";
    },
    hooks: { post_config(MIDDLE): post_config; fixups(FIRST): fixups; handler(MIDDLE): handler; },
    mutexes: { "conformance"; },
    offers: { "ap_register_rewrite_mapfunc"; },
    output_filters: { "CONFORMANCE", FTYPE_RESOURCE: output; },
    input_filters: { "CONFORMANCE", FTYPE_RESOURCE: input; },
}

/// Nothing: what directives give is kept by name.
#[derive(Default)]
pub struct Config;

impl Merge for Config {
    fn merge(&self, _: &Config) -> Config {
        Config
    }
}

/// The results of calls in a row.
#[derive(Clone, Default)]
pub struct Results {
    values: Vec<i64>,
    text: String,
}

impl Results {
    fn value(&self, which: usize) -> i64 {
        self.values.get(which).copied().unwrap_or(0)
    }
}

thread_local! {
    /// What ConformanceCalls directives gave, by name, in this instance.
    static NAMED: RefCell<BTreeMap<String, Results>> = const { RefCell::new(BTreeMap::new()) };
}

fn named(name: &str) -> Option<Results> {
    NAMED.with_borrow(|named| named.get(name).cloned())
}

/// Printable bytes as they are, others as `\x0a`.
fn shown(bytes: &[u8]) -> String {
    let one = |byte: &u8| match byte {
        b' '..=b'~' if *byte != b'\\' => char::from(*byte).to_string(),
        byte => format!("\\x{byte:02x}"),
    };
    bytes.iter().map(one).collect()
}

fn all(calls: &str) -> Results {
    let mut so_far = Results::default();
    for call in calls.split('&') {
        let mut words = call.split(';');
        let name = words.next().unwrap_or_default();
        let (value, text) = match call::call(name, &mut Arguments::new(words, &so_far)) {
            Some(answer) => (answer.value(), answer.to_string()),
            None => (-1, format!("no function {name}")),
        };
        so_far.values.push(value);
        so_far.text += &(text + "\n");
    }
    so_far
}

/// The calls of a query string that are for this phase, `phase:calls`.
fn calls_for(r: &Request, phase: &str) -> Option<String> {
    let args = String::from_utf8_lossy(&r.text(field::ARGS)?).into_owned();
    args.strip_prefix(phase)?.strip_prefix(':').map(str::to_string)
}

/// `ConformanceCalls name calls …`: what else stands there only names what the calls open. Those of post_config wait for
/// that hook; those of `wrong` make the directive fail.
fn on_calls(directive: &Directive, _: &mut Config) -> Result<(), String> {
    let words: Vec<_> = directive.words().iter().map(|word| String::from_utf8_lossy(word).into_owned()).collect();
    let [name, calls, ..] = words.as_slice() else { return Err("two words are needed".to_string()) };
    let given = if name == "post_config" { Results { text: calls.clone(), ..Results::default() } } else { all(calls) };
    NAMED.with_borrow_mut(|named| named.insert(name.clone(), given.clone()));
    if name == "wrong" { Err(given.text) } else { Ok(()) }
}

fn post_config(_: &Request) -> Status {
    if let Some(waiting) = named("post_config") {
        let text = format!("post_config: {}", shown(all(&waiting.text).text.as_bytes()));
        ffi::ap_log_error(0, file!().as_bytes(), line!(), APLOG_NOTICE, 0, text.as_bytes());
    }
    Status::OK
}

fn fixups(r: &Request) -> Status {
    if let Some(calls) = calls_for(r, "fixups") {
        r.notes().set("conformance", all(&calls).text);
    }
    Status::DECLINED
}

fn handler(r: &Request) -> Status {
    if r.handler().as_deref() != Some(b"conformance") {
        return Status::DECLINED;
    }
    r.set_content_type(Some(b"text/plain"));
    if let Some(before) = r.notes().get("conformance") {
        r.write(before);
    }
    if let Some(calls) = calls_for(r, "handler") {
        r.write(all(&calls).text);
    }
    if let Some(given) = calls_for(r, "directive").and_then(|name| named(&name)) {
        r.write(given.text);
    }
    Status::OK
}

/// Does the calls for each chunk, whose place what they print takes.
fn filter(f: &mut Filter, r: &Request, event: Event, phase: &str) -> Flow {
    match calls_for(r, phase) {
        Some(calls) if matches!(event, Event::Data(_)) => {
            f.write(all(&calls).text);
            Flow::Replace
        }
        _ => Flow::Pass,
    }
}

fn output(f: &mut Filter, r: &Request, event: Event) -> Flow {
    filter(f, r, event, "output")
}

fn input(f: &mut Filter, r: &Request, event: Event) -> Flow {
    filter(f, r, event, "input")
}
