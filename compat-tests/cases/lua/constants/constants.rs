//! The constants of mod_lua's package apache2.

use apache_module::{AUTHZ_DENIED, AUTHZ_DENIED_NO_USER, AUTHZ_GENERAL_ERROR, AUTHZ_GRANTED, AUTHZ_NEUTRAL};
use apache_module::{PROXYREQ_NONE, PROXYREQ_PROXY, PROXYREQ_RESPONSE, PROXYREQ_REVERSE};
use apache_module::{Request, Status};

apache_module::exports! {
    functions: { constants; constants_done; constants_declined; }
}

fn constants(r: &Request) -> Status {
    //: apache2.OK, apache2.DECLINED, apache2.DONE
    r.write(format!("{} {} {}\n", Status::OK.0, Status::DECLINED.0, Status::DONE.0));

    //: apache2.HTTP_MOVED_TEMPORARILY
    r.write(format!("{}\n", apache_module::HTTP_MOVED_TEMPORARILY));

    //: apache2.PROXYREQ_NONE, apache2.PROXYREQ_PROXY, apache2.PROXYREQ_REVERSE, apache2.PROXYREQ_RESPONSE
    r.write(format!("{PROXYREQ_NONE} {PROXYREQ_PROXY} "));
    r.write(format!("{PROXYREQ_REVERSE} {PROXYREQ_RESPONSE}\n"));

    //: apache2.AUTHZ_DENIED, apache2.AUTHZ_GRANTED, apache2.AUTHZ_NEUTRAL, apache2.AUTHZ_GENERAL_ERROR, apache2.AUTHZ_DENIED_NO_USER
    r.write(format!("{AUTHZ_DENIED} {AUTHZ_GRANTED} {AUTHZ_NEUTRAL} "));
    r.write(format!("{AUTHZ_GENERAL_ERROR} {AUTHZ_DENIED_NO_USER}\n"));

    //: apache2.version
    r.write(r.server_banner().unwrap_or_default());
    r.write("\n");
    Status::OK
}

fn constants_done(r: &Request) -> Status {
    r.write("done\n");
    Status::DONE
}

fn constants_declined(_: &Request) -> Status {
    Status::DECLINED
}
