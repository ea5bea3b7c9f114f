//! Which numbers the standard streams have, since a guest may close them and move them, and how many files it has open.

/// Most files and directories that an instance may have open at a time, beside those that it was given.
const MOST_OPEN: u32 = 128;

/// The standard streams of an instance.
pub(crate) struct Standard {
    numbers: [Option<i32>; 3],
    open: u32,
}

/// One of the standard streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Input,
    Output,
    Error,
}

impl Default for Standard {
    fn default() -> Self {
        Standard { numbers: [Some(0), Some(1), Some(2)], open: 0 }
    }
}

/// The first line of what is written, without its end, and what follows it; `None` where no line ends.
pub(crate) fn first_line(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (line, rest) = data.split_at_checked(memchr::memchr(b'\n', data)?)?;
    Some((line, rest.get(1..)?))
}

impl Standard {
    /// The stream of a number; `None` for a file.
    pub(crate) fn stream(&self, fd: i32) -> Option<Stream> {
        let at = self.numbers.iter().position(|number| *number == Some(fd))?;
        [Stream::Input, Stream::Output, Stream::Error].get(at).copied()
    }

    /// Whether another file may be opened.
    pub(super) fn may_open(&self) -> bool {
        self.open < MOST_OPEN
    }

    /// A file was opened.
    pub(super) fn opened(&mut self) {
        self.open += 1;
    }

    /// A number was closed.
    pub(super) fn close(&mut self, fd: i32) {
        if self.stream(fd).is_none() {
            self.open = self.open.saturating_sub(1);
        }
        self.numbers.iter_mut().filter(|number| **number == Some(fd)).for_each(|number| *number = None);
    }

    /// A number was moved to another, which was closed by that.
    pub(super) fn renumber(&mut self, from: i32, to: i32) {
        if from != to {
            self.close(to);
            self.numbers.iter_mut().filter(|number| **number == Some(from)).for_each(|number| *number = Some(to));
        }
    }
}
