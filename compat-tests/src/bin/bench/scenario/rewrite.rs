//! Scenarios of mod_rewrite.

use super::Scenario;

const FILE: &str = "/file.html";
const DIRECTORY: &str =
    "<Directory \"{root}/htdocs\">\n  Options FollowSymLinks\n  AllowOverride FileInfo\n</Directory>\n";
const SERVER_ONLY: &str = "<Directory \"{root}/htdocs\">\n  AllowOverride None\n</Directory>\n";

/// All of them.
pub fn scenarios() -> Vec<Scenario> {
    vec![one_rule(), ten_rules(), hundred_rules(), text_map(), front_controller()]
}

fn in_server(name: &'static str, about: &'static str, rules: String, path: &'static str) -> Scenario {
    Scenario {
        name,
        about,
        module: "rewrite",
        modules: &[],
        common: SERVER_ONLY,
        config: format!("RewriteEngine On\n{rules}"),
        files: Vec::new(),
        path,
        path_without: FILE,
        status: 200,
        lua: None,
        lua_hook: "",
        script: "",
    }
}

fn one_rule() -> Scenario {
    Scenario {
        lua: Some(
            "function map(r)\n  if r.uri:match('^/old$') then\n    r.filename = r.document_root .. '/file.html'\n    return apache2.OK\n  end\n  return apache2.DECLINED\nend\n",
        ),
        lua_hook: "LuaHookTranslateName {root}/hook.lua map early",
        ..in_server("rewrite/1-rule", "One rule, which matches.", "RewriteRule ^/old$ /file.html\n".to_string(), "/old")
    }
}

fn ten_rules() -> Scenario {
    let mut rules: String = (0..9)
        .map(|i| {
            format!(
                "RewriteCond %{{HTTP_HOST}} ^site{i}\\.example$ [NC]\nRewriteCond %{{QUERY_STRING}} !^id=\nRewriteRule ^/page/(.*)$ /site{i}/$1 [L]\n"
            )
        })
        .collect();
    rules += "RewriteCond %{HTTP_HOST} ^(localhost)$ [NC]\nRewriteCond %{REQUEST_METHOD} ^(GET|HEAD)$\nRewriteRule ^/page/(.*)$ /file.html [L]\n";
    in_server("rewrite/10-rules", "Ten rules with two conditions each, of which the last holds.", rules, "/page/a/b")
}

fn hundred_rules() -> Scenario {
    let mut rules: String = (0..99).map(|i| format!("RewriteRule ^/section{i}/(.*)$ /other/{i}/$1 [L]\n")).collect();
    rules += "RewriteRule ^/last/(.*)$ /file.html [L]\n";
    in_server("rewrite/100-rules", "A hundred rules, of which the last matches.", rules, "/last/page")
}

fn text_map() -> Scenario {
    let map: String = (0..10_000).map(|i| format!("page{i} file.html\n")).collect();
    Scenario {
        files: vec![("map.txt", map)],
        ..in_server(
            "rewrite/txt-map",
            "A text map of 10,000 entries, looked up once.",
            "RewriteMap pages txt:{root}/map.txt\nRewriteRule ^/(page[0-9]+)$ /${pages:$1|none.html}\n".to_string(),
            "/page7777",
        )
    }
}

fn front_controller() -> Scenario {
    let rules = "RewriteEngine On\nRewriteBase /app/\nRewriteRule ^index\\.html$ - [L]\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteCond %{REQUEST_FILENAME} !-d\nRewriteRule . /app/index.html [L]\n";
    Scenario {
        name: "rewrite/front-controller",
        about: "The front controller of a web application, from its .htaccess file.",
        module: "rewrite",
        modules: &[],
        common: DIRECTORY,
        config: String::new(),
        files: vec![("htdocs/app/.htaccess", rules.to_string()), ("htdocs/app/index.html", "x".repeat(1024))],
        path: "/app/some/page",
        path_without: FILE,
        status: 200,
        lua: None,
        lua_hook: "",
        script: "",
    }
}
