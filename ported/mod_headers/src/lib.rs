//! mod_headers as a guest.

apache_module::module! {
    name: "mod_headers.c",
}
