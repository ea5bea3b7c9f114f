//! Groups `server` and `status`.

use crate::{all_shown, number, shown};
use apache_module::status::{self, ConfigLine, Record};
use apache_module::{Request, ffi, server};

pub fn call(r: &Request, function: &[u8], arguments: &[&[u8]]) -> Option<String> {
    let index = |at: usize| arguments.get(at).map_or(0, |word| number(word) as u32);
    let name = arguments.first().copied().unwrap_or_default();
    Some(match function {
        b"mpm_query" => format!("{:?}", server::mpm_query(index(0))),
        b"state_query" => format!("{:?}", server::state_query(index(0))),
        b"exists_config_define" => server::exists_config_define(name).to_string(),
        b"runtime_dir_relative" => server::runtime_dir_relative(name).map_or("NONE".into(), |path| shown(&path)),
        b"loaded_modules" => all_shown(&status::loaded_modules()),
        b"module_info" => match status::module_info(name) {
            Some(commands) => {
                commands.iter().map(|(name, help)| format!("{}: {}\n", shown(name), shown(help))).collect()
            }
            None => "NONE".to_string(),
        },
        b"server_info" => record(Some(status::server_info())),
        b"scoreboard_global" => record(status::scoreboard_global()),
        b"scoreboard_process" => record(status::scoreboard_process(index(0))),
        b"scoreboard_worker" => record(status::scoreboard_worker(index(0), index(1))),
        b"config" => status::config().map_or_else(crate::failed, |lines| tree(&lines, 0)),
        b"activeconfig" => status::active_config(r).map_or("NONE".to_string(), |lines| tree(&lines, 0)),
        b"activeconfig_of" => ffi::ap_conftree_vhost(index(0), &mut []).to_string(),
        _ => return None,
    })
}

fn record(record: Option<Record>) -> String {
    let Some(record) = record else { return "NONE".to_string() };
    record.0.iter().map(|(name, value)| format!("{}={}\n", shown(name), shown(value))).collect()
}

fn tree(lines: &[ConfigLine], depth: usize) -> String {
    let line = |line: &ConfigLine| {
        let (name, args, file) = (shown(&line.directive), shown(&line.args), shown(&line.file));
        format!("{}{name} {args} ({file}:{})\n{}", "  ".repeat(depth), line.line, tree(&line.children, depth + 1))
    };
    lines.iter().map(line).collect()
}
