//! A program for tests of content: its first argument says what it does, the others with what. Where it is run as a CGI
//! program it begins with a head, unless it does `raw`.

use std::ffi::OsString;
use std::io::{Error, ErrorKind, Read, Result, Write, stderr, stdin, stdout};
use std::os::wasi::ffi::{OsStrExt, OsStringExt};
use std::time::Duration;
use std::{env, fs, process};

fn main() {
    let arguments: Vec<OsString> = env::args_os().collect();
    let words: Vec<String> = arguments.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let query = env::var("QUERY_STRING").unwrap_or_default();
    // Requests of one place can ask for different things.
    let words: Vec<&str> = match words.iter().map(String::as_str).collect::<Vec<_>>() {
        words if words == ["query"] => query.split('+').filter(|word| !word.is_empty()).collect(),
        words => words,
    };
    if let Err(error) = act(&arguments, &words) {
        eprintln!("program: {error}");
        process::exit(1);
    }
}

fn act(arguments: &[OsString], words: &[&str]) -> Result<()> {
    let mut out = stdout();
    if env::var_os("GATEWAY_INTERFACE").is_some() && words.first() != Some(&"raw") {
        out.write_all(b"Content-Type: text/plain\n\n")?;
        out.flush()?;
    }
    match words {
        ["hello"] => out.write_all(b"Hello, world!\n"),
        ["raw", path] => out.write_all(&fs::read(path)?),
        ["args", ..] => arguments.iter().try_for_each(|word| line(word.as_bytes())),
        ["env"] => {
            let mut all: Vec<_> =
                env::vars_os().map(|(name, value)| [name.into_vec(), value.into_vec()].join(&b'=')).collect();
            all.sort();
            all.iter().try_for_each(|variable| line(variable))
        }
        ["echo"] => {
            let mut buffer = vec![0; 64 << 10];
            loop {
                match stdin().read(&mut buffer)? {
                    0 => return out.flush(),
                    length => out.write_all(&buffer[..length])?,
                }
            }
        }
        ["count"] => {
            let (mut buffer, mut length, mut sum) = (vec![0; 64 << 10], 0_u64, 0_u64);
            loop {
                match stdin().read(&mut buffer)? {
                    0 => return line(format!("{length} {sum}").as_bytes()),
                    read => {
                        length += read as u64;
                        sum = buffer[..read]
                            .iter()
                            .fold(sum, |sum, byte| sum.wrapping_mul(31).wrapping_add((*byte).into()));
                    }
                }
            }
        }
        ["bytes", count] => {
            let (block, mut left) = ([b'x'; 8_000], number(count)?);
            while left > 0 {
                let length = left.min(block.len());
                out.write_all(&block[..length])?;
                left -= length;
            }
            out.flush()
        }
        ["say", rest @ ..] => line(rest.join(" ").as_bytes()),
        ["complain", lines] => (0..number(lines)?).try_for_each(|i| writeln!(stderr(), "complaint {i}")),
        ["complain-oddly"] => stderr().write_all(b"first half, \x1b[31msecond half\r\nno end"),
        ["exit", status] => process::exit(number(status)? as i32),
        // What it has written so far has gone to httpd.
        ["write-and-exit", count, status] => {
            out.write_all("y".repeat(number(count)?).as_bytes())?;
            out.flush()?;
            process::exit(number(status)? as i32)
        }
        ["panic"] => panic!("as it was told to"),
        ["loop"] => loop {
            std::hint::black_box(words);
        },
        ["memory"] => {
            let mut all: Vec<Vec<u8>> = Vec::new();
            loop {
                all.push(vec![1; 1 << 20]);
                std::hint::black_box(&all);
            }
        }
        ["memory", megabytes] => {
            let all = vec![1_u8; number(megabytes)? << 20];
            line(format!("{} bytes", std::hint::black_box(&all).len()).as_bytes())
        }
        ["deep"] => line(deep(0).to_string().as_bytes()),
        ["sleep", milliseconds] => {
            std::thread::sleep(Duration::from_millis(number(milliseconds)? as u64));
            line(b"awake")
        }
        ["slowly", times, milliseconds] => (0..number(times)?).try_for_each(|i| {
            line(format!("line {i}").as_bytes())?;
            std::thread::sleep(Duration::from_millis(number(milliseconds)? as u64));
            Ok(())
        }),
        ["read", path] => out.write_all(&fs::read(path)?),
        ["write", path, text] => fs::write(path, text).and_then(|()| line(b"written")),
        ["append", path, text] => {
            let mut file = fs::File::options().append(true).create(true).open(path)?;
            file.write_all(text.as_bytes())?;
            line(b"appended")
        }
        ["list", path] => {
            let mut names: Vec<_> =
                fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.file_name())).collect::<Result<_>>()?;
            names.sort();
            names.iter().try_for_each(|name| line(name.as_bytes()))
        }
        ["clock"] => {
            let seconds =
                std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_err(Error::other)?.as_secs();
            line(seconds.to_string().as_bytes())
        }
        _ => Err(Error::new(ErrorKind::InvalidInput, format!("what is {words:?}?"))),
    }
}

fn line(text: &[u8]) -> Result<()> {
    let mut out = stdout();
    out.write_all(text)?;
    out.write_all(b"\n")?;
    out.flush()
}

fn number(word: &str) -> Result<usize> {
    word.parse().map_err(|_| Error::new(ErrorKind::InvalidInput, format!("{word} is no number")))
}

#[allow(unconditional_recursion, reason = "what it is for")]
fn deep(level: u64) -> u64 {
    let local = std::hint::black_box([level; 64]);
    deep(local[0] + 1) + local[1]
}
