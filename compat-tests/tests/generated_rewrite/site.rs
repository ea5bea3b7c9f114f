//! A random virtual host: rules in its contexts, the requests to it, and all of that written as a compat
//! case; it runs nothing.
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::hunt;
use crate::rule::{options, rule};

/// What stands before the virtual hosts: the server's own engine and maps; those inherit its rules that ask for it.
/// Long requests end soon, paths that grow with each round, and looking ahead from within looking ahead.
pub const PREAMBLE: &str = "\
LimitRequestLine 600
LimitInternalRecursion 6 3
RewriteEngine on
RewriteMap m txt:${ROOT}/server.map
RewriteMap rnd rnd:${ROOT}/server.map
#= server.map
#| a from-server
#| hello.txt page.html
";

const FIXED: &str = "\
RewriteRule ^/server/(.*)$ /$1
RewriteCond %{QUERY_STRING} server=(\\w+)
RewriteRule ^/?(.*) /$1?server=%1-seen [QSA,E=C:server]
RewriteRule (hello) - [CO=server:$1:a.example]
";

/// The rest of the main server's part: its options and rules.
pub fn main_server() -> impl Strategy<Value = String> {
    let made = (options(), vec(rule(), 0..4)).prop_map(|(options, rules)| {
        options.iter().chain(rules.iter().flatten()).map(|line| format!("{line}\n")).collect()
    });
    prop_oneof![1 => Just(FIXED.to_owned()), 2 => made]
}

/// Rules of one place, and the options there.
#[derive(Clone, Debug)]
struct Rules {
    options: Vec<String>,
    rules: Vec<Vec<String>>,
    engine: bool,
    base: Option<&'static str>,
}

/// What one virtual host says, context by context, and what it is asked.
#[derive(Clone, Debug)]
pub struct Site {
    vhost: Rules,
    directory: Option<Rules>,
    location: Option<Rules>,
    htaccess: Option<Rules>,
    below: Option<Rules>,
    error_document: bool,
    requests: Vec<Asked>,
}

/// One request: its first line, where `{name}` is the host's name, and its headers.
#[derive(Clone, Debug)]
struct Asked {
    line: String,
    headers: Vec<&'static str>,
}

/// Any site.
pub fn site() -> impl Strategy<Value = Site> {
    let context = |most: usize| prop_oneof![2 => Just(None), 3 => rules(most, true).prop_map(Some)];
    (
        rules(5, false),
        context(3),
        prop_oneof![4 => Just(None), 1 => rules(2, true).prop_map(Some)],
        context(4),
        context(3),
        any::<bool>(),
        vec(asked(), 4..9),
    )
        .prop_map(|(vhost, directory, location, htaccess, below, error_document, requests)| Site {
            vhost,
            directory,
            location,
            htaccess,
            below,
            error_document,
            requests,
        })
}

fn rules(most: usize, based: bool) -> impl Strategy<Value = Rules> {
    let bases = if based { BASES } else { &[None] };
    (options(), vec(rule(), 0..=most), prop_oneof![12 => Just(true), 1 => Just(false)], select(bases))
        .prop_map(|(options, rules, engine, base)| Rules { options, rules, engine, base })
}

const BASES: &[Option<&str>] = &[None, None, None, None, Some("/"), Some("/dir"), Some("/alias/"), Some("/nothing/")];

fn asked() -> impl Strategy<Value = Asked> {
    let path = prop_oneof![
        5 => select(PATHS).prop_map(str::to_owned),
        2 => vec(select(PARTS), 1..5).prop_map(|parts| format!("/{}", parts.concat())),
    ];
    let query = prop_oneof![3 => Just(""), 2 => select(QUERIES)];
    let method = prop_oneof![10 => Just("GET"), 1 => Just("HEAD"), 1 => Just("POST"), 1 => Just("OPTIONS")];
    (method, path, query, vec(select(HEADERS), 0..3))
        .prop_map(|(method, path, query, headers)| Asked { line: format!("{method} {path}{query}"), headers })
}

const PATHS: &[&str] = &[
    "/",
    "/a",
    "/b",
    "/b/x",
    "/c/1",
    "/c/12/name",
    "/hello.txt",
    "/hello.txt",
    "/page.html",
    "/show.shtml",
    "/show.shtml/info",
    "/dir",
    "/dir/",
    "/dir/file.txt",
    "/dir/a",
    "/dir/sub/deep.txt",
    "/dir/sub/x",
    "/nothing",
    "/alias/other.txt",
    "/alias/x",
    "/a%20b",
    "/x%3fy",
    "/x%26y=z",
    "/a//b",
    "/%61",
    "/a%2fb",
    "/a%25b",
    "/%e4%f6",
    "/a+b",
    "/xy",
    "/server/hello.txt",
    "/server/a",
    "/a%0ab",
    "/~root/x",
    "http://{name}/a",
    "/a;b=c",
    "/a%23b",
    "/./b",
    "/HELLO.TXT",
    "/http://h/x",
    "/mailto:x",
];

const PARTS: &[&str] = &[
    "a",
    "b",
    "c",
    "x",
    "y",
    "1",
    "2",
    "/",
    "/",
    ".",
    ".txt",
    "%20",
    "%3f",
    "%25",
    "%c3",
    "-",
    "=",
    "&",
    "hello",
    "show.shtml",
];

const QUERIES: &[&str] =
    &["?", "?a=b", "?x", "?id=42&a=b", "?server=one", "?a=%20b", "?a=b?c", "?%3f", "?a+b&c", "?a=\"b"];

const HEADERS: &[&str] = &[
    "X-In: one",
    "X-In: a",
    "X-In: /a",
    "X-In: a b?c",
    "X-In: 10",
    "X-In: ",
    "User-Agent: made/1.0",
    "Referer: http://h.example/a",
    "Cookie: a=b; n=1",
    "Accept: text/html",
    "Forwarded: for=1.2.3.4",
    "Proxy-Connection: close",
    "X-In: %{HTTP_HOST}$1",
];

impl Rules {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("RewriteEngine {}", if self.engine { "on" } else { "off" })];
        lines.extend(self.options.iter().cloned());
        lines.extend(self.base.map(|base| format!("RewriteBase {base}")));
        lines.extend(self.rules.iter().flatten().cloned());
        lines
    }
}

impl hunt::Site for Site {
    fn case(&self, name: &str) -> String {
        let mut text = format!(
            "<VirtualHost 127.0.0.1:${{PORT}}>\n    ServerName {name}\n    DocumentRoot \"${{ROOT}}/htdocs/{name}\"\n    \
             RewriteMap m txt:${{ROOT}}/site.map\n    RewriteMap rnd rnd:${{ROOT}}/site.map\n    \
             RewriteMap up int:toupper\n    RewriteMap low int:tolower\n    RewriteMap esc int:escape\n    \
             RewriteMap un int:unescape\n"
        );
        if self.error_document {
            text.push_str("    ErrorDocument 404 /show.shtml\n");
        }
        for line in self.vhost.lines() {
            text.push_str(&format!("    {line}\n"));
        }
        section(&mut text, &format!("Directory \"${{ROOT}}/htdocs/{name}\""), self.directory.as_ref());
        section(&mut text, "Location \"/\"", self.location.as_ref());
        text.push_str("</VirtualHost>\n");
        file(&mut text, &format!("htdocs/{name}/.htaccess"), self.htaccess.as_ref());
        file(&mut text, &format!("htdocs/{name}/dir/.htaccess"), self.below.as_ref());
        text.push_str(
            "#= site.map\n#| a mapped-a\n#| b b|b\n#| hello.txt show.shtml\n#| hello Hello\n#| x a?b\n#| 1 one\n",
        );
        text.push_str(&format!(
            "#$ mkdir -p htdocs/{name}; cp -rp htdocs/dir htdocs/*.* htdocs/{name}; ln -sf hello.txt htdocs/{name}/link.txt\n"
        ));
        for Asked { line, headers } in &self.requests {
            text.push_str(&format!("#> {} HTTP/1.1\n#> Host: {name}\n", line.replace("{name}", name)));
            for header in headers {
                text.push_str(&format!("#> {header}\n"));
            }
            if line.starts_with("POST ") {
                text.push_str("#> Content-Length: 3\n#>\n#> a=b\n#\n");
            }
        }
        text
    }

    fn questions(&self) -> usize {
        self.requests.len()
    }
}

fn section(text: &mut String, opening: &str, rules: Option<&Rules>) {
    let Some(rules) = rules else { return };
    text.push_str(&format!("    <{opening}>\n"));
    for line in rules.lines() {
        text.push_str(&format!("        {line}\n"));
    }
    text.push_str(&format!("    </{}>\n", opening.split(' ').next().unwrap_or(opening)));
}

fn file(text: &mut String, path: &str, rules: Option<&Rules>) {
    let Some(rules) = rules else { return };
    text.push_str(&format!("#= {path}\n"));
    for line in rules.lines() {
        text.push_str(&format!("#| {line}\n"));
    }
}
