-- Addresses that have moved, before anything is looked up.

local moved = {
    ["/old"] = "/new",
    ["/shop"] = "https://shop.example/",
}

function redirect(r)
    local to = moved[r.uri]
    if to then
        r.headers_out["Location"] = r:construct_url(to)
        if to:match("^https?:") then
            r.headers_out["Location"] = to
        end
        return 301
    end
    local year, title = r.uri:match("^/(%d%d%d%d)/([%w-]+)%.html$")
    if year then
        r.headers_out["Location"] = r:construct_url("/archive/" .. year .. "/" .. title)
        return apache2.HTTP_MOVED_TEMPORARILY
    end
    return apache2.DECLINED
end
