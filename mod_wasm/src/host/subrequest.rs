//! Group `subrequest`.

use super::{Code, Host, Reply, SubrequestFunctions};

impl SubrequestFunctions for Host {
    fn ap_sub_req_lookup_uri(&mut self, _r: u32, _uri: &[u8], _run: u32) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }

    fn ap_sub_req_lookup_file(&mut self, _r: u32, _file: &[u8], _run: u32) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }

    fn ap_run_sub_req(&mut self, _r: u32) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }

    fn ap_destroy_sub_req(&mut self, _r: u32) -> Reply<()> {
        Err(Code::NOT_NOW)
    }

    fn ap_internal_redirect(&mut self, _r: u32, _uri: &[u8]) -> Reply<()> {
        Err(Code::NOT_NOW)
    }
}
