//! Handles that are wrong: forged, destroyed, kept too long. All answers are codes.

use apache_module::Request;
use apache_module::ffi;
use std::sync::atomic::{AtomicU32, Ordering};

/// A handle from an earlier call into this instance.
static KEPT: AtomicU32 = AtomicU32::new(0);

pub fn call(r: &Request, function: &[u8]) -> Option<String> {
    Some(match function {
        b"forged" => forged(),
        b"destroyed" => destroyed(),
        b"many" => many(),
        b"keep" => {
            KEPT.store(lookup(0), Ordering::Relaxed);
            "kept".to_string()
        }
        b"stale" => match KEPT.load(Ordering::Relaxed) {
            0 => "nothing kept".to_string(),
            kept => format!("{} {}", field(kept), ffi::ap_destroy_sub_req(kept)),
        },
        b"leave" => {
            // Destroyed by the host when the call ends.
            let first = lookup(0);
            lookup(first);
            lookup(0);
            "left".to_string()
        }
        b"run-twice" => {
            let sub = ffi::ap_sub_req_lookup_uri(0, b"/plain", 1) as u32;
            let (first, second) = (ffi::ap_run_sub_req(sub), ffi::ap_run_sub_req(sub));
            format!("{first} {second}")
        }
        b"trap" => {
            lookup(lookup(0));
            r.write("about to fail\n");
            std::process::abort()
        }
        b"loop" => loop {
            std::hint::black_box(r);
        },
        _ => return None,
    })
}

fn lookup(from: u32) -> u32 {
    u32::try_from(ffi::ap_sub_req_lookup_uri(from, b"/plain", 0)).unwrap_or(u32::MAX)
}

/// How a field of a request is answered, as a length or a code.
fn field(r: u32) -> i32 {
    ffi::ap_request_field(r, ffi::field::URI, &mut [])
}

/// The answers to handles that were never given; one line holds the different ones.
fn forged() -> String {
    let mut answers = std::collections::BTreeSet::new();
    for forged in (1..300).chain([u32::MAX, u32::MAX - 1, 1 << 31]) {
        answers.extend([
            i64::from(field(forged)),
            ffi::ap_request_number(forged, 0),
            i64::from(ffi::ap_request_set_field(forged, ffi::field::URI, b"/")),
            ffi::ap_request_main(forged),
            ffi::ap_request_prev(forged),
            ffi::ap_sub_req_lookup_uri(forged, b"/", 0),
            ffi::ap_sub_req_lookup_file(forged, b"/", 0),
            ffi::ap_run_sub_req(forged),
            i64::from(ffi::ap_destroy_sub_req(forged)),
            i64::from(ffi::ap_internal_redirect(forged, b"/")),
            i64::from(ffi::apr_pool_userdata_get(forged, b"k", &mut [])),
            i64::from(ffi::apr_pool_userdata_set(forged, b"k", b"v")),
            ffi::ap_core_translate(forged, b"/"),
            ffi::ap_matches_request_vhost(forged, b"h", 1),
            i64::from(ffi::apr_table_set(forged, 0, b"k", b"v")),
            i64::from(ffi::apr_file_read(forged.wrapping_add(1_000_000), 0, 1, &mut [])),
            i64::from(ffi::apr_dbm_fetch(0, forged.wrapping_add(1_000_000), b"k", &mut [])),
            i64::from(ffi::apr_dbd_pvselect(0, forged.wrapping_add(1_000_000), b"k", &mut [])),
            ffi::ap_program_ask(0, forged.wrapping_add(1_000_000), b"k"),
            i64::from(ffi::ap_program_start(forged.wrapping_add(1_000_000))),
            i64::from(ffi::ap_map_call(0, forged.wrapping_add(1_000_000), b"k", &mut [])),
            i64::from(ffi::ap_regexec_first(forged.wrapping_add(1_000_000), 0, b"k", 0, &mut [])),
            ffi::ap_expr_exec_re(0, forged.wrapping_add(1_000_000), b"", b""),
            ffi::ap_regex_list(&[forged.wrapping_add(1_000_000).to_le_bytes(), [0; 4]].concat()),
        ]);
    }
    let outside = [
        ffi::ap_map_file(b"x"),
        ffi::ap_map_dbm(b"sdbm", b"x"),
        ffi::ap_map_dbd(b"x", b"x"),
        ffi::ap_map_program(b"x", b"", b"", 0),
        ffi::ap_map_function(b"x"),
    ];
    let values = [
        ffi::ap_sub_req_lookup_uri(0, b"/a\0b", 0),
        ffi::ap_sub_req_lookup_uri(0, b"/", 2),
        i64::from(ffi::ap_internal_redirect(0, b"/a\0b")),
        ffi::ap_matches_request_vhost(0, b"h", 70_000),
        i64::from(ffi::apr_stat(b"/a\0b", 0, &mut [])),
        i64::from(ffi::apr_stat(b"/", 2, &mut [])),
        ffi::ap_regex_list(b"odd"),
        ffi::ap_random_pick(2, 1),
        i64::from(ffi::ap_module_mutex(b"x")),
        i64::from(ffi::ap_module_offers(b"x")),
    ];
    format!("{answers:?} outside of a directive {outside:?} values {values:?}")
}

fn destroyed() -> String {
    let (outer, other) = (lookup(0), lookup(0));
    let inner = lookup(outer);
    let alive = [field(outer), field(inner), field(other)];
    let destroyed = [ffi::ap_destroy_sub_req(outer), ffi::ap_destroy_sub_req(outer), ffi::ap_destroy_sub_req(inner)];
    let after = [field(outer), field(inner), field(other), field(0)];
    let not_made = [ffi::ap_destroy_sub_req(0), ffi::ap_run_sub_req(other) as i32, ffi::ap_run_sub_req(0) as i32];
    format!("{alive:?} {destroyed:?} {after:?} {not_made:?}")
}

/// Subrequests until there is no more.
fn many() -> String {
    let mut made = 0;
    loop {
        match ffi::ap_sub_req_lookup_uri(0, b"/plain", 0) {
            0.. => made += 1,
            code => return format!("{made} {code} {}", field(0)),
        }
        if made > 100_000 {
            return "no end".to_string();
        }
    }
}
