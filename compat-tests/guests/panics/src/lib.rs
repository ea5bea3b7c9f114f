//! A guest in Rust that panics, overflows its stack or takes too much memory when the query string asks for it.

use apache_module::{Request, Status, field};

apache_module::module! {
    name: "mod_panics.c",
    hooks: { fixups: fail; },
}

fn fail(r: &Request) -> Status {
    match r.text(field::ARGS).as_deref().unwrap_or_default() {
        b"panic" => panic!("there is no such thing as {}", "a free lunch"),
        b"index" => {
            let nothing: &[u8] = std::hint::black_box(&[]);
            Status(nothing[7].into())
        }
        b"overflow" => Status(deep(1)),
        b"memory" => {
            let mut much = Vec::new();
            loop {
                much.push(std::hint::black_box(vec![1_u8; 1 << 20]));
            }
        }
        _ => Status::DECLINED,
    }
}

fn deep(n: i32) -> i32 {
    let local = std::hint::black_box([n; 64]);
    if n < 0 { n } else { deep(n + 1).wrapping_add(local[63]) }
}
