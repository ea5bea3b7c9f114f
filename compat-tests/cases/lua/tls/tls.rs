//! Requests that come encrypted.

use crate::show::tell as show;
use apache_module::{Request, Status, server};

apache_module::exports! {
    functions: { tls; }
}

fn tls(r: &Request) -> Status {
    //: r:ssl_var_lookup
    show(r, "subject", server::ssl_var(r, b"SSL_SERVER_S_DN_CN").unwrap_or_default());
    show(r, "HTTPS", server::ssl_var(r, b"HTTPS").unwrap_or_default());
    show(r, "nothing", server::ssl_var(r, b"NO_SUCH").unwrap_or_default());

    show(r, "is_https", r.is_https());
    show(r, "port", r.port() > 0);
    show(r, "construct_url", r.construct_url("/x"));
    Status::OK
}
