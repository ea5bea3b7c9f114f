//! Authorization providers: what a Require line asks.

use apache_module::{Authz, Request};

apache_module::exports! {
    functions: { authz_header; authz_user; authz_neutral; authz_error; }
}

fn authz_header(r: &Request) -> Authz {
    let [name, value] = &r.require_args()[..] else { return Authz::GENERAL_ERROR };
    if r.headers_in().get(name).as_ref() == Some(value) { Authz::GRANTED } else { Authz::DENIED }
}

fn authz_user(r: &Request) -> Authz {
    let Some(user) = r.user() else { return Authz::DENIED_NO_USER };
    if r.require_args().contains(&user) { Authz::GRANTED } else { Authz::DENIED }
}

fn authz_neutral(_: &Request) -> Authz {
    Authz::NEUTRAL
}

fn authz_error(_: &Request) -> Authz {
    Authz::GENERAL_ERROR
}
