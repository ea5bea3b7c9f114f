//! `Require plan gold silver`: what the customer of an API key has paid for.

use apache_module::{Authz, Request, log};

apache_module::script! {
    functions: { plan; }
}

const PLANS: [(&str, &str); 3] = [("k1", "gold"), ("k2", "silver"), ("k3", "free")];

fn plan(r: &Request) -> Authz {
    let key = r.headers_in().get("X-Api-Key").or_else(|| r.cookie("key"));
    let Some((_, has)) = PLANS.iter().find(|(known, _)| Some(known.as_bytes()) == key.as_deref()) else {
        log!(r, APLOG_INFO, "no plan for this key");
        return Authz::DENIED;
    };
    if r.require_args().iter().any(|wanted| wanted == has.as_bytes()) {
        r.notes().set("plan", has);
        return Authz::GRANTED;
    }
    Authz::DENIED
}
