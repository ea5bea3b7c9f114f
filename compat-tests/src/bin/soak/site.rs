//! The server that is loaded: its folder, its configuration and its guests; knows no request.

use anyhow::{Context, Result};
use compat_tests::guest::{assemble, binary};
use compat_tests::server::{Mpm, Site, free_port, modules};
use compat_tests::swap::Swap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

/// What `/file.html` says.
pub const FILE: &[u8] = &[b'x'; 1024];
/// Bytes of `/long.txt`.
pub const LONG: usize = 1 << 20;

/// A script that traps.
const TRAPPING_SCRIPT: &str = r#"(module (memory (export "memory") 1) (func (export "apache_abi_version_1"))
    (func (export "trap") (param i32) (result i32) unreachable))"#;

/// The number of threads is fixed, so that no child has a reason to end.
pub fn threads(mpm: Mpm) -> &'static str {
    match mpm {
        Mpm::Prefork => "8 children",
        Mpm::Event | Mpm::Worker => "2 children with 8 threads each",
    }
}

fn mpm_config(mpm: Mpm) -> &'static str {
    match mpm {
        Mpm::Prefork => "StartServers 8\nServerLimit 8\nMaxRequestWorkers 8\nMinSpareServers 1\nMaxSpareServers 8\n",
        Mpm::Event | Mpm::Worker => {
            "StartServers 2\nServerLimit 2\nThreadsPerChild 8\nMaxRequestWorkers 16\nMinSpareThreads 1\nMaxSpareThreads 16\n"
        }
    }
}

/// Both ports, a module that traps in a hook and one that traps in a filter, scripts in C, one that traps, and a program.
const GUESTS: &str = r#"
WasmApacheModule headers_module "%DIST%/mod_headers.wasm"
WasmApacheModule rewrite_module "%DIST%/mod_rewrite.wasm"
WasmApacheModule trap_module trap.wasm
WasmApacheModule part_module part.wasm

Header always set X-Soak here
Header set X-Number "%{NUMBER}e" env=NUMBER
RequestHeader set X-Name soak "expr=%{HTTP:X-Name} == ''"
RewriteEngine On
RewriteRule "^/old/(\d+)$" /file.html [E=NUMBER:$1]
RewriteRule "^/moved/(.*)$" /file.html?$1 [R=301,L]
RewriteRule "^/gone/" - [G]

WasmRoot "%DIST%"
WasmMapHandler "^/page/" hello_script.wasm
WasmMapHandler "^/trap$" "%ROOT%/trapping_script.wasm" trap
WasmOutputFilter COUNT hello_script.wasm count
<Location /greeted>
    WasmHookFixups hello_script.wasm greet
    SetOutputFilter COUNT
</Location>

<Location /program>
    SetHandler wasm-handler
    WasmModule "%DIST%/program.wasm"
    WasmEnableCGI On
    WasmArg query
    WasmTimeLimit 20s
</Location>
"#;

/// A folder with all of it, ready to be started.
pub fn site(mpm: Mpm) -> Result<(TempDir, Site)> {
    let dir = tempfile::Builder::new()
        .prefix("soak-")
        .disable_cleanup(std::env::var_os("COMPAT_KEEP").is_some())
        .tempdir()?;
    let root = dir.path();
    std::fs::set_permissions(root, PermissionsExt::from_mode(0o755))?;
    for folder in ["htdocs", "htdocs/greeted", "run"] {
        std::fs::create_dir(root.join(folder))?;
    }
    std::fs::write(root.join("htdocs/file.html"), FILE)?;
    std::fs::write(root.join("htdocs/greeted/file.html"), FILE)?;
    std::fs::write(root.join("htdocs/long.txt"), vec![b'y'; LONG])?;
    std::fs::write(
        root.join("trap.wasm"),
        assemble("hook", "unreachable", &[("NAME", "trap"), ("TRIGGER", "trap"), ("HOOK", "fixups")]),
    )?;
    let part = [("NAME", "part"), ("TRIGGER", "part"), ("EVENT", "1"), ("CHUNK", "60")];
    std::fs::write(root.join("part.wasm"), assemble("output_filter", "unreachable", &part))?;
    std::fs::write(root.join("trapping_script.wasm"), binary(TRAPPING_SCRIPT))?;
    let site = Site::at(root, free_port()?);
    std::fs::write(&site.conf, config(mpm, &site)?)?;
    Ok((dir, site))
}

fn config(mpm: Mpm, site: &Site) -> Result<String> {
    let swap = Swap::new(["headers_module", "rewrite_module"]);
    swap.make_cache().context("the cache of compiled code")?;
    let load = |name: &str| format!("LoadModule {name}_module {}/mod_{name}.so\n", modules().display());
    let root = path(&site.root);
    let own = GUESTS.replace("%DIST%", &path(&swap.dist)).replace("%ROOT%", &root);
    let loads = [&format!("mpm_{}", mpm.name()), "authz_core", "mime", "status"].map(load).concat();
    Ok(format!(
        "ServerRoot \"{root}\"\nServerName localhost\nListen 127.0.0.1:{}\nPidFile \"{}\"\nDefaultRuntimeDir \"{root}/run\"\n\
         ErrorLog \"{}\"\nLogLevel info\nTimeout 30\nKeepAliveTimeout 30\nMaxKeepAliveRequests 500\nUser www-data\nGroup www-data\n{loads}{}\
         TypesConfig /dev/null\nAddType text/html .html\nAddType text/plain .txt\nDocumentRoot \"{root}/htdocs\"\n\
         EnableMMAP Off\nEnableSendfile Off\nLogFormat \"%>s %m %U%q\" soak\nCustomLog \"{root}/access.log\" soak\n\
         <Directory />\nAllowOverride None\nRequire all granted\n</Directory>\n\
         <Location /server-status>\nSetHandler server-status\n</Location>\n{}{own}",
        site.port,
        path(&site.pid_file),
        path(&site.error_log),
        mpm_config(mpm),
        swap.preamble(),
    ))
}

fn path(path: &Path) -> String {
    path.display().to_string()
}
