//! scoreboard.h: what each child and each of its threads does, as far as the scoreboard says.

use super::bindings::*;
use std::ffi::c_char;
use std::mem::MaybeUninit;

/// A name and what the scoreboard says of it.
pub(crate) type Entry = (&'static str, Value);

/// A value of the scoreboard.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A number, a time in microseconds.
    Number(i64),
    /// A text, which may be cut.
    Text(Vec<u8>),
}

/// Limits, generation and the time of the last restart (ap_get_scoreboard_global); `None` without a scoreboard.
pub(crate) fn global() -> Option<Vec<Entry>> {
    // SAFETY: the scoreboard exists; it is shared memory, whose numbers are read once each.
    let global = unsafe {
        if ap_exists_scoreboard_image() == 0 {
            return None;
        }
        ap_get_scoreboard_global().as_ref()?
    };
    Some(vec![
        ("server_limit", Value::Number(global.server_limit.into())),
        ("thread_limit", Value::Number(global.thread_limit.into())),
        ("running_generation", Value::Number(global.running_generation.into())),
        ("restart_time", Value::Number(global.restart_time)),
    ])
}

/// What is known of a child (ap_get_scoreboard_process); `None` past the limit.
pub(crate) fn process(child: i32) -> Option<Vec<Entry>> {
    // SAFETY: as in `global`; httpd answers NULL for a number out of range.
    let process = unsafe {
        if ap_exists_scoreboard_image() == 0 {
            return None;
        }
        ap_get_scoreboard_process(child).as_ref()?
    };
    let number = |number: u32| Value::Number(number.into());
    Some(vec![
        ("pid", Value::Number(process.pid.into())),
        ("generation", Value::Number(process.generation.into())),
        ("connections", number(process.connections)),
        ("keepalive", number(process.keep_alive)),
        ("lingering_close", number(process.lingering_close)),
        ("suspended", number(process.suspended)),
        ("wait_io", number(process.wait_io)),
        ("write_completion", number(process.write_completion)),
        ("not_accepting", Value::Number(process.not_accepting.into())),
        ("quiescing", Value::Number(process.quiescing.into())),
    ])
}

/// What is known of a thread of a child (ap_copy_scoreboard_worker); `None` past the limits, where httpd's own function
/// copies from nowhere (scoreboard.c:ap_copy_scoreboard_worker).
pub(crate) fn worker(child: i32, thread: i32) -> Option<Vec<Entry>> {
    let mut worker = MaybeUninit::<worker_score>::zeroed();
    // SAFETY: the scoreboard exists and has this place, so it is copied from there; all-zero is a valid value.
    let worker = unsafe {
        if ap_exists_scoreboard_image() == 0 || ap_get_scoreboard_worker_from_indexes(child, thread).is_null() {
            return None;
        }
        ap_copy_scoreboard_worker(worker.as_mut_ptr(), child, thread);
        worker.assume_init()
    };
    let count = |number: u64| Value::Number(i64::try_from(number).unwrap_or(i64::MAX));
    Some(vec![
        ("access_count", count(worker.access_count)),
        ("bytes_served", Value::Number(worker.bytes_served)),
        ("client", text(&worker.client)),
        ("client64", text(&worker.client64)),
        ("conn_bytes", Value::Number(worker.conn_bytes)),
        ("conn_count", Value::Number(worker.conn_count.into())),
        ("generation", Value::Number(worker.generation.into())),
        ("last_used", Value::Number(worker.last_used)),
        ("pid", Value::Number(worker.pid.into())),
        ("request", text(&worker.request)),
        ("start_time", Value::Number(worker.start_time)),
        ("status", Value::Number(worker.status.into())),
        ("stop_time", Value::Number(worker.stop_time)),
        ("tid", count(worker.tid)),
        ("vhost", text(&worker.vhost)),
        ("protocol", text(&worker.protocol)),
        ("duration", Value::Number(worker.duration)),
        ("stimes", Value::Number(worker.times.tms_stime)),
        ("utimes", Value::Number(worker.times.tms_utime)),
    ])
}

/// What a place for text holds: up to a NUL, or all of it, since another process may be writing there.
fn text(place: &[c_char]) -> Value {
    Value::Text(place.iter().map(|byte| *byte as u8).take_while(|byte| *byte != 0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_at_a_nul_or_with_its_place() {
        let place = |text: &[u8]| -> Vec<c_char> { text.iter().map(|byte| *byte as c_char).collect() };
        assert_eq!(text(&place(b"GET /\0old")), Value::Text(b"GET /".to_vec()));
        assert_eq!(text(&place(b"full")), Value::Text(b"full".to_vec()));
    }
}
