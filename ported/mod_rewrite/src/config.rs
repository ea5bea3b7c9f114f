//! What one section says, how sections are merged, and which hooks that makes necessary; not what a rule does.

use crate::condition::Condition;
use crate::list::Rules;
use crate::map::Map;
use crate::options::{IGNORE_INHERIT, INHERIT, INHERIT_BEFORE, INHERIT_DOWN, INHERIT_DOWN_BEFORE, MERGE_BASE, Options};
use apache_module::{Merge, hook};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A directory section (mod_rewrite.c:rewrite_perdir_conf).
#[derive(Default)]
pub struct DirConfig {
    /// RewriteEngine; `None` where nothing is said.
    pub engine: Option<bool>,
    /// RewriteOptions; `None` where nothing is said.
    pub options: Option<Options>,
    /// RewriteConds that wait for their rule.
    pub conditions: Vec<Condition>,
    pub rules: Rules,
    /// The section's path with a slash at its end; `None` outside of a section.
    pub directory: Option<Vec<u8>>,
    /// RewriteBase.
    pub base_url: Option<Vec<u8>>,
    /// Whether a merge with MergeBase takes `base_url` for one of this place.
    pub base_url_set: bool,
}

/// A server (mod_rewrite.c:rewrite_server_conf).
#[derive(Default)]
pub struct ServerConfig {
    pub engine: Option<bool>,
    pub options: Option<Options>,
    pub maps: BTreeMap<Vec<u8>, Rc<Map>>,
    pub conditions: Vec<Condition>,
    pub rules: Rules,
    /// The server, as its directives and its requests name it.
    pub server_id: Option<i64>,
    /// Whether it is a virtual host with something of its own.
    pub is_merged: bool,
}

/// Whose rules hold where two sections have some.
enum Order {
    InnerFirst,
    OuterFirst,
    InnerOnly,
}

fn order(merged: Options, outer: Options) -> Order {
    let handed_down = !merged.has(IGNORE_INHERIT);
    if merged.has(INHERIT) || outer.has(INHERIT_DOWN) && handed_down {
        Order::InnerFirst
    } else if merged.has(INHERIT_BEFORE) || outer.has(INHERIT_DOWN_BEFORE) && handed_down {
        Order::OuterFirst
    } else {
        Order::InnerOnly
    }
}

fn merged_rules(order: &Order, outer: &Rules, inner: &Rules) -> Rules {
    match order {
        Order::InnerFirst => inner.followed_by(outer),
        Order::OuterFirst => outer.followed_by(inner),
        Order::InnerOnly => inner.clone(),
    }
}

impl Merge for DirConfig {
    /// mod_rewrite.c:config_perdir_merge.
    fn merge(&self, add: &DirConfig) -> DirConfig {
        let options = add.options.or(self.options);
        let merged = options.unwrap_or_default();
        let order = order(merged, self.options.unwrap_or_default());
        // A merge without MergeBase keeps the base, but forgets that it was set.
        let merges = merged.has(MERGE_BASE);
        let base_url = if merges && !add.base_url_set { &self.base_url } else { &add.base_url };
        DirConfig {
            engine: add.engine.or(self.engine),
            options,
            conditions: Vec::new(),
            rules: merged_rules(&order, &self.rules, &add.rules),
            directory: add.directory.clone(),
            base_url: base_url.clone(),
            base_url_set: merges && (add.base_url_set || self.base_url_set),
        }
    }

    fn hooks(&self) -> u64 {
        let when = |needed, hooks| if needed { hooks } else { 0 };
        let runs_in_directory = self.is_on() && self.directory.is_some();
        when(self.is_on(), hook::TRANSLATE_NAME)
            | when(runs_in_directory, hook::FIXUPS | hook::HANDLER)
            | when(self.rules.force_type_or_handler(), whatever_the_other(hook::FIXUPS_2))
    }
}

/// Bits of hooks that run even if the server's configuration, or the directory's, has no need of them.
fn whatever_the_other(hooks: u64) -> u64 {
    hooks << 32
}

impl DirConfig {
    /// RewriteEngine.
    pub fn is_on(&self) -> bool {
        self.engine == Some(true)
    }

    /// RewriteOptions.
    pub fn has(&self, option: Options) -> bool {
        self.options.is_some_and(|options| options.has(option))
    }
}

impl Merge for ServerConfig {
    /// mod_rewrite.c:config_server_merge.
    fn merge(&self, add: &ServerConfig) -> ServerConfig {
        let options = add.options.or(self.options);
        let order = order(options.unwrap_or_default(), self.options.unwrap_or_default());
        // In an overlay the first of the two wins.
        let overlay = |over: &BTreeMap<Vec<u8>, Rc<Map>>, base: &BTreeMap<Vec<u8>, Rc<Map>>| {
            let mut maps = base.clone();
            maps.extend(over.iter().map(|(name, map)| (name.clone(), map.clone())));
            maps
        };
        ServerConfig {
            engine: add.engine.or(self.engine),
            options,
            maps: match order {
                Order::InnerFirst => overlay(&add.maps, &self.maps),
                Order::OuterFirst => overlay(&self.maps, &add.maps),
                Order::InnerOnly => add.maps.clone(),
            },
            conditions: Vec::new(),
            rules: merged_rules(&order, &self.rules, &add.rules),
            server_id: add.server_id,
            is_merged: true,
        }
    }

    fn hooks(&self) -> u64 {
        let forced = if self.rules.force_type_or_handler() { whatever_the_other(hook::FIXUPS_2) } else { 0 };
        let programs =
            if self.maps.values().any(|map| matches!(**map, Map::Program(_))) { hook::POST_CONFIG } else { 0 };
        hook::TRANSLATE_NAME | hook::FIXUPS | hook::HANDLER | forced | programs
    }
}

impl ServerConfig {
    /// RewriteEngine.
    pub fn is_on(&self) -> bool {
        self.engine == Some(true)
    }

    /// RewriteOptions.
    pub fn has(&self, option: Options) -> bool {
        self.options.is_some_and(|options| options.has(option))
    }

    /// Whether it is that of the server with this number itself: a virtual host without any directive of the module has
    /// the main server's, and its rules don't count there.
    pub fn is_of(&self, server_id: i64) -> bool {
        self.is_merged || self.server_id.is_none_or(|own| own == server_id)
    }
}
