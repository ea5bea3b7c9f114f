-- Messages of each level.

function logging(r)
    --: r:emerg
    r:emerg("of level emerg")

    --: r:alert
    r:alert("of level alert")

    --: r:crit
    r:crit("of level crit")

    --: r:err
    r:err("of level err")

    --: r:warn
    r:warn("of level warn")

    --: r:notice
    r:notice("of level notice")

    --: r:info
    r:info("of level info")

    --: r:debug
    r:debug("of level debug")

    --: r:trace1
    r:trace1("of level trace1")

    --: r:trace2
    r:trace2("of level trace2")

    --: r:trace3
    r:trace3("of level trace3")

    --: r:trace4
    r:trace4("of level trace4")

    --: r:trace5
    r:trace5("of level trace5")

    --: r:trace6
    r:trace6("of level trace6")

    --: r:trace7
    r:trace7("of level trace7")

    --: r:trace8
    r:trace8("of level trace8")

    -- What could be taken for a format, and for two lines.
    r:info("100 %s %d %n\nand a second line\t\"quoted\"")
    r:puts("logged\n")
    return apache2.OK
end
