-- Headers on every answer, by what is answered.

function headers(r)
    local out = r.err_headers_out
    out["X-Content-Type-Options"] = "nosniff"
    out["Referrer-Policy"] = "same-origin"
    if r.is_https then
        out["Strict-Transport-Security"] = "max-age=31536000"
    end
    if (r.content_type or ""):match("^text/html") then
        out["Content-Security-Policy"] = "default-src 'self'"
    end
    if r:regex(r.uri, [[\.(css|js|png)$]], 0x01) then
        r.headers_out["Cache-Control"] = "public, max-age=86400"
    end
    return apache2.DECLINED
end
