//! What is asked for, drawn at random, and what has to come back; knows no socket.

use crate::site::{FILE, LONG};
use compat_tests::dice::Dice;

/// One request in this many provokes a trap.
const PROVOKED: usize = 100;
/// One request in this many that could be a HEAD is one.
const HEADS: usize = 8;

/// Where traps are provoked, in the order of [`crate::client::Tally::provoked`]: what is asked for, the guest's name in the
/// counters (its end), what its lines in the error log hold.
pub const PROVOCATIONS: [Provocation; 4] = [
    Provocation {
        place: "a module's hook",
        target: "/file.html?trap",
        counter: "trap_module",
        said: "trap_module failed in ",
    },
    Provocation {
        place: "a module's filter, half-way through",
        target: "/long.txt?part",
        counter: "part_module",
        said: "part_module failed in ",
    },
    Provocation {
        place: "a script's handler",
        target: "/trap",
        counter: "/trapping_script.wasm",
        said: "trapping_script.wasm failed in ",
    },
    Provocation {
        place: "a program",
        target: "/program?panic",
        counter: "/program.wasm",
        said: "program.wasm failed: ",
    },
];

/// A way to make a guest trap.
pub struct Provocation {
    pub place: &'static str,
    target: &'static str,
    pub counter: &'static str,
    pub said: &'static str,
}

/// One request, and its answer.
pub struct Ask {
    /// In the table.
    pub kind: &'static str,
    pub method: &'static str,
    pub target: String,
    /// Sent in chunks.
    pub body: Option<Vec<u8>>,
    pub status: u16,
    /// The whole body, where that is known.
    pub answers: Option<Vec<u8>>,
    /// A header of the answer.
    pub header: (&'static str, String),
    /// Which of [`PROVOCATIONS`] it is.
    pub provokes: Option<usize>,
    /// Lines that a program writes to its stderr.
    pub complains: u64,
}

impl Ask {
    fn get(kind: &'static str, target: String, answers: Vec<u8>) -> Ask {
        let header = ("X-Soak", "here".to_owned());
        Ask {
            kind,
            method: "GET",
            target,
            body: None,
            status: 200,
            answers: Some(answers),
            header,
            provokes: None,
            complains: 0,
        }
    }

    /// One of all that can be asked for.
    pub fn random(dice: &mut Dice) -> Ask {
        if dice.below(PROVOKED) == 0 {
            return Ask::provoking(dice.below(PROVOCATIONS.len()));
        }
        let number = dice.below(100_000);
        let mut ask = match dice.below(20) {
            0..5 => Ask::get("file, with a header set", "/file.html".to_owned(), FILE.to_vec()),
            5..8 => {
                let header = ("X-Number", number.to_string());
                Ask { header, ..Ask::get("rewritten file", format!("/old/{number}"), FILE.to_vec()) }
            }
            8 => Ask { status: 301, answers: None, ..Ask::get("redirection", format!("/moved/{number}"), Vec::new()) },
            9 => Ask { status: 410, answers: None, ..Ask::get("refusal", format!("/gone/{number}"), Vec::new()) },
            10..13 => Ask::get(
                "script's page",
                format!("/page/{number}"),
                format!("Hello, soak, from /page/{number}\n").into_bytes(),
            ),
            13..15 => {
                let header = ("X-Script", "Hi from a script".to_owned());
                let body = [FILE, format!("{} bytes\n", FILE.len()).as_bytes()].concat();
                Ask {
                    header,
                    ..Ask::get("file, with a script's hook and filter", "/greeted/file.html".to_owned(), body)
                }
            }
            15..17 => Ask::get("program's page", format!("/program?say+{number}"), format!("{number}\n").into_bytes()),
            17 => Ask {
                complains: 1,
                ..Ask::get("program's words on stderr", "/program?complain+1".to_owned(), Vec::new())
            },
            18 => return Ask::echo(dice),
            _ => Ask::get("file of 1 MB", "/long.txt".to_owned(), vec![b'y'; LONG]),
        };
        if dice.below(HEADS) == 0 {
            ask.method = "HEAD";
        }
        ask
    }

    /// A program that sends back what was posted in chunks.
    pub fn echo(dice: &mut Dice) -> Ask {
        let body: Vec<u8> = (0..dice.below(30_000)).map(|i| b'a' + (i % 26) as u8).collect();
        let ask = Ask::get("program's echo of chunks", "/program?echo".to_owned(), body.clone());
        Ask { method: "POST", body: Some(body), ..ask }
    }

    fn provoking(which: usize) -> Ask {
        let ask = Ask::get("provoked trap", PROVOCATIONS[which].target.to_owned(), Vec::new());
        Ask { status: 500, answers: None, provokes: Some(which), ..ask }
    }

    /// The pieces that are sent: the head, each chunk of the body, the end.
    pub fn pieces(&self, close: bool) -> Vec<Vec<u8>> {
        let mut head = format!("{} {} HTTP/1.1\r\nHost: localhost\r\n", self.method, self.target);
        if close {
            head += "Connection: close\r\n";
        }
        let Some(body) = &self.body else { return vec![(head + "\r\n").into_bytes()] };
        let mut pieces = vec![(head + "Transfer-Encoding: chunked\r\n\r\n").into_bytes()];
        let chunk = |part: &[u8]| [format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat();
        pieces.extend(body.chunks(7_000).map(chunk));
        pieces.push(b"0\r\n\r\n".to_vec());
        pieces
    }
}
