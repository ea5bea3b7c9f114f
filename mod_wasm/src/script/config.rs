//! What a section says of scripts: functions by phase, handlers by URL, filters by name; and how sections inherit.

use crate::httpd::regex::Regex;
use crate::own::Merge;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A phase of a request for which directives name functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    QuickHandler,
    PreTranslateName,
    TranslateName,
    MapToStorage,
    AccessChecker,
    CheckUserId,
    AuthChecker,
    TypeChecker,
    Fixups,
    InsertFilter,
    Log,
}

impl Phase {
    /// Every phase.
    #[cfg(test)]
    const ALL: [Phase; PHASES] = [
        Phase::QuickHandler,
        Phase::PreTranslateName,
        Phase::TranslateName,
        Phase::MapToStorage,
        Phase::AccessChecker,
        Phase::CheckUserId,
        Phase::AuthChecker,
        Phase::TypeChecker,
        Phase::Fixups,
        Phase::InsertFilter,
        Phase::Log,
    ];

    /// httpd's name of its hook.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Phase::QuickHandler => "quick_handler",
            Phase::PreTranslateName => "pre_translate_name",
            Phase::TranslateName => "translate_name",
            Phase::MapToStorage => "map_to_storage",
            Phase::AccessChecker => "access_checker",
            Phase::CheckUserId => "check_user_id",
            Phase::AuthChecker => "auth_checker",
            Phase::TypeChecker => "type_checker",
            Phase::Fixups => "fixups",
            Phase::InsertFilter => "insert_filter",
            Phase::Log => "log_transaction",
        }
    }
}

const PHASES: usize = 11;

/// Where a function stands among other modules in its phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Early,
    Middle,
    Late,
}

const WHENS: usize = 3;

/// A function of a script.
pub(crate) struct Function {
    /// Unlike that of any other directive of this process.
    pub(crate) id: u64,
    /// The file's whole path.
    pub(crate) file: Vec<u8>,
    /// The export.
    pub(crate) name: Arc<str>,
}

impl Function {
    /// A function that a directive names.
    pub(crate) fn new(file: Vec<u8>, name: &str) -> Arc<Function> {
        static NEXT_ID: AtomicU64 = AtomicU64::new(1);
        Arc::new(Function { id: NEXT_ID.fetch_add(1, Ordering::Relaxed), file, name: name.into() })
    }
}

/// `WasmMapHandler`: URLs that match are answered by a function.
pub(crate) struct MapHandler {
    /// Matched against r->uri.
    pub(crate) pattern: Regex,
    /// The file and the function, in which `$0` to `$9` stand for what matched.
    pub(crate) template: Arc<Function>,
    /// Whether they hold any such.
    pub(crate) has_groups: bool,
}

/// `WasmOutputFilter` and `WasmInputFilter`.
pub(crate) struct NamedFilter {
    /// As httpd knows it, in lower case.
    pub(crate) name: Vec<u8>,
    /// Whether it is an output filter.
    pub(crate) output: bool,
    /// What it runs.
    pub(crate) function: Arc<Function>,
}

/// `WasmCodeCache`: when a file is loaded again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeCache {
    /// When its size or time is another.
    Stat,
    /// Never.
    Forever,
    /// When its content is another, whatever its time says.
    Never,
}

/// `WasmInherit`: whether functions of an outer section run, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inherit {
    None,
    ParentFirst,
    ParentLast,
}

/// By phase.
type Functions = [Vec<Arc<Function>>; PHASES];

/// What a section says, or several merged.
#[derive(Default)]
pub(crate) struct Config {
    functions: [Functions; WHENS],
    /// In the order in which they are tried.
    pub(crate) map_handlers: Vec<Arc<MapHandler>>,
    /// The first of a name counts.
    pub(crate) filters: Vec<Arc<NamedFilter>>,
    /// See [`CodeCache`].
    pub(crate) code_cache: Option<CodeCache>,
    /// See [`Inherit`].
    pub(crate) inherit: Option<Inherit>,
    /// Where relative paths of the directives that follow begin.
    pub(crate) root: Option<Vec<u8>>,
}

impl Config {
    /// The functions of a phase, in order.
    #[inline]
    pub(crate) fn functions(&self, phase: Phase, when: When) -> &[Arc<Function>] {
        &self.functions[when as usize][phase as usize]
    }

    /// Adds a function to a phase.
    pub(crate) fn add(&mut self, phase: Phase, when: When, function: Arc<Function>) {
        self.functions[when as usize][phase as usize].push(function);
    }

    /// The filter of a name.
    pub(crate) fn filter(&self, name: &[u8], output: bool) -> Option<&Arc<NamedFilter>> {
        self.filters.iter().find(|filter| filter.output == output && filter.name == name)
    }
}

impl Merge for Config {
    fn merge(&self, add: &Config) -> Config {
        let inherit = add.inherit.or(self.inherit);
        let nothing = Config::default();
        let (first, then) = match inherit {
            None | Some(Inherit::ParentFirst) => (self, add),
            Some(Inherit::ParentLast) => (add, self),
            Some(Inherit::None) => (&nothing, add),
        };
        Config {
            functions: std::array::from_fn(|w| {
                std::array::from_fn(|p| [&first.functions[w][p][..], &then.functions[w][p]].concat())
            }),
            map_handlers: [&first.map_handlers[..], &then.map_handlers].concat(),
            filters: [&first.filters[..], &then.filters].concat(),
            code_cache: add.code_cache.or(self.code_cache),
            inherit,
            root: add.root.clone().or_else(|| self.root.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(inherit: Option<Inherit>, name: &str) -> Config {
        let mut config = Config { inherit, ..Config::default() };
        config.add(Phase::Fixups, When::Middle, Function::new(b"/a.wasm".to_vec(), name));
        config
    }

    fn names(config: &Config) -> Vec<&str> {
        config.functions(Phase::Fixups, When::Middle).iter().map(|function| &*function.name).collect()
    }

    #[test]
    fn inner_sections_inherit_as_they_are_told_and_pass_that_on() {
        let outer = with(None, "outer");
        assert_eq!(names(&outer.merge(&with(None, "inner"))), ["outer", "inner"]);
        assert_eq!(names(&outer.merge(&with(Some(Inherit::ParentFirst), "inner"))), ["outer", "inner"]);
        assert_eq!(names(&outer.merge(&with(Some(Inherit::ParentLast), "inner"))), ["inner", "outer"]);
        assert_eq!(names(&outer.merge(&with(Some(Inherit::None), "inner"))), ["inner"]);
        let last = with(Some(Inherit::ParentLast), "outer").merge(&with(None, "inner"));
        assert_eq!(names(&last.merge(&with(None, "innermost"))), ["innermost", "inner", "outer"]);
    }

    #[test]
    fn each_phase_and_time_has_a_list_of_its_own() {
        for (number, phase) in Phase::ALL.into_iter().enumerate() {
            assert_eq!(phase as usize, number);
            for when in [When::Early, When::Middle, When::Late] {
                let mut config = Config::default();
                config.add(phase, when, Function::new(Vec::new(), "f"));
                assert_eq!(config.functions(phase, when).len(), 1);
                assert_eq!(config.functions.iter().flatten().map(Vec::len).sum::<usize>(), 1);
            }
        }
    }
}
