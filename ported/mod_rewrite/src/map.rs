//! RewriteMap: which kinds there are, how a directive names one, and which one a look-up asks; how text, DBM and SQL
//! maps are looked up in is known by their files.

use crate::ErrorText;
use crate::cache::Cache;
use crate::config::ServerConfig;
use crate::dbdmap::DbdMap;
use crate::dbmmap::DbmMap;
use crate::escape::{escape_uri, unescape_url};
use crate::log::rewritelog;
use crate::prgmap::PrgMap;
use crate::record::Record;
use crate::text::Text;
use crate::txtmap::TextMap;
use apache_module::map::Function;
use apache_module::{Directive, directive_field, server, stat};

/// One map.
pub enum Map {
    /// `txt:`, `rnd:`, or neither.
    Text(TextMap),
    /// `dbm:`, `dbm=type:`.
    Dbm(DbmMap),
    /// `dbd:`, `fastdbd:`.
    Dbd(DbdMap),
    /// `prg:`.
    Program(PrgMap),
    /// `int:`.
    Internal(Internal),
}

/// A function of this module, or of a native one.
pub enum Internal {
    ToUpper,
    ToLower,
    Escape,
    Unescape,
    Registered(Function),
}

impl Map {
    /// Reads the arguments (mod_rewrite.c:cmd_rewritemap).
    pub fn parse(directive: &Directive, name: &[u8], source: &[u8], owner: Option<&[u8]>) -> Result<Map, ErrorText> {
        let path = |kind: &str, file: &[u8]| {
            server::server_root_relative(file)
                .ok_or_else(|| [b"RewriteMap: bad path to ", kind.as_bytes(), b" map: ", file].concat())
        };
        let cache = || Cache::of(directive, name);
        let (map, checked) = if let Some(file) = after(source, b"txt:") {
            let path = path("txt", file)?;
            (Map::Text(TextMap::named(file, &path, false, cache())?), Some(path))
        } else if let Some(file) = after(source, b"rnd:") {
            let path = path("rnd", file)?;
            (Map::Text(TextMap::named(file, &path, true, cache())?), Some(path))
        } else if let Some(rest) = after(source, b"dbm") {
            let (kind, file) = dbm_type(rest).ok_or_else(|| [b"RewriteMap: bad map:", source].concat())?;
            let map = DbmMap::named(kind, file, &path("dbm", file)?, cache())?;
            let checked = map.files().first().cloned();
            (Map::Dbm(map), checked)
        } else if let Some(query) = after(source, b"dbd:") {
            (Map::Dbd(DbdMap::prepare(query, name, None)?), None)
        } else if let Some(query) = after(source, b"fastdbd:") {
            (Map::Dbd(DbdMap::prepare(query, name, Some(cache()))?), None)
        } else if let Some(command) = after(source, b"prg:") {
            let program = path("prg", &PrgMap::program(command))?;
            (Map::Program(PrgMap::named(command, &program, owner)?), Some(program))
        } else if let Some(function) = after(source, b"int:") {
            (Map::Internal(Internal::named(function)?), None)
        } else {
            let path = path("txt", source)?;
            (Map::Text(TextMap::named(source, &path, false, cache())?), Some(path))
        };
        // A file that has gone since the server started is no error of the directive.
        let starting = directive.number(directive_field::FIRST_PARSE) == 1;
        match checked {
            Some(path) if starting && stat::stat(&path).is_err() => {
                Err([b"RewriteMap: file for map ", name, b" not found:", &path].concat())
            }
            _ => Ok(map),
        }
    }
}

/// What follows a prefix that is compared without case.
fn after<'a>(text: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// The type and file of what follows `dbm`.
fn dbm_type(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    match rest {
        [b':', file @ ..] => Some((b"default", file)),
        [b'=', rest @ ..] => {
            let colon = rest.iter().position(|byte| *byte == b':')?;
            Some((rest.get(..colon)?, rest.get(colon + 1..)?))
        }
        _ => None,
    }
}

impl Internal {
    fn named(name: &[u8]) -> Result<Internal, ErrorText> {
        Ok(match name {
            b"toupper" => Internal::ToUpper,
            b"tolower" => Internal::ToLower,
            b"escape" => Internal::Escape,
            b"unescape" => Internal::Unescape,
            name => Internal::Registered(
                Function::named(name).map_err(|_| [b"RewriteMap: internal map not found:", name].concat())?,
            ),
        })
    }

    fn call(&self, record: &Record<'_>, key: &[u8]) -> Option<Vec<u8>> {
        match self {
            Internal::ToUpper => Some(key.to_ascii_uppercase()),
            Internal::ToLower => Some(key.to_ascii_lowercase()),
            Internal::Escape => Some(escape_uri(key)),
            Internal::Unescape => Some(unescape_url(key)),
            Internal::Registered(function) => function.call(record.r, key),
        }
    }
}

/// The value of a key in a map of the server; `None` where there is neither. What is empty is a value, unless it comes
/// from a text file or from the cache (mod_rewrite.c:lookup_map).
pub fn lookup_map(server: &ServerConfig, record: &mut Record<'_>, name: &[u8], key: &[u8]) -> Option<Text<'static>> {
    match &**server.maps.get(name)? {
        Map::Text(map) => map.lookup(record, name, key),
        Map::Dbm(map) => map.lookup(record, name, key),
        Map::Dbd(map) => map.lookup(record, name, key),
        Map::Program(map) => logged(record, name, key, map.lookup(record, key)).map(Text::Owned),
        Map::Internal(function) => {
            record.write_back();
            let value = function.call(record, key);
            // These change the key itself.
            let changes_key = !matches!(function, Internal::Escape | Internal::Registered(_));
            let value = match &value {
                Some(changed) if changes_key => logged(record, name, changed, value.clone()),
                _ => logged(record, name, key, value),
            };
            value.map(Text::Owned)
        }
    }
}

fn logged(record: &Record<'_>, name: &[u8], key: &[u8], value: Option<Vec<u8>>) -> Option<Vec<u8>> {
    match &value {
        Some(value) => rewritelog!(record, 5, None, b"map lookup OK: map=", name, b" key=", key, b" -> val=", value),
        None => rewritelog!(record, 5, None, b"map lookup FAILED: map=", name, b" key=", key),
    }
    value
}
