-- How long a script's own state lives.

count = 0

function scope_count(r)
    count = count + 1
    r.notes["scope"] = (r.notes["scope"] or "") .. count .. " "
    r.err_headers_out["X-Count"] = r.notes["scope"]
    return apache2.DECLINED
end

function scope_show(r)
    count = count + 1
    r:puts("count ", count, ", before ", r.notes["scope"] or "none", "\n")
    return apache2.OK
end
