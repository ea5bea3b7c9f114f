//! What outlives a request: cookies with the client, values with the server.

use crate::show::tell as show;
use apache_module::ivm::{self, Value};
use apache_module::{Cookie, Request, Status};

apache_module::exports! {
    functions: { state_cookies; state_set; state_get; state_numbers; }
}

fn state_cookies(r: &Request) -> Status {
    //: r:getcookie
    show(r, "colour", r.cookie("colour"));
    show(r, "none", r.cookie("none"));

    //: r:setcookie
    let visit = Cookie::new("visit", "one; two").expires(2000000000).path("/shop").domain("example.org");
    r.set_cookie(&visit.secure().http_only());
    r.set_cookie(&Cookie::new("plain", "value"));

    r.set_cookie(&Cookie::new("old", "form").path("").expires(2000000000));
    Status::OK
}

fn state_set(r: &Request) -> Status {
    //: r:ivm_set
    ivm::set(b"greeting", "hello");
    ivm::set(b"count", 5i64);
    ivm::set(b"gone", false);
    r.write("kept\n");
    Status::OK
}

fn text(value: Option<Value>) -> Option<Vec<u8>> {
    match value? {
        Value::Text(text) => Some(text),
        Value::Bool(yes) => Some(yes.to_string().into_bytes()),
        Value::Integer(number) => Some(number.to_string().into_bytes()),
        Value::Number(number) => Some(number.to_string().into_bytes()),
    }
}

fn state_get(r: &Request) -> Status {
    //: r:ivm_get
    show(r, "greeting", text(ivm::get(b"greeting")));
    show(r, "never set", text(ivm::get(b"never")));
    Status::OK
}

fn state_numbers(r: &Request) -> Status {
    ivm::set(b"count", 5i64);
    ivm::set(b"flag", true);
    show(r, "count", text(ivm::get(b"count")));
    show(r, "flag", text(ivm::get(b"flag")));
    Status::OK
}
