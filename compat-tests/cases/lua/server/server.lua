-- What a script learns of the server.

local function show(r, name, value)
    r:puts(name, ": ", value == nil and "(none)" or tostring(value), "\n")
end

-- A number that mod_lua gives as a float.
local function whole(number)
    return ("%d"):format(number)
end

local function has(list, wanted)
    for _, name in ipairs(list) do
        if name == wanted then return true end
    end
    return false
end

function server_facts(r)
    --: r.mpm_query
    show(r, "threads of a child", r.mpm_query(6) > 0)
    show(r, "is threaded", r.mpm_query(2) ~= nil)

    --: r.state_query
    show(r, "main state", whole(r.state_query(0)))
    show(r, "configuration read", whole(r.state_query(2)))

    --: r.exists_config_define
    show(r, "THERE", r.exists_config_define("THERE"))
    show(r, "NOT_THERE", r.exists_config_define("NOT_THERE"))

    --: r:loaded_modules
    show(r, "core.c", has(r:loaded_modules(), "core.c"))
    show(r, "mod_alias.c", has(r:loaded_modules(), "mod_alias.c"))
    show(r, "mod_nothing.c", has(r:loaded_modules(), "mod_nothing.c"))

    --: r.module_info
    local info = r.module_info("mod_alias.c")
    show(r, "Alias", info.commands["Alias"])
    show(r, "no module", r.module_info("mod_nothing.c"))

    --: r:server_info
    local server = r:server_info()
    show(r, "server_root", server.server_root)
    show(r, "server_executable", server.server_executable)
    show(r, "server_mpm", #server.server_mpm > 0)

    --: r:runtime_dir_relative
    show(r, "runtime_dir_relative", r:runtime_dir_relative("a.sock"))
    show(r, "runtime dir", r:runtime_dir_relative())
    return apache2.OK
end

function server_time(r)
    --: r:clock
    local before = r:clock()

    --: r.usleep
    r.usleep(20000)

    show(r, "slept", r:clock() - before >= 20000)

    --: r.date_parse_rfc
    show(r, "date", whole(r.date_parse_rfc("Sun, 06 Nov 1994 08:49:37 GMT")))
    show(r, "RFC 850", whole(r.date_parse_rfc("Sunday, 06-Nov-94 08:49:37 GMT")))
    show(r, "no date", r.date_parse_rfc("never"))
    return apache2.OK
end

function server_roots(r)
    --: r:set_document_root
    r:set_document_root("/srv/www")
    show(r, "document_root", r.document_root)

    --: r:set_context_info
    r:set_context_info("/prefix", "/srv/context")
    show(r, "context", r.context_prefix .. " " .. r.context_document_root)
    return apache2.OK
end

-- Directives of a list, one a line, sections with what is in them.
local function tree(r, list, depth)
    for _, entry in ipairs(list or {}) do
        if entry.file:find("case.conf", 1, true) and not entry.directive:find("MapHandler") then
            r:puts(("  "):rep(depth), ("%d"):format(entry.line), " ", entry.directive, "\n")
        end
        tree(r, entry.children, depth + 1)
    end
end

function server_config(r)
    --: r:config
    tree(r, r:config(), 0)
    return apache2.OK
end

function server_active(r)
    --: r:activeconfig
    tree(r, r:activeconfig(), 0)
    return apache2.OK
end

local process_names = {
    "connections", "keepalive", "lingering_close", "pid", "suspended", "write_completion", "not_accepting", "quiescing",
}
local worker_names = {
    "access_count", "bytes_served", "client", "conn_bytes", "conn_count", "generation", "last_used", "pid", "request",
    "start_time", "status", "stop_time", "tid", "vhost",
}

function server_scoreboard(r)
    --: r:scoreboard_process
    local process = r:scoreboard_process(0)
    show(r, "pid", process.pid > 1)
    for _, name in ipairs(process_names) do show(r, name, process[name] ~= nil) end

    --: r:scoreboard_worker
    local worker = r:scoreboard_worker(0, 0)
    show(r, "pid of the worker", worker.pid >= 0)
    for _, name in ipairs(worker_names) do show(r, name, worker[name] ~= nil) end

    show(r, "no such child", r:scoreboard_process(-1))
    return apache2.OK
end
