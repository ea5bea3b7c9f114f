//! Basic authentication, providers, password hashes as htpasswd makes them.

use super::ground::status;
use super::{ask, call, ground, header, text};
use std::process::Command;
use std::time::{Duration, Instant};

const MODULES: &str = "LoadModule auth_basic_module modules/mod_auth_basic.so\nLoadModule authn_core_module modules/mod_authn_core.so\nLoadModule authn_file_module modules/mod_authn_file.so\n";
/// user:pass:word
const AUTHORIZATION: &str = "Authorization: Basic dXNlcjpwYXNzOndvcmQ=\r\n";

#[test]
fn credentials_are_read_and_asked_for() {
    let ground = ground("", &format!("{MODULES}<Location /api>\nAuthType Basic\nAuthName realm\n</Location>\n"));
    let server = ground.start();
    assert_eq!(text(&ask(&server, "GET", "basic", AUTHORIZATION, b"")), "pass:word user Basic");
    assert_eq!(call(&server, "basic"), "NONE NONE NONE");
    assert_eq!(text(&ask(&server, "GET", "components", AUTHORIZATION, b"")), "user pass:word");
    assert_eq!(text(&ask(&server, "GET", "components", "Authorization: Bearer x\r\n", b"")), "NONE NONE");
    assert_eq!(text(&ask(&server, "GET", "components", "Authorization: Basic !!!\r\n", b"")), " ");
    let challenged = ask(&server, "GET", "challenge", "", b"");
    assert_eq!((status(&challenged), header(&challenged, "WWW-Authenticate")), (401, "Basic realm=\"realm\"".into()));
}

#[test]
fn without_an_auth_type_there_is_no_password() {
    let ground = ground("", "");
    let server = ground.start();
    assert_eq!(text(&ask(&server, "GET", "basic", AUTHORIZATION, b"")), "NONE NONE NONE");
    assert_eq!(text(&ask(&server, "GET", "components", AUTHORIZATION, b"")), "user pass:word");
}

#[test]
fn providers_are_asked() {
    let ground = ground("", &format!("{MODULES}<Location /api>\nAuthUserFile users\n</Location>\n"));
    let users = ground.path("users");
    let made = Command::new("htpasswd")
        .args(["-cbB", &users.display().to_string(), "user", "secret"])
        .output()
        .expect("apache2-utils");
    assert!(made.status.success());
    let server = ground.start();
    assert_eq!(call(&server, "check;file;user;secret"), "Some(1)");
    assert_eq!(call(&server, "check;file;user;wrong"), "Some(0)");
    assert_eq!(call(&server, "check;file;nobody;secret"), "Some(3)");
    assert_eq!(call(&server, "check;nothing;user;secret"), "None");
    assert_eq!(call(&server, "check;file;us%00er;secret"), "Some(3)");
}

#[test]
fn passwords_are_hashed_as_htpasswd_does() {
    let ground = ground("WasmTimeLimit 500ms", "");
    let server = ground.start();
    let users = ground.path("users");
    for (algorithm, begin) in [("0;0", "$apr1$"), ("1;0", "{SHA}"), ("2;0", "$2y$05$"), ("2;4", "$2y$04$"), ("3;0", "")]
    {
        let hash = call(&server, &format!("hash;{algorithm};secret"));
        assert!(hash.starts_with(begin), "{hash}");
        std::fs::write(&users, format!("user:{hash}\n")).unwrap();
        for (password, right) in [("secret", true), ("wrong", false)] {
            let verified = Command::new("htpasswd")
                .args(["-vb", &users.display().to_string(), "user", password])
                .output()
                .expect("apache2-utils");
            assert_eq!(verified.status.success(), right, "{hash} {password}");
            let hash = hash.replace('/', "%2f").replace('+', "%2b");
            assert_eq!(call(&server, &format!("validate;{password};{hash}")), right.to_string(), "{hash} {password}");
        }
    }
    assert_eq!(call(&server, "hash;1;0;abc"), "{SHA}qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
    assert_eq!(call(&server, &format!("hash;0;0;{}", "x".repeat(256))), "NONE");
    for (what, code) in [
        ("hash-code;2;3", "-3"),
        ("hash-code;2;18", "-3"),
        ("hash-code;2;17", "-6"),
        ("hash-code;9;0", "-3"),
        ("validate-code;$2y$31$abcdefghijklmnopqrstuu", "-6"),
        ("validate-code;plain", "-3"),
        ("validate-code;$6$rounds=999999999$salt$x", "-6"),
    ] {
        let begin = Instant::now();
        assert_eq!(call(&server, what), code, "{what}");
        assert!(begin.elapsed() < Duration::from_secs(2));
    }
}
