//! Group `text`: httpd's own escaping, times taken apart, random numbers.

use super::{Code, Host, Reply, TextFunctions};
use crate::httpd::server;
use crate::httpd::text::{Escape, time_exp};

impl Host {
    fn escaped(&mut self, escape: Escape, text: &[u8]) -> Reply<&[u8]> {
        let mut answer = std::mem::take(&mut self.answer);
        answer.clear();
        let done = escape.apply(self.lent.request(), text, &mut answer);
        self.answer = answer;
        if done { Ok(&self.answer) } else { Err(Code::BAD_VALUE) }
    }

    fn taken_apart(&mut self, time: i64, local: bool) -> Reply<&[u8]> {
        self.answer = time_exp(time, local).iter().flat_map(|part| part.to_le_bytes()).collect();
        Ok(&self.answer)
    }
}

impl TextFunctions for Host {
    fn ap_os_escape_path(&mut self, path: &[u8], partial: u32) -> Reply<&[u8]> {
        self.escaped(Escape::OsPath(partial != 0), path)
    }

    fn ap_escape_path_segment(&mut self, segment: &[u8]) -> Reply<&[u8]> {
        self.escaped(Escape::PathSegment, segment)
    }

    fn ap_escape_urlencoded(&mut self, text: &[u8]) -> Reply<&[u8]> {
        self.escaped(Escape::Urlencoded, text)
    }

    fn ap_escape_html2(&mut self, text: &[u8], toasc: u32) -> Reply<&[u8]> {
        self.escaped(Escape::Html(toasc != 0), text)
    }

    fn ap_unescape_url(&mut self, url: &[u8]) -> Reply<&[u8]> {
        self.escaped(Escape::UnescapeUrl, url)
    }

    fn apr_time_exp_lt(&mut self, time: i64) -> Reply<&[u8]> {
        self.taken_apart(time, true)
    }

    fn apr_time_exp_gmt(&mut self, time: i64) -> Reply<&[u8]> {
        self.taken_apart(time, false)
    }

    fn ap_random_pick(&mut self, min: u32, max: u32) -> Reply<i64> {
        if min > max {
            return Err(Code::BAD_VALUE);
        }
        Ok(server::random_pick(min, max).into())
    }
}
