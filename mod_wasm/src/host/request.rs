//! Group `request`: fields of the request, its connection and its server, and the response body.

use super::{Code, Host, Reply, RequestFunctions};
use crate::httpd::request::Refused;
use crate::httpd::server;

impl From<Refused> for Code {
    fn from(_: Refused) -> Code {
        Code::BAD_VALUE
    }
}

impl RequestFunctions for Host {
    fn ap_request_field(&mut self, r: u32, field: u32) -> Reply<&[u8]> {
        self.request(r)?.text(field)?.ok_or(Code::NONE)
    }

    fn ap_request_number(&mut self, r: u32, field: u32) -> Reply<i64> {
        Ok(self.request(r)?.number(field)?)
    }

    fn ap_request_set_field(&mut self, r: u32, field: u32, value: &[u8]) -> Reply<()> {
        Ok(self.request(r)?.set_text(field, Some(value))?)
    }

    fn ap_request_unset_field(&mut self, r: u32, field: u32) -> Reply<()> {
        Ok(self.request(r)?.set_text(field, None)?)
    }

    fn ap_request_set_number(&mut self, r: u32, field: u32, value: i64) -> Reply<()> {
        Ok(self.request(r)?.set_number(field, value)?)
    }

    fn ap_set_content_type_ex(&mut self, r: u32, value: &[u8], trusted: u32) -> Reply<()> {
        Ok(self.request(r)?.set_content_type_ex(value, trusted != 0)?)
    }

    fn ap_rwrite(&mut self, r: u32, data: &[u8]) -> Reply<()> {
        let sent = self.request(r)?.write(data);
        if sent { Ok(()) } else { self.fail(b"the client has gone") }
    }

    fn ap_rflush(&mut self, r: u32) -> Reply<()> {
        let sent = self.request(r)?.flush();
        if sent { Ok(()) } else { self.fail(b"the client has gone") }
    }

    fn apr_time_now(&mut self) -> Reply<i64> {
        Ok(server::time_now())
    }

    fn ap_request_main(&mut self, _r: u32) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }

    fn ap_request_prev(&mut self, _r: u32) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }

    fn apr_pool_userdata_get(&mut self, _r: u32, _key: &[u8]) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }

    fn apr_pool_userdata_set(&mut self, _r: u32, _key: &[u8], _value: &[u8]) -> Reply<()> {
        Err(Code::NOT_NOW)
    }

    fn ap_core_translate(&mut self, _r: u32) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }

    fn ap_matches_request_vhost(&mut self, _r: u32, _name: &[u8], _port: u32) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }
}
