//! Maps in SQL databases, by a statement that mod_dbd prepares.

use crate::ErrorText;
use crate::cache::{Cache, State};
use crate::log::rewritelog;
use crate::record::Record;
use crate::text::Text;
use apache_module::map::{LookupError, Refused, Statement};
use apache_module::{log_bytes, text};

/// The status of a failure while rows are fetched.
const FETCHING: i32 = 2;

/// A prepared statement.
pub struct DbdMap {
    statement: Statement,
    /// Whether values are kept for as long as the instance lives (`fastdbd:`).
    cache: Option<Cache>,
}

impl DbdMap {
    /// The statement that the directive being parsed holds, under the map's name.
    pub fn prepare(query: &[u8], name: &[u8], cache: Option<Cache>) -> Result<DbdMap, ErrorText> {
        let statement = Statement::prepare(query, name).map_err(|why| match why {
            Refused::Failed(why) => why,
            Refused::None | Refused::NotNamed => b"RewriteMap types dbd and fastdbd require mod_dbd!".to_vec(),
        })?;
        Ok(DbdMap { statement, cache })
    }

    /// The value of a key.
    pub fn lookup(&self, record: &mut Record<'_>, name: &[u8], key: &[u8]) -> Option<Text<'static>> {
        if let Some(cache) = &self.cache {
            if let Some(value) = cache.get(&State::default(), key) {
                rewritelog!(record, 5, None, b"cache lookup OK: map=", name, b"[SQL] key=", key, b", val=", &value);
                return Some(Text::Shared(value)).filter(|value| !value.is_empty());
            }
            rewritelog!(record, 6, None, b"cache lookup FAILED, forcing new map lookup");
        }
        let value = self.select(record, key);
        match &value {
            None => rewritelog!(record, 5, None, b"SQL map lookup FAILED: map ", name, b" key=", key),
            Some(value) => {
                rewritelog!(record, 5, None, b"SQL map lookup OK: map ", name, b" key=", key, b", val=", value);
            }
        }
        if let Some(cache) = &self.cache {
            cache.set(&State::default(), key, value.as_deref().unwrap_or_default());
        }
        value.map(Text::Owned)
    }

    /// One of the rows (mod_rewrite.c:lookup_map_dbd).
    fn select(&self, record: &Record<'_>, key: &[u8]) -> Option<Vec<u8>> {
        let rows = match self.statement.select(record.r, key) {
            Ok(rows) => rows,
            Err(LookupError::Failed(status, why)) => {
                let (number, doing): (&[u8], &[u8]) = match status {
                    FETCHING => (b"AH00658", b" looking up "),
                    _ => (b"AH00657", b" querying for "),
                };
                log_bytes!(record.r, APLOG_ERR, number, b": rewritemap: error ", &why, doing, key);
                return None;
            }
            Err(LookupError::NotThere | LookupError::TimeLimit) => {
                log_bytes!(
                    record.r,
                    APLOG_ERR,
                    b"AH02963: rewritemap: No db handle available! Check your database access",
                );
                return None;
            }
        };
        if rows.len() > 1 {
            rewritelog!(record, 3, None, b"Multiple values found for ", key);
        }
        let chosen = if rows.len() > 1 { text::random_pick(1, rows.len() as u32) as usize - 1 } else { 0 };
        rows.into_iter().nth(chosen)
    }
}
