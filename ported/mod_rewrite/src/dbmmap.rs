//! Maps in DBM files, and the values that are kept until one of the files changes.

use crate::ErrorText;
use crate::cache::{Cache, State};
use crate::log::rewritelog;
use crate::record::Record;
use crate::text::Text;
use apache_module::map::{Dbm, LookupError, dbm_get_usednames};
use apache_module::{APLOG_ERR, log, stat};

/// A DBM file.
pub struct DbmMap {
    dbm: Dbm,
    path: Vec<u8>,
    /// The one or two files that it consists of.
    files: Vec<Vec<u8>>,
    cache: Cache,
}

impl DbmMap {
    /// The DBM file that the directive being parsed names.
    pub fn named(kind: &[u8], name: &[u8], path: &[u8], cache: Cache) -> Result<DbmMap, ErrorText> {
        let invalid = || [b"RewriteMap: dbm type ", kind, b" is invalid"].concat();
        let files = dbm_get_usednames(kind, path).ok_or_else(invalid)?;
        let dbm = Dbm::named(kind, name).map_err(|_| invalid())?;
        Ok(DbmMap { dbm, path: path.to_vec(), files, cache })
    }

    /// The files, the first of which must be there when the server starts.
    pub fn files(&self) -> &[Vec<u8>] {
        &self.files
    }

    /// The value of a key.
    pub fn lookup(&self, record: &mut Record<'_>, name: &[u8], key: &[u8]) -> Option<Text<'static>> {
        let mut found = [None; 2];
        for ((file, number), found) in self.files.iter().zip(["AH00662", "AH00663"]).zip(&mut found) {
            match stat::stat(file) {
                Ok(file) => *found = Some(file),
                Err(status) => {
                    let what = b": mod_rewrite: can't access DBM RewriteMap file ";
                    let message = [number.as_bytes(), what, file].concat();
                    log::rerror_status(record.r, file!(), line!(), APLOG_ERR, status, &message);
                    return None;
                }
            }
        }
        let state = State::of(found);
        if let Some(value) = self.cache.get(&state, key) {
            rewritelog!(record, 5, None, b"cache lookup OK: map=", name, b"[dbm] key=", key, b" -> val=", &value,);
            return Some(Text::Shared(value)).filter(|value| !value.is_empty());
        }
        rewritelog!(record, 6, None, b"cache lookup FAILED, forcing new map lookup");
        let value = self.dbm.fetch(record.r, key).unwrap_or_else(|error| {
            if let LookupError::Failed(status, _) = error {
                let message = [b"AH00656: mod_rewrite: can't open DBM RewriteMap ", &self.path[..]].concat();
                log::rerror_status(record.r, file!(), line!(), APLOG_ERR, status, &message);
            }
            None
        });
        self.cache.set(&state, key, value.as_deref().unwrap_or_default());
        match &value {
            None => rewritelog!(record, 5, None, b"map lookup FAILED: map=", name, b"[dbm] key=", key),
            Some(value) => {
                rewritelog!(record, 5, None, b"map lookup OK: map=", name, b"[dbm] key=", key, b" -> val=", value,)
            }
        }
        value.map(Text::Owned)
    }
}
