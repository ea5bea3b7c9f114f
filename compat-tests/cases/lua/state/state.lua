-- What outlives a request: cookies with the client, values with the server.

local function show(r, name, value)
    r:puts(name, ": ", value == nil and "(none)" or tostring(value), "\n")
end

function state_cookies(r)
    --: r:getcookie
    show(r, "colour", r:getcookie("colour"))
    show(r, "none", r:getcookie("none"))

    --: r:setcookie
    r:setcookie{
        key = "visit", value = "one; two", expires = 2000000000,
        secure = true, httponly = true, path = "/shop", domain = "example.org",
    }
    r:setcookie{key = "plain", value = "value"}

    -- The older form: name, value, secure, expires.
    r:setcookie("old", "form", false, 2000000000)
    return apache2.OK
end

function state_set(r)
    --: r:ivm_set
    r:ivm_set("greeting", "hello")
    r:ivm_set("count", 5)
    r:ivm_set("gone", false)
    r:puts("kept\n")
    return apache2.OK
end

function state_get(r)
    --: r:ivm_get
    show(r, "greeting", r:ivm_get("greeting"))
    show(r, "never set", r:ivm_get("never"))
    return apache2.OK
end

function state_numbers(r)
    r:ivm_set("count", 5)
    r:ivm_set("flag", true)
    show(r, "count", r:ivm_get("count"))
    show(r, "flag", r:ivm_get("flag"))
    return apache2.OK
end
