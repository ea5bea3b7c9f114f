//! Values that were looked up, kept for all instances of the process until what they were looked up in changes.

use apache_module::{Directive, server};

/// Where the values of one map are kept (mod_rewrite.c:cachedmap): below the map's name and its server's number.
pub struct Cache(Vec<u8>);

impl Cache {
    /// That of the map of a name, which the directive being parsed declares.
    pub fn of(directive: &Directive, name: &[u8]) -> Cache {
        Cache([format!("{:x}:", directive.server_id()).as_bytes(), name, b"\0"].concat())
    }

    /// The value of a key, if it was looked up in what was last changed at this time. Empty for a key without one.
    pub fn get(&self, mtime: i64, key: &[u8]) -> Option<Vec<u8>> {
        server::ivm_get(&self.key(mtime, key))
    }

    /// Keeps a value.
    pub fn set(&self, mtime: i64, key: &[u8], value: &[u8]) {
        server::ivm_set(&self.key(mtime, key), value);
    }

    fn key(&self, mtime: i64, key: &[u8]) -> Vec<u8> {
        [&self.0[..], &mtime.to_le_bytes(), key].concat()
    }
}
