-- Where scripts come from, and how sections come together.

function settings_here(r)
    r:puts("found\n")
    return apache2.OK
end

local function mark(r, text)
    r.err_headers_out["X-Marks"] = (r.err_headers_out["X-Marks"] or "") .. text .. " "
    return apache2.DECLINED
end

function settings_outer(r)
    return mark(r, "outer")
end

function settings_inner(r)
    return mark(r, "inner")
end

-- What LuaPackagePath finds; a guest has such code inside of it.
function settings_package(r)
    local greeting = require "greeting"
    r:puts(greeting.hello("packages"), "\n")
    return apache2.OK
end
