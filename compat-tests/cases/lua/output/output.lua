-- What a script sends.

function output_text(r)
    --: r:puts
    r.content_type = "text/plain"
    r:puts("one ", "two ", 3, "\n")

    --: r:write
    local sent = r:write("a\0b\n")
    r:puts("write: ", sent, "\n")
    return apache2.OK
end

function output_flush(r)
    --: r:flush
    r:puts("before\n")
    local flushed = r:flush()
    r:puts("flushed: ", tostring(flushed), "\n")
    return apache2.OK
end

function output_file(r)
    --: r:sendfile
    local sent = r:sendfile(r.document_root .. "/lines.txt")
    r:puts("sent: ", tostring(sent), "\n")
    r:puts("a folder: ", tostring(r:sendfile(r.document_root)), "\n")
    r:puts("nothing: ", tostring(r:sendfile(r.document_root .. "/none")), "\n")
    return apache2.OK
end

function output_interim(r)
    --: r:send_interim_response
    r.status = 103
    r.headers_out["Link"] = "</style.css>; rel=preload"
    r:send_interim_response(true)
    r.status = 200
    r:puts("the answer\n")
    return apache2.OK
end

function output_error(r)
    --: r:custom_response
    r:custom_response(403, "\"Not for you.")
    return 403
end

function output_keepalive(r)
    --: r:set_keepalive
    local kept = r:set_keepalive()
    r:puts("kept: ", tostring(kept), "\n")
    return apache2.OK
end

function output_etag(r)
    --: r:make_etag
    local tag = r:make_etag(true)
    r:puts(tag, "\n")
    return apache2.OK
end

function output_nothing(r)
    return apache2.OK
end

function output_status(r)
    return tonumber(r.args)
end
