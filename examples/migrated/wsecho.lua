-- A websocket that answers everything in capitals until it hears "bye".

function handle(r)
    if not r:wsupgrade() then
        return 400
    end
    r:wswrite("hello, " .. (r.args or "stranger"))
    while true do
        local line = r:wsread()
        if not line then
            break
        end
        if line == "bye" then
            r:wswrite("bye")
            break
        end
        r:wswrite(line:upper())
    end
    r:wsclose()
    return apache2.DONE
end
