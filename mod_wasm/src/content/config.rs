//! What a section says about the program that makes its content, and how an inner section changes it. Runs nothing.

use super::program::Program;
use crate::httpd::own::{ACCESS_CONF, FLAG, OR_OPTIONS, RSRC_CONF, TAKE1, TAKE2};
use crate::own::{Command, Dir, Directive, Merge};
use crate::wasi::{Given, Strings};
use std::ffi::CStr;
use std::sync::{Arc, OnceLock};

/// What opens the server's files is for the administrator: in a .htaccess file it stands only where AllowOverrideList
/// names it.
const ADMINISTRATOR: u32 = RSRC_CONF | ACCESS_CONF;

/// Its directives, which are those of vmware-labs/mod_wasm.
pub(crate) const COMMANDS: &[Command] = &[
    command(c"WasmModule", TAKE1, ADMINISTRATOR, c"the file of a WASI program", |dir, it| {
        dir.content.edit()?.set_module(it)
    }),
    command(
        c"WasmEntryPoint",
        TAKE1,
        OR_OPTIONS,
        c"the function of the program that is called, in place of _start",
        |dir, it| dir.content.edit()?.set_entry_point(it),
    ),
    command(c"WasmArg", TAKE1, OR_OPTIONS, c"an argument of the program", |dir, it| {
        dir.content.edit()?.given_mut().arguments.push(it.word(0).to_vec());
        Ok(())
    }),
    command(c"WasmEnv", TAKE2, OR_OPTIONS, c"a variable of the program's environment, and its value", |dir, it| {
        dir.content.edit()?.given_mut().set_variable(it.word(0), it.word(1))
    }),
    command(c"WasmDir", TAKE1, ADMINISTRATOR, c"a directory that the program may use", |dir, it| {
        dir.content.edit()?.given_mut().add_directory(it.pool, it.word(0), it.word(0), false)
    }),
    command(
        c"WasmMapDir",
        TAKE2,
        ADMINISTRATOR,
        c"a directory as the program sees it, and the server's directory behind it",
        |dir, it| dir.content.edit()?.given_mut().add_directory(it.pool, it.word(0), it.word(1), true),
    ),
    command(c"WasmEnableCGI", FLAG, OR_OPTIONS, c"On or Off: whether it is run as a CGI program", |dir, it| {
        dir.content.edit()?.cgi = Some(it.word(0) == b"1");
        Ok(())
    }),
    command(
        c"WasmMapCGIFileNames",
        FLAG,
        OR_OPTIONS,
        c"On or Off: whether a CGI program is told paths as WasmMapDir maps them",
        |dir, it| {
            dir.content.edit()?.map_file_names = Some(it.word(0) == b"1");
            Ok(())
        },
    ),
];

type Take = fn(&mut Dir, &Directive<'_>) -> Result<(), Vec<u8>>;

const fn command(name: &'static CStr, args_how: u32, allowed: u32, help: &'static CStr, run: Take) -> Command {
    Command { name, args_how, allowed, never: 0, help, run }
}

/// What a section says about content.
#[derive(Clone, Default)]
pub(crate) struct Config {
    program: Option<Arc<Program>>,
    entry_point: Option<String>,
    /// What programs and scripts are given.
    given: Arc<Given>,
    cgi: Option<bool>,
    map_file_names: Option<bool>,
    /// Arguments and environment as WASI wants them, made for the first request.
    strings: OnceLock<[Strings; 2]>,
}

impl Merge for Config {
    fn merge(&self, add: &Config) -> Config {
        // Arguments and entry point belong to a program: another one begins without.
        let mut given = Given::clone(&self.given);
        if add.program.is_some() {
            given.arguments.clear();
        }
        given.add(&add.given);
        let entry_point =
            add.entry_point.clone().or_else(|| self.entry_point.clone().filter(|_| add.program.is_none()));
        Config {
            program: add.program.as_ref().or(self.program.as_ref()).cloned(),
            entry_point,
            given: Arc::new(given),
            cgi: add.cgi.or(self.cgi),
            map_file_names: add.map_file_names.or(self.map_file_names),
            strings: OnceLock::new(),
        }
    }
}

impl Config {
    fn set_module(&mut self, directive: &Directive<'_>) -> Result<(), Vec<u8>> {
        let written = directive.word(0);
        let path = directive.pool.server_root_relative(written).ok_or("WasmModule: invalid path")?;
        let program = if directive.context.in_htaccess {
            // Nothing is compiled for a request, and who writes such a file is not to choose what is.
            Program::loaded(path)
                .ok_or("WasmModule in a .htaccess file takes a program that the server's configuration has loaded")?
        } else {
            Program::load(path, directive.pool)
                .map_err(|why| [b"WasmModule ", written, b": ", why.as_bytes()].concat())?
        };
        self.program = Some(program);
        self.check_entry_point()
    }

    fn set_entry_point(&mut self, directive: &Directive<'_>) -> Result<(), Vec<u8>> {
        let name = std::str::from_utf8(directive.word(0)).map_err(|_| "WasmEntryPoint: a function's name is UTF-8")?;
        self.entry_point = Some(name.to_owned());
        self.check_entry_point()
    }

    /// Where one section names both the program and its function, they are to fit.
    fn check_entry_point(&self) -> Result<(), Vec<u8>> {
        match (&self.program, &self.entry_point) {
            (Some(program), Some(name)) => {
                program.check_entry_point(name).map_err(|why| format!("WasmEntryPoint: {why}").into_bytes())
            }
            _ => Ok(()),
        }
    }

    /// The program; `None` where no section names one.
    pub(super) fn program(&self) -> Option<&Arc<Program>> {
        self.program.as_ref()
    }

    /// The function that is called.
    pub(super) fn entry_point(&self) -> &str {
        self.entry_point.as_deref().unwrap_or("_start")
    }

    /// What programs and scripts are given.
    pub(crate) fn given(&self) -> &Arc<Given> {
        &self.given
    }

    fn given_mut(&mut self) -> &mut Given {
        Arc::make_mut(&mut self.given)
    }

    /// Whether it is run as a CGI program.
    pub(super) fn is_cgi(&self) -> bool {
        self.cgi.unwrap_or(false)
    }

    /// The program's arguments, its own name first.
    pub(super) fn arguments(&self) -> &Strings {
        &self.strings()[0]
    }

    /// The environment that WasmEnv gives.
    pub(super) fn environment(&self) -> &Strings {
        &self.strings()[1]
    }

    fn strings(&self) -> &[Strings; 2] {
        self.strings.get_or_init(|| self.given.strings(self.program.as_ref().map(|program| program.path())))
    }

    /// A path of the server as the program sees it by the longest map that leads there, in its part before and its part
    /// after; `None` where it is to be told the server's path.
    pub(super) fn map<'p>(&'p self, path: &'p [u8]) -> Option<(&'p [u8], &'p [u8])> {
        if !self.map_file_names.unwrap_or(false) {
            return None;
        }
        let below = |directory: &'p crate::wasi::Directory| {
            let host = directory.host.strip_suffix(b"/").unwrap_or(&directory.host);
            let rest = path.strip_prefix(host)?;
            let guest = directory.guest.as_bytes();
            let is_below = rest.is_empty() || rest.starts_with(b"/");
            is_below.then_some((
                host.len(),
                if rest.is_empty() { guest } else { guest.strip_suffix(b"/").unwrap_or(guest) },
                rest,
            ))
        };
        let maps = self.given.directories().iter().filter(|directory| directory.mapped).filter_map(below);
        maps.max_by_key(|(length, ..)| *length).map(|(_, guest, rest)| (guest, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasi::Directory;

    fn mapping(maps: &[(&str, &str)]) -> Config {
        let mut config = Config { map_file_names: Some(true), ..Config::default() };
        for (guest, host) in maps {
            config.given_mut().put_directory(Directory {
                guest: (*guest).to_owned(),
                host: host.as_bytes().to_vec(),
                mapped: true,
            });
        }
        config
    }

    fn mapped(config: &Config, path: &str) -> String {
        let (before, after) = config.map(path.as_bytes()).unwrap_or((path.as_bytes(), b""));
        String::from_utf8([before, after].concat()).unwrap()
    }

    #[test]
    fn the_longest_map_counts() {
        let config = mapping(&[("/app", "/srv/www"), ("/", "/"), ("/in", "/srv/www/inner/"), (".", "/srv/here")]);
        for (path, seen) in [
            ("/srv/www/a.php", "/app/a.php"),
            ("/srv/www", "/app"),
            ("/srv/www/inner/b.php", "/in/b.php"),
            ("/srv/www-old/c.php", "/srv/www-old/c.php"),
            ("/srv/here/d", "./d"),
            ("/", "/"),
        ] {
            assert_eq!(mapped(&config, path), seen);
        }
        assert_eq!(mapped(&mapping(&[("/app", "/srv")]), "/home/x"), "/home/x");
        assert_eq!(Config::default().map(b"/srv"), None);
    }

    #[test]
    fn an_inner_section_adds_and_replaces() {
        let (mut outer, mut inner) =
            (mapping(&[("/a", "/outer/a"), ("/b", "/outer/b")]), mapping(&[("/b", "/inner/b")]));
        outer.given_mut().set_variable(b"A", b"1").unwrap();
        outer.given_mut().set_variable(b"B", b"2").unwrap();
        outer.given_mut().arguments = vec![b"x".to_vec()];
        outer.entry_point = Some("run".to_owned());
        outer.cgi = Some(true);
        inner.given_mut().set_variable(b"B", b"3").unwrap();
        let merged = outer.merge(&inner);
        assert_eq!(merged.environment().bytes(), b"A=1\0B=3\0");
        assert_eq!(merged.given.arguments, [b"x".to_vec()]);
        assert_eq!(merged.entry_point(), "run");
        assert!(merged.is_cgi());
        let hosts: Vec<_> = merged.given.directories().iter().map(|directory| directory.host.as_slice()).collect();
        assert_eq!(hosts, [b"/outer/a", b"/inner/b"]);
        inner.given_mut().arguments = vec![b"y".to_vec(), b"z".to_vec()];
        inner.cgi = Some(false);
        let merged = outer.merge(&inner);
        assert_eq!(merged.given.arguments, [b"y".to_vec(), b"z".to_vec()]);
        assert!(!merged.is_cgi());
    }
}
