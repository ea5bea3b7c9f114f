//! A module whose handler does what the query string says, `function;argument;…`, and prints the answer. It knows the
//! host API of a request, and not what its answers should be.

mod auth;
mod body;
mod fields;
mod response;
mod texts;

use apache_module::{Request, State, Status, text};

apache_module::module! {
    name: "mod_request_api.c",
    hooks: {
        fixups(MIDDLE): visit;
        handler(MIDDLE): handler;
    },
}

/// What is kept with a request: how often fixups ran for it and for those that it was redirected from.
struct Visits(u32);

impl State for Visits {
    const KEY: &'static str = "visits";

    fn save(&self) -> Vec<u8> {
        self.0.to_le_bytes().to_vec()
    }

    fn load(bytes: &[u8]) -> Option<Visits> {
        Some(Visits(u32::from_le_bytes(bytes.try_into().ok()?)))
    }
}

fn visit(r: &Request) -> Status {
    let before = r.state::<Visits>().map_or(0, |visits| visits.0);
    r.set_state(&Visits(before + 1));
    Status::DECLINED
}

fn handler(r: &Request) -> Status {
    if r.handler().as_deref() != Some(b"request-api") {
        return Status::DECLINED;
    }
    r.set_content_type(Some(b"text/plain"));
    let args = r.args().unwrap_or_default();
    let words: Vec<_> = args.split(|byte| *byte == b';').map(text::unescape_url).collect();
    let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
    let Some((function, arguments)) = words.split_first() else { return Status::DECLINED };
    let answer = match (*function, arguments) {
        (b"visits", []) => Ok(format!("{:?}", r.state::<Visits>().map(|visits| visits.0))),
        (b"megabytes", [count]) => {
            let part = vec![b'm'; 1 << 20];
            for _ in 0..str::from_utf8(count).ok().and_then(|count| count.parse().ok()).unwrap_or(0) {
                r.write(&part);
            }
            return Status::OK;
        }
        (b"redirect", [uri]) => {
            r.internal_redirect(uri);
            return Status::OK;
        }
        _ => fields::call(r, function, arguments)
            .or_else(|| texts::call(function, arguments).map(Ok))
            .or_else(|| body::call(r, function, arguments))
            .or_else(|| response::call(r, function, arguments))
            .or_else(|| auth::call(r, function, arguments))
            .unwrap_or_else(|| Ok("no such function".to_string())),
    };
    match answer {
        Ok(text) => {
            r.write(text + "\n");
            Status::OK
        }
        Err(status) => status,
    }
}

/// What a function prints, or the status that the handler answers with.
type Answer = Result<String, Status>;

/// Bytes as text that can be read back.
fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

fn shown_or_none(bytes: Option<Vec<u8>>) -> String {
    bytes.map_or("NONE".to_string(), |bytes| shown(&bytes))
}

/// The number that a word says, 0 where it says none.
fn number(word: &[u8]) -> i64 {
    String::from_utf8_lossy(word).parse().unwrap_or(0)
}
