//! Group `stat`.

use super::{Code, Host, Reply, StatFunctions};

impl StatFunctions for Host {
    fn ap_stat_check(&mut self, _path: &[u8]) -> Reply<()> {
        Err(Code::NOT_NOW)
    }

    fn apr_stat(&mut self, _path: &[u8], _link: u32) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }

    fn apr_uid_homepath_get(&mut self, _user: &[u8]) -> Reply<&[u8]> {
        Err(Code::NOT_NOW)
    }
}
