//! Escaping, digests, passwords, URLs.

use crate::show::tell as show;
use apache_module::auth::{Algorithm, password_hash};
use apache_module::{Request, Status, text};

apache_module::exports! {
    functions: { text_escapes; text_digests; text_passwords; text_urls; }
}

fn text_escapes(r: &Request) -> Status {
    //: r:escape_html
    show(r, "escape_html", text::escape_html(b"<a href=\"x\">Tom & Jerry's</a>"));

    //: r:escape
    show(r, "escape", text::escape_urlencoded(b"a b/c?d=e&f+g"));

    //: r:unescape
    show(r, "unescape", text::unescape_urlencoded(b"a+b%2Fc%3Fd"));
    show(r, "unescape of what is wrong", text::unescape_urlencoded(b"%zz"));

    //: r:os_escape_path
    show(r, "os_escape_path", text::os_escape_path(b"a b:c/d?e", true));
    show(r, "os_escape_path, whole", text::os_escape_path(b"a:b/c", false));

    //: r:escape_logitem
    show(r, "escape_logitem", text::escape_logitem(b"a\tb\n\"c\"\\\x01"));
    Status::OK
}

fn text_digests(r: &Request) -> Status {
    //: r:base64_encode
    show(r, "base64_encode", text::base64_encode(b"any \0 bytes"));

    //: r:base64_decode
    show(r, "base64_decode", text::base64_decode(b"dGV4dA=="));

    //: r:md5
    show(r, "md5", text::md5(b"text"));

    //: r:sha1
    show(r, "sha1", text::sha1(b"text"));
    Status::OK
}

/// The beginning of a hash, and its length.
fn form(hash: Option<Vec<u8>>, beginning: usize) -> Vec<u8> {
    let hash = hash.unwrap_or_default();
    [&hash[..beginning], format!(" {}", hash.len()).as_bytes()].concat()
}

fn text_passwords(r: &Request) -> Status {
    //: r:htpassword
    let hash = password_hash(b"secret", Algorithm::Sha);
    show(r, "SHA", hash);

    // The others have a random salt: their form is what can be compared.
    show(r, "APMD5", form(password_hash(b"secret", Algorithm::Apmd5), 6));
    show(r, "BCRYPT", form(password_hash(b"secret", Algorithm::Bcrypt(5)), 7));
    show(r, "CRYPT", password_hash(b"secret", Algorithm::Crypt).map(|hash| hash.len() as i64));
    Status::OK
}

fn text_urls(r: &Request) -> Status {
    //: r:construct_url
    show(r, "construct_url", r.construct_url("/path?query"));

    //: r:get_server_name_for_url
    show(r, "get_server_name_for_url", r.server_name_for_url());
    Status::OK
}
