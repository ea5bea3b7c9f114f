//! Scenarios of mod_headers.

use super::Scenario;

/// All of them.
pub fn scenarios() -> Vec<Scenario> {
    vec![ten_headers(), varied_headers()]
}

fn ten_headers() -> Scenario {
    Scenario {
        name: "headers/ten-set",
        about: "A file of 1 KB with ten `Header set` lines of constant values.",
        module: "headers",
        modules: &[],
        common: "",
        config: (0..10).map(|i| format!("Header set X-Header-{i} \"value number {i} of ten\"\n")).collect(),
        files: Vec::new(),
        path: "/file.html",
        path_without: "/file.html",
        status: 200,
        lua: Some(
            "function fix(r)\n  for i = 0, 9 do\n    r.headers_out['X-Header-' .. i] = 'value number ' .. i .. ' of ten'\n  end\n  return apache2.OK\nend\n",
        ),
        lua_hook: "LuaHookFixups {root}/hook.lua fix",
        script: "",
    }
}

fn varied_headers() -> Scenario {
    Scenario {
        name: "headers/varied",
        about: "The same file with an edit, a condition, an expression, format tags and a request header.",
        module: "headers",
        modules: &["setenvif"],
        common: "",
        config: "SetEnvIf User-Agent bench IS_BENCH\n\
                 RequestHeader set X-Seen %{IS_BENCH}e\n\
                 Header always set X-Frame-Options DENY\n\
                 Header set X-Time \"%t %D\"\n\
                 Header set X-Bench yes env=IS_BENCH\n\
                 Header set X-Other yes env=!IS_BENCH\n\
                 Header set X-Html yes \"expr=%{CONTENT_TYPE} == 'text/html'\"\n\
                 Header edit ETag ^\"(.*)\"$ \"\\\"$1-x\\\"\"\n\
                 Header merge Vary Origin\n\
                 Header append Cache-Control public\n\
                 Header unset Last-Modified\n"
            .to_string(),
        files: Vec::new(),
        path: "/file.html",
        path_without: "/file.html",
        status: 200,
        lua: None,
        lua_hook: "",
        script: "",
    }
}
