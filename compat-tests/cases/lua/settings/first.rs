//! A file that another takes the place of while the server runs: the first.

use apache_module::{Request, Status};

apache_module::exports! {
    functions: { settings_answer; }
}

fn settings_answer(r: &Request) -> Status {
    r.write("the first\n");
    Status::OK
}
