//! Scripts: guest files whose exported functions are named by directives, as mod_lua's are. Knows no C.

pub(crate) mod authz;
pub(crate) mod config;
mod directives;
pub(crate) mod filters;
pub(crate) mod hooks;
mod instances;
pub(crate) mod load;

pub(crate) use config::{Config, Phase, When};
pub(crate) use directives::{COMMANDS, require};

use crate::counters::Counters;
use crate::httpd::Request;
use crate::httpd::log::{Mark, rerror};
use crate::own::Dir;
use crate::runtime::Failure;
use crate::settings::OnTrap;
use config::Function;

const ERR: u32 = 3;

/// What becomes of a request under the settings of a section where a script fails.
fn on_trap(dir: &Dir) -> OnTrap {
    dir.settings.get().map_or(OnTrap::Fail, |settings| settings.on_trap())
}

/// Counts the failure of a function, and logs it in one line unless there are too many.
fn log(function: &Function, doing: &str, r: Request<'_>, failure: &Failure) {
    let file = String::from_utf8_lossy(&function.file);
    if !Counters::of(&file).failed(failure) {
        return;
    }
    let mark = Mark { file: file!().as_bytes(), line: line!(), module_index: crate::httpd::own::module_index() };
    let text = format!("mod_wasm: {} of {file} failed in {doing}: {failure}", function.name);
    rerror(mark, ERR, 0, r, text.as_bytes());
}
