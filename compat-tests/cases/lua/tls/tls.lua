-- Requests that come encrypted.

local function show(r, name, value)
    r:puts(name, ": ", value == nil and "(none)" or tostring(value), "\n")
end

function tls(r)
    --: r:ssl_var_lookup
    show(r, "subject", r:ssl_var_lookup("SSL_SERVER_S_DN_CN"))
    show(r, "HTTPS", r:ssl_var_lookup("HTTPS"))
    show(r, "nothing", r:ssl_var_lookup("NO_SUCH"))

    show(r, "is_https", r.is_https)
    show(r, "port", r.port > 0)
    show(r, "construct_url", r:construct_url("/x"))
    return apache2.OK
end
