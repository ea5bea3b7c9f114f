-- Only requests with the right key come in, and none by the way of a careless proxy.

function gate(r)
    if r.headers_in["X-Forwarded-For"] then
        r:warn("refused: it came through a proxy")
        return 403
    end
    if r.headers_in["X-Gate"] ~= r.subprocess_env["GATE_KEY"] then
        r.err_headers_out["X-Refused"] = "key"
        return 403
    end
    return apache2.OK
end
