//! Group `status`: what the server is made of. Answers are texts, each ending with a NUL.

use super::{Code, Host, Reply, StatusFunctions};
use crate::httpd::conftree::{self, Walk};
use crate::httpd::scoreboard::{self, Entry, Value};
use crate::httpd::server;
use crate::process;

impl Host {
    /// Answers with texts, each ending with a NUL.
    pub(super) fn texts<T: AsRef<[u8]>>(&mut self, texts: impl IntoIterator<Item = T>) -> Reply<&[u8]> {
        self.answer.clear();
        for text in texts {
            self.answer.extend_from_slice(text.as_ref());
            self.answer.push(0);
        }
        Ok(&self.answer)
    }

    fn scores(&mut self, entries: Option<Vec<Entry>>) -> Reply<&[u8]> {
        let entries = entries.ok_or(Code::NONE)?;
        self.texts(entries.into_iter().flat_map(|(name, value)| {
            let value = match value {
                Value::Number(number) => number.to_string().into_bytes(),
                Value::Text(text) => text,
            };
            [name.as_bytes().to_vec(), value]
        }))
    }

    fn directives(&mut self, walk: Walk) -> Reply<&[u8]> {
        self.texts(walk.flat_map(|directive| {
            let [depth, line] = [directive.depth.to_string(), directive.line.to_string()].map(String::into_bytes);
            [depth, directive.name.to_vec(), directive.args.to_vec(), directive.file.to_vec(), line]
        }))
    }
}

/// A number that httpd has as an int.
fn index(number: u32) -> Reply<i32> {
    i32::try_from(number).map_err(|_| Code::NONE)
}

impl StatusFunctions for Host {
    fn ap_loaded_modules(&mut self) -> Reply<&[u8]> {
        self.texts(server::loaded_modules())
    }

    fn ap_module_commands(&mut self, name: &[u8]) -> Reply<&[u8]> {
        let commands = server::commands(name).ok_or(Code::NONE)?;
        self.texts(commands.into_iter().flat_map(|(name, help)| [name, help]))
    }

    fn ap_server_info(&mut self) -> Reply<&[u8]> {
        let known = server::info().into_iter().filter_map(|(name, value)| Some([name.as_bytes(), value?]));
        self.texts(known.flatten())
    }

    fn ap_get_scoreboard_global(&mut self) -> Reply<&[u8]> {
        self.scores(scoreboard::global())
    }

    fn ap_get_scoreboard_process(&mut self, child: u32) -> Reply<&[u8]> {
        self.scores(scoreboard::process(index(child)?))
    }

    fn ap_copy_scoreboard_worker(&mut self, child: u32, thread: u32) -> Reply<&[u8]> {
        self.scores(scoreboard::worker(index(child)?, index(thread)?))
    }

    fn ap_conftree(&mut self) -> Reply<&[u8]> {
        // Before, it is still being made.
        if !process::serving() {
            return Err(Code::NOT_NOW);
        }
        self.directives(conftree::all())
    }

    fn ap_conftree_vhost(&mut self, r: u32) -> Reply<&[u8]> {
        if !process::serving() {
            return Err(Code::NOT_NOW);
        }
        let walk = self.request(r)?.virtual_host().ok_or(Code::NONE)?;
        self.directives(walk)
    }
}
