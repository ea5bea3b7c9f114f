-- A log of its own: one line of JSON a request, in a file and in the error log.

local function quoted(text)
    return '"' .. (text or ""):gsub('[%c"\\]', function(c) return ("\\u%04x"):format(c:byte()) end) .. '"'
end

function log(r)
    local line = ('{"method":%s,"uri":%s,"agent":%s,"status":%d}'):format(
        quoted(r.method), quoted(r.uri), quoted(r.headers_in["User-Agent"]), r.status)
    r:info(line)
    local file = io.open(r.subprocess_env["JSON_LOG"], "a")
    if file then
        file:write(line, "\n")
        file:close()
    end
    return apache2.DECLINED
end
