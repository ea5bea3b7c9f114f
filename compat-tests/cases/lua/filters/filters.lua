-- Bodies as they pass.

-- Capitals, with something before and after.
function filters_upper(r)
    --: coroutine.yield
    coroutine.yield("(before)\n")

    --: bucket
    while bucket ~= nil do
        coroutine.yield(bucket:upper())
    end

    coroutine.yield("(after)\n")
end

-- Chunks that vanish.
function filters_drop(r)
    coroutine.yield("")
    while bucket ~= nil do
        coroutine.yield("")
    end
    coroutine.yield("dropped\n")
end

-- Not for this request.
function filters_declines(r)
    if r.args == "no" then
        return
    end
    coroutine.yield("(yes)\n")
    while bucket ~= nil do
        coroutine.yield(bucket)
    end
end

-- What a client sends.
function filters_in(r)
    coroutine.yield("")
    while bucket ~= nil do
        coroutine.yield(bucket:upper())
    end
end

function filters_echo(r)
    local body = r:requestbody()
    r:puts("body: ", tostring(body), "\n")
    return apache2.OK
end

-- Filters of a script's own choice.
function filters_chosen(r)
    --: r:add_output_filter
    r:add_output_filter("FIXUP_HEADERS_OUT")

    --: r:add_input_filter
    local added = r:add_input_filter("SHOUT")
    r:puts("added: ", tostring(added), "\n")
    r:puts("unknown: ", tostring(r:add_input_filter("NO-SUCH")), "\n")
    return filters_echo(r)
end
