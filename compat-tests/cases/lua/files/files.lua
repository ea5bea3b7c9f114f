-- Files and folders.

local function show(r, name, value)
    r:puts(name, ": ", value == nil and "(none)" or tostring(value), "\n")
end

-- A number that mod_lua gives as a float.
local function whole(number)
    return ("%d"):format(number)
end

function files(r)
    local root = r.document_root .. "/../space"

    --: r:stat
    local info = r:stat(r.document_root .. "/lines.txt")
    show(r, "size", whole(info.size))
    show(r, "mtime", whole(info.mtime))
    show(r, "filetype", info.filetype)
    show(r, "nothing there", r:stat(root .. "/none"))

    --: r:mkdir
    show(r, "mkdir", r:mkdir(root .. "/one"))
    show(r, "again", r:mkdir(root .. "/one"))
    show(r, "without its parent", r:mkdir(root .. "/two/three"))

    --: r:mkrdir
    show(r, "mkrdir", r:mkrdir(root .. "/two/three"))

    --: r:touch
    show(r, "touch", r:touch(root .. "/file", 1000000000000000))
    show(r, "touched", whole(r:stat(root .. "/file").mtime))
    show(r, "touch of nothing", r:touch(root .. "/none", 0))

    --: r:get_direntries
    local entries = r:get_direntries(root)
    table.sort(entries)
    show(r, "entries", table.concat(entries, " "))
    show(r, "entries of nothing", r:get_direntries(root .. "/none"))

    --: r:rmdir
    show(r, "rmdir", r:rmdir(root .. "/one"))
    show(r, "rmdir of a full one", r:rmdir(root .. "/two"))
    return apache2.OK
end
