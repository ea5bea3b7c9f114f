-- Authorization providers: what a Require line asks.

function authz_header(r, name, value)
    if r.headers_in[name] == value then
        return apache2.AUTHZ_GRANTED
    end
    return apache2.AUTHZ_DENIED
end

function authz_user(r, ...)
    if r.user == nil then
        return apache2.AUTHZ_DENIED_NO_USER
    end
    for _, name in ipairs({...}) do
        if name == r.user then
            return apache2.AUTHZ_GRANTED
        end
    end
    return apache2.AUTHZ_DENIED
end

function authz_neutral(r)
    return apache2.AUTHZ_NEUTRAL
end

function authz_error(r)
    return apache2.AUTHZ_GENERAL_ERROR
end
