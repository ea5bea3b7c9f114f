//! http_config.h: directives. httpd splits the arguments; here they become bytes, for a guest or for mod_wasm itself.

use super::bindings::*;
use super::bytes::bytes;
use super::configuring;
use super::core::opaque;
use super::guard::guard;
use super::pool::Pool;
use super::section::Section;
use super::slots;
use crate::extension::{Context, DirectiveSpec, parse};
use std::ffi::{c_char, c_int, c_void};
use std::ptr::null;

/// What a directive's `cmd_data` points at.
struct Which {
    slot: usize,
    number: u32,
}

/// The command table of an extension, in the configuration's pool (command_rec).
pub(super) fn table(pool: Pool<'_>, slot: usize, directives: &[DirectiveSpec]) -> *const command_rec {
    let mut table: Vec<command_rec> = Vec::with_capacity(directives.len() + 1);
    for (number, directive) in directives.iter().enumerate() {
        table.push(command_rec {
            name: pool.strdup_cut(&directive.name),
            func: function::<Guests>(directive.args_how),
            cmd_data: pool.keep(Which { slot, number: number as u32 }).cast(),
            req_override: (directive.allowed & (OR_ALL | ACCESS_CONF | RSRC_CONF)) as c_int,
            args_how: directive.args_how,
            errmsg: pool.strdup_cut(&directive.help),
        });
    }
    // SAFETY: all-zero is the row that ends a table.
    table.push(unsafe { std::mem::zeroed() });
    let table: *mut Vec<command_rec> = pool.keep(table);
    // SAFETY: `keep` gave a valid address; the vector isn't touched again until the pool is cleared.
    unsafe { (*table).as_ptr() }
}

/// Whether a guest may declare a directive of this kind.
pub(crate) fn is_args_how(args_how: u32) -> bool {
    args_how <= cmd_how_TAKE_ARGV
}

/// Whose directives the functions below are for.
pub(super) trait Directives {
    /// Takes a directive with its arguments: each word with a NUL after it, or as they stand for RAW_ARGS, or `0` or `1`.
    /// The error is httpd's text.
    ///
    /// # Safety
    /// `cmd` and `config` are what httpd gives to a directive's function, of a row with this function.
    unsafe fn run(cmd: &cmd_parms, config: *mut c_void, context: &Context, args: &[u8]) -> Result<(), Vec<u8>>;
}

// bindgen names the constants after the C enumeration.
#[allow(non_upper_case_globals)]
pub(super) const fn function<D: Directives>(args_how: u32) -> cmd_func {
    match args_how {
        cmd_how_NO_ARGS => cmd_func { no_args: Some(no_args::<D>) },
        cmd_how_FLAG => cmd_func { flag: Some(flag::<D>) },
        cmd_how_TAKE1 | cmd_how_ITERATE => cmd_func { take1: Some(take1::<D>) },
        cmd_how_TAKE2 | cmd_how_TAKE12 | cmd_how_ITERATE2 => cmd_func { take2: Some(take2::<D>) },
        cmd_how_TAKE3 | cmd_how_TAKE23 | cmd_how_TAKE123 | cmd_how_TAKE13 => cmd_func { take3: Some(take3::<D>) },
        cmd_how_TAKE_ARGV => cmd_func { take_argv: Some(take_argv::<D>) },
        _ => cmd_func { raw_args: Some(raw_args::<D>) },
    }
}

const PANICKED: *const c_char = c"mod_wasm: internal error while parsing a directive (see the error log)".as_ptr();

unsafe extern "C" fn no_args<D: Directives>(cmd: *mut cmd_parms, config: *mut c_void) -> *const c_char {
    // SAFETY: httpd's arguments, as `run` needs them; the same in the functions below.
    guard(PANICKED, || unsafe { run::<D>(cmd, config, Vec::new()) })
}

unsafe extern "C" fn flag<D: Directives>(cmd: *mut cmd_parms, config: *mut c_void, on: c_int) -> *const c_char {
    // SAFETY: as in `no_args`.
    guard(PANICKED, || unsafe { run::<D>(cmd, config, vec![if on == 0 { b'0' } else { b'1' }]) })
}

unsafe extern "C" fn raw_args<D: Directives>(
    cmd: *mut cmd_parms,
    config: *mut c_void,
    args: *const c_char,
) -> *const c_char {
    // SAFETY: as in `no_args`.
    guard(PANICKED, || unsafe { run::<D>(cmd, config, bytes(args).unwrap_or_default().to_vec()) })
}

unsafe extern "C" fn take1<D: Directives>(cmd: *mut cmd_parms, config: *mut c_void, a: *const c_char) -> *const c_char {
    // SAFETY: as in `no_args`.
    guard(PANICKED, || unsafe { run::<D>(cmd, config, words(&[a])) })
}

unsafe extern "C" fn take2<D: Directives>(
    cmd: *mut cmd_parms,
    config: *mut c_void,
    a: *const c_char,
    b: *const c_char,
) -> *const c_char {
    // SAFETY: as in `no_args`.
    guard(PANICKED, || unsafe { run::<D>(cmd, config, words(&[a, b])) })
}

unsafe extern "C" fn take3<D: Directives>(
    cmd: *mut cmd_parms,
    config: *mut c_void,
    a: *const c_char,
    b: *const c_char,
    c: *const c_char,
) -> *const c_char {
    // SAFETY: as in `no_args`.
    guard(PANICKED, || unsafe { run::<D>(cmd, config, words(&[a, b, c])) })
}

unsafe extern "C" fn take_argv<D: Directives>(
    cmd: *mut cmd_parms,
    config: *mut c_void,
    count: c_int,
    list: *const *mut c_char,
) -> *const c_char {
    guard(PANICKED, || {
        // SAFETY: httpd gives as many strings as it says.
        let list: Vec<*const c_char> =
            (0..count.max(0) as usize).map(|i| unsafe { (*list.add(i)).cast_const() }).collect();
        // SAFETY: as in `no_args`.
        unsafe { run::<D>(cmd, config, words(&list)) }
    })
}

/// Each word with a NUL after it, up to the first that is missing.
///
/// # Safety
/// Each is NULL or a C string.
unsafe fn words(list: &[*const c_char]) -> Vec<u8> {
    let mut all = Vec::new();
    for word in list {
        // SAFETY: the caller's promise.
        let Some(word) = (unsafe { bytes(*word) }) else { break };
        all.extend_from_slice(word);
        all.push(0);
    }
    all
}

/// # Safety
/// As [`Directives::run`].
unsafe fn run<D: Directives>(cmd: *mut cmd_parms, config: *mut c_void, args: Vec<u8>) -> *const c_char {
    // SAFETY: the caller's promise; httpd's pool for what a directive allocates. The strings live while it is parsed.
    unsafe {
        let cmd = &*cmd;
        match D::run(cmd, config, &context(cmd), &args) {
            Ok(()) => null(),
            Err(text) => Pool::from_raw(cmd.pool).strdup_cut(&text),
        }
    }
}

/// The directives of extensions.
struct Guests;

impl Directives for Guests {
    /// Has the guest parse a directive: for the directory section, and outside of one for the server's as well.
    unsafe fn run(cmd: &cmd_parms, config: *mut c_void, context: &Context, args: &[u8]) -> Result<(), Vec<u8>> {
        // SAFETY: the caller's promise; `cmd_data` is ours.
        let which = unsafe { &*(*cmd.cmd).cmd_data.cast::<Which>() };
        let result = slots::with(which.slot, |extension| {
            // SAFETY: httpd gives the extension's section of the vector that it fills now, and the server that it
            // configures now; no other thread knows them yet.
            unsafe {
                let at = Section::from_raw(config);
                let server = extension.index().and_then(|index| Section::in_vector((*cmd.server).module_config, index));
                for section in [at, server.filter(|_| cmd.path.is_null())].into_iter().flatten() {
                    let node = configuring::during(cmd.pool, cmd.server, || {
                        parse::directive(extension, section.node(), which.number, context, args)
                    })?;
                    section.set(node);
                }
            }
            Ok(())
        });
        result.unwrap_or(Ok(()))
    }
}

/// # Safety
/// As [`run`].
unsafe fn context(cmd: &cmd_parms) -> Context {
    // SAFETY: the caller's promise; a directive being parsed has a name, a file and a server.
    unsafe {
        Context {
            name: bytes((*cmd.cmd).name).unwrap_or_default().to_vec(),
            path: bytes(cmd.path).map(<[u8]>::to_vec),
            file: bytes((*cmd.directive).filename).unwrap_or_default().to_vec(),
            line: (*cmd.directive).line_num.max(0) as u32,
            overrides: cmd.override_ as u32,
            // As util_expr_eval.c:ap_expr_parse_cmd_mi tells a .htaccess file.
            in_htaccess: cmd.pool == cmd.temp_pool,
            is_virtual: (*cmd.server).is_virtual != 0,
            server_id: opaque(cmd.server),
        }
    }
}
