//! Random hostile calls of every host function in every phase, on a real daemonized httpd: the children live, each request
//! gets one well-formed answer, memory does not grow, and the next request is served.
//!
//! `COMPAT_CASES` says how many scripts, `COMPAT_SEED` repeats a run. scripts/fuzz api goes on for minutes.
#![allow(missing_docs, reason = "tests")]

#[path = "../faults/status.rs"]
#[allow(dead_code, reason = "shared with the faults")]
mod counted;
#[path = "../hazards/ground.rs"]
#[allow(dead_code, reason = "shared with hazards.rs")]
mod ground;
mod judge;
mod script;

use compat_tests::errorlog::crashes;
use compat_tests::memcheck::patience;
use compat_tests::server::{Mpm, Server};
use ground::{Ground, INDEX, fetch, private_kilobytes, status};
use host_api::fields::FIELDS;
use host_api::table::{FUNCTIONS, GROUPS};
use judge::Asked;
use proptest::test_runner::{RngAlgorithm, TestRng};
use script::Part::{Number, Text};
use script::{AUTH_CHECKER, AUTHZ, CHECK_USER_ID, DIRECTIVE, Dice, HANDLE, MAPPED, Script, is_filter};
use std::hash::{BuildHasher, RandomState};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Scripts of a run unless `COMPAT_CASES` says otherwise.
const COUNT: usize = 3_000;
/// Scripts after which the log is read to its end, and a plain request has to be answered.
const BATCH: usize = 100;
/// Scripts after which all that is made once has been made.
const WARM: usize = 1_000;
/// Kilobytes that the children may have more of at the end.
const MOST_GROWTH: u64 = 24 << 10;
/// Findings after which a run ends.
const MOST_FINDINGS: usize = 12;
/// How long a request may take. A guest's own time is limited to [`TIME`]; that of looking ahead comes on top, and Timeout
/// where a body's length was taken out of headers_in, so that httpd waits for the rest of what it takes for a request.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a guest may take.
const TIME: Duration = Duration::from_millis(300);

fn ground() -> Ground {
    let ground = Ground::new(Mpm::from_env().unwrap());
    let wasm = std::fs::read(ground.dist("fuzz_calls.wasm")).expect("scripts/build makes it");
    let groups: String = GROUPS.iter().map(|group| format!(" +{}", group.name)).collect();
    let module = ground.module_with("fuzz", &wasm, &format!("WasmApi{groups}\n{}", limits()));
    ground.configure(&format!(
        "LoadModule authn_core_module modules/mod_authn_core.so
LoadModule filter_module modules/mod_filter.so
LoadModule deflate_module modules/mod_deflate.so
LoadModule include_module modules/mod_include.so
LoadModule dbd_module modules/mod_dbd.so
DBDriver sqlite3
DBDParams \"{root}/map.db\"
DBDPersist Off
{module}
{MIME}{status}LimitRequestLine 1000000
Timeout 4
KeepAliveTimeout 2
LogLevel notice
<Directory \"{root}/htdocs/ht\">
AllowOverride All
</Directory>
<Location /filtered>
SetOutputFilter FUZZ
SetInputFilter FUZZ
</Location>
{scripts}",
        root = ground.root.path().display(),
        status = counted::CONFIG,
        scripts = scripts(&groups),
    ));
    // mod_mime answers for every file, so that whoever comes after it is not asked for a type.
    let config = std::fs::read_to_string(ground.path("httpd.conf")).unwrap();
    ground.file(
        "httpd.conf",
        MIME.lines().fold(config, |config, line| config.replacen(&format!("{line}\n"), "", 1)).as_bytes(),
    );
    for name in ["htdocs/ht/index.html", "htdocs/filtered/index.html"] {
        ground.file(name, INDEX.as_bytes());
    }
    for scope in SCOPES {
        for name in ["index.html", "private/index.html"] {
            ground.file(&format!("htdocs/{scope}/{name}"), INDEX.as_bytes());
        }
        ground.file(&format!("htdocs/{scope}/fuzz.wasm"), &wasm);
    }
    ground
}

/// What extensions and scripts may take.
fn limits() -> String {
    format!("WasmTimeLimit {}ms\nWasmMemoryLimit 8M", patience(TIME).as_millis())
}

/// What the ground has of mod_mime.
const MIME: &str = "LoadModule mime_module modules/mod_mime.so
TypesConfig /dev/null
AddType text/html .html
AddType text/plain .txt
";

/// Every scope, by the folder in which it is in force.
const SCOPES: [&str; 5] = ["once", "request", "conn", "thread", "server"];

/// The directives by which the same file is a script, in the folders of [`SCOPES`].
fn scripts(groups: &str) -> String {
    let mut config = format!("WasmApi{groups}\n{}\nWasmAuthzProvider fuzz fuzz.wasm script_authz\n", limits());
    for hook in [
        "PreTranslateName",
        "TranslateName",
        "MapToStorage",
        "TypeChecker",
        "Fixups",
        "Log",
        "InsertFilter",
        "AccessChecker",
        "AuthChecker",
    ] {
        let function = hook
            .chars()
            .flat_map(|c| c.is_ascii_uppercase().then_some('_').into_iter().chain([c.to_ascii_lowercase()]));
        config += &format!("WasmHook{hook} fuzz.wasm script{}\n", function.collect::<String>());
    }
    config += "WasmHookCheckUserID fuzz.wasm script_check_user_id\nWasmQuickHandler fuzz.wasm script_quick_handler\n\
               WasmMapHandler ^/[a-z]+/mapped fuzz.wasm mapped\n\
               WasmOutputFilter SCRIPT-OUT fuzz.wasm script_output\nWasmInputFilter SCRIPT-IN fuzz.wasm script_input\n";
    for scope in SCOPES {
        config += &format!(
            "<Location /{scope}>\nWasmScope {scope}\nSetOutputFilter SCRIPT-OUT\nSetInputFilter SCRIPT-IN\n</Location>\n\
             <Location /{scope}/fuzz.wasm>\nSetHandler wasm-script\n</Location>\n\
             <Location /{scope}/private>\nAuthType Basic\nAuthName fuzz\nRequire fuzz some words\n</Location>\n"
        );
    }
    config
}

/// Where a script is to be sent.
fn target(script: &Script, dice: &mut Dice) -> String {
    let scope = SCOPES[dice.below(SCOPES.len())];
    match script.phase {
        DIRECTIVE => "/ht/index.html".to_string(),
        HANDLE => format!("/{scope}/fuzz.wasm"),
        MAPPED => format!("/{scope}/mapped"),
        CHECK_USER_ID | AUTH_CHECKER | AUTHZ => format!("/{scope}/private/index.html"),
        phase if phase > HANDLE => format!("/{scope}/index.html"),
        phase if is_filter(phase) || dice.percent(20) => "/filtered/index.html".to_string(),
        _ => "/index.html".to_string(),
    }
}

/// One script on its way, and what came back.
struct Exchange {
    bytes: Vec<u8>,
    asked: Asked,
}

fn send(ground: &Ground, server: &Server, script: &Script, dice: &mut Dice) -> Result<Exchange, String> {
    let hex = script.hex();
    let mut target = target(script, dice);
    if script.phase == DIRECTIVE {
        ground.file("htdocs/ht/.htaccess", format!("FuzzCalls {hex}\n").as_bytes());
    } else {
        target = format!("{target}?{hex}");
    }
    let (method, body) = match dice.below(10) {
        0 => ("HEAD", None),
        1 => ("POST", Some(("application/x-www-form-urlencoded", b"a=b&c=%64&c=e&&=f".repeat(dice.below(2_000))))),
        2 => (
            "POST",
            Some((
                "multipart/form-data; boundary=x",
                b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n".to_vec(),
            )),
        ),
        _ => ("GET", None),
    };
    let mut request =
        format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: a=b\r\n").into_bytes();
    if let Some((kind, body)) = &body {
        request.extend(format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len()).bytes());
    }
    request.extend(b"\r\n");
    request.extend(body.map(|(_, body)| body).unwrap_or_default());
    let failed = |why: std::io::Error| format!("no connection: {why}");
    let mut stream = TcpStream::connect_timeout(&server.address(), patience(PATIENCE)).map_err(failed)?;
    stream.set_read_timeout(Some(patience(PATIENCE))).map_err(failed)?;
    // A server that refuses the request may close before it has read all of it.
    let _ = stream.write_all(&request);
    let mut bytes = Vec::new();
    let mut part = [0; 16 << 10];
    let begin = Instant::now();
    loop {
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(length) => bytes.extend_from_slice(&part[..length]),
            Err(why) if why.kind() == std::io::ErrorKind::ConnectionReset => break,
            // Where somebody stops all processes for a while.
            Err(why) if why.kind() == std::io::ErrorKind::Interrupted => {}
            Err(why) => return Err(format!("no answer: {why}")),
        }
        if begin.elapsed() > patience(PATIENCE) {
            return Err("the answer has no end".to_string());
        }
    }
    Ok(Exchange { bytes, asked: Asked { head: method == "HEAD", body: method == "POST" } })
}

/// Failures that were counted instead of logged one by one.
fn failures_held_back(server: &Server) -> u64 {
    counted::modules(server).values().filter_map(|numbers| numbers.get("NotReported")).sum()
}

/// Whether the log tells of a crash.
fn crash_in(log: &str) -> Option<String> {
    let panics = log.lines().filter(|line| line.contains("panicked at"));
    crashes(log).into_iter().chain(panics).next().map(str::to_string)
}

/// What is wrong with the answer to one script, if anything. `held_back` is what [`failures_held_back`] said when it was
/// asked last, which is only done where an answer breaks off. If it has grown since, the script is tried once more.
fn judge(
    ground: &Ground,
    server: &Server,
    script: &Script,
    dice: &mut Dice,
    held_back: &mut u64,
) -> Result<(), String> {
    let mut again = dice.clone();
    if try_once(ground, server, script, dice, held_back)? {
        try_once(ground, server, script, &mut again, held_back)?;
    }
    Ok(())
}

/// As [`judge`]; whether the answer broke off, and failures were counted since that was asked last.
fn try_once(
    ground: &Ground,
    server: &Server,
    script: &Script,
    dice: &mut Dice,
    held_back: &mut u64,
) -> Result<bool, String> {
    let mark = server.mark();
    let exchange = send(ground, server, script, dice)?;
    let whole = judge::one_answer(&exchange.bytes, exchange.asked)
        .map_err(|why| format!("{why}: {}", exchange.bytes[..exchange.bytes.len().min(2_000)].escape_ascii()))?;
    let mut log = server.log_since(mark).map_err(|why| why.to_string())?;
    // A guest that failed, or a header that httpd refused to send, is a reason.
    let reasons = ["fuzz_module failed in", "fuzz.wasm failed in", "AH02429", "AH02430"];
    // So is another file than the one that httpd has looked at: a folder can be opened, but not read.
    let renames = ["ap_core_translate", "ap_core_translate_unless", "ap_request_set_field", "ap_request_write"]
        .iter()
        .any(|name| script.calls_function(name));
    let told = reasons.iter().any(|reason| log.contains(reason));
    let counted = !whole && !renames && !told && {
        let before = std::mem::replace(held_back, failures_held_back(server));
        *held_back > before
    };
    if !whole && !renames && !told && !counted {
        // Either the child has died, which its parent will say soon, or the answer broke off without a reason.
        std::thread::sleep(Duration::from_millis(1_500));
        log = server.log_since(mark).map_err(|why| why.to_string())?;
        let shown = exchange.bytes[..exchange.bytes.len().min(2_000)].escape_ascii().to_string();
        return Err(crash_in(&log).unwrap_or(format!("the answer broke off without a line in the log: {shown}\n{log}")));
    }
    if !whole && exchange.bytes.is_empty() {
        // A child that died is told of by its parent a little later.
        std::thread::sleep(Duration::from_millis(1_500));
        log = server.log_since(mark).map_err(|why| why.to_string())?;
    }
    crash_in(&log).map_or(Ok(counted), Err)
}

/// As [`judge`], for a script by itself.
fn judge_now(ground: &Ground, server: &Server, script: &Script, dice: &mut Dice) -> Result<(), String> {
    let mut held_back = failures_held_back(server);
    judge(ground, server, script, dice, &mut held_back)
}

/// Leaves calls out as long as the rest is still wrong.
fn shrink(ground: &Ground, server: &Server, mut script: Script) -> Script {
    let mut at = 0;
    while at < script.calls.len() && script.calls.len() > 1 {
        let less = script.without(at);
        // How it was asked may matter as well, so each is tried a few times.
        let wrong = (0..4).any(|seed| judge_now(ground, server, &less, &mut dice(seed)).is_err());
        if wrong { script = less } else { at += 1 }
    }
    script
}

fn dice(seed: u64) -> Dice {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    Dice(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

#[test]
fn hostile_calls_hurt_nobody() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let seed = number("COMPAT_SEED").unwrap_or_else(|| RandomState::new().hash_one(0));
    let count = number("COMPAT_CASES").map_or(COUNT, |count| count as usize);
    println!("COMPAT_SEED={seed} COMPAT_CASES={count}");
    let (ground, mut dice) = (ground(), dice(seed));
    let server = ground.start();
    let memory = || server.children().into_iter().map(private_kilobytes).sum::<u64>();
    fill(&ground, &server);
    let (mut warm, mut calls, mut held_back, mut batch, mut findings) = (0, 0, 0, Vec::new(), Vec::new());
    for done in 0..count {
        let script = Script::random(&mut dice);
        calls += script.calls.len();
        if let Err(why) = judge(&ground, &server, &script, &mut dice, &mut held_back) {
            println!("script {done}: {why}\n{script}");
            let small = shrink(&ground, &server, script.clone());
            let again = judge_now(&ground, &server, &small, &mut dice);
            findings.push(format!("COMPAT_SEED={seed}, script {done}: {why}\n{small}by itself: {again:?}"));
            if findings.len() >= MOST_FINDINGS {
                break;
            }
        }
        batch.push(script);
        if batch.len() == BATCH {
            let answer = fetch(&server, "/index.html");
            assert_eq!((status(&answer), answer.body.as_slice()), (200, INDEX.as_bytes()));
            // What was found already stands there as well.
            let found = crash_in(&ground.site.error_log_text()).filter(|_| findings.is_empty());
            let scripts = || batch.iter().map(Script::to_string).collect::<String>();
            assert!(found.is_none(), "COMPAT_SEED={seed}, before script {done}: {found:?}\n{}", scripts());
            // httpd appends, so that what is read can go.
            std::fs::File::options().write(true).open(&ground.site.error_log).unwrap().set_len(0).unwrap();
            batch.clear();
        }
        if done == WARM {
            warm = memory();
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n\n"));
    let grown = memory().saturating_sub(warm);
    println!("{count} scripts, {calls} calls of {} functions; the children grew by {grown} KB", FUNCTIONS.len());
    assert!(
        count <= WARM || grown <= MOST_GROWTH,
        "COMPAT_SEED={seed}: the children grew by {grown} KB from {warm} KB"
    );
    server.stop().unwrap();
}

/// A phase that is never reached would never fail.
#[test]
fn every_phase_is_reached() {
    let ground = ground();
    let server = ground.start();
    for phase in script::PHASES {
        let call: (_, &[script::Part]) =
            ("ap_log_error", &[Number(0), Text(b"fuzz.c"), Number(1), Number(4), Number(0), Text(b"reached")]);
        let script = Script::known(phase, if phase.contains("authorization") { 1 } else { -1 }, &[call]);
        let mark = server.mark();
        // An input filter is called where a body comes.
        let reached = (0..40).any(|seed| {
            let sent = send(&ground, &server, &script, &mut dice(seed));
            assert!(sent.is_ok(), "{phase}: {:?}", sent.err());
            server.log_since(mark).unwrap().contains("reached")
        });
        assert!(reached, "{phase}");
    }
    server.stop().unwrap();
}

/// The hooks that ask themselves until they may no more, each within the other in an instance of its own: afterwards a child
/// has as many instances as it will ever keep. SOME_AUTHN_REQUIRED has httpd ask its access checkers.
fn fill(ground: &Ground, server: &Server) {
    let authn = FIELDS.iter().position(|field| field.name == "SOME_AUTHN_REQUIRED").expect("a field") as i64;
    for phase in ["access_checker", "script: AccessChecker"] {
        let script = Script::known(phase, -1, &[("ap_request_number", &[Number(0), Number(authn)])]);
        for seed in 0..20 {
            let verdict = judge_now(ground, server, &script, &mut dice(seed));
            assert!(verdict.is_ok(), "{phase}: {verdict:?}");
        }
    }
}

/// Found by growth: without an end to it there were some 500 instances for one request, which were kept for ever.
#[test]
fn calls_within_one_another_come_to_an_end_and_leave_little() {
    let ground = ground();
    let server = ground.start();
    let memory = || server.children().into_iter().map(private_kilobytes).sum::<u64>();
    let before = memory();
    // Twice, as the second time is to need no more.
    (0..2).for_each(|_| fill(&ground, &server));
    let grown = memory().saturating_sub(before);
    assert!(ground.site.error_log_text().contains("32 calls of guests stand within one another already"));
    // Of 600 KB each there may wait in a child of 8 threads: 16 of the module, 16 of the file in the server's scope, 4 with
    // each thread in that of threads, and 32 were in the pool.
    let most = server.children().len() as u64 * 64 << 10;
    assert!(grown <= most, "the children grew by {grown} KB from {before} KB");
    server.stop().unwrap();
}

/// What this test has found, each mended in the host.
#[test]
fn what_was_found_stays_mended() {
    let (ground, field) =
        (ground(), |name: &str| FIELDS.iter().position(|field| field.name == name).expect("a field") as i64);
    let server = ground.start();
    let scripts = [
        // httpd takes the folder of a file name that there isn't yet.
        Script::known("translate_name", -1, &[("ap_sub_req_lookup_file", &[Number(0), Text(b"x"), Number(0)])]),
        // Bytes behind the end of an answer.
        Script::known(
            "log_transaction",
            -1,
            &[("ap_rwrite", &[Number(0), Text(b"more")]), ("ap_rflush", &[Number(0)])],
        ),
        // An error page behind a part of an answer.
        Script::known(
            "access_checker",
            418,
            &[
                ("ap_set_content_type_ex", &[Number(0), Text(b"a\nX-Split: yes"), Number(1)]),
                ("ap_rflush", &[Number(0)]),
            ],
        ),
        Script::known("fixups", 403, &[("ap_rwrite", &[Number(0), Text(b"part")]), ("ap_rflush", &[Number(0)])]),
        Script::known(
            "log_transaction",
            -1,
            &[("ap_send_fd", &[Number(0), Text(b"/etc/passwd"), Number(1), Number(3)])],
        ),
        // What another module answers, behind the error page for a header that can't be sent.
        Script::known(
            "handler",
            -1,
            &[("apr_table_set", &[Number(0), Number(1), Text(b"no/name"), Text(b"x")]), ("ap_rflush", &[Number(0)])],
        ),
        Script::known(
            "translate_name",
            -1,
            &[("ap_set_content_type_ex", &[Number(0), Text(b"a\x01b"), Number(1)]), ("ap_rflush", &[Number(0)])],
        ),
        Script::known(
            "insert_filter",
            -1,
            &[("ap_set_content_type_ex", &[Number(0), Text(b"a\x01b"), Number(1)]), ("ap_rflush", &[Number(0)])],
        ),
        // Interim answers with a page.
        Script::known("header_parser", 101, &[]),
        Script::known("handler", 0, &[("ap_request_set_number", &[Number(0), Number(field("STATUS")), Number(100)])]),
        // httpd waits for a client that does not hang up.
        Script::known("handler", 0, &[("ap_request_set_number", &[Number(0), Number(field("PROXYREQ")), Number(3)])]),
        // A folder in a file's place: httpd opens it and can't read it, and the answer is empty, as where a script of mod_lua
        // writes r.filename.
        Script::known("handler", -1, &[("ap_core_translate", &[Number(0), Text(b"//")])]),
        Script::known("script: Fixups", -1, &[("ap_core_translate", &[Number(0), Text(b"//")])]),
        // A body that nobody knows the length of any more: httpd waits for the end of the request that it takes it for.
        Script::known("script: InsertFilter", -1, &[("apr_table_clear", &[Number(0), Number(0)])]),
        // The same before an answer without a body.
        Script::known("script: AuthChecker", 304, &[("apr_table_clear", &[Number(0), Number(0)])]),
        // An error page behind another, where the answer of an authorization provider is none, or a refusal.
        Script::known(
            "script: authorization provider",
            999,
            &[
                ("ap_set_content_type_ex", &[Number(0), Text(b"a\rX-Split: yes"), Number(0)]),
                ("ap_rflush", &[Number(0)]),
            ],
        ),
        Script::known(
            "script: authorization provider",
            0,
            &[("ap_rwrite", &[Number(0), Text(b"part")]), ("ap_rflush", &[Number(0)])],
        ),
        // A filter that adds itself again when the body ends, and goes.
        Script::known("output filter", 2, &[("ap_add_output_filter", &[Number(0), Text(b"FUZZ")])]).at(3),
        // A header by way of the status line.
        Script::known(
            "handler",
            0,
            &[
                ("ap_request_set_field", &[Number(0), Number(field("STATUS_LINE")), Text(b"200 OK\r\nX-Split: yes")]),
                ("ap_rwrite", &[Number(0), Text(b"body")]),
            ],
        ),
    ];
    for script in &scripts {
        for seed in 0..12 {
            let verdict = judge_now(&ground, &server, script, &mut dice(seed));
            assert!(verdict.is_ok(), "{script}{verdict:?}");
        }
    }
    server.stop().unwrap();
}
