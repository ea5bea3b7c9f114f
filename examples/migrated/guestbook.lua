-- A page from a database: SQLite or PostgreSQL, by mod_dbd.

function handle(r)
    local db, why = r:dbacquire()
    if not db then
        r:err("no database: " .. tostring(why))
        return 503
    end
    if r.method == "POST" then
        local form = r:parsebody()
        local statement = db:prepare(r, "INSERT INTO guests (name, age) VALUES (%s, %d)")
        local added = statement and statement:query(form.name or "", form.age or "0")
        if not added then
            return 500
        end
    end
    r.content_type = "text/html; charset=utf-8"
    local least = tonumber(r:parseargs().least) or 0
    local statement = db:prepare(r, "SELECT name, age FROM guests WHERE age >= %d ORDER BY name")
    r:puts("<table>\n")
    for _, row in ipairs(statement:select(tostring(least))(0)) do
        r:puts("<tr><td>", r:escape_html(row[1]), "<td>", row[2], "\n")
    end
    r:puts("</table>\n")
    db:close()
    return apache2.OK
end
