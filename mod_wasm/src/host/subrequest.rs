//! Group `subrequest`: looking ahead, and going on with another URL.

use super::number::field;
use super::{Code, Host, Reply, SubrequestFunctions};
use crate::httpd::stack;
use crate::httpd::subrequest::Lookup;
use crate::process;
use crate::runtime::Runtime;
use std::time::Instant;

/// Stacks of a guest that must be left where a subrequest begins, which may need this module and others again.
const STACKS_LEFT: usize = 2;

impl Host {
    fn lookup(&mut self, r: u32, lookup: Lookup, text: &[u8], run: u32) -> Reply<i64> {
        if run == 1 {
            self.not_in_filter()?;
        }
        if text.contains(&0) || run > 1 {
            return Err(Code::BAD_VALUE);
        }
        // httpd takes the folder of both without asking whether there is one yet (request.c:ap_sub_req_lookup_file).
        let base = match lookup {
            Lookup::File => field::FILENAME,
            Lookup::Uri => field::URI,
        };
        self.request(r)?.text(base)?.ok_or(Code::NOT_NOW)?;
        let needed = process::existing_runtime().map_or(0, Runtime::stack_of_call);
        if stack::left() < needed.saturating_mul(STACKS_LEFT) {
            return Err(Code::LIMIT);
        }
        // httpd takes the text apart some times, in a pool below the request's.
        self.takes(text.len().saturating_mul(4))?;
        let begin = Instant::now();
        let handle = self.lent.make(r, run == 1, |r| r.sub_req(lookup, text, run == 1));
        self.looked_ahead(begin);
        handle.map(i64::from).ok_or(Code::LIMIT)
    }
}

impl Host {
    /// A subrequest has taken its time. Where the guest is called for a subrequest already, that is its own time, or
    /// guests that look ahead from within looking ahead would never come to an end.
    fn looked_ahead(&mut self, begin: Instant) {
        if self.lent.request().is_some_and(|r| !r.is_sub_req()) {
            self.waited(begin.elapsed());
        }
    }
}

impl SubrequestFunctions for Host {
    fn ap_sub_req_lookup_uri(&mut self, r: u32, uri: &[u8], run: u32) -> Reply<i64> {
        self.lookup(r, Lookup::Uri, uri, run)
    }

    fn ap_sub_req_lookup_file(&mut self, r: u32, file: &[u8], run: u32) -> Reply<i64> {
        self.lookup(r, Lookup::File, file, run)
    }

    fn ap_run_sub_req(&mut self, r: u32) -> Reply<i64> {
        self.answering(0)?;
        if !self.lent.take_run(r) {
            return Err(Code::BAD_HANDLE);
        }
        let begin = Instant::now();
        let status = self.request(r)?.run_sub_req();
        self.looked_ahead(begin);
        Ok(status.into())
    }

    fn ap_destroy_sub_req(&mut self, r: u32) -> Reply<()> {
        if self.lent.destroy(r) { Ok(()) } else { Err(Code::BAD_HANDLE) }
    }

    fn ap_internal_redirect(&mut self, r: u32, uri: &[u8]) -> Reply<()> {
        self.answering(r)?;
        if r != 0 || uri.contains(&0) {
            return Err(Code::BAD_VALUE);
        }
        self.set_redirect(uri);
        Ok(())
    }
}
