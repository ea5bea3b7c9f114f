//! Group `map`.

use super::{Code, Host, Reply, MapFunctions};

impl MapFunctions for Host {
    fn ap_map_file(&mut self, _name: &[u8]) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }

    fn ap_map_dbm(&mut self, _kind: &[u8], _name: &[u8]) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }

    fn ap_map_dbd(&mut self, _query: &[u8], _label: &[u8]) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }

    fn ap_map_program(&mut self, _command: &[u8], _user: &[u8], _group: &[u8], _mutex: u32) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }

    fn ap_map_function(&mut self, _name: &[u8]) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }

    fn apr_dbm_get_usednames(&mut self, _kind: &[u8], _name: &[u8]) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }

    fn apr_file_read(&mut self, _file: u32, _offset: u32, _count: u32) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }

    fn apr_dbm_fetch(&mut self, _dbm: u32, _key: &[u8]) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }

    fn apr_dbd_pvselect(&mut self, _r: u32, _statement: u32, _key: &[u8]) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }

    fn ap_program_start(&mut self, _program: u32) -> Reply<()> {
        Err(Code::NOT_NOW)
    }

    fn ap_program_ask(&mut self, _r: u32, _program: u32, _line: &[u8]) -> Reply<i64> {
        Err(Code::NOT_NOW)
    }

    fn ap_map_call(&mut self, _r: u32, _function: u32, _key: &[u8]) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }
}
