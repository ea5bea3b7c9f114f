//! The six directives: what each changes in a section; rules, conditions and maps are read by their own files.

use crate::ErrorText;
use crate::condition::Condition;
use crate::config::{DirConfig, ServerConfig};
use crate::map::Map;
use crate::options::Options;
use crate::rule::Rule;
use apache_module::{APLOG_WARNING, Directive};
use std::rc::Rc;

type Outcome = Result<(), ErrorText>;

/// Every directive notes where it stands: the module's section exists from the first one on.
fn enter_dir<'d>(directive: &Directive, config: &'d mut DirConfig) -> (Option<Vec<u8>>, &'d mut DirConfig) {
    let path = directive.path();
    if config.directory.is_none() {
        config.directory = path.clone().map(with_slash);
    }
    (path, config)
}

fn with_slash(mut path: Vec<u8>) -> Vec<u8> {
    if path.last() != Some(&b'/') {
        path.push(b'/');
    }
    path
}

fn enter_server<'s>(directive: &Directive, config: &'s mut ServerConfig) -> &'s mut ServerConfig {
    config.server_id = Some(directive.server_id());
    config
}

/// `RewriteEngine`; outside of a directory section it goes for the server and for its root directory.
pub fn engine(directive: &Directive, config: &mut DirConfig) -> Outcome {
    enter_dir(directive, config).1.engine = Some(directive.is_on());
    Ok(())
}

/// As [`engine`], for the server.
pub fn server_engine(directive: &Directive, config: &mut ServerConfig) -> Outcome {
    enter_server(directive, config).engine = Some(directive.is_on());
    Ok(())
}

/// `RewriteOptions`, word by word.
pub fn options(directive: &Directive, config: &mut DirConfig) -> Outcome {
    let (path, config) = enter_dir(directive, config);
    let added = parse_options(directive, path.is_some())?;
    config.options = Some(config.options.unwrap_or_default().and(added));
    Ok(())
}

/// As [`options`], for the server.
pub fn server_options(directive: &Directive, config: &mut ServerConfig) -> Outcome {
    let config = enter_server(directive, config);
    let added = parse_options(directive, true)?;
    config.options = Some(config.options.unwrap_or_default().and(added));
    Ok(())
}

/// The options of a line; of a directive that goes for two sections only one warns.
fn parse_options(directive: &Directive, warn: bool) -> Result<Options, ErrorText> {
    let mut all = Options::default();
    for word in directive.words() {
        let mut rest = &word[..];
        // A word may be a quoted text that holds several.
        while !rest.is_empty() {
            match Options::parse(&apache_module::directive::getword_conf(&mut rest))? {
                Some(option) => all = all.and(option),
                None if warn => directive.log(
                    file!(),
                    line!(),
                    APLOG_WARNING,
                    b"AH00664: RewriteOptions: MaxRedirects option has been removed in favor of the global \
                      LimitInternalRecursion directive and will be ignored.",
                ),
                None => {}
            }
        }
    }
    Ok(all)
}

/// `RewriteBase`.
pub fn base(directive: &Directive, config: &mut DirConfig) -> Outcome {
    let (path, config) = enter_dir(directive, config);
    if path.is_none() {
        return Err(b"RewriteBase: only valid in per-directory config files".to_vec());
    }
    let url = directive.words().into_iter().next().unwrap_or_default();
    match url.first() {
        None => Err(b"RewriteBase: empty URL not allowed".to_vec()),
        Some(b'/') => {
            config.base_url = Some(url);
            config.base_url_set = true;
            Ok(())
        }
        Some(_) => Err(b"RewriteBase: argument is not a valid URL".to_vec()),
    }
}

/// `RewriteCond` in a directory section.
pub fn cond(directive: &Directive, config: &mut DirConfig) -> Outcome {
    let (path, config) = enter_dir(directive, config);
    if path.is_some() {
        config.conditions.push(Condition::parse(directive)?);
    }
    Ok(())
}

/// `RewriteCond` outside of one.
pub fn server_cond(directive: &Directive, config: &mut ServerConfig) -> Outcome {
    enter_server(directive, config).conditions.push(Condition::parse(directive)?);
    Ok(())
}

/// `RewriteRule` in a directory section; the conditions before it are its own.
pub fn rule(directive: &Directive, config: &mut DirConfig) -> Outcome {
    let (path, config) = enter_dir(directive, config);
    if path.is_some() {
        config.rules.push(Rule::parse(&directive.raw_args(), std::mem::take(&mut config.conditions))?);
    }
    Ok(())
}

/// `RewriteRule` outside of one.
pub fn server_rule(directive: &Directive, config: &mut ServerConfig) -> Outcome {
    let config = enter_server(directive, config);
    config.rules.push(Rule::parse(&directive.raw_args(), std::mem::take(&mut config.conditions))?);
    Ok(())
}

/// `RewriteMap`.
pub fn map(directive: &Directive, config: &mut ServerConfig) -> Outcome {
    let config = enter_server(directive, config);
    let mut words = directive.words().into_iter();
    let (name, source) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let map = Map::parse(directive, &name, &source, words.next().as_deref())?;
    config.maps.insert(name, Rc::new(map));
    Ok(())
}
