-- Escaping, digests, passwords, URLs.

local function show(r, name, value)
    r:puts(name, ": ", value == nil and "(none)" or tostring(value), "\n")
end

function text_escapes(r)
    --: r:escape_html
    show(r, "escape_html", r:escape_html("<a href=\"x\">Tom & Jerry's</a>"))

    --: r:escape
    show(r, "escape", r:escape("a b/c?d=e&f+g"))

    --: r:unescape
    show(r, "unescape", r:unescape("a+b%2Fc%3Fd"))
    show(r, "unescape of what is wrong", r:unescape("%zz"))

    --: r:os_escape_path
    show(r, "os_escape_path", r:os_escape_path("a b:c/d?e", true))
    show(r, "os_escape_path, whole", r:os_escape_path("a:b/c", false))

    --: r:escape_logitem
    show(r, "escape_logitem", r:escape_logitem("a\tb\n\"c\"\\\1"))
    return apache2.OK
end

function text_digests(r)
    --: r:base64_encode
    show(r, "base64_encode", r:base64_encode("any \0 bytes"))

    --: r:base64_decode
    show(r, "base64_decode", r:base64_decode("dGV4dA=="))

    --: r:md5
    show(r, "md5", r:md5("text"))

    --: r:sha1
    show(r, "sha1", r:sha1("text"))
    return apache2.OK
end

function text_passwords(r)
    --: r:htpassword
    local hash = r:htpassword("secret", 1)
    show(r, "SHA", hash)

    -- The others have a random salt: their form is what can be compared.
    local apmd5, bcrypt, crypt = r:htpassword("secret"), r:htpassword("secret", 2, 5), r:htpassword("secret", 3)
    show(r, "APMD5", apmd5:sub(1, 6) .. " " .. #apmd5)
    show(r, "BCRYPT", bcrypt:sub(1, 7) .. " " .. #bcrypt)
    show(r, "CRYPT", crypt and #crypt)
    return apache2.OK
end

function text_urls(r)
    --: r:construct_url
    show(r, "construct_url", r:construct_url("/path?query"))

    --: r:get_server_name_for_url
    show(r, "get_server_name_for_url", r:get_server_name_for_url())
    return apache2.OK
end
