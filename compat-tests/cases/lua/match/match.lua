-- Regular expressions, httpd's expressions, wildcards.

local function show(r, name, value)
    r:puts(name, ": ", value == nil and "(none)" or tostring(value), "\n")
end

function match_regex(r)
    --: r:regex
    local found = r:regex("item=17&colour=red", [[item=(\d+)&(none)?colour=(\w+)]])
    if found then
        show(r, "whole", found[0])
        show(r, "first", found[1])
        show(r, "not there", found[2])
        show(r, "third", found[3])
    end

    show(r, "no match", r:regex("abc", "x"))
    show(r, "flag icase", r:regex("ABC", "b", 1) and "found")
    local answer, why = r:regex("abc", "(")
    show(r, "no pattern", answer)
    show(r, "because", why ~= nil)
    return apache2.OK
end

function match_expr(r)
    --: r:expr
    show(r, "a browser", r:expr("%{HTTP_USER_AGENT} =~ /Browser/"))
    show(r, "local", r:expr("-R '127.0.0.0/8'"))
    show(r, "args", r:expr("%{QUERY_STRING} -strmatch 'a=*'"))

    local answer, why = r:expr("%{NO_SUCH")
    show(r, "wrong", answer)
    show(r, "because", why ~= nil)
    return apache2.OK
end

function match_wildcard(r)
    --: r.strcmp_match
    show(r, "*", r.strcmp_match("foobar.html", "foo*.htm?"))
    show(r, "case", r.strcmp_match("FooBar", "foob*"))
    show(r, "any case", r.strcmp_match("FooBar", "foob*", true))
    return apache2.OK
end
