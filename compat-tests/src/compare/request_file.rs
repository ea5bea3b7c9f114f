//! Files of requests: text separated by `###` lines, or JSON. Knows what is to be sent, not where to.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::request::Request;

/// A request and where in a configuration it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    /// What the report calls it; never empty.
    pub name: String,
    /// The configuration's port that it is meant for; none is the first Listen's.
    pub port: Option<u16>,
    /// The address that it is meant for, where the configuration names some; none is any.
    pub address: Option<String>,
    /// What goes through the socket.
    pub request: Request,
}

impl Errand {
    /// A request without a body. `headers` come after Host, in their order.
    pub fn new(method: &str, host: &str, path: &str, headers: &[(&str, &str)]) -> Self {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        let bytes = (head + "\r\n").into_bytes();
        let request = Request { bytes, head: method == "HEAD", same_connection: false };
        Self { name: format!("{method} {host}{path}"), port: None, address: None, request }
    }

    /// Whether it may be sent again without a change on the server.
    pub fn is_safe(&self) -> bool {
        [&b"GET "[..], b"HEAD ", b"OPTIONS "].iter().any(|method| self.request.bytes.starts_with(method))
    }
}

/// One request of a JSON file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonRequest {
    name: Option<String>,
    port: Option<u16>,
    address: Option<String>,
    #[serde(default = "get")]
    method: String,
    path: String,
    #[serde(default = "localhost")]
    host: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    body: Option<String>,
}

fn get() -> String {
    "GET".into()
}

fn localhost() -> String {
    "localhost".into()
}

impl JsonRequest {
    fn into_errand(self) -> Errand {
        let mut headers: Vec<_> = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let length = self.body.as_ref().map(|body| body.len().to_string());
        if let Some(length) = &length {
            headers.push(("Content-Length", length));
        }
        let mut errand = Errand::new(&self.method, &self.host, &self.path, &headers);
        errand.request.bytes.extend(self.body.unwrap_or_default().bytes());
        Errand { name: self.name.unwrap_or(errand.name), port: self.port, address: self.address, ..errand }
    }
}

/// Errands as a file of requests, in the form of text.
pub fn to_text(errands: &[Errand]) -> String {
    let one = |errand: &Errand| {
        let port = errand.port.map_or_else(String::new, |port| format!("# port: {port}\n"));
        let address = errand.address.as_ref().map_or_else(String::new, |address| format!("# address: {address}\n"));
        let request = String::from_utf8_lossy(&errand.request.bytes).replace("\r\n", "\n");
        format!("### {}\n{port}{address}{}\n", errand.name, request.trim_end())
    };
    errands.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// Reads a file of requests: JSON if its name ends in `.json`, else text.
pub fn read(file: &Path) -> Result<Vec<Errand>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let json = file.extension().is_some_and(|extension| extension == "json");
    let errands = if json { from_json(&text) } else { from_text(&text) };
    let errands = errands.with_context(|| file.display().to_string())?;
    if errands.is_empty() {
        bail!("{}: there is no request in it", file.display());
    }
    Ok(errands)
}

fn from_json(text: &str) -> Result<Vec<Errand>> {
    let requests: Vec<JsonRequest> = serde_json::from_str(text)?;
    Ok(requests.into_iter().map(JsonRequest::into_errand).collect())
}

/// Requests separated by lines that start with `###`, on which a name may follow. Lines before a request that start
/// with `#` are comments; `# port: 8080` and `# address: 192.0.2.1` say where it goes.
fn from_text(text: &str) -> Result<Vec<Errand>> {
    let mut errands = Vec::new();
    let mut name = String::new();
    let mut block = Vec::new();
    for line in text.lines().chain(["###"]) {
        if let Some(next) = line.strip_prefix("###") {
            errands.extend(from_block(&name, &block)?);
            name = next.trim().into();
            block.clear();
        } else {
            block.push(line);
        }
    }
    Ok(errands)
}

fn from_block(name: &str, block: &[&str]) -> Result<Option<Errand>> {
    let (mut port, mut address) = (None, None);
    let start = block.iter().position(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or(block.len());
    // Empty lines before the next `###` belong to the file, not to the body.
    let end = block.iter().rposition(|line| !line.is_empty()).map_or(start, |last| (last + 1).max(start));
    let (comments, lines) = (&block[..start], &block[start..end]);
    for line in comments {
        let comment = line.trim_start_matches('#').trim();
        if let Some(value) = comment.strip_prefix("port:") {
            port = Some(value.trim().parse().with_context(|| format!("in \"{line}\""))?);
        } else if let Some(value) = comment.strip_prefix("address:") {
            address = Some(value.trim().to_owned());
        }
    }
    let Some(first) = lines.first() else { return Ok(None) };
    let title = || first.trim_end_matches(" HTTP/1.1").to_owned();
    let name = if name.is_empty() { title() } else { name.to_owned() };
    let bytes: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
    let request = Request::from_lines(&bytes, false)?;
    Ok(Some(Errand { name, port, address, request }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(errands: &[Errand]) -> String {
        let one = |errand: &Errand| {
            let to = format!("{:?} {:?}", errand.address, errand.port);
            let bytes = errand.request.bytes.escape_ascii().to_string().replace("\\r\\n", "\n");
            format!("[{}] {to}\n{bytes}", errand.name)
        };
        errands.iter().map(one).collect::<Vec<_>>().join("\n---\n")
    }

    #[test]
    fn requests_as_text() {
        let text = "# a comment\nGET / HTTP/1.0\n\n### second\n# port: 8080\nPOST /form\nHost: a.example\n\na=1&b=2\n\n###\n\
                    ### third\n# address: 192.0.2.1\nGET /x\nhost:y\n";
        let errands = from_text(text).unwrap();
        insta::assert_snapshot!(show(&errands));
        // What `--list` prints can be read again; only without a Host, or before 1.1, is it not the same.
        assert_eq!(from_text(&to_text(&errands[1..])).unwrap(), errands[1..]);
    }

    #[test]
    fn requests_as_json() {
        let text = r#"[{"path": "/"}, {"name": "form", "method": "POST", "host": "a.example", "port": 8080, "path": "/f",
                       "headers": [["X-A", "1"], ["X-A", "2"]], "body": "a=1"}]"#;
        insta::assert_snapshot!(show(&from_json(text).unwrap()));
    }

    #[test]
    fn mistakes_are_named() {
        let error = |errands: Result<Vec<Errand>>| format!("{:#}", errands.unwrap_err());
        assert!(error(from_text("# port: eighty\nGET /\n")).contains("port: eighty"));
        assert!(error(from_json(r#"[{"pth": "/"}]"#)).contains("pth"));
    }
}
