//! http_config.h: mod_wasm's own directives, and its place in httpd's configuration vectors.

use super::bindings::*;
use super::command::{Directives, function};
use super::entry::wasm_module;
use super::guard::guard;
use super::pool::Pool;
use super::request::Request;
use crate::extension::Context;
use crate::own::{self, Command, Dir, Directive, Merged};
use std::ffi::{c_char, c_int, c_void};
use std::ptr::null_mut;

pub(crate) use super::bindings::{
    ACCESS_CONF, NOT_IN_DIRECTORY, NOT_IN_FILES, NOT_IN_HTACCESS, OR_ALL, OR_OPTIONS, RSRC_CONF, cmd_how_FLAG as FLAG,
    cmd_how_ITERATE as ITERATE, cmd_how_TAKE1 as TAKE1, cmd_how_TAKE2 as TAKE2, cmd_how_TAKE3 as TAKE3,
    cmd_how_TAKE23 as TAKE23, cmd_how_TAKE123 as TAKE123,
};

/// A row of httpd's table for a directive of a safe table.
const fn row(command: &'static Command) -> command_rec {
    command_rec {
        name: command.name.as_ptr(),
        func: function::<Own>(command.args_how),
        cmd_data: std::ptr::from_ref(command).cast_mut().cast(),
        req_override: command.allowed as c_int,
        args_how: command.args_how,
        errmsg: command.help.as_ptr(),
    }
}

/// Puts rows, then those of safe tables, and then the row that ends a table, into one of `N` rows.
pub(super) const fn table<const N: usize>(first: &[command_rec], lists: &[&'static [Command]]) -> [command_rec; N] {
    let end = command_rec {
        name: std::ptr::null(),
        func: cmd_func { no_args: None },
        cmd_data: null_mut(),
        req_override: 0,
        args_how: 0,
        errmsg: std::ptr::null(),
    };
    let mut all = [end; N];
    let mut at = 0;
    while at < first.len() {
        all[at] = first[at];
        at += 1;
    }
    let mut list = 0;
    while list < lists.len() {
        let mut i = 0;
        while i < lists[list].len() {
            all[at] = row(&lists[list][i]);
            at += 1;
            i += 1;
        }
        list += 1;
    }
    assert!(at + 1 == N, "the table has a row for each directive, and one that ends it");
    all
}

/// The directives of mod_wasm's own configuration.
struct Own;

impl Directives for Own {
    // bindgen names the constants after the C enumeration.
    #[allow(non_upper_case_globals)]
    unsafe fn run(cmd: &cmd_parms, config: *mut c_void, context: &Context, args: &[u8]) -> Result<(), Vec<u8>> {
        // SAFETY: the caller's promise; `row` put the command there, `create` made the section, and only the thread that
        // parses it knows it yet.
        unsafe {
            let command = &*(*cmd.cmd).cmd_data.cast::<Command>();
            if let Some(text) =
                super::bytes::bytes(ap_check_cmd_context(std::ptr::from_ref(cmd).cast_mut(), command.never))
            {
                return Err(text.to_vec());
            }
            let words = match command.args_how {
                cmd_how_RAW_ARGS | cmd_how_FLAG => vec![args],
                _ => args.strip_suffix(b"\0").map_or_else(Vec::new, |args| args.split(|byte| *byte == 0).collect()),
            };
            // Before it is borrowed to be changed: it may be one of them.
            let outer = outer(cmd).map(|outer| outer.filter(|outer| !std::ptr::eq(*outer, config.cast())));
            let Some(dir) = config.cast::<Dir>().as_mut() else { return Ok(()) };
            (command.run)(dir, &Directive { context, words, outer, pool: Pool::from_raw(cmd.pool) })
        }
    }
}

/// What has been said outside of directories so far: of the server that is configured, and of the main server.
///
/// # Safety
/// `cmd` is what httpd gives to a directive's function.
pub(super) unsafe fn outer<'c>(cmd: *const cmd_parms) -> [Option<&'c Dir>; 2] {
    // SAFETY: the caller's promise. A server has such a vector; ours has a place in it once mod_wasm is loaded.
    unsafe { [(*cmd).server, ap_server_conf].map(|server| in_vector(server.as_ref()?.lookup_defaults)) }
}

/// Our section in a vector.
///
/// # Safety
/// `vector` is NULL or a per-directory vector of httpd.
#[inline]
unsafe fn in_vector<'v>(vector: *mut ap_conf_vector_t) -> Option<&'v Dir> {
    // SAFETY: the caller's promise: a vector is an array with a place for each module, and ours holds what `create` or
    // `merge` made.
    unsafe {
        if vector.is_null() {
            return None;
        }
        (*vector.cast::<*mut Dir>().add(module_index() as usize)).as_ref()
    }
}

/// httpd's index of mod_wasm, for configuration vectors and log levels.
#[inline]
pub(crate) fn module_index() -> i32 {
    // SAFETY: httpd writes it when it loads the module, before anything of it runs.
    unsafe { (&raw const wasm_module.module_index).read() }
}

/// wasm_module.create_dir_config.
pub(super) unsafe extern "C" fn create(pool: *mut apr_pool_t, _path: *mut c_char) -> *mut c_void {
    // SAFETY: httpd gives the pool that the section lives in.
    guard(null_mut(), || unsafe { Pool::from_raw(pool).keep(Dir::new()).cast() })
}

/// wasm_module.merge_dir_config.
pub(super) unsafe extern "C" fn merge(pool: *mut apr_pool_t, base: *mut c_void, add: *mut c_void) -> *mut c_void {
    guard(base, || {
        // SAFETY: httpd gives sections that `create` or this function made, which live as long as the pool, and which
        // nobody changes any more.
        let (pool, sections) =
            unsafe { (Pool::from_raw(pool), base.cast::<Dir>().as_ref().zip(add.cast::<Dir>().as_ref())) };
        match sections.map(|(base, add)| own::merge(base, add)) {
            None | Some(Merged::Base) => base,
            Some(Merged::Add) => add,
            Some(Merged::Kept(dir)) => std::ptr::from_ref(dir).cast_mut().cast(),
            Some(Merged::New(dir)) => pool.keep(dir).cast(),
        }
    })
}

impl<'r> Request<'r> {
    /// What mod_wasm's own directives say here.
    #[inline]
    pub(crate) fn own(&self) -> Option<&'r Dir> {
        // SAFETY: a request's vector lives as long as the request.
        unsafe { in_vector(self.rec().per_dir_config) }
    }
}
