//! One errand on two servers: both answers, both logs, the time each took, and the verdict. Knows no configuration.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::house::House;
use super::request_file::Errand;
use super::sandbox::Addresses;
use crate::answer::stable;
use crate::client::Connection;
use crate::errorlog;
use crate::server::Server;

/// How often a safe request is repeated to measure it.
const MEASUREMENTS: usize = 8;
/// How many requests warm each server: of the usual 50 threads each sees some.
const WARMING: usize = 200;

/// How often the native server is asked again whether it gives the other's answer too.
const SECOND_LOOKS: usize = 40;

/// What is said of one errand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Both servers answered and logged the same.
    Same,
    /// They differ in nothing but what the left server itself answers differently each time.
    Varies,
    /// They differ.
    Differs,
}

/// What one server did with one errand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// The answer as text, normalised; or why there is none.
    pub answer: String,
    /// The error log's lines about it, normalised.
    pub log: String,
}

/// One errand's outcome.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What was sent.
    pub errand: Errand,
    /// The left server's side: native.
    pub left: Side,
    /// The right server's side: Wasm.
    pub right: Side,
    /// The median time to an answer, new connection included, left and right; of safe requests only.
    pub times: Option<(Duration, Duration)>,
    /// What came of it.
    pub verdict: Verdict,
}

/// A running server and what it was made from.
pub struct Running<'a> {
    /// Its configuration.
    pub house: &'a House,
    /// Its process.
    pub server: &'a Server,
    /// How its addresses are mapped.
    pub addresses: &'a Addresses,
}

impl Running<'_> {
    fn send(&self, errand: &Errand) -> Result<String> {
        let Some(address) = self.house.address(self.addresses, errand) else {
            return Ok(format!("(no server listens on port {})\n", errand.port.unwrap_or_default()));
        };
        let mut connection = Connection::open(address)?;
        connection.send(&errand.request.bytes)?;
        Ok(connection.receive(errand.request.head)?.render())
    }

    fn ask(&self, errand: &Errand) -> Result<Side> {
        let mark = self.server.mark();
        let answer = self.send(errand).unwrap_or_else(|error| format!("(no answer: {error:#})\n"));
        Ok(Side { answer: self.normal(&answer), log: self.log_since(mark)? })
    }

    fn log_since(&self, mark: u64) -> Result<String> {
        Ok({
            let log = self.server.log_since(mark)?;
            // What a script logs is of the module `lua` on one side and `wasm` on the other.
            let scripts = self.house.ported.iter().any(|module| module == "lua_module");
            self.normal(&if scripts { errorlog::render_scripts(&log) } else { errorlog::render(&log) })
        })
    }

    /// Two servers differ by design in the network that they listen on and the folder of their own, and by chance in
    /// the order of Allow, that of a hash with a seed of its own in each process (`http_protocol.c:make_allow`).
    fn normal(&self, text: &str) -> String {
        let text = text.replace(&self.house.address_prefix(), "127.0.0.");
        let text = text.replace(&stable(&self.house.site.root.display().to_string()), "<server>");
        text.split_inclusive('\n').map(|line| sorted_allow(line).unwrap_or_else(|| line.to_owned())).collect()
    }

    fn time(&self, errand: &Errand) -> Option<Duration> {
        let began = Instant::now();
        self.send(errand).ok()?;
        Some(began.elapsed())
    }
}

fn sorted_allow(line: &str) -> Option<String> {
    let mut methods: Vec<&str> = line.strip_prefix("Allow: ")?.trim_end().split(',').collect();
    methods.sort_unstable();
    Some(format!("Allow: {}\n", methods.join(",")))
}

/// Runs an errand on both servers.
pub fn exchange(errand: &Errand, left: &Running, right: &Running) -> Result<Exchange> {
    let marks = (left.server.mark(), right.server.mark());
    let mut sides = (left.ask(errand)?, right.ask(errand)?);
    // A line may be logged after the answer was sent.
    for _ in 0..10 {
        if sides.0.log == sides.1.log {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
        sides.0.log = left.log_since(marks.0)?;
        sides.1.log = right.log_since(marks.1)?;
    }
    let verdict = verdict(errand, &sides.0, &sides.1, left)?;
    Ok(Exchange { errand: errand.clone(), left: sides.0, right: sides.1, times: None, verdict })
}

fn verdict(errand: &Errand, left: &Side, right: &Side, native: &Running) -> Result<Verdict> {
    if left == right {
        return Ok(Verdict::Same);
    }
    if !errand.is_safe() {
        return Ok(Verdict::Differs);
    }
    for _ in 0..SECOND_LOOKS {
        let again = native.ask(errand)?;
        // A CGI script's answer has a length or chunks, depending on who is faster: then this one comes natively too.
        let answer = again.answer == right.answer || varies(&left.answer, &again.answer, &right.answer);
        if answer && same_or_varies(&left.log, &again.log, &right.log) {
            return Ok(Verdict::Varies);
        }
    }
    Ok(Verdict::Differs)
}

/// Whether an answer differs from the native one only in what differs natively from one time to the next: lines of the
/// head; and a body, of which no more can be said then, along with its length.
fn varies(once: &str, again: &str, other: &str) -> bool {
    let [once, again, other] = [once, again, other].map(head_and_body);
    if once.1 == again.1 {
        return once.1 == other.1 && same_or_varies(once.0, again.0, other.0);
    }
    let without_length = |head: &str| -> String {
        head.lines().filter(|line| !line.starts_with("Content-Length:")).map(|line| format!("{line}\n")).collect()
    };
    same_or_varies(&without_length(once.0), &without_length(again.0), &without_length(other.0))
}

/// The text of an answer is its head, then a line in parentheses that tells how the body ends, then the body.
pub fn head_and_body(answer: &str) -> (&str, &str) {
    answer.split_at(answer.find("\n(").map_or(answer.len(), |at| at + 1))
}

/// Whether `other` differs from `once` only in lines in which `again` does too.
fn same_or_varies(once: &str, again: &str, other: &str) -> bool {
    let [once, again, other] = [once, again, other].map(|text| text.lines().collect::<Vec<_>>());
    once.len() == again.len()
        && once.len() == other.len()
        && once.iter().zip(&again).zip(&other).all(|((once, again), other)| once == other || once != again)
}

/// Fills in the times of all exchanges with safe requests, once both servers are warm.
pub fn measure(exchanges: &mut [Exchange], left: &Running, right: &Running) {
    let Some(first) = exchanges.iter().map(|exchange| &exchange.errand).find(|errand| errand.is_safe()) else { return };
    for _ in 0..WARMING {
        let _ = (left.time(first), right.time(first));
    }
    for exchange in exchanges.iter_mut().filter(|exchange| exchange.errand.is_safe()) {
        exchange.times = times(&exchange.errand, left, right);
    }
}

/// The medians of some rounds, left and right alternating so that both meet the same machine.
fn times(errand: &Errand, left: &Running, right: &Running) -> Option<(Duration, Duration)> {
    let mut rounds = (Vec::new(), Vec::new());
    for round in 0..MEASUREMENTS {
        // Who comes second meets what the first one still does with its connection.
        if round % 2 == 0 {
            rounds.0.push(left.time(errand)?);
            rounds.1.push(right.time(errand)?);
        } else {
            rounds.1.push(right.time(errand)?);
            rounds.0.push(left.time(errand)?);
        }
    }
    Some((median(rounds.0)?, median(rounds.1)?))
}

fn median(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort();
    times.get(times.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::varies;

    #[test]
    fn only_what_varies_by_itself_is_excused() {
        assert!(varies("a\nid: 1\n", "a\nid: 2\n", "a\nid: 3\n"));
        assert!(!varies("a\nid: 1\n", "a\nid: 2\n", "b\nid: 3\n"));
        assert!(!varies("a\nid: 1\n", "a\nid: 2\n", "a\nid: 3\nmore: 1\n"));
        assert!(!varies("a\n", "a\n", "b\n"));
    }

    #[test]
    fn a_body_that_varies_excuses_its_length_and_no_other_header() {
        let answer =
            |header: &str, length: usize, body: &str| format!("{header}\nContent-Length: {length}\n(body)\n{body}\n");
        assert!(varies(&answer("A: 1", 2, "10"), &answer("A: 1", 2, "11"), &answer("A: 1", 3, "100")));
        assert!(!varies(&answer("A: 1", 2, "10"), &answer("A: 1", 2, "11"), &answer("A: 2", 3, "100")));
        assert!(!varies(&answer("A: 1", 2, "10"), &answer("A: 1", 2, "10"), &answer("A: 1", 2, "11")));
    }
}
