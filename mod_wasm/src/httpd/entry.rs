//! mod_wasm's own module record: its directives, and the hooks by which it follows the server's life.

use super::bindings::*;
use super::bytes::bytes;
use super::guard::guard;
use super::modules::Loaded;
use super::pool::Pool;
use super::request::Request;
use super::{authz, database, modules, order, own, script as scripts, server, slots, status};
use crate::extension::load;
use crate::settings::Settings;
use crate::wasi::Given;
use crate::{content, process, script, settings};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::Path;
use std::ptr::{null, null_mut};

/// The symbol that `LoadModule wasm_module mod_wasm.so` looks for.
#[unsafe(no_mangle)]
pub static mut wasm_module: module = module {
    version: MODULE_MAGIC_NUMBER_MAJOR as c_int,
    minor_version: MODULE_MAGIC_NUMBER_MINOR as c_int,
    module_index: -1,
    name: c"mod_wasm.c".as_ptr(),
    dynamic_load_handle: null_mut(),
    next: null_mut(),
    magic: MODULE_MAGIC_COOKIE as _,
    rewrite_args: None,
    create_dir_config: Some(own::create),
    merge_dir_config: Some(own::merge),
    create_server_config: None,
    merge_server_config: None,
    cmds: (&raw const COMMANDS).cast(),
    register_hooks: Some(register_hooks),
    flags: AP_MODULE_FLAG_NONE as c_int,
};

/// The table of directives; its strings are literals.
#[repr(transparent)]
struct Commands([command_rec; ROWS]);

// SAFETY: httpd only reads the table.
unsafe impl Sync for Commands {}

const ROWS: usize = ON_READ.len() + settings::COMMANDS.len() + script::COMMANDS.len() + content::COMMANDS.len() + 1;

static COMMANDS: Commands = Commands(own::table(&ON_READ, &[settings::COMMANDS, script::COMMANDS, content::COMMANDS]));

const ON_READ: [command_rec; 4] = [
    on_read(c"WasmApacheModule", wasm_apache_module, c"an identifier as for LoadModule, and a WebAssembly file"),
    on_read(
        c"<WasmApacheModule",
        wasm_apache_module_section,
        c"an identifier, a WebAssembly file, and settings of the module inside",
    ),
    on_read(
        c"WasmAuthzProvider",
        wasm_authz_provider,
        c"the name of an authorization provider, a WebAssembly file, and a function of it",
    ),
    on_read(c"WasmCacheDir", wasm_cache_dir, c"the folder in which compiled code is kept, or none"),
];

type Raw = unsafe extern "C" fn(*mut cmd_parms, *mut c_void, *const c_char) -> *const c_char;

/// A directive of the main configuration that runs while it is read, as LoadModule does.
const fn on_read(name: &'static CStr, function: Raw, help: &'static CStr) -> command_rec {
    command_rec {
        name: name.as_ptr(),
        func: cmd_func { raw_args: Some(function) },
        cmd_data: null_mut(),
        req_override: (RSRC_CONF | EXEC_ON_READ) as c_int,
        args_how: cmd_how_RAW_ARGS,
        errmsg: help.as_ptr(),
    }
}

const PANICKED: *const c_char = c"mod_wasm: internal error (see the error log)".as_ptr();

unsafe extern "C" fn wasm_apache_module(cmd: *mut cmd_parms, tree: *mut c_void, args: *const c_char) -> *const c_char {
    // SAFETY: httpd's arguments for a directive that runs while the configuration is read.
    guard(PANICKED, || unsafe {
        run(cmd, tree, args, |words| load_module(cmd, words, &Settings::default(), &Given::default()))
    })
}

unsafe extern "C" fn wasm_apache_module_section(
    cmd: *mut cmd_parms,
    tree: *mut c_void,
    args: *const c_char,
) -> *const c_char {
    // SAFETY: as above.
    guard(PANICKED, || unsafe {
        run(cmd, tree, args, |words| {
            let (settings, given) = section(cmd)?;
            let (last, words) = words.split_last().ok_or("<WasmApacheModule takes an identifier and a file")?;
            let last = last.strip_suffix(b">").ok_or("<WasmApacheModule> directive missing closing '>'")?;
            let words: Vec<_> =
                words.iter().map(Vec::as_slice).chain([last].into_iter().filter(|w| !w.is_empty())).collect();
            load_module(cmd, &words, &settings, &given)
        })
    })
}

unsafe extern "C" fn wasm_cache_dir(cmd: *mut cmd_parms, tree: *mut c_void, args: *const c_char) -> *const c_char {
    // SAFETY: as above.
    guard(PANICKED, || unsafe {
        run(cmd, tree, args, |words| {
            let [dir] = words else { return Err("WasmCacheDir takes one argument: a folder, or none".into()) };
            let dir = match dir.as_slice() {
                b"none" => None,
                dir => Some(process::path(
                    Pool::from_raw((*cmd).pool).server_root_relative(dir).ok_or("WasmCacheDir: invalid path")?,
                )),
            };
            process::set_cache_dir(dir).map_err(String::into_bytes)
        })
    })
}

unsafe extern "C" fn wasm_authz_provider(cmd: *mut cmd_parms, tree: *mut c_void, args: *const c_char) -> *const c_char {
    // SAFETY: as above.
    guard(PANICKED, || unsafe {
        run(cmd, tree, args, |words| {
            let [name, file, function] = words else {
                return Err(
                    "WasmAuthzProvider takes three arguments: a name, a WebAssembly file, and a function of it".into(),
                );
            };
            authz::register(cmd, name, file, function)
        })
    })
}

/// Splits the arguments and runs the directive; an error becomes httpd's.
///
/// # Safety
/// As httpd calls a RAW_ARGS directive with EXEC_ON_READ.
unsafe fn run(
    cmd: *mut cmd_parms,
    tree: *mut c_void,
    mut args: *const c_char,
    directive: impl FnOnce(&[Vec<u8>]) -> Result<(), Vec<u8>>,
) -> *const c_char {
    // SAFETY: a directive that runs while the configuration is read is given the place for a tree that it makes
    // (config.c:execute_now), and none is made.
    unsafe {
        *tree.cast::<*mut ap_directive_t>() = null_mut();
        let pool = Pool::from_raw((*cmd).pool);
        if let Some(error) = bytes(ap_check_cmd_context(cmd, GLOBAL_ONLY)) {
            return pool.strdup_cut(error);
        }
        let mut words = Vec::new();
        while *args != 0 {
            words.push(bytes(ap_getword_conf(pool.raw(), &mut args)).unwrap_or_default().to_vec());
        }
        match directive(&words) {
            Ok(()) => null(),
            Err(text) => pool.strdup_cut(&text),
        }
    }
}

/// Reads the lines up to `</WasmApacheModule>`.
///
/// # Safety
/// As [`run`].
unsafe fn section(cmd: *mut cmd_parms) -> Result<(Settings, Given), Vec<u8>> {
    let (mut settings, mut given) = (Settings::default(), Given::default());
    let mut line = vec![0u8; 8192];
    // SAFETY: httpd's open configuration file; the line ends with a NUL within the buffer.
    unsafe {
        let pool = Pool::from_raw((*cmd).temp_pool);
        while ap_cfg_getline(line.as_mut_ptr().cast(), line.len() as apr_size_t, (*cmd).config_file) == 0 {
            let mut rest: *const c_char = line.as_ptr().cast();
            let mut words = Vec::new();
            while *rest != 0 {
                words.push(bytes(ap_getword_conf(pool.raw(), &mut rest)).unwrap_or_default());
            }
            match words.split_first() {
                None => {}
                Some((first, _)) if first.starts_with(b"#") => {}
                Some((first, _)) if first.eq_ignore_ascii_case(b"</WasmApacheModule>") => return Ok((settings, given)),
                Some((name, words)) => {
                    given.set(pool, name, words).unwrap_or_else(|| settings.set(name, words)).map_err(|text| {
                        let line = (*(*cmd).config_file).line_number;
                        [format!("line {line}: ").as_bytes(), &text].concat()
                    })?
                }
            }
        }
    }
    Err(b"<WasmApacheModule> directive was not closed".to_vec())
}

/// `WasmApacheModule identifier file`.
///
/// # Safety
/// As [`run`].
unsafe fn load_module<W: AsRef<[u8]>>(
    cmd: *mut cmd_parms,
    words: &[W],
    settings: &Settings,
    given: &Given,
) -> Result<(), Vec<u8>> {
    let [identifier, file] = words else {
        return Err(
            b"WasmApacheModule takes two arguments, an identifier as for LoadModule, and a WebAssembly file".to_vec()
        );
    };
    let (identifier, file) = (identifier.as_ref(), file.as_ref());
    let name = String::from_utf8_lossy(identifier).into_owned();
    // SAFETY: as `run`; the pool is the configuration's.
    unsafe {
        match modules::loaded(cmd, identifier) {
            Some(Loaded::Native) => {
                return Err(format!("module {name} is already loaded by LoadModule: remove that line to use the WebAssembly module in its place").into());
            }
            Some(Loaded::Extension) => {
                return Err(format!("module {name} is already loaded by another WasmApacheModule").into());
            }
            None => {}
        }
        let pool = Pool::from_raw((*cmd).pool);
        let path = pool.server_root_relative(file).ok_or("WasmApacheModule: invalid path")?;
        let default_cache = pool.runtime_dir_relative(b"mod_wasm").map(process::path);
        let loaded = load::extension(&name, Path::new(&process::path(path)), settings, given, default_cache, pool)?;
        let slot = loaded.slot;
        slots::fill(pool, loaded);
        modules::add(cmd, identifier, slot)?;
        let cannot = |why| format!("Cannot load {} as {name}: {why}", process::path(path).display());
        order::contradicted().map_or(Ok(()), |why| Err(cannot(why).into()))
    }
}

unsafe extern "C" fn register_hooks(_pool: *mut apr_pool_t) {
    // httpd calls this for each LoadModule, which is before any other line of ours.
    process::begin_configuration();
    order::begin();
    content::begin_configuration();
    // SAFETY: the callbacks are of the hooks' types.
    unsafe {
        ap_hook_pre_config(Some(pre_config), null(), null(), APR_HOOK_MIDDLE as c_int);
        ap_hook_post_config(Some(post_config), null(), null(), APR_HOOK_MIDDLE as c_int);
        ap_hook_child_init(Some(child_init), null(), null(), APR_HOOK_FIRST as c_int);
        ap_hook_handler(Some(handler), null(), null(), APR_HOOK_REALLY_FIRST as c_int);
        ap_hook_handler(Some(content_handler), null(), null(), APR_HOOK_MIDDLE as c_int);
        scripts::register_hooks();
        status::register();
    }
}

/// All modules are loaded: guests get their places among them, if there are such.
unsafe extern "C" fn pre_config(pool: *mut apr_pool_t, _log: *mut apr_pool_t, _temp: *mut apr_pool_t) -> c_int {
    // SAFETY: httpd's pool.
    let pool = unsafe { Pool::from_raw(pool) };
    guard(HTTP_INTERNAL_SERVER_ERROR as c_int, || match order::contradicted() {
        Some(why) => {
            process::refuse(pool, &why);
            HTTP_INTERNAL_SERVER_ERROR as c_int
        }
        None => {
            order::grant(pool);
            OK as c_int
        }
    })
}

unsafe extern "C" fn post_config(
    pool: *mut apr_pool_t,
    _log: *mut apr_pool_t,
    _temp: *mut apr_pool_t,
    _server: *mut server_rec,
) -> c_int {
    guard(HTTP_INTERNAL_SERVER_ERROR as c_int, || {
        // SAFETY: httpd's pool; the MPM is known since the configuration has been read.
        unsafe {
            let mut threaded = 0;
            ap_mpm_query(AP_MPMQ_IS_THREADED as c_int, &mut threaded);
            let stack = if threaded != 0 { ap_thread_stacksize } else { 0 };
            let pool = Pool::from_raw(pool);
            status::tell_at_end(pool);
            database::init(pool);
            content::end_configuration();
            scripts::unregister_unneeded();
            // Requests may lead to scripts that no directive names, and nothing can be made for the first time in a child.
            let default_cache = pool.runtime_dir_relative(b"mod_wasm").map(process::path);
            process::prepare(default_cache, pool).unwrap_or_else(|| process::check_stack(pool, stack))
        }
    })
}

unsafe extern "C" fn child_init(_pool: *mut apr_pool_t, _server: *mut server_rec) {
    guard((), || {
        let threads = server::mpm_query(AP_MPMQ_MAX_THREADS as i32).and_then(|threads| usize::try_from(threads).ok());
        process::child_init(threads.unwrap_or(1));
    });
}

/// Runs before all handlers: a hook that answers nothing can't fail its request, so a guest that failed in one is answered
/// for here.
unsafe extern "C" fn handler(r: *mut request_rec) -> c_int {
    guard(HTTP_INTERNAL_SERVER_ERROR as c_int, || {
        // SAFETY: httpd gives a request that lives during the callback.
        let failed = unsafe { Request::from_raw(r) }.is_some_and(Request::begin_handling);
        if failed { HTTP_INTERNAL_SERVER_ERROR as c_int } else { DECLINED }
    })
}

unsafe extern "C" fn content_handler(r: *mut request_rec) -> c_int {
    guard(HTTP_INTERNAL_SERVER_ERROR as c_int, || {
        // SAFETY: httpd gives a request that lives during the callback.
        unsafe { Request::from_raw(r) }.map_or(DECLINED, content::handler)
    })
}
