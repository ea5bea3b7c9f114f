//! Group `filter`: filters are added by name, and see their chunk.

use super::{Code, FilterFunctions, Host, Reply};
use crate::httpd::filter::{self, NotAdded};

/// Most bytes that a filter may write for one chunk.
const MOST_WRITTEN: usize = 64 << 20;
/// What a pool takes for a filter, roughly, in bytes.
const FILTER: usize = 128;

impl FilterFunctions for Host {
    fn ap_add_output_filter(&mut self, r: u32, name: &[u8]) -> Reply<()> {
        self.takes(FILTER)?;
        let own = self.filters.output.iter().find(|own| own.name == name);
        added(filter::add_output(self.request(r)?, own.map(|own| &own.registered), name))
    }

    fn ap_add_input_filter(&mut self, r: u32, name: &[u8]) -> Reply<()> {
        self.takes(FILTER)?;
        let own = self.filters.input.iter().find(|own| own.name == name);
        added(filter::add_input(self.request(r)?, own.map(|own| &own.registered), name))
    }

    fn ap_filter_read(&mut self, offset: u32, count: u32) -> Reply<&[u8]> {
        let rest = self.lent.chunk().ok_or(Code::NOT_NOW)?.get(offset as usize..).ok_or(Code::BAD_VALUE)?;
        Ok(rest.get(..count as usize).unwrap_or(rest))
    }

    fn ap_filter_write(&mut self, data: &[u8]) -> Reply<()> {
        self.lent.chunk().ok_or(Code::NOT_NOW)?;
        if self.lent.write(data, MOST_WRITTEN) { Ok(()) } else { Err(Code::LIMIT) }
    }
}

fn added(added: Result<(), NotAdded>) -> Reply<()> {
    added.map_err(|why| match why {
        NotAdded::NoName => Code::BAD_VALUE,
        NotAdded::Unknown => Code::NONE,
        NotAdded::TooMany => Code::LIMIT,
    })
}
