//! Bodies of multipart/form-data (RFC 7578) taken apart; knows no request.

use memchr::memmem;

/// Longest boundary; RFC 2046 allows 70 bytes.
const LONGEST_BOUNDARY: usize = 256;

/// One field of a form.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Field {
    /// Its name.
    pub(super) name: Vec<u8>,
    /// The name of the file that the client sent.
    pub(super) filename: Option<Vec<u8>>,
    /// The Content-Type of this part.
    pub(super) content_type: Option<Vec<u8>>,
    /// What it holds.
    pub(super) value: Vec<u8>,
}

/// Why a body is no form.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bad {
    /// It is not made as RFC 7578 says, or it is cut.
    Malformed,
    /// It has more fields than are allowed.
    TooMany,
}

/// The boundary that a Content-Type names; `None` where it isn't one of multipart/form-data.
pub(super) fn boundary(content_type: &[u8]) -> Option<Vec<u8>> {
    let (kind, parameters) = content_type.split_at(content_type.iter().position(|byte| *byte == b';')?);
    if !kind.trim_ascii().eq_ignore_ascii_case(b"multipart/form-data") {
        return None;
    }
    let boundary = parameter(parameters, b"boundary")?;
    (1..=LONGEST_BOUNDARY).contains(&boundary.len()).then_some(boundary)
}

/// The fields of a body, in order.
pub(super) fn parse(body: &[u8], boundary: &[u8], most: usize) -> Result<Vec<Field>, Bad> {
    let line = [b"--", boundary].concat();
    let between = memmem::Finder::new(&line);
    let mut fields = Vec::new();
    // What precedes the first boundary doesn't count.
    let mut at = start(body, &between).ok_or(Bad::Malformed)?;
    loop {
        let rest = body.get(at..).unwrap_or_default();
        if rest.starts_with(b"--") {
            return Ok(fields);
        }
        let rest = rest.strip_prefix(b"\r\n").ok_or(Bad::Malformed)?;
        let head =
            if rest.starts_with(b"\r\n") { 0 } else { memmem::find(rest, b"\r\n\r\n").ok_or(Bad::Malformed)? + 2 };
        let (head, value) = rest.split_at_checked(head).ok_or(Bad::Malformed)?;
        let value = value.get(2..).ok_or(Bad::Malformed)?;
        let length = end(value, &between).ok_or(Bad::Malformed)?;
        if fields.len() == most {
            return Err(Bad::TooMany);
        }
        if let Some(field) = field(head, value.get(..length).unwrap_or_default()) {
            fields.push(field);
        }
        at = body.len() - value.len() + length + 2 + line.len();
    }
}

/// Where the text after the first boundary begins.
fn start(body: &[u8], between: &memmem::Finder<'_>) -> Option<usize> {
    let at = between
        .find_iter(body)
        .find(|at| *at == 0 || body.get(..*at).is_some_and(|before| before.ends_with(b"\r\n")))?;
    Some(at + between.needle().len())
}

/// The length of a value: up to the line end before the next boundary.
fn end(value: &[u8], between: &memmem::Finder<'_>) -> Option<usize> {
    between
        .find_iter(value)
        .find(|at| value.get(..*at).is_some_and(|before| before.ends_with(b"\r\n")))
        .map(|at| at - 2)
}

/// A field from its head; `None` where that names none.
fn field(head: &[u8], value: &[u8]) -> Option<Field> {
    let mut field = Field { value: value.to_vec(), ..Field::default() };
    let mut named = false;
    for line in head.split(|byte| *byte == b'\n') {
        let mut parts = line.splitn(2, |byte| *byte == b':').map(<[u8]>::trim_ascii);
        let (Some(name), Some(content)) = (parts.next(), parts.next()) else { continue };
        if name.eq_ignore_ascii_case(b"Content-Type") {
            field.content_type = Some(content.to_vec());
        }
        if name.eq_ignore_ascii_case(b"Content-Disposition") {
            let semicolon = content.iter().position(|byte| *byte == b';').unwrap_or(content.len());
            let (kind, parameters) = content.split_at(semicolon);
            if !kind.trim_ascii().eq_ignore_ascii_case(b"form-data") {
                return None;
            }
            field.name = parameter(parameters, b"name")?;
            field.filename = parameter(parameters, b"filename");
            named = true;
        }
    }
    named.then_some(field)
}

/// A parameter of a header, `; name=value` or `; name="value"`. A quote in a value has a backslash before it; other
/// backslashes are the value's own, as browsers send them.
fn parameter(mut list: &[u8], wanted: &[u8]) -> Option<Vec<u8>> {
    loop {
        list = list.trim_ascii_start().strip_prefix(b";")?.trim_ascii_start();
        let end = list.iter().position(|byte| matches!(byte, b'=' | b';')).unwrap_or(list.len());
        let (name, rest) = list.split_at(end);
        let Some(rest) = rest.strip_prefix(b"=") else {
            list = rest;
            continue;
        };
        let mut value = Vec::new();
        list = match rest.strip_prefix(b"\"") {
            None => {
                let (plain, rest) = rest.split_at(rest.iter().position(|byte| *byte == b';').unwrap_or(rest.len()));
                value.extend_from_slice(plain.trim_ascii());
                rest
            }
            Some(mut quoted) => loop {
                match quoted {
                    [b'\\', b'"', rest @ ..] => {
                        value.push(b'"');
                        quoted = rest;
                    }
                    [b'"', rest @ ..] => break rest,
                    [byte, rest @ ..] => {
                        value.push(*byte);
                        quoted = rest;
                    }
                    [] => return None,
                }
            },
        };
        if name.trim_ascii().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &str) -> Result<Vec<Field>, Bad> {
        parse(body.as_bytes(), b"B", 10)
    }

    #[test]
    fn the_boundary_is_found() {
        assert_eq!(boundary(b"multipart/form-data; boundary=abc"), Some(b"abc".to_vec()));
        assert_eq!(boundary(b"Multipart/Form-Data ;x=1; Boundary=\"a \\\"c\"; y"), Some(b"a \"c".to_vec()));
        for other in [
            &b"multipart/form-data"[..],
            b"multipart/form-data; boundary=",
            b"multipart/form-data; boundary=\"a",
            b"text/plain; boundary=a",
            b"multipart/form-data; ;;",
        ] {
            assert_eq!(boundary(other), None, "{other:?}");
        }
        assert_eq!(boundary(&[b"multipart/form-data; boundary=", &[b'a'; 300][..]].concat()), None);
    }

    #[test]
    fn fields_and_files() {
        let form = text(
            "before\r\n--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--B\r\n\
             content-type: text/plain\r\nContent-Disposition: form-data; name=\"f\"; filename=\"C:\\x \\\"y\\\".txt\"\r\n\r\n\r\n--Bx--B\r\n\r\n--B--\r\n",
        );
        let first = Field { name: b"a".to_vec(), value: b"one".to_vec(), ..Field::default() };
        let file = Field {
            name: b"f".to_vec(),
            filename: Some(b"C:\\x \"y\".txt".to_vec()),
            content_type: Some(b"text/plain".to_vec()),
            value: Vec::new(),
        };
        // "\r\n--Bx" begins with the boundary: it is one, and what follows it is no line end.
        assert_eq!(form, Err(Bad::Malformed));
        let form = text(
            "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--B\r\ncontent-type: text/plain\r\nContent-Disposition: form-data; name=\"f\"; filename=\"C:\\x \\\"y\\\".txt\"\r\n\r\n\r\n--B--",
        );
        assert_eq!(form, Ok(vec![first, file]));
        assert_eq!(text("--B--"), Ok(vec![]));
    }

    #[test]
    fn what_is_no_form() {
        for body in [
            "",
            "--",
            "--B",
            "--B\r\n",
            "--B\r\n\r\n",
            "--B\r\n\r\nvalue",
            "--B\r\nname: x\r\n\r\nvalue\r\n--",
            "x--B--",
        ] {
            assert_eq!(text(body), Err(Bad::Malformed), "{body:?}");
        }
        // A part without a name is passed over.
        assert_eq!(text("--B\r\n\r\nvalue\r\n--B--"), Ok(vec![]));
        assert_eq!(text("--B\r\nContent-Disposition: attachment; name=\"x\"\r\n\r\nvalue\r\n--B--"), Ok(vec![]));
        let many = "--B\r\nContent-Disposition: form-data; name=x\r\n\r\nv\r\n".repeat(11) + "--B--";
        assert_eq!(text(&many), Err(Bad::TooMany));
    }
}
