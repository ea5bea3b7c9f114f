//! Regular expressions, httpd's expressions, wildcards.

use crate::show::tell as show;
use apache_module::{Expr, REG_ICASE, Regex, Request, Status, text};

apache_module::exports! {
    functions: { match_regex; match_expr; match_wildcard; }
}

fn match_regex(r: &Request) -> Status {
    //: r:regex
    let subject = b"item=17&colour=red";
    let pattern = Regex::compile(br"item=(\d+)&(none)?colour=(\w+)", 0);
    if let Some(found) = pattern.and_then(|pattern| pattern.matches(subject)) {
        show(r, "whole", found.group(0, subject));
        show(r, "first", found.group(1, subject));
        show(r, "not there", found.group(2, subject));
        show(r, "third", found.group(3, subject));
    }

    show(r, "no match", Regex::compile(b"x", 0).is_some_and(|pattern| pattern.is_match(b"abc")));
    let any_case = Regex::compile(b"b", REG_ICASE);
    show(r, "flag icase", any_case.filter(|pattern| pattern.is_match(b"ABC")).map(|_| "found"));
    let wrong = Regex::compile(b"(", 0);
    show(r, "no pattern", wrong.is_some());
    show(r, "because", wrong.is_none());
    Status::OK
}

/// Whether an expression holds; `false` where it is wrong.
fn holds(r: &Request, text: &str) -> bool {
    Expr::parse(text.as_bytes(), 0).and_then(|expr| expr.holds(r)).unwrap_or(false)
}

fn match_expr(r: &Request) -> Status {
    //: r:expr
    show(r, "a browser", holds(r, "%{HTTP_USER_AGENT} =~ /Browser/"));
    show(r, "local", holds(r, "-R '127.0.0.0/8'"));
    show(r, "args", holds(r, "%{QUERY_STRING} -strmatch 'a=*'"));

    let wrong = Expr::parse(b"%{NO_SUCH", 0);
    show(r, "wrong", wrong.is_ok());
    show(r, "because", wrong.is_err_and(|why| !why.is_empty()));
    Status::OK
}

fn match_wildcard(r: &Request) -> Status {
    //: r.strcmp_match
    show(r, "*", text::strcmp_match(b"foobar.html", b"foo*.htm?"));
    show(r, "case", text::strcmp_match(b"FooBar", b"foob*"));
    show(r, "any case", text::strcasecmp_match(b"FooBar", b"foob*"));
    Status::OK
}
