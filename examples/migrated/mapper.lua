-- Which file a URL stands for: by language of the client, and by hosts below a domain.

function map(r)
    local site = (r.hostname or ""):match("^(%w+)%.sites%.example$")
    if site then
        r.filename = r.document_root .. "/sites/" .. site .. r.uri
        return apache2.OK
    end
    local rest = r.uri:match("^/docs(/.*)")
    if rest then
        local language = (r.headers_in["Accept-Language"] or ""):match("^de") and "de" or "en"
        r.filename = r.document_root .. "/" .. language .. rest
        r.notes["language"] = language
        return apache2.OK
    end
    return apache2.DECLINED
end
