//! WASI for modules and scripts: what the configuration gives them, and standard output and error, which are lines of the
//! error log. Standard input is empty.

use super::Host;
use crate::counters::Counters;
use crate::httpd::Request;
use crate::httpd::log::{self, Mark};
use crate::process;
use crate::runtime::Artifact;
use crate::settings::Settings;
use crate::wasi::{
    self, Given, MODULE, MOST_BUFFERS, Standard, Stream, Strings, Wasi, buffer, errno, first_line, parts, put,
};
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::time::Duration;
use wasmtime::{Caller, Linker, Memory, Result, Trap};
use wasmtime_wasi::p1::WasiP1Ctx;

/// Longest line in bytes; of a longer one the rest is lost, as httpd's own limit has it.
const LONGEST_LINE: usize = 8_192;
const ERR: u32 = 3;
const INFO: u32 = 6;

/// What a guest is given, as its instances share it.
#[derive(Debug, Default)]
pub(crate) struct Gift {
    given: Given,
    strings: [Strings; 2],
}

impl Gift {
    /// For the guest of a file, if it imports WASI.
    pub(crate) fn of(artifact: &Artifact, given: &Given) -> Option<Arc<Gift>> {
        let strings = || given.strings(Some(artifact.path.as_os_str().as_bytes()));
        artifact
            .imports()
            .any(|(module, _)| module == MODULE)
            .then(|| Arc::new(Gift { given: given.clone(), strings: strings() }))
    }
}

/// What an instance has of WASI.
#[derive(Default)]
pub(super) struct Own {
    gift: Arc<Gift>,
    /// wasmtime-wasi's part, made when it is first needed, and whether that was in a child.
    context: Option<(bool, WasiP1Ctx)>,
    standard: Standard,
    /// Lines that haven't ended, of standard error and output.
    lines: [Vec<u8>; 2],
}

/// Defines what a guest may import: the functions of the groups that it is allowed, and WASI for who asks for it.
pub(crate) fn link_for(linker: &mut Linker<Host>, settings: &Settings, gift: Option<&Arc<Gift>>) -> Result<()> {
    super::link(linker, |group| settings.allows(group))?;
    if gift.is_some() {
        wasi::link(linker)?;
        linker.func_wrap(MODULE, "fd_read", fd_read)?.func_wrap(MODULE, "fd_write", fd_write)?;
    }
    Ok(())
}

impl Host {
    /// With what the configuration gives the guest by way of WASI, if it imports that.
    pub(crate) fn with_gift(mut self, gift: Option<&Arc<Gift>>) -> Host {
        self.wasi = gift.map(|gift| Box::new(Own { gift: gift.clone(), ..Own::default() }));
        self
    }

    fn own(&mut self) -> &mut Own {
        self.wasi.get_or_insert_default()
    }

    /// Logs what the guest writes, line by line.
    fn print(&mut self, stream: Stream, mut data: &[u8]) {
        let level = if stream == Stream::Error { ERR } else { INFO };
        while let Some((end, rest)) = first_line(data) {
            let mut line = std::mem::take(self.line(stream));
            add(&mut line, end);
            data = rest;
            // What a parser had to say of a directive it said when it parsed it first.
            if !self.is_replaying() {
                say(self.module_index, self.counters, level, self.lent.request(), &line);
            }
        }
        add(self.line(stream), data);
    }

    /// What has been written of a line.
    fn line(&mut self, stream: Stream) -> &mut Vec<u8> {
        let [error, output] = &mut self.own().lines;
        if stream == Stream::Error { error } else { output }
    }

    /// A call has ended, and with it a line that it didn't end, and what a long answer took.
    #[inline]
    pub(crate) fn end_call(&mut self) {
        self.end_answer();
        if self.wasi.is_some() {
            self.end_lines();
        }
    }

    fn end_lines(&mut self) {
        let lines = std::mem::take(&mut self.own().lines);
        if self.is_replaying() {
            return;
        }
        for (line, level) in lines.into_iter().zip([ERR, INFO]) {
            say(self.module_index, self.counters, level, self.lent.request(), &line);
        }
    }

    /// Its arguments and its environment.
    fn strings(&self) -> &[Strings; 2] {
        static NONE: [Strings; 2] = [Strings::none(), Strings::none()];
        self.wasi.as_ref().map_or(&NONE, |own| &own.gift.strings)
    }
}

fn add(line: &mut Vec<u8>, part: &[u8]) {
    let room = LONGEST_LINE.saturating_sub(line.len());
    line.extend_from_slice(part.get(..room).unwrap_or(part));
}

fn say(module_index: i32, counters: Option<&Counters>, level: u32, r: Option<Request<'_>>, line: &[u8]) {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.is_empty() || !counters.is_none_or(|counters| counters.may_log(line.len())) {
        return;
    }
    let mark = Mark { file: file!().as_bytes(), line: line!(), module_index };
    match r {
        Some(r) => log::rerror(mark, level, 0, r, line),
        None => log::error(mark, level, 0, None, line),
    }
}

impl Wasi for Host {
    fn memory(&self) -> Option<Memory> {
        self.memory()
    }

    fn context(&mut self) -> &mut WasiP1Ctx {
        let (module_index, counters) = (self.module_index, self.counters);
        let own = self.wasi.get_or_insert_default();
        let serving = process::serving();
        // What an instance opened in the parent, with its rights, isn't for the child that inherits the instance.
        if own.context.as_ref().is_some_and(|(made_serving, _)| *made_serving != serving) {
            own.context = None;
            own.standard = Standard::default();
        }
        let (context, gift) = (&mut own.context, &own.gift);
        let make = || gift.given.context(|why| say(module_index, counters, ERR, None, why.as_bytes()));
        &mut context.get_or_insert_with(|| (serving, make())).1
    }

    fn standard(&mut self) -> &mut Standard {
        &mut self.own().standard
    }

    fn arguments(&self) -> &Strings {
        let [arguments, _] = self.strings();
        arguments
    }

    fn environment(&self) -> &Strings {
        let [_, environment] = self.strings();
        environment
    }

    /// Sleep counts as the guest's own time.
    fn sleep(caller: &mut Caller<'_, Host>, time: Duration) -> Result<()> {
        let limit = caller.data().time;
        std::thread::sleep(time.min(limit));
        if time >= limit { Err(Trap::Interrupt.into()) } else { Ok(()) }
    }
}

fn fd_write(mut caller: Caller<'_, Host>, fd: i32, list: u32, count: u32, written: u32) -> Result<i32> {
    let stream = match caller.data_mut().standard().stream(fd) {
        Some(Stream::Input) => return Ok(errno::BADF),
        Some(stream) => stream,
        None => return wasi::write_file(&mut caller, fd, list, count, written),
    };
    let (memory, host) = parts(&mut caller);
    let mut length = 0_usize;
    for number in 0..count.min(MOST_BUFFERS) {
        let (start, size) = buffer(memory, list, number)?;
        host.print(stream, memory.get(start..start + size).ok_or(Trap::MemoryOutOfBounds)?);
        length += size;
    }
    put(memory, written, &(length as u32).to_le_bytes())
}

fn fd_read(mut caller: Caller<'_, Host>, fd: i32, list: u32, count: u32, read: u32) -> Result<i32> {
    match caller.data_mut().standard().stream(fd) {
        Some(Stream::Input) => put(parts(&mut caller).0, read, &0_u32.to_le_bytes()),
        Some(_) => Ok(errno::BADF),
        None => wasi::read_file(&mut caller, fd, list, count, read),
    }
}
