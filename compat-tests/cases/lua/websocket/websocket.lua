-- Websockets: what comes is sent back.

function websocket_echo(r)
    --: r:wsupgrade
    if not r:wsupgrade() then
        r:puts("a websocket is meant\n")
        return apache2.OK
    end

    --: r:wswrite
    r:wswrite("welcome")

    --: r:wsread
    while true do
        local line, last = r:wsread()
        if not line or line == "bye" then
            break
        end
        r:wswrite("you said " .. line .. " " .. tostring(last))
    end

    --: r:wsclose
    r:wsclose()
    return apache2.DONE
end

function websocket_ping(r)
    if not r:wsupgrade() then
        return 400
    end
    --: r:wsping
    local answered = r:wsping()
    r:wswrite("ping " .. tostring(answered))
    r:wsread()

    --: r:wspeek
    local waiting = r:wspeek()
    r:wswrite("waiting " .. tostring(waiting))
    r:wsclose()
    return apache2.DONE
end
