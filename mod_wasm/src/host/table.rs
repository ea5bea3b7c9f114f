//! Group `table`: the tables of a request.

use super::number::table;
use super::state::Compiled;
use super::{Code, Host, Reply, TableFunctions};
use crate::httpd::edits;
use crate::httpd::table::HoldsNul;
use crate::httpd::{Request, Table};

/// Most bytes of prepared edits per process; they are never freed, since requests use their strings.
pub(super) const MOST_PREPARED: usize = 16 << 20;

impl From<HoldsNul> for Code {
    fn from(_: HoldsNul) -> Code {
        Code::BAD_VALUE
    }
}

impl Host {
    #[inline]
    fn table(&self, r: u32, table: u32) -> Reply<Table<'_>> {
        self.request(r)?.table(table).ok_or(Code::BAD_VALUE)
    }

    /// A table to put a name and a value into, or something as long.
    #[inline]
    fn table_for(&self, r: u32, table: u32, name: &[u8], value: &[u8]) -> Reply<Table<'_>> {
        Ok(self.request(r)?.table_for(table, name.len() + value.len())?)
    }

    /// The entries of a table, or those of a name, as strings that each end with a NUL.
    fn entries(&mut self, r: u32, table: u32, name: Option<&[u8]>) -> Reply<&[u8]> {
        let mut all = std::mem::take(&mut self.answer);
        all.clear();
        self.table(r, table)?.each(name, |key, value| {
            for part in [key, value] {
                all.extend_from_slice(part);
                all.push(0);
            }
        })?;
        self.answer = all;
        Ok(&self.answer)
    }
}

/// Appends to a value, which is copied for it.
pub(super) fn merge(r: Request<'_>, table: u32, name: &[u8], value: &[u8]) -> Reply<()> {
    let before = match table {
        table::CONN_NOTES => r.table(table).map_or(Ok(None), |notes| notes.get(name))?.map_or(0, <[u8]>::len),
        _ => 0,
    };
    Ok(r.table_for(table, name.len() + value.len() + before)?.merge(name, value)?)
}

impl TableFunctions for Host {
    fn apr_table_get(&mut self, r: u32, table: u32, name: &[u8]) -> Reply<&[u8]> {
        self.table(r, table)?.get(name)?.ok_or(Code::NONE)
    }

    fn apr_table_do(&mut self, r: u32, table: u32, name: &[u8]) -> Reply<&[u8]> {
        let all = self.entries(r, table, Some(name))?;
        if all.is_empty() { Err(Code::NONE) } else { Ok(all) }
    }

    fn apr_table_elts(&mut self, r: u32, table: u32) -> Reply<&[u8]> {
        self.entries(r, table, None)
    }

    fn apr_table_set(&mut self, r: u32, table: u32, name: &[u8], value: &[u8]) -> Reply<()> {
        self.takes(name.len().saturating_add(value.len()))?;
        Ok(self.table_for(r, table, name, value)?.set(name, value)?)
    }

    fn apr_table_add(&mut self, r: u32, table: u32, name: &[u8], value: &[u8]) -> Reply<()> {
        self.takes(name.len().saturating_add(value.len()))?;
        Ok(self.table_for(r, table, name, value)?.add(name, value)?)
    }

    fn apr_table_merge(&mut self, r: u32, table: u32, name: &[u8], value: &[u8]) -> Reply<()> {
        let before = self.table(r, table)?.get(name)?.map_or(0, <[u8]>::len);
        self.takes(before.saturating_add(name.len()).saturating_add(value.len()))?;
        merge(self.request(r)?, table, name, value)
    }

    fn apr_table_unset(&mut self, r: u32, table: u32, name: &[u8]) -> Reply<()> {
        Ok(self.table(r, table)?.unset(name)?)
    }

    fn apr_table_clear(&mut self, r: u32, table: u32) -> Reply<()> {
        self.table(r, table)?.clear();
        Ok(())
    }

    fn ap_table_prepare(&mut self, list: &[u8]) -> Reply<i64> {
        // What lives for ever is not for .htaccess files that come and go.
        if self.passing {
            return Err(Code::LIMIT);
        }
        let edits = edits::prepared(list, MOST_PREPARED).ok_or(Code::LIMIT)?;
        self.hold(Compiled::Edits(edits.ok_or(Code::BAD_VALUE)?))
    }

    fn ap_table_apply(&mut self, r: u32, table: u32, edits: u32) -> Reply<()> {
        let Some(Compiled::Edits(edits)) = self.compiled.get(edits as usize) else { return Err(Code::BAD_HANDLE) };
        match edits.apply(self.request(r)?, table)? {
            0 => Ok(()),
            taken => self.takes(taken),
        }
    }
}
