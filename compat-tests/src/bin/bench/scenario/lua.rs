//! Scenarios of scripts: a function of WebAssembly beside one of mod_lua that does the same.

use super::Scenario;

/// All of them.
pub fn scenarios() -> Vec<Scenario> {
    vec![hello(), fixups(), access(), filter()]
}

fn script(
    name: &'static str,
    about: &'static str,
    lua: &'static str,
    lua_hook: &'static str,
    script: &'static str,
) -> Scenario {
    Scenario {
        name,
        about,
        module: "lua",
        modules: &[],
        common: "",
        config: String::new(),
        files: Vec::new(),
        path: "/file.html",
        path_without: "/file.html",
        status: 200,
        lua: Some(lua),
        lua_hook,
        script,
    }
}

fn hello() -> Scenario {
    Scenario {
        path: "/hello",
        ..script(
            "lua/hello",
            "A handler that writes a line; without a module, a file of 1 KB.",
            "function handle(r)\n  r.content_type = 'text/plain'\n  r:puts('Hello, world\\n')\n  return apache2.OK\nend\n",
            "LuaMapHandler ^/hello$ {root}/hook.lua handle",
            "WasmMapHandler ^/hello$ scripted.wasm bench_hello",
        )
    }
}

fn fixups() -> Scenario {
    script(
        "lua/fixups",
        "A fixups hook that reads five fields and sets five headers of a file of 1 KB.",
        "function fix(r)\n  local h = r.headers_out\n  h['X-Method'] = r.method\n  h['X-Uri'] = r.uri\n  h['X-Protocol'] = r.protocol\n  h['X-Hostname'] = r.hostname\n  h['X-Client'] = r.useragent_ip\n  return apache2.OK\nend\n",
        "LuaHookFixups {root}/hook.lua fix",
        "WasmHookFixups scripted.wasm bench_fixups",
    )
}

fn access() -> Scenario {
    script(
        "lua/access",
        "An access checker that looks at one header, for a file of 1 KB.",
        "function check(r)\n  if r.headers_in['X-Robot'] then return 403 end\n  return apache2.DECLINED\nend\n",
        "LuaHookAccessChecker {root}/hook.lua check",
        "WasmHookAccessChecker scripted.wasm bench_access",
    )
}

fn filter() -> Scenario {
    Scenario {
        files: vec![("htdocs/large.html", "x".repeat(1 << 20))],
        path: "/large.html",
        path_without: "/large.html",
        ..script(
            "lua/filter",
            "An output filter that turns a file of 1 MB into capitals; without a module, the same file as it is. mod_lua's thread scope is left out: it aborts.",
            "function upper(r)\n  coroutine.yield('')\n  while bucket do\n    coroutine.yield(bucket:upper())\n  end\n  coroutine.yield('')\nend\n",
            "LuaOutputFilter UPPER {root}/hook.lua upper\nSetOutputFilter UPPER",
            "WasmOutputFilter UPPER scripted.wasm bench_upper\nSetOutputFilter UPPER",
        )
    }
}
