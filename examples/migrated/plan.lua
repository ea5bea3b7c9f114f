-- `Require plan gold silver`: what the customer of an API key has paid for.

local plans = {k1 = "gold", k2 = "silver", k3 = "free"}

function plan(r, ...)
    local key = r.headers_in["X-Api-Key"] or r:getcookie("key")
    local has = key and plans[key]
    if not has then
        r:info("no plan for this key")
        return apache2.AUTHZ_DENIED
    end
    for _, wanted in ipairs({...}) do
        if wanted == has then
            r.notes["plan"] = has
            return apache2.AUTHZ_GRANTED
        end
    end
    return apache2.AUTHZ_DENIED
end
