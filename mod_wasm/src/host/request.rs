//! Group `request`: fields of the request, its connection and its server, and the response body.

use super::number::field;
use super::{Code, Host, Reply, RequestFunctions};
use crate::httpd::lend::Kin;
use crate::httpd::request::Refused;
use crate::httpd::server;
use std::time::{Duration, Instant};

impl From<Refused> for Code {
    fn from(refused: Refused) -> Code {
        match refused {
            Refused::Limit => Code::LIMIT,
            Refused::Field | Refused::Value => Code::BAD_VALUE,
        }
    }
}

/// Texts that httpd puts together in the request's pool each time.
const PUT_TOGETHER: [u32; 8] = [
    field::SERVER_URL,
    field::CONTENT_LANGUAGES,
    field::OPTIONS,
    field::ALLOWOVERRIDES,
    field::SERVER_NAMES,
    field::SCRIPT_USER,
    field::SCRIPT_GROUP,
    field::AUTH_NAME,
];

impl RequestFunctions for Host {
    fn ap_request_field(&mut self, r: u32, field: u32) -> Reply<&[u8]> {
        if matches!(field, field::REMOTE_HOST | field::REMOTE_IDENT) {
            // Others are asked for these, and httpd remembers what they said.
            let begin = Instant::now();
            self.request(r)?.text(field)?;
            self.waited(begin.elapsed());
        }
        if PUT_TOGETHER.contains(&field) {
            let length = self.request(r)?.text(field)?.map_or(0, <[u8]>::len);
            self.takes(length.saturating_mul(2))?;
        }
        self.request(r)?.text(field)?.ok_or(Code::NONE)
    }

    fn ap_request_number(&mut self, r: u32, field: u32) -> Reply<i64> {
        Ok(self.request(r)?.number(field)?)
    }

    fn ap_request_set_field(&mut self, r: u32, field: u32, value: &[u8]) -> Reply<()> {
        self.takes(value.len())?;
        Ok(self.request(r)?.set_text(field, Some(value))?)
    }

    fn ap_request_unset_field(&mut self, r: u32, field: u32) -> Reply<()> {
        Ok(self.request(r)?.set_text(field, None)?)
    }

    fn ap_request_set_number(&mut self, r: u32, field: u32, value: i64) -> Reply<()> {
        Ok(self.request(r)?.set_number(field, value)?)
    }

    fn ap_request_read(&mut self, r: u32, wants: &[u8]) -> Reply<&[u8]> {
        self.read_many(r, wants)
    }

    fn ap_request_read_before(&mut self, hook: u32, wants: &[u8], place: u32, room: u32) -> Reply<()> {
        self.want_before(hook, wants, place, room)
    }

    fn ap_request_write(&mut self, r: u32, edits: &[u8]) -> Reply<()> {
        self.write_many(r, edits)
    }

    fn ap_request_prepare(&mut self, edits: &[u8]) -> Reply<i64> {
        self.prepare_edits(edits)
    }

    fn ap_set_content_type_ex(&mut self, r: u32, value: &[u8], trusted: u32) -> Reply<()> {
        self.takes(value.len())?;
        Ok(self.request(r)?.set_content_type_ex(value, trusted != 0)?)
    }

    fn ap_rwrite(&mut self, r: u32, data: &[u8]) -> Reply<()> {
        let begin = Instant::now();
        let sent = self.answering(r)?.write(data);
        self.wrote = true;
        self.answered(begin, sent)
    }

    fn ap_rflush(&mut self, r: u32) -> Reply<()> {
        let begin = Instant::now();
        let sent = self.answering(r)?.flush();
        self.wrote = true;
        self.answered(begin, sent)
    }

    fn apr_time_now(&mut self) -> Reply<i64> {
        Ok(server::time_now())
    }

    fn apr_sleep(&mut self, time: i64) -> Reply<()> {
        let time = Duration::from_micros(u64::try_from(time).map_err(|_| Code::BAD_VALUE)?);
        // After that the guest is ended anyway.
        std::thread::sleep(time.min(self.time));
        Ok(())
    }

    fn ap_construct_url(&mut self, r: u32, uri: &[u8]) -> Reply<&[u8]> {
        self.takes(uri.len().saturating_mul(2))?;
        Ok(self.request(r)?.construct_url(uri)?)
    }

    fn ap_set_document_root(&mut self, r: u32, path: &[u8]) -> Reply<()> {
        self.takes(path.len())?;
        Ok(self.request(r)?.set_document_root(path)?)
    }

    fn ap_set_context_info(&mut self, r: u32, prefix: &[u8], document_root: &[u8]) -> Reply<()> {
        self.takes(prefix.len().saturating_add(document_root.len()))?;
        Ok(self.request(r)?.set_context_info(prefix, document_root)?)
    }

    fn ap_cookie_read(&mut self, r: u32, name: &[u8]) -> Reply<&[u8]> {
        if name.is_empty() || name.contains(&0) {
            return Err(Code::BAD_VALUE);
        }
        let found = self.request(r)?.cookie(name).map(|value| value.map(<[u8]>::len));
        // It is looked for twice.
        self.takes(found.ok().flatten().unwrap_or(0).saturating_add(name.len()).saturating_mul(2))?;
        match found {
            Ok(Some(_)) => self.request(r)?.cookie(name).ok().flatten().ok_or(Code::NONE),
            Ok(None) => Err(Code::NONE),
            Err(status) => self.fail_with(status, b"the client sent two cookies of this name"),
        }
    }

    fn ap_args_to_table(&mut self, r: u32) -> Reply<&[u8]> {
        let mut all = std::mem::take(&mut self.answer);
        all.clear();
        self.request(r)?.args_to_table(|name, value| {
            for part in [name, value] {
                all.extend_from_slice(part);
                all.push(0);
            }
        });
        self.answer = all;
        self.takes(self.answer.len().saturating_mul(2))?;
        Ok(&self.answer)
    }

    fn ap_request_main(&mut self, r: u32) -> Reply<i64> {
        self.request(r)?;
        self.lent.kin(r, Kin::Main).map(i64::from).ok_or(Code::NONE)
    }

    fn ap_request_prev(&mut self, r: u32) -> Reply<i64> {
        self.request(r)?;
        self.lent.kin(r, Kin::Prev).map(i64::from).ok_or(Code::NONE)
    }

    fn ap_request_next(&mut self, r: u32) -> Reply<i64> {
        self.request(r)?;
        self.lent.kin(r, Kin::Next).map(i64::from).ok_or(Code::NONE)
    }

    fn apr_pool_userdata_get(&mut self, r: u32, key: &[u8]) -> Reply<&[u8]> {
        self.request(r)?.pool().userdata(&self.own_key(key)).ok_or(Code::NONE)
    }

    fn apr_pool_userdata_set(&mut self, r: u32, key: &[u8], value: &[u8]) -> Reply<()> {
        self.takes(key.len().saturating_add(value.len()))?;
        let kept = self.request(r)?.pool().set_userdata(&self.own_key(key), value);
        if kept { Ok(()) } else { Err(Code::BAD_VALUE) }
    }

    fn ap_require_args(&mut self) -> Reply<&[u8]> {
        self.require.as_deref().ok_or(Code::NOT_NOW)
    }

    fn ap_core_translate(&mut self, r: u32, uri: &[u8]) -> Reply<i64> {
        self.takes(uri.len().saturating_mul(3))?;
        self.request(r)?.core_translate(uri).map(i64::from).ok_or(Code::BAD_VALUE)
    }

    fn ap_matches_request_vhost(&mut self, r: u32, name: &[u8], port: u32) -> Reply<i64> {
        let port = u16::try_from(port).map_err(|_| Code::BAD_VALUE)?;
        self.request(r)?.matches_vhost(name, port).map(i64::from).ok_or(Code::BAD_VALUE)
    }
}

impl Host {
    /// A key that only this module has.
    pub(super) fn own_key(&self, key: &[u8]) -> Vec<u8> {
        [b"mod_wasm:", &self.name[..], b":", key].concat()
    }
}
