//! What unit tests link in place of httpd: APR itself, and of httpd the functions that a drop reaches. Nothing calls them.

use super::bindings::ap_regex_t;

#[link(name = "apr-1")]
unsafe extern "C" {}

#[unsafe(no_mangle)]
extern "C" fn ap_regfree(_regex: *mut ap_regex_t) {}
