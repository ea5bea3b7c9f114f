//! A random virtual host: directives in its contexts, the requests to it, and all of that written as
//! a compat case; it runs nothing.
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::directive::{directive, word_soup};
use crate::hunt;

/// What one virtual host says, context by context, and what it is asked.
#[derive(Clone, Debug, Default)]
pub struct Site {
    vhost: Vec<String>,
    directory: Vec<String>,
    location: Vec<String>,
    files: Vec<String>,
    condition: Vec<String>,
    htaccess: Vec<String>,
    /// A directory for each, whose .htaccess is this line alone; it may well be wrong.
    soup: Vec<String>,
    requests: Vec<Asked>,
}

/// One request: method and path, headers.
#[derive(Clone, Debug)]
struct Asked {
    line: &'static str,
    headers: Vec<&'static str>,
}

/// Any site.
pub fn site() -> impl Strategy<Value = Site> {
    prop_oneof![4 => by_context(), 1 => by_soup()]
}

fn by_context() -> BoxedStrategy<Site> {
    let some = || vec(directive(), 0..8);
    let few = || vec(directive(), 0..3);
    (some(), few(), few(), few(), few(), some(), vec(asked(), 1..5))
        .prop_map(|(vhost, directory, location, files, condition, htaccess, requests)| Site {
            vhost,
            directory,
            location,
            files,
            condition,
            htaccess,
            soup: Vec::new(),
            requests,
        })
        .boxed()
}

fn by_soup() -> BoxedStrategy<Site> {
    vec(word_soup(), 1..10).prop_map(|soup| Site { soup, ..Site::default() }).boxed()
}

fn asked() -> impl Strategy<Value = Asked> {
    let line = select(
        &[
            "GET /file.txt",
            "GET /file.txt",
            "GET /file.txt?a=1",
            "GET /",
            "HEAD /file.txt",
            "GET /missing",
            "GET /sub/file.txt",
            "GET /sub",
            "OPTIONS /file.txt",
            "TRACE /echo",
            "TRACE /echo",
            "TRACE /file.txt",
            "GET /old",
            "GET /forbidden/x",
            "GET /instead",
        ][..],
    );
    let header = select(
        &[
            "X-In: one",
            "X-In: one, two",
            "X-In: $1 %{V}e",
            "X-A: client",
            "x-a: again",
            "X-B: \\xe9",
            "Accept-Encoding: gzip, deflate",
            "User-Agent: raw/1.0",
            "Content-Type: text/one",
            "Range: bytes=1-3",
            "If-None-Match: \"5-59b1f7226f340\"",
            "Connection: keep-alive",
        ][..],
    );
    (line, vec(header, 0..4)).prop_map(|(line, headers)| Asked { line, headers })
}

impl hunt::Site for Site {
    fn case(&self, name: &str) -> String {
        let mut text = format!(
            "<VirtualHost 127.0.0.1:${{PORT}}>\n    ServerName {name}\n    DocumentRoot \"${{ROOT}}/htdocs/{name}\"\n    \
             SetEnv V v\n    SetEnvIf X-In \"^(.*)$\" H=$1\n    SetEnvIf X-A . SEEN\n    \
             Redirect /old /new\n    ErrorDocument 410 /file.txt\n    Redirect gone /instead\n    \
             <Location /forbidden>\n        Require all denied\n    </Location>\n"
        );
        for line in &self.vhost {
            text.push_str(&format!("    {line}\n"));
        }
        let directory = format!("Directory \"${{ROOT}}/htdocs/{name}\"");
        let override_line = ["AllowOverride FileInfo".to_owned()];
        section(&mut text, &directory, override_line.iter().chain(&self.directory));
        section(&mut text, "Location \"/\"", self.location.iter());
        section(&mut text, "Files \"*.txt\"", self.files.iter());
        section(&mut text, "If \"%{QUERY_STRING} == 'a=1'\"", self.condition.iter());
        text.push_str("</VirtualHost>\n");
        file(&mut text, &format!("{name}/file.txt"), ["file"]);
        file(&mut text, &format!("{name}/index.html"), ["<p>index"]);
        file(&mut text, &format!("{name}/sub/file.txt"), ["sub"]);
        if !self.htaccess.is_empty() {
            file(&mut text, &format!("{name}/.htaccess"), self.htaccess.iter().map(String::as_str));
        }
        for (n, line) in self.soup.iter().enumerate() {
            file(&mut text, &format!("{name}/{n}/.htaccess"), [line.as_str()]);
            file(&mut text, &format!("{name}/{n}/file.txt"), ["soup"]);
            text.push_str(&format!("#> GET /{n}/file.txt\n#> Host: {name}\n#> X-A: client\n"));
        }
        for Asked { line, headers } in &self.requests {
            text.push_str(&format!("#> {line}\n#> Host: {name}\n"));
            for header in headers {
                text.push_str(&format!("#> {header}\n"));
            }
        }
        text
    }

    fn questions(&self) -> usize {
        self.soup.len() + self.requests.len()
    }
}

fn section<'a>(text: &mut String, opening: &str, lines: impl Iterator<Item = &'a String>) {
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        return;
    }
    text.push_str(&format!("    <{opening}>\n"));
    for line in lines {
        text.push_str(&format!("        {line}\n"));
    }
    let name = opening.split(' ').next().unwrap_or(opening);
    text.push_str(&format!("    </{name}>\n"));
}

fn file<'a>(text: &mut String, path: &str, lines: impl IntoIterator<Item = &'a str>) {
    text.push_str(&format!("#= htdocs/{path}\n"));
    for line in lines {
        text.push_str(&format!("#| {line}\n"));
    }
}
