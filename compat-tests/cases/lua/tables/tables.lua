-- The tables of a request: headers both ways, notes, the environment.

local function show(r, name, value)
    r:puts(name, " = ", value == nil and "(none)" or tostring(value), "\n")
end

function tables(r)
    --: r.headers_in
    show(r, "user agent", r.headers_in["user-AGENT"])
    r.headers_in["X-Added"] = "by the script"
    show(r, "added", r.headers_in["X-Added"])

    --: r.headers_out
    r.headers_out["X-Out"] = "one"
    r.headers_out["X-Gone"] = "two"
    r.headers_out["X-Gone"] = nil
    show(r, "gone", r.headers_out["X-Gone"])

    --: r.err_headers_out
    r.err_headers_out["X-Err"] = "sent with errors as well"
    show(r, "err", r.err_headers_out["x-err"])

    --: r.notes
    r.notes["a note"] = "line one\nline two"
    show(r, "note", r.notes["a note"])

    --: r.subprocess_env
    r.subprocess_env["COLOUR"] = "green"
    show(r, "colour", r.subprocess_env["COLOUR"])
    show(r, "SetEnv", r.subprocess_env["FROM_CONF"])

    -- A name that is not there.
    show(r, "nothing", r.headers_in["No-Such"])
    return apache2.OK
end

-- One line a name, in the order of the alphabet, since a Lua table has none.
local function list(r, what, first, all)
    local names = {}
    for name in pairs(all) do names[#names + 1] = name end
    table.sort(names)
    for _, name in ipairs(names) do
        r:puts(what, " ", name, ": ", first[name], " | ", table.concat(all[name], " | "), "\n")
    end
end

function tables_whole(r)
    --: r:headers_in_table
    local first, all = r:headers_in_table()
    list(r, "in", first, all)

    --: r:headers_out_table
    r.headers_out["X-Out"] = "one"
    list(r, "out", r:headers_out_table())

    --: r:err_headers_out_table
    r.err_headers_out["X-Err"] = "two"
    list(r, "err", r:err_headers_out_table())

    --: r:notes_table
    r.notes["kept"] = "three"
    first, all = r:notes_table()
    r:puts("note ", first["kept"], " | ", table.concat(all["kept"], " | "), "\n")

    --: r:subprocess_env_table
    r.subprocess_env["COLOUR"] = "green"
    first, all = r:subprocess_env_table()
    r:puts("env ", first["COLOUR"], " | ", table.concat(all["COLOUR"], " | "), "\n")
    return apache2.OK
end

-- A line feed in a value never splits an answer, nor does a carriage return.
function tables_newline(r)
    r.headers_out["X-Split"] = "a\nX-Smuggled: b"
    r.err_headers_out["X-Line"] = "a\nb"
    r:puts("done\n")
    return apache2.OK
end

function tables_return(r)
    r.headers_out["X-Split"] = "a\r\nX-Smuggled: b"
    r:puts("done\n")
    return apache2.OK
end
