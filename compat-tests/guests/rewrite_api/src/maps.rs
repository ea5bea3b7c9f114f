//! Files, databases and programs that ApiMap directives name.

use crate::{Config, Map, get_module_config, note_server, number, shown, shown_or_none};
use apache_module::map::{Dbm, File, Function, LookupError, Program, Refused, Statement, dbm_get_usednames};
use apache_module::{Directive, Request, Status};

/// Outside of a server's configuration nothing can be named.
pub fn in_a_directory(directive: &Directive, _: &mut ()) -> Result<(), String> {
    match directive.path() {
        Some(_) => named(directive, &mut Config::default()),
        None => Ok(()),
    }
}

/// `ApiMap name type:source [user:group]`; `other:file` asks for what the directive doesn't name.
pub fn named(directive: &Directive, config: &mut Config) -> Result<(), String> {
    note_server(directive, config);
    let words = directive.words();
    let [name, map, more @ ..] = words.as_slice() else { return Err("two words are needed".to_string()) };
    let colon = map.iter().position(|byte| *byte == b':').ok_or("a type is missing")?;
    let (kind, source) = (&map[..colon], &map[colon + 1..]);
    let (user, group) = match more.first().map(|more| more.split(|byte| *byte == b':').collect::<Vec<_>>()) {
        Some(parts) => (
            parts.first().map_or(&b""[..], |user| user).to_vec(),
            parts.get(1).map_or(&b""[..], |group| group).to_vec(),
        ),
        None => Default::default(),
    };
    let opened = match kind {
        b"txt" => File::named(source).map(Map::File),
        b"other" => File::named(b"/etc/passwd").map(Map::File),
        b"dbd" => Statement::prepare(source, name).map(Map::Statement),
        b"prg" | b"notprg" => Program::named(source, &user, &group, 0).map(Map::Program),
        b"badmutex" => Program::named(source, &user, &group, 7).map(Map::Program),
        b"int" => Function::named(source).map(Map::Function),
        kind => {
            let kind = kind.strip_prefix(b"dbm=").unwrap_or(b"default");
            dbm_get_usednames(kind, source).ok_or("the type is unknown")?;
            Dbm::named(kind, source).map(Map::Dbm)
        }
    };
    match opened {
        Ok(map) => {
            config.maps.insert(name.clone(), map);
            Ok(())
        }
        Err(Refused::Failed(why)) => Err(format!("refused: {}", shown(&why))),
        Err(refused) => Err(format!("refused: {refused:?}")),
    }
}

/// `ApiUsednames type name`: the answer is the error.
pub fn usednames(directive: &Directive, _: &mut Config) -> Result<(), String> {
    let words = directive.words();
    let [kind, name] = words.as_slice() else { return Err("two words are needed".to_string()) };
    let names = dbm_get_usednames(kind, name);
    Err(format!("names: {:?}", names.map(|names| names.iter().map(|name| shown(name)).collect::<Vec<_>>())))
}

/// Starts the programs of a server.
pub fn start(r: &Request) -> Status {
    for map in get_module_config(r).1.maps.values() {
        if let Map::Program(program) = map
            && program.start().is_err()
        {
            return Status::INTERNAL_SERVER_ERROR;
        }
    }
    Status::OK
}

pub fn call(r: &Request, function: &[u8], arguments: &[&[u8]]) -> Option<String> {
    let [name, rest @ ..] = arguments else { return None };
    let Some(map) = get_module_config(r).1.maps.get(*name) else { return Some("no such map".to_string()) };
    Some(match (function, map, rest) {
        (b"read", Map::File(file), []) => {
            answer(file.read_all().map_err(|status| LookupError::Failed(status, Vec::new())))
        }
        (b"read", Map::File(file), [offset, count]) => {
            let part = file.read(number(offset) as u32, number(count) as u32);
            answer(part.map_err(|status| LookupError::Failed(status, Vec::new())))
        }
        (b"get", Map::Dbm(dbm), [key]) => match dbm.fetch(r, key) {
            Ok(value) => shown_or_none(value),
            Err(why) => failed(&why),
        },
        (b"get", Map::Statement(statement), [key]) => match statement.select(r, key) {
            Ok(rows) => format!("{:?}", rows.iter().map(|row| shown(row)).collect::<Vec<_>>()),
            Err(why) => failed(&why),
        },
        (b"get", Map::Program(program), [line]) => answer(program.ask(r, line)),
        (b"get", Map::Function(function), [key]) => shown_or_none(function.call(r, key)),
        (b"twice", Map::Program(program), [line]) => {
            [answer(program.ask(r, line)), answer(program.ask(r, line))].join(" ")
        }
        (b"start", Map::Program(program), []) => format!("{:?}", program.start()),
        _ => "that map is of another type".to_string(),
    })
}

fn answer(answer: Result<Vec<u8>, LookupError>) -> String {
    match answer {
        Ok(answer) => shown(&answer),
        Err(why) => failed(&why),
    }
}

fn failed(why: &LookupError) -> String {
    match why {
        LookupError::Failed(status, text) => format!("failed {status} {}", shown(text)),
        other => format!("{other:?}"),
    }
}
