-- A line at the end of every page, however the page comes.

function footer(r)
    if not (r.content_type or ""):match("^text/html") then
        return
    end
    coroutine.yield("")
    while bucket ~= nil do
        coroutine.yield(bucket)
    end
    coroutine.yield("<footer>" .. r:escape_html(r.hostname or "") .. "</footer>\n")
end
