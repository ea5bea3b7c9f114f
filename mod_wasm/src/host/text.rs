//! Group `text`.

use super::{Code, Host, Reply, TextFunctions};

impl TextFunctions for Host {
    fn ap_os_escape_path(&mut self, _path: &[u8], _partial: u32) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }

    fn ap_escape_path_segment(&mut self, _segment: &[u8]) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }

    fn ap_escape_urlencoded(&mut self, _text: &[u8]) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }

    fn ap_escape_html2(&mut self, _text: &[u8], _toasc: u32) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }

    fn ap_unescape_url(&mut self, _url: &[u8]) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }

    fn apr_time_exp_lt(&mut self, _time: i64) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }

    fn apr_time_exp_gmt(&mut self, _time: i64) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }

    fn ap_random_pick(&mut self, _min: u32, _max: u32) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }
}
