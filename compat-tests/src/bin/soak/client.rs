//! Clients: one that asks and judges, one that is slow, one that hangs up; each counts what it did and what was wrong.

use crate::ask::{Ask, PROVOCATIONS};
use crate::site::LONG;
use anyhow::{Result, bail, ensure};
use compat_tests::answer::{Answer, Framing};
use compat_tests::client::Connection;
use compat_tests::dice::Dice;
use compat_tests::memcheck::patience;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long a client waits for anything; longer under valgrind.
const PATIENCE: Duration = Duration::from_secs(30);
/// Wrong answers that are told one by one.
const MOST_TOLD: usize = 10;

/// What clients did, and what came of it.
#[derive(Default)]
pub struct Tally {
    /// Answers by what was asked for.
    pub kinds: BTreeMap<&'static str, u64>,
    pub heads: u64,
    pub connections: u64,
    pub hung_up: u64,
    /// Traps that were provoked, and answers with status 500 among them.
    pub provoked: [u64; PROVOCATIONS.len()],
    pub answered_500: u64,
    /// Lines that programs wrote to their stderr.
    pub complaints: u64,
    /// What was wrong, and how much more.
    pub wrong: Vec<String>,
    pub wrong_too: u64,
    pub slowest: Duration,
}

impl Tally {
    /// Both together.
    pub fn and(mut self, other: Tally) -> Tally {
        for (kind, count) in other.kinds {
            *self.kinds.entry(kind).or_default() += count;
        }
        for (mine, count) in self.provoked.iter_mut().zip(other.provoked) {
            *mine += count;
        }
        self.heads += other.heads;
        self.connections += other.connections;
        self.hung_up += other.hung_up;
        self.answered_500 += other.answered_500;
        self.complaints += other.complaints;
        self.wrong.extend(other.wrong);
        self.wrong_too += other.wrong_too;
        self.slowest = self.slowest.max(other.slowest);
        self
    }

    fn wrong(&mut self, what: String) {
        if self.wrong.len() < MOST_TOLD { self.wrong.push(what) } else { self.wrong_too += 1 }
    }

    fn count(&mut self, kind: &'static str) {
        *self.kinds.entry(kind).or_default() += 1;
    }
}

/// One thread that asks.
pub struct Client<'a> {
    address: SocketAddr,
    dice: Dice,
    stop: &'a AtomicBool,
    tally: Tally,
}

impl<'a> Client<'a> {
    pub fn new(address: SocketAddr, seed: u64, stop: &'a AtomicBool) -> Client<'a> {
        Client { address, dice: Dice::new(seed), stop, tally: Tally::default() }
    }

    fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    /// Asks one thing after the other, on connections that are kept alive for a while.
    pub fn mixed(mut self, rest: Duration) -> Tally {
        let mut kept = None;
        while self.goes_on() {
            let ask = Ask::random(&mut self.dice);
            let close = self.dice.below(40) == 0;
            let began = Instant::now();
            match self.exchange(&ask, close, &mut kept, Duration::ZERO) {
                Ok(answer) => self.judge(&ask, &answer),
                Err(why) => {
                    kept = None;
                    self.tally.wrong(format!("{} {}: {why:#}", ask.method, ask.target));
                }
            }
            self.tally.slowest = self.tally.slowest.max(began.elapsed());
            std::thread::sleep(rest);
        }
        self.tally
    }

    /// Sends a request, with a rest between its pieces, and reads the answer.
    fn exchange(&mut self, ask: &Ask, close: bool, kept: &mut Option<Connection>, rest: Duration) -> Result<Answer> {
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => {
                self.tally.connections += 1;
                Connection::open_with(self.address, patience(PATIENCE))?
            }
        };
        for piece in ask.pieces(close) {
            connection.send(&piece)?;
            if !rest.is_zero() {
                std::thread::sleep(rest);
            }
        }
        let answer = connection.receive(ask.method == "HEAD")?;
        let ends = close
            || answer.truncated
            || answer.framing == Framing::Close
            || answer.head.has_token("Connection", "close");
        if !ends {
            *kept = Some(connection);
        }
        Ok(answer)
    }

    fn judge(&mut self, ask: &Ask, answer: &Answer) {
        self.tally.count(ask.kind);
        self.tally.heads += u64::from(ask.method == "HEAD");
        self.tally.complaints += ask.complains;
        let status = answer.head.code().unwrap_or(0);
        let told = |what: &str| format!("{} {}: {what}: {:.600}", ask.method, ask.target, answer.render());
        if let Some(which) = ask.provokes {
            self.tally.provoked[which] += 1;
            self.tally.answered_500 += u64::from(status == 500);
            if status != 500 && !answer.truncated {
                self.tally.wrong(told("a provoked trap passes for an answer"));
            }
        } else if status != ask.status {
            self.tally.wrong(told("the status"));
        } else if answer.truncated
            || ask.answers.as_ref().is_some_and(|body| ask.method != "HEAD" && *body != answer.body)
        {
            self.tally.wrong(told("the body"));
        } else if answer.head.values(ask.header.0).next() != Some(ask.header.1.as_bytes()) {
            self.tally.wrong(told(ask.header.0));
        }
    }

    /// Sends in small pieces and reads in small pieces.
    pub fn slow(mut self) -> Tally {
        while self.goes_on() {
            let done = match self.dice.below(3) {
                0 => self.slow_words(),
                1 => self.slow_body(),
                _ => self.slow_reading(),
            };
            match done {
                Ok(()) => self.tally.count("asked slowly"),
                Err(why) => self.tally.wrong(format!("asked slowly: {why:#}")),
            }
        }
        self.tally
    }

    fn slow_words(&mut self) -> Result<()> {
        self.tally.connections += 1;
        let mut connection = Connection::open_with(self.address, patience(PATIENCE))?;
        for few in b"GET /page/slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".chunks(4) {
            connection.send(few)?;
            std::thread::sleep(Duration::from_millis(15));
        }
        let answer = connection.receive(false)?;
        ensure!(answer.body == b"Hello, soak, from /page/slow\n", "{}", answer.render());
        Ok(())
    }

    fn slow_body(&mut self) -> Result<()> {
        let ask = Ask::echo(&mut self.dice);
        let answer = self.exchange(&ask, true, &mut None, Duration::from_millis(120))?;
        ensure!(Some(&answer.body) == ask.answers.as_ref(), "{:.600}", answer.render());
        Ok(())
    }

    fn slow_reading(&mut self) -> Result<()> {
        let mut stream = self.raw()?;
        stream.write_all(b"GET /long.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let (mut buffer, mut body, mut begun) = (vec![0; 64 << 10], 0, false);
        loop {
            std::thread::sleep(Duration::from_millis(30));
            let length = stream.read(&mut buffer)?;
            if length == 0 {
                break;
            }
            if !begun && !buffer.starts_with(b"HTTP/1.1 200 ") {
                bail!("{}", buffer[..length.min(200)].escape_ascii());
            }
            begun = true;
            body += buffer[..length].iter().rev().take_while(|byte| **byte == b'y').count();
        }
        ensure!(body == LONG, "{body} bytes of {LONG}");
        Ok(())
    }

    fn raw(&mut self) -> Result<TcpStream> {
        self.tally.connections += 1;
        let stream = TcpStream::connect_timeout(&self.address, patience(PATIENCE))?;
        stream.set_read_timeout(Some(patience(PATIENCE)))?;
        stream.set_write_timeout(Some(patience(PATIENCE)))?;
        Ok(stream)
    }

    /// Hangs up where it hurts: within a request, within a body, within an answer, at once.
    pub fn aborting(mut self) -> Tally {
        const BEGINNINGS: &[(&str, usize)] = &[
            ("", 0),
            ("GET /pa", 0),
            ("GET /page/1 HTTP/1.1\r\nHost: loc", 0),
            ("GET /page/1 HTTP/1.1\r\nHost: localhost\r\n\r\n", 0),
            ("POST /program?echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nonly this", 0),
            ("POST /program?echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", 1),
            ("GET /long.txt HTTP/1.1\r\nHost: localhost\r\n\r\n", 4_000),
            ("GET /greeted/file.html HTTP/1.1\r\nHost: localhost\r\n\r\n", 100),
            ("GET /program?bytes+3000000 HTTP/1.1\r\nHost: localhost\r\n\r\n", 50_000),
            ("GET /program?slowly+4+50 HTTP/1.1\r\nHost: localhost\r\n\r\n", 1),
        ];
        while self.goes_on() {
            let (request, wanted) = self.dice.of(BEGINNINGS);
            if let Err(why) = self.abort(request, wanted) {
                self.tally.wrong(format!("hung up: {why:#}"));
            }
            self.tally.hung_up += 1;
            std::thread::sleep(Duration::from_millis(20 + self.dice.number() % 160));
        }
        self.tally
    }

    /// Sends, reads about as much as is wanted, and goes.
    fn abort(&mut self, request: &str, wanted: usize) -> Result<()> {
        let mut stream = self.raw()?;
        stream.write_all(request.as_bytes())?;
        let (mut buffer, mut had) = (vec![0; 1_000], 0);
        stream.set_read_timeout(Some(Duration::from_millis(300)))?;
        while had < wanted {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(length) => had += length,
            }
        }
        Ok(())
    }
}
