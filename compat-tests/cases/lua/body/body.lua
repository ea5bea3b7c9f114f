-- What a script reads of a request's body.

local function sorted(names)
    local list = {}
    for name in pairs(names) do list[#list + 1] = name end
    table.sort(list)
    return list
end

local function list(r, first, all)
    for _, name in ipairs(sorted(all)) do
        r:puts(name, ": ", first[name], " | ", table.concat(all[name], " | "), "\n")
    end
    r:puts("end\n")
end

function body_query(r)
    --: r:parseargs
    local first, all = r:parseargs()
    list(r, first, all)
    return apache2.OK
end

function body_form(r)
    --: r:parsebody
    local first, all = r:parsebody()
    list(r, first, all)
    return apache2.OK
end

function body_small_form(r)
    list(r, r:parsebody(10))
    return apache2.OK
end

function body_raw(r)
    --: r:requestbody
    local data, length = r:requestbody()
    r:puts(("%d bytes: "):format(length or 0), data or "", "\n")
    return apache2.OK
end

function body_limited(r)
    local data, why = r:requestbody(nil, 10)
    r:puts(tostring(data), ", ", tostring(why), "\n")
    return apache2.OK
end

function body_saved(r)
    local file = r.document_root .. "/../saved/body"
    local size = r:requestbody(file)
    r:puts("saved: ", tostring(size), "\n")
    r:sendfile(file)
    return apache2.OK
end
