//! Scripts: guest files whose exported functions are named by directives.

use crate::own::{Command, Merge};

/// Its directives.
pub(crate) const COMMANDS: &[Command] = &[];

/// What a section says about it.
#[derive(Default)]
pub(crate) struct Config {}

impl Merge for Config {
    fn merge(&self, _add: &Config) -> Config {
        Config {}
    }
}
