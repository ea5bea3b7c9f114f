//! A script of host calls: random ones made from the table, and the form in which the guest
//! (compat-tests/guests/calls_c/fuzz_calls.c) reads them. Knows what arguments are likely to hurt, not what happens then.
//!
//! In bytes, little endian: phase (8 bits, the guest's number of a hook), event of a filter (8), the hook's answer (32),
//! length of the data (16), the data; then calls, each the function's number (16) and its core arguments, each a tag (8)
//! and 64 bits. All of it is written in hexadecimal.

use host_api::fields::{CONSTANTS, FIELDS, TABLES};
use host_api::table::{FUNCTIONS, Function, Returns, Type};
use proptest::prelude::Rng;
use proptest::test_runner::TestRng;

/// Phases of the guest, by number, and what shows that one was reached.
pub const PHASES: [&str; 29] = [
    "handler",
    "fixups",
    "log_transaction",
    "post_read_request",
    "translate_name",
    "header_parser",
    "access_checker",
    "type_checker",
    "insert_filter",
    "map_to_storage",
    "output filter",
    "input filter",
    "directive",
    "script: SetHandler",
    "script: MapHandler",
    "script: PreTranslateName",
    "script: TranslateName",
    "script: MapToStorage",
    "script: AccessChecker",
    "script: CheckUserID",
    "script: AuthChecker",
    "script: TypeChecker",
    "script: Fixups",
    "script: Log",
    "script: InsertFilter",
    "script: QuickHandler",
    "script: output filter",
    "script: input filter",
    "script: authorization provider",
];
pub const OUTPUT_FILTER: u8 = 10;
pub const INPUT_FILTER: u8 = 11;
pub const DIRECTIVE: u8 = 12;
/// The first that is a function of a script.
pub const HANDLE: u8 = 13;
pub const MAPPED: u8 = 14;
pub const CHECK_USER_ID: u8 = 19;
pub const AUTH_CHECKER: u8 = 20;
pub const SCRIPT_OUTPUT_FILTER: u8 = 26;
pub const SCRIPT_INPUT_FILTER: u8 = 27;
pub const AUTHZ: u8 = 28;

/// Whether a phase is one of a filter.
pub fn is_filter(phase: u8) -> bool {
    matches!(phase, OUTPUT_FILTER | INPUT_FILTER | SCRIPT_OUTPUT_FILTER | SCRIPT_INPUT_FILTER)
}

/// What a 64-bit argument is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Nothing,
    Data,
    Result,
    Scratch,
}

#[derive(Clone, Copy, Debug)]
struct Argument(From, i64);

/// One call: the function's place in the table and its core arguments.
#[derive(Clone, Debug)]
pub struct Call {
    function: usize,
    arguments: Vec<Argument>,
}

/// An argument of a known script.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    Number(i64),
    Text(&'static [u8]),
}

/// Calls in a row, in one phase.
#[derive(Clone, Debug)]
pub struct Script {
    pub phase: u8,
    event: u8,
    answer: i32,
    data: Vec<u8>,
    pub calls: Vec<Call>,
}

/// Texts that have hurt servers.
const TEXTS: &[&[u8]] = &[
    b"",
    b"Host",
    b"X-Header",
    b"Content-Type",
    b"text/html; charset=utf-8",
    b"a\r\nX-Split: yes",
    b"a\nX-Split: yes",
    b"a\rX-Split: yes",
    b"X-Split: yes\r\n\r\nHTTP/1.1 200 OK\r\nX-Split: yes\r\nContent-Length: 0\r\n\r\n",
    b"200 OK\r\nX-Split: yes",
    b"404 \r\n\r\n<b>",
    b"X-Name\r\nX-Split",
    b"X Name",
    b"a\0b",
    b"\0",
    b"%n%s%s%x%99999d",
    b"/index.html",
    b"/plain?a=b",
    b"//",
    b"/../../etc/passwd",
    b"../../../../etc/passwd",
    b"/etc/passwd",
    b"/dev/null",
    b"/dev/zero",
    b"/proc/self/mem",
    b"htdocs/index.html",
    b"http://127.0.0.1:1/",
    b"proxy:http://127.0.0.1:1/",
    b"http://[::1/%",
    b"%zz%00%ff%2e%2e%2f",
    b"\xff\xfe\xc3\x28",
    b"^(.*)$",
    b"(((((((a*)*)*)*)*)*)*)b",
    b"(?<a>x)|[",
    b"%{REQUEST_URI} =~ m#^/(.*)#",
    b"%{HTTP:Host}-%{reqenv:X}",
    b"file('/etc/passwd')",
    b"-1",
    b"0",
    b"99999999999999999999",
    b"SELECT 1",
    b"SELECT %s FROM x; --",
    b"'; DROP TABLE map; --",
    b"GET",
    b"DEFLATE",
    b"FUZZ",
    b"INCLUDES",
    b"default-handler",
    b"cgi-script",
    b"server-status",
    b"bearer",
    b"Basic YTpi",
    b"sdbm",
    b"txt",
    b"sqlite3",
    b"root",
    b"mod_fuzz.c",
    b"core.c",
    b"key",
    b"password",
    b"$apr1$aaaaaaaa$bbbbbbbbbbbbbbbbbbbbbb",
    b"{SHA}x",
    b"Set-Cookie",
    b"a=b; Path=/\r\nX-Split: yes",
    b"boundary",
    b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--",
    b"a=b&c=%64&=&&e",
    b"s",
    b"sa\0b\0ac\0d\0",
];

const NUMBERS: &[i64] = &[
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    10,
    16,
    30,
    64,
    100,
    101,
    127,
    128,
    200,
    204,
    206,
    255,
    256,
    301,
    304,
    400,
    404,
    413,
    500,
    599,
    999,
    1024,
    4096,
    65535,
    65536,
    1 << 20,
    1 << 24,
    i32::MAX as i64,
    i32::MIN as i64,
    u32::MAX as i64,
    -1,
    -2,
    -100,
    i64::MAX,
    i64::MIN,
    1 << 32,
    1 << 53,
];

/// The field that is the answer's Content-Length.
const LENGTH: &str = "CLENGTH";

/// Chance.
#[derive(Clone)]
pub struct Dice(pub TestRng);

impl Dice {
    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.0.next_u64() % end.max(1) as u64) as usize
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, often: usize) -> bool {
        self.below(100) < often
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn hostile(&mut self) -> i64 {
        let number = if self.percent(70) { self.of(NUMBERS) } else { self.0.next_u64() as i64 };
        if FIELDS.get(number as usize).is_some_and(|field| field.name == LENGTH) { 0 } else { number }
    }

    /// A field by number, or none. Who says how long the answer will be is believed by httpd, in native modules too.
    fn field(&mut self) -> usize {
        let field = self.below(FIELDS.len() + 2);
        if FIELDS.get(field).is_some_and(|field| field.name == LENGTH) { 0 } else { field }
    }

    /// Bytes of a string, a list, a batch, or none of these.
    fn text(&mut self) -> Vec<u8> {
        match self.below(20) {
            0..=11 => self.of(TEXTS).to_vec(),
            12 => [self.of(TEXTS), self.of(TEXTS)].concat(),
            13 => [self.of(TEXTS), b"\0", self.of(TEXTS), b"\0"].concat(),
            14 => self.of(TEXTS).repeat(1 + self.below(40)),
            15 => vec![self.below(256) as u8; self.below(4_000)],
            16 | 17 => self.batch(),
            _ => (0..self.below(40)).map(|_| self.below(256) as u8).collect(),
        }
    }

    /// What ap_request_read and ap_request_write take, or nearly so.
    fn batch(&mut self) -> Vec<u8> {
        let mut batch = Vec::new();
        for _ in 0..self.below(6) {
            batch.push(self.of(b"fntdlusamxjp"));
            batch.push(self.field() as u8);
            for _ in 0..self.below(3) {
                let text = self.of(TEXTS);
                let length = if self.percent(90) { text.len() as u32 } else { self.0.next_u32() };
                batch.extend(length.to_le_bytes());
                batch.extend(text);
            }
        }
        batch
    }
}

impl Script {
    /// A random script; `data` of it is what a request line can carry.
    pub fn random(dice: &mut Dice) -> Script {
        let phase = if dice.percent(20) { 0 } else { dice.below(PHASES.len()) as u8 };
        let answer = match dice.below(10) {
            0 => dice.of(&[200, 204, 304, 400, 403, 404, 418, 500, 503]),
            1 => dice.hostile() as i32,
            2 => dice.of(&[-2, 2]),
            3..=5 => 0,
            _ if is_filter(phase) => dice.of(&[0, 1, 1, 2]),
            _ if phase == AUTHZ => dice.of(&[0, 1, 2, 3, 4]),
            _ => -1,
        };
        let mut script = Script { phase, event: 0, answer, data: vec![b'A'], calls: Vec::new() };
        if is_filter(phase) {
            script.event = dice.of(&[0, 1, 1, 1, 2, 3]);
        }
        let group = dice.of(FUNCTIONS).group;
        let alone = dice.percent(60);
        let choice: Vec<usize> = (0..FUNCTIONS.len()).filter(|at| !alone || FUNCTIONS[*at].group == group).collect();
        for _ in 0..1 + dice.below(10) {
            let function = if dice.percent(85) { dice.of(&choice) } else { dice.below(FUNCTIONS.len()) };
            let call = script.call(dice, function);
            script.calls.push(call);
        }
        script
    }

    /// A script that is known: phase, the hook's answer, and calls by name.
    pub fn known(phase: &str, answer: i32, calls: &[(&str, &[Part])]) -> Script {
        let phase = PHASES.iter().position(|name| *name == phase).expect("a phase of this file") as u8;
        let mut script = Script { phase, event: 0, answer, data: vec![b'A'], calls: Vec::new() };
        for (name, parts) in calls {
            let function =
                FUNCTIONS.iter().position(|function| function.name == *name).expect("a function of the table");
            let mut arguments = Vec::new();
            for part in *parts {
                match part {
                    Part::Number(number) => arguments.push(Argument(From::Nothing, *number)),
                    Part::Text(text) => {
                        let start = script.data.len() as i64;
                        script.data.extend(*text);
                        arguments.extend([Argument(From::Data, start), Argument(From::Nothing, text.len() as i64)]);
                    }
                }
            }
            script.calls.push(Call { function, arguments });
        }
        script
    }

    /// The same for an event of a filter.
    pub fn at(mut self, event: u8) -> Script {
        self.event = event;
        self
    }

    fn call(&mut self, dice: &mut Dice, number: usize) -> Call {
        let function = &FUNCTIONS[number];
        let mut arguments = Vec::new();
        for (name, kind) in function.parameters {
            match kind {
                Type::Bytes => arguments.extend(self.bytes(dice)),
                Type::Request if dice.percent(75) => arguments.push(Argument(From::Nothing, 0)),
                Type::Table if dice.percent(90) => {
                    arguments.push(Argument(From::Nothing, dice.below(TABLES.len()) as i64))
                }
                Type::Request | Type::Handle if dice.percent(70) => {
                    arguments.push(Argument(From::Result, dice.below(8) as i64))
                }
                Type::Request | Type::Handle if dice.percent(60) => {
                    arguments.push(Argument(From::Nothing, dice.below(12) as i64))
                }
                _ => arguments.push(Argument(From::Nothing, number_for(name, dice))),
            }
        }
        if function.returns == Returns::Bytes {
            arguments.extend(buffer(dice));
        }
        Call { function: number, arguments }
    }

    /// Address and length of bytes: mostly of the data, else of the scratch, else of nothing.
    fn bytes(&mut self, dice: &mut Dice) -> [Argument; 2] {
        let text = dice.text();
        if dice.percent(86) && self.data.len() + text.len() < 16_000 {
            let start = self.data.len() as i64;
            let length = text.len() as i64;
            self.data.extend(text);
            return [Argument(From::Data, start), Argument(From::Nothing, length)];
        }
        match dice.below(4) {
            0 => [Argument(From::Scratch, 0), Argument(From::Nothing, dice.below(256 << 10) as i64)],
            1 => [Argument(From::Data, dice.below(8) as i64), Argument(From::Nothing, dice.hostile())],
            _ => [Argument(From::Nothing, dice.hostile()), Argument(From::Nothing, dice.hostile())],
        }
    }

    /// The bytes that the guest reads, in hexadecimal.
    pub fn hex(&self) -> String {
        let mut out = vec![self.phase, self.event];
        out.extend(self.answer.to_le_bytes());
        out.extend((self.data.len() as u16).to_le_bytes());
        out.extend(&self.data);
        for call in &self.calls {
            out.extend((call.function as u16).to_le_bytes());
            for Argument(from, value) in &call.arguments {
                out.push(*from as u8);
                out.extend(value.to_le_bytes());
            }
        }
        out.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether one of its calls is of this function.
    pub fn calls_function(&self, name: &str) -> bool {
        self.calls.iter().any(|call| FUNCTIONS[call.function].name == name)
    }

    /// The script without one of its calls, whose results others may have used.
    pub fn without(&self, at: usize) -> Script {
        let mut less = self.clone();
        less.calls.remove(at);
        less
    }
}

/// A number for a parameter, mostly one that means something.
fn number_for(name: &str, dice: &mut Dice) -> i64 {
    match name {
        _ if dice.percent(30) => dice.hostile(),
        "field" => dice.field() as i64,
        "level" => dice.below(17) as i64,
        "flags" | "args_how" | "allowed" | "filter_type" | "order" => dice.of(CONSTANTS).2,
        _ => dice.below(4) as i64,
    }
}

/// Address and capacity of a buffer.
fn buffer(dice: &mut Dice) -> [Argument; 2] {
    match dice.below(20) {
        0 => [Argument(From::Nothing, dice.hostile()), Argument(From::Nothing, dice.hostile())],
        1 => [Argument(From::Scratch, 0), Argument(From::Nothing, dice.hostile())],
        2 => [Argument(From::Scratch, 0), Argument(From::Nothing, 0)],
        3 => [Argument(From::Nothing, 0), Argument(From::Nothing, 0)],
        _ => [Argument(From::Scratch, dice.below(1024) as i64), Argument(From::Nothing, dice.below(200_000) as i64)],
    }
}

/// As it is read by a person: one call a line.
impl std::fmt::Display for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} event {} answers {}", PHASES[self.phase as usize], self.event, self.answer)?;
        for call in &self.calls {
            writeln!(
                f,
                "    {}({})",
                FUNCTIONS[call.function].name,
                self.shown(&FUNCTIONS[call.function], call).join(", ")
            )?;
        }
        Ok(())
    }
}

impl Script {
    fn shown(&self, function: &Function, call: &Call) -> Vec<String> {
        let mut arguments = call.arguments.iter();
        let mut one = || arguments.next().copied().unwrap_or(Argument(From::Nothing, 0));
        let number = |Argument(from, value): Argument| match from {
            From::Nothing => value.to_string(),
            From::Data => format!("data+{value}"),
            From::Result => format!("${value}"),
            From::Scratch => format!("scratch+{value}"),
        };
        let mut shown = Vec::new();
        for (name, kind) in function.parameters {
            shown.push(match kind {
                Type::Bytes => match (one(), one()) {
                    (Argument(From::Data, start), Argument(From::Nothing, length)) => {
                        let bytes = usize::try_from(start).ok().zip(usize::try_from(length).ok());
                        let bytes = bytes.and_then(|(start, length)| self.data.get(start..start.checked_add(length)?));
                        bytes.map_or(format!("data+{start} {length}"), |bytes| format!("\"{}\"", bytes.escape_ascii()))
                    }
                    (address, length) => format!("{} {}", number(address), number(length)),
                },
                _ => format!("{name} {}", number(one())),
            });
        }
        shown.extend(arguments.map(|argument| number(*argument)));
        shown
    }
}
