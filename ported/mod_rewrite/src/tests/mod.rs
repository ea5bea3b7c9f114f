//! The port's logic on a fake host; knows nothing of httpd. What native answers is the concern of compat-tests.

mod configs;
mod maps;
mod passes;
mod pure;
mod rules;
mod texts;

use crate::ErrorText;
use crate::config::{DirConfig, ServerConfig};
use crate::directives;
use apache_module::ffi::table::HEADERS_IN;
use apache_module::{Directive, Request, Status, field};
use fake_host::FakeHost;

/// A host whose directives are parsed into the server and its root directory.
struct Site {
    host: FakeHost,
    dir: DirConfig,
    server: ServerConfig,
}

impl Site {
    /// A server of these lines, each valid, with the engine on.
    fn of(lines: &[&str]) -> Site {
        let host = FakeHost::install();
        {
            let mut state = host.state_mut();
            let texts: [(u32, &str); 7] = [
                (field::DOCUMENT_ROOT, "/www"),
                (field::CONTEXT_DOCUMENT_ROOT, "/www"),
                (field::SERVER_NAME, "here"),
                (field::SERVER_NAME_FOR_URL, "here"),
                (field::SERVER_URL, "http://here"),
                (field::REQUEST_SCHEME, "http"),
                (field::METHOD, "GET"),
            ];
            state.texts.extend(texts.map(|(number, text)| (number, text.as_bytes().to_vec())));
            let numbers = [
                (field::PORT, 80),
                (field::DEFAULT_PORT, 80),
                (field::STATUS, 200),
                (field::LIMIT_REQ_LINE, 8190),
                (field::ALLOW_OPTIONS, apache_module::OPT_SYM_LINKS.into()),
            ];
            state.numbers.extend(numbers);
            state.now = 1;
            state.directive_numbers.insert(apache_module::directive_field::FIRST_PARSE, 1);
        }
        let mut site = Site { host, dir: DirConfig::default(), server: ServerConfig::default() };
        site.dir.engine = Some(true);
        site.server.engine = Some(true);
        for line in lines {
            site.add(line).unwrap_or_else(|why| panic!("{line}: {}", String::from_utf8_lossy(&why)));
        }
        site
    }

    /// Parses one more line of the server.
    fn add(&mut self, line: &str) -> Result<(), ErrorText> {
        let (name, args) = line.split_once(' ').unwrap_or((line, ""));
        let words = || args.split(' ').flat_map(|word| [word.as_bytes(), b"\0"].concat()).collect();
        let is_raw = matches!(name, "RewriteRule" | "RewriteCond");
        self.host.state_mut().directive_args = if is_raw { args.as_bytes().to_vec() } else { words() };
        let directive = Directive::current();
        match name {
            "RewriteRule" => directives::server_rule(&directive, &mut self.server),
            "RewriteCond" => directives::server_cond(&directive, &mut self.server),
            "RewriteOptions" => directives::server_options(&directive, &mut self.server),
            "RewriteBase" => directives::base(&directive, &mut self.dir),
            "RewriteMap" => directives::map(&directive, &mut self.server),
            other => panic!("{other}"),
        }
    }

    fn header(self, name: &str, value: &str) -> Site {
        self.host.state_mut().tables.entry(HEADERS_IN).or_default().add(name.as_bytes(), value.as_bytes());
        self
    }

    fn file(self, path: &str, contents: &str) -> Site {
        self.host.state_mut().files.insert(path.into(), contents.into());
        self
    }

    fn request(&self) -> Request {
        self.host.request()
    }

    fn text(&self, number: u32) -> Option<String> {
        self.host.state().texts.get(&number).map(|text| String::from_utf8_lossy(text).into_owned())
    }

    /// Asks for a URL; what the server's rules make of it: the status, r->filename and r->args.
    fn get(&self, url: &str) -> (Status, String, Option<String>) {
        let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
        {
            let mut state = self.host.state_mut();
            state.texts.insert(field::URI, path.into());
            state.texts.insert(field::UNPARSED_URI, url.into());
            state.texts.remove(&field::FILENAME);
            state.texts.remove(&field::ARGS);
            if let Some(query) = query {
                state.texts.insert(field::ARGS, query.into());
            }
            state.tables.remove(&apache_module::ffi::table::NOTES);
        }
        let status = crate::translate::translate_name(&self.request(), &self.dir, &self.server);
        (status, self.text(field::FILENAME).unwrap_or_default(), self.text(field::ARGS))
    }

    /// r->filename alone.
    fn name(&self, url: &str) -> String {
        self.get(url).1
    }

    fn log(&self) -> Vec<String> {
        self.host.state().log.iter().map(|(_, message)| String::from_utf8_lossy(message).into_owned()).collect()
    }
}

/// The error text of one line.
fn error(line: &str) -> String {
    let refused = Site::of(&[]).add(line).expect_err(line);
    String::from_utf8_lossy(&refused).into_owned()
}
