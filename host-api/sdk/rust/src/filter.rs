//! Filters: a function that is called for the start, each chunk, each flush and the end of a body.

use crate::ffi::{self, constant};

/// What a filter is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Before the first chunk; headers can still be changed.
    Start,
    /// A chunk of this many bytes.
    Data(usize),
    /// Everything so far is to be sent now.
    Flush,
    /// The end.
    Eos,
}

/// What becomes of the present chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It passes as it is, after whatever was written.
    Pass,
    /// What was written passes in its place.
    Replace,
    /// It passes as it is, and the filter is not called again for this body.
    Remove,
}

/// One filter at work on one body.
pub struct Filter {
    id: u32,
    length: u32,
}

impl Filter {
    /// Number of this body, unlike that of any other in this instance.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The present chunk.
    pub fn read(&self) -> Vec<u8> {
        ffi::filter_chunk(self.length)
    }

    /// Passes bytes on.
    pub fn write(&mut self, data: impl AsRef<[u8]>) {
        ffi::ap_filter_write(data.as_ref());
    }
}

#[doc(hidden)]
pub fn call(function: impl FnOnce(&mut Filter, Event) -> Flow, id: u32, event: u32, length: u32) -> i32 {
    let event = match event as i32 {
        constant::FILTER_START => Event::Start,
        constant::FILTER_DATA => Event::Data(length as usize),
        constant::FILTER_FLUSH => Event::Flush,
        _ => Event::Eos,
    };
    match function(&mut Filter { id, length }, event) {
        Flow::Pass => constant::FILTER_PASS,
        Flow::Replace => constant::FILTER_REPLACE,
        Flow::Remove => constant::FILTER_REMOVE,
    }
}
