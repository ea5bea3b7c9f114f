//! Authorization providers: what a Require line asks.

use apache_module::{Authz, Request};

apache_module::exports! {
    authz: { authz_header; authz_user; authz_neutral; authz_error; }
}

fn authz_header(r: &Request, args: &[Vec<u8>]) -> Authz {
    let [name, value] = args else { return Authz::GeneralError };
    if r.headers_in().get(name).as_ref() == Some(value) { Authz::Granted } else { Authz::Denied }
}

fn authz_user(r: &Request, args: &[Vec<u8>]) -> Authz {
    let Some(user) = r.user() else { return Authz::DeniedNoUser };
    if args.contains(&user) { Authz::Granted } else { Authz::Denied }
}

fn authz_neutral(_: &Request, _: &[Vec<u8>]) -> Authz {
    Authz::Neutral
}

fn authz_error(_: &Request, _: &[Vec<u8>]) -> Authz {
    Authz::GeneralError
}
