//! A module for WASI that does what the query string says, `word+word`, with what the configuration gives it: variables,
//! arguments, directories, the standard streams. Its directive does the same while the configuration is read.

use apache_module::{Directive, Merge, Request, Status};
use std::cell::RefCell;
use std::io::{ErrorKind, Read, Seek, Write, stdin};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

apache_module::module! {
    name: "mod_given.c",
    dir_config: Config,
    directives: { "GivenIs", TAKE12, OR_ALL, dir: is, "words as in a query, and what comes of it"; },
    hooks: { handler: handler; fixups: fixups; log_transaction: log; },
}

#[derive(Default)]
struct Config;

impl Merge for Config {
    fn merge(&self, _: &Config) -> Config {
        Config
    }
}

/// What std never does.
#[allow(unsafe_code, reason = "an import is declared")]
mod raw {
    #[link(wasm_import_module = "wasi_snapshot_preview1")]
    unsafe extern "C" {
        pub safe fn fd_close(fd: i32) -> i32;
    }
}

fn is(directive: &Directive, _: &mut Config) -> Result<(), String> {
    let words = directive.words();
    let text =
        |at: usize| words.get(at).map(|word| String::from_utf8_lossy(word.as_ref()).into_owned()).unwrap_or_default();
    match act(&text(0).split('+').collect::<Vec<_>>()) {
        Ok(said) if said == text(1) => Ok(()),
        Ok(said) | Err(said) => Err(format!("it is {said}")),
    }
}

fn words(r: &Request) -> Vec<String> {
    String::from_utf8_lossy(&r.args().unwrap_or_default()).split('+').map(str::to_owned).collect()
}

/// Answers at `/given`.
fn handler(r: &Request) -> Status {
    if r.uri() != b"/given" {
        return Status::DECLINED;
    }
    let words = words(r);
    match act(&words.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(said) => r.write(said + "\n"),
        Err(error) => r.write(format!("refused: {error}\n")),
    }
    Status::OK
}

/// Elsewhere it ends where `hook+…` says so.
fn fixups(r: &Request) -> Status {
    if let ["fixups", rest @ ..] = &words(r).iter().map(String::as_str).collect::<Vec<_>>()[..] {
        let _ = act(rest);
    }
    Status::DECLINED
}

fn log(r: &Request) -> Status {
    if let ["log", rest @ ..] = &words(r).iter().map(String::as_str).collect::<Vec<_>>()[..] {
        let _ = act(rest);
    }
    Status::DECLINED
}

thread_local! {
    static KEPT: RefCell<Option<fs::File>> = const { RefCell::new(None) };
}

fn act(words: &[&str]) -> Result<String, String> {
    let told = |error: std::io::Error| format!("{:?}", error.kind());
    match words {
        ["variable", name] => env::var(name).map_err(|error| error.to_string()),
        ["variables"] => Ok(env::vars().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")),
        ["arguments"] => Ok(env::args().skip(1).collect::<Vec<_>>().join(" ")),
        ["name"] => Ok(env::args().next().unwrap_or_default()),
        ["read", path] => fs::read_to_string(path).map(|text| text.trim_end().to_owned()).map_err(told),
        // Keeps a file open where it may, which is where the server's user parses the directive first; reads what is kept.
        ["keep", path] => {
            match fs::File::open(path) {
                Ok(file) => drop(KEPT.replace(Some(file))),
                Err(error) if error.kind() == ErrorKind::PermissionDenied => {}
                Err(error) => return Err(told(error)),
            }
            Ok("tried to".to_owned())
        }
        ["kept"] => {
            let Some(mut file) = KEPT.take() else { return Err("nothing is kept".to_owned()) };
            let mut text = String::new();
            let read = file.rewind().and_then(|()| file.read_to_string(&mut text));
            KEPT.replace(Some(file));
            read.map(|_| text).map_err(told)
        }
        ["write", path, text] => fs::write(path, text).map(|()| "written".to_owned()).map_err(told),
        ["list", path] => {
            let names = fs::read_dir(path).map_err(told)?;
            let mut names: Vec<_> =
                names.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
            names.sort();
            Ok(names.join(" "))
        }
        // As many as it may, kept open until it has told.
        ["open", path] => {
            let files: Result<Vec<_>, _> = (0..1_000).map(|_| fs::File::open(path)).collect();
            files.map(|files| files.len().to_string()).map_err(told)
        }
        // The same, and each time closes a file that isn't open.
        ["open", path, "wild"] => {
            let files: Result<Vec<_>, _> =
                (0..1_000).map(|_| fs::File::open(path).inspect(|_| _ = raw::fd_close(9_999))).collect();
            files.map(|files| files.len().to_string()).map_err(told)
        }
        ["input"] => {
            let mut text = String::new();
            stdin().read_to_string(&mut text).map(|length| length.to_string()).map_err(told)
        }
        ["print", text] => {
            print!("printed {text}\nand ");
            println!("more");
            eprint!("an error: {text}");
            std::io::stdout().flush().map_err(told)?;
            Ok("printed".to_owned())
        }
        ["flood", lines] => {
            (0..lines.parse().unwrap_or(0)).for_each(|i| eprintln!("line {i} of the flood"));
            Ok("flooded".to_owned())
        }
        ["sleep", milliseconds] => {
            let begin = Instant::now();
            thread::sleep(Duration::from_millis(milliseconds.parse().unwrap_or(0)));
            Ok(format!("{}", begin.elapsed() >= Duration::from_millis(milliseconds.parse().unwrap_or(0))))
        }
        ["exit", status] => process::exit(status.parse().unwrap_or(0)),
        ["abort"] => process::abort(),
        ["panic"] => panic!("as asked"),
        _ => Err("nothing to do".to_owned()),
    }
}
