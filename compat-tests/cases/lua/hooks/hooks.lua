-- A function for each phase of a request; each leaves a mark in a note, and the handler shows the notes.

local function mark(r, phase)
    r.notes["phases"] = (r.notes["phases"] or "") .. phase .. " "
end

-- LuaHookPreTranslateName: the URL is still as the client wrote it.
function hooks_pre_translate(r)
    mark(r, "pre_translate_name(" .. r.uri .. ")")
    return apache2.DECLINED
end

-- LuaHookTranslateName: what file a URL stands for.
function hooks_translate(r)
    mark(r, "translate_name")
    if r.uri == "/mapped" then
        r.filename = r.document_root .. "/lines.txt"
        return apache2.OK
    end
    return apache2.DECLINED
end

function hooks_translate_early(r)
    mark(r, "translate_name(early)")
    return apache2.DECLINED
end

function hooks_translate_late(r)
    mark(r, "translate_name(late)")
    return apache2.DECLINED
end

-- LuaHookMapToStorage: OK keeps the directories' configuration away.
function hooks_map_to_storage(r)
    mark(r, "map_to_storage")
    return apache2.DECLINED
end

-- LuaHookAccessChecker: who may come at all.
function hooks_access(r)
    mark(r, "access_checker")
    if r.headers_in["X-Deny"] then
        return 403
    end
    return apache2.DECLINED
end

function hooks_access_early(r)
    mark(r, "access_checker(early)")
    return apache2.DECLINED
end

function hooks_access_late(r)
    mark(r, "access_checker(late)")
    return apache2.DECLINED
end

-- LuaHookCheckUserID: who it is.
function hooks_user(r)
    mark(r, "check_user_id")
    if r.headers_in["X-User"] then
        r.user = r.headers_in["X-User"]
        return apache2.OK
    end
    return 401
end

-- LuaHookAuthChecker: whether this user may.
function hooks_auth(r)
    mark(r, "auth_checker")
    if r.user == "ann" then
        return apache2.OK
    end
    return 403
end

function hooks_auth_early(r)
    mark(r, "auth_checker(early)")
    return apache2.DECLINED
end

function hooks_auth_late(r)
    mark(r, "auth_checker(late)")
    return apache2.DECLINED
end

-- LuaHookTypeChecker: type and handler.
function hooks_type(r)
    mark(r, "type_checker")
    if r.uri == "/typed.txt" then
        r.content_type = "text/x-typed"
        return apache2.OK
    end
    return apache2.DECLINED
end

-- LuaHookFixups: the last chance before the handler.
function hooks_fixups(r)
    mark(r, "fixups")
    r.err_headers_out["X-Phases"] = r.notes["phases"]
    return apache2.DECLINED
end

-- LuaHookLog: after the answer.
function hooks_log(r)
    r:info("logged " .. r.the_request .. " with status " .. r.status)
    return apache2.DECLINED
end

-- LuaQuickHandler: before all other phases.
function hooks_quick(r)
    if r.uri == "/quick" then
        r.content_type = "text/plain"
        r:puts("answered before anything else\n")
        return apache2.DONE
    end
    return apache2.DECLINED
end

function hooks_fail(r)
    return 500
end

function hooks_ok(r)
    mark(r, "stopped")
    r.err_headers_out["X-Phases"] = r.notes["phases"]
    return apache2.OK
end

function hooks_log_done(r)
    r:info("nothing else is logged for " .. r.uri)
    return apache2.DONE
end

function handle(r)
    r:puts("method ", r.method, ", phases ", r.notes["phases"] or "none", "\n")
    return apache2.OK
end
