//! util_script.h: the environment of a CGI program, and the head of its answer. What a program is, it doesn't know.

use super::bindings::*;
use super::bytes::bytes;
use super::guard::guard;
use super::request::Request;
use crate::host::number::table;
use std::ffi::{c_char, c_int, c_void};
use std::mem::MaybeUninit;

/// The variable by which an administrator lets a program's Content-Length stand (AP_TRUST_CGILIKE_CL_ENVVAR).
const TRUSTED_LENGTH: &[u8] = b"ap_trust_cgilike_cl";

impl<'r> Request<'r> {
    /// Puts the variables of CGI into the request's environment (ap_add_common_vars, ap_add_cgi_vars).
    pub(crate) fn add_cgi_variables(self) {
        // SAFETY: the request is this thread's.
        unsafe {
            ap_add_common_vars(self.raw());
            ap_add_cgi_vars(self.raw());
        }
    }

    /// Calls `each` with the variables that a CGI program gets, as `NAME=value` (ap_create_environment).
    pub(crate) fn each_cgi_variable(self, mut each: impl FnMut(&'r [u8])) {
        self.add_cgi_variables();
        // SAFETY: the request is this thread's. The list ends with NULL, and its strings are in the request's pool.
        unsafe {
            let mut at: *mut *mut c_char = ap_create_environment(self.rec().pool, self.rec().subprocess_env);
            while let Some(variable) = bytes(*at) {
                each(variable);
                at = at.add(1);
            }
        }
    }

    /// Takes the head of a CGI answer (ap_scan_script_header_err_core_ex), which logs what is wrong with it; OK or a
    /// status that takes the answer's place.
    pub(crate) fn scan_script_header(self, mut head: &[u8], module_index: i32) -> i32 {
        // SAFETY: the request is this thread's; `next_line` is called during the call only, with `head`. The buffer, of
        // the size that httpd expects, lets it log a bad line.
        let status = unsafe {
            let mut line = MaybeUninit::<[c_char; HUGE_STRING_LEN as usize]>::uninit();
            ap_scan_script_header_err_core_ex(
                self.raw(),
                line.as_mut_ptr().cast(),
                Some(next_line),
                (&raw mut head).cast(),
                module_index,
            )
        };
        // As mod_cgi does it (cgi_common.h:cgi_handle_response): how long the answer is and how it is framed, httpd knows.
        let trusted =
            self.table(table::SUBPROCESS_ENV).is_some_and(|env| matches!(env.get(TRUSTED_LENGTH), Ok(Some(_))));
        if let Some(headers) = self.table(table::HEADERS_OUT) {
            // Neither name holds a NUL.
            if !trusted {
                let _ = headers.unset(b"Content-Length");
            }
            let _ = headers.unset(b"Transfer-Encoding");
        }
        status
    }

    /// Whether this request's URL names what can't be found below the file, and that isn't allowed (AcceptPathInfo Off).
    pub(crate) fn rejects_path_info(self) -> bool {
        let rec = self.rec();
        // SAFETY: path_info is NULL or a string that lives as long as the request.
        rec.used_path_info == AP_REQ_REJECT_PATH_INFO as i32
            && unsafe { bytes(rec.path_info) }.is_some_and(|rest| !rest.is_empty())
    }

    /// Has the request answered as a GET of another URL of this server (ap_internal_redirect_handler).
    pub(crate) fn redirect_to(self, location: &[u8]) {
        let Some(location) = self.pool().strdup(location) else { return };
        // The other request is told of this one by them, under REDIRECT_ names.
        self.add_cgi_variables();
        // SAFETY: the request is this thread's; the strings are static or in its pool.
        unsafe {
            (*self.raw()).method = c"GET".as_ptr();
            (*self.raw()).method_number = M_GET as i32;
            apr_table_unset(self.rec().headers_in, c"Content-Length".as_ptr());
            ap_internal_redirect_handler(location, self.raw());
        }
    }
}

/// Gives httpd the next line of a head, at most so long, without its end; 0 where the head ends within it. As httpd reads
/// one (util_script.c:getsfunc_BRIGADE), each carriage return is left out.
unsafe extern "C" fn next_line(to: *mut c_char, room: c_int, head: *mut c_void) -> c_int {
    guard(0, || {
        // SAFETY: `scan_script_header` passed its slice and waits for this call; httpd has room for so many bytes, none of
        // which has to hold anything yet.
        let (to, head) = unsafe {
            (std::slice::from_raw_parts_mut(to.cast(), usize::try_from(room).unwrap_or(0)), &mut *head.cast())
        };
        take_line(to, head).into()
    })
}

/// Moves a line into `to`, with a NUL behind it; whether all of it was there and fitted.
fn take_line(to: &mut [MaybeUninit<u8>], head: &mut &[u8]) -> bool {
    let Some((end, room)) = to.split_last_mut() else { return false };
    let (mut length, mut whole) = (0, false);
    while length < room.len() && !whole {
        let Some((byte, rest)) = head.split_first() else { break };
        *head = rest;
        match byte {
            b'\n' => whole = true,
            b'\r' => {}
            byte => {
                if let Some(place) = room.get_mut(length) {
                    place.write(*byte);
                }
                length += 1;
            }
        }
    }
    room.get_mut(length).unwrap_or(end).write(0);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_as_httpd_reads_them() {
        let lines = |mut head: &[u8], room: usize| {
            let mut said = Vec::new();
            loop {
                let mut to = vec![MaybeUninit::new(b'?'); room];
                let whole = take_line(&mut to, &mut head);
                // SAFETY: all of it was written above.
                let bytes = to.iter().map(|byte| unsafe { byte.assume_init() });
                said.push((bytes.take_while(|byte| *byte != 0).collect(), whole));
                if !whole {
                    return said;
                }
            }
        };
        let end = (Vec::new(), false);
        assert_eq!(
            lines(b"A: b\r\nC\r: d\n\n", 80),
            [(b"A: b".to_vec(), true), (b"C: d".to_vec(), true), (Vec::new(), true), end.clone()]
        );
        assert_eq!(lines(b"A: b", 80), [(b"A: b".to_vec(), false)]);
        assert_eq!(lines(b"A\0B\n", 80), [(b"A".to_vec(), true), end.clone()]);
        assert_eq!(lines(b"12345\n", 4), [(b"123".to_vec(), false)]);
        assert_eq!(lines(b"", 80), [end]);
    }
}
