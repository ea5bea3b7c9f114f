//! RFC 6455: frames of a WebSocket, checked as the RFC wants it of a server. It knows bytes, and neither httpd nor guests.

use std::collections::VecDeque;

/// Opcodes.
pub(super) const CONTINUATION: u8 = 0;
pub(super) const TEXT: u8 = 1;
pub(super) const BINARY: u8 = 2;
pub(super) const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// Most bytes of a frame, and of those that wait to be read.
const MOST: usize = 8 << 20;
/// Most frames that wait to be read: empty ones take memory too.
const MOST_WAITING: usize = 1_024;
/// Bytes that are read at once, so that nobody's word for a length is worth memory.
const PART: usize = 65_536;
/// Longest content of a control frame.
const MOST_CONTROL: usize = 125;

/// Where bytes come from and go to.
pub(super) trait Stream {
    /// Waits for bytes; 0 where the other end has gone, or a status.
    fn read(&mut self, place: &mut [u8]) -> Result<usize, i32>;
    /// Whether bytes can be read without waiting.
    fn peek(&mut self) -> bool;
    /// Sends bytes; `false` where the other end has gone.
    fn write(&mut self, head: &[u8], data: &[u8]) -> bool;
}

/// One frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) opcode: u8,
    /// Whether it ends a message.
    pub(super) fin: bool,
    pub(super) data: Vec<u8>,
}

/// Why there is no frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// The other end has gone, or has closed, or this one has.
    Gone,
    /// Nothing came in time: the status. The WebSocket is as it was.
    Quiet(i32),
    /// The other end broke the protocol, and was told so.
    Broken(&'static str),
}

/// A WebSocket, of which this is the server.
pub(super) struct Socket<S: Stream> {
    stream: S,
    /// Frames that came while something else was waited for.
    waiting: VecDeque<Frame>,
    /// Whether a message has begun that didn't end.
    in_message: bool,
    open: bool,
}

/// Why a frame breaks the protocol: the status of the close frame, and words.
type Fault = (u16, &'static str);

impl<S: Stream> Socket<S> {
    pub(super) fn new(stream: S) -> Socket<S> {
        Socket { stream, waiting: VecDeque::new(), in_message: false, open: true }
    }

    /// The next frame for the guest. A ping is answered, a pong passed over; a close frame is answered and handed on.
    pub(super) fn read(&mut self) -> Result<Frame, Ended> {
        if let Some(frame) = self.waiting.pop_front() {
            return Ok(frame);
        }
        loop {
            let frame = self.next()?;
            match frame.opcode {
                PING | PONG => {}
                _ => return Ok(frame),
            }
        }
    }

    /// Whether [`Socket::read`] has something to read at once.
    pub(super) fn peek(&mut self) -> bool {
        !self.waiting.is_empty() || self.open && self.stream.peek()
    }

    /// Sends a ping and waits for its pong; `false` where the other end has gone or closes.
    pub(super) fn ping(&mut self, data: &[u8]) -> Result<bool, Ended> {
        if !self.write(PING, true, data) {
            return Ok(false);
        }
        loop {
            match self.next() {
                Ok(frame) if frame.opcode == PONG && frame.data == data => return Ok(true),
                Ok(frame) if matches!(frame.opcode, PING | PONG) => {}
                Ok(frame) => {
                    let closes = frame.opcode == CLOSE;
                    let length = self.waiting.iter().map(|frame| frame.data.len()).sum::<usize>() + frame.data.len();
                    if length > MOST || self.waiting.len() >= MOST_WAITING {
                        return Err(self.fail((1009, "too much comes before the pong")));
                    }
                    self.waiting.push_back(frame);
                    if closes {
                        return Ok(false);
                    }
                }
                Err(Ended::Gone) => return Ok(false),
                Err(why) => return Err(why),
            }
        }
    }

    /// Whether guests may send frames of an opcode and a length.
    pub(super) fn may_write(opcode: u8, fin: bool, length: usize) -> bool {
        match opcode {
            CONTINUATION | TEXT | BINARY => true,
            PING | PONG => fin && length <= MOST_CONTROL,
            _ => false,
        }
    }

    /// Sends a frame; `false` where the other end has gone.
    pub(super) fn write(&mut self, opcode: u8, fin: bool, data: &[u8]) -> bool {
        let mut head = vec![u8::from(fin) << 7 | opcode];
        match data.len() {
            short @ 0..=125 => head.push(short as u8),
            long @ 126..=0xffff => {
                head.push(126);
                head.extend_from_slice(&(long as u16).to_be_bytes());
            }
            longer => {
                head.push(127);
                head.extend_from_slice(&(longer as u64).to_be_bytes());
            }
        }
        self.open = self.open && self.stream.write(&head, data);
        self.open
    }

    /// Sends bytes that are frames already.
    pub(super) fn write_raw(&mut self, data: &[u8]) -> bool {
        self.open = self.open && self.stream.write(&[], data);
        self.open
    }

    /// Whether a close frame may have a status and a reason; 0 is for none.
    pub(super) fn may_close(status: u32, reason: &[u8]) -> bool {
        let known = matches!(status, 1000..=1003 | 1007..=1014 | 3000..=4999);
        known && reason.len() <= MOST_CONTROL - 2 || status == 0 && reason.is_empty()
    }

    /// Says goodbye, once.
    pub(super) fn close(&mut self, status: u32, reason: &[u8]) {
        let mut data = Vec::new();
        if let (1.., Ok(status)) = (status, u16::try_from(status)) {
            data.extend_from_slice(&status.to_be_bytes());
            data.extend_from_slice(reason);
        }
        self.write(CLOSE, true, &data);
        self.open = false;
    }

    fn fail(&mut self, (status, why): Fault) -> Ended {
        self.close(status.into(), b"");
        Ended::Broken(why)
    }

    /// The next frame of any kind; pings and close frames have been answered.
    fn next(&mut self) -> Result<Frame, Ended> {
        if !self.open {
            return Err(Ended::Gone);
        }
        let frame = match self.frame() {
            Ok(Ok(frame)) => frame,
            Ok(Err(fault)) => return Err(self.fail(fault)),
            Err(Ended::Gone) => {
                self.open = false;
                return Err(Ended::Gone);
            }
            Err(why) => return Err(why),
        };
        match frame.opcode {
            PING => {
                self.write(PONG, true, &frame.data);
            }
            CLOSE => {
                let status = frame.data.first_chunk().map_or(0, |status| u16::from_be_bytes(*status).into());
                if frame.data.len() == 1 || status != 0 && !Self::may_close(status, b"") {
                    return Err(self.fail((1002, "a close frame with a status that none may have")));
                }
                self.close(status, b"");
            }
            PONG => {}
            _ => self.in_message = !frame.fin,
        }
        Ok(frame)
    }

    /// Reads a frame, or finds what is wrong with it.
    fn frame(&mut self) -> Result<Result<Frame, Fault>, Ended> {
        let mut first = [0];
        match self.stream.read(&mut first) {
            Ok(1..) => {}
            Ok(0) => return Err(Ended::Gone),
            Err(status) => return Err(Ended::Quiet(status)),
        }
        let [first] = first;
        let [second] = self.fill()?;
        let (fin, opcode, masked) = (first & 0x80 != 0, first & 0x0f, second & 0x80 != 0);
        let length = match second & 0x7f {
            126 => u64::from(u16::from_be_bytes(self.fill()?)),
            127 => u64::from_be_bytes(self.fill()?),
            short => short.into(),
        };
        let shortest = match second & 0x7f {
            126 => 126,
            127 => 0x1_0000,
            _ => 0,
        };
        let fault = match opcode {
            _ if first & 0x70 != 0 => Some((1002, "a reserved bit is set")),
            _ if !masked => Some((1002, "a frame without a mask")),
            _ if length < shortest => Some((1002, "a length that is longer than it need be")),
            CLOSE | PING | PONG if !fin || length > MOST_CONTROL as u64 => {
                Some((1002, "a control frame that is long or in parts"))
            }
            CLOSE | PING | PONG => None,
            CONTINUATION if !self.in_message => Some((1002, "a continuation of nothing")),
            TEXT | BINARY if self.in_message => Some((1002, "a message within a message")),
            CONTINUATION | TEXT | BINARY if length > MOST as u64 => Some((1009, "a frame of more than 8 MB")),
            CONTINUATION | TEXT | BINARY => None,
            _ => Some((1002, "an opcode that there isn't")),
        };
        if let Some(fault) = fault {
            return Ok(Err(fault));
        }
        let mask: [u8; 4] = self.fill()?;
        let mut data = Vec::new();
        let mut left = length as usize;
        while left > 0 {
            let start = data.len();
            data.resize(start + left.min(PART), 0);
            let part = data.get_mut(start..).unwrap_or_default();
            self.read_all(part)?;
            left -= part.len();
        }
        for (byte, mask) in data.iter_mut().zip(mask.iter().cycle()) {
            *byte ^= mask;
        }
        Ok(Ok(Frame { opcode, fin, data }))
    }

    fn fill<const N: usize>(&mut self) -> Result<[u8; N], Ended> {
        let mut place = [0; N];
        self.read_all(&mut place)?;
        Ok(place)
    }

    /// Reads until a place is full. Who stops within a frame has gone.
    fn read_all(&mut self, mut place: &mut [u8]) -> Result<(), Ended> {
        while !place.is_empty() {
            match self.stream.read(place) {
                Ok(length @ 1..) => place = place.get_mut(length..).unwrap_or_default(),
                Ok(0) | Err(_) => return Err(Ended::Gone),
            }
        }
        Ok(())
    }
}

impl<S: Stream> Drop for Socket<S> {
    fn drop(&mut self) {
        if self.open {
            self.close(1000, b"");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that come a few at a time, and what was sent.
    #[derive(Default)]
    struct Tape<'t> {
        comes: &'t [u8],
        sent: Vec<u8>,
    }

    impl Stream for &mut Tape<'_> {
        fn read(&mut self, place: &mut [u8]) -> Result<usize, i32> {
            let length = self.comes.len().min(place.len()).min(3);
            let (now, later) = self.comes.split_at(length);
            place[..length].copy_from_slice(now);
            self.comes = later;
            Ok(length)
        }

        fn peek(&mut self) -> bool {
            !self.comes.is_empty()
        }

        fn write(&mut self, head: &[u8], data: &[u8]) -> bool {
            self.sent.extend([head, data].concat());
            true
        }
    }

    /// A frame as a client sends it.
    fn masked(first: u8, data: &[u8]) -> Vec<u8> {
        let mask = [1, 2, 3, 4];
        let body = data.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask);
        [first, 0x80 | data.len() as u8].into_iter().chain(mask).chain(body).collect()
    }

    /// Reads all that comes; what was read, how it ended, what was sent.
    fn all(comes: &[u8]) -> (Vec<Frame>, Ended, Vec<u8>) {
        let mut tape = Tape { comes, ..Tape::default() };
        let mut socket = Socket::new(&mut tape);
        let mut frames = Vec::new();
        let ended = loop {
            match socket.read() {
                Ok(frame) => frames.push(frame),
                Err(ended) => break ended,
            }
        };
        socket.open = false;
        drop(socket);
        (frames, ended, tape.sent)
    }

    #[test]
    fn frames_are_read_and_pings_answered() {
        let comes = [
            masked(0x01, b"one "),
            masked(0x89, b"ping"),
            masked(0x80, b"message"),
            masked(0x8a, b""),
            masked(0x82, b""),
        ];
        let (frames, ended, sent) = all(&comes.concat());
        let frame = |opcode, fin, data: &[u8]| Frame { opcode, fin, data: data.to_vec() };
        assert_eq!(
            frames,
            [frame(TEXT, false, b"one "), frame(CONTINUATION, true, b"message"), frame(BINARY, true, b"")]
        );
        assert_eq!((ended, sent), (Ended::Gone, b"\x8a\x04ping".to_vec()));
    }

    #[test]
    fn a_close_frame_is_answered_and_ends_it() {
        let (frames, ended, sent) = all(&[masked(0x88, b"\x03\xe8bye"), masked(0x81, b"more")].concat());
        assert_eq!(frames, [Frame { opcode: CLOSE, fin: true, data: b"\x03\xe8bye".to_vec() }]);
        assert_eq!((ended, sent), (Ended::Gone, b"\x88\x02\x03\xe8".to_vec()));
    }

    #[test]
    fn what_breaks_the_protocol_is_refused() {
        let long = |length: u64| [&[0x82, 0xff][..], &length.to_be_bytes(), &[0; 4]].concat();
        let cases: [(Vec<u8>, u16); 13] = [
            (masked(0xc1, b"reserved"), 1002),
            (b"\x81\x05plain".to_vec(), 1002),
            (masked(0x83, b""), 1002),
            (masked(0x8b, b""), 1002),
            (masked(0x09, b"in parts"), 1002),
            (masked(0x80, b"of nothing"), 1002),
            ([masked(0x01, b"a"), masked(0x81, b"b")].concat(), 1002),
            (b"\x81\xfe\0\x05\0\0\0\0short".to_vec(), 1002),
            (b"\x89\xfe\0\x7e\0\0\0\0".to_vec(), 1002),
            (long(0xffff), 1002),
            (long(MOST as u64 + 1), 1009),
            (long(u64::MAX), 1009),
            (masked(0x88, b"\x03"), 1002),
        ];
        for (comes, status) in cases {
            let (_, ended, sent) = all(&comes);
            assert!(matches!(ended, Ended::Broken(_)), "{comes:?} {ended:?}");
            assert_eq!(sent, [&[0x88, 2][..], &status.to_be_bytes()].concat(), "{comes:?}");
        }
        // A length that nothing follows takes no memory.
        assert_eq!(all(&long(MOST as u64)).1, Ended::Gone);
    }

    #[test]
    fn a_pong_is_waited_for_and_the_rest_kept() {
        let comes =
            [masked(0x81, b"first"), masked(0x8a, b"other"), masked(0x8a, b"mine"), masked(0x81, b"second")].concat();
        let mut tape = Tape { comes: &comes, ..Tape::default() };
        let mut socket = Socket::new(&mut tape);
        assert_eq!(socket.ping(b"mine"), Ok(true));
        assert!(socket.peek());
        assert_eq!(socket.read().unwrap().data, b"first");
        assert_eq!(socket.read().unwrap().data, b"second");
        assert_eq!(socket.ping(b"mine"), Ok(false));
        assert!(!socket.write(TEXT, true, b"gone"));
        drop(socket);
        assert_eq!(tape.sent, b"\x89\x04mine\x89\x04mine");
    }

    #[test]
    fn empty_messages_without_end_do_not_fill_the_memory() {
        let comes = masked(0x81, b"").repeat(MOST_WAITING + 1);
        let mut tape = Tape { comes: &comes, ..Tape::default() };
        let mut socket = Socket::new(&mut tape);
        assert_eq!(socket.ping(b"mine"), Err(Ended::Broken("too much comes before the pong")));
    }

    #[test]
    fn lengths_are_written_as_short_as_they_can_be() {
        for (length, head) in [
            (125, &b"\x82\x7d"[..]),
            (126, b"\x82\x7e\0\x7e"),
            (65_535, b"\x82\x7e\xff\xff"),
            (65_536, b"\x82\x7f\0\0\0\0\0\x01\0\0"),
        ] {
            let mut tape = Tape::default();
            let mut socket = Socket::new(&mut tape);
            assert!(socket.write(BINARY, true, &vec![0; length]));
            drop(socket);
            assert_eq!(tape.sent[..head.len()], *head);
            assert_eq!(tape.sent[head.len() + length..], *b"\x88\x02\x03\xe8");
        }
    }
}
