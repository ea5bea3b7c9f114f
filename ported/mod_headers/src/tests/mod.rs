//! The port's logic on a fake host; knows nothing of httpd. What native answers is the concern of compat-tests.

mod actions;
mod directives;
mod edits;
mod plans;
mod properties;
mod values;

use crate::config::Config;
use crate::entry::{ErrorText, header, request_header};
use apache_module::ffi::table::{ERR_HEADERS_OUT, HEADERS_IN, HEADERS_OUT};
use apache_module::{Directive, Request};
use fake_host::FakeHost;

/// A host whose directives are parsed into one section.
struct Section {
    host: FakeHost,
    config: Config,
}

impl Section {
    /// A section of these lines, each valid.
    fn of(lines: &[&str]) -> Section {
        let mut section = Section { host: FakeHost::install(), config: Config::default() };
        for line in lines {
            section.add(line.as_bytes()).unwrap_or_else(|why| panic!("{line}: {}", String::from_utf8_lossy(&why)));
        }
        section
    }

    /// Parses one more line.
    fn add(&mut self, line: &[u8]) -> Result<(), ErrorText> {
        let (name, args) = line.split_at(line.iter().position(|b| *b == b' ').unwrap_or(line.len()));
        self.host.state_mut().directive_args = args.trim_ascii().to_vec();
        let parse = if name == b"Header" { header } else { request_header };
        parse(&Directive::current(), &mut self.config)
    }

    fn with(self, table: u32, entries: &[(&str, &str)]) -> Section {
        let add = |(name, value): &(&str, &str)| {
            self.host.state_mut().tables.entry(table).or_default().add(name.as_bytes(), value.as_bytes());
        };
        entries.iter().for_each(add);
        self
    }

    fn request(&self) -> Request {
        self.host.request()
    }

    /// Runs what happens to the answer's headers; gives r->headers_out.
    fn answer(&self) -> Vec<(String, String)> {
        crate::answer(&self.config, &self.request());
        self.host.table(HEADERS_OUT)
    }

    /// Runs what happens to the request's headers; gives r->headers_in.
    fn request_headers(&self) -> Vec<(String, String)> {
        crate::request(&self.config, &self.request());
        self.host.table(HEADERS_IN)
    }

    fn errors(&self) -> Vec<(String, String)> {
        self.host.table(ERR_HEADERS_OUT)
    }

    fn log(&self) -> Vec<String> {
        self.host.state().log.iter().map(|(_, message)| String::from_utf8_lossy(message).into_owned()).collect()
    }
}

fn entries(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

/// The error text of one line.
fn error(line: &str) -> String {
    let refused = Section::of(&[]).add(line.as_bytes()).expect_err(line);
    String::from_utf8(refused).expect("an error text of ASCII words")
}
