-- What a script reads of a request, and what it writes.

local function show(r, name, value)
    r:puts(name, " = ", value == nil and "(none)" or tostring(value), "\n")
end

function fields(r)
    --: r.method
    show(r, "method", r.method)

    --: r.the_request
    show(r, "the_request", r.the_request)

    --: r.protocol
    show(r, "protocol", r.protocol)

    --: r.assbackwards
    show(r, "assbackwards", r.assbackwards)

    --: r.uri
    show(r, "uri", r.uri)

    --: r.unparsed_uri
    show(r, "unparsed_uri", r.unparsed_uri)

    --: r.args
    show(r, "args", r.args)

    --: r.path_info
    show(r, "path_info", r.path_info)

    --: r.filename
    show(r, "filename", r.filename)

    --: r.canonical_filename
    show(r, "canonical_filename", r.canonical_filename)

    --: r.handler
    show(r, "handler", r.handler:match("lua%-(.*)"))

    --: r.hostname
    show(r, "hostname", r.hostname)

    --: r.port
    show(r, "port", r.port)

    --: r.server_name
    show(r, "server_name", r.server_name)

    --: r.useragent_ip
    show(r, "useragent_ip", r.useragent_ip)

    --: r.range
    show(r, "range", r.range)

    --: r.remaining
    show(r, "remaining", r.remaining)

    --: r.limit_req_body
    show(r, "limit_req_body", r.limit_req_body)

    --: r.content_type
    show(r, "content_type", r.content_type)

    --: r.content_encoding
    show(r, "content_encoding", r.content_encoding)

    --: r.status
    show(r, "status", r.status)

    --: r.proxyreq
    show(r, "proxyreq", r.proxyreq)

    --: r.is_https
    show(r, "is_https", r.is_https)

    --: r.is_initial_req
    show(r, "is_initial_req", r.is_initial_req)

    --: r.allowoverrides
    show(r, "allowoverrides", r.allowoverrides)

    --: r.options
    show(r, "options", r.options)

    --: r.document_root
    show(r, "document_root", r.document_root)

    --: r.context_prefix
    show(r, "context_prefix", r.context_prefix)

    --: r.context_document_root
    show(r, "context_document_root", r.context_document_root)

    --: r.banner
    show(r, "banner", r.banner)

    --: r.server_built
    show(r, "server_built", #r.server_built > 0)

    --: r.started
    show(r, "started", r.started > 1700000000)

    --: r.log_id
    show(r, "log_id", r.log_id)

    -- A name that there is not.
    show(r, "connection", r.connection)
    return apache2.OK
end

function fields_of_a_user(r)
    --: r.user
    show(r, "user", r.user)

    --: r.ap_auth_type
    show(r, "ap_auth_type", r.ap_auth_type)

    --: r.auth_name
    show(r, "auth_name", r.auth_name)

    --: r.basic_auth_pw
    show(r, "basic_auth_pw", r.basic_auth_pw)

    --: r.some_auth_required
    show(r, "some_auth_required", r.some_auth_required)
    return apache2.OK
end

function fields_the_id(r)
    r:info("a line in the log, so that the request has an id")
    show(r, "log_id", #r.log_id)
    return apache2.OK
end

-- Before the request is mapped: where it goes.
function fields_move(r)
    if r.uri ~= "/moved" then
        return apache2.DECLINED
    end
    --: r.uri =
    r.uri = "/elsewhere"

    --: r.args =
    r.args = "a=new"

    --: r.filename =
    r.filename = r.document_root .. "/index.html"
    return apache2.OK
end

-- In the fixups: who answers it, and as what.
function fields_answer(r)
    --: r.user =
    r.user = "nobody"

    --: r.ap_auth_type =
    r.ap_auth_type = "Custom"

    --: r.handler =
    r.handler = "lua-map-handler"

    --: r.proxyreq =
    r.proxyreq = apache2.PROXYREQ_NONE
    return apache2.OK
end

function fields_written(r)
    --: r.content_type =
    r.content_type = "application/x-written"

    --: r.status =
    r.status = 202
    r:puts(r.uri, " ", r.args, " ", r.filename, " ", r.user, " ", r.ap_auth_type, " ", r.proxyreq, "\n")
    return apache2.OK
end
