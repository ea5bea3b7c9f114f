//! Group `server`: facts about the server as a whole.

use super::{Code, Host, Reply, ServerFunctions};
use crate::httpd::server;
use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// What a pool takes for the value of an SSL variable, which may be a certificate, in bytes.
const SSL_VARIABLE: usize = 2_048;

impl ServerFunctions for Host {
    fn ap_get_loadavg(&mut self) -> Reply<&[u8]> {
        self.answer = server::loadavg().iter().flat_map(|load| load.to_le_bytes()).collect();
        Ok(&self.answer)
    }

    fn ap_get_sload(&mut self) -> Reply<&[u8]> {
        let (idle, busy) = server::sload().ok_or(Code::NOT_NOW)?;
        self.answer = [idle, busy].iter().flat_map(|percent| percent.to_le_bytes()).collect();
        Ok(&self.answer)
    }

    fn ap_ssl_var_lookup(&mut self, r: u32, name: &[u8]) -> Reply<&[u8]> {
        self.takes(name.len().saturating_add(SSL_VARIABLE))?;
        self.request(r)?.ssl_var(name).filter(|value| !value.is_empty()).ok_or(Code::NONE)
    }

    fn ap_exists_config_define(&mut self, name: &[u8]) -> Reply<i64> {
        server::exists_config_define(name).map(i64::from).ok_or(Code::BAD_VALUE)
    }

    fn ap_find_linked_module(&mut self, name: &[u8]) -> Reply<i64> {
        Ok(server::has_module(name).into())
    }

    fn ap_index_of_response(&mut self, status: u32) -> Reply<i64> {
        let status = i32::try_from(status).map_err(|_| Code::BAD_VALUE)?;
        server::index_of_response(status).map(i64::from).ok_or(Code::NONE)
    }

    fn apr_env_get(&mut self, name: &[u8]) -> Reply<&[u8]> {
        if name.is_empty() || name.contains(&b'=') || name.contains(&0) {
            return Err(Code::NONE);
        }
        let value = std::env::var_os(OsStr::from_bytes(name)).ok_or(Code::NONE)?;
        self.answer = value.into_vec();
        Ok(&self.answer)
    }

    fn ap_mpm_query(&mut self, query: u32) -> Reply<i64> {
        let query = i32::try_from(query).map_err(|_| Code::BAD_VALUE)?;
        server::mpm_query(query).map(i64::from).ok_or(Code::NONE)
    }

    fn ap_state_query(&mut self, query: u32) -> Reply<i64> {
        let query = i32::try_from(query).map_err(|_| Code::BAD_VALUE)?;
        server::state_query(query).map(i64::from).ok_or(Code::NONE)
    }

    fn ap_runtime_dir_relative(&mut self, path: &[u8]) -> Reply<&[u8]> {
        self.relative(path, |pool| pool.runtime_dir_relative(path).map(<[u8]>::to_vec))
    }
}
